"""Who stands in which shift: put in, taken out, moved, swapped, and told how far it is agreed.

Every change is a step that can be undone. Rules are checked where a duty is written (``services.rules.roster.clash``):
what nobody can set aside is refused, the rest takes a reason.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from services.context import Context, Work
from services.coverage import CoverageInputs
from services.rostering.drafts import (
    DutyRow,
    change_roster_once,
    duties_of_step,
    take_roster_step,
    walk_back,
    walk_on,
)
from services.rostering.duty_check import (
    check_duties,
    ground_for,
    refuse_elsewhere,
    refuse_sent_teams,
    require_seats,
    require_time,
)
from services.rostering.errors import GroupHeadsError, UnknownDutyError, UnknownShiftError
from services.rostering.groups import group_of_row
from services.rostering.model import Roster, RosterState, RosterStepKind, shift_from_row
from services.rules.roster.duties import LIVE, DutyState, Shift


@dataclass(frozen=True, slots=True)
class Seating:
    """Somebody for a shift: a member, or so many people of a team or unit without a name."""

    shift_id: int
    member_code: str = ""
    state: DutyState | None = None
    """None for what is usual: proposed in a draft, to be confirmed once it is published."""
    rank: int = 0
    source: str = "hand"
    team_code: str = ""
    unit_code: str = ""
    heads: int = 1


def put_duties(
    context: Context,
    roster_id: int,
    seatings: Sequence[Seating],
    inputs: CoverageInputs,
    *,
    event_id: str,
    reason: str = "",
    kind: RosterStepKind = RosterStepKind.PUT,
) -> Roster:
    """Put people into shifts, all or none; a reason sets aside what may be set aside.

    People of a team or unit that has some in the shift already are added to those.

    Raises
    ------
    UnknownShiftError, UnknownMemberError, UnknownGroupError, GroupHeadsError
        If there is no such shift in the roster, no such member, team or unit, or none of it is to stand there.
    OutsideAreaError
        If a post or a person lies outside the actor's area.
    DutyRefusedError
        If a duty breaks a rule that nobody sets aside, or any and there is no reason.
    """

    def put(work: Work, roster: Roster) -> None:
        if not seatings:
            return
        shifts = _shifts(work, roster, {seating.shift_id for seating in seatings})
        rows = [duty_row(roster, seating, reason) for seating in seatings]
        ground = ground_for(work, roster, inputs, _members(rows), shifts.values())
        check_duties(work, ground, shifts, rows, reason=reason)
        take_roster_step(work, roster, kind, *_join_groups(work, rows))

    return change_roster_once(context, roster_id, event_id, put)


def take_out(context: Context, roster_id: int, duty_ids: Collection[int], *, event_id: str) -> Roster:
    """Take duties out: of a draft they are gone, of a published roster they stand as taken out.

    Raises
    ------
    UnknownDutyError
        If one is not in the roster.
    """

    def take(work: Work, roster: Roster) -> None:
        rows = _duties(work, roster, duty_ids)
        take_roster_step(work, roster, RosterStepKind.TAKE_OUT, rows, left_of(roster, rows))

    return change_roster_once(context, roster_id, event_id, take)


def move_duty(
    context: Context,
    roster_id: int,
    duty_id: int,
    shift_id: int,
    inputs: CoverageInputs,
    *,
    event_id: str,
    reason: str = "",
) -> Roster:
    """Move somebody from one shift to another.

    Raises
    ------
    UnknownDutyError, UnknownShiftError, DutyRefusedError, OutsideAreaError
        As for ``put_duties``.
    """

    def move(work: Work, roster: Roster) -> None:
        (row,) = _duties(work, roster, [duty_id])
        shifts = _shifts(work, roster, {shift_id})
        wanted = {**row, "shift_id": shift_id, "reason": reason}
        ground = ground_for(work, roster, inputs, _members([row]), shifts.values())
        check_duties(work, ground, shifts, [wanted], without={duty_id}, reason=reason)
        take_roster_step(work, roster, RosterStepKind.MOVE, [row], [wanted])

    return change_roster_once(context, roster_id, event_id, move)


def swap_duties(
    context: Context,
    roster_id: int,
    duty_ids: tuple[int, int],
    inputs: CoverageInputs,
    *,
    event_id: str,
    reason: str = "",
) -> Roster:
    """Let two people take each other's shift; both results are checked as a whole.

    Raises
    ------
    UnknownDutyError, DutyRefusedError, OutsideAreaError
        As for ``put_duties``.
    """

    def swap(work: Work, roster: Roster) -> None:
        one, other = _duties(work, roster, duty_ids)
        changed = [
            {**one, **_who(other), "replaces": other["id"], "reason": reason},
            {**other, **_who(one), "replaces": one["id"], "reason": reason},
        ]
        shifts = _shifts(work, roster, {one["shift_id"], other["shift_id"]})
        ground = ground_for(work, roster, inputs, _members(changed), shifts.values())
        check_duties(work, ground, shifts, changed, without=set(duty_ids), reason=reason)
        take_roster_step(work, roster, RosterStepKind.SWAP, [one, other], changed)

    return change_roster_once(context, roster_id, event_id, swap)


def set_duty_state(
    context: Context, roster_id: int, duty_ids: Collection[int], state: DutyState, *, event_id: str
) -> Roster:
    """Note how far duties are agreed: confirmed, absent, excused, reserve, done; several at once.

    Raises
    ------
    UnknownDutyError
        If one is not in the roster.
    DutyRefusedError
        If somebody who is to serve after all is somewhere else by now.
    """

    def note(work: Work, roster: Roster) -> None:
        rows = [row for row in _duties(work, roster, duty_ids) if row["state"] != state.value]
        if state in LIVE:
            back = [row for row in rows if row["state"] not in _LIVE]
            require_seats(work, back)
            require_time(work.tx, [row for row in back if row["member_code"]])
            shifts = _shifts(work, roster, {row["shift_id"] for row in back})
            refuse_sent_teams(work.tx, shifts, [{**row, "state": state.value} for row in back])
        if rows:
            changed = [{**row, "state": state.value} for row in rows]
            take_roster_step(work, roster, RosterStepKind.STATE, rows, changed)

    return change_roster_once(context, roster_id, event_id, note)


def undo_roster(context: Context, roster_id: int, inputs: CoverageInputs, *, event_id: str) -> Roster:
    """Undo the last step; without one nothing happens.

    Raises
    ------
    DutyRefusedError
        If people who come back by it are somewhere else by now.
    """
    return _walk(context, roster_id, inputs, event_id, undo=True)


def redo_roster(context: Context, roster_id: int, inputs: CoverageInputs, *, event_id: str) -> Roster:
    """Do the step again that was undone last; without one nothing happens.

    Raises
    ------
    DutyRefusedError
        If people who come back by it are somewhere else by now.
    """
    return _walk(context, roster_id, inputs, event_id, undo=False)


def _walk(context: Context, roster_id: int, inputs: CoverageInputs, event_id: str, *, undo: bool) -> Roster:
    def walk(work: Work, roster: Roster) -> None:
        rows = [row for row in duties_of_step(work.tx, roster, undo=undo) if row["state"] in _LIVE]
        shifts = _shifts(work, roster, {row["shift_id"] for row in rows})
        members = _members(rows)
        gone = {row["id"] for row in duties_of_step(work.tx, roster, undo=undo)}
        if members:
            ground = ground_for(work, roster, inputs, members, shifts.values())
            refuse_elsewhere(ground, shifts, rows, gone)
        refuse_sent_teams(work.tx, shifts, rows)
        (walk_back if undo else walk_on)(work, roster)

    return change_roster_once(context, roster_id, event_id, walk)


def left_of(roster: Roster, rows: Sequence[DutyRow]) -> list[DutyRow]:
    """Return what stays of duties that are taken out: nothing in a draft, else that they were taken out."""
    is_draft = roster.state is RosterState.DRAFT
    return [] if is_draft else [{**row, "state": DutyState.CANCELLED.value} for row in rows]


def duty_row(roster: Roster, seating: Seating, reason: str) -> dict[str, Any]:
    """Return the row of somebody's duty.

    Raises
    ------
    GroupHeadsError
        If nobody of a team or unit is to stand there.
    """
    if seating.heads < 1:
        raise GroupHeadsError
    usual = DutyState.PROPOSED if roster.state is RosterState.DRAFT else DutyState.ASKED
    return {
        "shift_id": seating.shift_id,
        "member_code": seating.member_code or None,
        "team_code": seating.team_code or None,
        "unit_code": seating.unit_code or None,
        "heads": seating.heads,
        "state": (seating.state or usual).value,
        "source": seating.source,
        "rank": seating.rank,
        "pinned": seating.source != "proposal",
        "replaces": None,
        "order_id": None,
        "reason": reason.strip(),
    }


def _who(row: DutyRow) -> dict[str, Any]:
    """Return who has a duty: a member, or so many without a name."""
    return {name: row[name] for name in ("member_code", "team_code", "unit_code", "heads")}


def _join_groups(work: Work, rows: Sequence[DutyRow]) -> tuple[list[DutyRow], list[DutyRow]]:
    """Return the duties of teams and units that give way, and all that are put: each team once in a shift."""
    groups = {row["shift_id"] for row in rows if group_of_row(row)}
    there = {_group_key(row): row for row in work.tx.rosters.read_duties_in(groups) if group_of_row(row)}
    removed: dict[int, DutyRow] = {}
    joined: dict[tuple[Any, ...], DutyRow] = {}
    for place, row in enumerate(rows):
        key = _group_key(row) if group_of_row(row) else (place,)
        before = joined.get(key) or there.get(key)
        joined[key] = {**before, "heads": before["heads"] + row["heads"], "reason": row["reason"]} if before else row
        if before and "id" in before:
            removed.setdefault(before["id"], there[key])
    return list(removed.values()), list(joined.values())


def _group_key(row: DutyRow) -> tuple[Any, ...]:
    return row["shift_id"], group_of_row(row), row["state"]


def _members(rows: Sequence[DutyRow]) -> set[str]:
    """Return the members whose duties they are; people without a name are nobody's."""
    return {row["member_code"] for row in rows if row["member_code"]}


def _shifts(work: Work, roster: Roster, shift_ids: Collection[int]) -> dict[int, Shift]:
    rows = work.tx.rosters.read_shifts_by_number(roster.id, shift_ids)
    found = {row["id"]: shift_from_row(row) for row in rows}
    if unknown := [number for number in shift_ids if number not in found]:
        raise UnknownShiftError(unknown[0])
    return found


def _duties(work: Work, roster: Roster, duty_ids: Collection[int]) -> list[DutyRow]:
    rows = {row["id"]: row for row in work.tx.rosters.read_duties_by_number(roster.id, duty_ids)}
    if unknown := [number for number in duty_ids if number not in rows]:
        raise UnknownDutyError(unknown[0])
    return [rows[number] for number in duty_ids]


_LIVE = frozenset(state.value for state in LIVE)
