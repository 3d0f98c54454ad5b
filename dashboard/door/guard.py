"""In front of everything, HTTP and WebSocket alike: who is not signed in gets the sign-in page and nothing else."""

import asyncio
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import quote, urlsplit

from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from dashboard.door.headers import POLICY, security_headers
from dashboard.door.html import pass_dressed
from dashboard.door.limits import Limits
from dashboard.door.watch import Watch
from services.accounts import SignedIn
from services.accounts.sessions import key_of
from services.context import StoreError
from services.i18n import translate
from services.rules.roles import Role
from services.settings import read_settings

COOKIE: Final = "gm"
SECURE_COOKIE: Final = "__Host-gm"
SESSION_HEADER: Final = b"x-gm-session"
"""What Streamlit turns into ``st.user`` (``server.trustedUserHeaders``): the key of the session, not its token."""
STATE: Final = "gm.signed_in"
"""Where our own routes find who asks, in the scope of the request."""
TOKEN: Final = "gm.token"  # noqa: S105 - the name of a place, not a token
PUBLIC: Final = ("/sign-in", "/set-up/", "/door/", "/healthz", "/favicon.png")
_OWN_HEADERS: Final = b"x-gm-"
_NOT_SIGNED_IN: Final = 4401
_ALL: Final = "/"
_OWN_PAGES: Final = ("/password", "/second", "/screen")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request as the guard sees it."""

    path: str
    is_secure: bool
    host: str
    token: str
    wants_page: bool
    address: str


class Guard:
    """ASGI middleware: refuses, passes on who asks, ends connections whose session has ended."""

    def __init__(self, app: ASGIApp, watch: Watch, limits: Limits) -> None:
        self._app = app
        self._watch = watch
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, a WebSocket, or the lifespan."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        asked, kept = _read(scope)
        scope = dict(scope, headers=kept)
        if scope["type"] == "http":
            await self._http(asked, scope, receive, _with_headers(send, asked))
        else:
            await self._socket(asked, scope, receive, send)

    async def _http(self, asked: _Asked, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._limits.allow(asked.token or asked.address):
            await _too_many()(scope, receive, send)
            return
        if _is_public(asked.path):
            await self._app(scope, receive, send)
            return
        try:
            who = await self._watch.who(asked.token) if asked.token else None
        except StoreError as error:
            await PlainTextResponse(translate(error.text), 503)(scope, receive, send)
            return
        answer = _refusal(asked, who)
        if answer is not None:
            await answer(scope, receive, send)
            return
        assert who is not None  # noqa: S101 - a refusal would have been given; for the type checker
        if asked.wants_page or (who.grant and who.grant.role is Role.SCREEN):
            await self._watch.in_use(asked.token)
        known = _with_identity(scope, who, asked.token)
        if asked.wants_page and asked.path not in _OWN_PAGES:
            await pass_dressed(self._app, known, receive, send)
        else:
            await self._app(known, receive, send)

    async def _socket(self, asked: _Asked, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            who = await self._watch.who(asked.token) if asked.token else None
        except StoreError:
            who = None
        if who is None or who.actor is None or not self._limits.has_room(self._watch, asked.token):
            await receive()
            await send({"type": "websocket.close", "code": _NOT_SIGNED_IN})
            return
        ended = self._watch.enter(asked.token)
        try:
            listening = _Listening(receive, send, ended, self._watch, asked.token)
            await self._app(_with_identity(scope, who, asked.token), listening.receive, send)
        finally:
            self._watch.leave(asked.token, ended)


@dataclass
class _Listening:
    """What comes in on a WebSocket, until its session ends."""

    _receive: Receive
    _send: Send
    _ended: asyncio.Event
    _watch: Watch
    _token: str

    async def receive(self) -> Message:
        """Return the next message; a disconnect once the session has ended."""
        coming = asyncio.ensure_future(self._receive())
        ending = asyncio.ensure_future(self._ended.wait())
        await asyncio.wait({coming, ending}, return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        if not coming.done():
            coming.cancel()
            await self._send({"type": "websocket.close", "code": _NOT_SIGNED_IN})
            return {"type": "websocket.disconnect", "code": _NOT_SIGNED_IN}
        message = coming.result()
        if _is_by_hand(message):
            await self._watch.in_use(self._token)
        return message


def _read(scope: Scope) -> tuple[_Asked, list[tuple[bytes, bytes]]]:
    """Return what is asked, and the headers without those that only the guard may set."""
    kept = [(name, value) for name, value in scope["headers"] if not name.lower().startswith(_OWN_HEADERS)]
    named = {name.lower(): value.decode("latin1") for name, value in kept}
    secure = scope.get("scheme") in {"https", "wss"}
    wants_page = scope.get("method") == "GET" and named.get(b"sec-fetch-dest", "document") == "document"
    client = scope.get("client") or ("", 0)
    path = str(scope["path"])
    asked = _Asked(
        path, secure, named.get(b"host", ""), _token(named.get(b"cookie", ""), secure), wants_page, client[0]
    )
    return asked, kept


def _token(cookie: str, secure: bool) -> str:  # noqa: FBT001 - which of two cookies counts
    try:
        found = SimpleCookie(cookie).get(SECURE_COOKIE if secure else COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _is_public(path: str) -> bool:
    return any(path == known or path.startswith(known if known.endswith("/") else known + "/") for known in PUBLIC)


def _refusal(asked: _Asked, who: SignedIn | None) -> Response | None:
    if who is None:
        to = "/sign-in" if asked.path == _ALL else f"/sign-in?next={quote(asked.path)}"
        return RedirectResponse(to, 303) if asked.wants_page else PlainTextResponse("sign in first", 401)
    if who.actor is None and asked.path not in {"/password", "/sign-out", "/whoami"}:
        to = "/password" if who.account.must_change else "/sign-in/no-role"
        return RedirectResponse(to, 303) if asked.wants_page else PlainTextResponse("not yet", 403)
    return None


def _too_many() -> Response:
    text = translate("Too many requests at once; wait a minute and try again.")
    return PlainTextResponse(text, 429, headers={"Retry-After": "60"})


def _with_identity(scope: Scope, who: SignedIn, token: str) -> Scope:
    headers = [*scope["headers"], (SESSION_HEADER, key_of(token).encode())]
    return dict(scope, headers=headers, **{STATE: who, TOKEN: token})


def _with_headers(send: Send, asked: _Asked) -> Send:
    settings = read_settings()
    added = security_headers(
        host=asked.host, secure=asked.is_secure, policy=POLICY, tiles=_origin(settings.tiles), provider=""
    )

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message.get("headers", ())}
            more = [(name, value) for name, value in added if name not in there]
            message = dict(message, headers=[*message.get("headers", ()), *more])
        await send(message)

    return sending


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _is_by_hand(message: Message) -> bool:
    """Return whether somebody did something: what the page asks by itself every few seconds does not count."""
    body: Any = message.get("bytes")
    if message["type"] != "websocket.receive" or not body:
        return False
    try:
        said = BackMsg.FromString(body)
    except Exception:  # noqa: BLE001 - protobuf raises what it likes; Streamlit will refuse the message itself
        return False
    return said.WhichOneof("type") == "rerun_script" and not said.rerun_script.is_auto_rerun
