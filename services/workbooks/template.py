"""An office's own workbook, filled where it has marks: 【栏名】 the total, 【社区】 a row for each zone."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from services.i18n import Text, text
from services.imports.errors import ImportFileError
from services.rules.headers import normal_header
from services.workbooks.cells import (
    answer_words,
    day_words,
    plain_text,
    say_at_least,
    total_words,
    write_answer,
    write_day,
    write_text,
    write_total,
)
from services.workbooks.files import losses, open_workbook, save_workbook
from services.workbooks.formulas import FormulaPlace, RowRepetition, names_one_copy, sheet_of
from services.workbooks.model import FormAnswer, FormContent, FormZone, Total, WorkbookField, total
from services.workbooks.repetition import Repetitions, cells_of, formula_of, repeat_rows

T = TypeVar("T")
ZONE_MARKS: Final = ("社区", "网格", "街道", "小区", "村居", "单位", "区县")
"""Marks of the one row that is repeated: the name of the zone stands there."""
_MARK: Final = re.compile(r"【([^【】]{1,60})】")
_SUM: Final = re.compile(r"=SUM\(([^(),]+)\)", re.IGNORECASE)
_COLUMN: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FilledWorkbook:
    """A workbook that was filled, and what there is to say of it."""

    data: bytes
    unknown_marks: tuple[str, ...]
    """Marks that mean nothing here, with their places; their cells are empty now."""
    notes: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class _Replacement:
    """What stands in the place of a mark: how it is written into a cell of its own, and its words in a sentence."""

    write: Callable[[Cell], None]
    words: str


_Replacements = Mapping[str, _Replacement]


def fill_template(name: str, data: bytes, content: FormContent) -> FilledWorkbook:
    """Return an office's workbook with its marks filled; everything else is as it was.

    Raises
    ------
    ImportFileError
        If the file cannot be filled, there is no zone, or a sheet has several rows for zones.
    """
    if not content.zones:
        raise ImportFileError(text("There is no zone to fill the workbook with"))
    book = open_workbook(name, data)
    repetitions = _zone_rows(book, len(content.zones))
    notes = [*_notes(book, repetitions, data)]
    sums = list(_sums_with_gaps(book, repetitions, content))
    repeat_rows(book, repetitions)
    for cell, figure in sums:
        say_at_least(cell, figure)
    unknown = [mark for sheet in book.worksheets for mark in _fill_sheet(sheet, repetitions, content)]
    return FilledWorkbook(save_workbook(book), tuple(dict.fromkeys(unknown)), tuple(notes))


def has_marks(name: str, data: bytes) -> bool:
    """Return whether a workbook has a mark, so that it is filled by ``fill_template``.

    Raises
    ------
    ImportFileError
        If the file cannot be opened.
    """
    return any(_marks(cell) for sheet in open_workbook(name, data).worksheets for cell in cells_of(sheet))


def _zone_rows(book: Workbook, count: int) -> dict[str, RowRepetition]:
    """Return the row of each sheet that stands for all zones.

    Raises
    ------
    ImportFileError
        If a sheet has several, or one that cannot be repeated.
    """
    rows: dict[str, RowRepetition] = {}
    for sheet in book.worksheets:
        cells = [cell for cell in cells_of(sheet) if set(_marks(cell)) & set(ZONE_MARKS)]
        numbers = list(dict.fromkeys(cell.row for cell in cells))
        if len(numbers) > 1:
            raise ImportFileError(_two_rows(sheet.title, *numbers[:2]))
        if cells:
            _check_merges(sheet, cells[0])
            rows[sheet.title] = RowRepetition(numbers[0], count)
    return rows


def _two_rows(sheet: str, first: int, second: int) -> Text:
    return text(
        "The sheet {sheet} has a mark for zones (like 【社区】) in row {first} and in row {second}; one row is repeated"
        " for all zones, take the other mark out",
        sheet=sheet,
        first=first,
        second=second,
    )


def _check_merges(sheet: Worksheet, cell: Cell) -> None:
    """Refuse a row for zones whose own cell is merged with rows below it.

    Raises
    ------
    ImportFileError
        Then.
    """
    merge = next((each for each in sheet.merged_cells.ranges if cell.coordinate in each), None)
    if merge is not None and merge.min_row != merge.max_row:
        raise ImportFileError(
            text(
                "On the sheet {sheet} the cell {cell} with the mark for zones is merged across rows; let each zone have"
                " one row",
                sheet=sheet.title,
                cell=cell.coordinate,
            )
        )


def _marks(cell: Cell) -> list[str]:
    """Return the marks of a cell."""
    return [mark.strip() for mark in _MARK.findall(plain_text(cell.value) or "")]


def _fields_by_mark(fields: Sequence[WorkbookField]) -> dict[str, WorkbookField]:
    """Return the field of each mark: by name and code as they are, and as headers are compared where that is one."""
    exact = {unicodedata.normalize("NFKC", name).strip(): each for each in fields for name in (each.code, each.name)}
    alike: dict[str, set[str]] = {}
    for name, each in exact.items():
        alike.setdefault(normal_header(name), set()).add(each.code)
    codes = {each.code: each for each in fields}
    return {key: codes[next(iter(found))] for key, found in alike.items() if len(found) == 1} | exact


def _of_mark(mark: str, values: Mapping[str, T]) -> T | None:
    """Return what a mark stands for; None where that is nothing, or not certain."""
    return values.get(unicodedata.normalize("NFKC", mark).strip(), values.get(normal_header(mark)))


def _notes(book: Workbook, repetitions: Repetitions, data: bytes) -> Iterator[Text]:
    """Yield what whoever hands the workbook in should look at."""
    for loss in losses(data):
        yield text("The filled workbook has no {loss} any more; put them in again where they are needed", loss=loss)
    for sheet in book.worksheets:
        own = repetitions.get(sheet.title)
        for cell in cells_of(sheet):
            formula = formula_of(cell)
            place = FormulaPlace(sheet.title, 0 if own is not None and cell.row == own.row else None)
            if formula is not None and names_one_copy(formula, place, repetitions):
                yield text(
                    "The formula in {sheet}!{cell} names one cell of the repeated row and goes on naming the first zone"
                    " alone",
                    sheet=sheet.title,
                    cell=cell.coordinate,
                )


def _sums_with_gaps(book: Workbook, repetitions: Repetitions, content: FormContent) -> Iterator[tuple[Cell, Total]]:
    """Yield the cells that sum up a field of all zones by a formula where some have said nothing."""
    fields = _fields_by_mark(content.fields)
    for sheet in book.worksheets:
        for cell in cells_of(sheet):
            source = _summed_cell(book, sheet, formula_of(cell) or "", repetitions)
            marks = _marks(source) if source else []
            declaration = next((each for mark in marks if (each := _of_mark(mark, fields)) is not None), None)
            if declaration is not None and not (figure := total(content, declaration)).is_whole:
                yield cell, figure


def _summed_cell(book: Workbook, sheet: Worksheet, formula: str, repetitions: Repetitions) -> Cell | None:
    """Return the cell of the repeated row that a plain sum of one column is made of."""
    if not (match := _SUM.fullmatch(formula)):
        return None
    title, cells = sheet_of(match[1].strip(), sheet.title)
    ends = _COLUMN.fullmatch(cells)
    row = repetitions.get(title)
    if row is None or ends is None or (ends[3] or ends[1]).upper() != ends[1].upper():
        return None
    holds_row = int(ends[2]) <= row.row <= int(ends[4] or ends[2])
    return book[title][f"{ends[1].upper()}{row.row}"] if holds_row else None


def _fill_sheet(sheet: Worksheet, repetitions: Repetitions, content: FormContent) -> Iterator[str]:
    """Fill the marks of a sheet, and yield those that mean nothing, with their places."""
    whole = _entries_of_all(content)
    zones = content.sorted_zones()
    own = repetitions.get(sheet.title)
    rows = {own.row + k: whole | _entries_of_zone(content, zone, k + 1) for k, zone in enumerate(zones)} if own else {}
    for cell in cells_of(sheet):
        entries = rows.get(cell.row, whole)
        for mark in _fill_cell(cell, entries):
            yield f"{sheet.title}!{cell.coordinate} {mark}"
    for part in _page_texts(sheet):
        if part.text:
            part.text, unknown = _replace(part.text, whole)
            yield from (f"{sheet.title} {mark}" for mark in unknown)


def _page_texts(sheet: Worksheet) -> Iterator[Any]:
    """Yield the parts of heads and feet of the pages."""
    for line in (sheet.oddHeader, sheet.oddFooter, sheet.evenHeader, sheet.evenFooter, sheet.firstHeader):
        yield from (line.left, line.center, line.right)


def _fill_cell(cell: Cell, entries: _Replacements) -> list[str]:
    """Fill a cell and return its marks that mean nothing."""
    formula, words = formula_of(cell), plain_text(cell.value)
    if formula is not None and _MARK.search(formula) and isinstance(cell.value, str):
        cell.value, unknown = _replace(formula, entries, escape=True)
        return unknown
    if words is None or not _MARK.search(words):
        return []
    lone = _MARK.fullmatch(words.strip())
    entry = _of_mark(lone[1], entries) if lone else None
    if entry is not None:
        entry.write(cell)
        return []
    replacement, unknown = _replace(words, entries)
    if replacement.strip():
        write_text(cell, replacement)
    else:
        cell.value = None
    return unknown


def _replace(words: str, entries: _Replacements, *, escape: bool = False) -> tuple[str, list[str]]:
    """Return a text with the words of its marks, and the marks that have none; they are taken out."""
    unknown: list[str] = []

    def words_of(match: re.Match[str]) -> str:
        entry = _of_mark(match[1], entries)
        if entry is None:
            unknown.append(match[0])
            return ""
        return entry.words.replace('"', '""') if escape else entry.words

    return _MARK.sub(words_of, words), unknown


def _entries_of_all(content: FormContent) -> dict[str, _Replacement]:
    """Return what marks mean outside of the repeated row."""
    silent = "、".join(zone.name for zone in content.silent_zones()) or "无"
    count = len(content.zones)
    share = f"{count - len(content.silent_zones())}/{count}"
    entries = {normal_header(name): _answer_entry(answer) for name, answer in content.facts.items()}
    for mark, declaration in _fields_by_mark(content.fields).items():
        entries[mark] = _total_entry(total(content, declaration))
    return entries | {
        "日期": _Replacement(lambda cell: write_day(cell, content.day), day_words(content.day)),
        "填报单位": _text_entry(content.reporter),
        "缺报": _text_entry(silent),
        "已报": _text_entry(share),
    }


def _entries_of_zone(content: FormContent, zone: FormZone, number: int) -> dict[str, _Replacement]:
    """Return what marks mean in the row of a zone, the ``number``th by code."""
    fields = _fields_by_mark(content.fields)
    entries = {mark: _answer_entry(content.answer(zone, each.code)) for mark, each in fields.items()}
    names = dict.fromkeys(ZONE_MARKS, _text_entry(zone.name))
    return entries | names | {"编号": _text_entry(zone.code), "序号": _answer_entry(number)}


def _text_entry(words: str) -> _Replacement:
    return _Replacement(lambda cell: write_text(cell, words), words)


def _answer_entry(answer: FormAnswer) -> _Replacement:
    return _Replacement(lambda cell: write_answer(cell, answer), answer_words(answer))


def _total_entry(figure: Total) -> _Replacement:
    return _Replacement(lambda cell: write_total(cell, figure), total_words(figure))
