"""What is asked of a roster: slots in time, members, seats, who is near, what binds, and what stays.

A **seat** asks for one person in a zone and a slot, a **duty** puts a member into one. Seats of a zone are pooled, and
so are the members of a home where it comes to *where* they stand: who stands at which post is found afterwards
(``place``). Skills are classes: a member has ``ANY`` or one scarce skill, a seat asks for ``ANY`` or one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from geo.arrays import Flags, Floats, Ints, Positions
from geo.errors import ShapeMismatchError
from geo.optimise.rows import rest_windows

ANY: Final = 0
"""No scarce skill, of a member or asked for by a seat."""
NOWHERE: Final = -1
"""The zone of a pinned duty that fills no seat here: of a package, an order, the days before."""
DAY_MIN: Final = 24 * 60
WEEK_DAYS: Final = 7
NOT_YES: Final = 2.0
"""What a duty counts (``MemberData.reluctance``) of somebody who is free, and did not say yes."""


@dataclass(frozen=True, slots=True)
class SlotData:
    """``t`` stretches of time, ordered by start; they may overlap and be of any length."""

    start: Ints
    """Minutes since the midnight that begins the first day, shape (t,)."""
    end: Ints
    is_night: Flags
    parts: Flags
    """Which of ``p`` parts of the day each slot touches, for limits of their own; shape (p, t), p may be 0."""
    load: Ints
    """What a duty counts where loads are shared out: 1, of the small hours 2, of days before the roster 0."""

    @property
    def day(self) -> Ints:
        """The day each slot begins on, from 0, shape (t,)."""
        return self.start // DAY_MIN


@dataclass(frozen=True, slots=True)
class MemberData:
    """``m`` members; classes of alike members where ``heads`` is above 1 (``capacity``)."""

    home: Positions
    """Zone, shape (m,)."""
    free: Ints
    """How many may be on duty: 1 where a person is free for the whole slot, else 0. Shape (m, t)."""
    reluctance: Floats
    """What a duty counts for how the member answered: 0 for a yes, else ``NOT_YES``. Shape (m, t)."""
    before: Floats
    """Load brought along (the weeks before count half), shape (m,)."""
    skill: Positions
    """``ANY`` or a scarce one, shape (m,)."""
    part_most: Ints
    """How many duties in each part of the day at most, shape (m, p)."""
    heads: Ints
    """Shape (m,)."""

    def where(self, chosen: Flags) -> "MemberData":
        """Return some of them."""
        return MemberData(*(getattr(self, each.name)[chosen] for each in fields(self)))


@dataclass(frozen=True, slots=True)
class SeatData:
    """Seats of ``k`` kinds, in ``z`` zones: what a kind's seats count may differ by zone and slot, its skill not."""

    count: Ints
    """Shape (k, z, t)."""
    weight: Floats
    """Shape (k, z, t): 2 for the first of a post, else 1; × 1.5 in mixed estates, × 1.25 at gates."""
    skill: Positions
    """Shape (k,)."""


@dataclass(frozen=True, slots=True)
class DutyCaps:
    """What binds everybody."""

    week: int = 3
    """Duties that begin in any 7 days."""
    day: int = 1
    """Duties that begin on a day."""
    night: int = 1
    """Duties in the night in any 7 days; of two nights running one at most."""
    rest: int = 10 * 60
    """Minutes between two duties."""


DEFAULT_CAPS: Final = DutyCaps()


@dataclass(frozen=True, slots=True)
class Duties:
    """``d`` duties, each of shape (d,)."""

    member: Positions
    slot: Positions
    zone: Positions
    skill: Positions
    """Asked for by the seat."""

    def where(self, chosen: Flags | Positions) -> "Duties":
        """Return some of them."""
        return Duties(*(getattr(self, each.name)[chosen] for each in fields(self)))

    def and_also(self, more: "Duties") -> "Duties":
        """Return both."""
        pairs = ((getattr(self, each.name), getattr(more, each.name)) for each in fields(self))
        return Duties(*map(np.concatenate, pairs))


NO_DUTIES: Final = Duties(*(np.empty(0, np.intp) for _ in range(4)))


@dataclass(frozen=True, slots=True)
class RosterProblem:
    """Everything a roster follows from; ``make_roster_problem`` makes it and checks that its parts fit."""

    slots: SlotData
    members: MemberData
    seats: SeatData
    near: Flags
    """Whether members of a zone (row) may stand in another (column), shape (z, z)."""
    caps: DutyCaps
    pins: Duties
    """Stay as they are, whatever they break."""
    published: Duties
    """What people know already: each that is not kept is a change."""

    @property
    def skills(self) -> int:
        """How many classes of skill there are, ``ANY`` among them."""
        return 1 + max(int(each.skill.max(initial=ANY)) for each in (self.members, self.seats, self.pins))

    def apart(self) -> "RosterProblem":
        """Return the problem with each zone by itself."""
        return replace(self, near=np.eye(len(self.near), dtype=np.bool_))


class RuleKind(StrEnum):
    """What a rule of time limits."""

    WEEK = "week"
    NIGHT = "night"
    PART = "part"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class TimeRule:
    """Of some slots a member takes so many at most."""

    kind: RuleKind
    slots: Flags
    """Shape (t,)."""
    most: Ints
    """Pinned duties counted, shape (m,); below 0 where the pins alone are more."""


