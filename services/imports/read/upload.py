"""A file that somebody gave us, with its companions, in memory: what is read is always a copy."""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Final

from services.i18n import Text, text
from services.imports.check.values import keepable
from services.imports.errors import ImportFileError, broken_off
from services.imports.read.foreign_formats import explain_foreign, explain_members

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
SHAPEFILE: Final = b"\x00\x00\x27\x0a"
"""How a ``.shp`` begins."""
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


_SAMPLE: Final = 4096


def make_upload(name: str, data: bytes, companions: Mapping[str, bytes] | None = None) -> Upload:
    """Return an upload from bytes; an archive that is no spreadsheet is unpacked.

    Raises
    ------
    ImportFileError
        If there is nothing in the file, or an archive that is damaged or not safe to open.
    """
    if not data[:_SAMPLE].strip() and not data.strip():
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
        raise ImportFileError(_damaged_archive(name, data)) from error
    if any(info.flag_bits & 1 for info in infos):
        raise ImportFileError(text("The file {name} is locked with a password; save it without one", name=name))
    unpacked = sum(info.file_size for info in infos)
    too_dense = unpacked > SMALL_BYTES and unpacked > MAX_RATIO * len(data)
    if unpacked > MAX_UNPACKED_BYTES or too_dense or len(infos) > MAX_MEMBERS:
        raise ImportFileError(text("The archive {name} unpacks to far too much and is not opened", name=name))
    return [info.filename for info in infos]


ZIP_END: Final = b"PK\x05\x06"
ZIP_END_WITHIN: Final = 66_000
"""How far from the end of an archive its list of contents ends at most (its comment has up to 64 KB)."""


def _damaged_archive(name: str, data: bytes) -> Text:
    """Return what is wrong with an archive: without its list of contents, which comes last, it was cut."""
    if ZIP_END not in data[-ZIP_END_WITHIN:]:
        return broken_off(name)
    return text("The archive {name} is damaged; save or pack it again", name=name)


def is_workbook(upload: Upload) -> bool:
    """Return whether an archive is a workbook (XLSX)."""
    with zipfile.ZipFile(io.BytesIO(upload.data)) as archive:
        return "xl/workbook.xml" in archive.namelist()


def open_single(upload: Upload) -> Upload:
    """Return the one file inside an archive that holds no Shapefile; any other upload as it is.

    Raises
    ------
    ImportFileError
        If the archive holds no such file, or several.
    """
    if not upload.is_archive or is_workbook(upload):
        return upload
    if not upload.companions:
        raise ImportFileError(text("The archive {name} is empty", name=upload.name))
    if any(name.lower().endswith(".shp") for name in upload.companions):
        return upload
    inner = [n for n in upload.companions if n.lower().endswith(_SINGLE_SUFFIXES)]
    explanation = explain_members(upload.name, upload.companions)
    if explanation is None and len(inner) != 1:
        explanation = _contents(upload, inner)
    if explanation is not None:
        raise ImportFileError(explanation)
    beside = {PurePosixPath(n).name: d for n, d in upload.companions.items() if n.lower().endswith(UNWRITTEN_PARTS)}
    return make_upload(PurePosixPath(inner[0]).name, upload.companions[inner[0]], beside)


_SINGLE_SUFFIXES: Final = tuple(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)
_INNER_ARCHIVES: Final = (".zip", ".kmz", ".qgz")
_MOST_NAMED: Final = 3


def _contents(upload: Upload, inner: list[str]) -> Text:
    """Return what is in an archive that does not hold one data file, and what to do."""
    names = [PurePosixPath(name).name for name in inner or upload.companions]
    shown = "、".join(names[:_MOST_NAMED]) + ("…" if len(names) > _MOST_NAMED else "")
    if inner:
        return text("The archive {name} holds several files ({names}); give one of them", name=upload.name, names=shown)
    packed = next((PurePosixPath(n).name for n in upload.companions if n.lower().endswith(_INNER_ARCHIVES)), None)
    if packed is not None:
        return text(
            "The archive {name} holds another archive ({inner}); unpack it and give that",
            name=upload.name,
            inner=packed,
        )
    if {PurePosixPath(name).suffix.lower() for name in names} & set(SHAPEFILE_PARTS):
        return text(
            "The archive {name} holds parts of a Shapefile, but no .shp; pack .shp, .shx, .dbf and .prj into one zip",
            name=upload.name,
        )
    foreign = (explain_foreign(PurePosixPath(n).name, data) for n, data in upload.companions.items())
    explanation = next((sentence for sentence in foreign if sentence is not None), None)
    return explanation or text(
        "The archive {name} holds nothing that is read ({names}); it must hold one data file, or the parts of"
        " Shapefiles",
        name=upload.name,
        names=shown,
    )


def _unpack(name: str, data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = [info for info in archive.infolist() if not info.is_dir() and not _is_litter(info.filename)]
            return {_archived_name(info): archive.read(info) for info in files}
    except ZIP_ERRORS as error:
        raise ImportFileError(_damaged_archive(name, data)) from error


def _is_litter(path: str) -> bool:
    """Return whether a file in an archive is what systems and Excel leave beside files."""
    return "__MACOSX" in path or PurePosixPath(path).name.startswith(("~$", "._"))


def _archived_name(info: zipfile.ZipInfo) -> str:
    """Return a name as it was meant: archives from Chinese Windows write GBK without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename
