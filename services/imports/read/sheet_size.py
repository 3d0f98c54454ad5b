"""How much memory the sheets of a workbook would take, told from the packed file before anything is read from it.

The reader of workbooks makes a table as wide and as long as the places of the cells say, and copies a shared text into
every cell that names it. Two cells, or one long text, are then enough to end the process, and no exception says so.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from services.i18n import Text, text
from services.imports.errors import ImportFileError

_DAMAGED: Final = text("The workbook is damaged; open and save it again")
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
_ZIP_ERRORS: Final = (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError)


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
            names = archive.namelist()
            if _FOREIGN & set(names):
                raise ImportFileError(_DAMAGED)
            lengths = _lengths(archive, [name for name in names if name.lower().endswith("sharedstrings.xml")])
            for name in names:
                if "worksheets/" in name.lower() and name.lower().endswith(".xml"):
                    _check_sheet(archive, name, lengths)
    except _ZIP_ERRORS as error:
        if isinstance(error, ImportFileError):
            raise
        raise ImportFileError(_DAMAGED) from error


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
        size.columns = max(size.columns, max((_column(letters) for letters in {c for c, _ in places}), default=0))
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


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _too_large(name: str) -> Text:
    sheet = name.rpartition("/")[2].removesuffix(".xml")
    return text("The sheet {sheet} is too large; delete its empty rows and columns", sheet=sheet)
