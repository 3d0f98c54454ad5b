"""What the guard itself answers: refusals, each as a page where a person sees it."""

from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import Scope

from dashboard.streamlit import session
from dashboard.web.auth.forms import choose_language, own_path, render_message, word
from dashboard.web.auth.request import AuthRequest
from services.accounts import SignedIn
from services.catalog.actions import ROLE_NAMES, Action
from services.context import StoreError, StoreLostError
from services.i18n import Text, text, translate
from services.rules.roles import may

PUBLIC: Final = frozenset(
    {
        "/sign-in",
        "/sign-in/no-role",
        "/sign-in/oidc",
        "/sign-in/oidc/callback",
        "/auth/auth.css",
        "/healthz",
        "/favicon.png",
    }
)
_SET_UP: Final = "/set-up/"
_COUNTS: Final = frozenset({"/metrics", "/_stcore/metrics"})
_BEFORE_A_ROLE: Final = frozenset({"/password", "/sign-out", "/whoami"})
_WITH_SECRETS: Final = frozenset(
    {"/sign-in", "/sign-in/oidc", "/sign-in/oidc/callback", "/password", "/second", "/sessions"}
)


def is_public(path: str) -> bool:
    """Return whether anybody may ask for a path."""
    token = path.removeprefix(_SET_UP)
    return path in PUBLIC or (path.startswith(_SET_UP) and bool(token) and "/" not in token)


def takes_secrets(path: str) -> bool:
    """Return whether passwords or cookies of a session go over a path."""
    return path in _WITH_SECRETS or path.startswith(_SET_UP)


def refusal(request: AuthRequest, who: SignedIn | None, scope: Scope) -> Response | None:
    """Return the answer to a request that may not pass, or None for one that may."""
    if request.path in _COUNTS and not (request.at_machine or _is_administrator(who)):
        return PlainTextResponse("for administrators, or on the machine itself", 403 if who else 401)
    if who is None:
        return None if request.path == "/metrics" else _sign_in_first(request, scope)
    way = _way_to_a_role(who)
    if way and request.path not in _BEFORE_A_ROLE | {way}:
        return RedirectResponse(way, 303) if request.wants_page else PlainTextResponse("not yet", 403)
    return None


def _way_to_a_role(who: SignedIn) -> str:
    """Return what has to be done before anything else is served, empty where nothing has."""
    if who.account.must_change:
        return "/password"
    if who.lacks_second:
        return "/second"
    return "" if who.actor else "/sign-in/no-role"


def too_many(request: AuthRequest, scope: Scope) -> Response:
    """Return the answer to somebody who asks too often."""
    said = text("Too many requests at once; wait a minute and try again.")
    return _message(request, scope, text("One moment, please"), said, 429)


def no_room(request: AuthRequest, scope: Scope) -> Response:
    """Return the answer to one page too many."""
    said = text("Too many pages are open at once. Close those that you do not need, then load this one again.")
    return _message(request, scope, text("One moment, please"), said, 429)


def store_lost(request: AuthRequest, scope: Scope, error: StoreError) -> Response:
    """Return the answer where the store does not answer; addresses and reasons are for the log, not for strangers."""
    message = text(
        "The database does not answer at present. Wait a minute and load the page again; if it lasts, tell the "
        "administrator (on the server: “{command}”).",
        command="gridmuster doctor",
    )
    is_lost = type(error) is StoreLostError or bool(error.text.params)
    return _message(request, scope, text("The data cannot be reached"), message if is_lost else error.text, 503)


def server_fault(request: AuthRequest, scope: Scope) -> Response:
    """Return the answer where something unforeseen happened."""
    message = text("Something unforeseen went wrong. Load the page again; if it comes back, tell the administrator.")
    return _message(request, scope, text("It did not work"), message, 500)


def unencrypted(request: AuthRequest, scope: Scope) -> Response:
    """Return the answer to somebody about to send a password that others could read along."""
    message = text(
        "This connection is not encrypted: others in the network could read your password. Open the page with https:// "
        "in front. For the administrator: TLS ends at a proxy (GRIDMUSTER_PROXIES where it is another machine); "
        "GRIDMUSTER_PLAIN_HTTP=yes allows it without."
    )
    return _message(request, scope, text("Sign in"), message, 403)


def wrong_name(request: AuthRequest) -> Response:
    """Return the answer to a request that takes this server for another."""
    said = text(
        "This server does not answer to the name “{name}”; the administrator sets its names in GRIDMUSTER_HOSTS.",
        name=request.host,
    )
    return PlainTextResponse(translate(said), 421)


def _sign_in_first(asked: AuthRequest, scope: Scope) -> Response:
    if not asked.wants_page:
        return PlainTextResponse("sign in first", 401)
    if asked.from_elsewhere:
        return step_inside(scope, asked.path)
    return RedirectResponse("/sign-in" if asked.path == "/" else f"/sign-in?next={quote(asked.path)}", 303)


def not_for_role(request: Request, title: Text) -> Response:
    """Return the answer to somebody whose role does not allow what was asked for."""
    choose_language(request)
    said = text("“{page}” is not for the role {role}", page=title, role=ROLE_NAMES[session.actor().role])
    advice = text("Ask the administrator if you need it, or act in another role you hold (upper right).")
    if request.headers.get("sec-fetch-dest", "document") != "document":
        return PlainTextResponse(translate(said), 403)
    return render_message(request, said, ("/", word("back")), status=403, note=translate(advice))


def step_inside(scope: Scope, path: str) -> Response:
    """Return a page that leads on to a path of ours: asked from here, the browser sends its cookie along."""
    request = Request(scope)
    choose_language(request)
    query = quote(request.url.query, safe="=&%+-._~:/,")
    way = quote(own_path(path)) + (f"?{query}" if query and path == scope["path"] else "")
    answer = render_message(request, text("One moment, please"), (way, word("on")))
    answer.headers["Refresh"] = f"0;url={way}"
    return answer


def _message(asked: AuthRequest, scope: Scope, title: Text, said: Text, status: int) -> Response:
    request = Request(scope)
    choose_language(request)
    if not asked.is_shown:
        return PlainTextResponse(translate(said), status, headers={"Retry-After": "60"})
    way = own_path(asked.path), translate(text("Load again"))
    answer = render_message(request, title, way, status=status, note=translate(said))
    answer.headers["Retry-After"] = "60"
    return answer


def _is_administrator(who: SignedIn | None) -> bool:
    return who is not None and who.actor is not None and may(who.actor, Action.MANAGE_ACCOUNTS)
