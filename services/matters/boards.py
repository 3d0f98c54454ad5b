"""Sheets looked at: those of a level with who is missing, one to be filled in, and totals over time."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from geo.schema import ZONE_LAYERS, Layer
from services.catalog.actions import Action
from services.context import Context, Transaction
from services.matters.figures import read_figures
from services.matters.kinds import KindBook, KindEntry, read_book
from services.matters.model import SheetBoard, SheetForm, SheetLine
from services.matters.places import covers, parse_place
from services.matters.sheets import child_rows, find_sheet, read_row, roll_up_of
from services.rules.areas import Area, OutsideAreaError
from services.rules.matters.forms import FieldValue, over_time
from services.rules.matters.kinds import MatterKind
from services.rules.matters.machine import MatterState, Verb
from services.rules.matters.periods import Every, periods_between
from services.rules.matters.sheets import SheetState, ZoneSheet, differences, sheet_state


@dataclass(frozen=True, slots=True)
class SheetTask:
    """A sheet in force: for whoever fills it, or for the level that signs."""

    kind: MatterKind
    period: str
    due: datetime
    zone: Area
    """Of the sheet, or the area whose level below fills it."""
    zone_name: str
    state: SheetState
    """Of the sheet; of a level that signs, its own."""
    is_board: bool
    complete: int = 0
    expected: int = 1


def read_sheets(context: Context) -> tuple[SheetTask, ...]:
    """Return the sheets of the present periods that whoever looks is to fill or to sign, the widest zones first.

    Raises
    ------
    RefusedError
        If the actor may not look at matters.
    """
    with context.look(Action.VIEW_MATTERS) as tx:
        book, scope = read_book(context, tx), context.scope_in(tx)
        area = context.actor.area
        if area.layer is Layer.UNITS:
            return ()
        kinds = [entry for entry in book.entries.values() if entry.kind.is_sheet and book.holds(entry, area)]
        tasks = [task for entry in kinds for task in _tasks(tx, book, entry, area)]
        near = (task for task in tasks if covers(scope, task.zone))
        return tuple(sorted(near, key=lambda task: ZONE_LAYERS.index(task.zone.layer or ZONE_LAYERS[0])))


def _tasks(tx: Transaction, book: KindBook, entry: KindEntry, area: Area) -> list[SheetTask]:
    """Return the own sheets of a kind; of a level above, what is below it."""
    _entry, period = find_sheet(book, entry.kind.code, area, "")
    zones = book.places.within(entry.kind.level, area)
    if area.layer in {entry.kind.level, Layer.COMMUNITIES, Layer.GRIDS}:
        return [_task(tx, book, entry.kind, zone, period) for zone in zones]
    signers = sorted({str(book.places.level_above(zone)): book.places.level_above(zone) for zone in zones}.items())
    return [_task(tx, book, entry.kind, signer, period, is_board=True) for _name, signer in signers]


def _task(
    tx: Transaction, book: KindBook, kind: MatterKind, zone: Area, period: str, *, is_board: bool = False
) -> SheetTask:
    row, due = read_row(tx, kind.code, zone, period), kind.due(period)
    counts = (0, 1)
    if is_board:
        total = roll_up_of(book.places, kind, zone, child_rows(tx, book.places, kind, zone, period))
        counts = (len(total.complete), len(total.expected))
    state = sheet_state(_sheet(tx, zone, row), is_due=book.now > due)
    return SheetTask(kind, period, due, zone, book.places.name(zone), state, is_board, *counts)


def read_board(context: Context, kind_code: str, area: str, period: str = "") -> SheetBoard:
    """Return the sheets of the level below an area in a period (the present one by default).

    Raises
    ------
    UnknownKindError, KindRestsError, PeriodError, FutureSheetError, AreaError
        If there is no such sheet or area.
    OutsideAreaError
        If the area lies outside the actor's.
    """
    with _look_at(context, area) as (tx, book, above):
        entry, name = find_sheet(book, kind_code, above, period)
        return _board(tx, book, entry.kind, above, name)


@contextmanager
def _look_at(context: Context, words: str) -> Iterator[tuple[Transaction, KindBook, Area]]:
    """Give what sheets of a place are read from.

    Raises
    ------
    AreaError
        If the words name none.
    OutsideAreaError
        If it lies outside the actor's area.
    """
    with context.look(Action.VIEW_MATTERS) as tx:
        place = parse_place(words)
        if not covers(context.scope_in(tx), place):
            raise OutsideAreaError([place.code])
        yield tx, read_book(context, tx), place


def _board(tx: Transaction, book: KindBook, kind: MatterKind, area: Area, period: str) -> SheetBoard:
    rows, due = child_rows(tx, book.places, kind, area, period), kind.due(period)
    zones = book.places.below(area)
    total = roll_up_of(book.places, kind, area, rows)
    own = read_row(tx, kind.code, area, period)
    then = json.loads(own["fields"]) if own else {}
    return SheetBoard(
        kind=kind,
        period=period,
        due=due,
        area=area,
        area_name=book.places.name(area),
        lines=tuple(_line(tx, book, zone, rows.get(zone.code), is_due=book.now > due) for zone in zones),
        roll_up=total,
        names={zone.code: book.places.name(zone) for zone in zones},
        changes=differences(then, total.totals) if own else {},
        is_final=own is not None,
    )


def _line(tx: Transaction, book: KindBook, zone: Area, row: Mapping[str, Any] | None, *, is_due: bool) -> SheetLine:
    sheet = _sheet(tx, zone, row)
    return SheetLine(
        zone,
        book.places.name(zone),
        sheet_state(sheet, is_due=is_due),
        sheet.values if sheet else {},
        row["id"] if row else None,
        row["revision"] if row else 0,
    )


def _sheet(tx: Transaction, zone: Area, row: Mapping[str, Any] | None) -> ZoneSheet | None:
    if row is None:
        return None
    return ZoneSheet(zone.code, MatterState(row["state"]), json.loads(row["fields"]), bool(_sent_back(tx, row)))


def _sent_back(tx: Transaction, row: Mapping[str, Any]) -> str:
    """Return why a sheet was sent back; empty where it was not, or is filled in again."""
    if row["state"] != MatterState.TAKEN:
        return ""
    events = [each for each in tx.matters.read_events([row["id"]])[row["id"]] if each["what"] != Verb.SAVE]
    return str(json.loads(events[-1]["detail"]).get("words", "")) if events[-1]["what"] == Verb.RETURN else ""


def read_form(context: Context, kind_code: str, zone: str, period: str = "") -> SheetForm:
    """Return the sheet of a zone (``layer:code``) as it is to be filled in, with what the program knows.

    Raises
    ------
    UnknownKindError, KindRestsError, PeriodError, FutureSheetError, AreaError
        If there is no such sheet or zone.
    OutsideAreaError
        If the zone lies outside the actor's area.
    """
    with _look_at(context, zone) as (tx, book, place):
        entry, name = find_sheet(book, kind_code, place, period)
        kind, row = entry.kind, read_row(tx, kind_code, place, name)
        figures = read_figures(tx, book.places, kind.fields, place, name)
        typed = json.loads(row["fields"]) if row else {}
        return SheetForm(
            kind=kind,
            period=name,
            due=kind.due(name),
            zone=place,
            zone_name=book.places.name(place),
            state=sheet_state(_sheet(tx, place, row), is_due=book.now > kind.due(name)),
            values={**typed, **figures},
            before=_before(tx, kind, place, name),
            revision=row["revision"] if row else 0,
            matter_id=row["id"] if row else None,
            reason=_sent_back(tx, row) if row else "",
        )


def _before(tx: Transaction, kind: MatterKind, zone: Area, period: str) -> dict[str, FieldValue]:
    """Return what the last sheet before a period said; drafts say nothing."""
    states = [MatterState.ANSWERED.value, MatterState.CLOSED.value]
    rows = tx.matters.read_matters(kind=[kind.code], subject=[str(zone)], state=states)
    earlier = [row for row in rows if row["period"] < period]
    values: dict[str, FieldValue] = json.loads(max(earlier, key=lambda row: row["period"])["fields"]) if earlier else {}
    return values


def read_totals(
    context: Context, kind_code: str, area: str, first: date, last: date
) -> tuple[Sequence[SheetBoard], Mapping[str, int]]:
    """Return the sheets of the level below an area over time, a board a period, and the totals of all of it.

    Raises
    ------
    UnknownKindError, KindRestsError, PeriodError, FutureSheetError, AreaError
        If there is no such sheet or area, or it has not begun.
    OutsideAreaError
        If the area lies outside the actor's.
    """
    with _look_at(context, area) as (tx, book, above):
        entry = book.find(kind_code, above, is_sheet=True)
        names = [
            find_sheet(book, kind_code, above, name)[1]
            for name in periods_between(entry.kind.every or Every.ONCE, first, last)
        ]
        boards = [_board(tx, book, entry.kind, above, name) for name in names]
    return boards, over_time(entry.kind.fields, [board.roll_up.totals for board in boards if board.roll_up.final])
