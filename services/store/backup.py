"""Writing a backup while work goes on: a copy of one state of the store, read back before it counts.

The key of the store is never in it.
"""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pysqlite3 import dbapi2 as sqlite
from sqlalchemy import create_engine

from services.errors import system_reason
from services.field_encryption import FieldCipher
from services.i18n import Text, text
from services.store import dump
from services.store.backup_catalog import (
    BackupKind,
    Manifest,
    backups_in,
    manifest_path,
    remember_folder,
    sha256_of,
    write_manifest,
)
from services.store.damage import faults_of_file
from services.store.database import Store
from services.store.drift import find_drift
from services.store.errors import StoreError, losses_told
from services.store.hash_chain import NOTHING_YET
from services.store.table_digest import Fingerprint
from services.store.transaction import Transaction

_PART: Final = ".part"


class BackupError(StoreError):
    """The backup could not be made; no half of one is left."""

    def __init__(self, why: Text) -> None:
        super().__init__(text("No backup was made: {why}", why=why))


def make_backup(store: Store, folder: Path, at: datetime) -> tuple[Path, Manifest]:
    """Write a backup of a store into a folder and return its file and its manifest.

    Others may go on writing. A file is copied by SQLite itself (``VACUUM INTO``), a database by ``pg_dump``; then the
    copy is read back: integrity, references, the fingerprint of every table, and the chain of the audit trail.

    Raises
    ------
    BackupError
        If the copy cannot be written, or what was read back is not sound.
    """
    _make_folder(folder)
    kind = BackupKind.FILE if store.is_file else BackupKind.DATABASE
    target = _free_name(folder, store.name, at, kind)
    part = target.with_name(target.name + _PART)
    try:
        with losses_told():
            if store.is_file:
                _copy_file(store, part)
                _check_copy(part)
                with reading(part, store.cipher) as tx:
                    manifest = _describe(tx, target, store, at)
            else:
                with dump.snapshot(store.engine) as (connection, snapshot):
                    dump.write(store.engine, snapshot, part)
                    manifest = _describe(Transaction(connection, lambda: store.cipher), target, store, at)
                dump.read_through(part)
        manifest = _with_sums(manifest, part)
        part.rename(target)
        sealed = write_manifest(target, manifest, store.cipher)
        _sync_folder(folder)
    except (OSError, sqlite.Error) as error:
        remove_backup(target)
        why = system_reason(error)
        raise BackupError(text("{file} cannot be written ({why}).", file=target.name, why=why)) from error
    finally:
        part.unlink(missing_ok=True)
    if store.file is not None:
        remember_folder(store.file, folder)
    return target, sealed


def remove_backup(backup: Path) -> None:
    """Delete a backup and what describes it."""
    manifest_path(backup).unlink(missing_ok=True)
    backup.unlink(missing_ok=True)


@contextmanager
def reading(file: Path, cipher: FieldCipher) -> Iterator[Transaction]:
    """Give a transaction on a copy that nobody writes to; nothing is made or changed beside it."""
    address = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
    engine = create_engine(
        "sqlite://", module=sqlite, creator=lambda: sqlite.connect(address, uri=True), hide_parameters=True
    )
    try:
        with engine.connect() as connection:
            yield Transaction(connection, lambda: cipher)
    finally:
        engine.dispose()


def fingerprints(tx: Transaction) -> dict[str, Fingerprint]:
    """Return the fingerprint of every table."""
    return {name: tx.whole.fingerprint(name) for name in tx.whole.names()}


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BackupError(text("the folder {folder} cannot be made.", folder=str(folder))) from error


def _free_name(folder: Path, name: str, at: datetime, kind: BackupKind) -> Path:
    stem = f"{name}-{at:%Y%m%d-%H%M%S}"
    names = (folder / f"{stem}{more}{kind.value}" for more in ("", *(f"-{k}" for k in range(2, 1000))))
    return next(path for path in names if not path.exists())


def _copy_file(store: Store, part: Path) -> None:
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(store.engine.raw_connection()) as connection:
        raw: Any = connection.driver_connection
        raw.execute("VACUUM INTO ?", (str(part),)).close()
    with part.open("rb") as file:
        os.fsync(file.fileno())


def _check_copy(part: Path) -> None:
    faults = faults_of_file(part, thorough=True)
    if faults:
        raise BackupError(text("the copy is not sound ({why}).", why=faults[0].splitlines()[0]))


def _describe(tx: Transaction, target: Path, store: Store, at: datetime) -> Manifest:
    """Return the manifest, but for size and sum.

    A trail that is not whole, and tables that have drifted, are backed up too, and said to be so.
    """
    found, newest, version = tx.trail.examine(), tx.trail.newest() or NOTHING_YET, store.version()
    tables, known = fingerprints(tx), backups_in(target.parent, store.name)
    drift = find_drift(tx, known, store.cipher, version, tables.__getitem__)
    return Manifest(
        file=target.name,
        kind=BackupKind(target.suffix),
        store=store.name,
        made_at=at.replace(microsecond=0),
        version=version,
        bytes=0,
        sha256="",
        tables=tables,
        audit_rows=found.rows,
        audit_newest=newest.id,
        audit_digest=newest.digest,
        audit_faults=len(found.faults),
        key=tx.sealed.mark() or "",
        versions=tx.versions(),
        drifted=drift.tables if drift else (),
    )


def _with_sums(manifest: Manifest, part: Path) -> Manifest:
    return replace(manifest, bytes=part.stat().st_size, sha256=sha256_of(part))


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
