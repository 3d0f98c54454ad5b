"""Keeping a store in order: copying, backing up and putting back, checking, and the audit trail for people."""

from services.upkeep.backups import BackedUp, back_up, restore
from services.upkeep.copying import Copied, CopyError, CopyRefusedError, OtherKeyError, copy_store
from services.upkeep.doctor import diagnose
from services.upkeep.findings import Finding, Severity
from services.upkeep.retention import Keep, kept_times
from services.upkeep.trail import (
    ACTION_NAMES,
    TrailPage,
    Verified,
    fault_text,
    search_trail,
    trail_actors,
    verify_trail,
)

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
