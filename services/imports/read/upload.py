"""A file that somebody gave us, with its companions, in memory: what is read is always a copy."""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Final

from services.i18n import Text, text
from services.imports.check.values import keepable
from services.imports.errors import ImportFileError
from services.imports.read.foreign_formats import COMPOUND_MAGIC, explain_foreign
from services.imports.read.text_files import find_utf16

MAX_BYTES: Final = 1 << 30
"""Largest file that is read."""
MAX_UNPACKED_BYTES: Final = 2 << 30
"""Largest sum of the members of an archive."""
MAX_RATIO: Final = 200
"""Largest ratio of unpacked to packed size; beyond ``SMALL_BYTES`` only a bomb has more."""
SMALL_BYTES: Final = 64 << 20
MAX_MEMBERS: Final = 10_000
ZIP_MAGIC: Final = b"PK\x03\x04"
ZIP_ERRORS: Final = (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError)
"""``NotImplementedError`` (an unknown way of packing) is a ``RuntimeError``."""
SHAPEFILE_PARTS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
UNWRITTEN_PARTS: Final = ("-wal", "-journal")
"""What SQLite writes beside a GeoPackage while it is open, with changes that are not in the file yet."""


class FileFormat(StrEnum):
    """What a file turned out to be, by its content first and its name second."""

    GEOPACKAGE = "GeoPackage"
    GEOJSON = "GeoJSON"
    SHAPEFILE = "Shapefile"
    FLATGEOBUF = "FlatGeobuf"
    GEOPARQUET = "GeoParquet"
    KML = "KML"
    GPX = "GPX"
    TEXT = "CSV"
    SHEET = "XLSX"


