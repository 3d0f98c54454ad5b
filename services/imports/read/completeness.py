"""Whether a file is there to its end, told from what it says of its own size before a library reads it.

Libraries say "not recognized" of a file that was cut, read what is left of it, or make up what is missing.
"""

import struct
from collections.abc import Mapping
from itertools import repeat
from pathlib import PurePosixPath
from typing import Final

from services.i18n import text
from services.imports.errors import ImportFileError, broken_off
from services.imports.read.foreign_formats import COMPOUND_MAGIC, explain_stand_in
from services.imports.read.upload import SHAPEFILE, FileFormat, Upload

_SQLITE_HEADER_BYTES: Final = 100
_LARGEST_PAGE: Final = 65_536
_SHAPEFILE_HEADER_BYTES: Final = 100
_COMPOUND_HEADER_BYTES: Final = 512
_NO_SECTOR: Final = 0xFFFF_FFFA
_DBF_HEADER_BYTES: Final = 32
_DBF_VERSIONS: Final = frozenset(b"\x02\x03\x04\x05\x30\x31\x32\x43\x63\x83\x8b\x8e\x8c\xcb\xf5\xfb")
_PARQUET: Final = b"PAR1"
_FGB_MAGIC_BYTES: Final = 8
_FGB_COUNT_FIELD: Final = 8
"""Which field of the header of a FlatGeobuf is the number of features; the one after it is the width of its index."""
_FGB_NODE_WIDTH: Final = 16
_FGB_NODE_BYTES: Final = 40


def check_complete(upload: Upload, kind: FileFormat) -> None:
    """Refuse a file that is shorter than it says itself, or of which a part is something else than its name says.

    Raises
    ------
    ImportFileError
        Then.
    """
    if kind is FileFormat.SHAPEFILE:
        parts = upload.companions if upload.is_archive else {upload.name: upload.data, **upload.companions}
        _check_parts(parts)
    elif not _is_whole(upload.data, kind):
        raise ImportFileError(broken_off(upload.name))


def _is_whole(data: bytes, kind: FileFormat) -> bool:
    if kind is FileFormat.GEOPACKAGE:
        return _is_whole_database(data)
    if kind is FileFormat.GEOPARQUET:
        return data.endswith(_PARQUET) and len(data) > 2 * len(_PARQUET)
    if kind is FileFormat.SHEET and data.startswith(COMPOUND_MAGIC):
        return _is_whole_compound(data)
    if kind is FileFormat.FLATGEOBUF:
        try:
            return _is_whole_flatgeobuf(data)
        except struct.error:
            return False
    return True


def _check_parts(parts: Mapping[str, bytes]) -> None:
    """Refuse a Shapefile of which a part is cut or is none.

    Raises
    ------
    ImportFileError
        Then.
    """
    for path, data in parts.items():
        name, ending = PurePosixPath(path).name, PurePosixPath(path).suffix.lower()
        if ending == ".shp" and not _is_whole_shp(data):
            raise ImportFileError(broken_off(name))
        if ending != ".dbf":
            continue
        if not data or data[0] not in _DBF_VERSIONS:
            reason = explain_stand_in(name, data) if data else text("The file {name} is empty", name=name)
            raise ImportFileError(reason or text("{name} is no table of a Shapefile; save it again", name=name))
        if not _is_whole_dbf(data):
            raise ImportFileError(broken_off(name))


def _is_whole_database(data: bytes) -> bool:
    """Return whether SQLite's pages are all there; a count that an old program left behind is not believed."""
    if len(data) < _SQLITE_HEADER_BYTES:
        return False
    stated: int = struct.unpack_from(">H", data, 16)[0]
    change, pages = struct.unpack_from(">II", data, 24)
    is_current = change == struct.unpack_from(">I", data, 92)[0]
    return not is_current or pages * (_LARGEST_PAGE if stated == 1 else stated) <= len(data)


def _is_whole_shp(data: bytes) -> bool:
    if not data.startswith(SHAPEFILE):
        return True
    return len(data) >= _SHAPEFILE_HEADER_BYTES and 2 * int(struct.unpack_from(">I", data, 24)[0]) <= len(data)


def _is_whole_dbf(data: bytes) -> bool:
    if len(data) < _DBF_HEADER_BYTES:
        return False
    rows, header_bytes, row_bytes = struct.unpack_from("<IHH", data, 4)
    return bool(header_bytes + rows * row_bytes <= len(data))


def _is_whole_compound(data: bytes) -> bool:
    """Return whether the sectors that an Office file of 1997 to 2003 names in its header are there ([MS-CFB] 2.2)."""
    if len(data) < _COMPOUND_HEADER_BYTES:
        return False
    sector_bytes = 1 << min(struct.unpack_from("<H", data, 30)[0], 12)
    named = [sector for sector in struct.unpack_from("<109I", data, 76) if sector < _NO_SECTOR]
    return all((sector + 1) * sector_bytes < len(data) for sector in named)


def _is_whole_flatgeobuf(data: bytes) -> bool:
    """Return whether header, index and every feature are there (flatgeobuf.org, "Specification").

    Raises
    ------
    struct.error
        If a number is not there any more.
    """
    header = _FGB_MAGIC_BYTES + 4
    place = header + _number(data, _FGB_MAGIC_BYTES)
    table = header + _number(data, header)
    count = _field(data, table, _FGB_COUNT_FIELD, "<Q", 0)
    width = _field(data, table, _FGB_COUNT_FIELD + 1, "<H", _FGB_NODE_WIDTH)
    place += _index_bytes(count, width)
    for _ in repeat(None, count):
        place += 4 + _number(data, place)
        if place > len(data):
            return False
    return place <= len(data)


def _number(data: bytes, place: int) -> int:
    return int(struct.unpack_from("<I", data, place)[0])


def _field(data: bytes, table: int, number: int, form: str, default: int) -> int:
    """Return a number from a table of FlatBuffers.

    Raises
    ------
    struct.error
        If it lies outside of the data.
    """
    vtable = table - struct.unpack_from("<i", data, table)[0]
    entry = 4 + 2 * number
    if entry >= struct.unpack_from("<H", data, vtable)[0]:
        return default
    offset = struct.unpack_from("<H", data, vtable + entry)[0]
    return int(struct.unpack_from(form, data, table + offset)[0]) if offset else default


def _index_bytes(count: int, width: int) -> int:
    """Return the size of the packed tree over this many features."""
    if not count or width < 2:
        return 0
    nodes = level = count
    while level > 1:
        level = -(-level // width)
        nodes += level
    return nodes * _FGB_NODE_BYTES
