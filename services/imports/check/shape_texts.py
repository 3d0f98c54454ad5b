"""Shapes that stand in cells as texts, as databases and map programs write them out.

WKT and EWKT (``SRID=4326;POINT(113.2 23.4)``), WKB and EWKB in hexadecimal digits, also as MySQL keeps it, and GeoJSON.
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from services.imports.check.shapes import Build, build_shapes

_SRID: Final = re.compile(r"SRID\s*[=:]\s*(-?\d{1,9})\s*[;,:]?\s*", re.IGNORECASE)
_HEX: Final = re.compile(r"(?:\\x|0x)?((?:[0-9a-f]{2}){9,})", re.IGNORECASE)
_MYSQL: Final = re.compile(r"([0-9a-f]{8})(?:0[01])(?:0[1-7]000000|0000000[1-7])", re.IGNORECASE)
"""The number of the system in four bytes, the lowest first, and WKB after it."""
_KIND: Final = re.compile(r"SRID\b|(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\b|GEOMETRYCOLLECTION\b|\{", re.IGNORECASE)
_JSON_SRID: Final = re.compile(r"EPSG:+(\d{1,9})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TextShapes:
    """Shapes of cells, with the system of coordinates that each names."""

    shapes: NDArray[np.object_]
    """``(n,)``; None where nothing is stated, or the text is no shape."""
    srids: NDArray[np.int64]
    """``(n,)`` numbers of systems (EPSG); 0 where none is named."""


def read_shape_texts(cells: Sequence[str | None]) -> TextShapes:
    """Return the shapes of ``(n,)`` cells, each in whichever form it is written."""
    texts = [_ShapeText() if cell is None else _taken_apart(cell) for cell in cells]
    shapes = np.full(len(cells), None, dtype=object)
    for build in (shapely.from_wkt, shapely.from_wkb, shapely.from_geojson):
        places = [place for place, each in enumerate(texts) if each.build is build]
        if places:
            shapes[places] = build_shapes([texts[place].words for place in places], build)
    stated = np.array([each.srid for each in texts], dtype=np.int64).reshape(len(cells))
    inner = shapely.get_srid(shapes)
    return TextShapes(shapes, np.maximum(np.where((stated == 0) & (inner > 0), inner, stated), 0))


@dataclass(frozen=True, slots=True)
class _ShapeText:
    """What a cell says: the shape, what builds it, and the number of its system."""

    words: str = ""
    build: Build | None = None
    srid: int = 0


def _taken_apart(cell: str) -> _ShapeText:
    words, srid = _without_srid(_plain(cell))
    digits = _HEX.fullmatch(words)
    if digits is not None:
        shape, inner = _without_prefix(digits[1])
        return _ShapeText(shape, shapely.from_wkb, srid or inner)
    if words.startswith("{"):
        return _ShapeText(words, shapely.from_geojson, srid or _srid_of_document(words))
    return _ShapeText(words, shapely.from_wkt, srid)


def is_shape_text(cell: str) -> bool:
    """Return whether a cell is written as a shape, and not as a pair of numbers.

    >>> is_shape_text("POINT(113.2 23.4)"), is_shape_text("113.2,23.4")
    (True, False)
    """
    words = _plain(cell)
    return _KIND.match(words) is not None or _HEX.fullmatch(words) is not None


def _plain(cell: str) -> str:
    """Return a text with brackets, commas and digits of half width, without what stands around it."""
    words = cell if cell.isascii() else unicodedata.normalize("NFKC", cell)
    return words.strip().strip("'\"").rstrip(";").strip()


def _without_srid(words: str) -> tuple[str, int]:
    found = _SRID.match(words)
    return (words, 0) if found is None else (words[found.end() :], int(found[1]))


def _without_prefix(digits: str) -> tuple[str, int]:
    """Return WKB in hexadecimal digits, and the system that MySQL writes before it."""
    found = _MYSQL.match(digits)
    return (digits, 0) if found is None else (digits[8:], int.from_bytes(bytes.fromhex(found[1]), "little"))


def _srid_of_document(document: str) -> int:
    """Return the system that a GeoJSON geometry names in its ``crs``, as PostGIS writes it where it is asked to."""
    try:
        crs = json.loads(document).get("crs")
    except (ValueError, RecursionError):
        return 0
    properties = crs.get("properties") if isinstance(crs, dict) else None
    found = _JSON_SRID.search(str(properties.get("name", ""))) if isinstance(properties, dict) else None
    return 0 if found is None else int(found[1])
