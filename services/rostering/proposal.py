"""Who could be on duty when: a proposal for the open seats of a roster, taken over by one step."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.optimise import Progress, StopReason
from geo.optimise.duties import (
    NO_POST,
    OpenSeatReason,
    explain_open,
    find_capacity,
    place_duties,
    solve_roster,
)
from services.catalog.actions import Action
from services.context import Context
from services.coverage import CoverageInputs
from services.i18n import Text, text, translate
from services.rostering.drafts import fetch_roster_for
from services.rostering.duties import Seating, put_duties
from services.rostering.duty_question import DutyQuestion
from services.rostering.errors import RosterClosedError, RosterEmptyError
from services.rostering.generation import people_of_area
from services.rostering.ground import read_ground
from services.rostering.model import Roster, RosterState, RosterStepKind, duty_from_row, shift_from_row
from services.rostering.norms import load_roster_norms
from services.rostering.package_errors import PackagedRosterError
from services.rules.roster.duties import LIVE
from services.rules.windows import DayPart

SECONDS: Final = 60.0

OPEN_REASONS: Final[Mapping[OpenSeatReason, Text]] = {
    OpenSeatReason.NOBODY_FREE: text("nobody is free then"),
    OpenSeatReason.OUT_OF_REACH: text("who is free lives too far away"),
    OpenSeatReason.NO_SKILL: text("nobody has the skill"),
    OpenSeatReason.SEARCH_STOPPED: text("the search was stopped before"),
    OpenSeatReason.HELPS_ELSEWHERE: text("who is free is on duty elsewhere then"),
    OpenSeatReason.FULL_WEEK: text("who is free has all the duties of a week"),
    OpenSeatReason.FULL_NIGHT: text("who is free has the nights of a week"),
    OpenSeatReason.FULL_PART: text("who is free has as many duties at these hours as time for them"),
    OpenSeatReason.FULL_DAY: text("who is free has a duty on that day"),
    OpenSeatReason.REST: text("who is free would not rest long enough"),
}


@dataclass(frozen=True)
class DutyProposal:
    """Who would be on duty, and what is known about it."""

    roster_id: int
    revision: int
    """Of the roster for which it was made."""
    seatings: tuple[Seating, ...]
    """Besides who stands there already."""
    seats: int
    filled: int
    """Seats taken when all of it is taken over."""
    loads: Mapping[int, int]
    """How many people of the area have so many duties of the roster then."""
    away: int
    """Duties outside the own community."""
    minutes: float
    """On foot on average, NaN without anybody."""
    reasons: Mapping[OpenSeatReason, int]
    """Open seats by why they stay open."""
    is_proven: bool
    gap: float
    """At most so far from the best that could be reached, as a share of its worth."""
    ended: StopReason
    seconds: float
    left_out: int
    """Duties of the solver that break a rule it does not know (duties elsewhere); they stay open."""

    @property
    def open(self) -> int:
        """Seats that stay open."""
        return self.seats - self.filled


@dataclass(frozen=True, slots=True)
class FilledSeats:
    """How many seats could be filled at most, in person-shifts."""

    filled: int
    seats: int
    parts: Mapping[DayPart, tuple[int, int]]
    """The same of the shifts that touch each part of the day: filled, seats."""
    is_proven: bool


def propose_duties(
    context: Context,
    roster_id: int,
    inputs: CoverageInputs,
    *,
    seconds: float = SECONDS,
    is_alone: bool = False,
    is_cancelled: Callable[[], bool] = lambda: False,
    report: Callable[[Progress], None] = lambda _: None,
) -> DutyProposal:
    """Return who could fill the open seats of a roster; nothing is written.

    Whoever stands in a shift already stays. People who said no, or who are elsewhere then, are not proposed; those
    who said nothing are, and have to confirm.

    Parameters
    ----------
    is_alone
        Each community by itself: nobody helps next door.

    Raises
    ------
    RosterEmptyError
        If it has no shifts.
    RosterClosedError
        If it is closed.
    """
    asked = _ask(context, roster_id, inputs)
    roster = asked.roster
    problem = asked.problem.apart() if is_alone else asked.problem
    found = solve_roster(problem, seconds=seconds, is_cancelled=is_cancelled, report=report)
    fresh = found.duties.where(np.arange(found.duties.slot.size) >= problem.pins.slot.size)
    placed = place_duties(
        problem, fresh, asked.open_posts, asked.minutes, asked.origin, np.full(fresh.slot.size, NO_POST)
    )
    seatings, left_out = asked.seatings(fresh, placed.post)
    unfilled = explain_open(problem, found.duties)
    reasons: Counter[OpenSeatReason] = Counter()
    for why, missing in zip(unfilled.why, unfilled.missing.tolist(), strict=True):
        reasons[why] += missing
    load = np.bincount(found.duties.member, minlength=len(asked.people))
    best = float((problem.seats.count * problem.seats.weight).sum()) or 1.0
    there = placed.minutes[placed.post != NO_POST]
    return DutyProposal(
        roster_id=roster_id,
        revision=roster.revision,
        seatings=seatings,
        seats=sum(shift.seats for shift in asked.shifts),
        filled=asked.already + len(seatings),
        loads=dict(sorted(Counter(load.tolist()).items())),
        away=int(
            (found.duties.zone >= 0).sum() - (problem.members.home[found.duties.member] == found.duties.zone).sum()
        ),
        minutes=float(there.mean()) if there.size else float("nan"),
        reasons=dict(reasons.most_common()),
        is_proven=found.cost.is_proven,
        gap=max(found.cost.value - found.cost.bound, 0.0) / (best * 1000.0),
        ended=found.ended,
        seconds=found.seconds,
        left_out=left_out,
    )


def accept_duties(context: Context, proposal: DutyProposal, inputs: CoverageInputs, *, event_id: str) -> Roster:
    """Take a proposal over by one step that can be undone.

    Raises
    ------
    DutyRefusedError
        If somebody has gone elsewhere meanwhile.
    """
    return put_duties(
        context,
        proposal.roster_id,
        proposal.seatings,
        inputs,
        event_id=event_id,
        reason=translate("Proposed by the program"),
        kind=RosterStepKind.PROPOSAL,
    )


def find_roster_capacity(
    context: Context,
    roster_id: int,
    inputs: CoverageInputs,
    *,
    seconds: float = SECONDS,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> FilledSeats | None:
    """Return how many seats of a roster could be filled at most, before anybody is named; None for no answer in time.

    Of the people of a community who state the same time, at most that share is counted at once; rest, day and week
    hold. Limits of nights and of parts of the day hold for such a class as a whole: it is an upper bound.

    Raises
    ------
    RosterEmptyError
        If it has no shifts.
    RosterClosedError
        If it is closed.
    """
    asked = _ask(context, roster_id, inputs)
    found = find_capacity(asked.classes, seconds=seconds, is_cancelled=is_cancelled)
    if found is None:
        return None
    by_slot = found.filled.sum(axis=(0, 1))
    seats = asked.classes.seats.count.sum(axis=(0, 1))
    parts = {
        part: (int(by_slot[touched].sum()), int(seats[touched].sum()))
        for part, touched in zip(DayPart, asked.classes.slots.parts, strict=True)
        if touched.any()
    }
    return FilledSeats(int(by_slot.sum()), int(seats.sum()), parts, is_proven=found.is_proven)


def _ask(context: Context, roster_id: int, inputs: CoverageInputs) -> DutyQuestion:
    """Return a roster as the solver is asked for it.

    Raises
    ------
    RosterEmptyError
        If it has no shifts.
    RosterClosedError
        If it is closed.
    PackagedRosterError
        If every seat is a unit's alone.
    """
    with context.look(Action.KEEP_ROSTER) as tx:
        roster = fetch_roster_for(context, tx, roster_id)
        if roster.state is RosterState.CLOSED:
            raise RosterClosedError(roster.name)
        shifts = [shift for shift in map(shift_from_row, tx.rosters.read_shifts(roster_id)) if shift.seats]
        if not shifts:
            raise RosterEmptyError(roster.name)
        duties = [duty for duty in map(duty_from_row, tx.rosters.read_duties(roster_id)) if duty.state in LIVE]
        ground = read_ground(context, tx, roster, inputs, people_of_area(context, tx, roster), roster.period)
    known = tuple(
        shift
        for shift in shifts
        if shift.post_code in ground.posts and ground.reserving(shift.post_code, shift.window) is None
    )
    if not known:
        raise PackagedRosterError(roster.name)
    return DutyQuestion(roster, ground, known, tuple(duties), load_roster_norms().night_weight.factor.value)
