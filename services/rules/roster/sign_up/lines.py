"""The parts of a chain as people paste it: header, title, example, headings, entries, remarks (ROSTER §7.1)."""

import re
import unicodedata
from bisect import bisect
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Final

from services.errors import ServiceError
from services.i18n import Text, text
from services.rules.roster.sign_up.clock import RANGE
from services.rules.roster.sign_up.times import is_only_time

MOST_BYTES: Final = 200 * 1024
_LONGEST_SLOT: Final = 1000
_HEADER: Final = re.compile(r"\s*#\s*(?:接龙|接龍|group note)", re.IGNORECASE)
_EXAMPLE: Final = re.compile(r"\s*(?:例(?:[:\s如]|$)|例子|示例|样例|格式:)")
_EXAMPLE_LINE: Final = re.compile(r"\s*(?:写法|How to write)")
_NUMBER: Final = re.compile(r"\s*(\d{1,3})\s*[.、)](.*)", re.DOTALL)
_INLINE: Final = re.compile(r"(?<!\S)(\d{1,3})\s?[.、)](?!\d{1,2}(?:[-:号日]|\s*$))")
_TIMELINE: Final = re.compile(
    r"\s*\d{1,2}(?:\.\d{2}\s*(?:[-~—–至到])\s*\d|\.\d{1,2}(?:[日号]|\s+\d{1,2}[-:点])|、\d{1,2}[号日])"
)
_BRACKET: Final = re.compile(r"\s*[【\[(].*[】\])]\s*")
_SLOT: Final = re.compile(rf"(?P<when>.{{0,60}}?(?>{RANGE})(?:[^:]{{0,20}}[^:\d])?):(?P<names>.*)")
_NAMES: Final = re.compile(r"([一-鿿·]{2,5}(?:[、,][一-鿿·]{2,5})+)(?=[\s(:]|$)(.*)", re.DOTALL)
_TWO_NAMES: Final = re.compile(r"[一-鿿·]{2,4}(?:\s+[一-鿿·]{2,4})+")
_INVISIBLE: Final = frozenset({"Cf", "Cc", "Mn"})
_TOO_LONG: Final = text("The text has {kilobytes} KB; up to {most} KB are read. Paste only the chain.")
_SEVERAL_CHAINS: Final = text("The text holds {total} chains; only the last is read.")
_NO_HEADER: Final = text("There is no #接龙 at the beginning of a line; the entries were read all the same.")


class NumberDoubt(StrEnum):
    """Why something may be no entry of its own."""

    NUMBER_OR_TIME = "number_or_time"
    OUT_OF_ORDER = "out_of_order"


