"""Files to be fetched: under addresses that nobody can guess, for one session in one role, as often as it likes."""

import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from threading import Lock
from typing import Final
from urllib.parse import quote

from services.i18n import current_language
from services.rules.roles import LOCAL_ACTOR, Actor

TICKET_LIFE_S: Final = 12 * 3_600.0
"""As long as a session lasts (``services.accounts.ABSOLUTE``)."""
MOST_A_SESSION: Final = 256
"""Addresses of one session in one role; beyond that the one goes that was issued or fetched the longest ago."""
_NOT_IN_FALLBACK: Final = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Owner:
    """Who may fetch something: one session, in the role and area it was issued to."""

    session: str = ""
    """Its key (``dashboard.streamlit.session.key``)."""
    actor: Actor = LOCAL_ACTOR


@dataclass(frozen=True, slots=True)
class Download:
    """A file to be handed out: made only when it is fetched."""

    name: str
    media_type: str
    make: Callable[[], bytes]
    owner: Owner = Owner()
    identity: Hashable = None
    """Tells it from other files of the session; None: nothing else is the same."""


@dataclass(frozen=True, slots=True)
class _Ticket:
    download: Download
    until: float


class Tickets:
    """Downloads that can be fetched, by token."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._held: dict[Owner, OrderedDict[str, _Ticket]] = {}
        self._known: dict[Hashable, str] = {}

    def issue(self, download: Download) -> str:
        """Return the address of a download, good for ``TICKET_LIFE_S`` from now."""
        key = _key(download)
        with self._lock:
            self._drop_old()
            token = (self._known.get(key) if key else None) or secrets.token_urlsafe(24)
            held = self._held.setdefault(download.owner, OrderedDict())
            held[token] = _Ticket(download, self._clock() + TICKET_LIFE_S)
            held.move_to_end(token)
            if key:
                self._known[key] = token
            while len(held) > MOST_A_SESSION:
                self._forget(download.owner, next(iter(held)))
        return f"/download/{token}"

    def look_up(self, token: str, owner: Owner = Owner()) -> Download | None:
        """Return the download of a token, or nothing if it is too old, another owner's or never was."""
        with self._lock:
            held = self._held.get(owner, OrderedDict())
            ticket = held.get(token)
            if ticket is None or ticket.until <= self._clock():
                return None
            held.move_to_end(token)
            return ticket.download

    def __len__(self) -> int:
        """Return how many downloads can be fetched."""
        return sum(map(len, self._held.values()))

    def _drop_old(self) -> None:
        now = self._clock()
        for owner, held in list(self._held.items()):
            for token in [token for token, ticket in held.items() if ticket.until <= now]:
                self._forget(owner, token)

    def _forget(self, owner: Owner, token: str) -> None:
        held = self._held[owner]
        key = _key(held.pop(token).download)
        if key:
            self._known.pop(key, None)
        if not held:
            del self._held[owner]


TICKETS: Final = Tickets()


def identity_of(make: Callable[[], bytes]) -> Hashable:
    """Return what is the same for two calls of the same function with the same values; None where that is not known."""
    if not isinstance(make, partial):
        return None
    identity = current_language(), _unfold(make)
    try:
        hash(identity)
    except TypeError:
        return None
    return identity


def disposition(name: str) -> str:
    r"""Return the header that names a file to be saved (RFC 6266): in ASCII for old programs, in UTF-8 for all others.

    Examples
    --------
    >>> disposition("网格.csv")
    'attachment; filename="gridmuster.csv"; filename*=UTF-8\'\'%E7%BD%91%E6%A0%BC.csv'
    """
    path = PurePosixPath(name)
    stem = path.stem if path.stem.isascii() else "gridmuster"
    fallback = _NOT_IN_FALLBACK.sub("-", stem) + _NOT_IN_FALLBACK.sub("", path.suffix)
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe='')}"


def _unfold(value: object) -> object:
    if not isinstance(value, partial):
        return value
    keywords = tuple((name, _unfold(part)) for name, part in sorted(value.keywords.items()))
    return value.func, tuple(map(_unfold, value.args)), keywords


def _key(download: Download) -> Hashable:
    """Return what tells a download from all others, None where nothing does."""
    if download.identity is None:
        return None
    return download.owner, download.name, download.media_type, download.identity
