"""A JSON text as the features it holds: one document, one on each line, or several one after the other.

Objects in which a key stands twice are read as they were meant; JSON of other kinds is named, with how to convert it.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from services.i18n import Text, text
from services.imports.errors import ImportFileError

Json = Any
GEOMETRY_TYPES: Final = frozenset(
    {
        *("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"),
        "GeometryCollection",
    }
)
_RECORD_SEPARATOR: Final = "\x1e"
_BETWEEN: Final = " \t\r\n,\x1e\ufeff"
_LEAST_SHARE: Final = 0.5
"""Share of lines that must be whole documents for a text to be taken for one document a line."""
_SHOWN: Final = 40
_BROKEN_OFF: Final = text(
    "The file ends in the middle, as after a download or a copy that was broken off; download or copy it again"
)


class BrokenLine(str):
    """A line that should be a document and is none."""

    __slots__ = ()


def read_documents(content: str) -> list[Json]:
    """Return the documents of a text; a line that is none among others that are is a ``BrokenLine``.

    Raises
    ------
    ImportFileError
        If the text is no JSON, or not complete.
    """
    try:
        return [_load(content)]
    except json.JSONDecodeError as error:
        documents = _one_after_the_other(content) or _one_a_line(content)
        if documents:
            return documents
        if error.pos >= len(content.rstrip()) or error.msg.startswith("Unterminated string"):
            raise ImportFileError(_BROKEN_OFF) from error
        raise ImportFileError(
            text("The file is no complete JSON: line {line}, column {column}", line=error.lineno, column=error.colno)
        ) from error
    except (RecursionError, ValueError):
        raise ImportFileError(text("The file is nested too deeply, or has numbers too long, to be GeoJSON")) from None


def features_of(document: Json) -> Sequence[Json]:
    """Return the features of a document, a bare geometry as a feature of its own.

    Raises
    ------
    ImportFileError
        If the document is no GeoJSON; the text says what it is instead, and how to convert it.
    """
    if isinstance(document, BrokenLine):
        return [document]
    if isinstance(document, list) and document and all(kind_of(item) == "Feature" for item in document):
        return document
    other = _other_kind(document)
    if other is not None:
        raise ImportFileError(other)
    if not isinstance(document, dict):
        raise ImportFileError(text("The file is JSON but no GeoJSON: it must be an object with a type"))
    kind = kind_of(document)
    if kind == "FeatureCollection":
        return _members(document)
    if kind == "Feature":
        return [document]
    if kind in GEOMETRY_TYPES or "coordinates" in document or "geometries" in document:
        return [{"type": "Feature", "properties": {}, "geometry": document}]
    raise ImportFileError(_no_geojson(document))


def _members(document: Json) -> Sequence[Json]:
    features = document.get("features")
    if not isinstance(features, list):
        raise ImportFileError(text("The FeatureCollection has no list of features"))
    return features


def _no_geojson(document: Json) -> Text:
    if kind_of(document).lower() == "featurecollection":
        return text("The type must be written FeatureCollection, not {kind}", kind=kind_of(document))
    if document.get("type") is None:
        return text("The file is JSON but no GeoJSON: it must be an object with a type")
    return text("The file is no GeoJSON: its type is {kind}", kind=short(document["type"]))


def kind_of(value: Json) -> str:
    """Return the ``type`` of an object; empty where there is none or it is no text."""
    kind = value.get("type") if isinstance(value, dict) else None
    return kind if isinstance(kind, str) else ""


def short(value: Json) -> str:
    """Return a value as a person sees it, cut where it is long."""
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"


def _load(content: str) -> Json:
    return json.loads(content, object_pairs_hook=_merge)


def _one_a_line(content: str) -> list[Json]:
    """Return the documents of a text of one a line (NDJSON, GeoJSON sequences); none where it is something else."""
    lines = [stripped for line in content.split("\n") if (stripped := line.strip(" \t\r\ufeff" + _RECORD_SEPARATOR))]
    documents = [_document_or_broken(line) for line in lines]
    whole = sum(bool(kind_of(document)) for document in documents)
    return documents if len(lines) > 1 and whole >= _LEAST_SHARE * len(lines) else []


def _document_or_broken(line: str) -> Json:
    try:
        return _load(line)
    except (ValueError, RecursionError):
        return BrokenLine(line)


def _one_after_the_other(content: str) -> list[Json]:
    """Return documents that were joined to one text; none where one is not complete."""
    decoder = json.JSONDecoder(object_pairs_hook=_merge)
    documents, place = [], 0
    while place < len(content):
        if content[place] in _BETWEEN:
            place += 1
            continue
        try:
            document, place = decoder.raw_decode(content, place)
        except (ValueError, RecursionError):
            return []
        documents.append(document)
    return documents


def _merge(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Return an object; of a key that stands twice the last value that is one, of ``type`` the one that fits."""
    merged = dict(pairs)
    if len(merged) == len(pairs):
        return merged
    merged = {}
    for key, value in pairs:
        if key not in merged or value not in (None, ""):
            merged[key] = value
    types = [value for key, value in pairs if key == "type"]
    if len(types) > 1:
        fitting = (kind for kind in types if isinstance(kind, str) and _fits(kind, merged))
        merged["type"] = next(fitting, types[-1])
    return merged


