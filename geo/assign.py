"""Points to zones: inside, else nearest within a limit (DESIGN §5, steps 1 and 2).

Zones are prepared once and can then be asked about any number of points, chunk by chunk. The answer is exact in double
precision, equal to comparing each point with each zone, and never depends on the order of rows.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS

from geo.arrays import Floats, Geometries, Ints
from geo.cell_table import ASK, NOBODY, CellTable, cells_for, make_table
from geo.crs import point_xy, project_lonlat, projected_crs
from geo.datum import Mask
from geo.errors import InvalidZonesError
from geo.nearest_zones import find_nearest
from geo.schema import Method
from geo.zones import require_same_metres

MAX_DISTANCE_M: Final = 500.0
CHUNK: Final = 250_000
"""Points that are worked on at a time: bounds the memory, about 100 MB."""


_CONFIDENCE_AT_LIMIT: Final = 0.5


@dataclass(frozen=True, slots=True)
class PreparedZones:
    """Zones ready to be asked: polygons in the order of their codes, and an index over them.

    ``codes`` are the different codes as text, in order; ``rank`` says for each polygon which of them it has. ``cells``
    answers about most points at once, where so many are expected that it pays.
    """

    polygons: Geometries
    codes: NDArray[np.str_]
    rank: Ints
    tree: shapely.STRtree
    cells: CellTable | None = None


@dataclass(frozen=True, slots=True)
class ZoneOfPoints:
    """The zone of ``n`` points as arrays: what ``assign_points`` returns as a frame.

    ``rank`` is the position of the zone in ``PreparedZones.codes``, -1 for none. ``tied`` is how many zones were
    equally right (0 for none).
    """

    rank: Ints
    distance_m: Floats
    tied: Ints


def assign_points(
    points: gpd.GeoSeries | gpd.GeoDataFrame,
    zones: gpd.GeoSeries | gpd.GeoDataFrame,
    *,
    max_distance_m: float = MAX_DISTANCE_M,
) -> pd.DataFrame:
    """Return the zone of each point.

    Parameters
    ----------
    points
        Points in metres in a projected CRS. What is null, empty, not finite or not a point is unlocated.
    zones
        Valid polygons in the same CRS, indexed by code (compared as text); nulls and empty ones hold nothing. A code
        may stand in several rows: they are one zone.
    max_distance_m
        How far outside every zone a point may lie and still go to the nearest one; 0 for not at all.

    Returns
    -------
        One row per point, with the index of the points:

        - ``zone``: the code; null where there is none. Inside several zones, on a shared edge, or equally far (to
          1e-6 m) from several, it is the lowest.
        - ``method``: ``inside`` (the edge included), ``nearest`` or ``unlocated``.
        - ``distance_m``: 0 inside, else to the boundary of the zone; null where unlocated.
        - ``confidence``: 1 inside, falling in a straight line to 0.5 at ``max_distance_m``, divided by the number of
          zones that were equally right; 0 where unlocated.
        - ``ambiguous``: whether several zones were equally right.

    Raises
    ------
    NotProjectedError
        Where the data are in degrees.
    CrsMismatchError
        Where the two are not in one CRS.
    InvalidZonesError
        Where a zone is not a valid polygon.

    Examples
    --------
    >>> squares = gpd.GeoSeries([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)], index=["b", "a"])
    >>> places = gpd.GeoSeries.from_xy([5, 10, 25], [5, 5, 5])
    >>> assign_points(places, squares, max_distance_m=10)[["zone", "distance_m", "confidence"]].values.tolist()
    [['b', 0.0, 1.0], ['a', 0.0, 0.5], ['a', 5.0, 0.75]]
    """
    require_same_metres(points, zones)
    prepared = prepare_zones(zones, points=len(points))
    located = locate(point_xy(points.geometry), prepared, max_distance_m=max_distance_m)
    return as_frame(located, prepared, points.index, max_distance_m)


def assign_lonlat(
    points: gpd.GeoSeries | gpd.GeoDataFrame,
    zones: gpd.GeoSeries | gpd.GeoDataFrame,
    *,
    max_distance_m: float = MAX_DISTANCE_M,
) -> pd.DataFrame:
    """Return the zone of each point, for points and zones in longitude, latitude in WGS-84.

    As ``assign_points``, but inside and on an edge are decided on the coordinates as they are stored: projecting bends
    edges by millimetres, and a point on the border of two zones would no longer lie on it. Distances are in metres in
    the projected CRS of the zones.

    Raises
    ------
    InvalidZonesError
        Where a zone is not a valid polygon.
    """
    prepared = prepare_zones(zones, points=len(points))
    lonlat = point_xy(points)
    located = locate(lonlat, prepared, max_distance_m=0)
    left = np.flatnonzero((located.rank == NOBODY) & np.isfinite(lonlat).all(axis=1))
    if max_distance_m > 0 and len(left) and len(prepared.polygons):
        crs = projected_crs(zones.geometry)
        near = _reprojected(prepared, crs)
        row, zone, distance_m = find_nearest(
            project_lonlat(lonlat[left], crs), near.polygons, near.tree, max_distance_m
        )
        _assign_lowest_code(located, left[row], near.rank[zone], distance_m)
    return as_frame(located, prepared, points.index, max_distance_m)


def prepare_zones(zones: gpd.GeoSeries | gpd.GeoDataFrame, *, points: int = 0) -> PreparedZones:
    """Return zones ready for ``locate``; see ``assign_points`` for what they must be.

    Parameters
    ----------
    points
        About how many will be asked about; the answers are the same whatever it says.

    Raises
    ------
    InvalidZonesError
        Where a zone is not a valid polygon.
    """
    polygons = np.array(zones.geometry, dtype=object)
    codes, rank = np.unique(zones.index.to_numpy().astype(str), return_inverse=True)
    there = ~(shapely.is_missing(polygons) | shapely.is_empty(polygons))
    bad = there & ~((shapely.get_dimensions(polygons) == 2) & shapely.is_valid(polygons))
    if bad.any():
        raise InvalidZonesError([str(code) for code in codes[np.unique(rank[bad])]])
    polygons, rank = polygons[there], rank[there]
    shapely.prepare(polygons)
    prepared = PreparedZones(polygons, codes, rank, shapely.STRtree(polygons))
    return replace(prepared, cells=make_table(polygons, cells_for(points), partial(_holders, prepared)))


def _holders(zones: PreparedZones, xy: Floats) -> tuple[Ints, Ints]:
    """Return which zone holds each of ``(n, 2)`` places, and how many do."""
    located = locate(xy, zones, max_distance_m=0)
    return located.rank, located.tied


def locate(xy: ArrayLike, zones: PreparedZones, *, max_distance_m: float = MAX_DISTANCE_M) -> ZoneOfPoints:
    """Return the zone of each of ``(n, 2)`` eastings, northings in metres, in the CRS of the zones.

    The rules are those of ``assign_points``. For more points than fit into memory, call it chunk by chunk.
    """
    places = np.asarray(xy, dtype=float).reshape(-1, 2)
    located = ZoneOfPoints(
        rank=np.full(len(places), NOBODY), distance_m=np.full(len(places), np.nan), tied=np.zeros(len(places), int)
    )
    for start in range(0, len(places), CHUNK):
        chunk = slice(start, start + CHUNK)
        _locate_chunk(places[chunk], zones, max_distance_m, _part(located, chunk))
    return located


def as_frame(
    located: ZoneOfPoints, zones: PreparedZones, index: pd.Index, max_distance_m: float = MAX_DISTANCE_M
) -> pd.DataFrame:
    """Return what ``locate`` found as the frame that ``assign_points`` describes, with the given index."""
    found = located.rank != NOBODY
    method = np.where(located.distance_m == 0, Method.INSIDE.value, Method.NEAREST.value)
    return pd.DataFrame(
        {
            "zone": pd.array(zones.codes, dtype="str").take(located.rank, allow_fill=True),
            "method": pd.array(np.where(found, method, Method.UNLOCATED.value), dtype="str"),
            "distance_m": located.distance_m,
            "confidence": _confidence(located, max_distance_m),
            "ambiguous": located.tied > 1,
        },
        index=index,
    )


def _confidence(located: ZoneOfPoints, max_distance_m: float) -> Floats:
    farness = located.distance_m / max_distance_m if max_distance_m > 0 else np.zeros(len(located.rank))
    confidence = (1 - (1 - _CONFIDENCE_AT_LIMIT) * farness) / np.maximum(located.tied, 1)
    return np.where(located.tied > 0, confidence, 0.0)


def _part(located: ZoneOfPoints, chunk: slice) -> ZoneOfPoints:
    """Return a view on some rows."""
    return ZoneOfPoints(located.rank[chunk], located.distance_m[chunk], located.tied[chunk])


def _locate_chunk(xy: Floats, zones: PreparedZones, max_distance_m: float, located: ZoneOfPoints) -> None:
    """Fill in one chunk: first what is inside, then what is left and near enough."""
    finite: Mask = np.isfinite(xy[:, 0]) & np.isfinite(xy[:, 1])
    seen = zones.cells.look_up(xy) if zones.cells else np.full(len(xy), ASK)
    known = seen >= 0
    located.rank[known], located.distance_m[known], located.tied[known] = seen[known], 0.0, 1
    rows = np.flatnonzero(finite & (seen == ASK))
    row, zone = _inside(xy[rows], zones)
    _assign_lowest_code(located, rows[row], zones.rank[zone], np.zeros(len(row)))
    left = np.flatnonzero(finite & (located.rank == NOBODY))
    if max_distance_m > 0 and len(left):
        row, zone, distance_m = find_nearest(xy[left], zones.polygons, zones.tree, max_distance_m)
        _assign_lowest_code(located, left[row], zones.rank[zone], distance_m)


def _reprojected(zones: PreparedZones, crs: CRS) -> PreparedZones:
    """Return zones in longitude, latitude in metres; a distance needs no valid polygon."""
    polygons: Geometries = shapely.transform(zones.polygons, lambda xy: project_lonlat(xy, crs))
    return PreparedZones(polygons, zones.codes, zones.rank, shapely.STRtree(polygons))


def _inside(xy: Floats, zones: PreparedZones) -> tuple[Ints, Ints]:
    """Return every pair of a point and a zone that holds it, the edge included.

    Boxes first, then prepared polygons by bare coordinates, a polygon at a time so that it stays in the processor's
    cache: up to four times as fast as the tree's own predicate.
    """
    row, zone = zones.tree.query(np.asarray(shapely.points(xy), dtype=object))
    by_zone = np.argsort(zone, kind="stable")
    row, zone = row[by_zone], zone[by_zone]
    holds = shapely.intersects_xy(zones.polygons[zone], xy[row, 0], xy[row, 1])
    return row[holds], zone[holds]


def _assign_lowest_code(located: ZoneOfPoints, rows: Ints, rank: Ints, distance_m: Floats) -> None:
    """Give each row the lowest of its zones and count how many there were."""
    alone = np.bincount(rows, minlength=len(located.rank))[rows] == 1
    located.rank[rows[alone]] = rank[alone]
    located.distance_m[rows[alone]] = distance_m[alone]
    located.tied[rows[alone]] = 1
    _settle_ties(located, rows[~alone], rank[~alone], distance_m[~alone])


def _settle_ties(located: ZoneOfPoints, rows: Ints, rank: Ints, distance_m: Floats) -> None:
    """As ``_assign_lowest_code``, for rows with several polygons; polygons of one code count once."""
    order = np.lexsort((rank, rows))
    rows, rank, distance_m = rows[order], rank[order], distance_m[order]
    is_first = np.diff(rows, prepend=-1) != 0
    is_other = is_first | (np.diff(rank, prepend=-1) != 0)
    located.rank[rows[is_first]] = rank[is_first]
    located.distance_m[rows[is_first]] = distance_m[is_first]
    located.tied[:] += np.bincount(rows[is_other], minlength=len(located.tied))
