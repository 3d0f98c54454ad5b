"""From what people call a zone or a unit to its code: by code, by name, by a name whose suffix is repaired."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd
from rapidfuzz import process

from services.imports.check.code_faults import KnownCodes
from services.rules.people import normal_name

_SUFFIXES: Final = (
    (re.compile(r"街道?(?:办事处|办)?$"), "街道"),
    (re.compile(r"(?:社区)?(?:居民委员会|居委会|居委|党委|党总支)$|社区$"), "社区"),
    (re.compile(r"村(?:民委员会|委会|委)?$"), "村"),
    (re.compile(r"(?:镇人民政府|镇政府|镇)$"), "镇"),
)
_HINT_LIMIT: Final = 60


@dataclass(frozen=True, slots=True)
class ReferenceMatch:
    """What a stated name turned out to be."""

    code: str | None
    """The code, or None where nothing, or more than one thing, has that name."""
    is_repaired: bool = False
    """Whether the name had to be read with another suffix (秀全街 for 秀全街道)."""
    candidates: tuple[str, ...] = ()
    """Codes, where several have that name."""


class Directory:
    """Codes by code and by name."""

    def __init__(self, names: pd.Series) -> None:
        """Take names indexed by code."""
        self._known = KnownCodes(map(str, names.index))
        self._count = len(names)
        plain = [(_plain(str(name)), str(code)) for code, name in names.items() if name]
        self._by_name = _by_key(plain)
        self._by_suffix = _by_key((repaired_name(name), code) for name, code in plain)
        self._by_stem = _by_key((_stem(name), code) for name, code in plain)
        self._names = dict(zip(map(str, names.index), map(str, names), strict=True))

    def __len__(self) -> int:
        return self._count

    def spoiled(self, words: str) -> tuple[str, ...]:
        """Return the codes of which this is what a spreadsheet has left."""
        return self._known.spoiled(words)

    def find(self, words: str) -> ReferenceMatch:
        """Return what is meant: a code, else a name, else a name with its suffix repaired or missing.

        Examples
        --------
        >>> Directory(pd.Series({"440114004": "秀全街道"})).find("秀全街")
        Reference(code='440114004', is_repaired=True, candidates=())
        """
        code = self._known.find(words)
        if code in self._known:
            return ReferenceMatch(code)
        name = _plain(words)
        for index, key, repaired in (
            (self._by_name, name, False),
            (self._by_suffix, repaired_name(name), True),
            (self._by_stem, name, True),
        ):
            codes = index.get(key, ())
            if len(codes) == 1:
                return ReferenceMatch(codes[0], is_repaired=repaired)
            if codes:
                return ReferenceMatch(None, candidates=codes)
        return ReferenceMatch(None)

    def name(self, code: str) -> str:
        """Return the name of a code, empty where it has none."""
        return self._names.get(code, "")

    def nearest_name(self, words: str) -> str:
        """Return the name most like what was stated, empty where none is like it."""
        found = process.extractOne(words, self._names.values(), score_cutoff=_HINT_LIMIT)
        return str(found[0]) if found else ""


def repaired_name(name: str) -> str:
    """Return a name of a zone with its suffix in full.

    Examples
    --------
    >>> repaired_name("秀全街"), repaired_name("雅瑶社区居委会")
    ('秀全街道', '雅瑶社区')
    """
    for pattern, suffix in _SUFFIXES:
        if pattern.search(name) and len(name) > len(suffix) - 1:
            return pattern.sub(suffix, name)
    return name


def _stem(name: str) -> str:
    full = repaired_name(name)
    return next((full.removesuffix(s) for _, s in _SUFFIXES if full.endswith(s) and len(full) > len(s) + 1), full)


def _plain(name: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", normal_name(str(name))))


def _by_key(pairs: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for key, code in pairs:
        found.setdefault(key, []).append(code)
    return {key: tuple(sorted(codes)) for key, codes in found.items()}
