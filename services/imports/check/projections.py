"""From the coordinates of a file to degrees: which system they are in, which axis comes first, and what contradicts it.

Chinese surveys name the northing X and the easting Y, and many write the number of the zone before the easting
(38418200 is 418200 in the 3-degree zone 38, central meridian 114°).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geo.arrays import Bounds, Floats
from geo.crs import degrees_of
from geo.errors import Problem
from geo.schema import STORED_CRS, Datum
from services.i18n import Text, text
from services.imports.errors import ImportFileError, library_errors_explained

_NO_DEGREES: Final = 360.0
"""What is larger is no degree."""
_NO_METRES: Final = 1e8
"""What is larger is not on the earth."""
_NORTHINGS: Final = (3e5, 6.5e6)
_REACH_M: Final = 1e6
"""How far from the central meridian an easting can lie."""
_MILLION: Final = 10**6
_ZONES: Final = {number: 4513 + number - 25 for number in range(25, 46)} | {
    number: 4491 + number - 13 for number in range(13, 24)
}
"""Number before the easting → EPSG code: CGCS2000 in zones of 3 degrees (25 to 45) and of 6 degrees (13 to 23)."""
_CANDIDATES: Final = (*range(4534, 4555), *range(4502, 4513), *range(32643, 32654), 3857)
"""Systems without a number before the easting: CGCS2000 by central meridian, 3 and 6 degrees; UTM; web maps."""
_INIT: Final = re.compile(r"init\s*=", re.IGNORECASE)
"""Words of PROJ that name a file of definitions: it is opened as soon as they are read."""
_FILES_IN_WKT: Final = re.compile(r'PARAMETERFILE|METHOD\["PROJ ', re.IGNORECASE)
"""Conversions that open a file: a grid of shifts, or whatever PROJ is told to."""
_NEAR_DEGREES: Final = 0.5
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Projection:
    """How the coordinates of a file become degrees."""

    crs: pyproj.CRS | None = None
    """The system they are in; None where nobody named one: then they are degrees."""
    turned: bool = False
    """Whether the northing comes first."""
    shift_m: float = 0.0
    """What is added to the easting: the number of a zone that the file has and its system has not, or the reverse."""
    notes: tuple[Problem, ...] = ()

    @property
    def datum(self) -> Datum | None:
        """The datum that the system says the coordinates are in; None where it is another than we know."""
        return None if self.crs is None or _is_kept_apart(self.crs) else _datum(self.crs)

    def to_degrees(self, positions: Floats) -> Floats:
        """Return ``(n, 2)`` longitude, latitude; what has no place in the system comes back infinite."""
        moved = positions[:, ::-1] if self.turned else positions
        if self.crs is None or _is_degrees(self.crs):
            return moved
        known = np.isfinite(moved).all(axis=1)
        degrees = moved.copy()
        with library_errors_explained():
            way = pyproj.Transformer.from_crs(self.crs, _target(self.crs), always_xy=True)
            degrees[known] = np.column_stack(way.transform(moved[known, 0] + self.shift_m, moved[known, 1]))
        lost = known & ~np.isfinite(degrees).all(axis=1)
        degrees[lost] = np.inf
        return degrees

    def shapes_to_degrees(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return shapes in degrees."""
        degrees: NDArray[np.object_] = shapely.transform(shapes, self.to_degrees)
        return degrees


UNMOVED: Final = Projection()


def find_way(positions: Floats, words: str | None, home: Bounds | None = None) -> Projection:
    """Return how the coordinates of a file become degrees.

    Parameters
    ----------
    positions
        ``(n, 2)`` all coordinates of the file; those that are not finite are passed over.
    words
        The system that the file or the user names, as ``pyproj`` understands it.
    home
        Where the stored zones are: systems that lead there are proposed where none is named.

    Raises
    ------
    ImportFileError
        If the system is not understood or says nothing of a place on the earth, if the coordinates are metres and
        nothing says of which system, or if they cannot be in the system that is stated.
    """
    crs = read_crs(words)
    finite = positions[np.isfinite(positions).all(axis=1)]
    notes = _notes(crs)
    if not len(finite) or (crs is None and not _are_metres(finite)):
        return Projection(crs, notes=notes)
    if crs is None:
        return _way_by_zone(finite, home)
    if crs.is_geographic != (not _are_metres(finite)):
        raise ImportFileError(_contradiction(finite, crs, home))
    way = _turned_or_shifted(finite, crs, notes)
    if not np.isfinite(way.to_degrees(finite[:1000])).any():
        raise ImportFileError(_misfit(finite, crs, home))
    return way


