"""Polygons that are not valid, made valid: what was wrong, and how much area that changed."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geo.arrays import Geometries
from geo.crs import project_lonlat, projected_crs


@dataclass(frozen=True, slots=True)
class Repair:
    """One polygon that was repaired.

    ``what`` is the kind of fault in GEOS's words, in lower case and without the place ("self-intersection", "ring
    self-intersection", "hole lies outside shell", "nested shells", …), or "mixed geometry" where parts that are no
    polygons were left out. ``area_change_m2`` is the area after minus the area before, where a loop that was drawn
    the wrong way round counts as negative before (shoelace formula).
    """

    row: int
    name: str
    what: str
    area_change_m2: float


MIXED = "mixed geometry"


def leaves(geometries: Any) -> Geometries:
    """Return every point, line and polygon of one or ``(n,)`` geometries, however deep in collections."""
    parts = np.asarray(shapely.get_parts(geometries), dtype=object)
    while (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        parts = np.asarray(shapely.get_parts(parts), dtype=object)
    return parts


def fault_kinds(polygons: Geometries) -> list[str]:
    """Return for each of ``(n,)`` polygons what makes it invalid, without the place; "" where it is valid.

    Examples
    --------
    >>> fault_kinds(np.array([shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])]))
    ['self-intersection']
    """
    kinds = [""] * len(polygons)
    for row in np.flatnonzero(~shapely.is_valid(polygons)):
        kinds[row] = re.sub(r"\s*\[.*", "", str(shapely.is_valid_reason(polygons[row]))).lower()
    return kinds


def repaired_polygons(polygons: Geometries) -> Geometries:
    """Return ``(n,)`` valid MultiPolygons in two dimensions; an empty one where no area is left.

    Valid polygons keep their nodes, apart from nodes that repeat the one before. Others go through GEOS's MakeValid,
    method "structure": parts that overlap become one, and only what is polygonal stays. Other parts of a collection
    are left out.
    """
    flat = shapely.force_2d(polygons)
    valid = shapely.is_valid(flat)
    flat[valid] = shapely.remove_repeated_points(flat[valid])
    flat[~valid] = [_made_valid(polygon) for polygon in flat[~valid]]
    parts, rows = shapely.get_parts(flat, return_index=True)
    repaired = np.full(len(flat), shapely.MultiPolygon(), dtype=object)
    if len(parts):
        shapely.multipolygons(parts, indices=rows, out=repaired)
    return repaired


def area_changes_m2(before: Geometries, after: Geometries) -> list[float]:
    """Return the area after minus the area before in m² for ``(n,)`` pairs in longitude, latitude."""
    return [_area_m2(new) - _area_m2(old) for old, new in zip(before, after, strict=True)]


def _area_m2(polygon: Any) -> float:
    crs = projected_crs(polygon.bounds)
    return float(shapely.area(shapely.transform(polygon, lambda lonlat: project_lonlat(lonlat, crs))))


def _made_valid(polygon: Any) -> Any:
    """Return the polygonal parts of one polygon made valid, none where GEOS cannot."""
    try:
        whole = shapely.make_valid(polygon, method="structure", keep_collapsed=False)
        whole = shapely.remove_repeated_points(whole)
    except shapely.GEOSException:
        return shapely.MultiPolygon()
    polygons = _polygonal_parts(whole)
    # GEOS now and then leaves two parts that share an edge; their union is what was meant.
    return polygons if shapely.is_valid(polygons) else _polygonal_parts(shapely.union_all(leaves(polygons)))


def _polygonal_parts(geometry: Any) -> Any:
    parts = leaves(geometry)
    return shapely.multipolygons(parts[(shapely.get_dimensions(parts) == 2) & (shapely.area(parts) > 0)])
