"""Rest between orders: at most ten hours of service in 26, and no morning after a night."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from services.rules.windows import DAY, Window

MOST_SERVICE: Final = timedelta(hours=10)
SPAN: Final = timedelta(hours=26)
"""In so long nobody serves for more than ``MOST_SERVICE``: two days' services at the same hours count together."""
NIGHT_END: Final = timedelta(hours=6)
"""Nights go from midnight to then, mornings from then to ``MORNING_END``."""
MORNING_END: Final = timedelta(hours=12)


def around(window: Window) -> tuple[datetime, datetime]:
    """Return from when to when services matter to whether people may serve in a window."""
    return window.start - SPAN, window.end + SPAN


def people_at_rest(services: Iterable[tuple[Window, int]], window: Window) -> int:
    """Return how many people of a team may not serve in a window, as they serve before or after it.

    Parameters
    ----------
    services
        When people of the team serve, and how many. Who they are is not known: as few of them as possible are taken
        to serve, always the same ones first.
    window
        In which others of the team, or all of it, would serve besides.

    Examples
    --------
    A morning of six hours leaves four for the evening, and none after it:

    >>> day = datetime(2026, 11, 27)
    >>> morning = Window(day.replace(hour=6), day.replace(hour=12)), 8
    >>> evening, late = (Window(day.replace(hour=18), day.replace(hour=hour)) for hour in (22, 23))
    >>> people_at_rest([morning], evening), people_at_rest([morning], late)
    (0, 8)
    """
    steps = _steps(services)
    for people in sorted({out for _, out in steps}, reverse=True):
        if people and needs_rest([stretch for stretch, out in steps if out >= people], window):
            return people
    return 0


def needs_rest(services: Sequence[Window], window: Window) -> bool:
    """Tell whether somebody who serves at some times may not serve in a window besides.

    Parameters
    ----------
    services
        Not overlapping each other; what overlaps the window counts once.
    """
    others = [piece for service in services for piece in _outside(service, window)]
    return _is_too_long(others, window) or _meets_night(others, window)


def _is_too_long(others: Sequence[Window], window: Window) -> bool:
    """Tell whether in any span there is too much service, of the window and of others."""
    starts = [start for each in (*others, window) for start in (each.start, each.end - SPAN)]
    for start in starts:
        before = sum((_common(each, start, start + SPAN) for each in others), timedelta())
        here = _common(window, start, start + SPAN)
        if before and here and before + here > MOST_SERVICE:
            return True
    return False


def _meets_night(others: Sequence[Window], window: Window) -> bool:
    nights, mornings = _days(others, timedelta(), NIGHT_END), _days(others, NIGHT_END, MORNING_END)
    return bool(nights & _days([window], NIGHT_END, MORNING_END) or mornings & _days([window], timedelta(), NIGHT_END))


def _days(windows: Iterable[Window], begin: timedelta, end: timedelta) -> set[datetime]:
    """Return the midnights of the days of which windows hold any time between two times of day."""
    found = set()
    for window in windows:
        day = window.start.replace(hour=0, minute=0, second=0, microsecond=0)
        while day < window.end:
            if _common(window, day + begin, day + end):
                found.add(day)
            day += DAY
    return found


def _common(window: Window, start: datetime, end: datetime) -> timedelta:
    return max(min(window.end, end) - max(window.start, start), timedelta())


def _outside(service: Window, window: Window) -> list[Window]:
    """Return what of a service lies before and after a window."""
    ends = (service.start, min(service.end, window.start)), (max(service.start, window.end), service.end)
    return [Window(start, end) for start, end in ends if start < end]


def _steps(services: Iterable[tuple[Window, int]]) -> list[tuple[Window, int]]:
    """Return the stretches between any beginning and end, and how many people serve in each; those without, too."""
    known = list(services)
    times = sorted({time for window, _ in known for time in (window.start, window.end)})
    stretches = [Window(start, end) for start, end in pairwise(times)]
    return [(each, sum(people for at, people in known if _common(each, at.start, at.end))) for each in stretches]
