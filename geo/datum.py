"""The datums met in China: WGS-84, GCJ-02 (the shift of the state) and BD-09 (the shift of Baidu on top of it).

Arrays are ``(n, 2)`` longitude, latitude in degrees. Outside China's bounding box nothing is shifted, as the map
vendors do it. In a strip of about a kilometre along that box (at sea or abroad) the datums are not one-to-one: there
an inverse may return either original.

Sources: the GCJ-02 formula as published anonymously in 2013 ("WGStoGCJ", on4wp7.codeplex.com, changeset 21483), the
BD-09 formula as given by pycoordtrans (2014); both described in Wikipedia, "Restrictions on geographic data in China".
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.arrays import Geometries
from geo.schema import Datum

CHINA: Final = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north of the box within which GCJ-02 and BD-09 differ from WGS-84."""

Lonlat = NDArray[np.float64]
Mask = NDArray[np.bool_]

_KRASOVSKY_A: Final = 6378245.0
_KRASOVSKY_EE: Final = 0.00669342162296594323
_BD_LON, _BD_LAT = 0.0065, 0.0060
_ROUNDS: Final = 5
"""Each round of the inverse leaves at most a fortieth of the error: 1 km becomes 0.01 mm."""

_STEPS_FROM_WGS84: Final = {Datum.WGS84: 0, Datum.CGCS2000: 0, Datum.GCJ02: 1, Datum.BD09: 2}


def convert(lonlat: ArrayLike, source: Datum, target: Datum) -> Lonlat:
    """Return coordinates given in one datum in another.

    CGCS2000 is taken as equal to WGS-84 (they differ by centimetres). Equal input gives equal output bit by bit,
    whatever stands in the other rows, so borders that were shared stay shared.

    Parameters
    ----------
    lonlat
        ``(n, 2)`` longitude, latitude in degrees; rows that are not finite come back as NaN.
    source, target
        The datum of the input and of the result.

    Returns
    -------
        A new ``(n, 2)`` array. Going back gives the input to below 1 mm.

    Examples
    --------
    Beijing West station, where Amap's own service says 116.324945, 39.893892:

    >>> convert([[116.31883, 39.892596]], Datum.WGS84, Datum.GCJ02).round(4).tolist()
    [[116.3249, 39.8939]]
    """
    result = np.array(lonlat, dtype=float, order="C").reshape(-1, 2)
    level, wanted = _STEPS_FROM_WGS84[source], _STEPS_FROM_WGS84[target]
    shifts = (_gcj02_shift, _bd09_shift)
    while level < wanted:
        result = _forward(result, shifts[level])
        level += 1
    while level > wanted:
        level -= 1
        result = _inverse(result, shifts[level])
    return result


def convert_geometries(geometries: ArrayLike, source: Datum, target: Datum) -> Geometries:
    """Return geometries given in one datum in another.

    Parameters
    ----------
    geometries
        ``(n,)`` shapely geometries or a GeoSeries in longitude, latitude; nulls and empty geometries come back as
        they are. A third dimension is dropped.
    source, target
        The datum of the input and of the result.

    Returns
    -------
        ``(n,)`` geometries of the same types, parts, rings and number of nodes.
    """
    found: Geometries = np.array(geometries, dtype=object)
    if _STEPS_FROM_WGS84[source] == _STEPS_FROM_WGS84[target]:
        return found
    return np.asarray(shapely.transform(found, lambda lonlat: convert(lonlat, source, target)), dtype=object)


def is_in_china(lonlat: Lonlat) -> Mask:
    """Return for each of ``(n, 2)`` longitude, latitude whether it lies in the box of ``CHINA``; NaN does not."""
    west, south, east, north = CHINA
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    inside: Mask = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return inside


def _forward(lonlat: Lonlat, shift: Callable[[Lonlat], Lonlat]) -> Lonlat:
    inside = is_in_china(lonlat)
    if inside.all():
        return lonlat + shift(lonlat)
    result = _finite_or_nan(lonlat)
    result[inside] += shift(lonlat[inside])
    return result


def _inverse(lonlat: Lonlat, shift: Callable[[Lonlat], Lonlat]) -> Lonlat:
    """Solve original + shift(original) = lonlat by fixed-point rounds, always the same number of them."""
    shifted = _finite_or_nan(lonlat)
    original = shifted
    for _ in range(_ROUNDS):
        original = shifted - shift(original)
    inside = is_in_china(original)
    return np.where(inside[:, np.newaxis], original, shifted)


def _finite_or_nan(lonlat: Lonlat) -> Lonlat:
    """Return a copy in which a row with one coordinate that is not finite is NaN as a whole."""
    finite = np.isfinite(lonlat[:, 0]) & np.isfinite(lonlat[:, 1])
    return np.where(finite[:, np.newaxis], lonlat, np.nan)


def _gcj02_shift(lonlat: Lonlat) -> Lonlat:
    """Return GCJ-02 minus WGS-84 in degrees for WGS-84 coordinates."""
    x, y = lonlat[:, 0] - 105.0, lonlat[:, 1] - 35.0
    east_m, north_m = _gcj02_metres(x, y)
    lat = np.radians(lonlat[:, 1])
    flattening = 1 - _KRASOVSKY_EE * np.sin(lat) ** 2
    metres_per_radian_north = _KRASOVSKY_A * (1 - _KRASOVSKY_EE) / flattening**1.5
    metres_per_radian_east = _KRASOVSKY_A / np.sqrt(flattening) * np.cos(lat)
    return np.degrees(np.column_stack([east_m / metres_per_radian_east, north_m / metres_per_radian_north]))


def _gcj02_metres(x: Lonlat, y: Lonlat) -> tuple[Lonlat, Lonlat]:
    """Return the shift east and north in metres at x, y degrees from 105°E 35°N."""
    px, py = np.pi * x, np.pi * y
    both = 20 * np.sin(6 * px) + 20 * np.sin(2 * px)
    root = np.sqrt(np.abs(x))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (both + 20 * np.sin(py) + 40 * np.sin(py / 3) + 160 * np.sin(py / 12) + 320 * np.sin(py / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (both + 20 * np.sin(px) + 40 * np.sin(px / 3) + 150 * np.sin(px / 12) + 300 * np.sin(px / 30)) * 2 / 3
    return east, north


def _bd09_shift(lonlat: Lonlat) -> Lonlat:
    """Return BD-09 minus GCJ-02 in degrees for GCJ-02 coordinates."""
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    radius = np.hypot(lon, lat) + 2e-5 * np.sin(np.radians(3000 * lat))
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(np.radians(3000 * lon))
    return np.column_stack([radius * np.cos(angle) + _BD_LON - lon, radius * np.sin(angle) + _BD_LAT - lat])
