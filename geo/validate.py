"""Faults in the geometry of somebody's rows: found, named, and repaired where that can be done without guessing.

Everything here takes longitude, latitude in degrees (of any datum: the checks do not depend on a shift of some
hundred metres). Nothing here raises for bad data: each row comes back with its geometry or with one ``Problem``.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.arrays import Bounds, Geometries
from geo.datum import CHINA, Mask
from geo.errors import Problem, ShapeMismatchError
from geo.repair import MIXED, Repair, area_changes_m2, fault_kinds, leaves, repaired_polygons

WORLD: Final[Bounds] = (-180.0, -90.0, 180.0, 90.0)


class GeometryKinds(StrEnum):
    """What a layer may hold. ``NOTHING`` allows rows without a geometry."""

    POINT = "point"
    LINE = "line"
    AREA = "area"
    NOTHING = "nothing"


class Fault(StrEnum):
    """Why a geometry was refused; the ``code`` of its problem."""

    NULL = "null_geometry"
    EMPTY = "empty_geometry"
    WRONG_TYPE = "wrong_geometry_type"
    NOT_FINITE = "not_finite"
    ZERO_ZERO = "zero_zero"
    SWAPPED = "swapped"
    OUT_OF_RANGE = "out_of_range"
    OUTSIDE_CHINA = "outside_china"
    UNREPAIRABLE = "unrepairable"


@dataclass(frozen=True, slots=True)
class CheckedGeometry:
    """The geometry of ``n`` rows after the check.

    ``geometry`` is ``(n,)``: a MultiPolygon for what is an area, a Point for what is a point, None where there is
    none or where it was refused. ``accepted`` is ``(n,)``; a row is refused exactly where it has a problem.
    """

    geometry: Geometries
    accepted: Mask
    problems: tuple[Problem, ...]
    repairs: tuple[Repair, ...]

    @property
    def swap_explains(self) -> int:
        """How many rows come right when longitude and latitude are swapped (``swap_axes``)."""
        return sum(problem.code == Fault.SWAPPED for problem in self.problems)


def check_geometries(
    geometries: ArrayLike,
    allowed_kinds: Set[GeometryKinds],
    *,
    rows: Sequence[int] | None = None,
    names: Sequence[str] | None = None,
    column: str = "geometry",
    home: Bounds = CHINA,
) -> CheckedGeometry:
    """Return geometries that can be stored, and a problem for every row that has none.

    Parameters
    ----------
    geometries
        ``(n,)`` shapely geometries or a GeoSeries in longitude, latitude; null where there is none.
    allowed_kinds
        What the layer may hold. Parts of a collection that are not wanted are left out.
    rows
        ``(n,)`` numbers of the rows as the user sees them; 1 to n by default.
    names
        ``(n,)`` names for the repairs; empty by default.
    column
        What the problems call the column.
    home
        West, south, east, north within which everything must lie: the box of China, the extent of a known layer, or
        ``WORLD`` to allow everything.

    Returns
    -------
        One problem at most for a row: the first of the order in ``Fault``. A row is ``swapped`` where it lies outside
        ``home`` and swapping longitude and latitude would put all of it inside; ``outside_china`` where it lies
        outside ``home`` and outside China.

    Raises
    ------
    ShapeMismatchError
        Where ``rows`` or ``names`` are not as many as the geometries.
    """
    found = np.array(geometries, dtype=object).reshape(-1)
    rows, names = _labels(len(found), rows, names)
    kept = _wanted_parts(shapely.force_2d(found), allowed_kinds)
    faults = _first_faults(kept, allowed_kinds, home)
    is_area: Mask = (faults == "") & (shapely.get_dimensions(kept) == 2)
    kinds = np.full(len(kept), "", dtype=object)
    kinds[is_area] = _repair_kinds(found[is_area], kept[is_area])
    checked = kept.copy()
    checked[is_area] = repaired_polygons(kept[is_area])
    faults[is_area & shapely.is_empty(checked)] = Fault.UNREPAIRABLE
    accepted: Mask = faults == ""
    checked[~accepted | shapely.is_empty(checked)] = None
    problems = tuple(
        Problem(rows[i], column, str(faults[i]), _shown(found[i], faults[i], kinds[i]))
        for i in np.flatnonzero(~accepted)
    )
    mended = np.flatnonzero(accepted & (kinds != ""))
    changes = area_changes_m2(kept[mended], checked[mended])
    repairs = tuple(Repair(rows[i], names[i], str(kinds[i]), change) for i, change in zip(mended, changes, strict=True))
    return CheckedGeometry(checked, accepted, problems, repairs)


def check_lonlat(
    lonlat: ArrayLike,
    *,
    allowed_kinds: Set[GeometryKinds] = frozenset({GeometryKinds.POINT}),
    rows: Sequence[int] | None = None,
    columns: tuple[str, str] = ("lon", "lat"),
    home: Bounds = CHINA,
) -> CheckedGeometry:
    """Return points made from two columns of numbers, and a problem for every row that gives none.

    Parameters
    ----------
    lonlat
        ``(n, 2)`` longitude, latitude in degrees; both NaN where there are none.
    allowed_kinds
        With ``GeometryKinds.NOTHING`` in it a row without coordinates is accepted.
    rows
        ``(n,)`` numbers of the rows as the user sees them; 1 to n by default.
    columns
        What the problems call the two columns. A problem names the column that is wrong, or the first where both
        are.
    home
        As for ``check_geometries``.

    Returns
    -------
        As for ``check_geometries``, with points.

    Raises
    ------
    ShapeMismatchError
        Where ``rows`` are not as many as the coordinates.
    """
    numbers = np.array(lonlat, dtype=float).reshape(-1, 2)
    rows, _ = _labels(len(numbers), rows, None)
    missing: Mask = np.isnan(numbers[:, 0]) & np.isnan(numbers[:, 1])
    faults = _coordinate_faults(numbers, np.arange(len(numbers)), len(numbers), home)
    faults[missing] = "" if GeometryKinds.NOTHING in allowed_kinds else Fault.NULL
    accepted: Mask = faults == ""
    points = np.full(len(numbers), None, dtype=object)
    points[accepted & ~missing] = shapely.points(numbers[accepted & ~missing])
    problems = tuple(_lonlat_problem(rows[i], columns, faults[i], numbers[i]) for i in np.flatnonzero(~accepted))
    return CheckedGeometry(points, accepted, problems, ())


def swap_axes(geometries: ArrayLike) -> Geometries:
    """Return ``(n,)`` geometries with the two coordinates of every node swapped; nulls stay."""
    swapped: Geometries = shapely.transform(np.array(geometries, dtype=object), lambda xy: xy[:, ::-1])
    return swapped


_SHAPE_OF_DIMENSION: Final = {0: GeometryKinds.POINT, 1: GeometryKinds.LINE, 2: GeometryKinds.AREA}
_WRAPPERS: Final = (shapely.GeometryType.GEOMETRYCOLLECTION, shapely.GeometryType.MULTIPOINT)


def _labels(count: int, rows: Sequence[int] | None, names: Sequence[str] | None) -> tuple[list[int], list[str]]:
    numbers = list(range(1, count + 1)) if rows is None else [int(row) for row in rows]
    texts = [""] * count if names is None else [str(name) for name in names]
    if len(numbers) != count or len(texts) != count:
        raise ShapeMismatchError(geometries=count, rows=len(numbers), names=len(texts))
    return numbers, texts


def _wanted_parts(geometries: Geometries, wanted: Set[GeometryKinds]) -> Geometries:
    """Return the geometries with collections and MultiPoints reduced to what is wanted of them."""
    kept = geometries.copy()
    for row in np.flatnonzero(np.isin(shapely.get_type_id(geometries), _WRAPPERS)):
        kept[row] = _wanted_part(geometries[row], wanted)
    return kept


def _wanted_part(geometry: Any, wanted: Set[GeometryKinds]) -> Any:
    """Return the parts that are wanted; of several shapes that are, the widest.

    A single point wrapped as a MultiPoint comes out as a Point. What cannot be reduced comes back as it is.
    """
    parts = leaves(geometry)
    dimensions = shapely.get_dimensions(parts)
    for dimension, gather in ((2, shapely.multipolygons), (1, shapely.multilinestrings), (0, _single_point)):
        chosen = parts[dimensions == dimension]
        if len(chosen) and _SHAPE_OF_DIMENSION[dimension] in wanted:
            return gather(chosen)
    return geometry


def _single_point(points: Geometries) -> Any:
    return points[0] if len(points) == 1 else shapely.multipoints(points)


def _first_faults(geometries: Geometries, wanted: Set[GeometryKinds], home: Bounds) -> NDArray[Any]:
    """Return for each geometry the first fault in the order of ``Fault``, "" where there is none."""
    missing, empty = shapely.is_missing(geometries), shapely.is_empty(geometries)
    kinds = shapely.get_type_id(geometries)
    wrapped = np.isin(kinds, _WRAPPERS)
    shapes = np.array([_SHAPE_OF_DIMENSION.get(int(d), "") for d in shapely.get_dimensions(geometries)])
    unwanted = ~np.isin(shapes, [str(shape) for shape in wanted]) | wrapped
    coordinates, rows = shapely.get_coordinates(geometries, return_index=True)
    faults = _coordinate_faults(coordinates, rows, len(geometries), home)
    faults[unwanted] = Fault.WRONG_TYPE
    faults[empty] = "" if GeometryKinds.NOTHING in wanted else Fault.EMPTY
    faults[missing] = "" if GeometryKinds.NOTHING in wanted else Fault.NULL
    return faults


def _coordinate_faults(
    coordinates: NDArray[np.float64], rows: NDArray[np.int64], count: int, home: Bounds
) -> NDArray[Any]:
    """Return the first fault of the coordinates of each of ``count`` rows, "" where there is none."""
    lon, lat = coordinates[:, 0], coordinates[:, 1]

    def any_of(nodes: Mask) -> Mask:
        found = np.zeros(count, dtype=bool)
        found[rows[nodes]] = True
        return found

    away = any_of(~_is_within(lon, lat, home))
    conditions = {
        Fault.NOT_FINITE: any_of(~(np.isfinite(lon) & np.isfinite(lat))),
        Fault.ZERO_ZERO: any_of((lon == 0) & (lat == 0)),
        Fault.SWAPPED: away & ~any_of(~_is_within(lat, lon, home)),
        Fault.OUT_OF_RANGE: any_of(~_is_within(lon, lat, WORLD)),
        Fault.OUTSIDE_CHINA: away & any_of(~_is_within(lon, lat, CHINA)),
    }
    faults = np.full(count, "", dtype=object)
    for fault, holds in reversed(conditions.items()):
        faults[holds] = fault
    return faults


def _is_within(lon: NDArray[np.float64], lat: NDArray[np.float64], bounds: Bounds) -> Mask:
    west, south, east, north = bounds
    within: Mask = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return within


def _repair_kinds(found: Geometries, kept: Geometries) -> list[str]:
    """Return for each polygon what a repair would have to say, "" where there is nothing to repair."""
    fewer = shapely.get_num_coordinates(kept) < shapely.get_num_coordinates(found)
    return [kind or (MIXED if left_out else "") for kind, left_out in zip(fault_kinds(kept), fewer, strict=True)]


def _shown(geometry: Any, fault: str, kind: str) -> str:
    """Return what a problem shows of a geometry: the kind of fault, its type, or its first (bad) node."""
    if fault == Fault.UNREPAIRABLE:
        return kind
    if fault in {Fault.NULL, Fault.EMPTY, Fault.WRONG_TYPE}:
        return str(getattr(geometry, "geom_type", ""))
    nodes = shapely.get_coordinates(geometry)
    lon, lat = nodes[np.argmin(np.isfinite(nodes).all(axis=1))]
    return f"{lon:.10g} {lat:.10g}"


def _lonlat_problem(row: int, columns: tuple[str, str], fault: str, lonlat: NDArray[np.float64]) -> Problem:
    """Return the problem of one row of two columns, naming the column that is wrong."""
    lon, lat = lonlat.tolist()
    only_lat = {
        Fault.NOT_FINITE: np.isfinite(lon),
        Fault.OUT_OF_RANGE: abs(lon) <= WORLD[2],
    }.get(Fault(fault), False)
    value = "" if fault == Fault.NULL else f"{lat:.10g}" if only_lat else f"{lon:.10g}"
    return Problem(row, columns[1] if only_lat else columns[0], str(fault), value)