class ChainError(ServiceError, ValueError):
    """A text that is too long to be a chain."""

    def __init__(self, size: int) -> None:
        super().__init__(text(_TOO_LONG.id, kilobytes=-(-size // 1024), most=MOST_BYTES // 1024))


@dataclass(frozen=True, slots=True)
class Entry:
    """What one person wrote."""

    number: int
    text: str
    """Folded: without what cannot be seen, digits and marks in their narrow form."""
    heading: str = ""
    start: int = 0
    end: int = 0
    """Where it stands in the pasted text, in code points."""
    doubt: NumberDoubt | None = None
    """Why it may be no entry."""


@dataclass(slots=True)
class Chain:
    """A pasted text in its parts."""

    has_header: bool = False
    title: str = ""
    preamble: str = ""
    example: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    remark: str = ""
    blanks: int = 0
    """Numbers with nothing behind them: places kept free."""
    notes: list[Text] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _ChainLine:
    text: str
    """Folded."""
    said: str
    """As it was pasted."""
    start: int
    end: int

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


@dataclass(slots=True)
class _Draft:
    number: int
    parts: list[str]
    heading: str
    start: int
    end: int
    doubt: NumberDoubt | None = None


def fold(words: str) -> str:
    r"""Return a text as it is read: without marks that cannot be seen, full-width characters narrow, lines ended alike.

    Examples
    --------
    >>> fold("１．张\u200b三（８：００－１０：００）")
    '1.张三(8:00-10:00)'
    """
    return "".join(_fold(char) for char in words.replace("\r\n", "\n"))


def parse(words: str, posts: Collection[str] = ()) -> Chain:
    """Return the parts of a pasted chain.

    Parameters
    ----------
    words
        As pasted.
    posts
        Names of posts: a line that is nothing but one may be a heading.

    Raises
    ------
    ChainError
        Above ``MOST_BYTES``.
    """
    size = len(words.encode(errors="replace"))
    if size > MOST_BYTES:
        raise ChainError(size)
    lines = list(_lines(words))
    headers = [place for place, line in enumerate(lines) if _HEADER.match(line.text)]
    begin = headers[-1] if headers else 0
    body = [*_split_header(lines[begin]), *lines[begin + 1 :]] if headers else lines
    chain = _ChainReader(body, posts).read()
    chain.has_header = bool(headers)
    chain.preamble = "\n".join(line.said for line in lines[:begin]).strip()
    if not headers:
        chain.notes.append(_NO_HEADER)
    if len(headers) > 1:
        chain.notes.append(text(_SEVERAL_CHAINS.id, total=len(headers)))
    return chain


@lru_cache(maxsize=4096)
def _fold(char: str) -> str:
    if char in "\n\r\v\f\x85\u2028\u2029":
        return "\n"
    if char.isspace():
        return " "
    if unicodedata.category(char) in _INVISIBLE:
        return ""
    return char if "①" <= char <= "⑳" else unicodedata.normalize("NFKC", char)


def _lines(words: str) -> Iterator[_ChainLine]:
    """Yield the folded lines of a text with where they stand in it."""
    parts: list[str] = []
    start = 0
    for place, char in enumerate(words):
        folded = "" if char == "\r" and words[place + 1 : place + 2] == "\n" else _fold(char)
        if folded == "\n":
            end = place - (words[start:place][-1:] == "\r")
            yield _ChainLine("".join(parts), words[start:end], start, end)
            parts, start = [], place + 1
        else:
            parts.append(folded)
    yield _ChainLine("".join(parts), words[start:], start, len(words))


def _split_header(line: _ChainLine) -> list[_ChainLine]:
    """Return the title in a header line, and the entries that stand in it where there are two at least."""
    rest = _HEADER.sub("", line.text, count=1)
    cuts: list[int] = []
    last = 0
    for match in _INLINE.finditer(rest):
        if int(match[1]) > last:
            last = int(match[1])
            cuts.append(match.start())
    if len(cuts) < 2:
        cuts = []
    pieces = [rest[a:b] for a, b in zip([0, *cuts], [*cuts, len(rest)], strict=True)]
    return [_ChainLine(piece, piece, line.start, line.end) for piece in pieces]


class _ChainReader:
    """Goes through the lines below a header."""

    def __init__(self, lines: list[_ChainLine], posts: Collection[str]) -> None:
        self._lines = lines
        self._posts = posts
        self._blanks = [place for place, line in enumerate(lines) if line.is_blank]
        self._last_number = max((k for k, line in enumerate(lines) if _NUMBER.match(line.text)), default=-1)
        self._chain = Chain()
        self._drafts: list[_Draft] = []
        self._title: list[str] = []
        self._remark: list[str] = []
        self._last = 0
        self._heading = ""
        self._is_open = False
        """Whether a line without a number belongs to the entry above."""

    def read(self) -> Chain:
        is_example = False
        for place, line in enumerate(self._lines):
            begins = _EXAMPLE.match(line.text) is not None
            is_example = not line.is_blank and (is_example or (begins and self._is_example_until_blank(place)))
            if is_example or begins or _EXAMPLE_LINE.match(line.text):
                self._chain.example.append(line.said.strip())
            elif line.is_blank:
                self._is_open = False
            else:
                self._read_line(place, line)
        return self._finish()

    def _finish(self) -> Chain:
        chain = self._chain
        chain.entries = [Entry(d.number, "\n".join(d.parts), d.heading, d.start, d.end, d.doubt) for d in self._drafts]
        chain.title, chain.remark = " ".join(self._title), "\n".join(self._remark)
        return chain

    def _is_example_until_blank(self, place: int) -> bool:
        """Tell whether all lines to the next blank one are the example: not where no entry would be left."""
        after = bisect(self._blanks, place)
        blank = self._blanks[after] if after < len(self._blanks) else len(self._lines)
        return self._last_number < place or blank < self._last_number

    def _read_line(self, place: int, line: _ChainLine) -> None:
        number = _NUMBER.match(line.text)
        slot = None if number else _SLOT.match(line.text[:_LONGEST_SLOT])
        if number and _TIMELINE.match(line.text) and (int(number[1]) != self._last + 1 or self._is_heading(place)):
            number = None
        if number:
            self._add_number(line, int(number[1]), number[2].strip())
        elif slot:
            self._add_slot(line, slot["when"].strip(), slot["names"].strip())
        elif self._is_heading(place):
            self._begin(line.text.strip())
        elif self._is_open:
            self._drafts[-1].parts.append(line.text.strip())
            self._drafts[-1].end = line.end
        else:
            (self._remark if self._drafts else self._title).append(line.said.strip())

    def _is_heading(self, place: int) -> bool:
        """Tell whether a line heads the entries below: the next number is 1, and it says when or where."""
        line = self._lines[place].text
        below = next((k for k in range(place + 1, len(self._lines)) if not self._lines[k].is_blank), place)
        number = _NUMBER.match(self._lines[below].text)
        if below == place or not number or int(number[1]) != 1:
            return False
        return self._last > 0 or bool(_BRACKET.fullmatch(line)) or is_only_time(line, self._posts)

    def _begin(self, heading: str) -> None:
        self._chain.headings.append(heading)
        self._heading, self._last, self._is_open = heading, 0, False

    def _add_number(self, line: _ChainLine, number: int, words: str) -> None:
        self._is_open = bool(words)
        if not words:
            self._chain.blanks += 1
        elif _TIMELINE.match(line.text):
            self._add([line.text.strip()], number, line, NumberDoubt.NUMBER_OR_TIME)
        else:
            self._add(_split_names(words), number, line, None if number > self._last else NumberDoubt.OUT_OF_ORDER)
        self._last = max(number, self._last)

    def _add_slot(self, line: _ChainLine, heading: str, words: str) -> None:
        """Read a line like ``8:00-10:00：张伟、李娜``."""
        self._begin(heading)
        names = words.split() if _TWO_NAMES.fullmatch(words) else re.split(r"[、,;]", words)
        self._add([name.strip() for name in names if name.strip()], 1, line)
        self._last = 1

    def _add(self, texts: list[str], number: int, line: _ChainLine, doubt: NumberDoubt | None = None) -> None:
        self._drafts += [_Draft(number, [each], self._heading, line.start, line.end, doubt) for each in texts]


def _split_names(words: str) -> list[str]:
    """Return an entry for each of several names that stand before one text (张伟、李娜 8-10)."""
    names = _NAMES.match(words)
    parts = re.split("[、,]", names[1]) if names else []
    if not names or any(is_only_time(part) for part in parts):
        return [words]
    return [part + names[2] for part in parts]
