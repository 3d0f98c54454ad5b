"""Who wrote an entry (ROSTER §7.3): exactly one exact name, telephone or known alias; all else is only suggested."""

import re
from bisect import bisect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from services.rules.people import mask_phone, normal_name
from services.rules.roster.sign_up.answers import ANSWER_WORDS
from services.rules.roster.sign_up.lines import fold
from services.rules.roster.sign_up.times import TIME_WORDS, is_only_time

MOST_SUGGESTIONS: Final = 9
_LONGEST_NAME: Final = 12
_PHONE: Final = re.compile(r"(?<!\d)(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)")
_TITLE: Final = re.compile(r"(?:同志|老师|医生|书记)$")
_WORD: Final = re.compile(r"[^\s,.;:()【】\[\]+、/|_—-]+")
_FIRST: Final = re.compile(r"[^\s,;:()【】\[\]+、/|]+")
_WITH: Final = re.compile(r"^[和跟与同替代顶]|(?:换班?|一起|一块)$")
_BLANKS: Final = re.compile(r"\s+[^\s\d,;:()【】\[\]+、/|]+")
_GLUED: Final = re.compile(
    rf"(?<=[一-鿿A-Za-z])(?:(?<![栋幢座号楼室])\d|{TIME_WORDS}|{ANSWER_WORDS}|[早中晚夜](?=[\d班])|同志|老师|医生|书记)"
)
_ROOM: Final = re.compile(r"(\d{1,4})(?:[栋幢座#-]|号楼?).*\d.*")
_BUILDING: Final = re.compile(r"(\d{1,4})(?:[栋幢座#]|号楼)")
_PERSONAL: Final = re.compile(r"[一-鿿]{2,3}|[一-鿿]{2,5}·[一-鿿]{2,8}")
_TAIL: Final = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_INITIALS: Final = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
"""The first characters of each initial in GB 2312, whose level 1 stands in the order of pinyin."""


class How(StrEnum):
    """By what a person was recognised."""

    EXACT = "exact"
    PHONE = "phone"
    ALIAS = "alias"
    CHOSEN = "chosen"
    GUEST = "guest"


@dataclass(frozen=True, slots=True)
class RegisterPerson:
    """Who may be meant. Texts are empty where nothing is known."""

    code: str
    name: str
    unit: str = ""
    grid: str = ""
    building: str = ""
    """Its number alone."""
    phone_hash: str = ""
    phone_tail: str = ""
    """The last four digits."""


@dataclass(frozen=True, slots=True)
class NameMatch:
    """Who is meant: one person by ``how``, else (``how`` is null) those who may be, at most nine, likeliest first."""

    name: str
    rest: str
    """The entry without the name and without telephone numbers."""
    people: tuple[RegisterPerson, ...] = ()
    how: How | None = None
    score: float = 0.0
    """0 to 100."""
    is_like_a_name: bool = False
    """Reads as the name of somebody who is not in the register."""


def plain_name(words: str) -> str:
    """Return a name in the form in which names are compared.

    Examples
    --------
    >>> plain_name("张 伟同志"), plain_name("ＡＮＮＡ Li")
    ('张伟', 'anna li')
    """
    return normal_name(_TITLE.sub("", fold(words).strip())).casefold()


def hide_phones(words: str) -> str:
    """Return a folded text whose telephone numbers are masked, also those written with blanks or dashes."""
    return _PHONE.sub(lambda found: mask_phone(re.sub(r"\D", "", found[0])[-11:]), words)


