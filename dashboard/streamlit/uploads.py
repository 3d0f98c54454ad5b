"""Files in Streamlit's memory, let go of as soon as they were taken from there."""

from collections.abc import Iterable

from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile


def let_go(files: Iterable[UploadedFile]) -> None:
    """Remove files that this page has taken over: Streamlit would keep them until the page is closed."""
    run = get_script_run_ctx(suppress_warning=True)
    memory = run.uploaded_file_mgr if run is not None else None
    if run is not None and isinstance(memory, MemoryUploadedFileManager):
        for file in files:
            memory.remove_file(run.session_id, file.file_id)
