"""Our own addresses beside Streamlit's: assets, geometry, health, and downloads that work once."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from dashboard import cache
from dashboard.map.assets import ASSET_DIR, LEAFLET_DIR, asset_url
from dashboard.streamlit import session
from dashboard.streamlit.fragments import keep_language
from dashboard.web.auth.responses import not_for_role
from dashboard.web.blobs import preview, session_key
from geo.schema import Layer
from services.catalog.actions import Action
from services.context import StoreError
from services.errors import ServiceError
from services.i18n import Text, text, translate

FOREVER: Final = "private, max-age=31536000, immutable"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TICKET_LIFE_S: Final = 300.0
_SITUATION: Final[Text] = text("Situation")
_ASSET_TYPES: Final = {".js": "text/javascript", ".css": "text/css"}


@dataclass(frozen=True, slots=True)
class Download:
    """A file to be handed out: made only when it is fetched."""

    name: str
    media_type: str
    make: Callable[[], bytes]
    owner: str = ""
    """The key of the session that may fetch it (``dashboard.streamlit.session.key``)."""


class Tickets:
    """Downloads that wait for being fetched, once each and not for long."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._waiting: dict[str, tuple[float, Download]] = {}

    def issue(self, download: Download) -> str:
        """Return the address under which a download can be fetched once within five minutes."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            now = self._clock()
            self._waiting = {k: v for k, v in self._waiting.items() if v[0] > now}
            self._waiting[token] = (now + TICKET_LIFE_S, download)
        return f"/download/{token}"

    def redeem(self, token: str, owner: str = "") -> Download | None:
        """Return the download of a token, or nothing if it was used, is too old, another session's or never was."""
        with self._lock:
            download = self._find(token, owner)
            if download is not None:
                self._waiting.pop(token)
        return download

    def look_up(self, token: str, owner: str = "") -> Download | None:
        """Return the same and leave the token good."""
        with self._lock:
            return self._find(token, owner)

    def _find(self, token: str, owner: str) -> Download | None:
        until, download = self._waiting.get(token, (0.0, None))
        return download if download is not None and download.owner == owner and until > self._clock() else None


TICKETS: Final = Tickets()


def issue_download(name: str, media_type: str, make: Callable[[], bytes]) -> str:
    """Return a one-use address for this session.

    ``make`` runs when it is fetched, in a worker thread, in the language of the page.
    """
    return TICKETS.issue(Download(name, media_type, keep_language(make), session.key()))


async def healthz(_request: Request) -> Response:
    """Say whether the store answers, and nothing else: anybody may ask."""
    try:
        await to_thread.run_sync(cache.versions_now)
    except StoreError:
        return JSONResponse({"status": "store lost"}, 503)
    return JSONResponse({"status": "ok"})


async def geometry(request: Request) -> Response:
    """Hand out the geometry of a map layer, to be kept for good; only the version that is current exists."""
    name, token = request.path_params["layer"], request.path_params["version"]
    if not session.can(Action.VIEW_COVERAGE):
        return not_for_role(request, _SITUATION)
    if name not in {layer.value for layer in cache.MAP_LAYERS}:
        return PlainTextResponse("unknown layer", 404)
    packed = await to_thread.run_sync(cache.packed_layer, Layer(name))
    if token != packed.token:
        return PlainTextResponse("unknown version", 404)
    headers = {"Content-Encoding": "gzip", "Cache-Control": FOREVER, "ETag": f'"{token}"', "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers={"Cache-Control": FOREVER, "ETag": headers["ETag"]})
    return Response(packed.body, media_type="application/octet-stream", headers=headers)


async def asset(request: Request) -> Response:
    """Hand out one of our scripts or styles under the address that holds its content's token."""
    path = ASSET_DIR / request.path_params["name"]
    media_type = _ASSET_TYPES.get(path.suffix)
    if not media_type or not path.is_file() or asset_url(path.name) != request.url.path:
        return PlainTextResponse("unknown asset", 404)
    return Response(path.read_bytes(), media_type=media_type, headers={"Cache-Control": FOREVER})


async def download(request: Request) -> Response:
    """Hand out a download once; whoever asks for the head alone learns what it is and does not use it up."""
    take = TICKETS.look_up if request.method == "HEAD" else TICKETS.redeem
    wanted = take(request.path_params["token"], session_key(request))
    if wanted is None:
        return PlainTextResponse("This link was used or is too old.", 410)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(wanted.name)}", "Cache-Control": "no-store"}
    if request.method == "HEAD":
        return Response(media_type=wanted.media_type, headers=headers)
    try:
        body = await to_thread.run_sync(wanted.make)
    except ServiceError as error:
        return PlainTextResponse(translate(error.text), 409)
    return Response(body, media_type=wanted.media_type, headers=headers)


ROUTES: Final[tuple[BaseRoute, ...]] = (
    Mount("/assets/leaflet", StaticFiles(directory=LEAFLET_DIR)),
    Route("/assets/gridmuster/{token}/{name}", asset),
    Route("/geometry/{layer}/{version}.bin", geometry),
    Route("/preview/{token}.bin", preview),
    Route("/download/{token}", download),
    Route("/healthz", healthz),
)