def read_crs(words: str | None) -> pyproj.CRS | None:
    """Return a system of coordinates on the earth by its name, code or WKT; None for nothing.

    PROJ opens files that a definition names: one that does is not handed to it, or is followed no further.

    Raises
    ------
    ImportFileError
        If it is not understood, refers to a file, or is a local one.
    """
    if not words:
        return None
    crs = None if _INIT.search(words) else _parse(words)
    if crs is None:
        raise ImportFileError(text("The coordinate system {crs} is not understood", crs=words[:80]))
    if not (crs.is_geographic or crs.is_projected):
        raise ImportFileError(
            text(
                "{crs} is a local system that does not say where on the earth it lies; state the one it was made from"
                " (--crs EPSG:4547), or have the data converted to CGCS2000",
                crs=crs.name[:80],
            )
        )
    return crs


def _parse(words: str) -> pyproj.CRS | None:
    """Return the system of some words; None where it is not understood, or rests on a file."""
    try:
        crs = _horizontal(pyproj.CRS.from_user_input(words))
        return None if _FILES_IN_WKT.search(crs.to_wkt()) else crs
    except Exception:  # noqa: BLE001 - whatever the library raises, it is not understood
        return None


def _horizontal(crs: pyproj.CRS) -> pyproj.CRS:
    if crs.is_bound and crs.source_crs is not None:
        return _horizontal(crs.source_crs)
    return _horizontal(crs.sub_crs_list[0]) if crs.is_compound else crs


def _are_metres(positions: Floats) -> bool:
    """Return whether most coordinates, of those that can be on the earth, are no degrees."""
    largest = np.abs(positions).max(axis=1)
    on_earth = largest[largest < _NO_METRES]
    return bool(len(on_earth) and np.mean(on_earth > _NO_DEGREES) > 0.5)


def _way_by_zone(positions: Floats, home: Bounds | None) -> Projection:
    """Return the way of metres of which nobody says the system, by the number before their easting.

    Raises
    ------
    ImportFileError
        If they have none.
    """
    for turned in (False, True):
        easting, northing = positions[:, int(turned)], positions[:, int(not turned)]
        zone = _zone_of(easting)
        if zone is not None and _within(northing, *_NORTHINGS):
            notes = [Problem(0, "", "metres_of_zone", params={"zone": zone, "crs": f"EPSG:{_ZONES[zone]}"})]
            return Projection(pyproj.CRS.from_epsg(_ZONES[zone]), turned, notes=(*notes, *_turned_note(turned=turned)))
    x, y = _sample(positions)
    codes = _proposals(positions, home)
    if codes:
        raise ImportFileError(
            text(
                "The coordinates are metres ({x}, {y}), not degrees; state their system (--crs), most likely {codes}",
                x=x,
                y=y,
                codes="、".join(codes),
            )
        )
    raise ImportFileError(
        text(
            "The coordinates are metres ({x}, {y}), not degrees; state their system (--crs), like EPSG:4547 for"
            " CGCS2000 with the central meridian 114°",
            x=x,
            y=y,
        )
    )


def _turned_or_shifted(positions: Floats, crs: pyproj.CRS, notes: tuple[Problem, ...]) -> Projection:
    """Return the way of coordinates in a stated system: as they are, or as they fit where they are not."""
    centre, meridian = _central_easting(crs)
    if centre is None or meridian is None:
        return Projection(crs, notes=notes)
    zones = {zone: zone * 3 if zone > 23 else zone * 6 - 3 for zone in _ZONES}
    numbers = [zone * _MILLION for zone, central in zones.items() if abs(central - meridian) < 1e-6]
    shifts = [0, *(-n for n in numbers if centre < _MILLION), *(n for n in numbers if centre > _MILLION)]
    for turned in (False, True):
        easting, northing = positions[:, int(turned)], positions[:, int(not turned)]
        for shift in shifts:
            if _within(easting + shift, centre - _REACH_M, centre + _REACH_M) and _within(northing, -1e7, 1.1e7):
                told = [Problem(0, "", "zone_number_fitted")] if shift else []
                return Projection(crs, turned, float(shift), (*notes, *told, *_turned_note(turned=turned)))
    return Projection(crs, notes=notes)


def _turned_note(*, turned: bool) -> Iterator[Problem]:
    if turned:
        yield Problem(0, "", "northing_first")


