"""A blank form understood: which cells are headers, which rows are zones, what each column asks for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from services.i18n import Text, text
from services.imports.errors import ImportFileError
from services.rules.headers import normal_header
from services.workbooks.cells import plain_text
from services.workbooks.files import losses, open_workbook
from services.workbooks.known_fields import kind_of, path_of, roll_up_of, unit_of
from services.workbooks.model import AnswerKind, WorkbookField
from services.workbooks.repetition import cells_of, formula_of

_ZONE_WORD: Final = re.compile(
    r"(?:所属|所在|填报|各)?(?:社区|网格|街道|镇街|村居|村社区|小区|单位|居委会|区域)(?:名称|名)?|社区村|村"
)
_GENERAL_GROUP: Final = re.compile(r"人口|户数|基本(?:情况|信息|数据)|概况|辖区\w*")
"""Headers over several columns that do not make them mean anything else than they say."""
_NUMBER_WORDS: Final = frozenset({"序号", "编号", "序", "no"})
_TOTAL: Final = re.compile(r"(?:.{0,4})?(?:合计|总计|小计|总数)|汇总")
_NOTE: Final = re.compile(r"注|备注[:：]|说明|填报人|填表|审核|审批|联系|制表|负责人|单位盖章|单位负责")
_SEARCH_ROWS: Final = 20
_MOST_EMPTY: Final = 2_000
"""Rows of a form that are looked at."""
CellPlace = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column of a form, and the field it asks for."""

    number: int
    """From 1."""
    declaration: WorkbookField
    path: str
    """Where the program knows it from; empty where it is to be asked for."""
    has_formula: bool
    """Whether the form computes it itself."""

    @property
    def letter(self) -> str:
        """The letters over the column."""
        return str(get_column_letter(self.number))


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row for a zone; without a name the row is empty and whoever comes next gets it."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class FormReading:
    """What was understood of a blank form, and where its cells are."""

    sheet: str
    title: str
    header_rows: tuple[int, int]
    """The first and the last."""
    name_column: int
    number_column: int
    """Of 序号; 0 where there is none."""
    rows: tuple[FormRow, ...]
    total_row: int
    """0 where there is none."""
    columns: tuple[FormColumn, ...]
    notes: tuple[Text, ...]

    @property
    def asked_columns(self) -> list[FormColumn]:
        """The columns that somebody has to fill."""
        return [column for column in self.columns if not column.path and not column.has_formula]


def read_form(name: str, data: bytes) -> FormReading:
    """Return what a workbook asks for: the first sheet that is shown and has a column for zones.

    Raises
    ------
    ImportFileError
        If the file cannot be opened, or no sheet has such a column with fields beside it.
    """
    book = open_workbook(name, data)
    notes = tuple(
        text("The filled workbook has no {loss} any more; put them in again where they are needed", loss=loss)
        for loss in losses(data)
    )
    for sheet in book.worksheets:
        grid = _Grid(sheet)
        place = grid.zone_header() if sheet.sheet_state == "visible" else None
        if place is not None and (reading := _read_sheet(grid, place, notes)).columns:
            return reading
    raise ImportFileError(
        text(
            "No sheet of {name} has a header like 社区, 网格 or 单位 with columns to fill beside it; put one above the"
            " column of zones",
            name=name,
        )
    )


