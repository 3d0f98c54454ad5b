"""Reading an upload, whatever it is, into a table: in a process of its own."""

from geo.schema import Layer
from services.imports.options import ProgressMonitor
from services.imports.read.table import RawTable
from services.imports.read.text_files import AUTO
from services.imports.read.upload import Upload
from services.imports.sandbox.process import READER
from services.imports.sandbox.wire import Request


def read_table(
    upload: Upload,
    layer: Layer,
    *,
    encoding: str = AUTO,
    layer_name: str | None = None,
    sheet: str | None = None,
    monitor: ProgressMonitor | None = None,
) -> RawTable:
    """Return a file as a table: what stood where, nothing understood yet.

    Parameters
    ----------
    upload
        The file; an archive that holds one data file is opened.
    layer
        What the rows are to become. It decides only which row is the header, and which sheet or layer is read where
        none is named.
    encoding
        ``auto`` or the name of an encoding, for texts and Shapefiles.
    layer_name, sheet
        Which layer of a vector file, or sheet of a workbook, to read.
    monitor
        Who may cancel.

    Raises
    ------
    ImportFileError
        If the file as a whole cannot be used, or cannot be read in the time and memory there are for it.
    CancelledError
        If the user cancels on the way.
    """
    return READER.read(Request(upload, layer, encoding, layer_name, sheet), monitor or ProgressMonitor())
