"""The same hours of an earlier day: what the figures of a window can honestly be compared with.

The hours just before are of another part of the day (an evening after an afternoon), and a Sunday is no measure of a
Monday: need and supply differ by the part of the day and by whether people are off work (docs/adr/0027).
"""

from datetime import timedelta
from typing import Final

import numpy as np

from services.rules.windows import DAY, PLAIN_CALENDAR, Calendar, Window, share_by_day_part

WEEK: Final = 7 * DAY
LONGEST_BACK: Final = 14 * DAY
"""So far back a comparable day is sought: longer than any row of holidays, shorter than what people remember."""


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
