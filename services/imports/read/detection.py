"""What a file is, by its first bytes and its name second, or what it is instead of a file that is read."""

import re
from pathlib import PurePosixPath
from typing import Final

from services.i18n import Text, text
from services.imports.errors import ImportFileError
from services.imports.read.foreign_formats import COMPOUND_MAGIC, explain_foreign
from services.imports.read.text_files import decode, find_utf16
from services.imports.read.upload import SHAPEFILE, SUFFIXES, ZIP_END, FileFormat, Upload, is_workbook


def detect_format(upload: Upload) -> FileFormat:
    """Return what a file is.

    Raises
    ------
    ImportFileError
        If it is none of the formats that are read.
    """
    head = upload.data[:512]
    foreign = explain_foreign(upload.name, upload.data)
    if foreign is not None:
        raise ImportFileError(foreign)
    signature = next((f for magic, f in _SIGNATURES if head.startswith(magic)), None)
    if head.startswith(ZIP_END):
        raise ImportFileError(text("The archive {name} is empty", name=upload.name))
    if upload.is_archive:
        return _archived_format(upload)
    if signature is not None:
        return signature
    return _text_format(upload, head)


_SIGNATURES: Final = (
    (b"SQLite format 3\x00", FileFormat.GEOPACKAGE),
    (b"fgb\x03", FileFormat.FLATGEOBUF),
    (b"PAR1", FileFormat.GEOPARQUET),
    (SHAPEFILE, FileFormat.SHAPEFILE),
    (COMPOUND_MAGIC, FileFormat.SHEET),
)
_PAGES: Final = re.compile(rb"<(?:!doctype html|html|table|workbook)[\s>]", re.IGNORECASE)
"""What systems that "export to Excel" write under the name ``.xls``: web pages, and the XML of Excel 2003."""
_PROLOG: Final = rb"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*+(?:\[.*?\]\s*+)?+>)*+"
_ROOT_OF_KML: Final = re.compile(_PROLOG + rb"<(?:[\w.-]+:)?(?:kml|Document|Folder|Placemark)[\s/>]", re.DOTALL)
"""The first element of a KML file, after declarations and comments; what begins otherwise is not opened."""
_ROOT_OF_GPX: Final = re.compile(_PROLOG + rb"<(?:[\w.-]+:)?gpx[\s/>]", re.DOTALL)
_PROLOG_BYTES: Final = 1 << 16
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_CONTROL: Final = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1a")
"""Bytes that no text has, in any encoding but UTF-16."""


def _text_format(upload: Upload, head: bytes) -> FileFormat:
    start, suffix = _without_marks(head)[:1], PurePosixPath(upload.name).suffix.lower()
    if start == b"<":
        return _markup_format(upload)
    if start in {b"{", b"["}:
        return FileFormat.GEOJSON
    # In a table a stray one is a fault of its cell; elsewhere it tells that this is no text.
    is_table = suffix in SUFFIXES[FileFormat.TEXT]
    strays = len(head) // 50 if is_table else 0
    is_binary = sum(byte in _CONTROL for byte in head) > strays and not _is_utf16(upload.data)
    if is_binary:
        raise ImportFileError(_unknown(upload.name))
    if suffix in _MARKED or (suffix in _BINARY and _is_notice(upload.data)):
        raise ImportFileError(
            text(
                "{name} is not what its name says: it is a text that begins with “{beginning}”. Give the file itself,"
                " or correct its ending",
                name=upload.name,
                beginning=_beginning(upload),
            )
        )
    return FileFormat.TEXT


_MARKED: Final = frozenset(SUFFIXES[FileFormat.GEOJSON] + SUFFIXES[FileFormat.KML] + SUFFIXES[FileFormat.GPX])
"""Endings of texts that show by their first sign what they are."""
_BINARY: Final = frozenset(
    (
        *(suffix for kind, suffixes in SUFFIXES.items() for suffix in suffixes if kind is not FileFormat.TEXT),
        *(".zip", ".kmz", ".shp"),
    )
)
"""Endings of what is no text; a table under one of them is read all the same."""
_LONGEST_NOTICE: Final = 4096
_SHOWN: Final = 60


