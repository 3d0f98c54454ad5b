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
from services.use_cases import use_case

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
def refusal_kept(context: Context, action: Action) -> Iterator[None]:
    """Keep in the audit trail, once in an hour, that a use case was refused because of the limit (``require_room``).

    Raises
    ------
    LookLimitError
        What the use case has raised.
    """
    try:
        yield
    except LookLimitError:
        now = context.clock()
        with context.look(action) as tx:
            noted = tx.trail.targets(context.actor.name, action, since=_text(now - WITHIN), until=_text(now))
        if _LIMIT not in noted:
            _KEEP_REFUSAL[action](context)
        raise


def require_room(work: Work) -> None:
    """Do nothing as long as the actor has not reached the limit of the hour for what they do.

    The same target counts once within the hour. Whoever sits at the machine is not limited.

    Raises
    ------
    LookLimitError
        If the limit is reached.
    """
    if work.actor.role is Role.LOCAL:
        return
    recent, most = _recent(work.context, work.tx, work.action), _most(read_settings())[work.action]
    if work.target not in recent and len(recent) >= most:
        oldest = sorted(recent.values())[len(recent) - most]
        raise LookLimitError(most, datetime.fromisoformat(oldest) + WITHIN)


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


def _recent(context: Context, tx: Transaction, action: Action) -> Mapping[str, str]:
    """Return what the actor has done an action to within the hour, and when last; rows of the future do not count."""
    now = context.clock()
    counted = tx.trail.targets(context.actor.name, action, since=_text(now - WITHIN), until=_text(now))
    return {target: at for target, at in counted.items() if target != _LIMIT}


def _note_refusal(work: Work) -> None:
    work.note(what="limit reached", people=_most(read_settings())[work.action])


_KEEP_REFUSAL: Final = {action: use_case(action, _LIMIT)(_note_refusal) for action in LIMITED}


def _most(settings: Settings) -> Mapping[Action, int]:
    return {Action.VIEW_PEOPLE: settings.lookups_per_hour, Action.UNMASK: settings.unmasks_per_hour}


def _text(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
