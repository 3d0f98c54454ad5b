"""The one door to data: who acts is checked, a transaction is opened, and a change leaves an audit row."""

from collections.abc import Callable, Collection, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary, WeakSet

import pandas as pd

from geo.schema import ZONE_LAYERS, Layer
from services.catalog.actions import ACTIONS, Action
from services.clock import local_now
from services.errors import ServiceError
from services.field_encryption import FieldCipher
from services.i18n import Param, text
from services.rules.areas import Area, Scope, WiderAreaError, make_scope
from services.rules.roles import LOCAL_ACTOR, OF_THE_WHOLE, Actor, may
from services.settings import read_settings
from services.store import (
    FIRST_SAFE_SQLITE,
    AuditQuery,
    ChainCheck,
    ChainFault,
    DamagedStoreError,
    Drift,
    FaultKind,
    Fingerprint,
    Manifest,
    Migration,
    RestoreResult,
    Store,
    StoreError,
    StoreLostError,
    Transaction,
    backup_folder,
    backups_in,
    faults_of_file,
    file_of,
    find_drift,
    is_whole,
    make_backup,
    remove_backup,
    restore_backup,
    sqlite_version,
)

T = TypeVar("T")

__all__ = [
    "FIRST_SAFE_SQLITE",
    "AuditQuery",
    "ChainCheck",
    "ChainFault",
    "Context",
    "DamagedStoreError",
    "Drift",
    "FaultKind",
    "Fingerprint",
    "Manifest",
    "Migration",
    "RefusedError",
    "RestoreResult",
    "StoreError",
    "StoreLostError",
    "Transaction",
    "Work",
    "backup_folder",
    "backups_in",
    "bring_up_to_date",
    "check_file",
    "close_stores",
    "faults_of_file",
    "file_of",
    "find_drift",
    "is_whole",
    "local_now",
    "make_backup",
    "open_context",
    "remove_backup",
    "restore_backup",
    "sqlite_version",
]


class RefusedError(ServiceError, PermissionError):
    """The role of the actor does not allow what was asked for."""

    def __init__(self, action: Action) -> None:
        super().__init__(text("Your role does not allow this: {action}", action=ACTIONS[action].title))


@dataclass(slots=True)
class Work:
    """A change under way: its transaction, and what the audit row will say of it."""

    tx: Transaction
    at: str
    """Local time of the change in the district, ISO 8601 to the second."""
    context: "Context"
    """Of whoever makes it."""
    action: Action
    target: str
    """What the audit row is about."""
    detail: dict[str, Param] = field(default_factory=dict)
    is_to_fold: bool = False
    """Whether what is deleted must be gone from the write-ahead log too (``Context.fold``) once this is kept."""

    @property
    def actor(self) -> Actor:
        """Who makes it."""
        return self.context.actor

    @property
    def scope(self) -> Scope:
        """What lies inside the area of whoever makes it; ask before anything is written."""
        return self.context.scope_in(self.tx)

    @property
    def now(self) -> datetime:
        """Local time in the district."""
        return self.context.clock()

    def note(self, **detail: Param) -> None:
        """Add ids and counts (never values of personal data) to the audit row."""
        self.detail |= detail


def _clock() -> Callable[[], datetime]:
    return local_now


