"""Where a zone stands among the others: what is above it, what is inside it. Pure."""

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.schema import PARENT_LAYER, ZONE_LAYERS, Layer

Tables = Mapping[Layer, pd.DataFrame]


def ancestors(tables: Tables, level: Layer, code: str) -> list[tuple[Layer, str]]:
    """Return a zone and what it lies in, the widest first; what is unknown ends the way up."""
    way: list[tuple[Layer, str]] = []
    at: Layer | None = level
    while at is not None and code in tables[at].index:
        way.append((at, code))
        above: Any = tables[at]["parent_code"].loc[code]
        at, code = PARENT_LAYER.get(at), "" if pd.isna(above) else str(above)
    return way[::-1]


def row_of(table: pd.DataFrame, code: str) -> "pd.Series[Any]":
    """Return the row of a zone; codes are there once."""
    return cast("pd.Series[Any]", table.loc[code])


def common_zone(tables: Tables, one: tuple[Layer, str], other: tuple[Layer, str]) -> tuple[Layer, str] | None:
    """Return the narrowest zone in which two zones lie; a zone lies in itself. None where there is none."""
    common = [step for step in ancestors(tables, *one) if step in ancestors(tables, *other)]
    return common[-1] if common else None


def inside(tables: Tables, level: Layer, code: str, inner_level: Layer) -> pd.Index:
    """Return the codes of all zones of a level that lie in a zone; a zone lies in itself."""
    codes = pd.Index([code])
    for layer in ZONE_LAYERS[ZONE_LAYERS.index(level) + 1 : ZONE_LAYERS.index(inner_level) + 1]:
        table = tables[layer]
        codes = table.index[table["parent_code"].isin(codes)]
    return codes


def count_above(tables: Tables, estates: pd.Index) -> dict[Layer, "pd.Series[int]"]:
    """Return how many of some estates lie in each zone of each wider level, in the order of its table."""
    counts: dict[Layer, pd.Series[int]] = {}
    parents = tables[Layer.ESTATES]["parent_code"].loc[estates]
    for level in ZONE_LAYERS[-2::-1]:
        counts[level] = parents.value_counts().reindex(tables[level].index, fill_value=0)
        parents = parents.map(tables[level]["parent_code"])
    return counts


def runs_inside(tables: Tables, level: Layer, code: str) -> dict[Layer, list[list[int]]]:
    """Return which rows of each level's table lie in a zone, as runs: the first row and how many follow each other.

    Of wider levels that is the row of the zone that it lies in; of levels that are empty there is none.
    """
    above = dict(ancestors(tables, level, code))
    return {
        at: _runs(table.index.get_indexer(pd.Index([above[at]]) if at in above else inside(tables, level, code, at)))
        for at, table in tables.items()
        if len(table)
    }


def _runs(positions: NDArray[np.intp]) -> list[list[int]]:
    rows = np.sort(positions[positions >= 0])
    groups = np.split(rows, np.flatnonzero(np.diff(rows) != 1) + 1)
    return [[int(group[0]), len(group)] for group in groups if len(group)]
