"""Which datum coordinates are in, told from something that is known to be in WGS-84.

No file declares GCJ-02 or BD-09. Each datum is tried: what the coordinates would be in WGS-84, and how well that
agrees. WGS-84 stands for CGCS2000 as well. Everything here takes and compares longitude, latitude.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.arrays import Geometries
from geo.crs import point_xy, project_lonlat, projected_crs
from geo.datum import convert, convert_geometries
from geo.errors import NoCoordinatesError, ShapeMismatchError
from geo.repair import leaves
from geo.schema import STORED_CRS, Datum

CANDIDATES: Final = (Datum.WGS84, Datum.GCJ02, Datum.BD09)
"""The datums that differ, in the order in which equal scores are settled."""

CLEAR_MARGIN: Final = 0.01
"""A margin from which a guess can be trusted; below it, people should be asked."""


@dataclass(frozen=True, slots=True)
class DatumGuess:
    """The datum that agrees best, how far ahead of the next it is, and the score (0 to 1) of each."""

    datum: Datum
    margin: float
    scores: Mapping[Datum, float]

    @property
    def is_clear(self) -> bool:
        """Whether the margin is wide enough to be trusted."""
        return self.margin >= CLEAR_MARGIN


def guess_datum(geometries: ArrayLike, reference: ArrayLike) -> DatumGuess:
    """Guess the datum of polygons or points from the outline within which they should lie.

    Parameters
    ----------
    geometries
        ``(n,)`` polygons, or ``(n,)`` points, or a GeoSeries of them, in longitude, latitude of the unknown datum.
        Nulls are left out. Polygons that are not valid are repaired for the comparison. Where there are both, the
        polygons decide.
    reference
        The polygons of the outline, in longitude, latitude in WGS-84. Polygons are compared with those zones of it
        that they fill by more than half, where there are such: the streets of one district with that district.

    Returns
    -------
        For polygons the scores are the intersection over union of all of them with the outline (areas in the
        projected CRS of the outline), for points the share that lies in it. Equal scores go to the first of
        ``CANDIDATES``, with margin 0: so it is for data deep inside the outline, which it cannot tell apart.

    Raises
    ------
    NoCoordinatesError
        Where the geometries hold neither polygons nor points, or the reference no polygons.
    """
    polygons, points = _polygons_and_points(geometries)
    zones, _ = _polygons_and_points(reference)
    if not len(zones) or not len(polygons) + len(points):
        raise NoCoordinatesError
    if len(polygons):
        union = _union(polygons)
        outline = _union(_filled_zones(zones, union))
        return _best(lambda datum: _overlap(_in_wgs84(union, datum), outline))
    outline = _union(zones)
    shapely.prepare(outline)
    lonlat = shapely.get_coordinates(points)
    return _best(lambda datum: _share_inside(convert(lonlat, datum, Datum.WGS84), outline))


def guess_datum_by_zone(points: ArrayLike, expected: ArrayLike, zones: gpd.GeoSeries) -> DatumGuess:
    """Guess the datum of points from the zones into which they say they fall.

    Parameters
    ----------
    points
        ``(n,)`` points in longitude, latitude of the unknown datum, or ``(n, 2)`` numbers.
    expected
        ``(n,)`` codes: the zone that each point names; null where it names none.
    zones
        Valid polygons in longitude, latitude in WGS-84, indexed by code. A code may stand in several rows.

    Returns
    -------
        The scores are the share of points that lie in (or on the edge of) the zone they name, among those that
        name a zone which exists.

    Raises
    ------
    ShapeMismatchError
        Where there are not as many codes as points.
    NoCoordinatesError
        Where no point names a zone that exists.
    """
    lonlat = _as_lonlat(points)
    named = np.asarray(expected, dtype=object)
    if len(named) != len(lonlat):
        raise ShapeMismatchError(points=len(lonlat), expected=len(named))
    by_code = _merged_by_code(zones)
    rows = [row for row, code in enumerate(named) if code in by_code]
    if not rows:
        raise NoCoordinatesError
    wanted = np.array([by_code[code] for code in named[rows]], dtype=object)
    return _best(lambda datum: _share_inside(convert(lonlat[rows], datum, Datum.WGS84), wanted))


def _best(score: Callable[[Datum], float]) -> DatumGuess:
    scores = {datum: score(datum) for datum in CANDIDATES}
    best, second = sorted(scores, key=lambda datum: -scores[datum])[:2]
    return DatumGuess(datum=best, margin=scores[best] - scores[second], scores=scores)


def _filled_zones(zones: Geometries, union: Any) -> Geometries:
    """Return the zones of which the union covers more than half in whatever datum it is; all where there is none."""
    valid = shapely.make_valid(zones)
    shares = shapely.area(shapely.intersection(valid, union)) / shapely.area(valid)
    return zones[shares > 0.5] if (shares > 0.5).any() else zones


def _in_wgs84(polygon: Any, datum: Datum) -> Any:
    return convert_geometries(np.array([polygon], dtype=object), datum, Datum.WGS84)[0]


def _overlap(polygon: Any, outline: Any) -> float:
    """Return the intersection over union of two areas in longitude, latitude."""
    crs = projected_crs(outline.bounds)
    pair = shapely.transform(np.array([polygon, outline], dtype=object), lambda xy: project_lonlat(xy, crs))
    one, other = shapely.make_valid(pair)
    union = shapely.area(shapely.union(one, other))
    return float(shapely.area(shapely.intersection(one, other)) / union)


def _share_inside(lonlat: NDArray[np.float64], areas: Any) -> float:
    return float(np.mean(shapely.intersects_xy(areas, lonlat[:, 0], lonlat[:, 1])))


def _union(polygons: ArrayLike) -> Any:
    """Return the union of what is polygonal."""
    found, _ = _polygons_and_points(polygons)
    return shapely.union_all(shapely.make_valid(found, method="structure", keep_collapsed=False))


def _polygons_and_points(geometries: ArrayLike) -> tuple[Geometries, Geometries]:
    parts = leaves(np.asarray(geometries, dtype=object))
    dimension = shapely.get_dimensions(parts)
    finite = np.isfinite(shapely.bounds(parts)).all(axis=1)
    return parts[(dimension == 2) & finite], parts[(dimension == 0) & finite]


def _as_lonlat(points: ArrayLike) -> NDArray[np.float64]:
    found = np.asarray(points)
    return point_xy(found) if found.dtype == object else found.astype(float).reshape(-1, 2)


def _merged_by_code(zones: gpd.GeoSeries) -> dict[object, Any]:
    """Return the prepared polygon of each code."""
    known = zones if zones.crs is None else zones.to_crs(STORED_CRS)
    merged = known.groupby(level=0).agg(lambda parts: shapely.union_all(parts.to_numpy()))
    shapely.prepare(merged.to_numpy())
    return dict(zip(merged.index, merged.to_numpy(), strict=True))
