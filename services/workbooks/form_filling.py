"""A form that was understood, filled in place: everything but the cells of its fields stays as it was."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final, TypeVar

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from services.i18n import Text, text
from services.workbooks.cells import say_at_least, write_answer, write_text, write_total
from services.workbooks.files import open_workbook, save_workbook
from services.workbooks.form_reading import FormReading, FormRow
from services.workbooks.formulas import RowRepetition
from services.workbooks.model import FormContent, FormZone, total
from services.workbooks.repetition import formula_of, repeat_rows
from services.workbooks.template import FilledWorkbook

K = TypeVar("K", int, str)
_ENDINGS: Final = re.compile(r"(?:社区居委会|社区居民委员会|村委会|居委会|社区|村|网格|街道办事处|街道)$")
_SUM: Final = re.compile(r"=SUM\([^()]+\)", re.IGNORECASE)


def fill_form(name: str, data: bytes, reading: FormReading, content: FormContent) -> FilledWorkbook:
    """Return a form with what the zones said in its cells; formulas stay, and compute.

    Zones are found in the rows that name them, with or without 社区 at the end. The others get the empty rows, by code;
    the last empty row is repeated where there are too few. What there is no answer to is left as it was.

    Raises
    ------
    ImportFileError
        If the file cannot be filled.
    """
    book = open_workbook(name, data)
    sheet = book[reading.sheet]
    zones = match_zones(reading, content)
    others = [zone for zone in content.sorted_zones() if zone.code not in zones]
    places = zones | _fill_empty_rows(book, reading, others)
    shift = max(0, len(others) - _count_empty(reading)) if _count_empty(reading) else 0
    for zone in content.zones:
        if zone.code in places:
            _fill_row(sheet, places[zone.code], reading, content, zone)
    if reading.total_row:
        last_empty = max((row.number for row in reading.rows if not row.name), default=0)
        _fill_totals(sheet, reading.total_row + (shift if reading.total_row > last_empty else 0), reading, content)
    notes = (*reading.notes, *_notes(reading, content, zones, others))
    return FilledWorkbook(save_workbook(book), (), notes)


def match_zones(reading: FormReading, content: FormContent) -> dict[str, int]:
    """Return the row of each zone that the form names, by the zone's code; names that come twice decide nothing."""
    rows = _once({row.number: row.name for row in reading.rows if row.name})
    zones = _once({zone.code: zone.name for zone in content.zones})
    return {code: rows[name] for name, code in zones.items() if name in rows}


def _once(names: Mapping[K, str]) -> dict[str, K]:
    """Return by name what alone is called so."""
    short = {key: _short_name(name) for key, name in names.items()}
    counts = Counter(short.values())
    return {name: key for key, name in short.items() if counts[name] == 1}


def _short_name(name: str) -> str:
    bare = re.sub(r"\s", "", name)
    return _ENDINGS.sub("", bare) or bare


def _count_empty(reading: FormReading) -> int:
    return sum(not row.name for row in reading.rows)


def _fill_empty_rows(book: Workbook, reading: FormReading, zones: list[FormZone]) -> dict[str, int]:
    """Give zones that the form does not name its empty rows, and return which; repeat the last where they are few."""
    empty = [row.number for row in reading.rows if not row.name]
    if not empty:
        return {}
    lack = len(zones) - len(empty)
    if lack > 0:
        repeat_rows(book, {reading.sheet: RowRepetition(empty[-1], lack + 1)})
        empty += range(empty[-1] + 1, empty[-1] + lack + 1)
    sheet = book[reading.sheet]
    for number, (zone, row) in enumerate(zip(zones, empty, strict=False), 1):
        write_text(sheet.cell(row, reading.name_column), zone.name)
        if reading.number_column:
            cell = sheet.cell(row, reading.number_column)
            if formula_of(cell) is None:
                cell.value = number + sum(bool(each.name) for each in reading.rows)
    return {zone.code: row for zone, row in zip(zones, empty, strict=False)}


def _fill_row(sheet: Worksheet, row: int, reading: FormReading, content: FormContent, zone: FormZone) -> None:
    for column in reading.columns:
        answer = content.answer(zone, column.declaration.code)
        cell = sheet.cell(row, column.number)
        if answer is not None and formula_of(cell) is None:
            write_answer(cell, answer)


def _fill_totals(sheet: Worksheet, row: int, reading: FormReading, content: FormContent) -> None:
    """Write the sums that no formula makes; those of some zones show it."""
    for column in reading.columns:
        cell, figure = sheet.cell(row, column.number), total(content, column.declaration)
        formula = formula_of(cell)
        if formula is None and figure.value is not None:
            write_total(cell, figure)
        elif formula is not None and _SUM.fullmatch(formula) and figure.value is not None and not figure.is_whole:
            say_at_least(cell, figure)


def _notes(reading: FormReading, content: FormContent, zones: Mapping[str, int], others: list[FormZone]) -> list[Text]:
    """Return which zones have no row, and which rows no zone."""
    rows: list[FormRow] = [row for row in reading.rows if row.name and row.number not in zones.values()]
    notes = []
    if others and not _count_empty(reading):
        names = "、".join(zone.name for zone in others)
        notes.append(text("The form has no row for {names}; their figures are in the sums alone", names=names))
    if rows and content.zones:
        names = "、".join(row.name for row in rows)
        notes.append(text("The form has rows for {names}, which are not among the zones; they stay empty", names=names))
    return notes
