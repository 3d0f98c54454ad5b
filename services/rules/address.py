"""From an address as people write it to an estate: normalised, compared by name, with the community as a filter.

A score is 1 for the same name and falls with every character that differs; the same characters in another order count
as ``SAME_CHARACTERS``. Two estates that fit equally well are a doubt, not an answer.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process

SURE: Final = 0.85
"""From this score on, and with nobody close behind, an address is taken without asking."""
WORTH_SHOWING: Final = 0.4
"""Below this score an estate is no candidate."""
LEAD: Final = 0.05
"""By so much the best candidate must lead the second."""
SAME_CHARACTERS: Final = 0.9
"""Score of a name with the same characters in another order (港云花园 for 云港花园)."""
OTHER_COMMUNITY: Final = 0.8
"""Factor for an estate outside the community that the person or the address names."""
CANDIDATES: Final = 3
_CLOSER_LOOK: Final = 50
"""So many names, found by a fast scorer, are compared in full where there are very many."""

_DIGITS: Final = str.maketrans("零〇一二三四五六七八九", "00123456789")
_NUMERAL: Final = re.compile("[零〇一二三四五六七八九十]+(?=(栋|单元|座|期|区|号|楼|层|室|房))")
_BUILDING: Final = re.compile("(?:号+楼+|号*[幢栋]楼*)+")
_NOISE: Final = re.compile(r"[\s,，.。、;；:：\-—_~·()（）\[\]【】\"'“”‘’/\\#]+")
_TAIL: Final = re.compile(
    r"[a-z]?\d+(?:栋|单元|座|室|房|层|楼|梯|排|户|号(?!院|小区|大院)).*$|[a-z]\d*(?:栋|座).*$|\d+$"
)
_ADMINISTRATION: Final = re.compile(
    r"^(?:[^\d]{2,8}?(?:省|自治区))?(?:[^\d]{2,6}?市)?[^\d]{1,6}?[区县](?<!小区|社区|片区|园区|校区)(?!\d)"
)


@dataclass(frozen=True, slots=True)
class EstateName:
    """An estate as the matcher knows it."""

    code: str
    name: str
    address: str
    community_code: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An estate that an address may mean, with its score (0 to 1)."""

    code: str
    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The names to compare with: estates, and the names of wider zones that stand before them in an address."""

    estates: Sequence[EstateName]
    communities: Mapping[str, str]
    """Code of a community to its name."""
    wider: Sequence[str] = ()
    """Names of districts and subdistricts."""


def normalise(text: str) -> str:
    """Return a text in the one form in which addresses are compared.

    Full-width becomes half-width, Chinese numerals before a counter become digits, 号楼 and 幢 become 栋, blanks and
    punctuation go.

    Examples
    --------
    >>> normalise("云港花园 ３ 幢 502房"), normalise("港云花园三号楼")
    ('云港花园3栋502房', '港云花园3栋')
    """
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text).lower())
    return _NUMERAL.sub(lambda m: chinese_number(m.group()), _BUILDING.sub("栋", plain))


def estate_part(address: str) -> str:
    """Return the part of an address that names the estate: without building, room, province, city and district.

    Examples
    --------
    >>> estate_part("H区云港花园3栋502")
    '云港花园'
    """
    plain = _ADMINISTRATION.sub("", normalise(address))
    return _TAIL.sub("", plain) or plain


def similarity(left: str, right: str) -> float:
    """Return how alike two normalised names are, 0 to 1."""
    if left == right:
        return 1.0
    # A longer text that holds the whole name (with a road before it, a lane behind it) is nearly the name itself.
    if len(right) >= 3 and right in left:
        return 0.9 + LEAD * len(right) / len(left)
    if len(left) == len(right) and Counter(left) == Counter(right):
        return SAME_CHARACTERS
    return fuzz.ratio(left, right) / 100


class AddressBook:
    """Finds the estates that an address may mean. Each distinct name is compared once."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._communities = {normalise(name): code for code, name in gazetteer.communities.items() if name}
        self._zones = NameMatcher({*self._communities, *(normalise(name) for name in gazetteer.wider)} - {""})
        self._entries = [_Entry(normalise(e.name), self._local(normalise(e.address)), e) for e in gazetteer.estates]
        self._by_community: dict[str, list[_Entry]] = {}
        for entry in self._entries:
            self._by_community.setdefault(entry.estate.community_code, []).append(entry)
        self._compare = lru_cache(maxsize=200_000)(self._compare_names)

    def find(self, address: str, community_code: str = "") -> Candidate | None:
        """Return the estate that an address surely means, or None where a person must settle it."""
        community, local = self._understand(address, community_code)
        # An estate outside the named community can never be sure (OTHER_COMMUNITY): there is no need to look.
        return decide(self._near(community, local) if community else self._everywhere(community, local))

    def candidates(self, address: str, community_code: str = "") -> tuple[Candidate, ...]:
        """Return the best three estates for an address, best first; equal scores in the order of codes."""
        community, local = self._understand(address, community_code)
        near = self._near(community, local)
        return tuple(near if near and near[0].score >= SURE else self._everywhere(community, local))

    def _understand(self, address: str, community_code: str) -> tuple[str, str]:
        """Return the community that an address names (or the one stated) and the address without wider zones."""
        plain = normalise(address)
        named = (self._communities[name] for name in self._zones.found_in(plain) if name in self._communities)
        return next(named, community_code), self._local(plain)

    def _local(self, plain: str) -> str:
        local = _ADMINISTRATION.sub("", plain)
        for name in self._zones.found_in(local):
            local = local.replace(name, "", 1)
        return local or plain

    def _near(self, community: str, local: str) -> list[Candidate]:
        entries = self._by_community.get(community, [])
        at_road = [Candidate(e.estate.code, e.estate.name, 1.0) for e in entries if e.stands_at(local)]
        return _ranked([*at_road, *_others(self._compare(estate_part(local), community), at_road)])

    def _everywhere(self, community: str, local: str) -> list[Candidate]:
        near = self._near(community, local) if community else []
        factor = OTHER_COMMUNITY if community else 1.0
        at_road = [Candidate(e.estate.code, e.estate.name, factor) for e in self._entries if e.stands_at(local)]
        named = [replace(c, score=round(factor * c.score, 3)) for c in self._compare(estate_part(local), None)]
        far = [*at_road, *_others(named, at_road)]
        return _ranked([*near, *_others(far, near)])

    def _compare_names(self, part: str, community: str | None) -> tuple[Candidate, ...]:
        """Return the estates of a community (of all for None) whose names are like a text, best first."""
        entries = self._entries if community is None else self._by_community.get(community, [])
        if len(entries) > _CLOSER_LOOK:
            found = process.extract(part, [e.name for e in entries], scorer=fuzz.partial_ratio, limit=_CLOSER_LOOK)
            entries = [entries[index] for _, _, index in found]
        scored = [Candidate(e.estate.code, e.estate.name, round(similarity(part, e.name), 3)) for e in entries]
        return tuple(_ranked(scored))


