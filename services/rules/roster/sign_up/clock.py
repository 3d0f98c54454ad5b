"""Which hours somebody means: clock, parts of the day, names, numbers and codes of shifts."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.rules.roster.sign_up.days import DASH
from services.rules.windows import Window

_HOUR: Final = 60
_NOON: Final = 12 * _HOUR
_MIDNIGHT: Final = 24 * _HOUR
_FRACTIONS: Final = {"整": 0, "半": 30, "一刻": 15, "三刻": 45}
_NUMERALS: Final = "一二三四五六七八九"
_HAN_HOUR: Final = rf"(?:[{_NUMERALS}两]?十[{_NUMERALS}]?|[{_NUMERALS}两])"
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨"
_PARTS: Final[Mapping[str, tuple[int, int]]] = {
    name: (start * _HOUR, end * _HOUR)
    for start, end, names in (
        (0, 6, "凌晨"), (6, 12, "早上 上午 早晨 早"), (11, 14, "中午"), (12, 18, "下午"), (17, 20, "傍晚"),
        (18, 24, "晚上 晚间 晚"), (22, 32, "夜里 夜间 半夜 通宵 夜"), (8, 18, "白天"), (0, 24, "全天 整天"),
    )
    for name in names.split()
}  # fmt: skip
_STARTS: Final = {
    "早": (5 * _HOUR, 11 * _HOUR),
    "中": (11 * _HOUR, 17 * _HOUR),
    "晚": (17 * _HOUR, 22 * _HOUR),
    "夜": (22 * _HOUR, 29 * _HOUR),
}
"""Between when shifts start that are called 早班, 中班, 晚班, 夜班."""
_PART: Final = "|".join(sorted(_PARTS, key=len, reverse=True))
_LONG_PART: Final = "|".join(name for name in _PART.split("|") if len(name) > 1)
_TAIL: Final = r"\s*[点时](整|半|一刻|三刻|\d{1,2}分?)?"
_FIRST: Final = rf"({_PART}|次日|第二天)?\s*(\d{{1,2}}|{_HAN_HOUR}(?=\s*[点时]))"
_CLOCK: Final = rf"{_FIRST}(?:[:.](\d{{2}})|{_TAIL})?"
RANGE: Final = rf"(?<![\d.]){_CLOCK}{DASH}{_CLOCK}(?!\d|[人岁栋楼号幢座月瓶斤]|单元)"
_MORE: Final = rf"\d{{1,2}}(?![\d:.点时号日月人]|{DASH}\d)"
ITEM_PATTERNS: Final[Mapping[str, str]] = {
    "codes": rf"(?<![A-Za-z])(?P<row>[A-Za-z])(\d{{1,2}})(?:{DASH}(?P=row)?(\d{{1,2}})|((?:[、,/]{_MORE}){{1,9}}))?"
    r"(?![\d:]|\s*[栋幢座楼号])",
    "range": RANGE,
    "clock": rf"(?<![\d.]){_FIRST}(?::(\d{{2}})|{_TAIL})(?!\d)",
    "ordinal": rf"第([1-9{_NUMERALS}])个?班|([A-Ha-h])班|([{_CIRCLED}])",
    "shift": r"([早中晚夜])班",
    "part": rf"({_LONG_PART}|[早晚夜](?![一-鿿]))((?:[1一]个?)?班)?(?!\d(?!\d*个?[人栋]))",
}
"""What hours and shifts are called in folded text."""


class Fit(StrEnum):
    """How well shifts fit what somebody wrote."""

    SURE = "sure"
    EVENING = "evening"
    """Twelve hours later than it stands there."""
    ONE_OF = "one_of"
    """One of them is meant."""


@dataclass(frozen=True, slots=True)
class OpenShift:
    """A shift that people sign up for; its code stands in texts and is written by who signs up."""

    code: str
    post: str
    window: Window
    seats: int
    filled: int = 0
    reserve: int = 0

    @property
    def vacancies(self) -> int:
        """Seats that nobody has, at least 0."""
        return max(self.seats - self.filled, 0)


Hours = Mapping[OpenShift, tuple[int, int]]
"""When shifts begin and end, in minutes since the midnight at which a day begins."""
ShiftFinder = Callable[[Hours], tuple[list[OpenShift], Fit]]


@dataclass(frozen=True, slots=True)
class Item:
    """Words that stand for shifts: by codes, or by how the shifts of a day are found."""

    words: str
    find: ShiftFinder
    codes: frozenset[str] = frozenset()
    is_part: bool = False
    """A part of the day: hours beside it say more exactly what is meant (上午（8-10）)."""


def write_hours(shift: OpenShift) -> str:
    """Return the hours of a shift: 08–10, or 08:30–10:30; midnight at its end is 24."""
    start, end = shift.window.start, shift.window.end
    form = "%H:%M" if start.minute or end.minute else "%H"
    hours = f"{end:{form}}"
    return f"{start:{form}}–{f'24{hours[2:]}' if end.hour == 0 else hours}"


def _codes(match: re.Match[str]) -> Item:
    row, first, last = match["row"].upper(), int(match[2]), int(match[3] or match[2])
    numbers = [*range(first, last + 1), *map(int, re.findall(r"\d+", match[4] or ""))]
    return Item(match[0], _none, frozenset(f"{row}{number}" for number in numbers))


def _none(_hours: Hours) -> tuple[list[OpenShift], Fit]:
    return [], Fit.SURE


def _range(match: re.Match[str]) -> Item | None:
    readings = tuple(_readings(match))

    def find(hours: Hours) -> tuple[list[OpenShift], Fit]:
        for start, end, fit in readings:
            if shifts := _tile(start, end, hours):
                return shifts, fit
        return [], Fit.SURE

    return Item(match[0], find) if readings else None


def _tile(start: int, end: int, hours: Hours) -> list[OpenShift]:
    """Return the shifts with these hours; where there are none, those inside that reach from one end to the other."""
    exact = [shift for shift, at in hours.items() if at == (start, end)]
    inside = {shift: at for shift, at in hours.items() if start <= at[0] and at[1] <= end}
    if exact or not inside:
        return exact
    reaches = min(at[0] for at in inside.values()) == start and max(at[1] for at in inside.values()) == end
    return list(inside) if reaches else []


def _readings(match: re.Match[str]) -> Iterator[tuple[int, int, Fit]]:
    """Yield from and until of a range as it can be read, likeliest first; nothing where it is no time."""
    part, other = match[1], match[5]
    start, end = _clock(match[2], match[3], match[4]), _clock(match[6], match[7], match[8])
    if start > _MIDNIGHT or end > _MIDNIGHT:
        return
    if part not in _PARTS and other not in _PARTS:
        yield from _plain_readings(start, end)
        return
    start, end = _in_part(start, part), _in_part(end, other or part)
    while end <= start:
        end += _NOON
    yield start, end, Fit.SURE


def _plain_readings(start: int, end: int) -> Iterator[tuple[int, int, Fit]]:
    if end > start:
        yield start, end, Fit.SURE
    else:
        yield from ((start, end + later, Fit.SURE) for later in (_NOON, _MIDNIGHT) if end + later > start)
    if start <= _NOON and end <= _NOON:
        yield start + _NOON, end + (_NOON if end > start else _MIDNIGHT), Fit.EVENING


def _clock(hour: str, minute: str | None, tail: str | None) -> int:
    past = _FRACTIONS[tail] if tail in _FRACTIONS else int(minute or (tail or "0").rstrip("分"))
    return _numeral(hour) * _HOUR + past


def _numeral(word: str) -> int:
    if word.isdigit():
        return int(word)
    tens, ten, ones = word.replace("两", "二").rpartition("十")
    units = _NUMERALS.index(ones) + 1 if ones else 0
    return units + (10 * (_NUMERALS.index(tens) + 1 if tens else 1) if ten else 0)


def _in_part(clock: int, part: str | None) -> int:
    """Return the minutes since midnight of a clock of twelve hours in a part of the day: 晚8 is 20, 夜里2 is 26."""
    begin = _PARTS.get(part or "", (0, _MIDNIGHT))[0]
    if part == "凌晨":
        return clock % _NOON
    if begin < 11 * _HOUR or clock > _NOON:
        return clock
    if begin >= 18 * _HOUR:
        return clock + (_MIDNIGHT if clock <= 5 * _HOUR else _NOON)
    return clock + _NOON if clock < min(begin, _NOON) else clock


def _single(match: re.Match[str]) -> Item | None:
    """Return what a clock without an end says: one of the shifts that start then."""
    start = _clock(match[2], match[3], match[4])
    starts = {_in_part(start, match[1])} if match[1] in _PARTS else {start, start + _NOON}

    def find(hours: Hours) -> tuple[list[OpenShift], Fit]:
        return [shift for shift, at in hours.items() if at[0] in starts], Fit.ONE_OF

    return Item(match[0], find)


def _ordinal(match: re.Match[str]) -> Item:
    number, letter, circled = match[1], match[2], match[3]
    place = _CIRCLED.index(circled) if circled else ord(letter.upper()) - ord("A") if letter else _numeral(number) - 1

    def find(hours: Hours) -> tuple[list[OpenShift], Fit]:
        of_day = sorted({at for at in hours.values() if 0 <= at[0] < _MIDNIGHT})[place : place + 1]
        return [shift for shift, at in hours.items() if at in of_day], Fit.SURE

    return Item(match[0], find)


def _shift(match: re.Match[str]) -> Item:
    first, last = _STARTS[match[1]]

    def find(hours: Hours) -> tuple[list[OpenShift], Fit]:
        shifts = [shift for shift, at in hours.items() if first <= at[0] < last]
        return shifts, Fit.ONE_OF if len(shifts) > 1 else Fit.SURE

    return Item(match[0], find)


def _part(match: re.Match[str]) -> Item:
    first, last = _PARTS[match[1]]
    is_one = match[2] is not None

    def find(hours: Hours) -> tuple[list[OpenShift], Fit]:
        shifts = [shift for shift, at in hours.items() if first <= at[0] and at[1] <= last]
        return shifts, Fit.ONE_OF if is_one and len(shifts) > 1 else Fit.SURE

    return Item(match[0], find, is_part=True)


ITEM_FINDERS: Final[Mapping[str, Callable[[re.Match[str]], Item | None]]] = {
    "codes": _codes,
    "range": _range,
    "clock": _single,
    "ordinal": _ordinal,
    "shift": _shift,
    "part": _part,
}
