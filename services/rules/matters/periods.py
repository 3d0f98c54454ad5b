"""Periods of sheets, by name: ``2026-11-29``, ``2026-W48``, ``2026-11``, ``2026-H2``, ``once``."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from services.i18n import text
from services.rules.matters.machine import MatterError


class Every(StrEnum):
    """How often a sheet is asked for."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    HALF_YEAR = "half_year"
    ONCE = "once"


ONCE: Final = "once"
_FORMS: Final = {
    Every.DAY: re.compile(r"(\d{4})-(\d\d)-(\d\d)"),
    Every.WEEK: re.compile(r"(\d{4})-W(\d\d)"),
    Every.MONTH: re.compile(r"(\d{4})-(\d\d)"),
    Every.HALF_YEAR: re.compile(r"(\d{4})-H([12])"),
}
_MIDYEAR: Final = 6


class PeriodError(MatterError):
    """A name that is no period of a sheet."""

    def __init__(self, words: str) -> None:
        super().__init__(
            text(
                "“{given}” is no period of this sheet. Periods look like 2026-11-29, 2026-W48, 2026-11 or 2026-H2.",
                given=words,
            )
        )


def period_of(every: Every, day: date) -> str:
    """Return the period in which a day lies.

    Examples
    --------
    >>> [period_of(every, date(2026, 11, 29)) for every in Every]
    ['2026-11-29', '2026-W48', '2026-11', '2026-H2', 'once']
    """
    year, week, _weekday = day.isocalendar()
    return {
        Every.DAY: day.isoformat(),
        Every.WEEK: f"{year}-W{week:02d}",
        Every.MONTH: f"{day:%Y-%m}",
        Every.HALF_YEAR: f"{day.year}-H{1 + (day.month > _MIDYEAR)}",
        Every.ONCE: ONCE,
    }[every]


def last_day(every: Every, period: str) -> date:
    """Return the last day of a period; of ``once`` the last there is.

    Raises
    ------
    PeriodError
        If the name is none of such a period.

    Examples
    --------
    >>> str(last_day(Every.WEEK, "2026-W48")), str(last_day(Every.MONTH, "2026-11"))
    ('2026-11-29', '2026-11-30')
    """
    if every is Every.ONCE and period == ONCE:
        return date.max
    found = _FORMS[every].fullmatch(period) if every in _FORMS else None
    if found is None:
        raise PeriodError(period)
    try:
        return _last_day(every, *(int(part) for part in found.groups()))
    except ValueError:
        raise PeriodError(period) from None


def _last_day(every: Every, year: int, part: int, day: int = 0) -> date:
    if every is Every.DAY:
        return date(year, part, day)
    if every is Every.WEEK:
        return date.fromisocalendar(year, part, 7)
    month = part if every is Every.MONTH else _MIDYEAR * part
    return date(year, month, monthrange(year, month)[1])


def due_of(every: Every, period: str, hour: int) -> datetime:
    """Return until when the sheet of a period is to be filled: that hour of its last day."""
    return datetime.combine(last_day(every, period), time(hour))


def periods_between(every: Every, first: date, last: date) -> Iterator[str]:
    """Yield the periods from the one of a day to that of another, in order."""
    day, period = first, ""
    while day <= last:
        if (now := period_of(every, day)) != period:
            period = now
            yield period
        day += timedelta(days=1)
