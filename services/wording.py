"""The one voice of pages, briefings, files and commands: numbers, times, windows and counts of people in words."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

import pandas as pd
from babel.dates import format_date

from services.i18n import current_language, text, translate
from services.rules.rounding import percent_met
from services.rules.small_counts import FEWEST_TOLD
from services.rules.windows import Window

MARK: Final = text("Internal, do not pass on")
"""How papers, files and screens are marked."""
MADE_UP: Final = text("Demo data: persons, organisations and places are made up")
UNKNOWN: Final = "–"
"""What stands where nobody knows."""
DAY_NAMES: Final = (text("Mon"), text("Tue"), text("Wed"), text("Thu"), text("Fri"), text("Sat"), text("Sun"))


def number(value: float | None, digits: int = 0) -> str:
    """Return a number with thousands marked, or a dash where nobody knows.

    Examples
    --------
    >>> number(1234.5, 1)
    '1,234.5'
    """
    if value is None or pd.isna(value):
        return UNKNOWN
    return f"{value + 0.0:,.{digits}f}"


def percent(ratio: float | None) -> str:
    """Return a ratio in per cent, or a dash; less than all is never 100 %."""
    return UNKNOWN if ratio is None or pd.isna(ratio) else f"{percent_met(ratio)}%"


def people_text(count: float | None) -> str:
    """Return a number of people as it is told outside the own community.

    Examples
    --------
    >>> [people_text(n) for n in (None, 0, 1, 2, 3, 1432)]
    ['–', '0', '<3', '<3', '3', '1,432']
    """
    if count is None or pd.isna(count):
        return UNKNOWN
    return f"<{FEWEST_TOLD}" if 0 < count < FEWEST_TOLD else f"{count:,.0f}"


def day_name(day: date) -> str:
    """Return the day of the week."""
    return translate(DAY_NAMES[day.weekday()])


def short_time(moment: datetime) -> str:
    """Return day and time within a year: ``11-27 20:00``."""
    return f"{moment:%m-%d %H:%M}"


def full_time(moment: datetime) -> str:
    """Return day and time for footers and tables: ``2026-11-27 20:00``."""
    return f"{moment:%Y-%m-%d %H:%M}"


def short_window(window: Window) -> str:
    """Return a window for pages: ``11-27 周五 20:00–24:00``.

    In every form midnight at the end is 24:00 of the day before, and days are named twice only where they differ.
    """
    return _window(window, lambda day: f"{day:%m-%d} {day_name(day)}", "{day} {time}")


def full_window(window: Window) -> str:
    """Return a window for files: ``2026-11-27 周五 20:00–24:00``."""
    return _window(window, lambda day: f"{day:%Y-%m-%d} {day_name(day)}", "{day} {time}")


def spoken_window(window: Window) -> str:
    """Return a window for sentences: ``11 月 27 日（周五）20:00–24:00``."""
    return _window(window, spoken_day, translate("{day} {time}", day="{day}", time="{time}"))


def spoken_day(moment: datetime) -> str:
    """Return a day: ``11 月 27 日（周五）``, ``Nov 27 (Fri)``."""
    return format_date(moment, translate("MMM d (EEE)"), locale=current_language())


def spoken_hour(moment: datetime) -> str:
    """Return a time of day: ``20 时``, ``20 时 30 分``."""
    if moment.minute:
        return translate("{hour}:{minute}", hour=moment.hour, minute=f"{moment:%M}")
    return translate("{hour}:00", hour=moment.hour)


def _window(window: Window, day_text: Callable[[datetime], str], form: str) -> str:
    last, end = window.end, f"{window.end:%H:%M}"
    if end == "00:00":
        last, end = window.end - timedelta(days=1), "24:00"
    start = form.format(day=day_text(window.start), time=f"{window.start:%H:%M}")
    if last.date() == window.start.date():
        return f"{start}–{end}"
    return f"{start} – {form.format(day=day_text(last), time=end)}"
