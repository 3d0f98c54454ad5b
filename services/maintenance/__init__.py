"""Keeping a store in order: copying, backing up and putting back, checking, and the audit trail for people."""

from services.maintenance.audit_log import (
    ACTION_NAMES,
    TrailPage,
    Verified,
    fault_text,
    search_trail,
    trail_actors,
    verify_trail,
)
from services.maintenance.backup_retention import Keep, kept_times
from services.maintenance.backups import BackedUp, back_up, restore
from services.maintenance.copying import Copied, CopyError, CopyRefusedError, OtherKeyError, copy_store
from services.maintenance.doctor import diagnose
from services.maintenance.findings import Finding, Severity

__all__ = [
    "ACTION_NAMES",
    "BackedUp",
    "Copied",
    "CopyError",
    "CopyRefusedError",
    "Finding",
    "Keep",
    "OtherKeyError",
    "Severity",
    "TrailPage",
    "Verified",
    "back_up",
    "copy_store",
    "diagnose",
    "fault_text",
    "kept_times",
    "restore",
    "search_trail",
    "trail_actors",
    "verify_trail",
]
