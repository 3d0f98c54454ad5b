"""The nightly clean-up: who and what is kept no longer than it may be. Its report holds counts only."""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final

from services import accounts
from services.catalog.actions import Action
from services.context import Context, Work
from services.people.erase import erase_rows
from services.use_cases import use_case

REPORT_FACT: Final = "last_cleanup"
CHAIN_DAYS: Final = 30
"""So long the text of a chain (接龙) is kept at most."""
_AT_ONCE: Final = 200
"""Persons that are erased in one step."""


@dataclass(frozen=True, slots=True)
class Periods:
    """How long things are kept, in days."""

    members: int | None = None
    """Since an import named them last, for those without a day of their own; None: until somebody erases them."""
    replaced_rows: int = 180
    """After that an import cannot be taken back any more."""


@dataclass(frozen=True, slots=True)
class CleanUpCounts:
    """What a clean-up removed."""

    at: str
    members: int
    replaced_rows: int
    attempts: int
    sessions: int
    chains: int = 0
    """Texts of chains."""


def clean_up(context: Context, periods: Periods) -> CleanUpCounts:
    """Erase persons whose time is over, forget old replaced rows, attempts and sessions; keep and return the report.

    Raises
    ------
    RefusedError
        If the actor may not look after the store.
    """
    attempts, sessions = accounts.clean_up(context)
    return _forget(context, periods, attempts, sessions)


@use_case(Action.MAINTAIN, "clean-up")
def _forget(work: Work, periods: Periods, attempts: int, sessions: int) -> CleanUpCounts:
    now = work.now
    since = None if periods.members is None else now - timedelta(days=periods.members)
    due = work.tx.people.due(now.date().isoformat(), None if since is None else since.isoformat(timespec="seconds"))
    for start in range(0, len(due), _AT_ONCE):
        erase_rows(work.tx, due[start : start + _AT_ONCE], work.at)
    kept = work.tx.people.forget_kept_rows((now - timedelta(days=periods.replaced_rows)).isoformat(timespec="seconds"))
    chains = work.tx.sign_ups.forget_texts_before((now - timedelta(days=CHAIN_DAYS)).isoformat(timespec="seconds"))
    report = CleanUpCounts(work.at, len(due), kept, attempts, sessions, chains)
    work.tx.records.write_fact(REPORT_FACT, json.dumps(asdict(report)))
    work.note(members=len(due), replaced_rows=kept, attempts=attempts, sessions=sessions, chains=chains)
    work.is_to_fold = bool(due or kept or chains)
    return report


def last_clean_up(context: Context) -> CleanUpCounts | None:
    """Return the report of the last clean-up, None where there was none."""
    with context.look(Action.MAINTAIN) as tx:
        kept = tx.records.read_fact(REPORT_FACT)
    return None if kept is None else CleanUpCounts(**json.loads(kept))
