"""Formats that are not read, known by their first bytes or their root element, and what to save them as instead."""

import re
from collections.abc import Collection, Sequence
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
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x00\x01\x00\x00Standard Jet DB", "Access"),
    (b"\x00\x01\x00\x00Standard ACE DB", "Access"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"MSCF\x00\x00\x00\x00", "CAB"),
    (b"\x60\xea", "ARJ"),
    (b"LZIP\x01", "lzip"),
    (b"\x1f\x9d", "Z"),
    (b"PK\x07\x08", "ZIP in several parts"),
    (b"PK00PK\x03\x04", "ZIP in several parts"),
    (b"ARROW1\x00\x00", "Arrow"),
    (b"\x08\x09\xfe\x02", "DGN"),
    (b"\x09\x00\x04\x00", "Excel 2"),
    (b"\x09\x02\x06\x00", "Excel 3"),
    (b"\x09\x04\x06\x00", "Excel 4"),
    (b"\x09\x08\x08\x00\x00\x05", "Excel 5"),
    (b"\x09\x08\x10\x00\x00", "Excel 5"),
    (b"MIME-Version:", "MHT"),
    (b"8BPS\x00\x01", "PSD"),
    (b"LASF", "LAS"),
    (b"CDF\x01", "NetCDF"),
    (b"\x89HDF", "HDF5"),
)
_DRAWING: Final = re.compile(rb"AC(?:10\d\d|\d\.\d\d?)\x00")
_RIFF_PICTURE: Final = re.compile(rb"RIFF.{4}(?:WEBP|AVI |WAVE)", re.DOTALL)
_MEDIA: Final = re.compile(rb"\x00\x00\x00.ftyp", re.DOTALL)
_LHA: Final = re.compile(rb"..-lh[\d]-", re.DOTALL)
_TAR: Final = re.compile(rb".{257}ustar[\x00 ]", re.DOTALL)
_BZIP: Final = re.compile(rb"BZh[1-9]1AY&SY")
_OTHER_FLATGEOBUF: Final = re.compile(rb"fgb[^\x03]fgb", re.DOTALL)
_BITMAP: Final = re.compile(rb"BM.{4}\x00\x00\x00\x00", re.DOTALL)
_DXF: Final = re.compile(rb"(?:\s*999\s*?\r?\n[^\n]*\n)*\s*0\s*?\r?\n\s*SECTION\s*?\r?\n\s*2\s*?\r?\n", re.IGNORECASE)
_MAPINFO: Final = re.compile(
    rb'\s*(?:!table\s*\r?\n!version|version\s+"?\d+"?\s*\r?\n(?:charset|delimiter|columns))', re.I
)
_BEGINNINGS: Final = (
    (_DRAWING, "DWG"),
    (_DXF, "DXF"),
    (_MAPINFO, "MapInfo (MIF, TAB)"),
    (_RIFF_PICTURE, "WebP, AVI"),
    (_MEDIA, "HEIC, MP4"),
    (_LHA, "LZH"),
    (_TAR, "tar"),
    (_BZIP, "bzip2"),
    (_OTHER_FLATGEOBUF, "FlatGeobuf of another version"),
)
_WORD: Final = "WordDocument".encode("utf-16-le")
_SLIDES: Final = "PowerPoint Document".encode("utf-16-le")
_ROOTS: Final[Sequence[tuple[re.Pattern[bytes], str]]] = (
    (re.compile(rb"<(?:gml:\w+|(?:wfs|ogr|\w+):FeatureCollection)[\s>]", re.IGNORECASE), "GML"),
    (re.compile(rb"<(?:osm|osmChange)[\s>]", re.IGNORECASE), "OSM"),
    (re.compile(rb"<svg[\s>]", re.IGNORECASE), "SVG"),
    (re.compile(rb"<(?:rss|feed)[\s>]", re.IGNORECASE), "RSS"),
)
_MAPS: Final = frozenset({"DWG", "DXF", "DGN", "GML", "OSM", "MapInfo (MIF, TAB)", "FlatGeobuf of another version"})
_PICTURES: Final = frozenset(
    {"PNG", "JPEG", "GIF", "BMP", "TIFF", "SVG", "PSD", "WebP, AVI", "HEIC, MP4", "LAS", "NetCDF", "HDF5"}
)
_ARCHIVES: Final = frozenset(
    {"7z", "RAR", "gzip", "bzip2", "xz", "zstd", "lzip", "Z", "LZH", "ARJ", "CAB", "tar", "ZIP in several parts"}
)
_OFFICE_PARTS: Final[Sequence[tuple[re.Pattern[str], str]]] = (
    (re.compile(r"word/document\.xml"), "Word (DOCX)"),
    (re.compile(r"ppt/presentation\.xml"), "PowerPoint (PPTX)"),
    (re.compile(r"xl/workbook\.bin"), "Excel (XLSB)"),
    (re.compile(r"content\.xml"), "OpenDocument (ODS, ODT)"),
    (re.compile(r"OFD\.xml"), "OFD"),
    (re.compile(r"Index/.*\.iwa|Index\.zip"), "Numbers (Apple)"),
)
_MAP_PARTS: Final[Sequence[tuple[re.Pattern[str], str]]] = (
    (re.compile(r".*\.gdbtable", re.IGNORECASE), "Esri geodatabase (GDB)"),
    (re.compile(r".*\.(?:mif|tab)", re.IGNORECASE), "MapInfo (MIF, TAB)"),
)


