"""Publishing a roster: checked again as a whole, and from then on its people are to confirm."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.catalog.actions import Action
from services.context import Transaction, Work
from services.coverage import CoverageInputs
from services.coverage.posts import read_post_name, read_posts, zone_chain
from services.rostering.drafts import DutyRow, fetch_roster, fetch_roster_for, roster_scope
from services.rostering.duty_check import ground_for, refuse_elsewhere, refuse_sent_teams
from services.rostering.errors import DoublePostError, RosterClosedError, RosterEmptyError
from services.rostering.model import (
    Roster,
    RosterState,
    RosterStepKind,
    duty_from_row,
    minute,
    roster_from_row,
    shift_from_row,
)
from services.rostering.shift_needs import read_missing
from services.rules.roster.duties import LIVE, ROSTERS, DutyState, Shift, filled_seats, seats_taken
from services.use_cases import use_case


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published."""

    roster: Roster
    seats: int
    people: int
    """Seats that are taken."""
    to_confirm: int
    """People on duty who have not confirmed yet."""
    missing: Mapping[str, int] = field(default_factory=dict)
    """Heads that shifts ask for and nobody in them is, by role or skill."""


@use_case(Action.PUBLISH_ROSTER, "roster:{roster_id}")
def publish_roster(work: Work, roster_id: int, inputs: CoverageInputs, *, event_id: str) -> Publication:
    """Publish a draft: its people are to confirm.

    Raises
    ------
    RosterEmptyError
        If it has no shifts.
    RosterClosedError
        If it is closed.
    DoublePostError
        If another published roster holds one of its posts at the same time.
    DutyRefusedError
        If somebody is somewhere else by now.
    """
    roster = fetch_roster_for(work.context, work.tx, roster_id)
    if roster.state is RosterState.CLOSED:
        raise RosterClosedError(roster.name)
    shifts = {row["id"]: shift_from_row(row) for row in work.tx.rosters.read_shifts(roster_id)}
    posts = read_posts(work.tx, zone_chain(inputs), roster_scope(work.context, work.tx, roster))
    known = [shift for shift in shifts.values() if shift.post_code in posts]
    if not known:
        raise RosterEmptyError(roster.name)
    rows = work.tx.rosters.read_duties(roster_id)
    if roster.state is RosterState.DRAFT and work.tx.rosters.note_event(roster_id, event_id, work.at):
        _refuse_double_posts(work.tx, roster)
        _check_people(work, roster, inputs, rows, shifts)
        asked = [row["id"] for row in rows if row["state"] == DutyState.PROPOSED]
        if asked:
            changed = {"state": DutyState.ASKED.value, "changed_at": work.at, "changed_by": work.actor.name}
            work.tx.rosters.set_duties(asked, **changed)
            work.note(duty_step=RosterStepKind.PUBLISH.value, duties=len(asked))
        work.tx.rosters.set_roster(
            roster_id,
            state=RosterState.PUBLISHED.value,
            published_at=work.at,
            published_by=work.actor.name,
            position=0,
        )
        work.tx.rosters.forget_steps(roster_id)
        work.tx.touch(ROSTERS)
        rows = work.tx.rosters.read_duties(roster_id)
    filled = filled_seats(known, seats_taken(map(duty_from_row, rows)))
    there = {shift.id for shift in known}
    waiting = sum(row["heads"] for row in rows if row["state"] == DutyState.ASKED and row["shift_id"] in there)
    seats = sum(shift.seats for shift in known)
    work.note(seats=seats, people=filled)
    missing = read_missing(work.tx, there, rows)
    return Publication(fetch_roster(work.tx, roster_id), seats, filled, waiting, missing)


@use_case(Action.PUBLISH_ROSTER, "roster:{roster_id}")
def close_roster(work: Work, roster_id: int, *, event_id: str) -> Roster:
    """Close a roster: nothing of it changes any more, and the words of its chains go."""
    roster = fetch_roster_for(work.context, work.tx, roster_id)
    if roster.state is not RosterState.CLOSED and work.tx.rosters.note_event(roster_id, event_id, work.at):
        work.tx.sign_ups.forget_texts_of(roster_id)
        work.tx.rosters.set_roster(
            roster_id, state=RosterState.CLOSED.value, changed_at=work.at, changed_by=work.actor.name
        )
        work.tx.touch(ROSTERS)
    return fetch_roster(work.tx, roster_id)


def _refuse_double_posts(tx: Transaction, roster: Roster) -> None:
    mine: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in tx.rosters.read_shifts(roster.id):
        mine[row["post_code"]].append((row["start"], row["end"]))
    start, end = minute(roster.period.start), minute(roster.period.end)
    for other in tx.rosters.read_rosters([RosterState.PUBLISHED.value], start, end):
        for row in tx.rosters.read_shifts(other["id"]):
            if any(row["start"] < until and since < row["end"] for since, until in mine.get(row["post_code"], ())):
                raise DoublePostError(roster_from_row(other, 0).name, read_post_name(tx, row["post_code"]))


def _check_people(
    work: Work, roster: Roster, inputs: CoverageInputs, rows: Sequence[DutyRow], shifts: Mapping[int, Shift]
) -> None:
    """Do nothing if nobody has gone elsewhere since a duty was drafted.

    Raises
    ------
    DutyRefusedError
        If somebody has.
    """
    live = [row for row in rows if row["state"] in _LIVE]
    refuse_sent_teams(work.tx, shifts, live)
    members = {row["member_code"] for row in live if row["member_code"]}
    if members:
        refuse_elsewhere(ground_for(work, roster, inputs, members, shifts.values()), shifts, live)


_LIVE = frozenset(state.value for state in LIVE)