def _central_easting(crs: pyproj.CRS) -> tuple[float | None, float | None]:
    """Return the easting and longitude of the central meridian of a transverse Mercator; None for other systems."""
    operation = crs.coordinate_operation
    if operation is None or not re.search("Transverse Mercator|Gauss", operation.method_name):
        return None, None
    values = {parameter.name: float(parameter.value) for parameter in operation.params}
    return values.get("False easting"), values.get("Longitude of natural origin")


def _zone_of(eastings: NDArray[np.float64]) -> int | None:
    numbers = set((eastings // _MILLION).astype(int).tolist())
    zone = numbers.pop()
    return zone if not numbers and zone in _ZONES else None


def _within(values: NDArray[np.float64], least: float, most: float) -> bool:
    return bool(((values >= least) & (values <= most)).all())


def _proposals(positions: Floats, home: Bounds | None) -> list[str]:
    """Return the codes of systems in which the coordinates lie where the stored zones are, the nearest first."""
    if home is None:
        return []
    west, south, east, north = home
    middle = np.median(positions, axis=0)[None]
    near = []
    for code in (*_CANDIDATES, *_ZONES.values()):
        crs = pyproj.CRS.from_epsg(code)
        way = _turned_or_shifted(middle, crs, ())
        lon, lat = (np.nan, np.nan) if way.shift_m else way.to_degrees(middle)[0]
        away = np.hypot(lon - (west + east) / 2, lat - (south + north) / 2)
        is_near = west - _NEAR_DEGREES <= lon <= east + _NEAR_DEGREES
        if is_near and south - _NEAR_DEGREES <= lat <= north + _NEAR_DEGREES:
            near.append((float(away), f"EPSG:{code}"))
    return [code for _away, code in sorted(near)[:_SHOWN]]


def _contradiction(positions: Floats, crs: pyproj.CRS, home: Bounds | None) -> Text:
    if crs.is_geographic:
        return _misfit(positions, crs, home)
    x, y = _sample(positions)
    return text(
        "{crs} is in metres, but the coordinates ({x}, {y}) are degrees; state the system they are in"
        " (--crs EPSG:4490)",
        crs=crs.name[:80],
        x=x,
        y=y,
    )


def _misfit(positions: Floats, crs: pyproj.CRS, home: Bounds | None) -> Text:
    x, y = _sample(positions)
    return text(
        "The coordinates ({x}, {y}) cannot be in {crs}, which is stated; state the system they are in (--crs {codes})",
        crs=crs.name[:80],
        x=x,
        y=y,
        codes="、".join(_proposals(positions, home)) or "EPSG:4547",
    )


def _sample(positions: Floats) -> tuple[str, str]:
    x, y = positions[0].tolist()
    return f"{x:.12g}", f"{y:.12g}"


def _notes(crs: pyproj.CRS | None) -> tuple[Problem, ...]:
    if crs is None or not _is_kept_apart(crs):
        return ()
    return (Problem(0, "", "datum_not_shifted", params={"datum": _geodetic_name(crs)}),)


def _datum(crs: pyproj.CRS) -> Datum:
    return Datum.CGCS2000 if re.search("CGCS ?2000|China[_ ]2000|China Geodetic", _geodetic_name(crs)) else Datum.WGS84


def _geodetic_name(crs: pyproj.CRS) -> str:
    geodetic = crs.geodetic_crs
    return geodetic.name.removeprefix("GCS_").replace("_", " ") if geodetic is not None else crs.name


def _is_kept_apart(crs: pyproj.CRS) -> bool:
    """Return whether a system is of a datum from which there is no public way to WGS-84, so that none is taken."""
    name = _geodetic_name(crs)
    if _datum(crs) is Datum.CGCS2000 or re.search("WGS ?(?:19)?84", name):
        return False
    if re.search("Xi.?an|Beijing|Peking|西安|北京", name, re.IGNORECASE):
        return True
    with library_errors_explained():
        way = pyproj.Transformer.from_crs(crs, STORED_CRS, always_xy=True)
    return "ballpark" in way.description.lower()


def _target(crs: pyproj.CRS) -> pyproj.CRS:
    """Return the degrees to go to: those of the system's own datum where there is no way on."""
    own = crs.geodetic_crs
    return own if own is not None and _is_kept_apart(crs) else degrees_of(crs)


def _is_degrees(crs: pyproj.CRS) -> bool:
    """Return whether coordinates in a CRS are longitude, latitude that need no transformation."""
    if not crs.is_geographic:
        return False
    return crs.to_epsg() in {STORED_CRS, 4490, None} or crs.to_authority() == ("OGC", "CRS84") or _is_kept_apart(crs)
