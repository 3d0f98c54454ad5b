"""Which encoding bytes are in, told from all of them together and not from one header or one declaration.

UTF-8 proves itself: bytes of another encoding are hardly ever Chinese in it. What decodes in GB18030 or Big5 may still
be nonsense, so these are weighed by how usual the characters are that come out. A character that is cut at the end of
a text (fields of fixed width do that) counts for nothing and is dropped.
"""

import codecs
import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

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
