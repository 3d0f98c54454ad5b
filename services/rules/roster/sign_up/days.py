"""Which days of a roster somebody means, told from the day of posting (今天 is that day)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from services.rules.windows import DAY, PLAIN_CALENDAR, Calendar

DASH: Final = r"\s*(?:[-~—–‐‑−]+|至|到)\s*"
_AND: Final = r"\s*[、,和及]\s*"
_LIST: Final = rf"\d{{1,2}}(?:{_AND}\d{{1,2}}){{0,9}}"
_WEEKDAYS: Final = "一二三四五六日天"
_WEEK: Final = r"(?:周|星期|礼拜)"
_X: Final = rf"[{_WEEKDAYS}](?![点时班个人])"
DAY_PATTERNS: Final[Mapping[str, str]] = {
    "relative": r"大后天|后天|明[天日]|今[天日]|[今明](?=[早晚])",
    "every": r"每[天日]|每(?=[早晚])|天天|工作日|周末",
    "week": rf"(本|这|下)?个?{_WEEK}([{_WEEKDAYS}](?:(?:{_AND})?{_X}){{0,9}})(?:{DASH}{_WEEK}?({_X}))?",
    "month": rf"(\d{{1,2}})月({_LIST})[日号]?(?:{DASH}(?:(\d{{1,2}})月)?(\d{{1,2}})[日号])?",
    "date": rf"(?<![\d/.])(\d{{1,2}})[/.](\d{{1,2}})(?![\d/.:点时]|{DASH}\d)",
    "number": rf"(?<!\d)({_LIST})[日号]?(?:{DASH}(\d{{1,2}}))?[日号](?![楼院门岗线])",
}
"""What days are called in folded text."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a roster, and the day on which people wrote (今天 is that day)."""

    first: date
    last: date
    posted: date
    calendar: Calendar = PLAIN_CALENDAR

    def days(self) -> tuple[date, ...]:
        """Return every day of the roster."""
        return _days_from(self.first, self.last)

    def weekday(self, number: int) -> tuple[date, ...]:
        """Return the next day of the week (Monday is 0) from the posting day on; one before it where there is none."""
        days = [day for day in self.days() if day.weekday() == number]
        return tuple(([day for day in days if day >= self.posted] or days)[:1])

    def day_of_month(self, day: int, month: int | None = None) -> tuple[date, ...]:
        """Return the day of the roster with this number, none where the roster has none."""
        return tuple(each for each in self.days() if each.day == day and month in {None, each.month})[:1]


DayFinder = Callable[[re.Match[str], Period], tuple[date, ...]]


def _days_from(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + k * DAY for k in range((last - first).days + 1))


def _numbers(words: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", words)]


def _relative(match: re.Match[str], period: Period) -> tuple[date, ...]:
    ahead = {"今": 0, "明": 1, "后": 2, "大": 3}[match[0][0]]
    return (period.posted + ahead * DAY,)


def _every(match: re.Match[str], period: Period) -> tuple[date, ...]:
    if match[0] == "周末":
        return (*period.weekday(5), *period.weekday(6))
    works_only = match[0] == "工作日"
    return tuple(day for day in period.days() if not works_only or not period.calendar.is_day_off(day))


def _week(match: re.Match[str], period: Period) -> tuple[date, ...]:
    week, names, last = match[1], re.sub(rf"[^{_WEEKDAYS}]", "", match[2]), match[3]
    numbers = [min(_WEEKDAYS.index(name), 6) for name in names]
    if last:
        until = min(_WEEKDAYS.index(last), 6)
        numbers += [number % 7 for number in range(numbers[-1] + 1, until + 1 + 7 * (until < numbers[-1]))]
    if week:
        monday = period.posted - period.posted.weekday() * DAY + (7 * DAY if week == "下" else timedelta())
        return tuple(monday + number * DAY for number in numbers)
    return tuple(day for number in numbers for day in period.weekday(number))


def _month(match: re.Match[str], period: Period) -> tuple[date, ...]:
    month, days, last = int(match[1]), _numbers(match[2]), match[4]
    dates = [found for day in days for found in period.day_of_month(day, month)]
    if last:
        until = period.day_of_month(int(last), int(match[3] or month))
        return (*dates[:-1], *_days_from(dates[-1], until[0])) if dates and until else ()
    return tuple(dates)


def _date(match: re.Match[str], period: Period) -> tuple[date, ...]:
    return period.day_of_month(int(match[2]), int(match[1]))


def _number(match: re.Match[str], period: Period) -> tuple[date, ...]:
    days = _numbers(match[1])
    if match[2]:
        days += range(days[-1] + 1, int(match[2]) + 1)
    return tuple(found for day in days for found in period.day_of_month(day))


DAY_FINDERS: Final[Mapping[str, DayFinder]] = {
    "relative": _relative,
    "every": _every,
    "week": _week,
    "month": _month,
    "date": _date,
    "number": _number,
}
