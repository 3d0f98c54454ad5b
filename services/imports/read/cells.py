"""From rows of cells to a table: where the header is, which rows are blank, which columns have no name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from geo.errors import Problem
from geo.schema import Layer
from services.i18n import Text, text
from services.imports.check.values import INVISIBLE, UNSEEN
from services.imports.errors import ImportFileError
from services.imports.read.table import RawTable, SourceFacts
from services.rules.headers import count_known

HEADER_SEARCH_ROWS: Final = 20
_BLANKS: Final = f" \t\r\n\u3000\u00a0{INVISIBLE}"
_LEAST_NUMBERED: Final = 4
"""Fewest cells 1, 2, 3, … below a header that number its columns."""

CellRow = Sequence[object]


@dataclass(frozen=True, slots=True)
class Header:
    """What names the columns."""

    place: int
    """The place (from 0) of the row it stands in, of two rows the lower."""
    cells: CellRow
    word_count: int
    """How many known words it has."""


def read_header(rows: Sequence[CellRow], layer: Layer) -> Header:
    """Return the header; of two rows (人口情况 above 户数) it is made one, where more is understood that way."""
    place, known = find_header(rows, layer)
    found = Header(place, rows[place] if rows else (), known)
    for lower in (place, place + 1):
        if 0 < lower < len(rows) and all(map(_may_name, rows[lower])):
            cells = _joined(rows[lower - 1], rows[lower], layer)
            both = Header(lower, cells, count_known([c for c in cells if c], layer))
            found = both if both.word_count > found.word_count else found
    return found


def find_header(rows: Sequence[CellRow], layer: Layer) -> tuple[int, int]:
    """Return the place (from 0) of the header row and how many known words it has.

    The row with the most known words among the first ``HEADER_SEARCH_ROWS``; on a tie the first. Where no row has
    any, the first row with two or more filled cells, else the first that is not blank.
    """
    top = rows[:HEADER_SEARCH_ROWS]
    scores = [count_known([c for c in row if isinstance(c, str)], layer) for row in top]
    best = max(scores, default=0)
    if best:
        return scores.index(best), best
    filled = [sum(not is_blank(cell) for cell in row) for row in top]
    wide = next((place for place, count in enumerate(filled) if count >= 2), None)
    return (wide if wide is not None else next((p for p, count in enumerate(filled) if count), 0)), 0


def build_table(rows: Sequence[CellRow], source: SourceFacts, header: Header, *, is_text: bool = False) -> RawTable:
    """Return the rows below a header as a table; blank rows are passed over, the others keep their numbers.

    So is a row right below the header that only numbers the columns; it is noted.

    A column without a header is left out where it is blank throughout and named by its place where it is not; a header
    that comes twice gets its place too. Trailing blanks are taken off headers and cells; a blank cell is None.

    A row with something beyond the header has a cell too many, which moves the others: it is a problem. So is one that
    fills the column right behind the header, where most rows leave it empty. In a text (``is_text``) a row with too few
    cells is told too.

    Raises
    ------
    ImportFileError
        If there is no row below the header.
    """
    below = [(n, row) for n, row in enumerate(rows[header.place + 1 :], header.place + 2) if not is_blank_row(row)]
    notes = [Problem(below.pop(0)[0], "", "numbering_row")] if below and _numbers_columns(below[0][1]) else []
    if not below:
        raise ImportFileError(_nothing_in(rows, header))
    named = _last_filled(header.cells) + 1
    width = max(len(header.cells), *(len(row) for _, row in below))
    columns = [[_cell(row, place) for _, row in below] for place in range(width)]
    numbers = [number for number, _ in below]
    wide = _wide_rows(columns, named, len(header.cells))
    names = _column_names([_cell(header.cells, place) for place in range(width)], columns)
    data = {name: pd.Series(columns[place], dtype=object) for place, name in names}
    frame = pd.DataFrame(data, index=pd.RangeIndex(len(below)), dtype=object)
    return RawTable(
        frame,
        np.array(numbers, dtype=np.int64),
        source,
        problems=tuple(_wide_row(numbers[place], named) for place in wide),
        cut_rows={number: len(row) for number, row in below if len(row) < named} if is_text else {},
        notes=tuple(notes),
    )


def is_blank(cell: object) -> bool:
    """Return whether a cell holds nothing that can be seen."""
    return cell is None or (isinstance(cell, str) and not cell.strip(_BLANKS))


def is_blank_row(row: CellRow) -> bool:
    """Return whether every cell of a row is blank."""
    return all(map(is_blank, row))


def _nothing_in(rows: Sequence[CellRow], header: Header) -> Text:
    if all(map(is_blank_row, rows)):
        return text("The file holds no rows")
    return text("There are no rows below the header (row {row})", row=header.place + 1)


def _wide_rows(columns: Sequence[Sequence[object]], named: int, header_cells: int) -> list[int]:
    """Return the places of rows with something where the header has no cell, or where hardly a row has anything."""
    wide = {row for column in columns[header_cells:] for row, cell in enumerate(column) if cell is not None}
    next_to = columns[named] if named < header_cells else ()
    filled = [row for row, cell in enumerate(next_to) if cell is not None]
    return sorted(wide | set(filled if len(filled) * 2 <= len(next_to) else ()))


def _wide_row(row: int, columns: int) -> Problem:
    return Problem(row, "", "wide_row", params={"columns": columns})


def _last_filled(row: CellRow) -> int:
    return max((place for place, cell in enumerate(row) if not is_blank(cell)), default=-1)


def _may_name(cell: object) -> bool:
    """Return whether a cell may stand in a header: nothing, or words."""
    return is_blank(cell) or (isinstance(cell, str) and not cell.strip(_BLANKS)[0].isdigit())


def _joined(above: CellRow, below: CellRow, layer: Layer) -> list[str | None]:
    """Return the names of columns that two rows give, the upper standing over all columns up to its next cell."""
    names: list[str | None] = []
    group = ""
    for place in range(max(len(above), len(below))):
        over, under = _cell(above, place), _cell(below, place)
        group = str(over) if over is not None else group
        known = next((n for n in (f"{group}{under}", str(under)) if under and count_known([n], layer)), None)
        plain = f"{over or ''}{under or ''}" if over != under else str(over or "")
        names.append(known or plain or None)
    return names


def _numbers_columns(row: CellRow) -> bool:
    """Return whether the filled cells of a row are 1, 2, 3, … and many enough to be no record."""
    filled = [str(cell).strip(_BLANKS).removesuffix(".0") for cell in row if not is_blank(cell)]
    return len(filled) >= _LEAST_NUMBERED and filled == [str(n) for n in range(1, len(filled) + 1)]


def _cell(row: CellRow, place: int) -> object:
    cell = row[place] if place < len(row) else None
    if isinstance(cell, str):
        return cell.strip(_BLANKS) or None
    return cell


def _column_names(header: CellRow, columns: Sequence[Sequence[object]]) -> list[tuple[int, str]]:
    names: list[tuple[int, str]] = []
    seen: set[str] = set()
    for place, cell in enumerate(header):
        if cell is None and all(value is None for value in columns[place]):
            continue
        name = str(cell).replace("\n", "").translate(UNSEEN) if cell is not None else f"[{place + 1}]"
        if name in seen:
            name = f"{name} [{place + 1}]"
        seen.add(name)
        names.append((place, name))
    return names
