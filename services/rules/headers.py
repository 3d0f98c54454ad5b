"""Which column of a file is which field: by known words first, then by likeness, and never by a guess between two."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from types import MappingProxyType
from typing import Final

from rapidfuzz import fuzz

from geo.schema import Layer
from services.catalog.layers import LAYERS

WORDS: Final[Mapping[Layer, Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {
        layer: {field.name: tuple(dict.fromkeys(field.headers.split())) for field in spec.fields if field.is_read}
        for layer, spec in LAYERS.items()
    }
)
"""Every field that can be read into a layer, with the words by which files name it, the likelier ones first."""
_CODE_ENDINGS: Final = "编码 代码 编号 代号 号 统一编码 id code"
_NAME_ENDINGS: Final = "名称 名 全称 name"
LIKENESS_LIMIT: Final = 82.0
"""Likeness (0 to 100) below which a header is not taken for a word."""
LIKENESS_LEAD: Final = 5.0
"""By how much the best field must be ahead of the next one."""
CERTAIN: Final = 100.0
_ALONE: Final = frozenset({"code", "lon", "lat", "lonlat", "wkt"})
"""Fields that are read from one column alone."""
_ONE_COLUMN: Final = frozenset({"code", "name"})
"""Fields that may be read from one and the same column: what has no name but its number is called by it."""
_MIN_FUZZY_LENGTH: Final = 3
_BRACKETS: Final = re.compile(r"[(\[{【〔<《][^)\]}】〕>》]*[)\]}】〕>》]")
_NOISE: Final = re.compile(r"[\s*_\-:;,。、/\\\"'“”‘’#.·?!|\u200b\ufeff]+")
_LEAD_IN: Final = re.compile(r"^(?:\d{1,2}[.、)]|其中[:：]?)")


@dataclass(frozen=True, slots=True)
class HeaderMapping:
    """How the columns of a file are understood."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Field to header as it stands in the file."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """Field to likeness: 100 for a known word or a column the user chose."""
    unused: tuple[str, ...] = ()
    """Headers that mean nothing to this layer."""

    def corrected(self, columns: Mapping[str, str | None]) -> "HeaderMapping":
        """Return the mapping with the user's word put in place of ours; None takes a field away.

        A header serves one field, or code and name together: a field that loses its header to the user's choice is
        left without one.
        """
        chosen = {name: header for name, header in columns.items() if header}
        kept = {
            name: header
            for name, header in self.columns.items()
            if name not in columns and all(_may_share(name, other) for other, h in chosen.items() if h == header)
        }
        merged = kept | chosen
        headers = (*self.unused, *self.columns.values())
        scores = {name: CERTAIN if name in chosen else self.scores[name] for name in merged}
        unused = tuple(h for h in dict.fromkeys(headers) if h not in merged.values())
        return HeaderMapping(merged, scores, unused)


def _may_share(field: str, other: str) -> bool:
    return {field, other} == _ONE_COLUMN


def normal_header(header: str) -> str:
    """Return a header without what does not matter: width, case, brackets, units, stars, spaces, marks.

    Examples
    --------
    >>> normal_header(" ＊小区户数（户） ")
    '小区户数'
    """
    text = unicodedata.normalize("NFKC", str(header)).lower().strip()
    text = _LEAD_IN.sub("", text)
    return _NOISE.sub("", _BRACKETS.sub("", text)) or _NOISE.sub("", text)


def match_headers(headers: Sequence[str], layer: Layer) -> HeaderMapping:
    """Return which header stands for which field of a layer.

    Known words come first; of two headers that are both known words of one field, the word that stands earlier in our
    list wins, then the header that stands earlier in the file. What is left is compared by likeness
    (``rapidfuzz.fuzz.ratio``): at least ``LIKENESS_LIMIT``, and ahead of every other field or header by
    ``LIKENESS_LEAD``; otherwise the header stays unused. No header serves two fields.

    Examples
    --------
    >>> dict(match_headers(["网格编号", "网格名称", "所属社区"], Layer.GRIDS).columns)
    {'code': '网格编号', 'name': '网格名称', 'parent_code': '所属社区'}
    """
    normal = {header: normal_header(header) for header in headers}
    columns: dict[str, str] = {}
    for _rank, _place, name, header in sorted(_known(normal, layer)):
        if name not in columns and header not in columns.values():
            columns[name] = header
    scores = dict.fromkeys(columns, CERTAIN)
    for score, name, header in _alike(normal, layer, taken=columns):
        if name not in columns and header not in columns.values():
            columns[name], scores[name] = header, score
    ordered = {name: columns[name] for name in WORDS[layer] if name in columns}
    unused = tuple(header for header in headers if header not in ordered.values())
    return HeaderMapping(ordered, {name: scores[name] for name in ordered}, unused)


def count_known(cells: Iterable[str], layer: Layer) -> int:
    """Return how many of the cells are known words of a layer: the row where they are most is the header."""
    words = _ranks(layer)
    return len({word for cell in cells if (word := normal_header(cell)) in words})


