"""One file read in a process that ends with it."""

import errno
import gc
import socket
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final

from services.i18n import Text, text
from services.imports.errors import ImportFileError
from services.imports.read.parser import open_file, parse_file
from services.imports.read.table import RawTable
from services.imports.sandbox.confinement import confine
from services.imports.sandbox.drivers import keep_driver_of, reference_folders
from services.imports.sandbox.line import FrameKind, FrameSocket
from services.imports.sandbox.wire import Request, receive_limits, receive_request, send_refusal, send_table

_MOST_BYTES: Final = 8 << 30
"""More than the program sends; memory ends before."""
_FRAMES: Final = 6
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def parse(request: Request) -> RawTable:
    """Return the file as a table, read with the one driver of its format.

    Raises
    ------
    ImportFileError
        If the file as a whole cannot be used.
    """
    inner, kind = open_file(request.upload)
    keep_driver_of(kind)
    return parse_file(
        inner, kind, request.layer, encoding=request.encoding, layer_name=request.layer_name, sheet=request.sheet
    )


def answer(connection: socket.socket, folder: Path, read_table: Callable[[Request], RawTable] = parse) -> None:
    """Lock this process in, read the file that comes over the connection, and send the table or why there is none."""
    gc.disable()
    line = FrameSocket(connection, most=_MOST_BYTES)
    refusal, fault = None, ""
    try:
        confine(folder, receive_limits(line), reference_folders())
        send_table(line, read_table(receive_request(line)))
    except ImportFileError as error:
        refusal = error.text
    except MemoryError:
        refusal = NO_MEMORY
    except OSError as error:
        refusal, fault = (NO_ROOM if error.errno in _NO_ROOM else None), _place(error)
    except Exception as error:  # noqa: BLE001 - whatever a library raises, the program gets an answer
        fault = _place(error)
    if refusal is not None:
        send_refusal(line, refusal)
    elif fault:
        line.send(FrameKind.FAULT, fault.encode("ascii", "replace"))


def _place(error: Exception) -> str:
    """Return the class of an exception and where it came from, without what it says: that may be of the file."""
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    places = [f"{Path(name).name}:{line}" for name, line in frames if not name.startswith("<")]
    return " ".join([type(error).__name__, *places[-_FRAMES:]])


NO_MEMORY: Final[Text] = text("The file takes too much memory to read and was not read; split it into several files")
NO_ROOM: Final[Text] = text("There is no room on the disk to read the file; ask whoever looks after the server")
