"""When sign-in is closed for a while after wrong attempts: by account and by address."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

WITHIN: Final = timedelta(minutes=15)
"""Attempts longer ago do not count."""
CLOSED_FOR: Final = timedelta(minutes=15)
MOST_BY_ACCOUNT: Final = 5
MOST_BY_ADDRESS: Final = 30
"""An office may share one address behind its gateway."""


def closed_until(failures: Sequence[datetime], *, most: int, now: datetime) -> datetime | None:
    """Return until when sign-in is closed, or None where it is open.

    Parameters
    ----------
    failures
        Times of the wrong attempts since the last right one, in any order.
    most
        How many within ``WITHIN`` close it.
    now
        Local time.

    Examples
    --------
    >>> noon = datetime(2026, 11, 23, 12)
    >>> closed_until([noon] * 5, most=5, now=noon + timedelta(minutes=14)).isoformat()
    '2026-11-23T12:15:00'
    >>> closed_until([noon] * 4, most=5, now=noon) is None
    True
    """
    ordered = sorted(failures)
    ends = [
        ordered[k] + CLOSED_FOR for k in range(most - 1, len(ordered)) if ordered[k] - ordered[k - most + 1] <= WITHIN
    ]
    return max((end for end in ends if end > now), default=None)
