"""Rosters that save themselves: every change is one small transaction, and a change sent twice is made once.

Every function takes the ``event_id`` that the client made for what the user did. A second call with the same id changes
nothing and returns the roster as it stands.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from services.catalog.actions import Action
from services.context import Context, Transaction, Work
from services.i18n import translate
from services.rostering.errors import PastPeriodError, RosterClosedError, UnknownRosterError, UnknownShiftError
from services.rostering.model import (
    Roster,
    RosterSettings,
    RosterState,
    RosterStepKind,
    minute,
    roster_from_row,
    settings_json,
    shift_from_row,
)
from services.rules.areas import Area, OutsideAreaError, Scope
from services.rules.roster.duties import ROSTERS, Shift
from services.rules.roster.pattern import period
from services.rules.windows import Mode
from services.use_cases import use_case

DutyRow = Mapping[str, Any]


@use_case(Action.KEEP_ROSTER, "roster")
def create_roster(
    work: Work, area: Area, start: date, days: int, mode: Mode, *, event_id: str, name: str = ""
) -> Roster:
    """Make an empty roster for some days of an area; without a name it is named after its first day.

    Raises
    ------
    PastPeriodError
        If the period is over.
    WindowError
        If it has no day, or more than 31.
    OutsideAreaError
        If the area is wider than the actor's.
    """
    when = period(start, days)
    if when.end <= work.now:
        raise PastPeriodError
    if not work.scope.covers(area):
        raise OutsideAreaError([str(area)])
    made = work.tx.rosters.find_roster(event_id)
    roster_id = (
        made["id"]
        if made
        else work.tx.rosters.add_roster(
            name=name.strip() or translate("Roster from {day}", day=f"{start:%m-%d}"),
            area=str(area),
            start=minute(when.start),
            end=minute(when.end),
            state=RosterState.DRAFT.value,
            mode=mode.value,
            settings=settings_json(RosterSettings()),
            position=0,
            revision=1,
            created_at=work.at,
            created_by=work.actor.name,
            changed_at=work.at,
            changed_by=work.actor.name,
            event_id=event_id,
        )
    )
    work.note(roster=roster_id)
    return fetch_roster(work.tx, roster_id)


def list_rosters(context: Context, *states: RosterState) -> list[Roster]:
    """Return the rosters inside the actor's area, the latest period first; without states drafts and published ones."""
    with context.look(Action.VIEW_ROSTER) as tx:
        rows = tx.rosters.read_rosters(states or (RosterState.DRAFT, RosterState.PUBLISHED))
        scope = context.scope_in(tx)
        rosters = [roster_from_row(row, tx.rosters.count_steps(row["id"])) for row in rows]
        return [roster for roster in rosters if scope.covers(roster.area)]


def read_roster(context: Context, roster_id: int) -> Roster:
    """Return a roster as it stands.

    Raises
    ------
    UnknownRosterError
        If there is no such roster.
    OutsideAreaError
        If it was made for a wider or another area than the actor's.
    """
    with context.look(Action.VIEW_ROSTER) as tx:
        return fetch_roster_for(context, tx, roster_id)


@use_case(Action.KEEP_ROSTER, "roster:{roster_id}")
def change_roster_once(work: Work, roster_id: int, event_id: str, change: Callable[[Work, Roster], None]) -> Roster:
    """Make a change of a roster, told how it stands, unless its event has come before; return it as it stands then.

    Raises
    ------
    UnknownRosterError
        If there is no such roster.
    OutsideAreaError
        If it was made for a wider or another area than the actor's.
    RosterClosedError
        If it is closed.
    """
    return change_once(work, fetch_roster_for(work.context, work.tx, roster_id), event_id, change)


def change_once(work: Work, roster: Roster, event_id: str, change: Callable[[Work, Roster], None]) -> Roster:
    """Make a change of a roster inside a transaction, of which the caller knows that the actor may make it.

    Raises
    ------
    RosterClosedError
        If it is closed.
    """
    if not work.tx.rosters.note_event(roster.id, event_id, work.at):
        work.note(repeated=1)
        return roster
    if roster.state is RosterState.CLOSED:
        raise RosterClosedError(roster.name)
    change(work, roster)
    work.tx.rosters.set_roster(roster.id, changed_at=work.at, changed_by=work.actor.name)
    if roster.state is RosterState.PUBLISHED:
        work.tx.touch(ROSTERS)
    return fetch_roster(work.tx, roster.id)


