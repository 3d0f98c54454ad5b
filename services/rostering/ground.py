"""What duties are checked against: other duties of the same people, orders of their teams, their time, their ways."""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, Final

import numpy as np

from geo.arrays import Floats
from geo.schema import Layer
from services.context import Context, Transaction
from services.coverage import CoverageInputs
from services.coverage.posts import ZoneChain, read_posts, zone_chain
from services.rostering.drafts import roster_scope
from services.rostering.model import Roster, duty_from_row, minute, window_of_row
from services.rostering.norms import load_roster_norms
from services.rostering.package_rows import read_accepted
from services.rules.availability import AVAILABLE_COLUMNS
from services.rules.norms import working_calendar
from services.rules.roster.clash import DutyBreach, DutyLimits, PersonFacts, Stay, check_duty, duty_limits
from services.rules.roster.duties import LIVE, Duty
from services.rules.roster.free_times import FreeAnswer, Freedom, FreeTime, touched_parts
from services.rules.roster.package_check import check_unit, name_both_places
from services.rules.roster.packages import EVER, Package, find_reserving
from services.rules.roster.posts import Post
from services.rules.skills import MemberSkill, skill_from_row
from services.rules.windows import WEEK, Calendar, Window

AROUND: Final = 9 * WEEK
"""So long before and after a shift other duties may matter: four weeks before a period of a month share its load."""


@dataclass(frozen=True)
class RosterMember:
    """A member as rosters know one."""

    code: str
    name: str
    grid_code: str
    unit_code: str
    skills: tuple[MemberSkill, ...]
    freedom: Freedom


@dataclass(frozen=True)
class DutyGround:
    """What the rules ask, for some people around some time."""

    inputs: CoverageInputs
    limits: DutyLimits
    posts: Mapping[str, Post]
    people: Mapping[str, RosterMember]
    duties: Mapping[str, Sequence[Duty]]
    """Live duties of every roster, by member."""
    orders: Mapping[str, Sequence[Stay]]
    """When a team in which one stands is sent, by member."""
    packages: Sequence[Package] = ()
    """Those that units have accepted."""
    unit_names: Mapping[str, str] = field(default_factory=dict)
    """Of the units of packages, by code."""
    now: datetime = EVER
    _from: dict[int, Floats] = field(default_factory=dict, repr=False)
    _parts: dict[Window, tuple[int, ...]] = field(default_factory=dict, repr=False)
    _minutes: dict[tuple[str, str], float | None] = field(default_factory=dict, repr=False)

    @cached_property
    def calendar(self) -> Calendar:
        """Days off."""
        return working_calendar(self.inputs.norms)

    @cached_property
    def chain(self) -> ZoneChain:
        """How zones lie in each other."""
        return zone_chain(self.inputs)

    @cached_property
    def _place(self) -> Mapping[str, int]:
        index = self.inputs.levels[Layer.GRIDS].facts.index
        return {str(code): place for place, code in enumerate(index)}

    def answer(self, member_code: str, window: Window) -> FreeAnswer:
        """Return what somebody says of a time."""
        if window not in self._parts:
            self._parts[window] = touched_parts(window, self.calendar)
        return self.people[member_code].freedom.answer(window, self.calendar, self._parts[window])

    def minutes(self, grid_code: str, post: Post) -> float | None:
        """Return the minutes on foot from the middle of a grid to a post; to one of a community to its nearest grid."""
        key = grid_code, post.code
        if key not in self._minutes:
            self._minutes[key] = self._find_minutes(grid_code, post)
        return self._minutes[key]

    def _find_minutes(self, grid_code: str, post: Post) -> float | None:
        home = self._place.get(grid_code)
        if home is None:
            return None
        places = [self._place.get(post.grid_code)] if post.grid_code else self._grids_of(post.community_code)
        ways = [float(self._ways(place)[home]) for place in places if place is not None]
        minutes = float(np.nanmin(ways, initial=np.inf))
        return minutes if np.isfinite(minutes) else None

    def _ways(self, place: int) -> Floats:
        if place not in self._from:
            self._from[place] = self.inputs.travel_times.from_grid(place)
        return self._from[place]

    def minutes_between(self, one: str, other: str) -> float | None:
        """Return the minutes on foot between two posts; None where it is not known."""
        start, end = self.posts.get(one), self.posts.get(other)
        if start is None or end is None or not start.grid_code:
            return 0.0 if start and end and start.community_code == end.community_code else None
        return self.minutes(start.grid_code, end)

    def check(
        self,
        member_code: str,
        window: Window,
        post: Post,
        without: Collection[int] = (),
        besides: Sequence[Stay] = (),
    ) -> tuple[DutyBreach, ...]:
        """Return what it would break if somebody stood at a post for a time.

        Parameters
        ----------
        without
            Numbers of duties that are as if they were not there.
        besides
            Where they would stand besides.
        """
        person = self.people[member_code]
        others = list(besides)
        others += [
            Stay(duty.window, duty.post_code, self.post_name(duty.post_code))
            for duty in self.duties.get(member_code, ())
            if duty.id not in without
        ]
        minutes = self.minutes(person.grid_code, post)
        facts = PersonFacts(others, self.orders.get(member_code, ()), self.answer(member_code, window), minutes)
        here = Stay(window, post.code, post.name)
        breaches = check_duty(here, facts, self.limits, self.minutes_between)
        package = self.reserving(post.code, window)
        if package is None:
            return breaches
        of_unit = check_unit(package, self.unit_names, person.unit_code, member_code, window)
        return (*of_unit, *name_both_places(breaches, here))

    def check_heads(self, unit_code: str, window: Window, post_code: str) -> tuple[DutyBreach, ...]:
        """Return what it would break if people without a name stood at a post for a time, of a unit or of none."""
        package = self.reserving(post_code, window)
        return check_unit(package, self.unit_names, unit_code, "", window) if package else ()

    def reserving(self, post_code: str, window: Window) -> Package | None:
        """Return the package whose unit alone may take the seats of a shift; None where everybody may."""
        return find_reserving(self.packages, post_code, window.start, self.now)

    def post_name(self, code: str) -> str:
        """Return what a post is called; one that is no longer there, its code."""
        post = self.posts.get(code)
        return post.name if post else code

    def _grids_of(self, community_code: str) -> Sequence[int]:
        return self._by_community.get(community_code, ())

    @cached_property
    def _by_community(self) -> Mapping[str, Sequence[int]]:
        parents = self.inputs.levels[Layer.GRIDS].facts["parent_code"].to_numpy()
        places: dict[str, list[int]] = defaultdict(list)
        for place, community in enumerate(parents):
            places[str(community)].append(place)
        return places


