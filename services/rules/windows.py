"""When: modes, windows of time, and the parts of the day a window falls into.

All times are local times of the district without zone. A window is half open: its start
belongs to it, its end does not.

What the figures of a window can honestly be compared with are the same hours of an earlier day. The hours just before
are of another part of the day (an evening after an afternoon), and a Sunday is no measure of a Monday: need and supply
differ by the part of the day and by whether people are off work (docs/adr/0027).
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.errors import ServiceError
from services.i18n import Text, text

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
WEEK: Final = 7 * DAY
SERVICE_HOURS: Final = ((0, 6), (8, 12), (14, 18), (18, 22))
"""From which hour to which of a day people are sent, where nothing else is asked for."""
LONGEST_BACK: Final = 14 * DAY
"""So far back a comparable day is sought: longer than any row of holidays, shorter than what people remember."""
LONGEST_WINDOW: Final = timedelta(days=31)
"""A longer window says nothing about who is short when, and is most likely a slip of the pen."""


class Mode(StrEnum):
    """How the district is run (平时, 应急, 封控); sets the norms."""

    ROUTINE = "routine"
    EMERGENCY = "emergency"
    LOCKDOWN = "lockdown"


class DayPart(StrEnum):
    """The parts of a week by which people have time, in the order of every array "by day part"."""

    WORKDAY = "workday"
    EVENING = "evening"
    WEEKEND = "weekend"
    NIGHT = "night"


class NamedWindow(StrEnum):
    """Windows that have a name, told from the present hour."""

    NOW = "now"
    TONIGHT = "tonight"
    TOMORROW_MORNING = "tomorrow-morning"
    WEEKEND = "weekend"


MODE_NAMES: Final[Mapping[Mode, Text]] = {
    Mode.ROUTINE: text("Routine"),
    Mode.EMERGENCY: text("Emergency"),
    Mode.LOCKDOWN: text("Lockdown"),
}
WINDOW_NAMES: Final[Mapping[NamedWindow, Text]] = {
    NamedWindow.NOW: text("Now"),
    NamedWindow.TONIGHT: text("Tonight"),
    NamedWindow.TOMORROW_MORNING: text("Tomorrow morning"),
    NamedWindow.WEEKEND: text("Weekend"),
}


class WindowError(ServiceError, ValueError):
    """A window that cannot be read or is none."""

    def __init__(self, words: str) -> None:
        super().__init__(
            text(
                "“{given}” is no window. Give now, tonight, tomorrow-morning, weekend, or start/end like "
                "2026-11-27T20:00/2026-11-27T24:00; it ends after it starts and lasts 31 days at most.",
                given=words,
            )
        )


FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2999, 12, 31)
"""What people type lies between; earlier and later hours can be counted there."""


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A stretch of time, e.g. Friday 20:00 to 24:00; raises ``WindowError`` unless start < end, without time zone."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        zoned = self.start.tzinfo is not None or self.end.tzinfo is not None
        if zoned or not self.start < self.end <= self.start + LONGEST_WINDOW:
            raise WindowError(f"{self.start.isoformat()}/{self.end.isoformat()}")

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days that are not what their day of the week says.

    A holiday counts as weekend, a working weekend as weekday.
    """

    holidays: Collection[date] = field(default=frozenset())
    working_weekends: Collection[date] = field(default=frozenset())

    def is_day_off(self, day: date) -> bool:
        """Tell whether people are off work on this day."""
        return day in self.holidays or (day.weekday() >= 5 and day not in self.working_weekends)


PLAIN_CALENDAR: Final = Calendar()
"""No holidays: Monday to Friday people work."""

_WORKING: Final = (
    (time(8), DayPart.NIGHT),
    (time(18), DayPart.WORKDAY),
    (time(22), DayPart.EVENING),
    (time.max, DayPart.NIGHT),
)
_OFF: Final = ((time(8), DayPart.NIGHT), (time(22), DayPart.WEEKEND), (time.max, DayPart.NIGHT))


