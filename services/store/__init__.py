"""The store: the only package that opens the live file or the database. Only ``services.context`` imports it."""

from services.store.audit_log import AuditQuery
from services.store.backup import make_backup, remove_backup
from services.store.backup_catalog import Manifest, backups_in, is_whole
from services.store.damage import DamagedStoreError, backup_folder, faults_of_file
from services.store.database import Store
from services.store.drift import Drift, find_drift
from services.store.engines import FIRST_SAFE_SQLITE, file_of, sqlite_version
from services.store.errors import StoreError, StoreLostError
from services.store.hash_chain import ChainCheck, ChainFault, FaultKind
from services.store.restore import RestoreResult, restore_backup
from services.store.table_digest import Fingerprint
from services.store.transaction import Transaction
from services.store.versions import Migration

__all__ = [
    "FIRST_SAFE_SQLITE",
    "AuditQuery",
    "ChainCheck",
    "ChainFault",
    "DamagedStoreError",
    "Drift",
    "FaultKind",
    "Fingerprint",
    "Manifest",
    "Migration",
    "RestoreResult",
    "Store",
    "StoreError",
    "StoreLostError",
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
