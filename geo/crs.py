"""The projected CRS of some data, and the way into it.

The CRS is the CGCS2000 3-degree Gauss-Krüger zone of the middle of the data (EPSG:4534 to 4554: central meridians
75°E to 135°E, eastings without the number of the zone), the CRS of Chinese cadastre and town planning. Within a zone
lengths are right to 1:3,000, areas to 1:1,500. Data wider than a zone are stretched at their edges (a province by up
to 1:300).
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final, TypeVar

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer

from geo.datum import is_in_china
from geo.errors import NoCoordinatesError, NotLonlatError, NotProjectedError
from geo.schema import STORED_CRS

AnyFrame = TypeVar("AnyFrame", bound=Any)
"""A GeoSeries or GeoDataFrame (geopandas has no types)."""

GK_ZONES: Final = range(4534, 4555)
"""EPSG codes of the 3-degree zones whose central meridians are 75°E, 78°E … 135°E."""

CGCS2000_DEGREES: Final = 4490
"""EPSG code of longitude, latitude in CGCS2000."""


def projected_crs(where: gpd.GeoSeries | gpd.GeoDataFrame | Sequence[float]) -> CRS:
    """Return the projected CRS, in metres, that fits the middle of some data.

    Parameters
    ----------
    where
        West, south, east, north in degrees, or a frame or series in any CRS (without one: longitude, latitude).

    Returns
    -------
        In China the CGCS2000 3-degree Gauss-Krüger zone; elsewhere the WGS-84 UTM zone, so that data from abroad can
        be worked with as well. A middle half-way between two zones goes to the eastern one.

    Raises
    ------
    NoCoordinatesError
        Where there are no bounds: no rows, or nothing but nulls.
    NotLonlatError
        Where the bounds are not degrees.

    Examples
    --------
    >>> projected_crs((112.9, 23.2, 113.5, 23.7)).to_epsg()
    4547
    """
    lon, lat = _middle(_bounds(where))
    if is_in_china(np.array([[lon, lat]]))[0]:
        zone = int((lon - 75) // 3 + ((lon - 75) % 3 >= 1.5))
        return CRS.from_epsg(GK_ZONES[min(max(zone, 0), len(GK_ZONES) - 1)])
    utm = int((lon + 180) // 6) % 60 + 1
    return CRS.from_epsg((32600 if lat >= 0 else 32700) + utm)


def project(data: AnyFrame, crs: CRS | None = None) -> AnyFrame:
    """Return a frame or series in a projected CRS, by default that of the middle of its data.

    Parameters
    ----------
    data
        In any CRS; without one it is taken for longitude, latitude in WGS-84. Nulls and empty geometries stay.
    crs
        The wanted CRS, for data that must meet other data.

    Returns
    -------
        Easting, northing in metres, with the index of the input.
    """
    known = data if data.crs is not None else data.set_crs(STORED_CRS)
    aim = crs or projected_crs(known)
    if known.crs == CRS.from_epsg(STORED_CRS):
        known = known.set_crs(degrees_of(aim), allow_override=True)
    projected: AnyFrame = known.to_crs(aim)
    return projected


def unproject(data: AnyFrame) -> AnyFrame:
    """Return a frame or series in a projected CRS as longitude, latitude (EPSG:4326), with the index of the input."""
    degrees: AnyFrame = data.to_crs(degrees_of(data.crs)).set_crs(STORED_CRS, allow_override=True)
    return degrees


@cache
def degrees_of(crs: CRS) -> CRS:
    """Return from which degrees the way of stored coordinates into a projected CRS is the projection alone.

    Those of CGCS2000 for its own zones, as the numbers are the same (``geo.datum``), else EPSG:4326. From WGS-84 PROJ
    finds the same way, but looks through every shift between the two first: a seventh of a second in every thread.
    """
    own = crs.geodetic_crs
    return own if own is not None and own.to_epsg() == CGCS2000_DEGREES else CRS.from_epsg(STORED_CRS)


def project_lonlat(lonlat: ArrayLike, crs: CRS) -> NDArray[np.float64]:
    """Return ``(n, 2)`` easting, northing in metres of ``(n, 2)`` WGS-84 longitude, latitude.

    Rows that are not finite, or that cannot be projected, are NaN. The same numbers as ``project`` gives, without
    making a geometry for each point.
    """
    found = np.asarray(lonlat, dtype=float).reshape(-1, 2)
    east, north = _to_projected(crs).transform(found[:, 0], found[:, 1])
    metres = np.column_stack([east, north])
    metres[~np.isfinite(metres).all(axis=1)] = np.nan
    return metres


def point_xy(points: ArrayLike) -> NDArray[np.float64]:
    """Return the ``(n, 2)`` coordinates of ``(n,)`` points; NaN for what is null, empty or not a point."""
    found = np.array(points, dtype=object)
    found[shapely.is_empty(found)] = None
    return np.column_stack([shapely.get_x(found), shapely.get_y(found)])


def require_metres(data: gpd.GeoSeries | gpd.GeoDataFrame) -> None:
    """Refuse data in a CRS that is not projected; without a CRS it is taken for metres.

    Raises
    ------
    NotProjectedError
        Where the CRS is geographic.
    """
    if data.crs is not None and not data.crs.is_projected:
        raise NotProjectedError(data.crs)


@cache
def _to_projected(crs: CRS) -> Transformer:
    return Transformer.from_crs(degrees_of(crs), crs, always_xy=True)


def _bounds(where: gpd.GeoSeries | gpd.GeoDataFrame | Sequence[float]) -> NDArray[np.float64]:
    if isinstance(where, gpd.GeoSeries | gpd.GeoDataFrame):
        in_degrees = where if where.crs is None or where.crs.is_geographic else where.to_crs(STORED_CRS)
        return np.asarray(in_degrees.total_bounds, dtype=float)
    return np.asarray(where, dtype=float)


def _middle(bounds: NDArray[np.float64]) -> tuple[float, float]:
    if not np.isfinite(bounds).all():
        raise NoCoordinatesError
    west, south, east, north = bounds.tolist()
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise NotLonlatError(bounds.tolist())
    return (west + east) / 2, (south + north) / 2
