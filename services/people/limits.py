"""How many persons somebody may look up and see in clear within an hour, counted in the audit trail."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.catalog.actions import Action, Role
from services.context import AuditQuery, Context, Transaction, Work
from services.people.errors import LookLimitError
from services.settings import Settings, read_settings

WITHIN: Final = timedelta(hours=1)
TOLD_FOR: Final = timedelta(days=7)
"""So long an administrator is told that somebody has reached a limit."""
LIMITED: Final = (Action.VIEW_PEOPLE, Action.UNMASK)
_LIMIT: Final = "limit"
_MOST_TOLD: Final = 100


@dataclass(frozen=True, slots=True)
class LimitReached:
    """Somebody was refused because of the limit."""

    at: datetime
    account: str
    action: Action
    """``VIEW_PEOPLE`` for looking up, ``UNMASK`` for seeing in clear."""


@contextmanager
def act_within_limit(context: Context, action: Action, target: str) -> Iterator[Work]:
    """Give a transaction as ``Context.act`` does, as long as the actor has not reached the limit of the hour.

    The same target counts once within the hour. Whoever sits at the machine is not limited.

    Raises
    ------
    LookLimitError
        If the limit is reached; the audit trail then keeps that, once in an hour.
    RefusedError
        If the actor's role does not allow the action.
    """
    try:
        with context.act(action, target) as work:
            _require_room(context, work.tx, action, target)
            yield work
    except LookLimitError:
        _note_refusal(context, action)
        raise


def is_counted(context: Context, tx: Transaction, action: Action, target: str) -> bool:
    """Return whether the actor has done an action to a target within the hour."""
    return target in _recent(context, tx, action)


def limits_reached(context: Context) -> list[LimitReached]:
    """Return who has reached a limit in the last seven days, newest first.

    Raises
    ------
    RefusedError
        If the actor may not see the audit trail.
    """
    with context.look(Action.VIEW_AUDIT) as tx:
        return limits_reached_in(tx, context.clock())


def limits_reached_in(tx: Transaction, now: datetime) -> list[LimitReached]:
    """Return who has reached a limit in the seven days before a time, newest first, as a transaction sees it."""
    rows = [
        LimitReached(datetime.fromisoformat(str(row.at)), str(row.actor), action)
        for action in LIMITED
        for row in tx.trail.find(
            AuditQuery(since=_text(now - TOLD_FOR), action=action.value, object=_LIMIT), limit=_MOST_TOLD
        ).itertuples()
        if row.object == _LIMIT
    ]
    return sorted(rows, key=lambda one: one.at, reverse=True)


def _require_room(context: Context, tx: Transaction, action: Action, target: str) -> None:
    if context.actor.role is Role.LOCAL:
        return
    recent, most = _recent(context, tx, action), _most(read_settings())[action]
    if target not in recent and len(recent) >= most:
        oldest = sorted(recent.values())[len(recent) - most]
        raise LookLimitError(most, datetime.fromisoformat(oldest) + WITHIN)


def _recent(context: Context, tx: Transaction, action: Action) -> Mapping[str, str]:
    """Return what the actor has done an action to within the hour, and when last; rows of the future do not count."""
    now = context.clock()
    counted = tx.trail.targets(context.actor.name, action, since=_text(now - WITHIN), until=_text(now))
    return {target: at for target, at in counted.items() if target != _LIMIT}


def _note_refusal(context: Context, action: Action) -> None:
    now = context.clock()
    with context.look(action) as tx:
        noted = tx.trail.targets(context.actor.name, action, since=_text(now - WITHIN), until=_text(now))
    if _LIMIT not in noted:
        with context.act(action, _LIMIT) as work:
            work.note(what="limit reached", people=_most(read_settings())[action])


def _most(settings: Settings) -> Mapping[Action, int]:
    return {Action.VIEW_PEOPLE: settings.lookups_per_hour, Action.UNMASK: settings.unmasks_per_hour}


def _text(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
