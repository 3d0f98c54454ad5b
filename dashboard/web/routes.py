"""Our own addresses beside Streamlit's: assets, geometry, health, and downloads."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from dashboard import cache
from dashboard.map.assets import LEAFLET_DIR, asset_url, read_asset
from dashboard.streamlit import session
from dashboard.streamlit.fragments import keep_language
from dashboard.web.auth.forms import choose_language, render_message
from dashboard.web.auth.responses import not_for_role
from dashboard.web.blobs import preview, session_key
from dashboard.web.downloads import TICKETS, Download, Owner, disposition, identity_of
from geo.schema import Layer
from services.catalog.actions import Action
from services.context import StoreError
from services.errors import ServiceError
from services.i18n import Text, text, translate

FOREVER: Final = "private, max-age=31536000, immutable"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SITUATION: Final[Text] = text("Situation")
_ASSET_TYPES: Final = {".js": "text/javascript", ".css": "text/css"}


def issue_download(name: str, media_type: str, make: Callable[[], bytes]) -> str:
    """Return the address of a file for this session in its role, the same for the same file.

    ``make`` runs whenever it is fetched, in a worker thread, in the language of the page. A ``partial`` of values that
    can be compared has one address however often the page runs.
    """
    owner = Owner(session.key(), session.actor())
    return TICKETS.issue(Download(name, media_type, keep_language(make), owner, identity_of(make)))


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
    name = request.path_params["name"]
    media_type = _ASSET_TYPES.get(Path(name).suffix)
    with suppress(FileNotFoundError):
        if media_type and asset_url(name) == request.url.path:
            return Response(read_asset(name), media_type=media_type, headers={"Cache-Control": FOREVER})
    return PlainTextResponse("unknown asset", 404)


async def download(request: Request) -> Response:
    """Hand out a download, made now; whoever asks for the head alone learns what it is."""
    found = TICKETS.look_up(request.path_params["token"], Owner(session_key(request), session.actor()))
    if found is None:
        note = text(
            "Links end with signing out, with another role, when the program is started anew, and after 12 hours."
        )
        return _answer_page(request, text("This link is over"), 410, note)
    headers = {"Content-Disposition": disposition(found.name), "Cache-Control": "no-store"}
    if request.method == "HEAD":
        return Response(media_type=found.media_type, headers=headers)
    try:
        body = await to_thread.run_sync(found.make)
    except ServiceError as error:
        return _answer_page(request, text("The file could not be made"), 409, error.text)
    return Response(body, media_type=found.media_type, headers=headers)


def _answer_page(request: Request, title: Text, status: int, note: Text) -> Response:
    """Return a page that says why there is no file, with a way back."""
    choose_language(request)
    back = "/", translate(text("Back to the dashboard"))
    return render_message(request, title, back, status=status, note=translate(note))


ROUTES: Final[tuple[BaseRoute, ...]] = (
    Mount("/assets/leaflet", StaticFiles(directory=LEAFLET_DIR)),
    Route("/assets/gridmuster/{token}/{name}", asset),
    Route("/geometry/{layer}/{version}.bin", geometry),
    Route("/preview/{token}.bin", preview),
    Route("/download/{token}", download),
    Route("/healthz", healthz),
)
