"""The folder of backups: each is a file with a manifest beside it that says what it is and how to know it again."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from services.field_encryption import FieldCipher
from services.store.table_digest import Fingerprint

MANIFEST: Final = ".json"
_PURPOSE: Final = "backup"
_PIECE: Final = 1 << 20
_ADDED: Final = ("versions", "drifted")


class BackupKind(StrEnum):
    """In which form a store was backed up; the value is the suffix of the file."""

    FILE = ".gpkg"
    DATABASE = ".dump"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of a backup without opening it."""

    file: str
    kind: BackupKind
    store: str
    """Name of the file or the database, without its place."""
    made_at: datetime
    version: str
    """Of the tables."""
    bytes: int
    sha256: str
    """Of the file."""
    tables: Mapping[str, Fingerprint]
    audit_rows: int
    audit_newest: int
    """Number of the newest row of the audit trail."""
    audit_digest: str
    audit_faults: int
    """How many faults the trail had already; 0 is a whole one."""
    key: str
    """By what the key is known that opens it (``Sealed.own_mark``); the key itself cannot be told from it."""
    versions: Mapping[str, int] = field(default_factory=dict)
    """At which change each part of the data was written last (``Transaction.versions``)."""
    drifted: tuple[str, ...] = ()
    """Tables that differed from an earlier backup although nobody had changed them (``services.store.drift``)."""
    seal: str = ""
    """Keyed digest of all the rest."""

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(fingerprint.rows for fingerprint in self.tables.values())


_reader: Final = TypeAdapter(Manifest)


def manifest_path(backup: Path) -> Path:
    """Return where the manifest of a backup lies."""
    return backup.with_name(backup.name + MANIFEST)


def read_manifest(backup: Path) -> Manifest | None:
    """Return the manifest of a backup, None where there is none that can be understood."""
    try:
        return _reader.validate_json(manifest_path(backup).read_bytes())
    except (OSError, ValidationError):
        return None


def write_manifest(backup: Path, manifest: Manifest, cipher: FieldCipher) -> Manifest:
    """Write the manifest of a backup, sealed, and return it."""
    sealed = replace(manifest, seal=_seal(manifest, cipher))
    content = json.dumps(_reader.dump_python(sealed, mode="json"), ensure_ascii=False, indent=1)
    handle = os.open(manifest_path(backup), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(content + "\n")
        file.flush()
        os.fsync(file.fileno())
    return sealed


def is_sealed_with(manifest: Manifest, cipher: FieldCipher) -> bool:
    """Return whether a manifest is as the program wrote it with this key."""
    return manifest.seal == _seal(manifest, cipher)


def backups_in(folder: Path, store: str = "") -> Iterator[tuple[Path, Manifest]]:
    """Yield the backups of a folder (those of one store, if it is named), newest first."""
    found = []
    for path in folder.glob("*" + MANIFEST) if folder.is_dir() else ():
        backup = path.with_name(path.name.removesuffix(MANIFEST))
        manifest = read_manifest(backup)
        if manifest is not None and manifest.file == backup.name and store in {"", manifest.store}:
            found.append((backup, manifest))
    yield from sorted(found, key=lambda one: (one[1].made_at, one[1].file), reverse=True)


def is_whole(backup: Path, manifest: Manifest) -> bool:
    """Return whether the file of a backup is bit by bit what was written."""
    try:
        return backup.stat().st_size == manifest.bytes and sha256_of(backup) == manifest.sha256
    except OSError:
        return False


def newest_good(folder: Path, store: str = "") -> Path | None:
    """Return the newest backup that is still what was written, or None."""
    return next((path for path, manifest in backups_in(folder, store) if is_whole(path, manifest)), None)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def remember_folder(store_file: Path, folder: Path) -> None:
    """Note beside an embedded store where its backups lie, for the day when it cannot be opened."""
    _note_of(store_file).write_text(f"{folder.resolve()}\n", encoding="utf-8")


def remembered_folder(store_file: Path) -> Path | None:
    """Return where the backups of an embedded store lie as far as it is noted."""
    try:
        said = _note_of(store_file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return Path(said) if said else None


def _note_of(store_file: Path) -> Path:
    return store_file.with_name(store_file.name + ".backups")


def _seal(manifest: Manifest, cipher: FieldCipher) -> str:
    said = asdict(replace(manifest, seal=""))
    for name in _ADDED:  # manifests that were written before they had these are sealed without them
        if not said[name]:
            del said[name]
    return cipher.mac(_PURPOSE, json.dumps(said, ensure_ascii=False, sort_keys=True, default=str))
