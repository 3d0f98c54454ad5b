"""Who is at work on a page: told by the guard with every connection, looked up at most once a second."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, TypeVar

from streamlit.runtime.scriptrunner import get_script_run_ctx

from services import accounts
from services.accounts import SignedIn
from services.catalog.actions import Action
from services.context import Context, StoreError, open_context
from services.errors import ServiceError
from services.i18n import text
from services.rules.roles import Actor
from services.settings import Settings, read_settings

T = TypeVar("T")

USER_KEY: Final = "session"
"""Under which ``server.trustedUserHeaders`` puts the key of the session into ``st.user``."""
_MOST_REMEMBERED: Final = 10_000
_last_seen: Final[dict[str, SignedIn | None]] = {}
_ASKING: Final[ContextVar[Actor | None]] = ContextVar("asking", default=None)
"""Who asks our own routes; the guard sets it for one request."""
_RUN: Final[ContextVar[dict[str, Any] | None]] = ContextVar("run", default=None)


class NotSignedInError(ServiceError, PermissionError):
    """A page runs for nobody."""

    def __init__(self) -> None:
        super().__init__(text("You are not signed in (any more); open the page again."))


@contextmanager
def one_run() -> Iterator[None]:
    """Ask for the settings, and who is at the page, once in what follows: one run of the script."""
    before = _RUN.set({})
    try:
        yield
    finally:
        _RUN.reset(before)


def settings() -> Settings:
    """Return the settings."""
    return _once("settings", read_settings)


def server() -> Context:
    """Return the context of the server itself: for what is made once and shared, and for the door."""
    return _once("server", lambda: open_context(settings().store))


def signed_in() -> SignedIn | None:
    """Return who is at this page, or None."""
    held = key()
    return _who(held, int(time.monotonic())) if held else None


def answer_to(actor_at_page: Actor | None) -> None:
    """Say for whom a request to our own routes is answered; only the guard knows."""
    _ASKING.set(actor_at_page)


def actor() -> Actor:
    """Return as whom this page acts, or who asks where a route answers.

    Raises
    ------
    NotSignedInError
        If nobody is signed in, or not in any role.
    """
    asking = _ASKING.get()
    return asking if asking is not None else _once("actor", _actor)


def _actor() -> Actor:
    who = signed_in()
    if who is None or who.actor is None:
        raise NotSignedInError
    return who.actor


def can(action: Action) -> bool:
    """Return whether role and area of whoever is at this page allow an action at all."""
    return replace(server(), actor=actor()).can(action)


def key() -> str:
    """Return what tells this session from others without being its secret; empty for whoever sits at the machine.

    It is what ``st.user`` holds. That proxy looks for a file of secrets every time it is asked, under one lock for all
    sessions: a sixth of the time of every run.
    """
    run = get_script_run_ctx(suppress_warning=True)
    return str(run.user_info.get(USER_KEY) or "") if run else ""


def switch_role(grant_id: int) -> None:
    """Act in another role of the same account from now on."""
    accounts.act_as(server(), key(), grant_id)
    _who.cache_clear()


def _once(name: str, ask: Callable[[], T]) -> T:
    known = _RUN.get()
    if known is None:
        return ask()
    if name not in known:
        known[name] = ask()
    answer: T = known[name]
    return answer


@lru_cache(maxsize=2_048)
def _who(key: str, second: int) -> SignedIn | None:
    """Return who holds a session; while the store is lost, who held it when it was last seen.

    Raises
    ------
    StoreError
        If the store is lost and nothing is known from before.
    """
    del second
    try:
        found = accounts.who_holds(server(), key)
    except StoreError:
        if key not in _last_seen:
            raise
        return _last_seen[key]
    if len(_last_seen) >= _MOST_REMEMBERED:
        _last_seen.clear()
    _last_seen[key] = found
    return found
