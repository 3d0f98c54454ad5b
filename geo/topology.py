"""Overlaps and gaps between the zones of one level."""

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.arrays import Geometries
from geo.crs import require_metres

CLOSING_M: Final = 0.01
"""Openings narrower than twice this are closed before gaps are counted.

Projecting bends long edges by up to a centimetre per kilometre, so that a gap whose mouth is a single node that touches
an edge would be open in one CRS and closed in the next. Closed, the count is the same in all of them.
"""


@dataclass(frozen=True, slots=True)
class Topology:
    """Where zones of one level overlap and where they leave gaps, above a tolerance in m².

    ``overlaps`` has the columns ``left``, ``right`` (codes, left before right), ``area_m2`` and the geometry, one row
    for each pair, largest first. ``gaps`` has ``area_m2`` and the geometry, largest first. Both are in the CRS of the
    zones.
    """

    tolerance_m2: float
    overlaps: gpd.GeoDataFrame
    gaps: gpd.GeoDataFrame

    @property
    def overlap_area_m2(self) -> float:
        """The sum over the pairs; ground shared by three zones counts three times."""
        return float(self.overlaps["area_m2"].sum())

    @property
    def gap_area_m2(self) -> float:
        """The sum over the gaps."""
        return float(self.gaps["area_m2"].sum())


def check_topology(zones: gpd.GeoDataFrame | gpd.GeoSeries, *, tolerance_m2: float = 1.0) -> Topology:
    """Return the overlaps and gaps of zones of one level.

    Parameters
    ----------
    zones
        Valid polygons indexed by code, in metres in a projected CRS; nulls and empty ones are left out.
    tolerance_m2
        An overlap or a gap counts when its area is larger than this.

    Returns
    -------
        Overlaps by pair, and gaps: what all zones together enclose without covering it. A gap that is open to the
        outside is no gap here, unless its mouth is narrower than 2 cm (``CLOSING_M``); the area of a gap is right to
        a centimetre of its border.

    Raises
    ------
    NotProjectedError
        Where the zones are in degrees.

    Examples
    --------
    >>> squares = gpd.GeoSeries([shapely.box(0, 0, 10, 10), shapely.box(8, 0, 20, 10)], index=["a", "b"])
    >>> check_topology(squares).overlaps["area_m2"].tolist()
    [20.0]
    """
    require_metres(zones)
    series = zones.geometry
    kept = series[~(series.isna() | series.is_empty)]
    return Topology(tolerance_m2, _overlaps(kept, tolerance_m2), _gaps(kept, tolerance_m2))


def _overlaps(zones: gpd.GeoSeries, tolerance_m2: float) -> gpd.GeoDataFrame:
    ordered = zones.sort_index(key=lambda codes: codes.astype(str), kind="stable")
    polygons, codes = ordered.to_numpy(), ordered.index.to_numpy()
    left, right = _touching_pairs(polygons)
    shared = ~shapely.touches(polygons[left], polygons[right])
    left, right = left[shared], right[shared]
    common = shapely.intersection(polygons[left], polygons[right])
    areas = shapely.area(common)
    found = np.flatnonzero(areas > tolerance_m2)
    found = found[np.argsort(-areas[found], kind="stable")]
    return gpd.GeoDataFrame(
        {"left": codes[left[found]], "right": codes[right[found]], "area_m2": areas[found]},
        geometry=_polygonal(common[found]),
        crs=zones.crs,
    )


def _touching_pairs(polygons: Geometries) -> tuple[Any, Any]:
    """Return the positions of pairs that share at least a point, left before right."""
    shapely.prepare(polygons)
    left, right = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    once = left < right
    order = np.lexsort((right[once], left[once]))
    return left[once][order], right[once][order]


def _gaps(zones: gpd.GeoSeries, tolerance_m2: float) -> gpd.GeoDataFrame:
    """Return the holes of the union, without the zones that lie within them."""
    union = shapely.union_all(zones.to_numpy())
    closed = shapely.get_parts(shapely.buffer(union, CLOSING_M, join_style="mitre"))
    rings = shapely.get_rings(closed)
    holes = shapely.polygons(rings[~np.isin(np.arange(len(rings)), _first_rings(closed))])
    widened = np.asarray(shapely.buffer(holes, CLOSING_M, join_style="mitre"), dtype=object)
    gaps = _without_islands(widened, shapely.get_parts(union))
    areas = shapely.area(gaps)
    found = np.flatnonzero(areas > tolerance_m2)
    found = found[np.argsort(-areas[found], kind="stable")]
    return gpd.GeoDataFrame({"area_m2": areas[found]}, geometry=gaps[found], crs=zones.crs)


def _first_rings(polygons: Geometries) -> Any:
    """Return the positions of the outer rings among all rings of the polygons."""
    return np.cumsum(np.concatenate([[0], 1 + shapely.get_num_interior_rings(polygons)]))[:-1]


def _without_islands(holes: Geometries, islands: Geometries) -> Geometries:
    """Return the holes without the parts of the union that stand within them."""
    rows, within = shapely.STRtree(islands).query(holes, predicate="contains")
    result = holes.copy()
    for row in np.unique(rows):
        result[row] = shapely.difference(holes[row], shapely.union_all(islands[within[rows == row]]))
    return result


def _polygonal(geometries: Geometries) -> Geometries:
    """Return MultiPolygons without the lines and points at which two zones merely touch."""
    parts, rows = shapely.get_parts(geometries, return_index=True)
    leaves, part = shapely.get_parts(parts, return_index=True)
    is_area = shapely.get_dimensions(leaves) == 2
    result = np.full(len(geometries), shapely.MultiPolygon(), dtype=object)
    if is_area.any():
        shapely.multipolygons(leaves[is_area], indices=rows[part][is_area], out=result)
    return result
