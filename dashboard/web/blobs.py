"""Geometry that is shown before it is stored: kept in memory under addresses that nobody can guess."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
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

MAX_BYTES: Final = 128 << 20
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
    readers: Readers
    at: float


class BlobStore:
    """Binaries by address."""

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
        with self._lock:
            self._kept[token] = _KeptBlob(layer.body, readers, self._clock())
            while sum(len(kept.body) for kept in self._kept.values()) > self._max_bytes and len(self._kept) > 1:
                self._kept.popitem(last=False)
        return f"{_BEFORE}{token}{_AFTER}"

    def forget_old(self) -> None:
        """Let go of what one session alone may fetch, an hour after it came."""
        with self._lock:
            for token, kept in list(self._kept.items()):
                if kept.readers.session and kept.at + KEPT_FOR_S < self._clock():
                    del self._kept[token]

    def holds(self, addresses: Collection[str]) -> bool:
        """Tell whether all of these addresses will be answered, and keep them longer than what nobody asks for."""
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
            if kept is None or not kept.readers.include(actor, key):
                return None
            self._kept.move_to_end(token)
            return kept.body


BLOBS: Final = BlobStore()


async def preview(request: Request) -> Response:
    """Hand out one layer of a preview."""
    token = request.scope.get(TOKEN, "")
    body = BLOBS.get(request.path_params["token"], session.actor(), key_of(token) if token else "")
    if body is None:
        return PlainTextResponse("unknown preview", 404)
    headers = {"Content-Encoding": "gzip", "Cache-Control": "private, max-age=3600"}
    return Response(body, media_type="application/octet-stream", headers=headers)
