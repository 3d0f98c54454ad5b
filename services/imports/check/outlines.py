"""Outlines of zones: parts of one zone in several rows are joined, and a stored outline is not replaced by less.

Outlines of districts with islands come with a row for each island; the zone is all of them together. A table made of an
export has longitude and latitude of a point within each outline; whoever imports it again means the other columns.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.arrays import Geometries
from geo.schema import ZONE_LAYERS
from services.imports.check.draft import CheckedRows
from services.imports.check.locations import Locations
from services.imports.options import Options, Outlines

LEAST_SHARE: Final = 0.1
"""An area smaller than this share of the stored one is taken for a scrap of it."""
SAME_DEGREES: Final = 2e-7
"""Shapes that differ by no more are one and the same (2 cm): texts round to seven decimals."""
_SAME_GROUND: Final = 0.01
"""Share of the smaller one that two parts may have in common; rows that share more are the same zone twice."""
_GATHERS: Final[Mapping[shapely.GeometryType, Callable[..., Any]]] = {
    shapely.GeometryType.POLYGON: shapely.multipolygons,
    shapely.GeometryType.LINESTRING: shapely.multilinestrings,
}


def join_zones(draft: CheckedRows, places: Locations) -> Locations:
    """Return the places with the parts of one zone together in its first row; the other rows are in it.

    Parts are rows of one name, one code and one zone above, side by side, saying nothing different. Only areas are
    joined.
    """
    if draft.layer not in ZONE_LAYERS:
        return places
    shapes, draft.frame = places.checked.geometry.copy(), draft.frame.copy()
    is_area = draft.accepted & (shapely.get_dimensions(shapes) == 2)
    for first, *others in _groups(draft.frame, is_area):
        parts = [first, *others]
        if _are_parts(draft.frame.iloc[parts], shapes[parts]):
            shapes[first] = _gathered(shapes[parts])
            filled = draft.frame.iloc[parts].bfill().iloc[0]
            draft.frame.iloc[first] = filled.where(filled.notna(), None)
            draft.parts += len(others)
            for place in others:
                draft.note_row(place, "part_of_zone", first_row=draft.rows[first])
                draft.accepted[place] = False
    draft.parents = list(draft.column("parent_code"))
    return replace(places, checked=replace(places.checked, geometry=shapes))


def keep_outlines(draft: CheckedRows, shapes: Geometries, places: Locations, options: Options) -> Geometries:
    """Return the shapes to write, with stored outlines in place of less.

    Where nothing stands, an outline or a line stays, while a point goes. Where the file has less than what is stored
    (a point or a line for an area, a point for a line, an area below ``LEAST_SHARE`` of the stored one), what is stored
    stays unless the user wishes otherwise. What differs by rounding alone stays as it is stored.
    """
    if not places.is_stated or "geom" not in draft.before.columns:
        return shapes
    before = draft.before["geom"].reindex(pd.Index(draft.codes)).to_numpy(dtype=object)
    drawn = shapely.get_dimensions(before) > 0
    blank = draft.accepted & drawn & shapely.is_missing(shapes)
    less = draft.accepted & drawn & ~blank & _is_less(shapes, before)
    same = draft.accepted & ~less & is_same(shapes, before)
    if options.outlines is Outlines.REPLACE:
        return np.where(blank | same, before, shapes)
    for place in np.flatnonzero(less).tolist():
        draft.note_row(place, "outline_kept", draft.header("wkt", "lon"))
    draft.outlines_kept = int(less.sum())
    return np.where(blank | less | same, before, shapes)


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


def _groups(values: pd.DataFrame, is_in: NDArray[np.bool_]) -> list[list[int]]:
    """Return the places of rows of one name, code and zone above, where there are several."""
    if "name" not in values.columns:
        return []
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