SUFFIXES: Final[Mapping[FileFormat, tuple[str, ...]]] = {
    FileFormat.GEOPACKAGE: (".gpkg",),
    FileFormat.GEOJSON: (".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson", ".jsonl"),
    FileFormat.FLATGEOBUF: (".fgb",),
    FileFormat.GEOPARQUET: (".parquet",),
    FileFormat.KML: (".kml",),
    FileFormat.GPX: (".gpx",),
    FileFormat.TEXT: (".csv", ".tsv", ".txt"),
    FileFormat.SHEET: (".xlsx", ".xlsm", ".xls", ".et"),
}
"""How names of files end that hold all of their data alone, by format, the usual ending first."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file by name and content; a Shapefile with its parts, an archive with what is in it."""

    name: str
    data: bytes
    companions: Mapping[str, bytes]
    """The other files by their name; for an archive every file in it, by its path."""

    @property
    def sha256(self) -> str:
        """The fingerprint by which the same file is known again."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def is_archive(self) -> bool:
        """Whether it is packed as ZIP, as workbooks are too."""
        return self.data.startswith(ZIP_MAGIC)


def read_upload(path: Path) -> Upload:
    """Return a file from the disk with the parts that belong to it.

    Raises
    ------
    ImportFileError
        If it is not there, too large, or an archive that is not safe to open.
    """
    if not path.is_file():
        raise ImportFileError(text("There is no file {name}", name=path.name))
    if path.stat().st_size > MAX_BYTES:
        raise ImportFileError(text("The file {name} is too large; split it and import the parts", name=path.name))
    siblings: list[Path] = []
    if path.suffix.lower() == ".shp":
        siblings = [p for p in path.parent.iterdir() if p.stem == path.stem and p.suffix.lower() in SHAPEFILE_PARTS]
    elif path.suffix.lower() == ".gpkg":
        siblings = [p for ending in UNWRITTEN_PARTS if (p := path.with_name(path.name + ending)).is_file()]
    return make_upload(path.name, path.read_bytes(), {p.name: p.read_bytes() for p in siblings})


def make_upload(name: str, data: bytes, companions: Mapping[str, bytes] | None = None) -> Upload:
    """Return an upload from bytes; an archive that is no spreadsheet is unpacked.

    Raises
    ------
    ImportFileError
        If the file is empty, or an archive that is damaged or not safe to open.
    """
    if not data:
        raise ImportFileError(text("The file {name} is empty", name=name))
    name, companions = keepable(name), dict(companions or {})
    if data.startswith(ZIP_MAGIC):
        names = check_archive(name, data)
        if "xl/workbook.xml" not in names:
            companions |= _unpack(name, data)
    return Upload(name, data, companions)


def check_archive(name: str, data: bytes) -> list[str]:
    """Return the names in an archive that is safe to unpack.

    Raises
    ------
    ImportFileError
        If it is damaged, encrypted, or unpacks to far more than it holds.
    """
    try:
        infos = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except ZIP_ERRORS as error:
        raise ImportFileError(text("The archive {name} is damaged; save or pack it again", name=name)) from error
    if any(info.flag_bits & 1 for info in infos):
        raise ImportFileError(text("The file {name} is locked with a password; save it without one", name=name))
    unpacked = sum(info.file_size for info in infos)
    too_dense = unpacked > SMALL_BYTES and unpacked > MAX_RATIO * len(data)
    if unpacked > MAX_UNPACKED_BYTES or too_dense or len(infos) > MAX_MEMBERS:
        raise ImportFileError(text("The archive {name} unpacks to far too much and is not opened", name=name))
    return [info.filename for info in infos]


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
    if upload.is_archive:
        return _archived_format(upload)
    if signature is not None:
        return signature
    return _text_format(upload, head)


_SHAPEFILE: Final = b"\x00\x00\x27\x0a"
_SIGNATURES: Final = (
    (b"SQLite format 3\x00", FileFormat.GEOPACKAGE),
    (b"fgb\x03", FileFormat.FLATGEOBUF),
    (b"PAR1", FileFormat.GEOPARQUET),
    (_SHAPEFILE, FileFormat.SHAPEFILE),
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
    start = _without_marks(head)
    suffix = PurePosixPath(upload.name).suffix.lower()
    if suffix in SUFFIXES[FileFormat.GEOJSON] or start[:1] in {b"{", b"["}:
        return FileFormat.GEOJSON
    if start[:1] == b"<" or suffix in SUFFIXES[FileFormat.KML] + SUFFIXES[FileFormat.GPX]:
        return _markup_format(upload)
    # In a table a stray one is a fault of its cell; elsewhere it tells that this is no text.
    strays = len(head) // 50 if suffix in SUFFIXES[FileFormat.TEXT] else 0
    is_binary = sum(byte in _CONTROL for byte in head) > strays and not _is_utf16(upload.data)
    if is_binary:
        raise ImportFileError(_unknown(upload.name))
    return FileFormat.TEXT


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
        raise ImportFileError(
            text("{name} is a web page under the name of a workbook; open it and save it as XLSX", name=upload.name)
        )
    raise ImportFileError(_unknown(upload.name))


def _without_marks(head: bytes) -> bytes:
    """Return the beginning of a text of any Unicode encoding as ASCII shows it, without marks and blanks."""
    return head.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").lstrip(b"\xff\xfe\x1e \t\r\n")


def _is_utf16(data: bytes) -> bool:
    return data[:2] in _UTF16_MARKS or find_utf16(data) is not None


def _archived_format(upload: Upload) -> FileFormat:
    with zipfile.ZipFile(io.BytesIO(upload.data)) as archive:
        if "xl/workbook.xml" in archive.namelist():
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
        if name.lower().endswith(".shp") and not data.startswith(_SHAPEFILE):
            raise ImportFileError(
                text("{name} is named like a Shapefile and is none; save it as a Shapefile again", name=name)
            )


def open_single(upload: Upload) -> Upload:
    """Return the one file inside an archive that holds no Shapefile; any other upload as it is.

    Raises
    ------
    ImportFileError
        If the archive holds no such file, or several.
    """
    if not upload.is_archive or not upload.companions:
        return upload
    if any(name.lower().endswith(".shp") for name in upload.companions):
        return upload
    if _OFFICE & set(upload.companions):
        raise ImportFileError(_unknown(upload.name))
    inner = [n for n in upload.companions if n.lower().endswith(_SINGLE_SUFFIXES)]
    if len(inner) != 1:
        foreign = (explain_foreign(PurePosixPath(n).name, d) for n, d in upload.companions.items())
        explanation = None if inner else next((sentence for sentence in foreign if sentence is not None), None)
        if explanation is not None:
            raise ImportFileError(explanation)
        raise ImportFileError(
            text("The archive {name} must hold one data file, or the parts of Shapefiles", name=upload.name)
        )
    beside = {PurePosixPath(n).name: d for n, d in upload.companions.items() if n.lower().endswith(UNWRITTEN_PARTS)}
    return make_upload(PurePosixPath(inner[0]).name, upload.companions[inner[0]], beside)


_SINGLE_SUFFIXES: Final = tuple(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)
_OFFICE: Final = frozenset({"word/document.xml", "ppt/presentation.xml", "content.xml", "xl/workbook.bin"})
"""What is in a document, a presentation, an ODS table and an XLSB workbook: archives, but none of ours."""


def _unpack(name: str, data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = [info for info in archive.infolist() if not info.is_dir() and "__MACOSX" not in info.filename]
            return {_archived_name(info): archive.read(info) for info in files}
    except ZIP_ERRORS as error:
        raise ImportFileError(text("The archive {name} is damaged; save or pack it again", name=name)) from error


def _archived_name(info: zipfile.ZipInfo) -> str:
    """Return a name as it was meant: archives from Chinese Windows write GBK without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _unknown(name: str) -> Text:
    return text(
        "{name} is in no format that is read; use GeoPackage, GeoJSON, Shapefile (zipped), FlatGeobuf, GeoParquet,"
        " KML, GPX, CSV or XLSX",
        name=name,
    )
