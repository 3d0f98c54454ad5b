"""Who is free for a shift, by what people have said of their time (rules A1 and A2)."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

import numpy as np

from geo.arrays import Floats
from services.i18n import Text, text
from services.rules.windows import DAY, Calendar, DayPart, Window, share_by_day_part

ANY_DAY_OFF: Final = 7
ANY_WORKDAY: Final = 8
ANY_DAY: Final = 9


class FreeAnswer(StrEnum):
    """What somebody says of a shift."""

    YES = "yes"
    IF_NEEDED = "if_needed"
    LIKELY = "likely"
    """He has stated that he has time in this part of the day."""
    UNASKED = "unasked"
    """He has said nothing."""
    NO = "no"


ANSWER_NAMES: Final[Mapping[FreeAnswer, Text]] = {
    FreeAnswer.YES: text("Can come"),
    FreeAnswer.IF_NEEDED: text("If needed"),
    FreeAnswer.LIKELY: text("Usually has time"),
    FreeAnswer.UNASKED: text("Not asked"),
    FreeAnswer.NO: text("Cannot come"),
}
_WEIGHT: Final = (FreeAnswer.NO, FreeAnswer.YES, FreeAnswer.IF_NEEDED)
"""Which answer counts where several cover a shift: the earlier one."""


@dataclass(frozen=True, slots=True)
class FreeTime:
    """When somebody can come, or cannot, week by week."""

    weekday: int
    """0 Monday to 6 Sunday, or ``ANY_DAY_OFF``, ``ANY_WORKDAY``, ``ANY_DAY``."""
    start: time
    end: time
    """Midnight is the end of the day; an end before the start lies on the next day."""
    answer: FreeAnswer
    since: date
    until: date | None = None
    """The last day, None for no end."""


@dataclass(frozen=True, slots=True)
class Freedom:
    """What is known of somebody's time."""

    times: Sequence[FreeTime] = ()
    absences: Sequence[Window] = ()
    shares: Sequence[float] = field(default=(math.nan,) * len(DayPart))
    """Stated for each part of the day, NaN where nothing is."""

    def answer(self, window: Window, calendar: Calendar, parts: Sequence[int] | None = None) -> FreeAnswer:
        """Return what he says of a shift: absence, then free times that cover all of it, then stated shares.

        Parameters
        ----------
        parts
            The parts of the day that the shift touches (``touched_parts``), where that is known already.
        """
        if any(each.start < window.end and window.start < each.end for each in self.absences):
            return FreeAnswer.NO
        stated = {each.answer for each in self.times if covers(each, window, calendar)}
        for answer in _WEIGHT:
            if answer in stated:
                return answer
        shares = [self.shares[part] for part in (touched_parts(window, calendar) if parts is None else parts)]
        if 0 in shares:
            return FreeAnswer.NO
        return FreeAnswer.UNASKED if any(math.isnan(share) for share in shares) else FreeAnswer.LIKELY


def touched_parts(window: Window, calendar: Calendar) -> tuple[int, ...]:
    """Return the positions of the parts of the day that a shift touches."""
    return tuple(np.flatnonzero(share_by_day_part(window, calendar) > 0).tolist())


def covers(free: FreeTime, window: Window, calendar: Calendar) -> bool:
    """Tell whether a free time holds all of a shift, on its own day or beginning on the day before."""
    first = window.start.date()
    return any(_on(free, day, calendar) and _holds(free, day, window) for day in (first, first - timedelta(days=1)))


def most_in_part(shares: Floats, days: Iterable[date], calendar: Calendar) -> Floats:
    """Return the most duties of people in each part of the day over some days: ⌈share × days that have it⌉ (A2).

    Parameters
    ----------
    shares
        Of each person, stated or assumed, shape (people, 4).

    Examples
    --------
    Half of five evenings are three, a tenth of five workdays is one:

    >>> week = [date(2026, 11, 23) + timedelta(days=k) for k in range(7)]
    >>> most_in_part(np.array([[0.1, 0.5, 0.6, 0.3]]), week, Calendar()).tolist()
    [[1.0, 3.0, 2.0, 3.0]]
    """
    all_days = list(days)
    off = sum(calendar.is_day_off(day) for day in all_days)
    on = len(all_days) - off
    count = {DayPart.WORKDAY: on, DayPart.EVENING: on, DayPart.WEEKEND: off, DayPart.NIGHT: len(all_days)}
    return np.ceil(shares * [count[part] for part in DayPart] - 1e-9)


def _on(free: FreeTime, day: date, calendar: Calendar) -> bool:
    if day < free.since or (free.until is not None and day > free.until):
        return False
    match free.weekday:
        case 7:
            return calendar.is_day_off(day)
        case 8:
            return not calendar.is_day_off(day)
        case 9:
            return True
        case _:
            return day.weekday() == free.weekday


def _holds(free: FreeTime, day: date, window: Window) -> bool:
    start, end = datetime.combine(day, free.start), datetime.combine(day, free.end)
    return start <= window.start and window.end <= (end if end > start else end + DAY)