def take_roster_step(
    work: Work, roster: Roster, kind: RosterStepKind, removed: Sequence[DutyRow], added: Sequence[DutyRow]
) -> list[int]:
    """Change the duties of a roster by a step that can be undone; return the numbers of the duties put in.

    Rows of ``added`` that have a number (``id``) keep it, others get one. Undone steps are forgotten.
    """
    rosters = work.tx.rosters
    stamp = {"changed_at": work.at, "changed_by": work.actor.name}
    rosters.replace_duties([row["id"] for row in removed], [])
    fresh = [{**_plain(row), **stamp} for row in added if not row.get("id")]
    kept = [{**row, **stamp} for row in added if row.get("id")]
    rosters.replace_duties([], kept)
    numbers = rosters.add_duties(fresh)
    put = [*kept, *({**row, "id": number} for row, number in zip(fresh, numbers, strict=True))]
    rosters.add_step(
        roster.id,
        roster.undoable + 1,
        kind=kind.value,
        removed=_to_json(removed),
        added=_to_json(put),
        at=work.at,
        actor=work.actor.name,
    )
    rosters.set_roster(roster.id, position=roster.undoable + 1)
    work.note(duty_step=kind.value, duties=max(len(removed), len(added)))
    return [row["id"] for row in put]


def walk_back(work: Work, roster: Roster) -> None:
    """Undo the last step; without one nothing happens. A chain is then as if it had not been read."""
    _walk(work, roster, roster.undoable, "added", "removed", roster.undoable - 1)


def walk_on(work: Work, roster: Roster) -> None:
    """Do the step again that was undone last; without one nothing happens."""
    _walk(work, roster, roster.undoable + 1, "removed", "added", roster.undoable + 1)


def duties_of_step(tx: Transaction, roster: Roster, *, undo: bool) -> list[DutyRow]:
    """Return the rows that undoing the last step, or doing it again, would put in."""
    number = roster.undoable if undo else roster.undoable + 1
    step = tx.rosters.read_step(roster.id, number)
    return json.loads(step["removed" if undo else "added"]) if step else []


def fetch_roster(tx: Transaction, roster_id: int) -> Roster:
    """Return a roster inside a transaction.

    Raises
    ------
    UnknownRosterError
        If there is no such roster.
    """
    row = tx.rosters.read_roster(roster_id)
    if row is None:
        raise UnknownRosterError(roster_id)
    return roster_from_row(row, tx.rosters.count_steps(roster_id))


def fetch_roster_for(context: Context, tx: Transaction, roster_id: int) -> Roster:
    """Return a roster inside a transaction, if it is of the actor's area.

    Raises
    ------
    OutsideAreaError
        If it was made for a wider or another area.
    """
    roster = fetch_roster(tx, roster_id)
    if not context.scope_in(tx).covers(roster.area):
        raise OutsideAreaError([f"#{roster_id}"])
    return roster


def fetch_shift_for(context: Context, tx: Transaction, roster_id: int, shift_id: int) -> tuple[Roster, Shift]:
    """Return a roster and a shift of it inside a transaction, if the roster is of the actor's area.

    Raises
    ------
    UnknownRosterError, OutsideAreaError
        As for ``fetch_roster_for``.
    UnknownShiftError
        If there is no such shift in the roster.
    """
    roster = fetch_roster_for(context, tx, roster_id)
    row = tx.rosters.read_shift(shift_id)
    if row is None or row["roster_id"] != roster_id:
        raise UnknownShiftError(shift_id)
    return roster, shift_from_row(row)


def roster_scope(context: Context, tx: Transaction, roster: Roster) -> Scope:
    """Return what lies inside the area of a roster."""
    return context.within(roster.area).scope_in(tx)


def _walk(work: Work, roster: Roster, number: int, out: str, back: str, position: int) -> None:
    step = work.tx.rosters.read_step(roster.id, number) if number else None
    if step is None:
        return
    removed, added = json.loads(step[out]), json.loads(step[back])
    work.tx.rosters.replace_duties([row["id"] for row in removed], added)
    work.tx.rosters.set_roster(roster.id, position=position)
    if step["kind"] == RosterStepKind.SIGN_UP:
        work.tx.sign_ups.set_undone(roster.id, number, undone=position < number)


def _plain(row: DutyRow) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name in _FIELDS}


def _to_json(rows: Iterable[DutyRow]) -> str:
    return json.dumps([_plain(row) | {"id": row["id"]} for row in rows], ensure_ascii=False)


_FIELDS = (
    "shift_id",
    "member_code",
    "team_code",
    "unit_code",
    "heads",
    "state",
    "source",
    "rank",
    "pinned",
    "replaces",
    "order_id",
    "reason",
    "changed_at",
    "changed_by",
)
