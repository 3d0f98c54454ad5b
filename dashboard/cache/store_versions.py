"""What is there now, as numbers that grow: by them everything that is kept knows whether it still holds."""

from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Final

from dashboard.cache.by_version import by_version
from dashboard.cache.server_context import acting
from dashboard.streamlit import session
from dashboard.streamlit.stale_cache import StaleCache, once
from geo.schema import Layer
from services import planning
from services.accounts.accounts import ACCOUNTS
from services.catalog.actions import Action
from services.modes import Declaration, in_force, last_declared
from services.planning import Presence
from services.planning.orders import REPORTS
from services.rules.roster.duties import ROSTERS

_COUNTED: Final = frozenset({layer.value for layer in Layer} | {"assignments"})

_PRESENCE: Final[ContextVar[Presence]] = ContextVar("presence", default=Presence.SENT)


@contextmanager
def counted_by(presence: Presence) -> Iterator[None]:
    """Let everything that follows count people as sent, or as they arrived; elsewhere they count as sent."""
    before = _PRESENCE.set(presence)
    try:
        yield
    finally:
        _PRESENCE.reset(before)


def presence() -> Presence:
    """Return whose people count where they were sent to (``counted_by``)."""
    return _PRESENCE.get()


def last_seen() -> StaleCache:
    """Return what the store of the settings said last."""
    return _seen(session.settings().store)


def versions() -> Mapping[str, int]:
    """Return at which version each part of the data changed last; while the store is lost, the last one known."""
    return once("versions", lambda: last_seen().ask("versions", _versions))


def versions_now() -> Mapping[str, int]:
    """Return the same, or raise ``StoreError`` when the store does not answer."""
    return last_seen().ask_now("versions", _versions)


def declared_mode() -> Declaration:
    """Return the declaration of a mode in force, or the last one known while the store is lost."""
    asking = acting(Action.VIEW_COVERAGE)
    return in_force(_last_declared(), asking.clock())


def _versions() -> Mapping[str, int]:
    with session.server().look(Action.VIEW_COVERAGE) as tx:
        return tx.versions()


def data_version() -> int:
    """Return a number that grows with every change of the data that counts for coverage; 0 is an empty store."""
    return max((version for part, version in versions().items() if part in _COUNTED), default=0)


def orders_version() -> int:
    """Return a number that grows with every order, recall and relief; 0 is none so far."""
    return once("orders", lambda: last_seen().ask("orders", lambda: planning.orders_version(session.server())))


def changes_version() -> int:
    """Return a number that grows with every change of the store, whatever changes; 0 is none so far."""
    return once("changes", lambda: last_seen().ask("changes", _last_change))


def rosters_version() -> int:
    """Return a number that grows with every change of a published roster; 0 is none so far."""
    return versions().get(ROSTERS, 0)


def shown_version() -> tuple[int, int, int]:
    """Return what changes when any viewer is to see something new: the data, rosters, and the teams that were sent."""
    return data_version(), rosters_version(), orders_version()


def of_data(*_arguments: object) -> Hashable:
    """Return the version of what is made from the data (``by_version``)."""
    return data_version()


def of_people(*_arguments: object) -> Hashable:
    """Return the version of what is made from the data and the published rosters (``by_version``)."""
    return data_version(), rosters_version()


def of_shown(*_arguments: object) -> Hashable:
    """Return the version of what is made from data, rosters and the teams that were sent (``by_version``).

    Reports are a part of it only where people count as they arrived.
    """
    return shown_version() if presence() is Presence.SENT else of_reports()


def of_reports(*_arguments: object) -> Hashable:
    """Return the version of what is made from data, rosters, orders and their reports (``by_version``)."""
    return (*shown_version(), versions().get(REPORTS, 0))


def of_names(*_arguments: object) -> Hashable:
    """Return the version of what is called by names of zones and accounts (``by_version``)."""
    return data_version(), versions().get(ACCOUNTS, 0)


def of_changes(*_arguments: object) -> Hashable:
    """Return the version of what is made from much of the store and from the minute it is (``by_version``)."""
    return changes_version(), session.server().clock().replace(second=0, microsecond=0)


def _last_change() -> int:
    with session.server().look(Action.VIEW_COVERAGE) as tx:
        return tx.trail.last_number()


def _of_modes() -> Hashable:
    return versions().get("modes", 0)


@by_version(_of_modes, most=8)
def _last_declared() -> Declaration:
    return last_declared(session.server())


@lru_cache(maxsize=8)
def _seen(store: str) -> StaleCache:
    del store
    return StaleCache()
