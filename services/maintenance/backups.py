"""Backing up and putting back, as use cases: who may, and what the audit trail says of it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.catalog.actions import Action
from services.context import (
    Context,
    Manifest,
    RestoreResult,
    Work,
    backups_in,
    make_backup,
    open_context,
    remove_backup,
    restore_backup,
)
from services.maintenance.audit_log import RESTORED
from services.maintenance.backup_retention import RetentionPolicy, kept_times
from services.rules.fact_names import BACKUPS_FACT
from services.use_cases import use_case


@dataclass(frozen=True, slots=True)
class BackupResult:
    """A backup that was made, read back and kept."""

    file: Path
    manifest: Manifest
    removed: tuple[str, ...]
    """Older backups that were not to be kept any longer."""


def back_up(context: Context, folder: Path, keep: RetentionPolicy) -> BackupResult:
    """Make a backup of a store, then remove those older ones of the same store that are not to be kept.

    Where values are no longer what was written, every older backup is kept: one of them still has them right.

    Raises
    ------
    RefusedError
        If the actor may not look after the store.
    StoreError
        If no sound backup could be made; then nothing is removed.
    """
    with context.look(Action.MAINTAIN):
        pass
    file, manifest = make_backup(context.storage(), folder, context.clock())
    removed = () if manifest.drifted else _remove_old(folder, context.storage().name, keep)
    done = BackupResult(file, manifest, removed)
    _note_backup(context, done)
    return done


@use_case(Action.MAINTAIN, "backup:{done.file.name}")
def _note_backup(work: Work, done: BackupResult) -> None:
    work.tx.records.write_fact(BACKUPS_FACT, str(done.file.parent.resolve()))
    work.note(rows=done.manifest.rows, newest=done.manifest.audit_newest, removed=len(done.removed))


def restore(backup: Path, url: str, at: datetime, *, replaces: bool) -> RestoreResult:
    """Put a backup in the place of a store; the first row that the trail gets then says so.

    Parameters
    ----------
    backup
        The file of a backup, its description beside it.
    url
        Address of the store.
    at
        Local time.
    replaces
        Whether a store that is there is moved aside; without, there must be none.

    Raises
    ------
    StoreError
        If nothing was restored; what was there is as it was.
    """
    done = restore_backup(backup, url, at, replaces=replaces)
    _note_restore(open_context(url), backup, done)
    return done


@use_case(Action.MAINTAIN, RESTORED + "{backup.name}")
def _note_restore(work: Work, backup: Path, done: RestoreResult) -> None:
    del backup  # it is the target
    work.note(rows=done.manifest.rows, newest=done.manifest.audit_newest)


def _remove_old(folder: Path, store: str, keep: RetentionPolicy) -> tuple[str, ...]:
    there = list(backups_in(folder, store))
    kept = kept_times((manifest.made_at for _path, manifest in there), keep)
    old = [path for path, manifest in there if manifest.made_at not in kept]
    for path in old:
        remove_backup(path)
    return tuple(path.name for path in old)
