"""Sheets filled in and signed: no row for what nobody has touched, and the missing named where a level signs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from geo.schema import ZONE_LAYERS
from services.catalog.actions import Action, Role
from services.context import Transaction, Work
from services.matters.acting import act_on
from services.matters.errors import FinalSheetError, FutureSheetError, NothingToSignError, OwnAnswerError
from services.matters.figures import read_figures
from services.matters.history import add_event, check_revision
from services.matters.kinds import KindBook, KindEntry, read_book, require_features
from services.matters.places import PlaceTree, covers, parse_place
from services.rules.areas import Area, OutsideAreaError
from services.rules.matters.forms import FieldValue, check_complete, read_values
from services.rules.matters.kinds import MatterKind
from services.rules.matters.machine import MatterState, Side, Verb
from services.rules.matters.periods import Every, last_day, period_of
from services.rules.matters.sheets import RollUp, ZoneSheet, roll_up
from services.use_cases import use_case

MISSING: Final = "missing:zones"
"""Beside the totals of a level that signed: codes of the zones that it signed without, joined by ``;``."""


@dataclass(frozen=True, slots=True)
class SignOutcome:
    """What came of signing."""

    count: int
    """Sheets that were signed now."""
    roll_up: RollUp


def find_sheet(book: KindBook, code: str, zone: Area, period: str) -> tuple[KindEntry, str]:
    """Return a sheet that is in force for a zone, and its period: the one named, else the present one.

    Raises
    ------
    UnknownKindError, KindRestsError, PeriodError
        If there is none, it is not in force, or it has no such period.
    FutureSheetError
        If the period has not begun.
    """
    entry = book.find(code, zone, is_sheet=True)
    every, today = entry.kind.every or Every.ONCE, book.now.date()
    name = period or period_of(every, today)
    if last_day(every, name) > last_day(every, period_of(every, today)):
        raise FutureSheetError(name)
    return entry, name


def read_row(tx: Transaction, kind: str, zone: Area, period: str) -> Mapping[str, Any] | None:
    """Return the row of a sheet, None where nobody has touched it."""
    rows = tx.matters.read_matters(kind=[kind], subject=[str(zone)], period=[period])
    return rows[0] if rows else None


@use_case(Action.ACT_ON_MATTER, "sheet")
def fill_sheet(
    work: Work,
    kind_code: str,
    zone_code: str,
    values: Mapping[str, str | int | None],
    *,
    period: str = "",
    revision: int | None = None,
    is_draft: bool = False,
) -> int:
    """Fill in the sheet of a zone, or save it as a draft; return the number of its matter.

    Parameters
    ----------
    values
        What was typed, by code; what is left out stays as it was.
    period
        Empty for the present one.
    revision
        Of what was read before (0 where nobody had touched it); None: whatever it is.

    Raises
    ------
    UnknownKindError, KindRestsError, PeriodError, FutureSheetError
        If there is no such sheet, it is not in force, or the period has not begun.
    BurdenError
        If it asks for more than the mode allows.
    OutsideAreaError
        If the zone lies outside the actor's area.
    FieldError, UnknownFieldError, RequiredFieldError, PersonInTextError
        If a value is none, something is missing, or a person may stand in a text.
    FinalSheetError
        If it is signed.
    RevisionError
        If somebody has changed it since.
    """
    book = read_book(work.context, work.tx)
    zone = _zone(book, kind_code, zone_code)
    work.scope.require(zone.layer or ZONE_LAYERS[-1], [zone.code])
    entry, name = find_sheet(book, kind_code, zone, period)
    require_features(work.tx, entry.kind, work.now)
    row = read_row(work.tx, kind_code, zone, name)
    if row is not None and row["state"] == MatterState.CLOSED:
        raise FinalSheetError
    if row is not None and revision is not None:
        check_revision(work, row, revision)
    own = json.loads(row["fields"]) if row else {}
    typed = {field.code: own[field.code] for field in entry.kind.typed_fields if field.code in own}
    typed = {code: value for code, value in typed.items() if code not in values}
    typed |= read_values(entry.kind.fields, values)
    if not is_draft:
        check_complete(entry.kind.fields, typed, is_sheet=True)
    figures = read_figures(work.tx, book.places, entry.kind.fields, zone, name)
    number = row["id"] if row else _begin(work, book, entry, zone, name)
    verb = Verb.SAVE if is_draft else Verb.ANSWER
    if row is not None and is_draft and row["state"] == MatterState.ANSWERED:
        verb = Verb.ANSWER  # what was handed in stays handed in
        check_complete(entry.kind.fields, typed, is_sheet=True)
    _write(work, number, verb, figures | typed)
    work.note(kind=kind_code, period=name)
    return number


def _zone(book: KindBook, kind_code: str, zone_code: str) -> Area:
    kind = book.entries[kind_code].kind if kind_code in book.entries else None
    level = kind.level if kind and kind.is_sheet else ZONE_LAYERS[-1]
    zone = Area(level, zone_code)
    if kind and not book.places.holds(zone):
        raise OutsideAreaError([zone_code])
    return zone


def _begin(work: Work, book: KindBook, entry: KindEntry, zone: Area, period: str) -> int:
    """Write the row of a sheet that somebody touches first."""
    due = entry.kind.due(period).isoformat(timespec="seconds")
    number = work.tx.matters.add_matter(
        event_id=f"{entry.kind.code}:{zone}:{period}",
        kind=entry.kind.code,
        kind_version=entry.version,
        subject=str(zone),
        asker=str(book.places.level_above(zone)),
        owner=str(zone),
        title="",
        body="",
        fields="{}",
        period=period,
        cause="",
        state=MatterState.OPEN.value,
        urgency="date",
        asked_at=work.at,
        asked_by=work.actor.name,
        respond_by=None,
        due=due,
    )
    add_event(work, number, Verb.ASK, Side.OWNER)
    act_on(work, number, Verb.TAKE, taken_at=work.at)
    return number


def _write(work: Work, number: int, verb: Verb, values: Mapping[str, FieldValue]) -> None:
    fields = json.dumps(values, ensure_ascii=False)
    answered = {"answered_at": work.at} if verb is Verb.ANSWER else {}
    act_on(work, number, verb, fields=fields, **answered)
    work.target = f"matter:{number}"


@use_case(Action.SIGN_SHEETS, "sheet")
def sign_sheets(work: Work, kind_code: str, area: str, *, period: str = "") -> SignOutcome:
    """Sign the sheets of the level below that are filled in; what is missing is named in the own one.

    Signed once more after others came, the own totals follow.

    Parameters
    ----------
    area
        Who signs: ``layer:code`` of the level above the sheets.

    Raises
    ------
    UnknownKindError, KindRestsError, PeriodError, FutureSheetError, AreaError
        If there is no such sheet or area.
    OutsideAreaError
        If the area that signs lies outside the actor's.
    NothingToSignError
        If no sheet waits, and nothing has changed since it was signed.
    OwnAnswerError
        If all that wait were filled in by who would sign them.
    """
    signer = parse_place(area)
    if not covers(work.scope, signer):
        raise OutsideAreaError([signer.code])
    book = read_book(work.context, work.tx)
    entry, name = find_sheet(book, kind_code, signer, period)
    rows = child_rows(work.tx, book.places, entry.kind, signer, name)
    waiting = [row for row in rows.values() if row["state"] == MatterState.ANSWERED]
    events = work.tx.matters.read_events([row["id"] for row in waiting])
    others = [row for row in waiting if not _is_own(work, events[row["id"]])]
    if waiting and not others:
        raise OwnAnswerError
    for row in others:
        act_on(work, row["id"], Verb.CLOSE, closed_at=work.at)
    total = roll_up_of(book.places, entry.kind, signer, child_rows(work.tx, book.places, entry.kind, signer, name))
    is_new = _write_totals(work, book, entry, signer, name, total)
    if not others and not is_new:
        raise NothingToSignError
    work.note(kind=kind_code, period=name, sheets=len(others), missing=len(total.lacking_final))
    return SignOutcome(len(others), total)


def _is_own(work: Work, events: list[Mapping[str, Any]]) -> bool:
    answer = next((event for event in reversed(events) if event["what"] == Verb.ANSWER), None)
    return answer is not None and answer["actor"] == work.actor.name and work.actor.role is not Role.LOCAL


def _write_totals(work: Work, book: KindBook, entry: KindEntry, signer: Area, period: str, total: RollUp) -> bool:
    """Write the totals of a level that signs as its own sheet, for the level above; tell whether they are new.

    Raises
    ------
    FinalSheetError
        If the level above has signed that sheet.
    """
    if not total.final or signer.layer not in ZONE_LAYERS:
        return False
    values: dict[str, FieldValue] = {**total.totals, MISSING: ";".join(total.lacking_final)}
    row = read_row(work.tx, entry.kind.code, signer, period)
    if row is not None and json.loads(row["fields"]) == values:
        return False
    if row is not None and row["state"] == MatterState.CLOSED:
        raise FinalSheetError
    _write(work, row["id"] if row else _begin(work, book, entry, signer, period), Verb.ANSWER, values)
    return True


def child_rows(
    tx: Transaction, places: PlaceTree, kind: MatterKind, area: Area, period: str
) -> dict[str, Mapping[str, Any]]:
    """Return the rows of the sheets of the level below an area, by code of zone."""
    subjects = [str(zone) for zone in places.below(area)]
    rows = tx.matters.read_matters(kind=[kind.code], period=[period], subject=subjects)
    return {parse_place(row["subject"]).code: row for row in rows}


def roll_up_of(places: PlaceTree, kind: MatterKind, area: Area, rows: Mapping[str, Mapping[str, Any]]) -> RollUp:
    """Return the figures of the level below an area together."""
    sheets = [ZoneSheet(code, MatterState(row["state"]), json.loads(row["fields"])) for code, row in rows.items()]
    return roll_up(kind.fields, [zone.code for zone in places.below(area)], sheets)