def share_by_day_part(window: Window, calendar: Calendar = PLAIN_CALENDAR) -> NDArray[np.float64]:
    """Return how much of a window falls into each part of the day.

    Workday is Monday to Friday 08–18, evening Monday to Friday 18–22, weekend Saturday and Sunday 08–22, night every
    day 22–08.

    Returns
    -------
    Shape (4,) in the order of ``DayPart``; at least 0 each, 1 in all.

    Examples
    --------
    >>> friday = Window(datetime(2026, 11, 27, 20), datetime(2026, 11, 28))
    >>> share_by_day_part(friday).tolist()
    [0.0, 0.5, 0.0, 0.5]
    """
    hours = dict.fromkeys(DayPart, 0.0)
    for part, stretch in _stretches(window, calendar):
        hours[part] += stretch.length / HOUR
    return np.array([hours[part] for part in DayPart]) / (window.length / HOUR)


def split_by_day_part(window: Window, calendar: Calendar = PLAIN_CALENDAR) -> tuple[Window, ...]:
    """Return the stretches of a window that lie in one part of the day each, in order; together they are the window.

    Examples
    --------
    >>> saturday = datetime(2026, 11, 28)
    >>> weekend = Window(saturday.replace(hour=8), saturday.replace(day=29, hour=22))
    >>> [f"{each.start:%a %H}-{each.end:%a %H}" for each in split_by_day_part(weekend)]
    ['Sat 08-Sat 22', 'Sat 22-Sun 08', 'Sun 08-Sun 22']
    """
    joined: list[tuple[DayPart, Window]] = []
    for part, stretch in _stretches(window, calendar):
        if joined and joined[-1][0] is part:
            joined[-1] = part, Window(joined[-1][1].start, stretch.end)
        else:
            joined.append((part, stretch))
    return tuple(stretch for _part, stretch in joined)


def _stretches(window: Window, calendar: Calendar) -> Iterator[tuple[DayPart, Window]]:
    """Yield the parts of the days that a window touches, cut to it; none goes beyond midnight."""
    day = window.start.date()
    while datetime.combine(day, time()) < window.end:
        begin = datetime.combine(day, time())
        for until, part in _OFF if calendar.is_day_off(day) else _WORKING:
            finish = datetime.combine(day, time()) + DAY if until == time.max else datetime.combine(day, until)
            start, end = max(begin, window.start), min(finish, window.end)
            if start < end:
                yield part, Window(start, end)
            begin = finish
        day += DAY


def shares_by_day_part(windows: Collection[Window], calendar: Calendar = PLAIN_CALENDAR) -> NDArray[np.float64]:
    """Return ``share_by_day_part`` of several windows as shape (4, number of windows)."""
    return np.array([share_by_day_part(window, calendar) for window in windows]).reshape(-1, len(DayPart)).T


