"""In front of everything, HTTP and WebSocket alike: who is not signed in gets the sign-in page and nothing else."""

import asyncio
import re
import time
import traceback
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from dashboard.streamlit import session
from dashboard.web.auth.rate_limits import RateLimiter, cost_of
from dashboard.web.auth.request import (
    RELOAD_KEY,
    AuthRequest,
    is_for_us,
    is_from_own_page,
    is_private,
    read_asked,
)
from dashboard.web.auth.responses import (
    is_public,
    no_room,
    refusal,
    server_fault,
    store_lost,
    takes_secrets,
    too_many,
    unencrypted,
    wrong_name,
)
from dashboard.web.auth.session_check import SessionCheck
from dashboard.web.headers import lifetime_of, policy_of, security_headers
from dashboard.web.metrics import ANSWER_S, CONNECTIONS, REQUESTS, RERUNS
from dashboard.web.streamlit_page import pass_dressed
from services.accounts import SignedIn
from services.accounts.sessions import key_of
from services.catalog.actions import Role
from services.context import StoreError
from services.settings import read_settings

SESSION_HEADER: Final = b"x-gm-session"
"""What Streamlit turns into ``st.user`` (``server.trustedUserHeaders``): the key of the session, not its token."""
STATE: Final = "gm.signed_in"
"""Where our own routes find who asks, in the scope of the request."""
TOKEN: Final = "gm.token"  # noqa: S105 - the name of a place, not a token
_NOT_SIGNED_IN: Final = 4401
_LOOKING: Final = f"-{RELOAD_KEY}__events"
"""How Streamlit ends the name of what that component tells."""
_OWN_PAGES: Final = ("/password", "/second", "/sessions", "/sign-out", "/screen")
_FILES: Final = "/download/"
_PART: Final = re.compile(r"/[a-z_-]{0,24}(?=/|$)")
"""What is logged of a path: a word of ours; anything else may be a token, a number or made up to spoil the log."""
_log = structlog.get_logger("dashboard.web.auth")


