"""Office files without the hour at which they were written: the same content gives the same bytes at any time."""

import io
import zipfile
from datetime import datetime
from typing import Final

NO_DATE: Final = datetime(1980, 1, 1)
"""The first that a zip archive can name, and what XlsxWriter gives the parts of its own."""


def without_dates(archive: bytes) -> bytes:
    """Return a zip archive with the same parts in the same order, none of which says when it was written."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as dated, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as undated:
        for part in dated.infolist():
            undated.writestr(
                zipfile.ZipInfo(part.filename, NO_DATE.timetuple()[:6]), dated.read(part), part.compress_type
            )
    return file.getvalue()
