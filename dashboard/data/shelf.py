"""Geometry that is shown before it is stored: kept in memory under addresses that nobody can guess."""

import secrets
from collections import OrderedDict
from threading import Lock
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard.leaflet.packing import Packed

MAX_BYTES: Final = 128 << 20
"""When more is kept, the oldest goes."""


class Shelf:
    """Binaries by address."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._lock = Lock()
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def put(self, packed: Packed) -> str:
        """Return the address of a binary from now on."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._kept[token] = packed.body
            while sum(map(len, self._kept.values())) > self._max_bytes and len(self._kept) > 1:
                self._kept.popitem(last=False)
        return f"/preview/{token}.bin"

    def get(self, token: str) -> bytes | None:
        """Return the binary of a token, or nothing if it was never there or is gone."""
        with self._lock:
            return self._kept.get(token)


SHELF: Final = Shelf()


async def preview(request: Request) -> Response:
    """Hand out one layer of a preview."""
    body = SHELF.get(request.path_params["token"])
    if body is None:
        return PlainTextResponse("unknown preview", 404)
    headers = {"Content-Encoding": "gzip", "Cache-Control": "private, max-age=3600"}
    return Response(body, media_type="application/octet-stream", headers=headers)