def same_hours_before(window: Window, calendar: Calendar = PLAIN_CALENDAR) -> Window | None:
    """Return the same hours of the last earlier day of the same kind, None where there is none in two weeks.

    A day is of the same kind where the window falls into the parts of the day by the same shares there. The hours do
    not overlap those of the window: of a window of two days the search begins two days before.

    Examples
    --------
    >>> from datetime import datetime
    >>> monday = Window(datetime(2026, 11, 30, 8), datetime(2026, 11, 30, 12))
    >>> same_hours_before(monday).start
    datetime.datetime(2026, 11, 27, 8, 0)
    """
    days = -(-window.length // DAY)
    while days * DAY <= LONGEST_BACK + window.length:
        earlier = moved_back(window, days * DAY)
        if are_alike(window, earlier, calendar):
            return earlier
        days += 1
    return None


def same_hours_week_before(window: Window, calendar: Calendar = PLAIN_CALENDAR) -> Window | None:
    """Return the same hours a week before, None where that day is of another kind or the window is longer."""
    earlier = moved_back(window, WEEK)
    return earlier if window.length <= WEEK and are_alike(window, earlier, calendar) else None


def moved_back(window: Window, by: timedelta) -> Window:
    """Return a window so much earlier."""
    return Window(window.start - by, window.end - by)


def are_alike(one: Window, other: Window, calendar: Calendar = PLAIN_CALENDAR) -> bool:
    """Tell whether two windows are of the same hours of the day and fall into its parts by the same shares."""
    if one.length != other.length or one.start.time() != other.start.time():
        return False
    return bool(np.allclose(share_by_day_part(one, calendar), share_by_day_part(other, calendar), atol=1e-9))


def name_window(name: NamedWindow, now: datetime) -> Window:
    """Return the window that a name means at an instant.

    - now: the clock hour that is running, so that it is the first hour of the 72-hour strip;
    - tonight: today 20:00 to 24:00, also while it is running;
    - tomorrow morning: tomorrow 08:00 to 12:00;
    - weekend: Saturday 08:00 to Sunday 22:00, the running one until it is over.
    """
    today = datetime.combine(now.date(), time())
    match name:
        case NamedWindow.NOW:
            return hours_ahead(now, 1)[0]
        case NamedWindow.TONIGHT:
            return Window(today + 20 * HOUR, today + DAY)
        case NamedWindow.TOMORROW_MORNING:
            return Window(today + DAY + 8 * HOUR, today + DAY + 12 * HOUR)
        case NamedWindow.WEEKEND:
            saturday = today + (5 - now.weekday()) * DAY
            if now >= saturday + DAY + 22 * HOUR:
                saturday += 7 * DAY
            return Window(saturday + 8 * HOUR, saturday + DAY + 22 * HOUR)


def windows_after(window: Window, count: int) -> tuple[Window, ...]:
    """Return the next windows of those that people are sent for on any day: night, morning, afternoon and evening.

    Examples
    --------
    >>> tonight = Window(datetime(2026, 11, 26, 20), datetime(2026, 11, 27))
    >>> [f"{each.start:%a %H}-{each.end:%H}" for each in windows_after(tonight, 3)]
    ['Fri 00-06', 'Fri 08-12', 'Fri 14-18']
    """
    day, found = datetime.combine(window.end.date(), time()), list[Window]()
    while len(found) < count:
        served = [Window(day + start * HOUR, day + end * HOUR) for start, end in SERVICE_HOURS]
        found += [each for each in served if each.start >= window.end]
        day += DAY
    return tuple(found[:count])


def hours_ahead(now: datetime, count: int = 72) -> tuple[Window, ...]:
    """Return that many windows of one clock hour, the first being the hour that is running."""
    first = now.replace(minute=0, second=0, microsecond=0)
    return tuple(Window(first + k * HOUR, first + (k + 1) * HOUR) for k in range(count))


def parse_window(words: str, now: datetime) -> Window:
    """Return the window of a text: a name, or ``start/end`` in ISO 8601 with 24:00 allowed.

    Raises
    ------
    WindowError
        When it is neither, or lies outside ``FIRST_DAY`` to ``LAST_DAY``.

    Examples
    --------
    >>> parse_window("2026-11-27T20:00/2026-11-27T24:00", datetime(2026, 11, 27)).end
    datetime.datetime(2026, 11, 28, 0, 0)
    """
    wanted = words.strip()
    if wanted.lower() in set(NamedWindow):
        return name_window(NamedWindow(wanted.lower()), now)
    start, slash, end = wanted.partition("/")
    try:
        if slash:
            window = Window(_parse_instant(start), _parse_instant(end))
            if window.start.date() >= FIRST_DAY and window.end.date() <= LAST_DAY:
                return window
    except (ValueError, OverflowError) as error:
        raise WindowError(words) from error
    raise WindowError(words)


def format_window(window: Window) -> str:
    """Return a window as ``parse_window`` reads it.

    >>> format_window(Window(datetime(2026, 11, 27, 20), datetime(2026, 11, 28)))
    '2026-11-27T20:00/2026-11-28T00:00'
    """
    return f"{window.start:%Y-%m-%dT%H:%M}/{window.end:%Y-%m-%dT%H:%M}"


def _parse_instant(given: str) -> datetime:
    """Return the instant of an ISO text; ``T24:00`` is midnight at the end of that day.

    Raises
    ------
    WindowError
        When day or time are missing.
    """
    midnight = re.fullmatch(r"(\d{4}-\d{2}-\d{2})[T ]24:00(?::00)?", given.strip())
    if midnight:
        return datetime.fromisoformat(midnight[1]) + DAY
    if not re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", given.strip()):
        raise WindowError(given)
    return datetime.fromisoformat(given.strip())
