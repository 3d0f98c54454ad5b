"""How much one browser may ask for, and how many may be connected."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from dashboard.door.watch import Watch

PER_SECOND: Final = 60.0
"""Requests of one session (or address, before it has one) in the long run."""
AT_ONCE: Final = 600.0
"""Opening the page takes about 150 requests."""
MOST_CONNECTIONS: Final = 1_000
MOST_A_SESSION: Final = 30
"""Tabs of one browser."""
_MOST_REMEMBERED: Final = 20_000


@dataclass
class Limits:
    """A bucket of tokens for each who asks (Turner 1986)."""

    clock: Callable[[], float] = time.monotonic
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    def allow(self, who: str) -> bool:
        """Return whether one more request is allowed now."""
        now = self.clock()
        level, at = self._buckets.get(who, (AT_ONCE, now))
        level = min(level + (now - at) * PER_SECOND, AT_ONCE)
        if len(self._buckets) >= _MOST_REMEMBERED:
            self._buckets.clear()
        self._buckets[who] = (max(level - 1.0, 0.0), now)
        return level >= 1.0

    @staticmethod
    def has_room(watch: Watch, token: str) -> bool:
        """Return whether one more connection is allowed now."""
        return watch.count() < MOST_CONNECTIONS and watch.count(token) < MOST_A_SESSION
