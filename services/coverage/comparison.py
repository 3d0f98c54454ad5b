"""What the figures of a window are compared with, and how that is called."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

import pandas as pd

from services.i18n import Text, text, translate
from services.rules.windows import DAY, Window
from services.wording import short_time

_SATURDAY: Final = 5
_DAYS_OF_THIS_WEEK: Final = (
    text("this Monday"),
    text("this Tuesday"),
    text("this Wednesday"),
    text("this Thursday"),
    text("this Friday"),
    text("this Saturday"),
    text("this Sunday"),
)
_DAYS_OF_LAST_WEEK: Final = (
    text("last Monday"),
    text("last Tuesday"),
    text("last Wednesday"),
    text("last Thursday"),
    text("last Friday"),
    text("last Saturday"),
    text("last Sunday"),
)


class ComparisonKind(StrEnum):
    """What a situation is compared with."""

    DAY = "day"
    """The same hours of the last day of the same kind."""
    WEEK = "week"
    """The same hours a week before."""
    ORDERS = "orders"
    """The same window without the orders that were sent last."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """With what figures are compared."""

    against: ComparisonKind
    window: Window
    """The hours of the other situation."""
    sent_at: datetime | None = None
    """When the orders were sent that the other situation lacks."""


@dataclass(frozen=True, slots=True)
class ComparisonFrame:
    """Another situation, to compare with. Its frame is shared: nobody changes it."""

    comparison: Comparison
    grids: pd.DataFrame
    """From ``grid_balance``."""


def compared_text(change: str, comparison: Comparison, now: datetime) -> str:
    """Return a change with what it is a change from: ``比昨天同一时段 −12``; the empty change is none.

    The week before stands behind the day before, so that its day is enough: ``比上周日 −33``.
    """
    if comparison.against is ComparisonKind.ORDERS:
        return (
            translate("{change} since the last orders", change=change)
            if change
            else translate("no change since the last orders")
        )
    if comparison.against is ComparisonKind.WEEK:
        hours = days_text(comparison.window, now)
    else:
        hours = same_hours_text(comparison.window, now)
    if not change:
        return translate("as in {hours}", hours=hours)
    return translate("{change} on {hours}", change=change, hours=hours)


def situation_text(comparison: Comparison, now: datetime) -> str:
    """Return what figures are compared with: ``昨天同一时段``, ``没有最近一次派单（11-27 09:30）``."""
    if comparison.sent_at is None:
        return same_hours_text(comparison.window, now)
    return translate("Without the last orders ({at})", at=short_time(comparison.sent_at))


def same_hours_text(earlier_window: Window, now: datetime) -> str:
    """Return how the same hours of another day are called now: ``昨天同一时段``, ``上周五同一时段``, ``上周末``."""
    days = days_text(earlier_window, now)
    return days if _is_weekend(earlier_window) else translate("{days}, same hours", days=days)


def days_text(window: Window, now: datetime) -> str:
    """Return how the days of a window are called now: ``昨天``, ``上周五``, ``上周末``, ``11月13日至11月15日``."""
    first, last, today = window.start.date(), _last_day(window), now.date()
    if first == last:
        return _day_text(first, today)
    weekend = {0: text("this weekend"), -1: text("last weekend")}.get(_week_of(first, today))
    if _is_weekend(window) and weekend is not None:
        return translate(weekend)
    return translate("{first} to {last}", first=_date_text(first), last=_date_text(last))


def _day_text(day: date, today: date) -> str:
    near = {0: text("today"), -1: text("yesterday"), 1: text("tomorrow")}.get((day - today).days)
    if near is not None:
        return translate(near)
    week = _week_of(day, today)
    of_week: dict[int, tuple[Text, ...]] = {0: _DAYS_OF_THIS_WEEK, -1: _DAYS_OF_LAST_WEEK}
    return translate(of_week[week][day.weekday()]) if week in of_week else _date_text(day)


def _date_text(day: date) -> str:
    return translate("{month}/{day}", month=day.month, day=day.day)


def _is_weekend(window: Window) -> bool:
    """Tell whether a window is of a Saturday and the Sunday after it."""
    return window.start.weekday() == _SATURDAY and _last_day(window) - window.start.date() == DAY


def _last_day(window: Window) -> date:
    return (window.end - timedelta(minutes=1)).date()


def _week_of(day: date, today: date) -> int:
    """Return which week a day lies in: 0 is this one, -1 the last one."""
    monday, this_monday = (each - each.weekday() * DAY for each in (day, today))
    return (monday - this_monday) // (7 * DAY)
