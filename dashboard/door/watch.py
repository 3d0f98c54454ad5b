"""Who is at the door, asked of the store at most every two seconds for each session; and open connections that end."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from anyio import to_thread

from services import accounts
from services.accounts import SignedIn
from services.accounts.sessions import note_seen
from services.context import Context, StoreError

FRESH_S: Final = 2.0
"""An ended session is noticed after this long at most, with as much again for open connections (5 s are promised)."""
NOTED_EVERY_S: Final = 30.0
_MOST_REMEMBERED: Final = 10_000


@dataclass
class Watch:
    """What was found out about tokens a moment ago, and the connections that are open on each."""

    office: Callable[[], Context]
    clock: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[float, SignedIn | None]] = field(default_factory=dict)
    _noted: dict[str, float] = field(default_factory=dict)
    _open: dict[str, set[asyncio.Event]] = field(default_factory=dict)

    async def who(self, token: str) -> SignedIn | None:
        """Return who a token belongs to.

        Raises
        ------
        StoreError
            If the store cannot be asked and nothing is known from before.
        """
        at, known = self._known.get(token, (float("-inf"), None))
        if self.clock() - at < FRESH_S:
            return known
        try:
            found = await to_thread.run_sync(lambda: accounts.who_is(self.office(), token))
        except StoreError:
            if token not in self._known:
                raise
            return known
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[token] = (self.clock(), found)
        return found

    def knows(self, token: str) -> bool:
        """Return whether a token was somebody's a moment ago, without asking the store."""
        return self._known.get(token, (0.0, None))[1] is not None

    def forget(self, token: str) -> None:
        """Ask again next time."""
        self._known.pop(token, None)

    async def in_use(self, token: str) -> None:
        """Note that somebody does something, so that the session does not run out; twice a minute at most."""
        if self.clock() - self._noted.get(token, float("-inf")) < NOTED_EVERY_S:
            return
        if len(self._noted) >= _MOST_REMEMBERED:
            self._noted.clear()
        self._noted[token] = self.clock()
        await to_thread.run_sync(lambda: note_seen(self.office(), token))

    def enter(self, token: str) -> asyncio.Event:
        """Return what is set when the connection that begins now has to end."""
        ended = asyncio.Event()
        self._open.setdefault(token, set()).add(ended)
        return ended

    def leave(self, token: str, ended: asyncio.Event) -> None:
        """Note that a connection is over."""
        connections = self._open.get(token, set())
        connections.discard(ended)
        if not connections:
            self._open.pop(token, None)

    def count(self, token: str | None = None) -> int:
        """Return how many connections are open, on one token or in all."""
        if token is not None:
            return len(self._open.get(token, ()))
        return sum(len(connections) for connections in self._open.values())

    async def sweep(self) -> None:
        """End the connections of sessions that have ended; for ever, to be cancelled."""
        while True:
            await asyncio.sleep(FRESH_S)
            for token in list(self._open):
                await self._end_if_over(token)

    async def _end_if_over(self, token: str) -> None:
        try:
            who = await self.who(token)
        except StoreError:
            return
        if who is not None and who.actor is not None:
            return
        for ended in list(self._open.get(token, ())):
            ended.set()
