"""Putting a backup back: checked in a place of its own first, and only then, whole, in the place of the store."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pysqlite3 import dbapi2 as sqlite

from services.errors import system_reason
from services.i18n import Text, text
from services.settings import read_settings
from services.store import dump
from services.store.backup_catalog import BackupKind, Manifest, is_sealed_with, is_whole, manifest_path, read_manifest
from services.store.damage import faults_of_file
from services.store.database import Store
from services.store.encryption import MARKED
from services.store.engines import make_engine
from services.store.errors import StoreError, losses_told
from services.store.high_water_mark import forget_mark, write_mark
from services.store.journal import end_logging, reading_address
from services.store.versions import Migration, is_forgotten, knows

_LOG_SUFFIXES = ("-wal", "-shm")


class RestoreError(StoreError):
    """The backup was not put back; what was there is as it was."""

    def __init__(self, why: Text) -> None:
        super().__init__(text("Nothing was restored: {why}", why=why))


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """What was put back."""

    manifest: Manifest
    migrated: Migration
    """From which version of the tables to which."""
    aside: str
    """Where the store that was there before lies now: a file or a schema; empty where there was none."""
    is_trail_whole: bool


def restore_backup(backup: Path, url: str, at: datetime, *, replaces: bool) -> RestoreResult:
    """Put a backup in the place of a store.

    Checked are the sum of the file, its manifest, SQLite's integrity, the fingerprint of every table, the chain of the
    audit trail and that the key at hand is the one; the tables are brought up to date.

    Parameters
    ----------
    backup
        A file that ``make_backup`` has written, with its manifest beside it.
    url
        Address of the store, of the same kind as the backup.
    at
        Local time, for the name of what is moved aside.
    replaces
        Whether a store that is there may be moved aside; without, the place must be empty.

    Raises
    ------
    RestoreError
        If anything is not as it should be. The store that was there is then as it was.
    """
    manifest = _checked_manifest(backup)
    target = Store(make_engine(url))
    try:
        if (manifest.kind is BackupKind.FILE) != target.is_file:
            raise RestoreError(
                text("the backup is of the other kind of store; restore it into its own kind and use “{command}”.",
                     command="gridmuster copy")
            )  # fmt: skip
        _check_key(manifest, target)
        with losses_told():
            if target.file is not None:
                return _restore_file(backup, manifest, target.file, f"{at:%Y%m%d-%H%M%S}", replaces=replaces)
            return _restore_dump(backup, manifest, target, f"{at:%Y%m%d_%H%M%S}", replaces=replaces)
    finally:
        target.close()


def _checked_manifest(backup: Path) -> Manifest:
    _check_readable(backup)
    manifest = read_manifest(backup)
    if manifest is None:
        raise RestoreError(
            text("{file} with the sums of the backup is missing or cannot be read.", file=manifest_path(backup).name)
        )
    if not is_whole(backup, manifest):
        raise RestoreError(text("{file} is not what was written: its size or its sum differs.", file=backup.name))
    if not knows(manifest.version):
        other = text("the backup was made by a newer version of the program ({version}).", version=manifest.version)
        if is_forgotten(manifest.version):
            other = text(
                "the backup was made by an earlier version of the program (tables {version}): restore it with the last "
                "program of November 2026, then open that store with this one.",
                version=manifest.version,
            )
        raise RestoreError(other)
    return manifest


def _check_readable(backup: Path) -> None:
    try:
        if not backup.is_file():
            raise RestoreError(text("{file} is not there.", file=backup.name))
        for path in (backup, manifest_path(backup)):
            if path.exists():
                path.open("rb").close()
    except PermissionError as error:
        raise RestoreError(
            text(
                "the user that runs the program may not read {file}: put it and its .json into the folder of backups "
                "and give both to that user (chown).",
                file=backup.name,
            )
        ) from error


def _check_key(manifest: Manifest, target: Store) -> None:
    # Refuse a key that does not open the backup: without the right one, telephone numbers stay unreadable.
    if target.file is not None and manifest.key and not _has_key(target.file):
        raise RestoreError(
            text("the key of the store is missing: put {file} beside the store, or set GRIDMUSTER_KEY_FILE.",
                 file=target.file.name + ".key")
        )  # fmt: skip
    if manifest.key and target.cipher.fingerprint(MARKED) != manifest.key:
        raise RestoreError(text("the backup was sealed with another key than the one at hand."))
    if manifest.key and not is_sealed_with(manifest, target.cipher):
        raise RestoreError(text("the description of the backup was changed after it was made."))


def _has_key(file: Path) -> bool:
    settings = read_settings()
    return bool(settings.key or settings.key_file) or file.with_name(file.name + ".key").exists()


def _restore_file(backup: Path, manifest: Manifest, target: Path, stamp: str, *, replaces: bool) -> RestoreResult:
    if _holds_something(target) and not replaces:
        raise RestoreError(text("{file} holds something; “--replace” moves it aside.", file=target.name))
    free = shutil.disk_usage(target.parent).free
    if free < 2 * manifest.bytes:
        raise RestoreError(text("the disk has {free} MB left, and {wanted} MB are needed.",
                                free=free >> 20, wanted=2 * manifest.bytes >> 20))  # fmt: skip
    room = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        staged = room / target.name
        shutil.copyfile(backup, staged)
        staged.chmod(0o600)
        migrated, is_whole_trail = _check_staged(staged, manifest, target)
        _let_go_of_log(target)
        aside = _swap(staged, target, stamp)
    finally:
        shutil.rmtree(room, ignore_errors=True)
    return RestoreResult(manifest, migrated, aside, is_whole_trail)


def _holds_something(target: Path) -> bool:
    if not target.exists() or not target.stat().st_size:
        return False
    try:
        with closing(sqlite.connect(reading_address(target), uri=True)) as connection:
            return bool(connection.execute("SELECT 1 FROM audit LIMIT 1").fetchone())
    except sqlite.DatabaseError:
        return True


def _check_staged(staged: Path, manifest: Manifest, target: Path) -> tuple[Migration, bool]:
    # Open the copy as the store it will be, compare it with its description, and bring it up to date.
    faults = faults_of_file(staged, thorough=True)
    if faults:
        raise RestoreError(text("the backup is not sound ({why}).", why=faults[0]))
    store = Store(make_engine(f"sqlite:///{staged}"), key_beside=target)
    try:
        _compare(store, manifest)
        migrated = store.migrate()
        store.check_key()
        is_trail_whole = _check_trail(store, manifest)
        store.fold()
    finally:
        store.close()
    with staged.open("rb") as file:
        os.fsync(file.fileno())
    return migrated, is_trail_whole


def _compare(store: Store, manifest: Manifest) -> None:
    # Compare every table with its fingerprint; tables of another version have other columns, so only rows count.
    if store.version() != manifest.version:
        raise RestoreError(text("the backup is not of the version that its description says."))
    if not store.is_current():
        return
    with store.read() as tx:
        for name, expected in manifest.tables.items():
            if tx.whole.fingerprint(name) != expected:
                raise RestoreError(text("the table {table} is not what was backed up.", table=name))


def _check_trail(store: Store, manifest: Manifest) -> bool:
    # Return whether the trail is whole; one that was whole when it was backed up has to be.
    with store.read() as tx:
        found = tx.trail.examine()
    if found.faults and not manifest.audit_faults and manifest.key:
        raise RestoreError(text("the audit trail in the backup is not whole."))
    return not found.faults


def _let_go_of_log(target: Path) -> None:
    # Folding the log in works only when nobody has the file open; a damaged one is moved as it is.
    if not target.exists():
        return
    try:
        end_logging(target)
    except sqlite.OperationalError as error:
        if "locked" in str(error):
            raise RestoreError(text("the store is in use; stop the program first.")) from error
    except sqlite.DatabaseError:
        return


def _swap(staged: Path, target: Path, stamp: str) -> str:
    # Move the old store aside and the new one in its place; return the name of the old one.
    aside = target.with_name(f"{target.name}.replaced-{stamp}")
    moved: list[tuple[Path, Path]] = []
    try:
        for suffix in ("", *_LOG_SUFFIXES):
            old = target.with_name(target.name + suffix)
            if old.exists():
                new = aside.with_name(aside.name + suffix)
                old.rename(new)
                moved.append((old, new))
        staged.rename(target)
    except OSError as error:
        for old, new in reversed(moved):
            new.rename(old)
        raise RestoreError(text("the file cannot be moved ({why}).", why=system_reason(error))) from error
    forget_mark(target)
    store = Store(make_engine(f"sqlite:///{target}"))
    with closing(store), store.read() as tx:
        newest = tx.trail.newest()
    if newest is not None and newest.id:
        write_mark(target, newest.id, newest.digest)
    return aside.name if moved else ""


def _restore_dump(backup: Path, manifest: Manifest, target: Store, stamp: str, *, replaces: bool) -> RestoreResult:
    dump.refuse_company(target.engine)
    schema, before = "", target.version()
    tables = dump.tables_of_program(target.engine) if knows(before) else dump.tables_of_owner(target.engine)
    if before:
        with target.read() as tx:
            is_filled = target.is_current() is False or any(tx.whole.counts().values())
        if is_filled and not replaces:
            raise RestoreError(text("{file} holds something; “--replace” moves it aside.", file=target.name))
        schema = f"replaced_{stamp}" if is_filled else ""
    dump.read_through(backup)
    rights = dump.rights_of_others(target.engine)
    with _in_place(target, schema, tables):
        dump.load(target.engine, backup)
        _compare(target, manifest)
        migrated = target.migrate()
        target.check_key()
        is_trail_whole = _check_trail(target, manifest)
    dump.give_others(target.engine, rights)
    return RestoreResult(manifest, migrated, schema, is_trail_whole)


@contextmanager
def _in_place(target: Store, schema: str, tables: Sequence[str]) -> Iterator[None]:
    """Make room in a database, and put everything back as it was if what follows fails."""
    dump.clear(target.engine, schema, tables)
    try:
        yield
    except BaseException:
        with suppress(Exception):
            dump.bring_back(target.engine, schema)
        raise
