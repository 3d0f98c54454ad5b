"""Keeping a store in order: copying, backing up and putting back, checking, and the audit trail for people."""

from services.maintenance.audit_log import (
    AuditCheck,
    AuditPage,
    audit_actors,
    fault_text,
    search_audit_log,
    verify_audit_log,
)
from services.maintenance.backup_retention import RetentionPolicy, kept_times
from services.maintenance.backups import BackupResult, back_up, restore
from services.maintenance.copying import CopyError, CopyRefusedError, CopyResult, OtherKeyError, copy_store
from services.maintenance.doctor import diagnose
from services.maintenance.findings import CheckResult, Severity

__all__ = [
    "AuditCheck",
    "AuditPage",
    "BackupResult",
    "CheckResult",
    "CopyError",
    "CopyRefusedError",
    "CopyResult",
    "OtherKeyError",
    "RetentionPolicy",
    "Severity",
    "audit_actors",
    "back_up",
    "copy_store",
    "diagnose",
    "fault_text",
    "kept_times",
    "restore",
    "search_audit_log",
    "verify_audit_log",
]
