"""Rows that are parts of one zone: of one name, one code and one zone above, side by side, saying nothing different.

Outlines of districts with islands come with a row for each island; the zone is all of them together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

_SAME_GROUND: Final = 0.01
"""Share of the smaller one that two parts may have in common; rows that share more are the same zone twice."""


@dataclass(frozen=True, slots=True)
class JoinedParts:
    """Shapes and values of ``n`` rows after the parts of one zone were brought together in its first row."""

    shapes: NDArray[np.object_]
    frame: pd.DataFrame
    first: Mapping[int, int]
    """Place of each other part → place of the first one."""


def join_parts(values: pd.DataFrame, shapes: NDArray[np.object_], accepted: NDArray[np.bool_]) -> JoinedParts:
    """Return rows with the parts of each zone joined in its first row.

    Parameters
    ----------
    values
        One row a row of the file: ``name``, ``code``, ``parent_code`` where there are any, and what else is known.
    shapes
        ``(n,)`` checked shapes, None where there is none; only areas are joined.
    accepted
        ``(n,)`` which rows are still in.
    """
    if "name" not in values.columns:
        return JoinedParts(shapes, values, {})
    shapes, values = shapes.copy(), values.copy()
    first: dict[int, int] = {}
    is_area = accepted & (shapely.get_dimensions(shapes) == 2)
    for places in _groups(values, is_area):
        if _are_parts(values.iloc[places], shapes[places]):
            shapes[places[0]] = _gathered(shapes[places])
            filled = values.iloc[places].bfill().iloc[0]
            values.iloc[places[0]] = filled.where(filled.notna(), None)
            first |= dict.fromkeys(places[1:], places[0])
    return JoinedParts(shapes, values, first)


def _groups(values: pd.DataFrame, is_in: NDArray[np.bool_]) -> list[list[int]]:
    """Return the places of rows of one name, code and zone above, where there are several."""
    keys = values[[name for name in ("name", "code", "parent_code") if name in values.columns]].astype(object)
    groups: dict[tuple[object, ...], list[int]] = {}
    for place, key in enumerate(keys.where(keys.notna(), None).itertuples(index=False)):
        if is_in[place] and key[0]:
            groups.setdefault(tuple(key), []).append(place)
    return [places for places in groups.values() if len(places) > 1]


def _are_parts(rows: pd.DataFrame, shapes: NDArray[np.object_]) -> bool:
    """Return whether rows say nothing that contradicts, and lie side by side."""
    if any(len(set(rows[name].dropna())) > 1 for name in rows.columns):
        return False
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = left < right
    common = shapely.area(shapely.intersection(shapes[left[pairs]], shapes[right[pairs]]))
    smaller = np.minimum(shapely.area(shapes[left[pairs]]), shapely.area(shapes[right[pairs]]))
    return bool((common <= _SAME_GROUND * smaller).all())


def _gathered(shapes: NDArray[np.object_]) -> shapely.Geometry:
    return shapely.MultiPolygon(shapely.get_parts(shapely.union_all(shapes)).tolist())
