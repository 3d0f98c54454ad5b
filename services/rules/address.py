"""From an address as people write it to an estate: normalised, compared by name, with the community as a filter.

A score is 1 for the same name and falls with every character that differs; the same characters in another order count
as ``SAME_CHARACTERS``. Two estates that fit equally well are a doubt, not an answer.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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

_DIGITS: Final = str.maketrans("零〇一二三四五六七八九", "00123456789")
_NUMERAL: Final = re.compile("[零〇一二三四五六七八九十]+(?=(栋|单元|座|期|区|号|楼|层|室|房))")
_BUILDING: Final = re.compile(r"(号楼|幢|号栋|#楼|栋楼)")
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
    return _NUMERAL.sub(lambda m: str(_number(m.group())), _BUILDING.sub("栋", plain))


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
    """Finds the estates that an address may mean. Each distinct address is looked up once."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._communities = {normalise(name): code for code, name in gazetteer.communities.items() if name}
        before = {normalise(name) for name in (*gazetteer.communities.values(), *gazetteer.wider)} - {""}
        self._before = sorted(before, key=len, reverse=True)
        self._names = [(normalise(e.name), self._without_zones(normalise(e.address)), e) for e in gazetteer.estates]
        self._look_up = lru_cache(maxsize=200_000)(self._candidates)

    def candidates(self, address: str, community_code: str = "") -> tuple[Candidate, ...]:
        """Return the best three estates for an address, best first; equal scores in the order of codes."""
        plain = normalise(address)
        named = next((code for name, code in self._communities.items() if name in plain), community_code)
        local = self._without_zones(plain)
        return self._look_up(estate_part(local), local, named)

    def _without_zones(self, plain: str) -> str:
        local = _ADMINISTRATION.sub("", plain)
        for name in self._before:
            local = local.replace(name, "", 1)
        return local or plain

    def _candidates(self, part: str, whole: str, community_code: str) -> tuple[Candidate, ...]:
        if not part:
            return ()
        near = [entry for entry in self._names if entry[2].community_code == community_code] if community_code else []
        best = _best(near, part, whole, 1.0)
        if not best or best[0].score < SURE:
            factor = OTHER_COMMUNITY if community_code else 1.0
            known = {candidate.code for candidate in best}
            others = [entry for entry in self._names if entry[2].code not in known]
            best = _ranked([*best, *_best(_prefiltered(others, part), part, whole, factor)])
        return tuple(best)


def decide(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the candidate that can be taken without asking, or None where a person must settle it."""
    if not candidates or candidates[0].score < SURE:
        return None
    lead = candidates[0].score - candidates[1].score if len(candidates) > 1 else 1.0
    return candidates[0] if lead >= LEAD else None


def _prefiltered(
    entries: Sequence[tuple[str, str, EstateName]], part: str, limit: int = 50
) -> list[tuple[str, str, EstateName]]:
    """Return the entries worth a closer look among very many, found by the fast scorer."""
    if len(entries) <= limit:
        return list(entries)
    found = process.extract(part, [e[0] for e in entries], scorer=fuzz.partial_ratio, limit=limit)
    return [entries[index] for _, _, index in found]


def _best(entries: Sequence[tuple[str, str, EstateName]], part: str, whole: str, factor: float) -> list[Candidate]:
    scored = [
        Candidate(e.code, e.name, round(factor * _score(name, address, part, whole), 3)) for name, address, e in entries
    ]
    return _ranked(scored)


def _score(name: str, address: str, part: str, whole: str) -> float:
    # A road and number of the estate's own address says as much as its name.
    return 1.0 if address and whole.startswith(address) else similarity(part, name)


def _ranked(candidates: Sequence[Candidate]) -> list[Candidate]:
    worth = [c for c in candidates if c.score >= WORTH_SHOWING]
    return sorted(worth, key=lambda c: (-c.score, c.code))[:CANDIDATES]


def _number(numeral: str) -> int:
    """Return the value of a Chinese numeral below 100, or of a row of digits (十二 is 12, 二〇三 is 203)."""
    if "十" not in numeral:
        return int(numeral.translate(_DIGITS))
    tens, _, ones = numeral.partition("十")
    return 10 * int(tens.translate(_DIGITS) or 1) + int(ones.translate(_DIGITS) or 0)
