"""A request as the guard sees it: what is asked for, by whom it says it is, under which name of this server."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.types import Scope

from dashboard.web.auth.cookies import SESSION

RELOAD_KEY: Final = "looking"
"""Key of the component by which a page runs again by itself when others have changed something."""
OWN_HEADERS: Final = b"x-gm-"
"""Only the guard sets them; what comes from outside under such a name is dropped."""
_HOST: Final = re.compile(r"[A-Za-z0-9.:\[\]_-]+")
_PROXIED: Final = (b"x-forwarded-for", b"x-real-ip", b"forwarded")
_LOOPBACK: Final = ("127.0.0.1", "::1")
_LOOPBACK_NAMES: Final = (*_LOOPBACK, "localhost")
_HTTP: Final = {"ws": "http", "wss": "https"}
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class AuthRequest:
    """A request or a WebSocket, before anybody has answered it."""

    path: str
    method: str
    scheme: str
    host: str
    origin: str
    token: str
    address: str
    wants_page: bool
    """Whether a person asks for a page, so that a refusal should be one, too."""
    is_shown: bool
    """Whether a person sees the answer: to a page they asked for, or to a form they sent."""
    from_elsewhere: bool
    """Whether another site led here: the browser then keeps the cookie back (``SameSite=Strict``)."""
    at_machine: bool
    """Whether it was made on this machine and not passed on by a proxy."""
    headers: list[tuple[bytes, bytes]]
    """As they came, without ``OWN_HEADERS``."""


def read_asked(scope: Scope) -> AuthRequest:
    """Return what a connection asks for."""
    kept = [(name, value) for name, value in scope["headers"] if not name.lower().startswith(OWN_HEADERS)]
    named = {name.lower(): value.decode("latin1") for name, value in kept}
    scheme, method = str(scope.get("scheme", "http")), str(scope.get("method", ""))
    address = str((scope.get("client") or ("", 0))[0])
    return AuthRequest(
        path=str(scope["path"]),
        method=method,
        scheme=scheme,
        host=named.get(b"host", ""),
        origin=named.get(b"origin", ""),
        token=SESSION.value_in(named.get(b"cookie", ""), scheme),
        address=address,
        wants_page=method == "GET" and _is_for_a_person(named),
        is_shown=method in {"GET", "POST"} and _is_for_a_person(named),
        from_elsewhere=named.get(b"sec-fetch-site") in {"cross-site", "same-site"},
        at_machine=address in _LOOPBACK and not any(name in named for name in _PROXIED),
        headers=kept,
    )


def _is_for_a_person(named: Mapping[bytes, str]) -> bool:
    """Return whether a browser is about to show the answer; without TLS it does not say so (Fetch Metadata, 2.5)."""
    if b"sec-fetch-dest" in named:
        return named[b"sec-fetch-dest"] == "document"
    return "text/html" in named.get(b"accept", "text/html")


def is_for_us(request: AuthRequest, names: Collection[str]) -> bool:
    """Return whether a request names this server by one of its names.

    A page elsewhere whose own name leads to this machine (DNS rebinding) names another. Ports do not count here: a
    proxy may listen on another one.
    """
    return bool(_HOST.fullmatch(request.host)) and name_in(f"//{request.host}") in names


def is_from_own_page(request: AuthRequest) -> bool:
    """Return whether a WebSocket was opened by a page of ours: same scheme, host and port (RFC 6454, 5).

    Browsers always say whose page it was. Which scheme and host are ours is what the browser asked for, as a proxy in
    front passes them on.
    """
    return (
        origin_in(request.origin)
        == origin_in(f"{_HTTP.get(request.scheme, request.scheme)}://{request.host}")
        is not None
    )


def is_private(request: AuthRequest) -> bool:
    """Return whether nobody on the way can read along: it came over TLS, or does not leave this machine."""
    return request.scheme in {"https", "wss"} or name_in(f"//{request.host}") in _LOOPBACK_NAMES


def origin_in(address: str) -> tuple[str, str, int] | None:
    """Return scheme, host and port of an address, None where it has none.

    Examples
    --------
    >>> origin_in("https://Wangge.oa"), origin_in("http://127.0.0.1:8501/data"), origin_in("null")
    (('https', 'wangge.oa', 443), ('http', '127.0.0.1', 8501), None)
    """
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    host = (parts.hostname or "").rstrip(".")
    return (parts.scheme, host, port) if host and port else None


def name_in(address: str) -> str:
    """Return the host name in an address, in small letters; empty where there is none.

    Examples
    --------
    >>> name_in("https://Wangge.oa:8443"), name_in("//[::1]:80"), name_in("null")
    ('wangge.oa', '::1', '')
    """
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""
