"""The nightly clean-up: who and what is kept no longer than it may be. Its report holds counts only."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from services import accounts
from services.catalog.actions import Action
from services.context import Context, Work
from services.people.erase import erase_rows
from services.rules.roster.duties import ROSTERS
from services.use_cases import use_case

REPORT_FACT: Final = "last_cleanup"
CHAIN_DAYS: Final = 30
"""So long the text of a chain (接龙) is kept at most."""
MATTER_DAYS: Final = 3 * 365
"""So long matters that are over are kept (assumed)."""
_AT_ONCE: Final = 200
"""Persons that are erased in one step."""


@dataclass(frozen=True, slots=True)
class Periods:
    """How long things are kept, in days."""

    members: int | None = None
    """Since an import named them last, for those without a day of their own; None: until somebody erases them."""
    replaced_rows: int = 180
    """After that an import cannot be taken back any more."""
    rosters: int = 400
    """Since the end of a roster or package; after that it tells how many stood where, and no longer who."""
    free_times: int = 30
    """Since the end of a free time, an absence or a claim."""


@dataclass(frozen=True, slots=True)
class CleanUpCounts:
    """What a clean-up removed."""

    at: str
    members: int
    replaced_rows: int
    attempts: int
    sessions: int
    duties: int = 0
    free_times: int = 0
    chains: int = 0
    """Texts of chains."""
    claims: int = 0
    """Responsibility areas that ended."""
    matters: int = 0


def clean_up(context: Context, periods: Periods) -> CleanUpCounts:
    """Forget persons, names in rosters, free times, claims, matters, rows, attempts and sessions whose time is over.

    The report is kept and returned.

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
    since = None if periods.members is None else _ago(now, periods.members)
    due = work.tx.people.due(now.date().isoformat(), since)
    for start in range(0, len(due), _AT_ONCE):
        erase_rows(work.tx, due[start : start + _AT_ONCE], work.at)
    kept = work.tx.people.forget_kept_rows(_ago(now, periods.replaced_rows))
    duties = work.tx.rosters.unname_rosters(_ago(now, periods.rosters))
    duties += work.tx.packages.forget_names(_ago(now, periods.rosters))
    times = work.tx.rosters.forget_times(_ago(now, periods.free_times))
    chains = work.tx.sign_ups.forget_texts_before(_ago(now, CHAIN_DAYS))
    claims = work.tx.claims.forget_ended(_ago(now, periods.free_times)[:10])
    matters = work.tx.matters.forget_past(_ago(now, MATTER_DAYS))
    if duties or times:
        work.tx.touch(ROSTERS)
    report = CleanUpCounts(work.at, len(due), kept, attempts, sessions, duties, times, chains, claims, matters)
    work.tx.records.write_fact(REPORT_FACT, json.dumps(asdict(report)))
    counts = {name: count for name, count in asdict(report).items() if name != "at"}
    work.note(**counts)
    work.is_to_fold = bool(due or kept or duties or times or chains or claims or matters)
    return report


def _ago(now: datetime, days: int) -> str:
    return (now - timedelta(days=days)).isoformat(timespec="seconds")


def last_clean_up(context: Context) -> CleanUpCounts | None:
    """Return the report of the last clean-up, None where there was none."""
    with context.look(Action.MAINTAIN) as tx:
        kept = tx.records.read_fact(REPORT_FACT)
    return None if kept is None else CleanUpCounts(**json.loads(kept))