def _fits(kind: str, members: dict[str, Json]) -> bool:
    if "features" in members:
        return kind == "FeatureCollection"
    if "geometry" in members or "properties" in members:
        return kind == "Feature"
    return kind == "GeometryCollection" if "geometries" in members else kind in GEOMETRY_TYPES


def _other_kind(document: Json) -> Text | None:
    """Return what JSON that is no GeoJSON is, and how to convert it; None where it may be GeoJSON."""
    if kind_of(document) in {"FeatureCollection", "Feature", *GEOMETRY_TYPES}:
        return None
    return next((sentence for is_it, sentence in _OTHER_KINDS if is_it(document)), None)


def _is_esri(document: Json) -> bool:
    features = document.get("features") if isinstance(document, dict) else None
    if isinstance(features, list) and any(isinstance(f, dict) and "attributes" in f for f in features):
        return True
    return isinstance(document, dict) and bool(_ESRI_MEMBERS & set(document))


def _is_table(document: Json) -> bool:
    """Return whether a document is a list of objects, or has one somewhere, and says nothing of what it is."""
    rows = [document] if isinstance(document, list) else []
    if isinstance(document, dict) and "type" not in document:
        rows = [value for value in document.values() if isinstance(value, list)]
    return any(row and all(isinstance(item, dict) for item in row) for row in rows)


def _is_answer(document: Json) -> bool:
    """Return whether a document is what a service answers in the place of data: an error, a status with a message."""
    if not isinstance(document, dict) or "type" in document:
        return isinstance(document, dict) and bool({"exceptions", "error"} & set(document))
    return bool({"exceptions", "error"} & set(document)) or (
        bool({"message", "msg", "errmsg", "detail"} & set(document)) and not _is_table(document)
    )


_ESRI_MEMBERS: Final = frozenset({"geometryType", "spatialReference", "rings", "paths", "curveRings", "curvePaths"})
_OTHER_KINDS: Final[Sequence[tuple[Callable[[Json], bool], Text]]] = (
    (
        lambda document: kind_of(document) == "Topology" and bool({"objects", "arcs"} & set(document)),
        text("The file is TopoJSON, not GeoJSON; open it in QGIS or mapshaper and save it as GeoJSON"),
    ),
    (
        _is_esri,
        text(
            "The file is Esri JSON (ArcGIS), not GeoJSON; open it in QGIS and save it as GeoJSON, or ask the service"
            " for f=geojson"
        ),
    ),
    (
        lambda document: isinstance(document, dict) and bool({"osm3s", "elements"} & set(document)),
        text("The file is an answer of Overpass (OpenStreetMap); export it there as GeoJSON"),
    ),
    (
        lambda document: isinstance(document, dict) and _is_answer(document),
        text("The file is a message of a service about an error, not data; ask the service again"),
    ),
    (_is_table, text("The file is a table as JSON, not GeoJSON; save it as CSV or XLSX")),
)
