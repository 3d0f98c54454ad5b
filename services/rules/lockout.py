"""When sign-in is closed for a while after wrong attempts: for an account from an address, slower for all together.

Whoever tries passwords from elsewhere closes the account for themselves, not for its owner: a browser in which the
account has signed in before is counted apart (OWASP, Slow Down Online Guessing Attacks with Device Cookies).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class Limit:
    """So many wrong attempts within a time close sign-in for a time."""

    most: int
    within: timedelta
    closed_for: timedelta

    @property
    def reach(self) -> timedelta:
        """How old an attempt can be and still matter."""
        return self.within + self.closed_for


_QUARTER: Final = timedelta(minutes=15)
BY_PLACE: Final = Limit(5, _QUARTER, _QUARTER)
"""Of an account from one address."""
BY_BROWSER: Final = Limit(5, _QUARTER, _QUARTER)
"""Of an account in one browser that it knows."""
BY_ADDRESS: Final = Limit(30, _QUARTER, _QUARTER)
"""Of all accounts from one address: an office may share one behind its gateway."""
BY_ACCOUNT: Final = Limit(30, timedelta(days=1), timedelta(hours=1))
"""Of an account from all addresses together: slow, against guessing from many places."""
LONGEST_REACH: Final = max(limit.reach for limit in (BY_PLACE, BY_BROWSER, BY_ADDRESS, BY_ACCOUNT))


def closed_until(failures: Sequence[datetime], limit: Limit, *, now: datetime) -> datetime | None:
    """Return until when sign-in is closed, or None where it is open.

    Parameters
    ----------
    failures
        Times of the wrong attempts that count, in any order. Those that lie ahead of ``now`` were noted while the clock
        was wrong, and do not count.
    limit
        How many of them close it, and for how long.
    now
        Local time.

    Examples
    --------
    >>> noon = datetime(2026, 11, 23, 12)
    >>> closed_until([noon] * 5, BY_PLACE, now=noon + timedelta(minutes=14)).isoformat()
    '2026-11-23T12:15:00'
    >>> closed_until([noon] * 4, BY_PLACE, now=noon) is None
    True
    >>> closed_until([noon + timedelta(days=300)] * 5, BY_PLACE, now=noon) is None
    True
    """
    ordered, most = sorted(at for at in failures if at <= now), limit.most
    ends = [
        ordered[k] + limit.closed_for
        for k in range(most - 1, len(ordered))
        if ordered[k] - ordered[k - most + 1] <= limit.within
    ]
    return max((end for end in ends if end > now), default=None)
