"""Formats that are not read, known by their first bytes or their root element, and what to save them as instead."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final

from services.i18n import Text, text

COMPOUND_MAGIC: Final = b"\xd0\xcf\x11\xe0"
"""How files of Office 97 to 2003 begin ([MS-CFB])."""
_SIGNATURES: Final[Sequence[tuple[bytes, str]]] = (
    (b"AutoCAD Binary DXF", "DXF"),
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh9", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x00\x01\x00\x00Standard Jet DB", "Access"),
    (b"\x00\x01\x00\x00Standard ACE DB", "Access"),
    (b"LASF", "LAS"),
    (b"CDF\x01", "NetCDF"),
    (b"\x89HDF", "HDF5"),
)
_DRAWING: Final = re.compile(rb"AC10\d\d\x00")
_BITMAP: Final = re.compile(rb"BM.{4}\x00\x00\x00\x00", re.DOTALL)
_DXF: Final = re.compile(rb"(?:\s*999\s*?\r?\n[^\n]*\n)*\s*0\s*?\r?\n\s*SECTION\s*?\r?\n\s*2\s*?\r?\n", re.IGNORECASE)
_MAPINFO: Final = re.compile(
    rb'\s*(?:!table\s*\r?\n!version|version\s+"?\d+"?\s*\r?\n(?:charset|delimiter|columns))', re.I
)
_BEGINNINGS: Final = ((_DRAWING, "DWG"), (_DXF, "DXF"), (_MAPINFO, "MapInfo (MIF, TAB)"))
_WORD: Final = "WordDocument".encode("utf-16-le")
_SLIDES: Final = "PowerPoint Document".encode("utf-16-le")
_ROOTS: Final[Sequence[tuple[re.Pattern[bytes], str]]] = (
    (re.compile(rb"<(?:gml:\w+|(?:wfs|ogr|\w+):FeatureCollection)[\s>]", re.IGNORECASE), "GML"),
    (re.compile(rb"<(?:osm|osmChange)[\s>]", re.IGNORECASE), "OSM"),
    (re.compile(rb"<svg[\s>]", re.IGNORECASE), "SVG"),
    (re.compile(rb"<(?:rss|feed)[\s>]", re.IGNORECASE), "RSS"),
)
_MAPS: Final = frozenset({"DWG", "DXF", "GML", "OSM", "MapInfo (MIF, TAB)"})
_PICTURES: Final = frozenset({"PNG", "JPEG", "GIF", "BMP", "TIFF", "SVG", "LAS", "NetCDF", "HDF5"})
_ARCHIVES: Final = frozenset({"7z", "RAR", "gzip", "bzip2", "xz"})


def explain_foreign(name: str, data: bytes) -> Text | None:
    """Return what a file of a format that is not read is, and what to do; None where it is none of those known."""
    kind = _kind(name, data)
    if kind is None:
        return None
    if kind in _MAPS:
        return text(
            "{name} is {kind}, which cannot be read; open it in QGIS (or where it was made) and save it as GeoPackage,"
            " Shapefile or GeoJSON",
            name=name,
            kind=kind,
        )
    if kind in _ARCHIVES:
        return text("{name} is an archive ({kind}), which cannot be opened; pack it as ZIP", name=name, kind=kind)
    if kind in _PICTURES:
        return text(
            "{name} is a picture or measurements ({kind}) and holds no rows; give the table or map it was made from",
            name=name,
            kind=kind,
        )
    if kind == _PART:
        return text(
            "{name} is one part of a Shapefile; give .shp, .shx, .dbf and .prj together, or all of them zipped",
            name=name,
        )
    return text("{name} is {kind}, which cannot be read; save its table as XLSX or CSV", name=name, kind=kind)


_PART: Final = "Shapefile"


def _kind(name: str, data: bytes) -> str | None:
    head = data[:4096]
    if PurePosixPath(name).suffix.lower() in {".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qpj"}:
        return _PART
    for magic, kind in _SIGNATURES:
        if head.startswith(magic) and (kind != "BMP" or _BITMAP.match(head)):
            return kind
    for pattern, kind in _BEGINNINGS:
        if pattern.match(head):
            return kind
    if head.startswith(COMPOUND_MAGIC):
        return "Word (DOC)" if _WORD in data else "PowerPoint (PPT)" if _SLIDES in data else None
    return next((kind for pattern, kind in _ROOTS if _is_root(pattern, head)), None)


def _is_root(pattern: re.Pattern[bytes], head: bytes) -> bool:
    """Return whether the first element of an XML text, which begins with a sign of its own, is one of these."""
    plain = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n")
    first = re.search(rb"<[a-z]", plain, re.IGNORECASE)
    return plain.startswith(b"<") and first is not None and bool(pattern.match(plain, first.start()))
