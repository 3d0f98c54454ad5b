"""The texts of a Shapefile: headers and values decoded apart, column by column, as whoever wrote them meant them.

A field name has 10 bytes and a value 254 at most, and most writers cut in the middle of a character. Files are made by
several programs one after another, so that one column may be in another encoding than the rest, or than ``.cpg`` says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.errors import Problem
from services.i18n import text
from services.imports.errors import ImportFileError
from services.imports.read.encodings import BIG5, GB18030, UTF8, decode_cut, fit, fitting_encoding, is_cut, spelt
from services.imports.read.table import Unreadable

BYTES: Final = "ISO-8859-1"
"""The encoding in which GDAL hands over the bytes as they stand in the file: every byte is a character of its
own. GDAL knows the name in capitals only."""
_LANGUAGE_BYTE: Final = 29
_LANGUAGES: Final = {0x4D: GB18030, 0x7A: GB18030, 0x4F: BIG5, 0x78: BIG5}
"""Codes of dBASE for the encodings met in China."""


@dataclass(frozen=True, slots=True)
class DecodedTexts:
    """Headers and columns after decoding."""

    headers: tuple[str, ...]
    columns: tuple[NDArray[Any], ...]
    encoding: str
    notes: tuple[Problem, ...] = ()
    """Values that are cut within a character, and columns in an encoding of their own."""


def declared_encoding(dbf: Path) -> str | None:
    """Return what ``.cpg``, or else the header of ``.dbf``, says; None where neither says anything that is known."""
    declared = dbf.with_suffix(".cpg")
    stated = spelt(declared.read_text("ascii", errors="ignore")[:40]) if declared.exists() else None
    header = dbf.read_bytes()[: _LANGUAGE_BYTE + 1]
    return stated or (_LANGUAGES.get(header[_LANGUAGE_BYTE]) if len(header) > _LANGUAGE_BYTE else None)


def decode_texts(
    headers: Sequence[str], columns: Sequence[NDArray[Any]], *, declared_encoding: str | None, encoding: str | None
) -> DecodedTexts:
    """Return headers and columns as texts.

    Parameters
    ----------
    headers, columns
        As GDAL gives them in the encoding ``BYTES``; columns that are no texts stay as they are.
    declared_encoding
        The encoding the file declares, weighed against what its texts look like.
    encoding
        The encoding the user has chosen, or None; a value that is not in it is ``Unreadable``.

    Raises
    ------
    ImportFileError
        If most texts are not in the encoding that was asked for.
    """
    names = [header.encode(BYTES) for header in headers]
    values = [_distinct(column) for column in columns]
    every = [*names, *(value for column in values for value in column)]
    if encoding is not None:
        _require(every, encoding)
    main = encoding or fitting_encoding(every, trusted=declared_encoding)
    header_encoding = encoding or fitting_encoding(names, (UTF8, GB18030), trusted=main)
    notes: list[Problem] = []
    decoded = []
    shown = distinct_names([decode_cut(name, header_encoding) or _broken(name, header_encoding) for name in names])
    for header, column, distinct in zip(shown, columns, values, strict=True):
        own = encoding or fitting_encoding(distinct, (UTF8, GB18030), trusted=main)
        if own != main and not all(value.isascii() for value in distinct):
            notes.append(Problem(0, header, "other_encoding", own.upper(), {"encoding": main.upper()}))
        meanings = {value.decode(BYTES): _decode(value, own, is_fixed=encoding is not None) for value in distinct}
        decoded.append(_replaced(column, meanings))
        notes.extend(_cut_values(column, header, {v.decode(BYTES) for v in distinct if is_cut(v, own)}, meanings))
    return DecodedTexts(tuple(shown), tuple(decoded), main, tuple(notes))


def distinct_names(names: Sequence[str]) -> list[str]:
    """Return headers without blanks, each once: cutting makes some alike, and none may be lost for that."""
    shown: list[str] = []
    for place, name in enumerate(names, 1):
        plain = name.strip("\u3000\u00a0 \x00") or f"[{place}]"
        shown.append(f"{plain} [{place}]" if plain in shown else plain)
    return shown


def _distinct(column: NDArray[Any]) -> list[bytes]:
    if column.dtype != object:
        return []
    return [value.encode(BYTES) for value in dict.fromkeys(v for v in column.tolist() if isinstance(v, str))]


def _require(texts: Sequence[bytes], encoding: str) -> None:
    if spelt(encoding) is None:
        raise ImportFileError(text("The encoding {encoding} is unknown", encoding=encoding))
    telling = [part for part in texts if not part.isascii()]
    if 2 * sum(decode_cut(part, encoding) is None for part in telling) > len(telling):
        raise ImportFileError(
            text(
                "The texts of the file are not in {encoding}; choose another, or let it be found out", encoding=encoding
            )
        )


def _decode(value: bytes, encoding: str, *, is_fixed: bool) -> str | Unreadable:
    """Return a value in the encoding of its column, or in another one if it makes sense only there."""
    own = encoding if is_fixed else fitting_encoding([value], (UTF8, GB18030), trusted=encoding)
    content = decode_cut(value, own)
    if content is None or (own != encoding and not fit(value, own)):
        return Unreadable(_broken(value, encoding), "bad_character")
    return content


def _broken(value: bytes, encoding: str) -> str:
    return value.decode(encoding, errors="replace")


def _replaced(column: NDArray[Any], meanings: dict[str, str | Unreadable]) -> NDArray[Any]:
    if column.dtype != object:
        return column
    replaced = np.empty(len(column), dtype=object)
    replaced[:] = [meanings[value] if isinstance(value, str) else value for value in column.tolist()]
    return replaced


def _cut_values(
    column: NDArray[Any], header: str, cut: set[str], meanings: dict[str, str | Unreadable]
) -> list[Problem]:
    if not cut:
        return []
    rows = [(row, value) for row, value in enumerate(column.tolist(), 1) if value in cut]
    return [Problem(row, header, "text_cut", str(meanings[value])[:40]) for row, value in rows]