def further_headers(mapping: HeaderMapping, layer: Layer) -> Mapping[str, tuple[str, ...]]:
    """Return for each field the unused headers that are known words of it too, in the order of our list.

    Codes and places have none: a second number is another number, and half a place is none.

    >>> dict(further_headers(match_headers(["姓名", "联系电话", "手机号码"], Layer.MEMBERS), Layer.MEMBERS))
    {'phone': ('联系电话',)}
    """
    ranks, found = _ranks(layer), dict[str, list[tuple[int, str]]]()
    for header in mapping.unused:
        for rank, name in ranks.get(normal_header(header), ()):
            if name in mapping.columns and name not in _ALONE:
                found.setdefault(name, []).append((rank, header))
    return {name: tuple(header for _rank, header in sorted(headers)) for name, headers in found.items()}


def numbered_headers(headers: Iterable[str], first: str) -> tuple[str, ...]:
    """Return the headers of the columns in which the texts of one column go on: those numbered from 2.

    >>> numbered_headers(["WKT", "名称", "WKT3", "wkt 2"], "WKT")
    ('wkt 2', 'WKT3')
    """
    numbered = {normal_header(header): header for header in headers}
    parts: list[str] = []
    while (more := numbered.get(f"{normal_header(first)}{len(parts) + 2}")) is not None:
        parts.append(more)
    return tuple(parts)


def headers_sha256(headers: Sequence[str]) -> str:
    """Return the key under which the understanding of these headers, in this order, is remembered."""
    return hashlib.sha256("\x1f".join(normal_header(h) for h in headers).encode()).hexdigest()


@cache
def _ranks(layer: Layer) -> Mapping[str, tuple[tuple[int, str], ...]]:
    """Return for each normalised word the fields it may stand for, each with the rank of the word."""
    ranks: dict[str, list[tuple[int, str]]] = {}
    for name, words in WORDS[layer].items():
        for rank, word in enumerate(dict.fromkeys(map(normal_header, words))):
            ranks.setdefault(word, []).append((rank, name))
    listed = set(ranks)
    for rank, (name, word) in enumerate(_ruled_words(layer), start=len(listed)):
        if word not in listed:
            ranks.setdefault(word, []).append((rank, name))
    return {word: tuple(sorted(found)) for word, found in ranks.items()}


def _ruled_words(layer: Layer) -> Iterator[tuple[str, str]]:
    """Yield field and header, the likelier ones first, of every header of a layer that follows the rule.

    That is 所属 + 社区 + 名称, for every level, every way to say that a row belongs to it, and every ending.

    >>> ("parent_code", "归属居委会名称") in set(_ruled_words(Layer.GRIDS))
    True
    """
    spec = LAYERS[layer]
    for named in spec.fields:
        if named.link is not None:
            yield from ((named.name, header) for header in _belonging(LAYERS[named.link].nouns, named.belonging))
    for noun in spec.nouns.split():
        for name, endings in (("code", _CODE_ENDINGS), ("name", _NAME_ENDINGS)):
            yield from ((name, f"{noun}{ending}") for ending in endings.split())


def _belonging(nouns: str, belonging: str) -> Iterator[str]:
    endings = ("", *_CODE_ENDINGS.split(), *_NAME_ENDINGS.split())
    for ending, noun, prefix in product(endings, nouns.split(), ("", *belonging.split())):
        if prefix or len(noun) > 1:
            yield f"{prefix}{noun}{ending}"


def _known(normal: Mapping[str, str], layer: Layer) -> Iterable[tuple[int, int, str, str]]:
    ranks = _ranks(layer)
    for place, (header, word) in enumerate(normal.items()):
        for rank, name in ranks.get(word, ()):
            yield rank, place, name, header


def _alike(normal: Mapping[str, str], layer: Layer, *, taken: Mapping[str, str]) -> list[tuple[float, str, str]]:
    """Return fields and headers that are alike beyond doubt, the most alike first."""
    free_fields = [name for name in WORDS[layer] if name not in taken]
    free_headers = [h for h, word in normal.items() if h not in taken.values() and len(word) >= _MIN_FUZZY_LENGTH]
    found = []
    for header in free_headers:
        scores = sorted(((_likeness(normal[header], WORDS[layer][name]), name) for name in free_fields), reverse=True)
        if scores and scores[0][0] >= LIKENESS_LIMIT and _leads([score for score, _ in scores]):
            found.append((*scores[0], header))
    rivals: dict[str, list[float]] = {}
    for score, name, _header in found:
        rivals.setdefault(name, []).append(score)
    clear = [
        item for item in found if _leads(sorted(rivals[item[1]], reverse=True)) and item[0] == max(rivals[item[1]])
    ]
    return sorted(clear, key=lambda item: (-item[0], item[1], item[2]))


def _likeness(header: str, words: Iterable[str]) -> float:
    return max(
        (float(fuzz.ratio(header, normal_header(w))) for w in words if len(normal_header(w)) >= _MIN_FUZZY_LENGTH),
        default=0.0,
    )


def _leads(scores: Sequence[float]) -> bool:
    return len(scores) < 2 or scores[0] - scores[1] >= LIKENESS_LEAD
