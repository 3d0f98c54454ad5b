"""Geometry that is shown before it is stored: kept in memory under addresses that nobody can guess."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard import session
from dashboard.leaflet.packing import Packed

MAX_BYTES: Final = 128 << 20
"""When more is kept, the oldest goes."""


@dataclass(frozen=True, slots=True)
class _Kept:
    body: bytes
    area: str


class Shelf:
    """Binaries by address."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._lock = Lock()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def put(self, packed: Packed, area: str = "all") -> str:
        """Return the address of a binary from now on, for those in charge of an area (``services.rules.areas``)."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._kept[token] = _Kept(packed.body, area)
            while sum(len(kept.body) for kept in self._kept.values()) > self._max_bytes and len(self._kept) > 1:
                self._kept.popitem(last=False)
        return f"/preview/{token}.bin"

    def get(self, token: str, area: str = "all") -> bytes | None:
        """Return the binary of a token, or nothing if it was never there, is gone, or is of another area."""
        with self._lock:
            kept = self._kept.get(token)
        return kept.body if kept and kept.area == area else None


SHELF: Final = Shelf()


async def preview(request: Request) -> Response:
    """Hand out one layer of a preview."""
    body = SHELF.get(request.path_params["token"], str(session.actor().area))
    if body is None:
        return PlainTextResponse("unknown preview", 404)
    headers = {"Content-Encoding": "gzip", "Cache-Control": "private, max-age=3600"}
    return Response(body, media_type="application/octet-stream", headers=headers)