class _Grid:
    """The cells of a sheet as people see them: merged cells say the same everywhere."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.cells = {(cell.row, cell.column): cell for cell in cells_of(sheet)}
        self.words = {
            place: " ".join(words.split())
            for place, cell in self.cells.items()
            if formula_of(cell) is None and (words := plain_text(cell.value) or _number_words(cell.value))
        }
        self.merges = {
            (row, column): merge
            for merge in sheet.merged_cells.ranges
            if merge.size["rows"] * merge.size["columns"] <= _MOST_EMPTY
            for row in range(merge.min_row, merge.max_row + 1)
            for column in range(merge.min_col, merge.max_col + 1)
        }
        self.width = max((column for _, column in self.words), default=0)

    def at(self, row: int, column: int) -> str:
        """Return what stands in a cell, or in the merged cells it belongs to."""
        merge = self.merges.get((row, column))
        return self.words.get((merge.min_row, merge.min_col) if merge else (row, column), "")

    def zone_header(self) -> CellPlace | None:
        """Return the place of the header over the zones: the first with another header beside it."""
        for row, column in sorted(self.words):
            words = normal_header(self.words[row, column])
            beside = [c for r, c in self.words if r == row and c != column]
            if row <= _SEARCH_ROWS and beside and _ZONE_WORD.fullmatch(words):
                return row, column
        return None

    def header_rows(self, place: CellPlace) -> tuple[int, int]:
        """Return the first and last row of the headers: those of the merged cell, and groups right above."""
        merge = self.merges.get(place)
        first, last = (merge.min_row, merge.max_row) if merge else (place[0], place[0])
        if first > 1 and any(self._is_group(first - 1, column) for column in range(1, self.width + 1)):
            first -= 1
        return first, last

    def _is_group(self, row: int, column: int) -> bool:
        """Return whether a cell is a header over several columns, but no title over all."""
        merge = self.merges.get((row, column))
        return merge is not None and merge.min_row == merge.max_row and 1 < merge.size["columns"] < self.width - 1

    def header(self, rows: tuple[int, int], column: int) -> str:
        """Return the header of a column, from the upper rows to the lower."""
        parts = (self.at(row, column) for row in range(rows[0], rows[1] + 1))
        return "·".join(dict.fromkeys(part for part in parts if part))

    def is_ruled(self, row: int) -> bool:
        """Return whether a row has cells that are drawn or filled."""
        cells = (self.cells.get((row, column)) for column in range(1, self.width + 1))
        return any(cell is not None and (cell.border.bottom.style or cell.value is not None) for cell in cells)

    def has_formula(self, row: int, column: int) -> bool:
        cell = self.cells.get((row, column))
        return cell is not None and formula_of(cell) is not None


def _number_words(value: object) -> str:
    """Return a number as it stands in a cell; of anything else nothing."""
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _read_sheet(grid: _Grid, place: CellPlace, notes: tuple[Text, ...]) -> FormReading:
    rows = grid.header_rows(place)
    headers = {column: grid.header(rows, column) for column in range(1, grid.width + 1)}
    number_column = next((c for c, words in headers.items() if normal_header(words) in _NUMBER_WORDS), 0)
    zones = tuple(_zone_rows(grid, rows[1], place[1]))
    last = zones[-1].number if zones else rows[1]
    above = (grid.at(row, column) for row in range(1, rows[0]) for column in range(1, grid.width + 1))
    asked = [c for c, words in headers.items() if words and c not in {place[1], number_column}]
    return FormReading(
        sheet=grid.sheet.title,
        title=next((words for words in above if words), ""),
        header_rows=rows,
        name_column=place[1],
        number_column=number_column,
        rows=zones,
        total_row=_total_row(grid, rows[1], last),
        columns=tuple(_apart([_column(grid, number, headers[number], zones) for number in asked])),
        notes=notes,
    )


def _zone_rows(grid: _Grid, header: int, name_column: int) -> Iterator[FormRow]:
    """Yield the rows below the headers that are for zones, up to what stands below the table."""
    for row in range(header + 1, min(grid.sheet.max_row, header + _MOST_EMPTY) + 1):
        words = [grid.at(row, column) for column in range(1, grid.width + 1)]
        if _is_note(words) or not grid.is_ruled(row):
            return
        if not _is_total(words):
            yield FormRow(row, grid.at(row, name_column))


def _is_note(words: list[str]) -> bool:
    """Return whether a row stands at the foot: what begins it says so, or one text fills it."""
    texts = [each for each in words if each]
    return bool(texts) and (bool(_NOTE.match(texts[0])) or (len(words) > 2 and words.count(texts[0]) >= len(words) - 1))


def _is_total(words: list[str]) -> bool:
    return any(_TOTAL.fullmatch(normal_header(each)) for each in words[:3] if each)


def _total_row(grid: _Grid, header: int, last: int) -> int:
    """Return the row of the sums: among the zones, or right below them."""
    for row in range(header + 1, last + 2):
        if _is_total([grid.at(row, column) for column in range(1, grid.width + 1)]):
            return row
    return 0


def _column(grid: _Grid, number: int, header: str, rows: tuple[FormRow, ...]) -> FormColumn:
    group, _, words = header.rpartition("·")
    path = path_of(words) if not group or _GENERAL_GROUP.fullmatch(group) else ""
    choices = _choices(grid.sheet, number, rows)
    kind = kind_of(header)
    if choices:
        kind = AnswerKind.YES if set(choices) == {"是", "否"} else AnswerKind.CHOICE
    letter = str(get_column_letter(number)).lower()
    code = path.rpartition(".")[2] if path and "." in path else f"column_{letter}"
    declaration = WorkbookField(code, header, unit_of(header), kind, roll_up_of(header, kind), choices=choices)
    return FormColumn(number, declaration, path, any(grid.has_formula(row.number, number) for row in rows))


def _apart(columns: list[FormColumn]) -> Iterator[FormColumn]:
    """Yield columns no two of which have one code: what comes again is asked for."""
    codes: set[str] = set()
    for column in columns:
        code = column.declaration.code
        if code in codes:
            code = f"column_{column.letter.lower()}"
            yield replace(column, declaration=replace(column.declaration, code=code), path="")
        else:
            yield column
        codes.add(code)


def _choices(sheet: Worksheet, column: int, rows: tuple[FormRow, ...]) -> tuple[str, ...]:
    """Return what may be chosen in a column where the form itself lists it."""
    places = {f"{get_column_letter(column)}{row.number}" for row in rows[:1]}
    for check in sheet.data_validations.dataValidation:
        formula = check.formula1 or ""
        if check.type == "list" and formula.startswith('"') and any(place in check.sqref for place in places):
            return tuple(part.strip() for part in formula.strip('"').split(","))
    return ()
