"""Spreadsheets: cells of each sheet, with merged cells filled downwards, unless they would take too much memory.

The reader of workbooks makes a table as wide and as long as the places of the cells say, and copies a shared text into
every cell that names it. Two cells, or one long text, are then enough to end the process, and no exception says so: how
much memory the sheets would take is told from the packed file before anything is read from it.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
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

from services.i18n import Text, text
from services.imports.errors import ImportFileError
from services.imports.read.foreign_formats import COMPOUND_MAGIC
from services.imports.read.sheet_faults import CellPosition, column_number, find_unreadable, with_known_errors
from services.imports.read.table import Unreadable
from services.imports.read.upload import ZIP_ERRORS, ZIP_MAGIC

Cell = object
_DAMAGED: Final = text("The workbook is damaged; open and save it again")
LOCKED: Final = text("The workbook is locked with a password; save it without one")
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
"""Name of the stream that holds an XLSX file with a password."""
MAX_CELLS: Final = 40_000_000
"""Largest rows by columns of one sheet."""
_SPARSE_CELLS: Final = 5_000_000
"""Largest rows by columns where hardly any cell is filled."""
_EMPTY_FOR_ONE: Final = 50
"""Empty places a filled cell; a larger sheet with more is no table."""
_MAX_TEXT: Final = 1 << 30
"""Largest sum of the shared texts of all cells, in bytes."""
_CHUNK: Final = 4 << 20
_OVERLAP: Final = 400
"""Longer than what one cell says of itself before its value; a cell without one (a huge text) may be cut."""
_PLACE: Final = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_SHARED: Final = re.compile(rb"""\bt\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v>\s*([0-9]+)""")
_TEXT_START: Final = re.compile(rb"<(?:\w+:)?si[\s>]")
_FOREIGN: Final = frozenset({"content.xml", "xl/workbook.bin"})
"""Parts of other kinds of workbooks, for which a broken XLSX would be taken."""


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
    if data.startswith(COMPOUND_MAGIC) and ENCRYPTED in data:
        raise ImportFileError(LOCKED)
    book = _open(data)
    names = tuple(m.name for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet)
    visible = tuple(m.name for m in book.sheets_metadata if m.visible == SheetVisibleEnum.Visible)
    if sheet is not None and sheet not in names:
        raise ImportFileError(
            text("There is no sheet {sheet}; the file has: {names}", sheet=sheet, names="、".join(names))
        )
    wanted = [sheet] if sheet is not None else [name for name in names if name in visible]
    read = (_read_sheet(book, data, name, find_unreadable(data, names, name)) for name in wanted)
    filled = [each for each in read if each.cells]
    if not filled:
        raise ImportFileError(text("The workbook holds no rows"))
    return filled, names


def _open(data: bytes) -> CalamineWorkbook:
    try:
        return load_workbook(io.BytesIO(data))
    except PasswordError:
        raise ImportFileError(LOCKED) from None
    except (CalamineError, ValueError, OSError) as error:
        raise ImportFileError(_DAMAGED) from error


def _read_sheet(book: CalamineWorkbook, data: bytes, name: str, unreadable: Mapping[CellPosition, Unreadable]) -> Sheet:
    """Return a sheet of a workbook; where a cell fails it, of one whose errors are all of the known kinds.

    Raises
    ------
    ImportFileError
        If it cannot be read either.
    """
    try:
        return Sheet(name, _cells(book.get_sheet_by_name(name), unreadable))
    except (CalamineError, OSError) as error:
        if not (data.startswith(ZIP_MAGIC) and unreadable):
            raise ImportFileError(_DAMAGED) from error
    try:
        return Sheet(name, _cells(_open(with_known_errors(data)).get_sheet_by_name(name), unreadable))
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


@dataclass(slots=True)
class _Size:
    """What has been seen of a sheet."""

    cells: int = 0
    rows: int = 0
    columns: int = 0

    @property
    def is_table(self) -> bool:
        area = self.rows * self.columns
        return area <= min(MAX_CELLS, max(_SPARSE_CELLS, _EMPTY_FOR_ONE * self.cells))


def check_workbook(data: bytes) -> None:
    """Refuse an XLSX file whose sheets would take far more memory than what is written in them.

    Raises
    ------
    ImportFileError
        Then, or if it is damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(archive)
    except ImportFileError:
        raise
    except ZIP_ERRORS as error:
        raise ImportFileError(_DAMAGED) from error


def _check_parts(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    if _FOREIGN & set(names):
        raise ImportFileError(_DAMAGED)
    lengths = _lengths(archive, [name for name in names if name.lower().endswith("sharedstrings.xml")])
    for name in names:
        if "worksheets/" in name.lower() and name.lower().endswith(".xml"):
            _check_sheet(archive, name, lengths)


def _check_sheet(archive: zipfile.ZipFile, name: str, lengths: list[int]) -> None:
    """Refuse a sheet that is too large.

    Raises
    ------
    ImportFileError
        Then.
    """
    size, shared = _Size(), 0
    longest = max(lengths, default=0)
    for part in _parts(archive, name):
        places = _PLACE.findall(part)
        size.cells += len(places)
        size.rows = max(size.rows, max((int(row) for _, row in places), default=0))
        size.columns = max(
            size.columns, max((column_number(letters.decode()) for letters in {c for c, _ in places}), default=0)
        )
        if size.cells * longest > _MAX_TEXT:
            named = (int(number) for number in _SHARED.findall(part))
            shared += sum(lengths[number] for number in named if number < len(lengths))
        if size.rows * size.columns > MAX_CELLS or shared > _MAX_TEXT:
            raise ImportFileError(_too_large(name))
    if not size.is_table:
        raise ImportFileError(_too_large(name))


def _lengths(archive: zipfile.ZipFile, names: list[str]) -> list[int]:
    """Return the length of each shared text in bytes, its marks included."""
    starts: list[int] = []
    for name in names:
        content = archive.read(name)
        starts = [found.start() for found in _TEXT_START.finditer(content)] + [len(content)]
    return [after - before for before, after in pairwise(starts)]


def _parts(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield a part of a workbook in pieces that begin with a cell, so that no cell is cut or seen twice."""
    rest = b""
    with archive.open(name) as opened:
        while chunk := opened.read(_CHUNK):
            whole = rest + chunk
            cut = max(whole.rfind(b"<c ", 0, max(len(whole) - _OVERLAP, 0)), 0) or len(whole) - _OVERLAP
            rest = whole[max(cut, 0) :]
            yield whole[: max(cut, 0)]
    yield rest


def _too_large(name: str) -> Text:
    sheet = name.rpartition("/")[2].removesuffix(".xml")
    return text("The sheet {sheet} is too large; delete its empty rows and columns", sheet=sheet)
