"""Cells with errors in a workbook of Excel 97 to 2003 (``.xls``, WPS ``.et``).

Two formats, one inside the other: the compound file ([MS-CFB]) is a small file system, of which the stream ``Workbook``
is read; in it stand records of number, length and content ([MS-XLS]: BoundSheet8, BoolErr, Formula).
"""

import struct
from collections.abc import Iterator
from typing import Final

_ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
_STREAMS: Final = ("Workbook", "Book")
_END: Final = 0xFFFFFFFA
"""Numbers of sectors from here on mean that there is none."""
_BOF, _EOF, _BOUND_SHEET, _BOOL_ERR, _FORMULA = 0x0809, 0x000A, 0x0085, 0x0205, 0x0006
_WORKSHEET: Final = 0
_ENTRY_BYTES: Final = 128
_IN_HEADER: Final = 109
"""Numbers of sectors of the allocation table that stand in the header itself."""


def find_errors(data: bytes, number: int) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield row and column (from 0) of every cell with an error, and the error as it is shown.

    Parameters
    ----------
    data
        The workbook. One that is damaged yields what can be told from it.
    number
        Which of its worksheets, from 0.
    """
    try:
        book = _workbook(data)
        starts = [
            struct.unpack_from("<I", content)[0]
            for kind, content in _records(book, 0)
            if kind == _BOUND_SHEET and content[5] == _WORKSHEET
        ]
        if number < len(starts):
            yield from _errors(book, starts[number])
    except (struct.error, IndexError):
        return


def _errors(book: bytes, start: int) -> Iterator[tuple[tuple[int, int], str]]:
    depth = 0
    for kind, content in _records(book, start):
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth > 1:
            continue  # a drawing inside the sheet
        if kind == _BOOL_ERR and content[7]:
            yield struct.unpack_from("<HH", content), _ERRORS.get(content[6], "#N/A")
        elif kind == _FORMULA and content[12:14] == b"\xff\xff" and content[6] == 2:
            yield struct.unpack_from("<HH", content), _ERRORS.get(content[8], "#N/A")


def _records(book: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    while start + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, start)
        yield kind, book[start + 4 : start + 4 + length]
        start += 4 + length


def _workbook(data: bytes) -> bytes:
    """Return the stream of a compound file that holds the workbook."""
    sector_bytes, small_bytes = (1 << shift for shift in struct.unpack_from("<HH", data, 0x1E))
    first_entry, smallest, first_small_table = (struct.unpack_from("<I", data, at)[0] for at in (0x30, 0x38, 0x3C))
    sectors = _Sectors(data[sector_bytes:], sector_bytes, _allocation(data, sector_bytes))
    entries = sectors.read(first_entry)
    root_start = struct.unpack_from("<I", entries, 116)[0]
    for at in range(0, len(entries), _ENTRY_BYTES):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        if entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace") not in _STREAMS:
            continue
        start, size = struct.unpack_from("<II", entries, at + 116)
        if size >= smallest:
            return sectors.read(start)[:size]
        table = _numbers(sectors.read(first_small_table))
        return _Sectors(sectors.read(root_start), small_bytes, table).read(start)[:size]
    return b""


def _allocation(data: bytes, sector_bytes: int) -> tuple[int, ...]:
    """Return for each sector which one follows it."""
    places = list(struct.unpack_from(f"<{_IN_HEADER}I", data, 0x4C))
    following, count = struct.unpack_from("<II", data, 0x44)
    for _ in range(min(count, len(data) // sector_bytes)):
        more = _numbers(data[(following + 1) * sector_bytes :][:sector_bytes])
        places += more[:-1]
        following = more[-1]
    parts = (data[(place + 1) * sector_bytes :][:sector_bytes] for place in places if place < _END)
    return _numbers(b"".join(parts))


class _Sectors:
    """Pieces of equal length, and for each which one follows it."""

    def __init__(self, data: bytes, piece_bytes: int, following: tuple[int, ...]) -> None:
        self._data, self._bytes, self._following = data, piece_bytes, following

    def read(self, start: int) -> bytes:
        """Return a stream from its first piece on; one that runs in a circle ends there."""
        pieces: list[bytes] = []
        while start < len(self._following) and len(pieces) <= len(self._following):
            pieces.append(self._data[start * self._bytes : (start + 1) * self._bytes])
            start = self._following[start]
        return b"".join(pieces)


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
