"""A stored outline is not replaced by less: by a point, a line, a scrap of itself or nothing, unless that is meant.

A table made of an export has longitude and latitude of a point within each outline; whoever imports it again means the
other columns.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.arrays import Geometries
from geo.errors import Problem
from services.imports.findings import Finding, Treatment
from services.imports.options import Outlines

LEAST_SHARE: Final = 0.1
"""An area smaller than this share of the stored one is taken for a scrap of it."""
SAME_DEGREES: Final = 2e-7
"""Shapes that differ by no more are one and the same (2 cm): texts round to seven decimals."""


_GATHERS: Final[Mapping[shapely.GeometryType, Callable[..., Any]]] = {
    shapely.GeometryType.POLYGON: shapely.multipolygons,
    shapely.GeometryType.LINESTRING: shapely.multilinestrings,
}


@dataclass(frozen=True, slots=True)
class OutlineResult:
    """Shapes of ``n`` rows after the stored ones were looked at."""

    shapes: Geometries
    kept_count: int
    """How many stored outlines stay although the file has less in their place."""
    findings: tuple[Finding, ...]


def settle_outlines(
    shapes: Geometries, before: Geometries, *, rows: Mapping[int, int], column: str, wish: Outlines
) -> OutlineResult:
    """Return the shapes to write.

    Where nothing stands, an outline or a line stays, while a point goes. Where the file has less than what is stored
    (a point or a line for an area, a point for a line, an area below ``LEAST_SHARE`` of the stored one), what is stored
    stays unless the user wishes otherwise. What differs by rounding alone stays as it is stored.

    Parameters
    ----------
    shapes
        ``(n,)`` shapes of the file, EPSG:4326, None where there is none.
    before
        ``(n,)`` what is stored under the same codes, None where nothing is.
    rows
        Place → row number of the rows that are still in.
    column
        What problems call the column.
    wish
        The user's word.
    """
    is_in = np.isin(np.arange(len(shapes)), list(rows))
    drawn = shapely.get_dimensions(before) > 0
    blank = is_in & drawn & shapely.is_missing(shapes)
    less = is_in & drawn & ~blank & _is_less(shapes, before)
    same = is_in & ~less & is_same(shapes, before)
    if wish is Outlines.REPLACE:
        return OutlineResult(np.where(blank | same, before, shapes), 0, ())
    told = [Finding(Problem(rows[p], column, "outline_kept"), Treatment.NOTED) for p in np.flatnonzero(less).tolist()]
    return OutlineResult(np.where(blank | less | same, before, shapes), len(told), tuple(told))


def is_same(shapes: Geometries, before: Geometries) -> NDArray[np.bool_]:
    """Return which of ``n`` shapes are the other ones but for rounding; where one is missing they are not."""
    both = ~shapely.is_missing(shapes) & ~shapely.is_missing(before)
    same = np.zeros(len(shapes), dtype=bool)
    left, right = _as_parts(shapes[both]), _as_parts(before[both])
    same[both] = shapely.equals_exact(left, right, tolerance=SAME_DEGREES)
    return same


def _is_less(shapes: Geometries, before: Geometries) -> NDArray[np.bool_]:
    scrap = shapely.area(shapes) < LEAST_SHARE * shapely.area(before)
    less: NDArray[np.bool_] = (shapely.get_dimensions(shapes) < shapely.get_dimensions(before)) | scrap
    return less


def _as_parts(shapes: Geometries) -> Geometries:
    """Return shapes so that one is equal to itself: areas and lines as of several parts, in one order."""
    kept = shapes.copy()
    for kind, gather in _GATHERS.items():
        single = shapely.get_type_id(kept) == kind
        kept[single] = gather(kept[single][:, None])
    normal: Geometries = shapely.normalize(kept)
    return normal
