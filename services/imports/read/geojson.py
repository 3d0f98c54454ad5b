"""GeoJSON read feature by feature, so that one bad feature costs only itself.

GDAL passes over features it does not like, or gives up the whole file; here the number of features in the file is
always the number of rows, and each that cannot be used is a ``Problem`` with its number (the first is 1) and why.

A ring that does not end where it began is closed and noted: there is one way only to close it. Anything else that is
wrong with the numbers of a geometry makes a problem; invalid but complete shapes are left to ``geo.validate``.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.arrays import Floats
from geo.errors import Problem
from geo.schema import Layer
from services.i18n import text
from services.imports.check.values import keepable
from services.imports.errors import ImportFileError
from services.imports.read.json_documents import BrokenLine, Json, features_of, read_documents, short
from services.imports.read.table import RawTable, SourceFacts
from services.imports.read.text_files import decode
from services.rules.headers import match_headers

CLOSED_RING: Final = "ring_closed"
_ENOUGH: Final = 8
_LARGEST: Final = 10**15


class BadGeometryError(ValueError):
    """A geometry that cannot be built; caught by feature, inside this module."""

    def __init__(self, code: str, value: str = "") -> None:
        super().__init__(code)
        self.code, self.value = code, value


def read_geojson(data: bytes, layer: Layer = Layer.GRIDS, *, encoding: str = "auto") -> RawTable:
    """Return every feature of a GeoJSON file as a row.

    A FeatureCollection, a bare Feature and a bare geometry are read, also several of them one after the other or one
    on each line. Objects inside properties become columns ``outer.inner``. The ``id`` of features becomes a column
    where no other is understood as the code of the ``layer``.

    Raises
    ------
    ImportFileError
        If the file is no JSON or no GeoJSON; the text says in one sentence what it is instead.
    """
    content, used = decode(data, encoding=encoding)
    documents = read_documents(content)
    features = [feature for document in documents for feature in features_of(document)]
    rows = [_read_feature(number, feature) for number, feature in enumerate(features, 1)]
    geometry = np.empty(len(rows), dtype=object)
    geometry[:] = [row.geometry for row in rows]
    return RawTable(
        frame=_with_ids(_frame([row.properties for row in rows]), features, layer),
        rows=np.arange(1, len(rows) + 1),
        source=SourceFacts("GeoJSON", encoding=used),
        geometry=geometry,
        crs=_declared_crs(documents),
        problems=tuple(p for row in rows for p in row.problems),
        notes=tuple(p for row in rows for p in row.notes),
    )


@dataclass(frozen=True, slots=True)
class _FeatureRow:
    properties: Mapping[str, object]
    geometry: BaseGeometry | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


def _read_feature(number: int, feature: Json) -> _FeatureRow:
    if isinstance(feature, BrokenLine):
        return _bad({}, number, "line_broken", short(feature))
    if not isinstance(feature, dict):
        return _bad({}, number, "feature_not_object", short(feature))
    properties = feature.get("properties")
    if properties is not None and not isinstance(properties, dict):
        return _bad({}, number, "properties_not_object", short(properties))
    flat = _flatten(properties or {})
    if feature.get("type") != "Feature":
        return _bad(flat, number, "feature_wrong_type", short(feature.get("type")))
    if "geometry" not in feature:
        return _bad(flat, number, "geometry_member_missing")
    return _with_geometry(number, flat, feature["geometry"])


def _with_geometry(number: int, properties: Mapping[str, object], stated: Json) -> _FeatureRow:
    if stated is None:
        return _FeatureRow(properties)
    closed: list[int] = []
    try:
        geometry = _build(stated, closed)
    except BadGeometryError as error:
        return _bad(properties, number, error.code, error.value)
    except RecursionError:
        return _bad(properties, number, "nested_wrongly")
    notes = (Problem(number, "", CLOSED_RING, str(len(closed))),) if closed else ()
    return _FeatureRow(properties, geometry, notes=notes)


def _build(stated: Json, closed: list[int]) -> BaseGeometry:
    if not isinstance(stated, dict):
        raise BadGeometryError("geometry_not_object", short(stated))
    kind = str(stated.get("type"))
    if kind == "GeometryCollection":
        parts = stated.get("geometries")
        if not isinstance(parts, list):
            raise BadGeometryError("geometries_missing")
        return shapely.GeometryCollection([_build(part, closed) for part in parts])
    if kind not in _BUILDERS:
        raise BadGeometryError("geometry_unknown_type", short(stated.get("type")))
    if "coordinates" not in stated:
        raise BadGeometryError("coordinates_missing", kind)
    try:
        return _BUILDERS[kind](stated["coordinates"], closed)
    except (shapely.errors.GEOSException, ValueError) as error:
        if isinstance(error, BadGeometryError):
            raise
        raise BadGeometryError("geometry_not_built", kind) from error


def _point(coordinates: Json, _closed: list[int]) -> BaseGeometry:
    return shapely.Point(_position(coordinates)) if coordinates != [] else shapely.Point()


def _line(coordinates: Json, _closed: list[int]) -> shapely.LineString:
    positions = _positions(coordinates)
    if len(positions) == 1:
        raise BadGeometryError("line_too_short")
    return shapely.LineString(positions)


def _polygon(coordinates: Json, closed: list[int]) -> shapely.Polygon:
    rings = [_ring(ring, closed) for ring in _list(coordinates)]
    return shapely.Polygon(rings[0], rings[1:]) if rings else shapely.Polygon()


def _multi_point(coordinates: Json, _closed: list[int]) -> BaseGeometry:
    return shapely.MultiPoint(_positions(coordinates))


def _multi_line(coordinates: Json, closed: list[int]) -> BaseGeometry:
    return shapely.MultiLineString([_line(part, closed) for part in _list(coordinates)])


def _multi_polygon(coordinates: Json, closed: list[int]) -> BaseGeometry:
    return shapely.MultiPolygon([_polygon(part, closed) for part in _list(coordinates)])


_BUILDERS: Final[Mapping[str, Callable[[Json, list[int]], BaseGeometry]]] = {
    "Point": _point,
    "LineString": _line,
    "Polygon": _polygon,
    "MultiPoint": _multi_point,
    "MultiLineString": _multi_line,
    "MultiPolygon": _multi_polygon,
}


def _ring(ring: Json, closed: list[int]) -> Floats:
    positions = _positions(ring)
    if len(positions) and not np.array_equal(positions[0], positions[-1]):
        positions = np.vstack([positions, positions[:1]])
        closed.append(len(closed) + 1)
    different = len(set(map(tuple, positions[:_ENOUGH].tolist())))
    if different < 3:
        different = len(set(map(tuple, positions.tolist())))
    if different < 3:
        raise BadGeometryError("ring_too_short", str(different))
    return positions


def _positions(stated: Json) -> Floats:
    """Return ``(n, 2)`` longitude, latitude; all at once where they are plain numbers, else one by one."""
    try:
        numbers = np.array(stated)
    except (ValueError, OverflowError):
        numbers = np.empty(0)
    if isinstance(stated, list) and numbers.ndim == 2 and numbers.shape[1] >= 2 and numbers.dtype.kind in "if":
        return numbers[:, :2].astype(float)
    return np.array([_position(position) for position in _list(stated)], dtype=float).reshape(-1, 2)


def _position(stated: Json) -> tuple[float, float]:
    """Return longitude and latitude; height and anything after it are dropped.

    Raises
    ------
    BadGeometryError
        If it is no position.
    """
    numbers = _list(stated)
    if len(numbers) < 2:
        raise BadGeometryError("position_incomplete", short(stated))
    lon, lat = numbers[:2]
    if isinstance(lon, list) or isinstance(lat, list):
        raise BadGeometryError("nested_wrongly", short(stated))
    if not _is_number(lon) or not _is_number(lat):
        raise BadGeometryError("position_not_numbers", short(stated))
    return float(lon), float(lat)


def _list(stated: Json) -> list[Json]:
    if isinstance(stated, list):
        return stated
    raise BadGeometryError("nested_wrongly" if _is_number(stated) else "coordinates_not_list", short(stated))


def _is_number(stated: Json) -> bool:
    """Return whether a value is a number; NaN and Infinity (no JSON, but Python reads them) are left to the checks."""
    if isinstance(stated, bool) or not isinstance(stated, int | float):
        return False
    return isinstance(stated, float) or abs(stated) < _LARGEST


def _flatten(properties: Mapping[str, Json]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in properties.items():
        key = keepable(name)
        if isinstance(value, dict):
            flat |= {f"{key}.{keepable(inner)}": _scalar(v) for inner, v in value.items()}
        else:
            flat[key] = _scalar(value)
    return flat


def _scalar(value: Json) -> object:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value


def _frame(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    headers = dict.fromkeys(key for row in rows for key in row)
    data = {key: pd.Series([row.get(key) for row in rows], dtype=object) for key in headers}
    return pd.DataFrame(data, index=pd.RangeIndex(len(rows)), dtype=object)


def _with_ids(frame: pd.DataFrame, features: Sequence[Json], layer: Layer) -> pd.DataFrame:
    """Return the properties with a column of the features' own ids, where they are needed and are more than a count."""
    ids = [_id(feature) for feature in features]
    if not any(ids) or "code" in match_headers(list(frame.columns), layer).columns or _is_a_count(ids):
        return frame
    name = next(name for name in ("id", "feature id", "feature.id") if name not in frame.columns)
    return frame.assign(**{name: pd.Series(ids, dtype=object)})


def _id(feature: Json) -> str | None:
    stated = feature.get("id") if isinstance(feature, dict) else None
    return str(stated) if isinstance(stated, str | int) and not isinstance(stated, bool) and stated != "" else None


def _is_a_count(ids: Sequence[str | None]) -> bool:
    """Return whether ids only number the features, as writers do of their own accord."""
    return any(list(ids) == [str(number) for number in range(first, first + len(ids))] for first in (0, 1))


def _declared_crs(documents: Sequence[Json]) -> str | None:
    """Return the name in a ``crs`` member (GeoJSON 2008, which RFC 7946 dropped and QGIS still writes).

    Raises
    ------
    ImportFileError
        If documents of one file declare different ones.
    """
    names = {_crs_name(document) for document in documents if not isinstance(document, BrokenLine)}
    if len(names) > 1:
        raise ImportFileError(text("The parts of the file are in different coordinate systems; import them one by one"))
    return names.pop() if names else None


def _crs_name(document: Json) -> str | None:
    crs = document.get("crs") if isinstance(document, dict) else None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else None


def _bad(properties: Mapping[str, object], number: int, code: str, value: str = "") -> _FeatureRow:
    return _FeatureRow(properties, problems=(Problem(number, "", code, value),))