def read_ground(
    context: Context,
    tx: Transaction,
    roster: Roster,
    inputs: CoverageInputs,
    member_codes: Collection[str],
    window: Window,
) -> DutyGround:
    """Return what duties of some people at posts of a roster in a time are checked against.

    Unknown members are left out.
    """
    limits = duty_limits(load_roster_norms(), roster.mode)
    posts = read_posts(tx, zone_chain(inputs), roster_scope(context, tx, roster))
    start, end = minute(window.start - AROUND), minute(window.end + AROUND)
    rows = tx.rosters.read_duties_of(member_codes, start, end, [state.value for state in LIVE])
    duties: dict[str, list[Duty]] = defaultdict(list)
    for row in rows:
        duties[row["member_code"]].append(duty_from_row(row))
    people = {person.code: person for person in read_persons(tx, member_codes)}
    packages = read_accepted(tx, window)
    units = tx.plans.read_rows(Layer.UNITS, {package.unit_code for package in packages})
    return DutyGround(
        inputs,
        limits,
        posts,
        people,
        duties,
        read_order_stays(tx, member_codes, start, end),
        packages,
        {code: str(row["name"]) for code, row in units.items()},
        context.clock(),
    )


def read_persons(tx: Transaction, member_codes: Collection[str]) -> list[RosterMember]:
    """Return members as rosters know them, by code; unknown codes are left out."""
    times, away = _grouped(tx.rosters.read_free_times(member_codes)), _grouped(tx.rosters.read_absences(member_codes))
    skills = tx.skills.read(member_codes)
    return [
        RosterMember(
            code=row["code"],
            name=row["name"] or "",
            grid_code=row["grid_code"] or "",
            unit_code=row["unit_code"] or "",
            skills=tuple(map(skill_from_row, skills.get(row["code"], ()))),
            freedom=Freedom(
                tuple(free_time_from_row(each) for each in times.get(row["code"], ())),
                tuple(window_of_row(each) for each in away.get(row["code"], ())),
                tuple(math.nan if row[name] is None else row[name] for name in AVAILABLE_COLUMNS),
            ),
        )
        for row in tx.rosters.read_people(member_codes)
    ]


def free_time_from_row(row: Mapping[str, Any]) -> FreeTime:
    """Return when somebody can come from its row."""
    return FreeTime(
        weekday=row["weekday"],
        start=time.fromisoformat(row["from_time"]),
        end=time.fromisoformat(row["to_time"]),
        answer=FreeAnswer(row["answer"]),
        since=date.fromisoformat(row["since"]),
        until=date.fromisoformat(row["until"]) if row["until"] else None,
    )


def read_order_stays(tx: Transaction, member_codes: Collection[str], start: str, end: str) -> dict[str, list[Stay]]:
    """Return where the teams of some members are sent between two instants, by member."""
    teams = tx.teams.teams_of(member_codes)
    by_team = read_team_stays(tx, set(teams.values()), start, end)
    return {member: by_team[team] for member, team in teams.items() if team in by_team}


def read_team_stays(tx: Transaction, team_codes: Collection[str], start: str, end: str) -> dict[str, list[Stay]]:
    """Return where some teams are sent between two instants, by team; teams that are not sent are left out."""
    by_team: dict[str, list[Stay]] = defaultdict(list)
    for row in tx.plans.read_orders_between(start, end) if team_codes else ():
        if row["team_code"] in team_codes:
            window = Window(datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["until"]))
            by_team[row["team_code"]].append(Stay(window, row["to_code"], order_id=row["id"]))
    return by_team


def _grouped(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    grouped: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        grouped[row["member_code"]].append(row)
    return grouped