def _is_notice(data: bytes) -> bool:
    """Return whether a text is too short to be a table: one line, as a website answers that refuses a download."""
    return len(data) <= _LONGEST_NOTICE and len([line for line in data.splitlines() if line.strip()]) == 1


def _beginning(upload: Upload) -> str:
    content = decode(upload.data)[0].strip().partition("\n")[0].rstrip()
    return content if len(content) <= _SHOWN else content[: _SHOWN - 1] + "…"


def _markup_format(upload: Upload) -> FileFormat:
    """Return what a text of tags is, by its first element.

    Raises
    ------
    ImportFileError
        If it is neither KML nor GPX.
    """
    beginning = _without_marks(upload.data[:_PROLOG_BYTES])
    if _ROOT_OF_KML.match(beginning):
        return FileFormat.KML
    if _ROOT_OF_GPX.match(beginning):
        return FileFormat.GPX
    if _PAGES.search(beginning[:512]):
        raise ImportFileError(_page(upload))
    if _ANSWERS.search(beginning):
        raise ImportFileError(
            text("{name} is a message of a service about an error, not data; ask the service again", name=upload.name)
        )
    raise ImportFileError(_unknown(upload.name))


_ANSWERS: Final = re.compile(rb"<(?:\w+:)?(?:Error|ServiceException(?:Report)?|ExceptionReport|Fault|Envelope)[\s>]")
"""Root elements of what storage and map services answer when they refuse something."""
_TABLES: Final = re.compile(rb"<(?:table|workbook)[\s>]", re.IGNORECASE)
_SHEET_SUFFIXES: Final = (*SUFFIXES[FileFormat.SHEET], *SUFFIXES[FileFormat.TEXT])


def _page(upload: Upload) -> Text:
    """Return what a web page is: a table that a system exported as one, or a page in the place of the file."""
    if upload.name.lower().endswith(_SHEET_SUFFIXES) and _TABLES.search(upload.data.replace(b"\x00", b"")):
        return text("{name} is a web page under the name of a workbook; open it and save it as XLSX", name=upload.name)
    return text(
        "{name} is a web page and not the file, as a website sends it that wants one to sign in first; sign in there in"
        " the browser and download the file again",
        name=upload.name,
    )


def _without_marks(head: bytes) -> bytes:
    """Return the beginning of a text of any Unicode encoding as ASCII shows it, without marks and blanks."""
    return head.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").lstrip(b"\xff\xfe\x1e \t\r\n")


def _is_utf16(data: bytes) -> bool:
    return data[:2] in _UTF16_MARKS or find_utf16(data) is not None


def _archived_format(upload: Upload) -> FileFormat:
    if is_workbook(upload):
        return FileFormat.SHEET
    suffixes = {PurePosixPath(name).suffix.lower() for name in upload.companions}
    if ".shp" in suffixes:
        _check_outlines(upload)
        return FileFormat.SHAPEFILE
    if ".kml" in suffixes:
        return FileFormat.KML
    raise ImportFileError(_unknown(upload.name))


def _check_outlines(upload: Upload) -> None:
    """Refuse an archive in which a file is named ``.shp`` and is none.

    Raises
    ------
    ImportFileError
        If there is one.
    """
    for name, data in upload.companions.items():
        if name.lower().endswith(".shp") and not data.startswith(SHAPEFILE):
            explanation = explain_foreign(name, data) or _damaged_outline(name, data)
            raise ImportFileError(explanation)


def _damaged_outline(name: str, data: bytes) -> Text:
    if not data:
        return text("The file {name} is empty", name=name)
    return text("{name} is named like a Shapefile and is none; save it as a Shapefile again", name=name)


def _unknown(name: str) -> Text:
    return text(
        "{name} is in no format that is read; use GeoPackage, GeoJSON, Shapefile (zipped), FlatGeobuf, GeoParquet,"
        " KML, GPX, CSV or XLSX",
        name=name,
    )
