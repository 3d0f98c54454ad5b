"""The store: the only package that opens the live file or the database. Only ``services.context`` imports it."""

from services.store.audit_log import TrailQuery
from services.store.backup import make_backup, remove_backup
from services.store.backup_catalog import Manifest, backups_in, is_whole
from services.store.damage import DamagedStoreError, backup_folder, faults_of_file
from services.store.database import Store
from services.store.drift import Drift, find_drift
from services.store.engines import FIRST_SAFE_SQLITE, file_of, sqlite_version
from services.store.errors import StoreError, StoreLostError
from services.store.hash_chain import ChainFault, Examined, FaultKind
from services.store.restore import Restored, restore_backup
from services.store.table_digest import Fingerprint
from services.store.transaction import Transaction
from services.store.versions import Migrated

__all__ = [
    "FIRST_SAFE_SQLITE",
    "ChainFault",
    "DamagedStoreError",
    "Drift",
    "Examined",
    "FaultKind",
    "Fingerprint",
    "Manifest",
    "Migrated",
    "Restored",
    "Store",
    "StoreError",
    "StoreLostError",
    "TrailQuery",
    "Transaction",
    "backup_folder",
    "backups_in",
    "faults_of_file",
    "file_of",
    "find_drift",
    "is_whole",
    "make_backup",
    "remove_backup",
    "restore_backup",
    "sqlite_version",
]