def explain_foreign(name: str, data: bytes) -> Text | None:
    """Return what a file of a format that is not read is, and what to do; None where it is none of those known."""
    stand_in = explain_stand_in(name, data)
    kind = _kind(name, data) if stand_in is None else None
    if kind is None:
        return stand_in
    if kind in _MAPS:
        return map_sentence(name, kind)
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
    return _table_sentence(name, kind)


def explain_members(name: str, members: Collection[str]) -> Text | None:
    """Return what an archive is by the names of what is in it: a document, a map of another program, or ours (None)."""
    for patterns, sentence in ((_OFFICE_PARTS, _table_sentence), (_MAP_PARTS, map_sentence)):
        for pattern, kind in patterns:
            if any(pattern.fullmatch(member) for member in members):
                return sentence(name, kind)
    return None


def map_sentence(name: str, kind: str) -> Text:
    """Return what to do with a map of a format that is not read."""
    return text(
        "{name} is {kind}, which cannot be read; open it in QGIS (or where it was made) and save it as GeoPackage,"
        " Shapefile or GeoJSON",
        name=name,
        kind=kind,
    )


def _table_sentence(name: str, kind: str) -> Text:
    return text("{name} is {kind}, which cannot be read; save its table as XLSX or CSV", name=name, kind=kind)


def explain_stand_in(name: str, data: bytes) -> Text | None:
    """Return what stands in the place of the file itself: a pointer, a shortcut, a lock, nothing; None for a file."""
    base = PurePosixPath(name).name
    if data and not data.strip(b"\x00"):
        return text(
            "{name} holds nothing but zeros: it was not copied or downloaded to its end. Copy or download it again",
            name=name,
        )
    if base.startswith(("~$", "._")) or data.startswith(_APPLE_DOUBLE):
        return text(
            "{name} only stands beside the file itself, as the system or Excel leaves it; give the file whose name does"
            " not begin with ~$ or ._",
            name=name,
        )
    if data.startswith(_POINTERS):
        return text(
            "{name} is only a reference to the file (Git LFS, shortcut), not the file; fetch or open the file itself"
            " and give that",
            name=name,
        )
    if _PROTECTED in data[:_PROTECTED_WITHIN]:
        return text(
            "{name} is encrypted by the protection software of the office; have it released (decrypted) there, and give"
            " that file",
            name=name,
        )
    kind = _PROJECTS.get(PurePosixPath(name).suffix.lower())
    if kind is not None:
        return text(
            "{name} is a project of {kind}, which holds no data; save the layer itself as GeoPackage or Shapefile",
            name=name,
            kind=kind,
        )
    return None


_APPLE_DOUBLE: Final = b"\x00\x05\x16\x07"
_POINTERS: Final = (
    b"version https://git-lfs",
    b"/annex/objects/",
    b"[InternetShortcut]",
    b"\x4c\x00\x00\x00\x01\x14\x02\x00",
)
_PROTECTED: Final = b"E-SafeNet"
"""What a widespread protection of documents writes into the head of what it encrypts."""
_PROTECTED_WITHIN: Final = 512
_PROJECTS: Final = {".qgs": "QGIS", ".qgz": "QGIS", ".mxd": "ArcGIS", ".aprx": "ArcGIS", ".lyr": "ArcGIS"}
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
