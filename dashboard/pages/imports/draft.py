"""An import that is being prepared: the file, how it is read, and what was found; and what is done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dashboard.payloads.import_preview import ImportPreview, make_preview
from geo.schema import Layer
from services.context import Context
from services.i18n import Text, text
from services.imports import (
    ImportFileError,
    ImportResult,
    Options,
    ProgressMonitor,
    StagedImport,
    Upload,
    commit,
    make_upload,
    read_stored,
    stage_table,
)
from services.imports.read.table import RawTable
from services.imports.read.upload import UNWRITTEN_PARTS
from services.imports.sandbox.process import read_table

_SHAPEFILE = ".shp"


@dataclass(frozen=True, slots=True)
class ImportDraft:
    """A file that somebody gave us for a layer. Nothing of it is written yet."""

    layer: Layer
    upload: Upload
    options: Options
    table: RawTable | None = None
    """The file as it was read, so that other choices need not read it again."""
    staged_import: StagedImport | None = None
    preview: ImportPreview | None = None
    fault: Text | None = None
    """Why the file as a whole cannot be used."""


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did."""

    layer: Layer
    file_name: str
    rejected: int
    result: ImportResult


def join_files(files: Sequence[tuple[str, bytes]]) -> Upload:
    """Return several files by name and content as one upload: one file, or the parts of a Shapefile or GeoPackage.

    Raises
    ------
    ImportFileError
        If they do not belong together, or cannot be opened.
    """
    whole = [file for file in files if not file[0].lower().endswith(UNWRITTEN_PARTS)] or list(files)
    main = [file for file in whole if file[0].lower().endswith(_SHAPEFILE)] or whole
    if len(main) != 1:
        raise ImportFileError(text("Give one file at a time; of a Shapefile all its parts, or all of them zipped"))
    name, data = main[0]
    return make_upload(name, data, {other: content for other, content in files if other != name})


def prepare(context: Context, draft: ImportDraft, monitor: ProgressMonitor) -> ImportDraft:
    """Return the draft with what was found; a file that cannot be used is a draft with a fault.

    Raises
    ------
    CancelledError
        If the user cancels on the way.
    """
    try:
        table = draft.table or read_table(draft.upload, draft.layer, draft.options, monitor)
        stored_data = read_stored(context, draft.layer, table.headers)
        staged = stage_table(table, draft.upload, draft.layer, draft.options, stored_data, monitor)
    except ImportFileError as error:
        return replace(draft, staged_import=None, preview=None, fault=error.text)
    return replace(draft, table=table, staged_import=staged, preview=make_preview(staged), fault=None)


def write(context: Context, staged_import: StagedImport, monitor: ProgressMonitor) -> ImportSummary:
    """Write what was staged.

    Raises
    ------
    CancelledError
        If the user cancels before it is written for good; nothing is left of it then.
    """
    done = commit(context, staged_import, monitor)
    return ImportSummary(staged_import.layer, staged_import.file_name, staged_import.rows_rejected, done)


def with_column(options: Options, field: str, header: str | None) -> Options:
    """Return the options with the user's word on one field; a header serves one field only.

    Examples
    --------
    >>> with_column(Options(columns={"name": "A"}), "code", "A").columns
    {'code': 'A'}
    """
    others: Mapping[str, str | None] = {
        f: h for f, h in options.columns.items() if f != field and (h is None or h != header)
    }
    return replace(options, columns={**others, field: header})
