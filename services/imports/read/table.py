"""A file as it was read, before anything is understood: headers, cells, row numbers as people see them, shapes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import Problem


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that has something in it that cannot be read, which is not the same as an empty one."""

    text: str
    """What a person sees in the cell (``#DIV/0!``), or what else names it (the formula)."""
    code: str
    """The code of the problem: ``formula_error``, ``formula_unsolved``."""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """Where the rows came from inside the file, for the report."""

    format: str
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    layer: str | None = None
    header_row: int | None = None
    choices: tuple[str, ...] = ()
    """All sheets or layers of the file, where there are several."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file as it was read."""

    frame: pd.DataFrame
    """One column a header, in the order of the file, dtype object: str, int, float, bool, date, None for an empty
    cell, or ``Unreadable``."""
    rows: NDArray[np.int64]
    """The number of each row as the user sees it: spreadsheet row (header in row 1 gives 2), feature (from 1)."""
    source: SourceFacts
    geometry: NDArray[np.object_] | None = None
    """One shapely geometry or None a row; None where the format has no shapes."""
    crs: str | None = None
    """What the file declares, as ``pyproj`` understands it; None where it declares nothing."""
    problems: tuple[Problem, ...] = ()
    """Rows that cannot be used, found while reading; they are in ``frame`` too."""
    notes: tuple[Problem, ...] = ()
    """What was mended while reading (a ring that was not closed)."""
    cut_rows: Mapping[int, int] = field(default_factory=dict)
    """Rows of a text that have fewer cells than its header: row number to number of cells. The others read as empty."""

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers as they stand in the file."""
        return tuple(self.frame.columns)
