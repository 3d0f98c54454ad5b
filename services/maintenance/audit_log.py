"""The audit trail for people: searching it, and checking that nobody has been at it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import pandas as pd

from services.catalog.actions import Action
from services.context import (
    AuditQuery,
    ChainFault,
    Context,
    FaultKind,
    Transaction,
    backup_folder,
    backups_in,
)
from services.i18n import Text, text

RESTORED: Final = "restore:"
"""How the object of a row begins that says which backup was put back."""

"""What is said of an action in lists."""

FAULT_TEXTS: Final = {
    FaultKind.CHANGED: text("was changed after it was written"),
    FaultKind.REMOVED: text("was removed"),
    FaultKind.INSERTED: text("was put in by something else than this program"),
    FaultKind.DISPLACED: text("does not follow on the row before it: an older state was put in place in between"),
    FaultKind.ANCHOR: text("is the last that can be trusted: the note of the newest row was changed or removed"),
}


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some rows of the trail, newest first, and how many there are in all."""

    rows: pd.DataFrame
    """Indexed by ``id``: ``at actor action object detail``."""
    total: int


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """What a check of the trail found."""

    rows: int
    newest: int
    faults: tuple[ChainFault, ...]
    disagreeing: tuple[str, ...]
    """Backups that had other rows at the same numbers, or later rows."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not self.faults and not self.disagreeing


def search_audit_log(context: Context, query: AuditQuery, *, limit: int, skip: int = 0) -> AuditPage:
    """Return rows of the audit trail, newest first.

    Raises
    ------
    RefusedError
        If the actor's role may not see it.
    """
    with context.look(Action.VIEW_AUDIT) as tx:
        return AuditPage(tx.trail.find(query, limit=limit, skip=skip), tx.trail.count(query))


def audit_actors(context: Context) -> list[str]:
    """Return everybody who stands in the audit trail, sorted.

    Raises
    ------
    RefusedError
        If the actor's role may not see it.
    """
    with context.look(Action.VIEW_AUDIT) as tx:
        return tx.trail.actors()


def verify_audit_log(context: Context, backups: Path | None = None) -> AuditCheck:
    """Check the whole chain, and hold it against what backups say of it.

    A trail that was cut off at its end together with the note of its newest row, as an older copy of the store is, is
    sound in itself: only a backup (or the high-water mark beside a file) knows better.

    Parameters
    ----------
    context
        Whose role may see the trail.
    backups
        Folder of backups; by default the one that is known.

    Raises
    ------
    RefusedError
        If the actor's role may not see the trail.
    """
    folder = backups or backup_folder(context.file)
    with context.look(Action.VIEW_AUDIT) as tx:
        found = tx.trail.examine()
        since = _restored_at(tx)
        known = [one for one in (backups_in(folder, context.name) if folder else ()) if one[1].audit_newest]
        disagreeing = tuple(
            path.name
            for path, manifest in known
            if manifest.made_at > since and tx.trail.digest_of(manifest.audit_newest) != manifest.audit_digest
        )
    return AuditCheck(found.rows, found.newest, found.faults, disagreeing)


def _restored_at(tx: Transaction) -> datetime:
    """Return when a backup was put back last: those made before may know rows that were given up then."""
    rows = tx.trail.find(AuditQuery(action=Action.MAINTAIN.value, object=RESTORED), limit=1)
    return datetime(1, 1, 1) if rows.empty else datetime.fromisoformat(str(rows.iloc[0]["at"]))


def fault_text(fault: ChainFault) -> Text:
    """Return what is said of a fault: which rows, and what happened to them."""
    if fault.first == fault.last:
        return text("Row {first} {what}", first=fault.first, what=FAULT_TEXTS[fault.kind])
    return text("Rows {first} to {last}: each {what}", first=fault.first, last=fault.last, what=FAULT_TEXTS[fault.kind])
