"""Shift patterns: when shifts begin and end, the same on every day of a roster."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from services.errors import ServiceError
from services.i18n import Text, text
from services.rules.windows import DAY, HOUR, Window


class Pattern(StrEnum):
    """How a day is cut into shifts."""

    TWO_HOURS = "2h"
    FOUR_SHIFTS = "four"
    TWO_HALVES = "halves"
    EIGHT_HOURS = "8h"


PATTERN_NAMES: Final[Mapping[Pattern, Text]] = {
    Pattern.TWO_HOURS: text("Every 2 hours"),
    Pattern.FOUR_SHIFTS: text("Four shifts: 06:30, 11:30, 17:30, 01:00"),
    Pattern.TWO_HALVES: text("Two halves: 08 to 14, 14 to 20"),
    Pattern.EIGHT_HOURS: text("Three shifts of 8 hours"),
}
_EDGES: Final[Mapping[Pattern, tuple[tuple[float, float], ...]]] = {
    Pattern.TWO_HOURS: tuple((hour, hour + 2.0) for hour in range(0, 24, 2)),
    Pattern.FOUR_SHIFTS: ((1, 6.5), (6.5, 11.5), (11.5, 17.5), (17.5, 25)),
    Pattern.TWO_HALVES: ((8, 14), (14, 20)),
    Pattern.EIGHT_HOURS: ((0, 8), (8, 16), (16, 24)),
}
"""Beginning and end of each shift in hours from midnight. Four shifts: as gates were kept in 2020 (ROSTER, n1)."""


class HoursError(ServiceError, ValueError):
    """Hours of the day that cannot be read."""

    def __init__(self, words: str) -> None:
        super().__init__(text("“{given}” are no hours of a day. Give two full hours, like 08-22.", given=words))


@dataclass(frozen=True, slots=True)
class DayHours:
    """Hours of a day, from 0 to 24."""

    start: int = 0
    end: int = 24


WHOLE_DAY: Final = DayHours()


def parse_hours(words: str) -> DayHours:
    """Return the hours of a text like ``08-22``.

    Raises
    ------
    HoursError
        When it is none, or the end does not come after the beginning.
    """
    parts = re.fullmatch(r"\s*(\d{1,2})(?::00)?\s*(?:-|–|—|~|～|至|到)\s*(\d{1,2})(?::00)?\s*", words)
    if parts is None or not 0 <= int(parts[1]) < int(parts[2]) <= 24:
        raise HoursError(words)
    return DayHours(int(parts[1]), int(parts[2]))


def shift_windows(pattern: Pattern, start: date, days: int, hours: DayHours = WHOLE_DAY) -> tuple[Window, ...]:
    """Return the shifts that begin on some days and lie within some hours of theirs, by their beginning.

    A shift belongs to the day on which it begins; one that goes beyond midnight lies within a whole day alone.

    Examples
    --------
    >>> [f"{each.start:%H}-{each.end:%H}" for each in shift_windows(Pattern.EIGHT_HOURS, date(2026, 11, 23), 1)]
    ['00-08', '08-16', '16-00']
    """
    return tuple(sorted(_windows(pattern, start, days, hours)))


def _windows(pattern: Pattern, start: date, days: int, hours: DayHours) -> Iterator[Window]:
    for number in range(days):
        midnight = datetime.combine(start, time()) + number * DAY
        for begin, end in _EDGES[pattern]:
            if hours == WHOLE_DAY or (hours.start <= begin and end <= hours.end):
                yield Window(midnight + begin * HOUR, midnight + end * HOUR)


def period(start: date, days: int) -> Window:
    """Return the time of a roster: whole days.

    Raises
    ------
    WindowError
        When it has no day, or more than 31.
    """
    begin = datetime.combine(start, time())
    return Window(begin, begin + timedelta(days=days))