class AuthMiddleware:
    """ASGI middleware: refuses, passes on who asks, ends connections whose session has ended.

    ``names`` are those under which this server may be reached, in small letters and without ports.
    """

    def __init__(self, app: ASGIApp, session_check: SessionCheck, limits: RateLimiter, names: Collection[str]) -> None:
        self._app = app
        self._watch = session_check
        self._limits = limits
        self._names = frozenset(names)
        settings = read_settings()
        self._tiles = _origin(settings.tiles)
        self._plain_http = settings.plain_http

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, a WebSocket, or the lifespan."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        asked = read_asked(scope)
        scope = dict(scope, headers=asked.headers)
        if scope["type"] == "http":
            answering = _Answering(send, asked, self._tiles)
            await self._answer(asked, scope, receive, answering)
            answering.note(scope.get(STATE))
        else:
            await self._socket(asked, scope, receive, send)

    async def _answer(self, asked: AuthRequest, scope: Scope, receive: Receive, answering: "_Answering") -> None:
        """Answer a request; whatever goes wrong on the way is a sentence to who asks and one line in the log."""
        try:
            await self._http(asked, scope, receive, answering.send)
        except ClientDisconnect:
            _log.info("request_dropped", method=asked.method, part=part_of(asked.path))
        except StoreError as error:
            _log.error("store_lost", kind=type(error).__name__, part=part_of(asked.path), why=str(error)[:200])
            if not answering.has_begun:
                await store_lost(asked, scope, error)(scope, receive, answering.send)
        except Exception as error:  # noqa: BLE001 - the last resort: who asks gets a sentence, the log the place
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{Path(place.filename).name}:{place.lineno}"
            _log.error("request_failed", kind=type(error).__name__, place=where, part=part_of(asked.path))
            if not answering.has_begun:
                await server_fault(asked, scope)(scope, receive, answering.send)

    async def _http(self, asked: AuthRequest, scope: Scope, receive: Receive, send: Send) -> None:
        if not is_for_us(asked, self._names):
            await wrong_name(asked)(scope, receive, send)
        elif not self._limits.allow(self._asker(asked), cost_of(asked.method, asked.path)):
            await too_many(asked, scope)(scope, receive, send)
        elif takes_secrets(asked.path) and not (self._plain_http or is_private(asked)):
            await unencrypted(asked, scope)(scope, receive, send)
        elif is_public(asked.path):
            await self._app(scope, receive, send)
        else:
            await self._known(asked, scope, receive, send)

    def _asker(self, asked: AuthRequest) -> str:
        return asked.token if self._watch.knows(asked.token) else asked.address

    async def _known(self, asked: AuthRequest, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request for what not everybody may see."""
        who = await self._watch.who(asked.token) if asked.token else None
        answer = refusal(asked, who, scope)
        if answer is None and self._is_dressed(asked) and not self._limits.has_room(self._watch, asked.token):
            answer = no_room(asked, scope)
        if answer is not None:
            await answer(scope, receive, send)
        elif who is None:
            await self._app(scope, receive, send)
        else:
            await self._pass_on(asked, who, scope, receive, send)

    async def _pass_on(self, asked: AuthRequest, who: SignedIn, scope: Scope, receive: Receive, send: Send) -> None:
        if asked.wants_page or (who.grant and who.grant.role is Role.SCREEN):
            await self._watch.in_use(asked.token)
        scope[STATE] = who
        session.answer_to(who.actor)
        known = _with_identity(scope, who, asked.token)
        if self._is_dressed(asked):
            await pass_dressed(self._app, known, receive, send)
        else:
            await self._app(known, receive, send)

    @staticmethod
    def _is_dressed(asked: AuthRequest) -> bool:
        """Return whether Streamlit's page answers, which takes a connection and gets our script."""
        return asked.wants_page and asked.path not in _OWN_PAGES and not asked.path.startswith(_FILES)

    async def _socket(self, asked: AuthRequest, scope: Scope, receive: Receive, send: Send) -> None:
        who = await self._may_connect(asked)
        if who is None or not self._limits.has_room(self._watch, asked.token):
            _log.info("connection_refused", account=who.account.id if who else None)
            await receive()
            await send({"type": "websocket.close", "code": _NOT_SIGNED_IN})
            return
        ended = self._watch.enter(asked.token)
        CONNECTIONS.inc()
        try:
            listening = _Listening(receive, send, ended, self._watch, asked.token)
            await self._app(_with_identity(_without_origin(scope), who, asked.token), listening.receive, send)
        finally:
            CONNECTIONS.dec()
            self._watch.leave(asked.token, ended)

    async def _may_connect(self, asked: AuthRequest) -> SignedIn | None:
        if not asked.token or not is_for_us(asked, self._names):
            return None
        if not is_from_own_page(asked):
            _log.warning(
                "connection_from_elsewhere", origin=asked.origin[:64], host=asked.host[:64], scheme=asked.scheme
            )
            return None
        try:
            who = await self._watch.who(asked.token)
        except StoreError:
            return None
        return who if who is not None and who.actor is not None else None


@dataclass
class _Listening:
    """What comes in on a WebSocket, until its session ends."""

    _receive: Receive
    _send: Send
    _ended: asyncio.Event
    _watch: SessionCheck
    _token: str

    async def receive(self) -> Message:
        """Return the next message; a disconnect once the session has ended."""
        coming = asyncio.ensure_future(self._receive())
        ending = asyncio.ensure_future(self._ended.wait())
        await asyncio.wait({coming, ending}, return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        if self._ended.is_set():
            coming.cancel()
            await self._send({"type": "websocket.close", "code": _NOT_SIGNED_IN})
            return {"type": "websocket.disconnect", "code": _NOT_SIGNED_IN}
        message = coming.result()
        if _is_by_hand(message):
            RERUNS.inc()
            await self._watch.in_use(self._token)
        return message


class _Answering:
    """An answer on its way out: it gets the security headers, is counted and, where it matters, logged by ids."""

    def __init__(self, send: Send, asked: AuthRequest, tiles: str) -> None:
        self._send = send
        self._asked = asked
        self._tiles = tiles
        self._status = 0
        self._begun = time.monotonic()

    @property
    def has_begun(self) -> bool:
        """Whether the head of the answer is out."""
        return self._status != 0

    async def send(self, message: Message) -> None:
        """Pass one message on."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            message = dict(message, headers=self._complete(message.get("headers", ())))
        await self._send(message)

    def note(self, who: SignedIn | None) -> None:
        """Count the answer; log pages, changes, refusals, the first part of the path alone: the rest may be a token."""
        asked = self._asked
        REQUESTS.labels(f"{self._status // 100}xx").inc()
        took_s = time.monotonic() - self._begun
        if asked.wants_page:
            ANSWER_S.observe(took_s)
        if asked.path == "/healthz" or (asked.path == "/whoami" and self._status < 400):
            return  # asked every few seconds
        if asked.wants_page or asked.method not in {"GET", "HEAD"} or self._status >= 400:
            account = who.account.id if who else None
            _log.info(
                "request",
                method=asked.method,
                part=part_of(asked.path),
                status=self._status,
                account=account,
                ms=round(took_s * 1e3),
            )

    def _complete(self, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """Add what every answer tells; how long it is kept is ours where it says so for Streamlit."""
        lifetime = lifetime_of(self._asked.path) if self._status == HTTPStatus.OK else b""
        ours = [(b"cache-control", lifetime)] if lifetime else []
        theirs = [(name, value) for name, value in headers if not (lifetime and name.lower() == b"cache-control")]
        there = {name.lower() for name, _ in theirs}
        return [*theirs, *ours, *((name, value) for name, value in self._headers() if name not in there)]

    def _headers(self) -> list[tuple[bytes, bytes]]:
        asked = self._asked
        secure, policy = asked.scheme == "https", policy_of(asked.path)
        return security_headers(host=asked.host, secure=secure, policy=policy, tiles=self._tiles)


def part_of(path: str) -> str:
    """Return what is logged of a path."""
    part = _PART.match(path)
    return part[0] if part else "/…"


def _with_identity(scope: Scope, who: SignedIn, token: str) -> Scope:
    headers = [*scope["headers"], (SESSION_HEADER, key_of(token).encode())]
    return dict(scope, headers=headers, **{STATE: who, TOKEN: token})


def _without_origin(scope: Scope) -> Scope:
    """Return a WebSocket without its origin, which was right: for another port Streamlit asks outside who we are."""
    return dict(scope, headers=[(name, value) for name, value in scope["headers"] if name.lower() != b"origin"])


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
    if said.WhichOneof("type") != "rerun_script" or said.rerun_script.is_auto_rerun:
        return False
    return not any(
        state.json_trigger_value and state.id.endswith(_LOOKING) for state in said.rerun_script.widget_states.widgets
    )
