"""The cookie of a session: its names, and how it is read, given and taken away."""

import re
from typing import Final

from starlette.responses import Response

COOKIE: Final = "gm"
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")
SECURE_COOKIE: Final = "__Host-gm"
"""Over TLS: a browser takes it from this very host only, and never without TLS."""


def token_in(cookie: str, scheme: str) -> str:
    """Return the token in a ``Cookie`` header, empty where there is none; over TLS only the safer cookie counts.

    Cookies of other programs on the same machine are passed over, whatever is in them: ``http.cookies`` gives up at
    the first that breaks the rules.

    Examples
    --------
    >>> token_in('theirs={"a": [1]}; gm=abc', "http"), token_in("gm=abc", "https")
    ('abc', '')
    """
    wanted = SECURE_COOKIE if scheme in {"https", "wss"} else COOKIE
    pairs = (pair.partition("=") for pair in cookie.split(";"))
    found = next((value.strip() for name, _, value in pairs if name.strip() == wanted), "")
    return found if _TOKEN.fullmatch(found) else ""


def give(answer: Response, token: str, scheme: str) -> None:
    """Let an answer hand out the cookie of a session."""
    secure = scheme == "https"
    name = SECURE_COOKIE if secure else COOKIE
    answer.set_cookie(name, token, path="/", secure=secure, httponly=True, samesite="strict")


def take(answer: Response) -> None:
    """Let an answer take both cookies away."""
    for name in (COOKIE, SECURE_COOKIE):
        answer.delete_cookie(name, path="/", secure=name == SECURE_COOKIE, httponly=True, samesite="strict")