@dataclass(frozen=True, slots=True)
class Context:
    """Somebody at work on a store."""

    _store: Store
    actor: Actor = LOCAL_ACTOR
    clock: Callable[[], datetime] = field(default_factory=_clock)

    @contextmanager
    def look(self, action: Action) -> Iterator[Transaction]:
        """Give a transaction for reading one state of the data.

        Raises
        ------
        RefusedError
            If the actor's role does not allow the action.
        WiderAreaError
            If the action concerns everything (``OF_THE_WHOLE``) and the actor is in charge of a part.
        """
        self._check(action)
        with self._store.read() as tx:
            self._check_whole(action, tx)
            yield tx

    @contextmanager
    def act_unlogged(self, action: Action) -> Iterator[Transaction]:
        """Give a transaction for what is noted at every request, as that a session is in use: no audit row tells it.

        Raises
        ------
        RefusedError
            If the actor's role does not allow the action.
        WiderAreaError
            If the action concerns everything (``OF_THE_WHOLE``) and the actor is in charge of a part.
        """
        self._check(action)
        with self._store.write() as tx:
            self._check_whole(action, tx)
            yield tx

    def storage(self) -> Store:
        """Return the store itself, for what looks after it as a whole: backups, copies, checks.

        Raises
        ------
        RefusedError
            If the actor may not look after the store.
        """
        self._check(Action.MAINTAIN)
        return self._store

    def fold(self) -> None:
        """Fold the write-ahead log of a file into it: what was deleted is gone from both."""
        self._store.fold()

    @property
    def file(self) -> Path | None:
        """The file of an embedded store, None for a database."""
        return self._store.file

    @property
    def name(self) -> str:
        """What the store is called, without its place."""
        return self._store.name

    @property
    def cipher(self) -> FieldCipher:
        """What encrypts values with the key of the store.

        Raises
        ------
        EncryptionError
            If there is no key to be had.
        """
        return self._store.cipher

    def can(self, action: Action) -> bool:
        """Return whether role and area allow an action at all; what it is done to may still lie outside."""
        if not may(self.actor, action):
            return False
        if action not in OF_THE_WHOLE or self.actor.area.layer is None:
            return True
        with self._store.read() as tx:
            return self._covers_every_grid(tx)

    def scope(self, action: Action) -> Scope:
        """Return what lies inside the actor's area now.

        Raises
        ------
        RefusedError
            If the actor's role does not allow the action.
        """
        with self.look(action) as tx:
            return self.scope_in(tx)

    def scope_in(self, tx: Transaction) -> Scope:
        """Return what lies inside the actor's area, as a transaction sees it; ask before it writes anything."""
        area = self.actor.area
        if area.layer is None:
            return make_scope(area, {})
        return self.once_a_version(tx, area, _BOUNDING, lambda: _read_scope(tx, area))

    def scope_after_writing(self, tx: Transaction) -> Scope:
        """Return the same once the transaction has written zones or teams: read anew, and kept for nobody."""
        return _read_scope(tx, self.actor.area)

    def once_a_version(self, tx: Transaction, name: Hashable, layers: Collection[Layer], make: Callable[[], T]) -> T:
        """Return what ``make`` makes from some layers, made once for a version of them in this process.

        Ask before the transaction writes any of them: what it wrote may yet be undone. ``name`` tells what is made
        from what else is.
        """
        versions = tx.versions()
        version = tuple(versions.get(layer.value, 0) for layer in layers)
        with _kept_lock:
            values = _kept.setdefault(self._store, {})
            before = values.get(name)
        value: T = before[1] if before and before[0] == version else make()
        with _kept_lock:
            values.pop(name, None)
            values[name] = version, value  # the last one asked for stands last, the first goes
            while len(values) > _MOST_KEPT:
                values.pop(next(iter(values)))
        return value

    def unlimited(self) -> "Context":
        """Return the context of the program itself on the same store.

        For what is computed from everything and limited to the actor's area before anybody sees it. The role of the
        actor must have been checked.
        """
        return replace(self, actor=LOCAL_ACTOR)

    def within(self, area: Area) -> "Context":
        """Return the same context limited to an area."""
        return replace(self, actor=replace(self.actor, area=area))

    @contextmanager
    def _act(self, action: Action, target: str) -> Iterator[Work]:
        """Give a transaction for a change; change and audit row are kept together or not at all (``use_case``)."""
        self._check(action)
        at = self.clock().isoformat(timespec="seconds")
        with self._store.write() as tx:
            self._check_whole(action, tx)
            work = Work(tx, at, self, action, target)
            yield work
            tx.trail.add(at=at, actor=self.actor.name, action=action, target=work.target, detail=work.detail)
        if work.is_to_fold:
            self.fold()

    def _check_whole(self, action: Action, tx: Transaction) -> None:
        if action in OF_THE_WHOLE and not self._covers_every_grid(tx):
            raise WiderAreaError

    def _covers_every_grid(self, tx: Transaction) -> bool:
        scope = self.scope_in(tx)
        return scope.is_everything or set(tx.read_codes(Layer.GRIDS)) <= scope.codes.get(Layer.GRIDS, frozenset())

    def _check(self, action: Action) -> None:
        if not may(self.actor, action):
            raise RefusedError(action)


_PARENTED: Final = (*ZONE_LAYERS, Layer.TEAMS)
_BOUNDING: Final = (*_PARENTED, Layer.POSTS)
"""Layers whose rows say what lies inside an area."""
_MOST_KEPT: Final = 256
_kept: WeakKeyDictionary[Store, dict[Hashable, tuple[tuple[int, ...], Any]]] = WeakKeyDictionary()
_kept_lock: Final = Lock()


def _read_scope(tx: Transaction, area: Area) -> Scope:
    if area.layer is None:
        return make_scope(area, {})
    parents: dict[Layer, pd.Series] = {}
    if area.layer is not Layer.UNITS:
        parents = {layer: tx.read_layer(layer, columns=["parent_code"])["parent_code"] for layer in _PARENTED}
        parents[Layer.POSTS] = tx.read_layer(Layer.POSTS, columns=["community_code"])["community_code"]
        return make_scope(area, parents)
    return make_scope(area, parents, tx.read_layer(Layer.TEAMS, columns=["unit_code"])["unit_code"])


def open_context(url: str | None = None, actor: Actor = LOCAL_ACTOR) -> Context:
    """Return a context on a store (by default the one the settings name); a process opens each store once.

    Raises
    ------
    StoreError
        If the store cannot be opened.
    """
    return Context(_open(url or read_settings().store), actor)


def check_file(file: Path) -> None:
    """Look at the file of an embedded store as before work begins: whether it is one, whole, and as new as it was.

    Raises
    ------
    StoreError
        If it cannot be trusted, or cannot be read.
    """
    Store.check_file(file)


def close_stores(patience_s: float = 0.0) -> None:
    """Close every store that this process has opened; a file is then whole and alone, if nobody else has it open.

    Parameters
    ----------
    patience_s
        How long work of other threads is waited for.
    """
    for store in list(_opened):
        store.close(patience_s)


_opened: Final[WeakSet[Store]] = WeakSet()


@lru_cache(maxsize=8)
def _open(url: str) -> Store:
    store = Store.open(url)
    _opened.add(store)
    return store


def bring_up_to_date(url: str | None = None) -> Migration:
    """Give a store (by default the one the settings name) the tables of this version of the program.

    Raises
    ------
    StoreError
        If the store cannot be opened, or a newer program made it.
    """
    return Store.bring_up_to_date(url or read_settings().store)
