"""Which mode the district is in: declared with a reason, an approver and an end, and over when the end has passed."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from services.catalog.actions import Action
from services.context import Context, Transaction, Work
from services.errors import ServiceError
from services.i18n import text
from services.rules.burden import DeclaredTime
from services.rules.windows import Mode
from services.use_cases import use_case


class ModeError(ServiceError, ValueError):
    """A declaration that lacks something."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """A mode with what was said when it was declared; ``until`` is None for the routine mode only."""

    mode: Mode
    since: datetime | None = None
    until: datetime | None = None
    reason: str = ""
    approver: str = ""


ROUTINE = Declaration(Mode.ROUTINE)


def current_mode(context: Context) -> Declaration:
    """Return the declaration in force now; the routine mode where none is."""
    return in_force(last_declared(context), context.clock())


def last_declared(context: Context) -> Declaration:
    """Return the last declaration, over or not; the routine mode where none is."""
    with context.look(Action.VIEW_COVERAGE) as tx:
        return declared_in(tx)


def declared_in(tx: Transaction) -> Declaration:
    """Return the same inside a transaction."""
    declared = tx.records.read_modes()
    if declared.empty:
        return ROUTINE
    last = declared.iloc[0]
    until = None if pd.isna(last["until"]) else datetime.fromisoformat(last["until"])
    since = datetime.fromisoformat(last["since"])
    return Declaration(Mode(last["mode"]), since, until, last["reason"], last["approver"])


def declared_times_in(tx: Transaction) -> list[DeclaredTime]:
    """Return every declaration there was, as ``services.rules.burden`` reads them."""
    rows = tx.records.read_modes().astype(object).to_dict("records")
    ends = (row["since"] if pd.isna(row["until"]) else row["until"] for row in rows)
    return [
        DeclaredTime(Mode(row["mode"]), datetime.fromisoformat(row["since"]), datetime.fromisoformat(end))
        for row, end in zip(rows, ends, strict=True)
    ]


def in_force(declaration: Declaration, now: datetime) -> Declaration:
    """Return a declaration as long as it holds, then the routine mode."""
    return ROUTINE if declaration.until is not None and declaration.until <= now else declaration


@use_case(Action.DECLARE_MODE, "{mode.value}")
def declare_mode(work: Work, mode: Mode, *, reason: str, approver: str, until: datetime | None = None) -> None:
    """Declare a mode from now on.

    Raises
    ------
    ModeError
        If the reason or the approver is empty, or a mode other than routine has no end in the future.
    WiderAreaError
        If there are grids outside the actor's area: a mode holds for all of them.
    """
    now = work.now
    if not reason.strip() or not approver.strip():
        raise ModeError(text("A change of mode needs a reason and the name of who approved it."))
    if mode is not Mode.ROUTINE and (until is None or until <= now):
        raise ModeError(text("Say until when the mode holds; the end must lie in the future."))
    work.tx.records.add_mode(
        mode=mode.value,
        since=work.at,
        until=None if until is None or mode is Mode.ROUTINE else until.isoformat(timespec="seconds"),
        reason=reason.strip(),
        approver=approver.strip(),
        actor=work.actor.name,
    )
    work.tx.touch("modes")
    work.note(mode=mode.value, until="" if until is None else until.isoformat(timespec="minutes"))
