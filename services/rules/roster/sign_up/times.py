"""Which shifts somebody means who writes days, hours, codes or posts. Text is folded; times are local, without zone."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from services.i18n import Text, text
from services.rules.roster.sign_up.clock import ITEM_FINDERS, ITEM_PATTERNS, Fit, Item, OpenShift
from services.rules.roster.sign_up.days import DAY_FINDERS, DAY_PATTERNS, Period
from services.rules.windows import DAY

_PATTERNS: Final = {kind: re.compile(pattern) for kind, pattern in {**DAY_PATTERNS, **ITEM_PATTERNS}.items()}
TIME_WORDS: Final = "|".join(f"(?P<{kind}>{pattern.pattern})" for kind, pattern in _PATTERNS.items())
_TIME_WORDS: Final = re.compile(TIME_WORDS)
_AROUND_TIMES: Final = re.compile(r"[\s【】\[\]()=—,、:-]|岗")
_MINUTE: Final = timedelta(minutes=1)
_WHEN: Final = text("It does not say when.")
_NO_SHIFT: Final = text("No shift of the roster fits “{words}”.")
_WHICH_DAY: Final = text("“{words}” fits several days.")
_ONE_OF: Final = text("“{words}” does not tell which shift.")
_AT_ONCE: Final = text("{words} are at the same time.")
_EVENING: Final = text("“{words}” was read as the evening.")
_SOME_DAYS: Final = text("No shift fits “{words}” on {days}.")


@dataclass(frozen=True, slots=True)
class Timing:
    """The shifts that somebody means, in order; with a doubt, those among which there is to choose."""

    shifts: tuple[OpenShift, ...] = ()
    doubt: Text | None = None
    notes: tuple[Text, ...] = ()


@dataclass(slots=True)
class _Group:
    """Days, and what is said of them."""

    days: list[date] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    has_days: bool = False
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """What a text says about when and where."""

    groups: tuple[_Group, ...]
    posts: frozenset[str]

    @property
    def has_items(self) -> bool:
        """Whether it says more than days and posts."""
        return any(group.items for group in self.groups)

    @property
    def days(self) -> tuple[date, ...] | None:
        """The days it names; null where it names none."""
        days = tuple(day for group in self.groups for day in group.days)
        return days if any(group.has_days for group in self.groups) else None


class Timetable:
    """The shifts of a roster, by post and by day."""

    def __init__(self, shifts: Iterable[OpenShift], period: Period) -> None:
        self.period = period
        self.shifts = tuple(sorted(shifts, key=_order))
        self.posts = frozenset(shift.post for shift in self.shifts)
        self._by_day: dict[date, list[OpenShift]] = {}
        for shift in self.shifts:
            self._by_day.setdefault(shift.window.start.date(), []).append(shift)

    def read(self, words: str) -> Times:
        """Return what a folded text says about when and where.

        Days belong to the times behind them (周六8-10、周日20-22), or to those before where the times come first.
        """
        groups: list[_Group] = []
        for kind, match in _find_time_words(words):
            if kind in DAY_FINDERS:
                _add_days(groups, DAY_FINDERS[kind](match, self.period))
            elif item := ITEM_FINDERS[kind](match):
                _add_item(groups, item)
        return Times(tuple(groups), frozenset(post for post in self.posts if _stem(post) in words))

    def find_words(self, words: str) -> list[tuple[int, int]]:
        """Return where a folded text says what ``read`` reads in it, first and last code point of each, in order."""
        times = [
            _span_without_blanks(match)
            for kind, match in _find_time_words(words)
            if kind in ITEM_FINDERS and ITEM_FINDERS[kind](match) is not None
        ]
        places = ((words.find(stem), len(stem)) for stem in map(_stem, self.posts))
        posts = [(start, start + length) for start, length in places if start >= 0]
        spans: list[tuple[int, int]] = []
        for start, end in sorted([*times, *posts, *find_days(words)], key=lambda span: (span[0], -span[1])):
            if not spans or start >= spans[-1][1]:
                spans.append((start, end))
        return spans

    def find(self, levels: Sequence[Times], *, is_any: bool = False) -> Timing:
        """Return which shifts are meant.

        Parameters
        ----------
        levels
            What the entry says, its heading, and the title: what the first does not say counts from the next. Only
            the entry can say several shifts.
        is_any
            Whether one of those that fit is enough (都行).
        """
        days = next((level.days for level in levels if level.days is not None), None)
        posts = next((level.posts for level in levels if level.posts), self.posts)
        rest = self._of_days(days, posts)
        for place, level in enumerate(levels):
            if level.has_items:
                groups = _prefer_codes(level.groups) if place else level.groups
                timing = _judge([self._find_group(group, days, posts) for group in groups], is_any=is_any)
                if place == 0 or (not timing.doubt and (is_any or len(timing.shifts) == 1)):
                    return timing
                rest = timing.shifts or rest
        return Timing(rest, None if rest and (is_any or len(rest) == 1) else _WHEN)

    def _of_days(self, days: Iterable[date] | None, posts: Collection[str]) -> tuple[OpenShift, ...]:
        chosen = self._by_day if days is None else dict.fromkeys(days)
        return tuple(shift for day in chosen for shift in self._by_day.get(day, ()) if shift.post in posts)

    def _find_group(self, group: _Group, days: Collection[date] | None, posts: Collection[str]) -> Timing:
        own = group.days if group.has_days else days
        if group.items:
            return _join(_narrow([(item, self._find_item(item, own, posts)) for item in group.items]))
        rest = self._of_days(own, posts)
        return Timing(rest, None if len(rest) == 1 else _WHEN)

    def _find_item(self, item: Item, days: Collection[date] | None, posts: Collection[str]) -> Timing:
        if item.codes:
            coded = tuple(shift for shift in self.shifts if shift.code.upper() in item.codes)
            return Timing(coded) if len(coded) == len(item.codes) else Timing(coded, _say(_NO_SHIFT, item))
        hits = {
            day: item.find(self._hours(day, posts)) for day in dict.fromkeys(self._by_day if days is None else days)
        }
        shifts = tuple(dict.fromkeys(shift for found, _ in hits.values() for shift in found))
        fits = {fit for found, fit in hits.values() if found}
        if not shifts:
            return Timing(self._of_days(days, posts), _say(_NO_SHIFT, item))
        if Fit.ONE_OF in fits:
            return Timing(shifts, _say(_ONE_OF, item))
        if days is None and len({shift.window.start.date() for shift in shifts}) > 1:
            return Timing(shifts, _say(_WHICH_DAY, item))
        return Timing(shifts, None, _notes(item, hits, is_told=days is not None))

    def _hours(self, day: date, posts: Collection[str]) -> dict[OpenShift, tuple[int, int]]:
        midnight = datetime.combine(day, time())
        near = self._of_days((day, day + DAY), posts)
        return {s: ((s.window.start - midnight) // _MINUTE, (s.window.end - midnight) // _MINUTE) for s in near}


def find_days(words: str) -> list[tuple[int, int]]:
    """Return where a folded text names days, first and last code point of each, in order."""
    return [_span_without_blanks(match) for kind, match in _find_time_words(words) if kind in DAY_FINDERS]


def _find_time_words(words: str) -> Iterator[tuple[str, re.Match[str]]]:
    for word in _TIME_WORDS.finditer(words):
        kind = word.lastgroup or ""
        match = _PATTERNS[kind].match(words, word.start())
        if match:
            yield kind, match


def _span_without_blanks(match: re.Match[str]) -> tuple[int, int]:
    start = match.start() + len(match[0]) - len(match[0].lstrip())
    return start, start + len(match[0].strip())


def is_only_time(words: str, posts: Collection[str] = ()) -> bool:
    """Tell whether a folded text says nothing but days, times and posts."""
    for post in sorted(map(_stem, posts), key=len, reverse=True):
        words = words.replace(post, "")
    return not _AROUND_TIMES.sub("", _TIME_WORDS.sub("", words))


def _order(shift: OpenShift) -> tuple[datetime, datetime, str, int, str]:
    return shift.window.start, shift.window.end, shift.code[:1], len(shift.code), shift.code


def _stem(post: str) -> str:
    return post.removesuffix("岗") or post


def _say(sentence: Text, item: Item) -> Text:
    return Text(sentence.id, {"words": item.words.strip()})


def _notes(item: Item, hits: Mapping[date, tuple[list[OpenShift], Fit]], *, is_told: bool) -> tuple[Text, ...]:
    notes = [_say(_EVENING, item)] if any(found and fit is Fit.EVENING for found, fit in hits.values()) else []
    empty = "、".join(f"{day:%m-%d}" for day, (found, _) in hits.items() if not found)
    return (
        (*notes, Text(_SOME_DAYS.id, {"words": item.words.strip(), "days": empty}))
        if empty and is_told
        else tuple(notes)
    )


def _narrow(parts: Sequence[tuple[Item, Timing]]) -> list[Timing]:
    """Leave out parts of the day in which hours beside them tell more exactly what is meant (上午（8-10）)."""
    exact = [set(timing.shifts) for item, timing in parts if not item.is_part and not timing.doubt]
    return [
        timing for item, timing in parts if not (item.is_part and any(each <= set(timing.shifts) for each in exact))
    ]


def _join(parts: Sequence[Timing]) -> Timing:
    shifts = dict.fromkeys(shift for part in parts for shift in part.shifts)
    doubt = next((part.doubt for part in parts if part.doubt), None)
    return Timing(tuple(shifts), doubt, tuple(note for part in parts for note in part.notes))


def _judge(parts: Sequence[Timing], *, is_any: bool) -> Timing:
    """Return what groups say together, in order of time: in doubt where somebody would stand in two places at once."""
    timing = _join(parts)
    shifts, doubt = tuple(sorted(timing.shifts, key=_order)), timing.doubt
    if is_any and doubt and doubt.id == _ONE_OF.id:
        doubt = None
    if not doubt and not is_any and any(one.window.end > other.window.start for one, other in pairwise(shifts)):
        doubt = Text(_AT_ONCE.id, {"words": "、".join(shift.code for shift in shifts)})
    return Timing(shifts, doubt, timing.notes)


def _prefer_codes(groups: Sequence[_Group]) -> Sequence[_Group]:
    """Return what a heading says by codes alone where it has any: the hours beside them say the same again."""
    coded = [item for group in groups for item in group.items if item.codes]
    return [_Group(items=coded)] if coded else groups


def _add_days(groups: list[_Group], days: Iterable[date]) -> None:
    if not groups or (groups[-1].items and groups[-1].has_days and not groups[-1].is_over):
        groups.append(_Group())
    group = groups[-1]
    group.is_over, group.has_days = bool(group.items), True
    group.days += days


def _add_item(groups: list[_Group], item: Item) -> None:
    if not groups or groups[-1].is_over:
        groups.append(_Group())
    groups[-1].items.append(item)
