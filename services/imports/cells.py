"""From rows of cells to a table: where the header is, which rows are blank, which columns have no name."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from geo.schema import Layer
from services.i18n import text
from services.imports.errors import ImportFileError
from services.imports.table import RawTable, SourceFacts
from services.rules.headers import count_known

HEADER_SEARCH_ROWS: Final = 20
_BLANKS: Final = " \t\r\n\u3000\u00a0\u200b\ufeff"

Row = Sequence[object]


def find_header(rows: Sequence[Row], layer: Layer) -> tuple[int, int]:
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


def build_table(rows: Sequence[Row], source: SourceFacts, *, header: int) -> RawTable:
    """Return the rows below a header as a table; blank rows are passed over, the others keep their numbers.

    A column without a header is left out where it is blank throughout and named by its place where it is not; a header
    that comes twice gets its place too. Trailing blanks are taken off headers and cells; a blank cell is None.

    Raises
    ------
    ImportFileError
        If there is no row below the header.
    """
    below = [(number, row) for number, row in enumerate(rows[header + 1 :], header + 2) if not is_blank_row(row)]
    if not below:
        raise ImportFileError(text("There are no rows below the header (row {row})", row=header + 1))
    width = max(len(rows[header]), *(len(row) for _, row in below))
    columns = [[_cell(row, place) for _, row in below] for place in range(width)]
    names = _column_names([_cell(rows[header], place) for place in range(width)], columns)
    data = {name: pd.Series(columns[place], dtype=object) for place, name in names}
    frame = pd.DataFrame(data, index=pd.RangeIndex(len(below)), dtype=object)
    return RawTable(frame, np.array([number for number, _ in below], dtype=np.int64), source)


def is_blank(cell: object) -> bool:
    """Return whether a cell holds nothing that can be seen."""
    return cell is None or (isinstance(cell, str) and not cell.strip(_BLANKS))


def is_blank_row(row: Row) -> bool:
    """Return whether every cell of a row is blank."""
    return all(map(is_blank, row))


def _cell(row: Row, place: int) -> object:
    cell = row[place] if place < len(row) else None
    if isinstance(cell, str):
        return cell.strip(_BLANKS) or None
    return cell


def _column_names(header: Row, columns: Sequence[Sequence[object]]) -> list[tuple[int, str]]:
    names: list[tuple[int, str]] = []
    seen: set[str] = set()
    for place, cell in enumerate(header):
        if cell is None and all(value is None for value in columns[place]):
            continue
        name = str(cell).replace("\n", "") if cell is not None else f"[{place + 1}]"
        if name in seen:
            name = f"{name} [{place + 1}]"
        seen.add(name)
        names.append((place, name))
    return names
