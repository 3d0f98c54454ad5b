"""What an import would do to what is stored, counted before anybody says yes: new rows, and per field what changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

PLACE: Final = "geom"
"""The field that stands for points and outlines."""
STATED_AS: Final = {"identity_hash": "identity"}
"""Fields that the store keeps under another name."""


@dataclass(frozen=True, slots=True)
class Changes:
    """How many rows an import adds and changes, and how many values of each field; fields without any are absent."""

    new: int
    unchanged: int
    """Rows that are stored with the very same values."""
    changed_rows: int
    changed: Mapping[str, int]
    """A stored value is replaced by another."""
    filled: Mapping[str, int]
    """There was none before."""
    emptied: Mapping[str, int]
    """A stored value goes, and nothing takes its place."""


def count_changes(frame: pd.DataFrame, before: pd.DataFrame) -> Changes:
    """Return what writing rows would change.

    Parameters
    ----------
    frame
        The rows as they would be written, indexed by ``code``; only its columns are written.
    before
        What is stored of the layer, indexed by ``code``.

    Examples
    --------
    >>> rows = pd.DataFrame({"residents": [300, None, 5]}, index=["A", "B", "C"])
    >>> stored = pd.DataFrame({"residents": [280.0, 50.0]}, index=["A", "B"])
    >>> done = count_changes(rows, stored)
    >>> done.new, done.changed, done.emptied
    (1, {'residents': 1}, {'residents': 1})
    """
    both = frame.index.intersection(before.index)
    places, places_before = frame.index.get_indexer(both), before.index.get_indexer(both)
    counts: dict[str, dict[str, int]] = {"changed": {}, "filled": {}, "emptied": {}}
    touched = np.zeros(len(both), dtype=bool)
    for name in (name for name in frame.columns if name in before.columns):
        old, new = before[name].iloc[places_before], frame[name].iloc[places]
        was, is_there = _stands(old), _stands(new)
        differs = was & is_there
        differs[differs] = ~_same(old[differs], new[differs], is_place=name == PLACE)
        for kind, rows in (
            ("changed", differs),
            ("filled", ~was & is_there),
            ("emptied", was & ~is_there),
        ):
            touched |= rows
            if rows.any():
                counts[kind][STATED_AS.get(name, name)] = int(rows.sum())
    changed_rows = int(touched.sum())
    return Changes(len(frame) - len(both), len(both) - changed_rows, changed_rows, **counts)


def _stands(column: "pd.Series[Any]") -> NDArray[np.bool_]:
    """Return where something stands; an empty text is nothing."""
    there: NDArray[np.bool_] = (column.notna() & column.astype(object).ne("")).to_numpy(dtype=bool)
    return there


def _same(old: "pd.Series[Any]", new: "pd.Series[Any]", *, is_place: bool) -> NDArray[np.bool_]:
    """Return where two columns without nulls say the same."""
    values = [np.asarray(column, dtype=object) for column in (old, new)]
    return np.asarray(shapely.equals_exact(*values) if is_place else values[0] == values[1], dtype=bool)
