"""Values that are no longer what was written: found by holding tables that nobody has changed against a backup.

Every change of a layer or of the assignments raises the version of that table, and a backup notes versions and
fingerprints. A table of the same version in a store that goes on from the backup must have the same fingerprint; where
it has not, a disk has changed it, or something else than this program. Neither SQLite's check of a file nor a database
without checksums notices a changed byte inside a value.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from geo.schema import Layer
from services.field_encryption import FieldCipher
from services.store.backup_catalog import Manifest, is_sealed_with
from services.store.table_digest import Fingerprint
from services.store.tables import member_skills
from services.store.transaction import ASSIGNMENTS, Transaction

WATCHED: Final = (*(layer.value for layer in Layer), ASSIGNMENTS, member_skills.name)
"""Tables whose changes are counted (``Transaction.versions``)."""


@dataclass(frozen=True, slots=True)
class Drift:
    """How a store stands to the newest backup that it goes on from and in which nothing had drifted."""

    backup: str
    """Name of its file."""
    made_at: datetime
    table_count: int
    """How many tables nobody has changed since."""
    tables: tuple[str, ...]
    """Those of them that differ all the same; none is as it should be."""


def find_drift(
    tx: Transaction,
    backups: Iterable[tuple[Path, Manifest]],
    cipher: FieldCipher,
    version: str,
    fingerprint: Callable[[str], Fingerprint] | None = None,
) -> Drift | None:
    """Compare the tables that nobody has changed since a backup with what stood in it.

    Parameters
    ----------
    tx
        On the store.
    backups
        Those of the store, newest first.
    cipher
        Of the store.
    version
        Of its tables.
    fingerprint
        Returns the fingerprint of a table, where that is known already; by default the table is read.

    Returns
    -------
    Drift or None
        None where there is no backup to compare with.
    """
    earlier = next((manifest for _, manifest in backups if _is_before(tx, manifest, cipher, version)), None)
    if earlier is None:
        return None
    now, fingerprint = tx.versions(), fingerprint or tx.whole.fingerprint
    unchanged = [name for name in WATCHED if name in earlier.tables and now.get(name) == earlier.versions.get(name)]
    differ = tuple(name for name in unchanged if fingerprint(name) != earlier.tables[name])
    return Drift(earlier.file, earlier.made_at, len(unchanged), differ)


def _is_before(tx: Transaction, manifest: Manifest, cipher: FieldCipher, version: str) -> bool:
    """Return whether a backup is genuine, sound, and an earlier state of this very store: the trail goes on from it."""
    return (
        manifest.version == version
        and bool(manifest.versions)
        and not manifest.drifted
        and bool(manifest.audit_digest)
        and tx.trail.digest_of(manifest.audit_newest) == manifest.audit_digest
        and is_sealed_with(manifest, cipher)
    )
