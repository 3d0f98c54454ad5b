"""Where a zone stands among the others: what is above it, what is inside it. Pure."""

from collections.abc import Mapping
from typing import Any, cast

import pandas as pd

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


def inside(tables: Tables, level: Layer, code: str, wanted: Layer) -> pd.Index:
    """Return the codes of all zones of a level that lie in a zone; a zone lies in itself."""
    codes = pd.Index([code])
    for layer in ZONE_LAYERS[ZONE_LAYERS.index(level) + 1 : ZONE_LAYERS.index(wanted) + 1]:
        table = tables[layer]
        codes = table.index[table["parent_code"].isin(codes)]
    return codes
