"""The one door to data: who acts is checked, a transaction is opened, and a change leaves an audit row."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from services.errors import ServiceError
from services.i18n import Param, text
from services.rules.roles import LOCAL_ACTOR, Action, Actor, may
from services.settings import read_settings
from services.store import Fingerprint, Migrated, Store, StoreError, StoreLostError, Transaction

__all__ = [
    "Context",
    "Fingerprint",
    "Migrated",
    "RefusedError",
    "StoreError",
    "StoreLostError",
    "Transaction",
    "Work",
    "bring_up_to_date",
    "open_context",
]


class RefusedError(ServiceError, PermissionError):
    """The role of the actor does not allow what was asked for."""

    def __init__(self, action: Action) -> None:
        super().__init__(text("Your role does not allow this: {action}", action=action.value))


@dataclass(slots=True)
class Work:
    """A change under way: its transaction, and what the audit row will say of it."""

    tx: Transaction
    at: str
    """Local time of the change, ISO 8601 to the second."""
    detail: dict[str, Param] = field(default_factory=dict)

    def note(self, **detail: Param) -> None:
        """Add ids and counts (never values of personal data) to the audit row."""
        self.detail |= detail


def _local_now() -> datetime:
    return datetime.now().astimezone().replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Context:
    """Somebody at work on a store."""

    store: Store
    actor: Actor = LOCAL_ACTOR
    clock: Callable[[], datetime] = _local_now

    @contextmanager
    def look(self, action: Action) -> Iterator[Transaction]:
        """Give a transaction for reading one state of the data.

        Raises
        ------
        RefusedError
            If the actor's role does not allow the action.
        """
        self._check(action)
        with self.store.read() as tx:
            yield tx

    @contextmanager
    def act(self, action: Action, target: str = "") -> Iterator[Work]:
        """Give a transaction for a change; change and audit row are kept together or not at all.

        Raises
        ------
        RefusedError
            If the actor's role does not allow the action.
        """
        self._check(action)
        at = self.clock().isoformat(timespec="seconds")
        with self.store.write() as tx:
            work = Work(tx, at)
            yield work
            tx.records.add_audit(at=at, actor=self.actor.name, action=action, target=target, detail=work.detail)

    def _check(self, action: Action) -> None:
        if not may(self.actor, action):
            raise RefusedError(action)


def open_context(url: str | None = None, actor: Actor = LOCAL_ACTOR) -> Context:
    """Return a context on a store (by default the one the settings name); a process opens each store once.

    Raises
    ------
    StoreError
        If the store cannot be opened.
    """
    return Context(_open(url or read_settings().store), actor)


@lru_cache(maxsize=8)
def _open(url: str) -> Store:
    return Store.open(url)


def bring_up_to_date(url: str | None = None) -> Migrated:
    """Give a store (by default the one the settings name) the tables of this version of the program.

    Raises
    ------
    StoreError
        If the store cannot be opened, or a newer program made it.
    """
    return Store.bring_up_to_date(url or read_settings().store)
