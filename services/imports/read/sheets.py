"""Spreadsheets: cells of each sheet, with merged cells filled downwards."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from services.i18n import text
from services.imports.errors import ImportFileError
from services.imports.read.sheet_faults import ZIP_MAGIC, CellPosition, find_unreadable
from services.imports.read.sheet_size import MAX_CELLS, check_workbook
from services.imports.read.table import Unreadable

Cell = object
_DAMAGED: Final = text("The workbook is damaged; open and save it again")
_LOCKED: Final = text("The workbook is locked with a password; save it without one")
_COMPOUND: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
"""Name of the stream that holds an XLSX file with a password."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name and its cells from row 1, column 1; empty cells are empty strings, others ``Unreadable``."""

    name: str
    cells: Sequence[Sequence[Cell]]


def read_sheets(data: bytes, *, sheet: str | None = None) -> tuple[list[Sheet], tuple[str, ...]]:
    """Return the sheets of a workbook that hold something (or the one asked for), and the names of all of them.

    A value of vertically merged cells stands in each of their rows; horizontally merged cells stay as they are, so
    that a title does not fill its row. Hidden sheets are read only when asked for by name.

    Raises
    ------
    ImportFileError
        If the workbook is damaged or locked, has no such sheet, or holds nothing.
    """
    if data.startswith(ZIP_MAGIC):
        check_workbook(data)
    if data.startswith(_COMPOUND) and _ENCRYPTED in data:
        raise ImportFileError(_LOCKED)
    try:
        book = load_workbook(io.BytesIO(data))
    except PasswordError:
        raise ImportFileError(_LOCKED) from None
    except (CalamineError, ValueError, OSError) as error:
        raise ImportFileError(_DAMAGED) from error
    names = tuple(m.name for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet)
    visible = tuple(m.name for m in book.sheets_metadata if m.visible == SheetVisibleEnum.Visible)
    if sheet is not None and sheet not in names:
        raise ImportFileError(
            text("There is no sheet {sheet}; the file has: {names}", sheet=sheet, names="、".join(names))
        )
    wanted = [sheet] if sheet is not None else [name for name in names if name in visible]
    read = (_read_sheet(book, name, find_unreadable(data, names, name)) for name in wanted)
    filled = [each for each in read if each.cells]
    if not filled:
        raise ImportFileError(text("The workbook holds no rows"))
    return filled, names


def _read_sheet(book: CalamineWorkbook, name: str, unreadable: Mapping[CellPosition, Unreadable]) -> Sheet:
    try:
        return Sheet(name, _cells(book.get_sheet_by_name(name), unreadable))
    except (CalamineError, OSError) as error:
        raise ImportFileError(_DAMAGED) from error


def _cells(sheet: CalamineSheet, unreadable: Mapping[CellPosition, Unreadable]) -> list[list[Cell]]:
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        raise ImportFileError(
            text("The sheet {sheet} is too large; delete its empty rows and columns", sheet=sheet.name)
        )
    cells: list[list[Cell]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    _put(cells, unreadable)
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        for row in range(top + 1, min(bottom + 1, len(cells))):
            if top < len(cells) and left < len(cells[row]) and cells[row][left] == "":
                cells[row][left] = cells[top][left]
    return cells


def _put(cells: list[list[Cell]], unreadable: Mapping[CellPosition, Unreadable]) -> None:
    """Put what cannot be read in its place, in rows and columns too that the reader of workbooks may not have seen."""
    for (row, column), cell in unreadable.items():
        if (row + 1) * (column + 1) > MAX_CELLS:
            continue
        cells.extend([] for _ in range(row + 1 - len(cells)))
        cells[row].extend("" for _ in range(column + 1 - len(cells[row])))
        cells[row][column] = cell
