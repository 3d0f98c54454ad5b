"""Which version of everything there is, asked of the store once a second for all, told to every open page at once."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import structlog
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard import cache
from services.accounts.accounts import ACCOUNTS
from services.context import StoreError, local_now

EVERY_S: Final = 1.0
ASLEEP_AFTER_S: Final = 60.0
"""When nobody has asked for so long, the store is not asked either."""
PATIENCE_S: Final = 5.0
"""A store that takes longer to answer does not answer, as far as whoever looks is concerned."""
_log = structlog.get_logger("dashboard")


def version_of(parts: Mapping[str, int]) -> int:
    """Return a number that is another one when anything was changed that a page may show; 0 for an empty store.

    Parameters
    ----------
    parts
        ``cache.versions``.
    """
    return max((version for part, version in parts.items() if part != ACCOUNTS), default=0)


def version_message(waiting_s: float = 0.0) -> dict[str, Any]:
    """Return what the browser is told: the version there is and, while the store is lost, since when.

    Parameters
    ----------
    waiting_s
        For how many seconds the store has owed an answer.
    """
    seen = cache.last_seen()
    parts, silent_s = seen.last_value("versions"), seen.silent_for_s()
    if silent_s is None and waiting_s > PATIENCE_S:
        silent_s = waiting_s
    lost = None
    if silent_s is not None:
        at = local_now() - timedelta(seconds=silent_s)
        lost = {"time": f"{at:%H:%M}", "minutes": int(silent_s // 60)}
    return {"version": None if parts is None else version_of(parts), "lost": lost}


@dataclass
class ChangeNotifier:
    """Asks while somebody looks; whoever asks is answered without the store."""

    clock: Callable[[], float] = time.monotonic
    _asked_at: float = field(default=float("-inf"))
    _waiting_since: float | None = None

    def route(self) -> Route:
        """Return the address every open page asks every few seconds: whether the session holds, and what is new."""
        return Route("/whoami", self._answer, methods=["GET"])

    async def beat(self) -> None:
        """Ask the store again and again; for ever, to be cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            if self.clock() - self._asked_at < ASLEEP_AFTER_S:
                await self._ask()

    async def _ask(self) -> None:
        self._waiting_since = self.clock()
        try:
            await to_thread.run_sync(cache.versions_now)
        except StoreError:
            pass  # it is remembered that it does not answer
        except Exception as error:  # noqa: BLE001 - whatever it was, those who look are told of changes again
            _log.error("pulse_failed", kind=type(error).__name__)
        self._waiting_since = None

    async def _answer(self, _request: Request) -> Response:
        now = self.clock()
        self._asked_at = now
        waiting_s = 0.0 if self._waiting_since is None else now - self._waiting_since
        return JSONResponse(version_message(waiting_s), headers={"Cache-Control": "no-store"})
