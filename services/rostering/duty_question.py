"""A roster as the solver of duties is asked for it: people, slots, seats, and who is near."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from geo.arrays import Flags, Floats, Ints, Positions
from geo.optimise.duties import (
    ANY,
    NO_DUTIES,
    NO_POST,
    NOT_YES,
    NOWHERE,
    Duties,
    DutyCaps,
    MemberData,
    PostData,
    RosterProblem,
    make_classes,
    make_members,
    make_roster_problem,
    make_slots,
    pool_posts,
)
from geo.schema import Layer
from services.rostering.duties import Seating
from services.rostering.ground import DutyGround, RosterMember
from services.rostering.model import Roster
from services.rules.availability import fill_hours
from services.rules.norms import default_availability
from services.rules.roster.clash import DutyRule, touches_night
from services.rules.roster.duties import Duty, Shift, filled_seats, seats_taken
from services.rules.roster.free_times import FreeAnswer, most_in_part, touched_parts
from services.rules.roster.posts import Post, PostKind
from services.rules.roster.ranking import EARLIER, load_of
from services.rules.windows import DayPart, Window

NEAR_M: Final = 1500.0
"""Communities whose middles are this near help each other."""
MIXED_FACTOR: Final = 1.5
GATE_FACTOR: Final = 1.25
_FIRST: Final = 2.0
"""The first person at a post counts twice: a gate with nobody is worse than one with one."""
_FAR_MINUTES: Final = 1e4
_MINUTE: Final = 60.0


@dataclass(frozen=True)
class DutyQuestion:
    """A roster as the solver is asked for it."""

    roster: Roster
    ground: DutyGround
    shifts: tuple[Shift, ...]
    """Those whose seats are not a unit's alone."""
    duties: tuple[Duty, ...]
    """Live ones of the roster."""
    night_weight: float
    """What a duty between 02 and 08 weighs when load is shared."""

    @cached_property
    def people(self) -> list[RosterMember]:
        """Return the members of the area."""
        return list(self.ground.people.values())

    @cached_property
    def windows(self) -> list[Window]:
        """Return the stretches of time that shifts have, in order."""
        return sorted({shift.window for shift in self.shifts})

    @cached_property
    def posts(self) -> list[Post]:
        """Return the posts that shifts name, by code."""
        return [self.ground.posts[code] for code in sorted({shift.post_code for shift in self.shifts})]

    @cached_property
    def zones(self) -> list[str]:
        """The communities of posts and people."""
        homes = {self.ground.chain.community_of_grid.get(person.grid_code, "") for person in self.people}
        return sorted({post.community_code for post in self.posts} | homes)

    @cached_property
    def _zone(self) -> Mapping[str, int]:
        return {code: place for place, code in enumerate(self.zones)}

    @cached_property
    def _slot(self) -> Mapping[Window, int]:
        return {window: place for place, window in enumerate(self.windows)}

    @cached_property
    def _member(self) -> Mapping[str, int]:
        return {person.code: place for place, person in enumerate(self.people)}

    @cached_property
    def already(self) -> int:
        """Seats that are taken."""
        return filled_seats(self.shifts, seats_taken(self.duties))

    @cached_property
    def problem(self) -> RosterProblem:
        """Return what the solver is asked."""
        start, end = self._minutes_of(self.windows)
        parts = np.zeros((len(DayPart), len(self.windows)), dtype=np.bool_)
        for slot, window in enumerate(self.windows):
            parts[list(touched_parts(window, self.ground.calendar)), slot] = True
        loads = [2 if load_of(window, self.night_weight) >= 1.5 else 1 for window in self.windows]
        slots = make_slots(start, end, is_night=[touches_night(each) for each in self.windows], parts=parts, load=loads)
        limits = self.ground.limits
        caps = DutyCaps(limits.week, 1, limits.nights, round(limits.rest.total_seconds() / _MINUTE))
        seats = pool_posts(self.all_posts, len(self.zones))
        return make_roster_problem(slots, self._members(), seats, self._near(), caps=caps, pins=self._pins())

    @cached_property
    def all_posts(self) -> PostData:
        """The posts in the order of ``posts``, with their seats but for those of people whom the solver cannot know.

        Those are guests without a name and members of another area.
        """
        seats = np.zeros((len(self.posts), len(self.windows)), dtype=np.int64)
        for shift in self.shifts:
            seats[self._row[shift.post_code], self._slot[shift.window]] = shift.seats
        strangers = [duty for duty in self.duties if duty.member_code not in self._member]
        seats = self._without(seats, strangers)
        mixed = self._mixed_zones()
        factor = np.array(
            [
                (MIXED_FACTOR if post.zone_code in mixed else 1.0)
                * (GATE_FACTOR if post.kind is PostKind.GATE else 1.0)
                for post in self.posts
            ]
        )
        zone = np.array([self._zone[post.community_code] for post in self.posts], dtype=np.intp)
        return PostData(zone, np.full(len(self.posts), ANY, dtype=np.intp), seats, _FIRST * factor, factor)

    @cached_property
    def open_posts(self) -> PostData:
        """The same without the seats that are taken."""
        pinned = [duty for duty in self.duties if duty.member_code in self._member]
        return replace(self.all_posts, seats=self._without(self.all_posts.seats, pinned))

    @cached_property
    def _row(self) -> Mapping[str, int]:
        return {post.code: place for place, post in enumerate(self.posts)}

    def _without(self, seats: Ints, duties: Sequence[Duty]) -> Ints:
        """Return seats, shape (posts, slots), less those that some duties take."""
        left = seats.copy()
        for duty in duties:
            if duty.post_code in self._row and duty.window in self._slot:
                left[self._row[duty.post_code], self._slot[duty.window]] -= duty.fills
        return np.maximum(left, 0)

    @cached_property
    def _homes(self) -> list[str]:
        return sorted({person.grid_code for person in self.people})

    @cached_property
    def origin(self) -> Positions:
        """Where in ``minutes`` each person sets out."""
        row = {code: place for place, code in enumerate(self._homes)}
        return np.array([row[person.grid_code] for person in self.people], dtype=np.intp)

    @cached_property
    def minutes(self) -> Floats:
        """From each home grid to each post, shape (homes, posts)."""
        ways = [[self.ground.minutes(home, post) for post in self.posts] for home in self._homes]
        return np.array([[_FAR_MINUTES if way is None else way for way in row] for row in ways], dtype=np.float64)

    def seatings(self, fresh: Duties, post: Positions) -> tuple[tuple[Seating, ...], int]:
        """Return the duties as they are written, and how many are left out as a rule stands against them."""
        shift = {(each.post_code, each.window): each.id for each in self.shifts}
        made, left_out = [], 0
        for member, slot, place in zip(fresh.member.tolist(), fresh.slot.tolist(), post.tolist(), strict=True):
            person, window = self.people[member], self.windows[slot]
            if place == NO_POST or self._is_elsewhere(person, window, self.posts[place]):
                left_out += 1
                continue
            made.append(Seating(shift[self.posts[place].code, window], person.code, source="proposal"))
        return tuple(made), left_out

    def _is_elsewhere(self, person: RosterMember, window: Window, post: Post) -> bool:
        """Tell whether duties outside the roster stand against one more: the solver sees them as time alone."""
        if all(duty.id in self._own for duty in self.ground.duties.get(person.code, ())):
            return False
        breaches = self.ground.check(person.code, window, post, self._own)
        return any(breach.rule is not DutyRule.OUT_OF_REACH for breach in breaches)

    def _members(self) -> MemberData:
        free = np.zeros((len(self.people), len(self.windows)), dtype=np.int64)
        reluctance = np.full(free.shape, NOT_YES)
        for row, person in enumerate(self.people):
            answers = [self.ground.answer(person.code, window) for window in self.windows]
            free[row] = [answer is not FreeAnswer.NO for answer in answers]
            reluctance[row, [answer is FreeAnswer.YES for answer in answers]] = 0.0
        free &= ~self._elsewhere()
        home = [self._zone[self.ground.chain.community_of_grid.get(person.grid_code, "")] for person in self.people]
        most = most_in_part(self._shares(), self.roster.dates, self.ground.calendar)
        return make_members(
            home, free, reluctance=reluctance, before=self._load_before(), part_most=most.astype(np.int64)
        )

    @cached_property
    def classes(self) -> RosterProblem:
        """What is asked where nobody is named: people of a community who state the same time, as classes."""
        problem = self.problem
        homes = problem.members.home
        return replace(problem, members=make_classes(problem.slots, homes, self._shares()), pins=NO_DUTIES)

    def _shares(self) -> Floats:
        """Return the share of each part of the day in which people come, stated or assumed, shape (people, 4)."""
        stated = np.array([person.freedom.shares for person in self.people], dtype=np.float64)
        return fill_hours(stated.reshape(-1, len(DayPart)), default_availability(self.ground.inputs.norms))

    def _elsewhere(self) -> Flags:
        """Return when people are elsewhere, or too near to that to have rested, shape (people, slots)."""
        start, end = self._minutes_of(self.windows)
        rest = self.ground.limits.rest.total_seconds() / _MINUTE
        away = np.zeros((len(self.people), start.size), dtype=np.bool_)
        for code, place in self._member.items():
            duties = [duty.window for duty in self.ground.duties.get(code, ()) if duty.id not in self._own]
            for pause, windows in ((rest, duties), (0.0, [stay.window for stay in self.ground.orders.get(code, ())])):
                for begin, stop in zip(*self._minutes_of(windows), strict=True):
                    away[place] |= (start < stop + pause) & (begin < end + pause)
        return away

    @cached_property
    def _own(self) -> frozenset[int]:
        return frozenset(duty.id for duty in self.duties if duty.window in self._slot)

    def _load_before(self) -> Floats:
        """Return half the load of the four weeks before the roster, shape (people,)."""
        since, begin = self.roster.period.start - EARLIER, self.roster.period.start
        return np.array(
            [
                sum(
                    load_of(duty.window, self.night_weight) / 2
                    for duty in self.ground.duties.get(person.code, ())
                    if since <= duty.window.start < begin
                )
                for person in self.people
            ],
            dtype=np.float64,
        )

    def _pins(self) -> Duties:
        """Return who stands there already; a reserve, and who comes for a unit, takes time and no seat."""
        known = [
            (self._member[duty.member_code], self._slot[duty.window], self._zone_of(duty))
            for duty in self.duties
            if duty.member_code in self._member and duty.window in self._slot
        ]
        member, slot, zone = np.array(known, dtype=np.intp).reshape(-1, 3).T
        return Duties(member, slot, zone, np.full(member.size, ANY, dtype=np.intp))

    def _zone_of(self, duty: Duty) -> int:
        post = self.ground.posts.get(duty.post_code)
        is_asked = post is not None and duty.fills and duty.shift_id in self._numbers
        return self._zone[post.community_code] if post is not None and is_asked else NOWHERE

    @cached_property
    def _numbers(self) -> frozenset[int]:
        return frozenset(shift.id for shift in self.shifts)

    def _near(self) -> Flags:
        level = self.ground.inputs.levels[Layer.COMMUNITIES]
        index = level.facts.index
        at = index.get_indexer(pd.Index(self.zones, dtype=index.dtype))
        points = np.where((at >= 0)[:, None], level.points[at], np.nan)
        apart = np.linalg.norm(points[:, None] - points[None], axis=2)
        return np.asarray(np.nan_to_num(apart, nan=np.inf) <= NEAR_M)

    def _mixed_zones(self) -> frozenset[str]:
        estates = self.ground.inputs.estates
        mixed = [str(code) for code in estates.index[estates["mixed"].to_numpy(dtype=bool)]]
        return frozenset({*mixed, *(self.ground.chain.grid_of_estate.get(code, "") for code in mixed)})

    def _minutes_of(self, windows: Sequence[Window]) -> tuple[Ints, Ints]:
        begin = self.roster.period.start
        times = [
            ((each.start - begin).total_seconds() / _MINUTE, (each.end - begin).total_seconds() / _MINUTE)
            for each in windows
        ]
        start, end = np.array(times, dtype=np.int64).reshape(-1, 2).T
        return start, end
