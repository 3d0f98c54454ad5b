"""A request as the guard sees it: what is asked for, by whom it says it is, under which name of this server."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.types import Scope

from dashboard.door.cookies import token_in

LOOKING: Final = "looking"
"""Key of the component by which a page runs again by itself when others have changed something."""
OWN_HEADERS: Final = b"x-gm-"
"""Only the guard sets them; what comes from outside under such a name is dropped."""
_HOST: Final = re.compile(r"[A-Za-z0-9.:\[\]_-]+")
_PROXIED: Final = (b"x-forwarded-for", b"x-real-ip", b"forwarded")
_LOOPBACK: Final = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request or a WebSocket, before anybody has answered it."""

    path: str
    method: str
    scheme: str
    host: str
    origin: str
    token: str
    address: str
    wants_page: bool
    """Whether a person sees the answer as a page, so that a refusal should be one, too."""
    from_elsewhere: bool
    """Whether another site led here: the browser then keeps the cookie back (``SameSite=Strict``)."""
    at_machine: bool
    """Whether it was made on this machine and not passed on by a proxy."""
    headers: list[tuple[bytes, bytes]]
    """As they came, without ``OWN_HEADERS``."""


def read_asked(scope: Scope) -> Asked:
    """Return what a connection asks for."""
    kept = [(name, value) for name, value in scope["headers"] if not name.lower().startswith(OWN_HEADERS)]
    named = {name.lower(): value.decode("latin1") for name, value in kept}
    scheme, method = str(scope.get("scheme", "http")), str(scope.get("method", ""))
    address = str((scope.get("client") or ("", 0))[0])
    return Asked(
        path=str(scope["path"]),
        method=method,
        scheme=scheme,
        host=named.get(b"host", ""),
        origin=named.get(b"origin", ""),
        token=token_in(named.get(b"cookie", ""), scheme),
        address=address,
        wants_page=method == "GET" and _is_for_a_person(named),
        from_elsewhere=named.get(b"sec-fetch-site") in {"cross-site", "same-site"},
        at_machine=address in _LOOPBACK and not any(name in named for name in _PROXIED),
        headers=kept,
    )


def _is_for_a_person(named: Mapping[bytes, str]) -> bool:
    """Return whether a browser is about to show the answer; without TLS it does not say so (Fetch Metadata, 2.5)."""
    if b"sec-fetch-dest" in named:
        return named[b"sec-fetch-dest"] == "document"
    return "text/html" in named.get(b"accept", "text/html")


def is_for_us(asked: Asked, names: Collection[str]) -> bool:
    """Return whether a request names this server by one of its names.

    A page elsewhere whose own name leads to this machine (DNS rebinding) names another, and so does a WebSocket that
    a page of another site opens. Ports do not count: a proxy may listen on another one.
    """
    if not _HOST.fullmatch(asked.host) or name_in(f"//{asked.host}") not in names:
        return False
    opens_socket = asked.scheme in {"ws", "wss"}
    return not (opens_socket and asked.origin) or name_in(asked.origin) in names


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
