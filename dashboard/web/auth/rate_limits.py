"""How much one browser may ask for, and how many may be connected."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from dashboard.web.auth.session_check import SessionCheck

PER_SECOND: Final = 60.0
"""Requests of one session (or address, before it has one) in the long run."""
AT_ONCE: Final = 600.0
"""Opening the page takes about 150 requests."""
MOST_CONNECTIONS: Final = 1_000
MOST_A_SESSION: Final = 30
"""Tabs of one browser."""
_MOST_REMEMBERED: Final = 20_000
_COSTS: Final = (
    *(("POST", path, 4.0) for path in ("/sign-in", "/set-up/", "/password", "/second", "/sessions")),
    ("GET", "/download/", 30.0),
)
"""What takes a processor or gives a whole file away: forms with a password, 15 a second; downloads, 2 a second."""


def cost_of(method: str, path: str) -> float:
    """Return as how many plain requests one counts.

    Examples
    --------
    >>> cost_of("POST", "/sign-in"), cost_of("GET", "/sign-in"), cost_of("GET", "/download/x")
    (4.0, 1.0, 30.0)
    """
    costs = (cost for verb, start, cost in _COSTS if verb == method and path.startswith(start))
    return next(costs, 1.0)


@dataclass
class RateLimiter:
    """A bucket of tokens for each who asks (Turner 1986)."""

    clock: Callable[[], float] = time.monotonic
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    def allow(self, who: str, cost: float = 1.0) -> bool:
        """Return whether one more request is allowed now, one that counts as ``cost`` plain ones."""
        now = self.clock()
        level, at = self._buckets.get(who, (AT_ONCE, now))
        level = min(level + (now - at) * PER_SECOND, AT_ONCE)
        if len(self._buckets) >= _MOST_REMEMBERED:
            self._buckets.clear()
        self._buckets[who] = (max(level - cost, 0.0), now)
        return level >= cost

    @staticmethod
    def has_room(session_check: SessionCheck, token: str) -> bool:
        """Return whether one more connection is allowed now."""
        return session_check.count() < MOST_CONNECTIONS and session_check.count(token) < MOST_A_SESSION
