"""The addresses of the screen: its page, its files, the briefing as JSON, and the outlines on its maps."""

import logging
from datetime import datetime
from functools import partial
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard import cache
from dashboard.streamlit import session
from dashboard.wall.answers import BodyCache, CachedBody
from dashboard.wall.page import read_asset, release, render_page
from dashboard.wall.pending import PendingAnswers
from dashboard.wall.query import WallQuery, parse_wanted
from dashboard.wall.source import find_briefing
from dashboard.web.auth.responses import not_for_role
from dashboard.web.blobs import BLOBS
from dashboard.web.routes import FOREVER
from services.catalog.actions import Action
from services.errors import ServiceError
from services.i18n import Text, text, translate, use_language

CSP: Final = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
"""Nothing comes from elsewhere, and no text that got into the page could run."""

PATIENCE_S: Final = 8.0
"""How long a screen waits for one answer; what takes longer is asked for again."""

ANSWERS: Final = BodyCache(release())
PENDING: Final[PendingAnswers[CachedBody]] = PendingAnswers(PATIENCE_S)
_TITLE: Final[Text] = text("Briefing")
_log: Final = logging.getLogger(__name__)


async def screen(request: Request) -> Response:
    """Hand out the page; who may not see briefings gets a sentence."""
    if not session.can(Action.VIEW_BRIEFING):
        return not_for_role(request, _TITLE)
    wanted = parse_wanted(request.query_params, request.headers.get("accept-language", ""))
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": CSP}
    return HTMLResponse(await to_thread.run_sync(_page, wanted), headers=headers)


async def asset(request: Request) -> Response:
    """Hand out one of the page's files under the address that holds the release."""
    there = read_asset(request.path_params["name"])
    if there is None or request.path_params["release"] != release():
        return PlainTextResponse("unknown asset", 404)
    body, media_type = there
    return Response(body, media_type=media_type, headers={"Cache-Control": FOREVER})


async def briefing(request: Request) -> Response:
    """Hand out the briefing, or 304 to who has it; a refusal is told in the words of the language.

    What role or area do not allow is 403, what is not there 409; 202 is told while it is being made.
    """
    wanted = parse_wanted(request.query_params, request.headers.get("accept-language", ""))
    now = await to_thread.run_sync(_now)
    headers = {"Cache-Control": "no-cache", "X-GM-Now": now.isoformat(timespec="milliseconds")}
    try:
        answer = await PENDING.of((wanted, session.actor()), partial(_answer, wanted))
    except ServiceError as error:
        use_language(wanted.language)
        status = 403 if isinstance(error, PermissionError) else 409
        return JSONResponse({"problem": translate(error.text), "release": release()}, status, headers)
    except Exception:  # noqa: BLE001 - the wall says so and asks again; the log has the rest
        _log.exception("the briefing for the screen failed")
        return JSONResponse({"error": "failed"}, 500, headers)
    if answer is None:
        return JSONResponse({"release": release()}, 202, headers)
    headers |= {"ETag": answer.tag}
    if request.headers.get("if-none-match") == answer.tag:
        return Response(status_code=304, headers=headers)
    headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(answer.body, media_type="application/json", headers=headers)


async def shapes(request: Request) -> Response:
    """Hand out outlines that this area was shown, to be kept for good."""
    if not session.can(Action.VIEW_BRIEFING):
        return not_for_role(request, _TITLE)
    body = BLOBS.get(request.path_params["token"], session.actor())
    if body is None:
        return PlainTextResponse("unknown shapes", 404)
    headers = {"Content-Encoding": "gzip", "Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    return Response(body, media_type="application/octet-stream", headers=headers)


def _page(wanted: WallQuery) -> str:
    use_language(wanted.language)
    return render_page(wanted)


def _answer(wanted: WallQuery) -> CachedBody:
    use_language(wanted.language)
    told = find_briefing(wanted)
    return ANSWERS.of(told, cache.imprint(), area=session.actor().area)


def _now() -> datetime:
    return session.server().clock()


SCREEN_ROUTES: Final[tuple[BaseRoute, ...]] = (
    Route("/screen", screen),
    Route("/screen/briefing.json", briefing),
    Route("/screen/shapes/{token}.bin", shapes),
    Route("/screen/assets/{release}/{name}", asset),
)
