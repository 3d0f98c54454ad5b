"""Rest between orders: at most ten hours of service in 26, and no morning after a night."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Final

from services.rules.windows import DAY, Window

MOST_SERVICE: Final = timedelta(hours=10)
SPAN: Final = timedelta(hours=26)
"""In so long nobody serves for more than ``MOST_SERVICE``: two days' services at the same hours count together."""
NIGHT_END: Final = timedelta(hours=6)
"""Nights go from midnight to then, mornings from then to ``MORNING_END``."""
MORNING_END: Final = timedelta(hours=12)

MOST_WINDOWS: Final = 5
"""So many windows can be planned together."""
Choices = tuple[frozenset[int], ...]
"""Sets of windows, by their positions among those asked about."""


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


def ways_to_serve(services: Iterable[tuple[Window, int]], size: int, windows: Sequence[Window]) -> dict[Choices, int]:
    """Return in which windows people of a team may serve besides what they do, and how many people each time.

    Parameters
    ----------
    services
        When people of the team serve, and how many; as few of them as possible, as in ``people_at_rest``.
    size
        People of the team.
    windows
        At most ``MOST_WINDOWS``, in order, none overlapping another.

    Returns
    -------
    The largest sets of positions in ``windows``, with the number of people to whom they apply. Everybody of the team is
    in one of the groups, those who may serve in none in that of no set.

    Examples
    --------
    Of three windows of four hours on one day anybody may serve in two:

    >>> day = datetime(2026, 11, 27)
    >>> hours = [Window(day.replace(hour=hour), day.replace(hour=hour + 4)) for hour in (8, 14, 18)]
    >>> [(sorted(map(sorted, sets)), people) for sets, people in ways_to_serve([], 6, hours).items()]
    [([[0, 1], [0, 2], [1, 2]], 6)]
    """
    steps = _steps(services)
    levels = sorted({0, *(min(out, size) for _, out in steps)})
    found: dict[Choices, int] = {}
    for below, people in pairwise((*levels, size)):
        own = tuple(stretch for stretch, out in steps if out > below)
        choices = _largest_choices(own, tuple(windows))
        if people > below:
            found[choices] = found.get(choices, 0) + people - below
    return found


@lru_cache(maxsize=4096)
def _largest_choices(services: tuple[Window, ...], windows: tuple[Window, ...]) -> Choices:
    """Return the largest sets of windows in which somebody may serve who serves at some times already."""
    largest: list[frozenset[int]] = []
    for count in range(len(windows), 0, -1):
        for chosen in map(frozenset, combinations(range(len(windows)), count)):
            if not any(chosen <= other for other in largest) and _is_restful(services, [windows[k] for k in chosen]):
                largest.append(chosen)
    return tuple(largest)


def _is_restful(services: Sequence[Window], chosen: Sequence[Window]) -> bool:
    """Tell whether somebody may serve in all of some windows besides what they do already."""
    return not any(
        any(_common(service, window.start, window.end) for service in services)
        or needs_rest([*services, *(other for other in chosen if other != window)], window)
        for window in chosen
    )


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
