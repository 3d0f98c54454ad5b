"""Data in: read a file, understand it, check every row, show what was found, write it, take it back.

``read_upload`` or ``make_upload`` → ``stage_file`` (again with other ``Options`` until the user is content) →
``commit`` → ``revert_import``.
"""

from services.imports.check.homes import importable_layers
from services.imports.check.stored_values import PLACE, Changes
from services.imports.commit import ImportResult, commit, count_rows, read_batches, revert_import
from services.imports.errors import CancelledError, ImportFileError, NeedDatumError, TakeBackError
from services.imports.findings import Finding, Treatment, action_text, message_of
from services.imports.options import AxisSwap, BadValues, FarPlaces, Options, Outlines, ProgressMonitor, StoredData
from services.imports.read.upload import Upload, make_upload, read_upload
from services.imports.stage import read_stored, stage_file, stage_table
from services.imports.staged_import import StagedImport, make_report, unknown_columns

__all__ = [
    "PLACE",
    "AxisSwap",
    "BadValues",
    "CancelledError",
    "Changes",
    "FarPlaces",
    "Finding",
    "ImportFileError",
    "ImportResult",
    "NeedDatumError",
    "Options",
    "Outlines",
    "ProgressMonitor",
    "StagedImport",
    "StoredData",
    "TakeBackError",
    "Treatment",
    "Upload",
    "action_text",
    "commit",
    "count_rows",
    "importable_layers",
    "make_report",
    "make_upload",
    "message_of",
    "read_batches",
    "read_stored",
    "read_upload",
    "revert_import",
    "stage_file",
    "stage_table",
    "unknown_columns",
]
