"""The cookie of a session: its names, and how it is read, given and taken away."""

from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.responses import Response

COOKIE: Final = "gm"
SECURE_COOKIE: Final = "__Host-gm"
"""Over TLS: a browser takes it from this very host only, and never without TLS."""


def token_in(cookie: str, scheme: str) -> str:
    """Return the token in a ``Cookie`` header, empty where there is none; over TLS only the safer cookie counts."""
    try:
        found = SimpleCookie(cookie).get(SECURE_COOKIE if scheme in {"https", "wss"} else COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def give(answer: Response, token: str, scheme: str) -> None:
    """Let an answer hand out the cookie of a session."""
    secure = scheme == "https"
    name = SECURE_COOKIE if secure else COOKIE
    answer.set_cookie(name, token, path="/", secure=secure, httponly=True, samesite="strict")


def take(answer: Response) -> None:
    """Let an answer take both cookies away."""
    for name in (COOKIE, SECURE_COOKIE):
        answer.delete_cookie(name, path="/", secure=name == SECURE_COOKIE, httponly=True, samesite="strict")
