"""Fields out of the HTML that ArcGIS and others put into the description of a KML placemark: a table of two columns."""

from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Final

import pandas as pd

_MARK: Final = "<t"
_MOST_FIELDS: Final = 500


def with_described_fields(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the fields that stand in its descriptions as columns of their own.

    A row of a table with two cells is a field and its value, unless a column has that name already.

    >>> table = "<table><tr><td>网格编号</td><td>T0</td></tr></table>"
    >>> with_described_fields(pd.DataFrame({"description": [table]}))["网格编号"].tolist()
    ['T0']
    """
    header = next((name for name in frame.columns if name.lower() == "description"), None)
    if header is None:
        return frame
    described = [_fields(cell) if isinstance(cell, str) and _MARK in cell.lower() else {} for cell in frame[header]]
    names = dict.fromkeys(name for fields in described for name in fields if name not in frame.columns)
    added = {name: pd.Series([fields.get(name) for fields in described], dtype=object) for name in names}
    return frame.assign(**added) if len(added) <= _MOST_FIELDS else frame


def _fields(html: str) -> dict[str, str]:
    reader = _TableReader()
    reader.feed(html)
    reader.close()
    rows = ([cell.strip() for cell in row] for row in reader.rows)
    pairs = [row for row in rows if len(row) == 2 and row[0] and row[1]]
    return {name.rstrip(":：").strip(): value for name, value in pairs if value.lower() != "<null>"}


class _TableReader(HTMLParser):
    """Collects the cells of tables; of a table within a cell its rows stand for themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._is_in_cell = False

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in {"table", "tr"}:
            self._is_in_cell = False
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"} and self.rows:
            self.rows[-1].append("")
            self._is_in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._is_in_cell = False

    def handle_data(self, data: str) -> None:
        if self._is_in_cell:
            self.rows[-1][-1] += data
