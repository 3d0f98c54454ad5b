"""The cookies of a session and of a browser: their names, and how they are read, given and taken away."""

import re
from typing import Final

from starlette.responses import Response

from services.accounts.browsers import KEPT_FOR

COOKIE: Final = "gm"
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")
SECURE_COOKIE: Final = "__Host-gm"
"""Over TLS: a browser takes it from this very host only, and never without TLS."""
BROWSER_COOKIE: Final = "gm-browser"
SECURE_BROWSER_COOKIE: Final = "__Host-gm-browser"
"""By which accounts know a browser they have signed in with before; it lets nobody in."""
_BROWSER: Final = re.compile(r"[A-Za-z0-9_.-]{1,512}")


def token_in(cookie: str, scheme: str) -> str:
    """Return the token in a ``Cookie`` header, empty where there is none; over TLS only the safer cookie counts.

    Cookies of other programs on the same machine are passed over, whatever is in them: ``http.cookies`` gives up at
    the first that breaks the rules.

    Examples
    --------
    >>> token_in('theirs={"a": [1]}; gm=abc', "http"), token_in("gm=abc", "https")
    ('abc', '')
    """
    return _value(cookie, SECURE_COOKIE if _is_secure(scheme) else COOKIE, _TOKEN)


def browser_in(cookie: str, scheme: str) -> str:
    """Return the cookie of the browser in a ``Cookie`` header, empty where there is none."""
    return _value(cookie, SECURE_BROWSER_COOKIE if _is_secure(scheme) else BROWSER_COOKIE, _BROWSER)


def _value(cookie: str, name: str, form: re.Pattern[str]) -> str:
    pairs = (pair.partition("=") for pair in cookie.split(";"))
    value = next((value.strip() for key, _, value in pairs if key.strip() == name), "")
    return value if form.fullmatch(value) else ""


def _is_secure(scheme: str) -> bool:
    return scheme in {"https", "wss"}


def give(answer: Response, token: str, scheme: str) -> None:
    """Let an answer hand out the cookie of a session."""
    secure = scheme == "https"
    name = SECURE_COOKIE if secure else COOKIE
    answer.set_cookie(name, token, path="/", secure=secure, httponly=True, samesite="strict")


def give_browser(answer: Response, value: str, scheme: str) -> None:
    """Let an answer hand out the cookie of a browser, which outlives the session."""
    secure = scheme == "https"
    answer.set_cookie(
        SECURE_BROWSER_COOKIE if secure else BROWSER_COOKIE,
        value,
        max_age=int(KEPT_FOR.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="strict",
    )


def take(answer: Response) -> None:
    """Let an answer take both cookies of a session away."""
    for name in (COOKIE, SECURE_COOKIE):
        answer.delete_cookie(name, path="/", secure=name == SECURE_COOKIE, httponly=True, samesite="strict")
