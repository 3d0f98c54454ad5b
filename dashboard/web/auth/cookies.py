"""The cookies of a session and of a browser: their names, and how they are read, given and taken away."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from starlette.responses import Response

from services.accounts.browsers import KEPT_FOR

_SECURE: Final = "__Host-"
"""Over TLS names begin so: a browser takes the cookie from this very host only, and never without TLS."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie that no script reads."""

    name: str
    form: re.Pattern[str]
    """What its value looks like."""
    same_site: Literal["strict", "lax"] = "strict"
    life: timedelta | None = None
    """None: until the browser is closed."""

    def value_in(self, header: str, scheme: str) -> str:
        """Return the value in a ``Cookie`` header, empty where there is none; over TLS only the safer cookie counts.

        Cookies of other programs on the same machine are passed over, whatever is in them: ``http.cookies`` gives up at
        the first that breaks the rules.

        Examples
        --------
        >>> SESSION.value_in('theirs={"a": [1]}; gm=abc', "http"), SESSION.value_in("gm=abc", "https")
        ('abc', '')
        """
        name = self._name_over(scheme)
        pairs = (pair.partition("=") for pair in header.split(";"))
        value = next((value.strip().strip('"') for key, _, value in pairs if key.strip() == name), "")
        return value if self.form.fullmatch(value) else ""

    def give(self, answer: Response, value: str, scheme: str) -> None:
        """Let an answer hand the cookie out."""
        name, life = self._name_over(scheme), None if self.life is None else int(self.life.total_seconds())
        secure = name != self.name
        answer.set_cookie(name, value, life, path="/", secure=secure, httponly=True, samesite=self.same_site)

    def take(self, answer: Response) -> None:
        """Let an answer take the cookie away, over TLS or not."""
        for name in (self.name, _SECURE + self.name):
            secure = name != self.name
            answer.delete_cookie(name, path="/", secure=secure, httponly=True, samesite=self.same_site)

    def _name_over(self, scheme: str) -> str:
        return _SECURE + self.name if scheme in {"https", "wss"} else self.name


SESSION: Final = Cookie("gm", re.compile(r"[A-Za-z0-9_-]{1,128}"))
BROWSER: Final = Cookie("gm-browser", re.compile(r"[A-Za-z0-9_.-]{1,512}"), life=KEPT_FOR)
"""By which accounts know a browser they have signed in with before; it lets nobody in, and outlives the session."""
