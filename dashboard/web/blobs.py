"""Binaries for browsers, kept in memory: under addresses that nobody can guess, or tokens of their content."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard.map.packing import PackedLayer
from dashboard.streamlit import session
from dashboard.web.auth.middleware import TOKEN
from services.accounts.sessions import key_of
from services.catalog.actions import Action
from services.rules.areas import EVERYWHERE, Area
from services.rules.roles import LOCAL_ACTOR, Actor, may

MAX_BYTES: Final = 192 << 20
"""When more is kept, what was not asked for the longest goes."""
KEPT_FOR_S: Final = 3_600.0
_BEFORE: Final = "/preview/"
_AFTER: Final = ".bin"


@dataclass(frozen=True, slots=True)
class Readers:
    """Who may fetch something: those in charge of exactly this area whose role allows this action, and nobody else."""

    area: Area = EVERYWHERE
    action: Action = Action.VIEW_COVERAGE
    session: str = ""
    """The key of the one session that may (``dashboard.streamlit.session.key``); empty for every session."""

    def include(self, actor: Actor, key: str) -> bool:
        """Return whether somebody is one of them; ``key`` is that of their session."""
        return actor.area == self.area and may(actor, self.action) and self.session in {"", key}


@dataclass(frozen=True, slots=True)
class _KeptBlob:
    body: bytes
    readers: frozenset[Readers]
    at: float


class BlobStore:
    """Binaries by token."""

    def __init__(self, max_bytes: int = MAX_BYTES, clock: Callable[[], float] = time.monotonic) -> None:
        self._max_bytes = max_bytes
        self._clock = clock
        self._lock = Lock()
        self._kept: OrderedDict[str, _KeptBlob] = OrderedDict()

    def put(self, layer: PackedLayer, readers: Readers = Readers()) -> str:
        """Return the address of a binary; what was not asked for the longest goes where there is no room.

        An address that is kept for later must be asked for with ``holds`` before it is handed out again.
        """
        token = secrets.token_urlsafe(24)
        self.keep(token, layer.body, readers)
        return f"{_BEFORE}{token}{_AFTER}"

    def keep(self, token: str, body: bytes, readers: Readers) -> None:
        """Keep a binary under a token of its content; one that is there already is for these readers as well."""
        with self._lock:
            if self._share(token, readers):
                return
            self._kept[token] = _KeptBlob(body, frozenset({readers}), self._clock())
            while sum(len(kept.body) for kept in self._kept.values()) > self._max_bytes and len(self._kept) > 1:
                self._kept.popitem(last=False)

    def share(self, token: str, readers: Readers) -> bool:
        """Let others fetch a binary as well; return whether it is there."""
        with self._lock:
            return self._share(token, readers)

    def _share(self, token: str, readers: Readers) -> bool:
        kept = self._kept.get(token)
        if kept is None:
            return False
        self._kept[token] = replace(kept, readers=kept.readers | {readers})
        self._kept.move_to_end(token)
        return True

    def forget_old(self) -> None:
        """Let go of what one session alone may fetch, an hour after it came."""
        with self._lock:
            for token, kept in list(self._kept.items()):
                is_of_a_session = all(readers.session for readers in kept.readers)
                if is_of_a_session and kept.at + KEPT_FOR_S < self._clock():
                    del self._kept[token]

    def holds(self, addresses: Collection[str]) -> bool:
        """Tell whether all of these addresses (or tokens) will be answered, and keep them longer than others."""
        tokens = [address.removeprefix(_BEFORE).removesuffix(_AFTER) for address in addresses]
        with self._lock:
            there = [token for token in tokens if token in self._kept]
            for token in there:
                self._kept.move_to_end(token)
        return len(there) == len(tokens)

    def get(self, token: str, actor: Actor = LOCAL_ACTOR, key: str = "") -> bytes | None:
        """Return the binary of a token, or nothing if it was never there, is gone, or is for others."""
        with self._lock:
            kept = self._kept.get(token)
            if kept is None or not any(readers.include(actor, key) for readers in kept.readers):
                return None
            self._kept.move_to_end(token)
            return kept.body

    def __len__(self) -> int:
        """Return how many binaries are kept."""
        return len(self._kept)


BLOBS: Final = BlobStore()


def session_key(request: Request) -> str:
    """Return the key of the session that asks for something, empty for none."""
    token = request.scope.get(TOKEN, "")
    return key_of(token) if token else ""


async def preview(request: Request) -> Response:
    """Hand out one layer of a preview."""
    body = BLOBS.get(request.path_params["token"], session.actor(), session_key(request))
    if body is None:
        return PlainTextResponse("unknown preview", 404)
    headers = {"Content-Encoding": "gzip", "Cache-Control": "private, max-age=3600"}
    return Response(body, media_type="application/octet-stream", headers=headers)
