"""Cells of a workbook that hold something the reader of workbooks hands over as empty: errors, formulas unsolved.

The reader gives an empty text for a cell in which a formula failed and for a formula whose result nobody stored, and
so does it for a cell in which nothing stands. Which is which is told from the workbook itself.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree import ElementTree as ET
from xml.parsers import expat

from services.imports.read.biff import find_errors
from services.imports.read.table import Unreadable
from services.imports.read.upload import ZIP_MAGIC

CellPosition = tuple[int, int]
"""Row and column, both from 0."""

_CHUNK: Final = 4 << 20
_OVERLAP: Final = 64
_SUSPECT: Final = re.compile(rb"""<(?:\w+:)?f[\s>/]|\st\s*=\s*["']e["']""")
"""What a sheet without formulas and errors has nowhere."""
_ERROR_CELL: Final = re.compile(
    rb"""(<(?:\w+:)?c\s[^>]*?\bt\s*=\s*["']e["'][^>]*(?<!/)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>)[^<]*""", re.DOTALL
)
_PLACE: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_ALL_ANEW: Final = re.compile(rb"""<(?:\w+:)?calcPr\b[^>]*\bfullCalcOnLoad\s*=\s*["'](?:1|true)["']""")
"""Written by programs that leave the formulas for whoever opens the workbook to work out."""


def with_known_errors(data: bytes) -> bytes:
    """Return a workbook in which every error cell has an error that the reader knows: one other fails the whole sheet.

    Newer programs have more of them (``#SPILL!``, ``#GETTING_DATA``); what stands there is told from the original.
    """
    memory = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(memory, "w") as copy:
        for name in archive.namelist():
            content = archive.read(name)
            is_sheet = name.startswith("xl/worksheets/")
            copy.writestr(name, _ERROR_CELL.sub(rb"\1#VALUE!", content) if is_sheet else content)
    return memory.getvalue()


def find_unreadable(data: bytes, names: tuple[str, ...], sheet: str) -> Mapping[CellPosition, Unreadable]:
    """Return the cells of a sheet that hold something the reader cannot hand over.

    A formula counts as unsolved where no result is stored with it. Some programs store 0 with every formula and ask
    for all to be worked out when the workbook is opened; where every formula has that result, it is none.

    Parameters
    ----------
    data
        A workbook: XLSX, or XLS of Excel 97 and later (WPS ``.et``).
    names
        The names of its sheets, in their order.
    sheet
        Which of them.
    """
    if not data.startswith(ZIP_MAGIC):
        return {place: Unreadable(shown, "formula_error") for place, shown in find_errors(data, names.index(sheet))}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = _part_of(archive, sheet)
        if part is None or not _is_suspect(archive, part):
            return {}
        is_all_anew = _ALL_ANEW.search(archive.read("xl/workbook.xml")) is not None
        with archive.open(part) as opened:
            cells = _Cells()
            cells.read(iter(lambda: opened.read(_CHUNK), b""))
    return cells.errors | cells.unsolved | (cells.zeros if is_all_anew and not cells.has_results else {})


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Return the name of the part in which the cells of a sheet stand."""
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - expat refuses entities that grow
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - as above
    }
    for each in book.iter():
        if each.tag.rpartition("}")[2] == "sheet" and each.get("name") == sheet:
            key = next((value for name, value in each.items() if name.rpartition("}")[2] == "id"), None)
            path = posixpath.normpath(posixpath.join("/xl", targets.get(key, ""))).lstrip("/")
            return path if path in archive.namelist() else None
    return None


def _is_suspect(archive: zipfile.ZipFile, part: str) -> bool:
    rest = b""
    with archive.open(part) as opened:
        while chunk := opened.read(_CHUNK):
            if _SUSPECT.search(rest + chunk):
                return True
            rest = chunk[-_OVERLAP:]
    return False


class _Cells:
    """What a sheet says of its cells, gathered while it is read."""

    def __init__(self) -> None:
        self.errors: dict[CellPosition, Unreadable] = {}
        self.unsolved: dict[CellPosition, Unreadable] = {}
        self.zeros: dict[CellPosition, Unreadable] = {}
        """Formulas with the result 0."""
        self.has_results = False
        """Whether any formula has a result other than 0."""
        self._row, self._column = -1, -1
        self._kind, self._has_formula, self._text = "n", False, ""
        self._parts: dict[str, list[str]] = {}
        self._open: list[str] | None = None

    def read(self, pieces: Iterator[bytes]) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._characters
        try:
            for piece in pieces:
                parser.Parse(piece)
        except expat.ExpatError:
            return

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            stated = attributes.get("r", "")
            self._row, self._column = int(stated) - 1 if stated.isdecimal() else self._row + 1, -1
        elif name == "c":
            place = _PLACE.fullmatch(attributes.get("r", ""))
            self._column = column_number(place[1]) - 1 if place else self._column + 1
            self._row = int(place[2]) - 1 if place else self._row
            self._kind, self._parts = attributes.get("t", "n"), {}
        elif name in {"f", "v"}:
            self._open = self._parts.setdefault(name, [])

    def _characters(self, text: str) -> None:
        if self._open is not None:
            self._open.append(text)

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in {"f", "v"}:
            self._open = None
        elif name == "c":
            self._add("".join(self._parts.get("v", ())).strip())

    def _add(self, value: str) -> None:
        place = (self._row, self._column)
        if self._kind == "e":
            self.errors[place] = Unreadable(value or "#N/A", "formula_error")
        elif "f" in self._parts:
            unsolved = Unreadable(f"={''.join(self._parts['f'])}", "formula_unsolved")
            if not value and self._kind != "str":
                self.unsolved[place] = unsolved
            elif value == "0":
                self.zeros[place] = unsolved
            else:
                self.has_results = True


def column_number(letters: str) -> int:
    """Return the number of a column, from 1: of A 1, of AA 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
