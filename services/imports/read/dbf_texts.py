"""The texts of a Shapefile: headers and values decoded apart, column by column, as whoever wrote them meant them.

A field name has 10 bytes and a value 254 at most, and most writers cut in the middle of a character. Files are made by
several programs one after another, so that one column may be in another encoding than the rest, or than ``.cpg`` says.

Which encoding bytes are in is told from all of them together and not from one header or one declaration. UTF-8 proves
itself: bytes of another encoding are hardly ever Chinese in it. What decodes in GB18030 or Big5 may still be nonsense,
so these are weighed by how usual the characters are that come out.
"""

import codecs
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.errors import Problem
from services.i18n import text
from services.imports.errors import ImportFileError
from services.imports.read.table import Unreadable

UTF8: Final = "utf-8"
GB18030: Final = "gb18030"
BIG5: Final = "big5"
TRUST: Final = 0.2
"""How much better another encoding must fit than the one that is declared, or that the rest of the file is in."""
_NUMBERS: Final = {"936": GB18030, "54936": GB18030, "65001": UTF8, "950": BIG5}
_NAMES: Final = {"gbk": GB18030, "gb2312": GB18030, "cp936": GB18030, "utf8": UTF8, "big5hkscs": "big5hkscs"}
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_BIG5_USUAL: Final = range(0xA4, 0xC7)
"""Lead bytes of the 5,401 characters of Big5 in daily use."""
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


def spelt(words: str) -> str | None:
    """Return the name by which Python has an encoding as people and ``.cpg`` files write it, None for an unknown one.

    Examples
    --------
    >>> spelt("OEM 936"), spelt("UTF8"), spelt("nonsense")
    ('gb18030', 'utf-8', None)
    """
    plain = re.sub(r"[\s_-]", "", words.strip().lower())
    name = _NUMBERS.get(re.sub(r"\D", "", plain)) or _NAMES.get(plain)
    try:
        return name or codecs.lookup(words.strip()).name
    except (LookupError, ValueError):
        return None


def fitting_encoding(
    texts: Iterable[bytes], candidates: Sequence[str] = (UTF8, GB18030, BIG5), trusted: str | None = None
) -> str:
    """Return the encoding in which texts make the most sense.

    Parameters
    ----------
    texts
        The texts; those of ASCII alone tell nothing.
    candidates
        Encodings to choose from; of equally good ones the first.
    trusted
        What is declared, or what the rest of the file is in: kept unless another fits better by ``TRUST``.
    """
    telling = [part for part in texts if not part.isascii()]
    choices: list[str] = list(dict.fromkeys([*filter(None, [trusted]), *candidates]))
    if not telling:
        return choices[0]
    weight = sum(map(len, telling))
    scores = {
        name: sum(fit(part, name) * len(part) for part in telling) / weight + (TRUST if name == trusted else 0)
        for name in choices
    }
    return max(scores, key=lambda name: scores[name])


def fit(part: bytes, encoding: str) -> float:
    """Return how much sense (0 to 1) a text makes in an encoding: the share of its characters that are usual."""
    content = decode_cut(part, encoding)
    if content is None:
        return 0.0
    if encoding == UTF8:
        return 1.0 if _HAN.search(content) else 0.5
    foreign = [character for character in content if not character.isascii()]
    usual = _is_usual_big5 if encoding.startswith(BIG5) else _is_usual
    return sum(map(usual, foreign)) / len(foreign) if foreign else 0.0


def decode_cut(part: bytes, encoding: str) -> str | None:
    """Return a text without the character that is cut at its end; None where it is not in this encoding."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(part)
    except (UnicodeDecodeError, LookupError):
        return None


def is_cut(part: bytes, encoding: str) -> bool:
    """Return whether a text ends within a character."""
    content = decode_cut(part, encoding)
    return content is not None and len(content.encode(encoding, errors="replace")) < len(part)


@cache
def _is_usual(character: str) -> bool:
    try:
        return bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False


@cache
def _is_usual_big5(character: str) -> bool:
    try:
        lead = character.encode(BIG5)[0]
    except UnicodeEncodeError:
        return False
    return lead in _BIG5_USUAL or lead in (0xA1, 0xA2)
