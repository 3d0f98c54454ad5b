"""Who is at the door: asked of the store once a second for all open pages together; and open connections that end."""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

import structlog
from anyio import to_thread

from services import accounts
from services.accounts import SignedIn
from services.accounts.sessions import key_of, note_seen
from services.context import Context, StoreError

SWEEP_EVERY_S: Final = 1.0
FRESH_S: Final = 2.0
"""An ended session is noticed after this long at most (5 s are promised)."""
ASK_AGAIN_S: Final = 3.0
"""A store that has just failed to answer is left alone so long: each who asks would wait."""
NOTED_EVERY_S: Final = 30.0
_MOST_REMEMBERED: Final = 10_000
_log = structlog.get_logger("dashboard.web.auth")


@dataclass
class SessionCheck:
    """What was found out about tokens a moment ago, and the connections that are open on each."""

    server_context: Callable[[], Context]
    clock: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[float, SignedIn | None]] = field(default_factory=dict)
    _noted: dict[str, float] = field(default_factory=dict)
    _open: dict[str, set[asyncio.Event]] = field(default_factory=dict)
    _fault: StoreError | None = None
    _ask_at: float = float("-inf")
    _forgotten: int = 0

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
        key, forgotten = key_of(token), self._forgotten
        try:
            found = await self._ask([key])
        except StoreError:
            if token not in self._known:
                raise
            return known
        if forgotten == self._forgotten:
            self._note(token, found.get(key))
        return found.get(key)

    async def _ask(self, keys: Collection[str]) -> Mapping[str, SignedIn]:
        """Return who holds some sessions.

        Raises
        ------
        StoreError
            If the store does not answer, or has just not answered.
        """
        if self._fault is not None and self.clock() < self._ask_at:
            raise self._fault.with_traceback(None)
        try:
            found = await to_thread.run_sync(lambda: accounts.who_hold(self.server_context(), keys))
        except StoreError as error:
            self._fault, self._ask_at = error, self.clock() + ASK_AGAIN_S
            raise
        self._fault = None
        return found

    def _note(self, token: str, who: SignedIn | None) -> None:
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[token] = (self.clock(), who)

    def knows(self, token: str) -> bool:
        """Return whether a token was somebody's a moment ago, without asking the store."""
        return self._known.get(token, (0.0, None))[1] is not None

    def forget(self, token: str) -> None:
        """Ask again next time; what is on its way was asked before."""
        self._known.pop(token, None)
        self._forgotten += 1

    def forget_account(self, account_id: int) -> None:
        """Ask again next time about every session of an account."""
        of_account = [token for token, (_at, who) in self._known.items() if who and who.account.id == account_id]
        for token in of_account:
            del self._known[token]
        self._forgotten += 1

    async def in_use(self, token: str) -> None:
        """Note that somebody does something, so that the session does not run out; twice a minute at most."""
        if self.clock() - self._noted.get(token, float("-inf")) < NOTED_EVERY_S:
            return
        if len(self._noted) >= _MOST_REMEMBERED:
            self._noted.clear()
        self._noted[token] = self.clock()
        await to_thread.run_sync(lambda: note_seen(self.server_context(), token))

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
            await asyncio.sleep(SWEEP_EVERY_S)
            try:
                await self.look_around()
            except StoreError:
                continue  # who is in stays in
            except Exception as error:  # noqa: BLE001 - whatever it was, sessions go on being ended
                _log.error("sweep_failed", kind=type(error).__name__)

    async def look_around(self) -> None:
        """Ask who holds the sessions of all open connections, and end those that nobody does.

        Raises
        ------
        StoreError
            If the store cannot be asked.
        """
        tokens, forgotten = {key_of(token): token for token in self._open}, self._forgotten
        found = await self._ask(list(tokens)) if tokens else {}
        if forgotten != self._forgotten:
            return
        for key, token in tokens.items():
            who = found.get(key)
            self._note(token, who)
            if who is None or who.actor is None:
                for ended in list(self._open.get(token, ())):
                    ended.set()