class Register:
    """The people of the roster's area and of its paired units.

    Parameters
    ----------
    people
        With different codes.
    aliases
        Code of a person by the hash of a nickname used before.
    hash_phone, hash_alias
        From a telephone number (eleven digits) and a plain name to what is stored of them.
    """

    def __init__(
        self,
        people: Iterable[RegisterPerson],
        *,
        aliases: Mapping[str, str],
        hash_phone: Callable[[str], str],
        hash_alias: Callable[[str], str],
    ) -> None:
        self.people = {person.code: person for person in people}
        self._aliases, self._hash_phone, self._hash_alias = aliases, hash_phone, hash_alias
        self._by_name: dict[str, list[RegisterPerson]] = {}
        self._by_phone: dict[str, list[RegisterPerson]] = {}
        self._by_letters: dict[str, set[str]] = {}
        for person in self.people.values():
            name = plain_name(person.name)
            self._by_name.setdefault(name, []).append(person)
            self._by_letters.setdefault(_letters(name), set()).add(name)
            if person.phone_hash:
                self._by_phone.setdefault(person.phone_hash, []).append(person)
        self._surnames = frozenset(name[:1] for name in self._by_name)
        self._units = "\n".join(sorted({person.unit for person in self.people.values()}))

    def find(self, words: str) -> NameMatch:
        """Return who wrote a folded entry."""
        phone = _PHONE.search(words)
        plain = _PHONE.sub(" ", words).strip()
        cuts = _cuts(plain)
        hits = [cut for cut in cuts if plain_name(cut[0]) in self._by_name] or self._later(plain)
        name, rest = min(hits or cuts, key=lambda cut: len(cut[0]))
        called = [person for word in {plain_name(cut[0]) for cut in hits} for person in self._by_name[word]]
        people, how = self._choose(called, self._owners(phone[0]) if phone else None, plain, name)
        if people:
            return NameMatch(name, rest, tuple(people[:MOST_SUGGESTIONS]), how, score=100.0)
        return self._suggest(name, rest)

    def names_somebody(self, words: str) -> bool:
        """Tell whether a word of a folded text is the name of somebody, also behind 和 or 替."""
        return any(plain_name(_WITH.sub("", word)) in self._by_name for word in _WORD.findall(words))

    def _later(self, words: str) -> list[tuple[str, str]]:
        """Return the only known name behind a time or a unit of that person (财政局 张伟), with all else."""
        first, *later = _WORD.findall(words) or [""]
        names = [word for word in later if plain_name(word) in self._by_name]
        if len(names) != 1:
            return []
        people = self._by_name[plain_name(names[0])]
        is_sure = is_only_time(words[: words.index(names[0], len(first))]) or any(is_told(p, [first]) for p in people)
        return [(names[0], words.replace(names[0], " ", 1))] if is_sure else []

    def _choose(
        self, called: Sequence[RegisterPerson], owners: Sequence[RegisterPerson] | None, words: str, name: str
    ) -> tuple[Sequence[RegisterPerson], How | None]:
        """Return the one person who is meant and by what, or those who may be and null."""
        if owners and called:
            both = [person for person in called if person in owners]
            return (both, How.EXACT) if len(both) == 1 else (both or [*called, *owners], None)
        if owners:
            return owners, How.PHONE if len(owners) == 1 else None
        if called:
            return self._tell_apart(called, [word for word in _WORD.findall(words) if word != name], owners)
        known = self.people.get(self._aliases.get(self._hash_alias(plain_name(name)), ""))
        return ([known], None if _ROOM.fullmatch(name) else How.ALIAS) if known else ([], None)

    def _tell_apart(
        self, called: Sequence[RegisterPerson], told: Sequence[str], owners: Sequence[RegisterPerson] | None
    ) -> tuple[Sequence[RegisterPerson], How | None]:
        close = [person for person in called if is_told(person, told)] if len(called) > 1 else called
        if len(close) != 1:
            return called, None
        units = [word for word in told if len(word) > 2 and word in self._units]
        is_other = bool(units) and not any(word in close[0].unit for word in units)
        has_other_phone = owners is not None and bool(close[0].phone_hash)
        return close, None if is_other or has_other_phone else How.EXACT

    def _owners(self, phone: str) -> list[RegisterPerson]:
        return self._by_phone.get(self._hash_phone(re.sub(r"\D", "", phone)[-11:]), [])

    def _suggest(self, name: str, rest: str) -> NameMatch:
        plain, scores = plain_name(name), dict[str, float]()
        if len(plain) > 1:
            near = process.extract(plain, list(self._by_name), scorer=Levenshtein.distance, score_cutoff=1, limit=None)
            for other in [*self._by_letters.get(_letters(plain), ()), *(found for found, _, _ in near)]:
                scores |= {person.code: fuzz.ratio(plain, other) for person in self._by_name[other]}
        for word in map(plain_name, _WORD.findall(rest)):
            scores |= {person.code: 100.0 for person in self._by_name.get(word, ())}
        if building := _ROOM.fullmatch(name):
            scores |= {p.code: 0.0 for p in self.people.values() if p.building == building[1]}
        ranked = sorted(scores, key=lambda code: (-scores[code], code))[:MOST_SUGGESTIONS]
        is_name = _PERSONAL.fullmatch(plain) is not None and plain[0] in self._surnames
        people = tuple(self.people[code] for code in ranked)
        return NameMatch(name, rest, people, None, max(scores.values(), default=0.0), is_like_a_name=is_name)


def _cuts(words: str) -> list[tuple[str, str]]:
    """Return how an entry may fall into a name and what is behind it, the first word first."""
    first = _FIRST.match(words)
    if not first:
        return [("", words)]
    ends = [first.end()]
    while len(ends) < 3 and (more := _BLANKS.match(words, ends[-1])):
        ends.append(more.end())
    ends += [end for end in range(2, min(first.end(), _LONGEST_NAME)) if _GLUED.match(words, end)]
    return [(words[:end].rstrip("-—:"), words[end:]) for end in ends]


def is_told(person: RegisterPerson, words: Sequence[str]) -> bool:
    """Tell whether unit, grid, building or the end of the telephone number stands in an entry."""
    return any(
        (len(word) > 1 and word in person.unit)
        or word == person.grid
        or (person.building and [person.building] == _BUILDING.findall(word))
        or (person.phone_tail and [person.phone_tail] == _TAIL.findall(word))
        for word in words
    )


def _letters(name: str) -> str:
    """Return the first letters of the pinyin of each character; of those outside GB 2312's level 1 the character."""
    return "".join(map(_letter, name))


@lru_cache(maxsize=8192)
def _letter(char: str) -> str:
    code = char.encode("gb2312", errors="ignore")
    return _INITIALS[bisect(_INITIAL_BYTES, code) - 1] if b"\xb0\xa1" <= code <= b"\xd7\xf9" else char


_INITIAL_BYTES: Final = [char.encode("gb2312") for char in _INITIALS]
