"""Where an import stands in this session: no file, at work, looked at, written. Callbacks move it on."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from dashboard import cache
from dashboard.pages.imports.draft import ImportDraft, ImportSummary, join_files, prepare, with_column, write
from dashboard.pages.imports.job import ReportedStep, watched
from dashboard.pages.imports.overview import REVERTED_KEY, SUMMARY_KEY
from dashboard.streamlit import state
from dashboard.streamlit.job import Job
from dashboard.streamlit.uploads import let_go
from geo.schema import Layer
from services.errors import ServiceError
from services.i18n import Text
from services.imports import CancelledError, ImportFileError, Options, ProgressMonitor

DRAFT: Final = "import-draft"
JOB: Final = "import-job"
LOOK: Final = "import-look"
"""The draft that is looked at; ``DRAFT`` is the last one that came through."""
FAULT: Final = "import-fault"
NOTICE: Final = "import-notice"
UPLOAD: Final = "upload"
GENERATION: Final = "upload-generation"


def draft() -> ImportDraft | None:
    """Return the import that is being prepared."""
    found: ImportDraft | None = state.saved_value(DRAFT)
    return found


def job() -> "Job[ImportDraft | ImportSummary, ReportedStep] | None":
    """Return the work under way."""
    found: Job[ImportDraft | ImportSummary, ReportedStep] | None = state.saved_value(JOB)
    return found


def uploader_key() -> str:
    """Return the key of the uploader; a new one empties it."""
    return f"{UPLOAD}-{state.saved_value(GENERATION) or 0}"


def take_files(layer_key: str, fallback: str) -> None:
    """Take the files that were chosen and begin to look at them, as the layer that is chosen, or else ``fallback``."""
    files = state.widget_value(uploader_key()) or []
    if not files:
        return
    state.forget(FAULT, NOTICE, SUMMARY_KEY, REVERTED_KEY)
    try:
        upload = join_files([(file.name, file.getvalue()) for file in files])
    except ImportFileError as error:
        state.keep(FAULT, error.text)
        return
    finally:
        let_go(files)
        state.keep(GENERATION, (state.saved_value(GENERATION) or 0) + 1)
    _look(ImportDraft(Layer(state.widget_value(layer_key) or fallback), upload, Options()))


def change_layer(key: str) -> None:
    """Read the same file as another layer."""
    at, layer = _at_work(), state.widget_value(key)
    if layer is not None:
        _look(ImportDraft(Layer(layer), at.upload, replace(at.options, columns={}, datum=None)))


def change_options(**changes: Any) -> None:
    """Look at the file again with other choices; it is read anew only where that matters."""
    at = _at_work()
    options = replace(at.options, **changes)
    if {"encoding", "layer_name", "sheet"} & changes.keys():
        _look(ImportDraft(at.layer, at.upload, replace(options, columns={})))
    else:
        _look(replace(at, options=options))


def change_column(field: str, key: str) -> None:
    """Take the user's word on which column a field is."""
    at = _at_work()
    _look(replace(at, options=with_column(at.options, field, state.widget_value(key) or None)))


def look_again() -> None:
    """Look at the file again, for what is stored has changed."""
    _look(_at_work())


def write_it() -> None:
    """Write what was looked at, on the user's word."""
    staged, context = _at_work().staged_import, cache.context()
    if staged is not None:
        state.forget(FAULT, NOTICE)
        _start(lambda monitor: write(context, staged, monitor))


def give_up() -> None:
    """Let go of the file; nothing was written."""
    running = job()
    if running is not None:
        running.cancel()
    state.forget(DRAFT, LOOK, JOB, FAULT, NOTICE)


def finish() -> None:
    """Take what came of the work that has ended; a look that fails or is cancelled leaves the one before.

    Raises
    ------
    Exception
        Whatever the work did not foresee.
    """
    running = job()
    if running is None:
        return
    state.forget(JOB, LOOK)
    try:
        result = running.result()
    except CancelledError as error:
        state.keep(NOTICE, error.text)
        return
    except ServiceError as error:
        state.keep(FAULT, error.text)
        return
    if isinstance(result, ImportSummary):
        state.keep(SUMMARY_KEY, result)
        state.forget(DRAFT)
    elif result.fault is None:
        state.keep(DRAFT, result)
    else:
        state.keep(FAULT, result.fault)
        if draft() is None and result.table is not None:
            state.keep(DRAFT, result)


def fault() -> Text | None:
    """Return what to tell about the last thing that could not be done."""
    found: Text | None = state.saved_value(FAULT)
    return found


def file_name() -> str:
    """Return the name of the file at work."""
    found = state.saved_value(LOOK) or draft()
    return found.upload.name if found else ""


def _at_work() -> ImportDraft:
    found = draft()
    if found is None:
        raise LookupError("there is no file at work")
    return found


def _look(wanted: ImportDraft) -> None:
    state.keep(LOOK, wanted)
    state.forget(FAULT, NOTICE)
    context = cache.context()
    _start(lambda monitor: prepare(context, wanted, monitor))


def _start(work: Callable[[ProgressMonitor], ImportDraft | ImportSummary]) -> None:
    state.keep(JOB, watched(work).start())
