"""Scripts of pages take turns: as many at once as get on with their work, the others in the order they came.

Streamlit gives every run a thread. Dozens of threads that all want the interpreter each get a little of it, so that
everybody's page is ready as late as the last one, and what they lose by pushing past each other is half of their time.
Whoever takes long (a proposal, an import, a store that does not answer) counts no more after a moment: nobody waits for
the end of it, and no turn can be lost.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock
from typing import Final

AT_ONCE: Final = 2
"""While one waits for the disk or the database, another gets on."""
AT_MOST_S: Final = 0.25
"""A run of a page that draws what is known takes a tenth of it."""


class RunLimiter:
    """A gate that lets some through at once, in the order they came.

    Parameters
    ----------
    at_once
        How many.
    at_most_s
        After so many seconds somebody inside counts no more.
    clock
        Seconds that only grow.
    """

    def __init__(self, at_once: int, at_most_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._at_once, self._at_most_s, self._clock = at_once, at_most_s, clock
        self._lock = Lock()
        self._waiting: deque[Event] = deque()
        self._inside: dict[Event, float] = {}

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn and hold it; it is given back however the block ends."""
        called = Event()
        try:
            self._let_in(called)
            while not called.wait(self._at_most_s):
                self._let_in()
            yield
        finally:
            self._leave(called)

    def waiting(self) -> int:
        """Return how many wait."""
        with self._lock:
            return len(self._waiting)

    def _leave(self, called: Event) -> None:
        with self._lock:
            self._inside.pop(called, None)
            if called in self._waiting:  # the wait was broken off
                self._waiting.remove(called)
        self._let_in()

    def _let_in(self, *come: Event) -> None:
        """Call those whose turn it is, behind them whoever has just come."""
        with self._lock:
            now = self._clock()
            self._waiting.extend(come)
            for called in [one for one, since in self._inside.items() if now - since >= self._at_most_s]:
                del self._inside[called]
            while self._waiting and len(self._inside) < self._at_once:
                called = self._waiting.popleft()
                self._inside[called] = now
                called.set()


LIMITER: Final = RunLimiter(AT_ONCE, AT_MOST_S)