def make_slots(
    start: ArrayLike,
    end: ArrayLike,
    *,
    is_night: ArrayLike = False,
    parts: ArrayLike | None = None,
    load: ArrayLike = 1,
) -> SlotData:
    """Return slots; by default no night, no parts of the day, and a load of 1.

    Raises
    ------
    ValueError
        When they are not ordered by start, or one ends before it begins.
    """
    begin, stop = np.asarray(start, dtype=np.int64), np.asarray(end, dtype=np.int64)
    if (np.diff(begin) < 0).any() or (stop <= begin).any():
        raise ValueError("slots must be ordered by start, and end after it")
    touched = np.zeros((0, begin.size), np.bool_) if parts is None else np.asarray(parts, dtype=np.bool_)
    night = np.broadcast_to(np.asarray(is_night, dtype=np.bool_), begin.shape)
    return SlotData(begin, stop, night, touched, np.broadcast_to(np.asarray(load, dtype=np.int64), begin.shape))


def make_members(
    home: ArrayLike,
    free: ArrayLike,
    *,
    reluctance: ArrayLike = 0.0,
    before: ArrayLike = 0.0,
    skill: ArrayLike = ANY,
    part_most: ArrayLike | None = None,
    heads: ArrayLike = 1,
) -> MemberData:
    """Return members; by default all said yes, begin with no load, have no scarce skill and time for any part."""
    at, able = np.asarray(home, dtype=np.intp), np.asarray(free, dtype=np.int64)
    each = at.shape
    return MemberData(
        at,
        able,
        np.broadcast_to(np.asarray(reluctance, dtype=np.float64), able.shape),
        np.broadcast_to(np.asarray(before, dtype=np.float64), each),
        np.broadcast_to(np.asarray(skill, dtype=np.intp), each),
        np.zeros((at.size, 0), np.int64) if part_most is None else np.asarray(part_most, dtype=np.int64),
        np.broadcast_to(np.asarray(heads, dtype=np.int64), each),
    )


def make_roster_problem(
    slots: SlotData,
    members: MemberData,
    seats: SeatData,
    near: ArrayLike,
    *,
    caps: DutyCaps = DEFAULT_CAPS,
    pins: Duties = NO_DUTIES,
    published: Duties = NO_DUTIES,
) -> RosterProblem:
    """Return the problem. Every zone is near itself.

    Raises
    ------
    ShapeMismatchError
        When the parts are not of one size.
    ValueError
        When a seat counts nothing or less.
    """
    count, zones = slots.start.size, seats.count.shape[1]
    if not count == members.free.shape[1] == seats.count.shape[2] == slots.parts.shape[1]:
        raise ShapeMismatchError(slots=count, free=members.free.shape[1], seats=seats.count.shape[2])
    if not members.part_most.size:
        members = replace(members, part_most=np.full((members.home.size, len(slots.parts)), count))
    if members.part_most.shape[1] != slots.parts.shape[0]:
        raise ShapeMismatchError(parts=slots.parts.shape[0], part_most=members.part_most.shape[1])
    if (seats.weight[seats.count > 0] <= 0).any():
        raise ValueError("a seat must count more than nothing")
    reach = np.asarray(near, dtype=np.bool_) | np.eye(zones, dtype=np.bool_)
    return RosterProblem(slots, members, seats, reach, caps, pins, published)


def clashes(slots: SlotData, rest: int) -> Flags:
    """Return which slots exclude each other for one person, each itself; shape (t, t)."""
    earlier = rest_windows(slots.start, slots.end, rest)
    return np.asarray(earlier | earlier.T)


def at_choice(problem: RosterProblem) -> Ints:
    """Return how many of each member may be put on duty: who is free, where no pinned duty excludes it; (m, t)."""
    free, pins = problem.members.free.copy(), problem.pins
    excluded = clashes(problem.slots, problem.caps.rest)[pins.slot]
    np.minimum.at(free, pins.member, np.where(excluded, 0, free[pins.member]))
    return free


def time_rules(problem: RosterProblem) -> Iterator[TimeRule]:
    """Yield what limits how many duties a member takes in some slots, beside rest; narrow rules last."""
    slots, caps, members = problem.slots, problem.caps, problem.members
    on_duty = np.zeros(members.free.shape, np.int64)
    np.add.at(on_duty, (problem.pins.member, problem.pins.slot), 1)

    def rule(kind: RuleKind, chosen: Flags, most: ArrayLike) -> TimeRule:
        return TimeRule(kind, chosen, np.asarray(most) * members.heads - on_duty[:, chosen].sum(axis=1))

    first, last = int(slots.day.min(initial=0)), int(slots.day.max(initial=0))
    for day in range(first, max(first, last - WEEK_DAYS + 1) + 1):
        week = (slots.day >= day) & (slots.day < day + WEEK_DAYS)
        yield rule(RuleKind.WEEK, week, caps.week)
        yield rule(RuleKind.NIGHT, week & slots.is_night, caps.night)
    if caps.night > 1:
        night = (slots.start + DAY_MIN // 2) // DAY_MIN
        for which in range(first, last + 1):
            yield rule(RuleKind.NIGHT, slots.is_night & ((night == which) | (night == which + 1)), 1)
    for part, most in zip(slots.parts, members.part_most.T, strict=True):
        yield rule(RuleKind.PART, part, most)
    for day in range(first, last + 1):
        yield rule(RuleKind.DAY, slots.day == day, caps.day)