@dataclass(frozen=True, slots=True)
class _Entry:
    """An estate with its name and address as they are compared."""

    name: str
    address: str
    estate: EstateName

    def stands_at(self, local: str) -> bool:
        """Return whether an address begins with the road and number of the estate."""
        return bool(self.address) and local.startswith(self.address)


class NameMatcher:
    """Finds which of many names stand in a text, longest first, without trying each of them."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = frozenset(names)
        self._lengths = sorted({len(name) for name in names}, reverse=True)

    def found_in(self, text: str) -> list[str]:
        """Return the names that stand in a text, longest first, then as they come."""
        places = ((length, start) for length in self._lengths for start in range(len(text) - length + 1))
        found = (text[start : start + length] for length, start in places)
        return list(dict.fromkeys(name for name in found if name in self._names))


def decide(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the candidate that can be taken without asking, or None where a person must settle it."""
    if not candidates or candidates[0].score < SURE:
        return None
    lead = candidates[0].score - candidates[1].score if len(candidates) > 1 else 1.0
    return candidates[0] if lead >= LEAD else None


def _others(candidates: Iterable[Candidate], known: Sequence[Candidate]) -> list[Candidate]:
    codes = {candidate.code for candidate in known}
    return [candidate for candidate in candidates if candidate.code not in codes]


def _ranked(candidates: Sequence[Candidate]) -> list[Candidate]:
    worth = [c for c in candidates if c.score >= WORTH_SHOWING]
    return sorted(worth, key=lambda c: (-c.score, c.code))[:CANDIDATES]


def chinese_number(numeral: str) -> str:
    """Return a Chinese numeral below 100, or a row of digits, in digits (十二 is 12, 二〇三 is 203); 十十 is none."""
    if numeral.count("十") > 1:
        return numeral
    if "十" not in numeral:
        return str(int(numeral.translate(_DIGITS)))
    tens, _, ones = numeral.partition("十")
    return str(10 * int(tens.translate(_DIGITS) or 1) + int(ones.translate(_DIGITS) or 0))
