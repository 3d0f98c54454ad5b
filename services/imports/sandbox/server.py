"""The process that has the libraries loaded and forks a reader for each file, and the reader, which ends with its file.

It is told over a socket: one byte with two sockets, the connection to the reader and its leash. When the leash is
closed on the other side the reader is killed; when the reader ends, its exit status goes back over the leash. When the
socket itself is closed, since the program ended, all readers are killed and this process ends too.
"""

import encodings
import errno
import gc
import importlib
import os
import pkgutil
import selectors
import shutil
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Final

from services.i18n import LANGUAGES, Text, catalogue, text
from services.imports.errors import ImportFileError
from services.imports.read.parser import open_file, parse_file
from services.imports.read.table import RawTable
from services.imports.sandbox.confinement import confine, die_with_parent, keep_descriptors
from services.imports.sandbox.drivers import keep_all_in_use, keep_driver_of, reference_folders
from services.imports.sandbox.line import READY, STATUS, FrameKind, FrameSocket
from services.imports.sandbox.wire import Request, receive_limits, receive_request, send_refusal, send_table

_IDLE_SECONDS: Final = 900.0
"""After so long without a file the process ends and gives its memory back; the next file starts it again."""
_LATE_MODULES: Final = ("pyarrow.dataset", "pyarrow.pandas_compat", "pandas.core.arrays.arrow._arrow_utils")
"""What libraries would load while they read, loaded once for all files."""
_MOST_BYTES: Final = 8 << 30
"""More than the program sends; memory ends before."""
_FRAMES: Final = 6
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

NO_MEMORY: Final[Text] = text("The file takes too much memory to read and was not read; split it into several files")
NO_ROOM: Final[Text] = text("There is no room on the disk to read the file; ask whoever looks after the server")

Respond = Callable[[FrameSocket], None]
"""Receives what is asked for, and sends the answer."""


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


def table_response(read_table: Callable[[Request], RawTable]) -> Respond:
    """Return what answers a file with its table."""
    return lambda line: send_table(line, read_table(receive_request(line)))


def answer(connection: socket.socket, folder: Path, respond: Respond) -> None:
    """Lock this process in, and answer what comes over the connection, or why there is no answer."""
    gc.disable()
    line = FrameSocket(connection, most=_MOST_BYTES)
    refusal, fault = None, ""
    try:
        confine(folder, receive_limits(line), reference_folders())
        respond(line)
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


class _Readers:
    """The readers at work, by process id: each with its leash and its folder."""

    def __init__(self) -> None:
        self.selector = selectors.DefaultSelector()
        self.at_work: dict[int, tuple[socket.socket, Path]] = {}

    def add(self, process: int, leash: socket.socket, folder: Path) -> None:
        self.at_work[process] = (leash, folder)
        self.selector.register(leash, selectors.EVENT_READ, process)

    def end(self, process: int, status: int) -> None:
        leash, folder = self.at_work.pop(process)
        self.selector.unregister(leash)
        with suppress(OSError):
            leash.send(STATUS.pack(status))
        leash.close()
        shutil.rmtree(folder, ignore_errors=True)

    def collect(self) -> None:
        """Take leave of the readers that have ended."""
        for process in list(self.at_work):
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                self.end(process, status)

    def end_all(self) -> None:
        for process in list(self.at_work):
            os.kill(process, signal.SIGKILL)
            self.end(process, os.waitpid(process, 0)[1])


def serve(control: socket.socket, respond: Respond) -> None:
    """Fork readers until the program ends, or nothing has come for a while."""
    _load()
    readers = _Readers()
    ended, wake = socket.socketpair()
    for end in (ended, wake):
        end.settimeout(0)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, _pass_over)
    signal.signal(signal.SIGTERM, _stop)
    readers.selector.register(control, selectors.EVENT_READ)
    readers.selector.register(ended, selectors.EVENT_READ)
    control.sendall(READY)
    try:
        while _attend(control, ended, readers, respond):
            pass
    finally:
        readers.end_all()


def _attend(control: socket.socket, ended: socket.socket, readers: _Readers, respond: Respond) -> bool:
    """Do what is to be done next; return whether there may be more."""
    events = readers.selector.select(_IDLE_SECONDS)
    for key, _mask in events:
        if key.fileobj is control:
            if not _take(control, readers, respond):
                return False
        elif key.fileobj is ended:
            ended.recv(4096)
        elif key.data in readers.at_work:
            os.kill(key.data, signal.SIGKILL)
            readers.end(key.data, os.waitpid(key.data, 0)[1])
    readers.collect()
    return bool(events or readers.at_work)


def _take(control: socket.socket, readers: _Readers, respond: Respond) -> bool:
    """Fork a reader for the file that is announced; return whether one was."""
    byte, descriptors, _flags, _address = socket.recv_fds(control, 1, 2)
    if not byte:
        return False
    connection, leash = (socket.socket(fileno=number) for number in descriptors)
    folder = Path(tempfile.mkdtemp(prefix="gridmuster-"))
    server = os.getpid()
    process = os.fork()
    if not process:
        _become_reader(connection, folder, server, respond)
    connection.close()
    readers.add(process, leash, folder)
    return True


def _become_reader(connection: socket.socket, folder: Path, server: int, respond: Respond) -> None:
    """Read one file and end; nothing of the server's own work is gone on with, whatever happens."""
    status = 1
    try:
        die_with_parent(server)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        keep_descriptors({connection.fileno()})
        answer(connection, folder, respond)
        status = 0
    finally:
        os._exit(status)


def _load() -> None:
    """Load what readers need later, once for all of them."""
    for name in (*_LATE_MODULES, *(f"encodings.{module.name}" for module in pkgutil.iter_modules(encodings.__path__))):
        with suppress(ImportError):
            importlib.import_module(name)
    for language in LANGUAGES:
        catalogue(language)
    keep_all_in_use()
    gc.collect()
    gc.freeze()


def _pass_over(_number: int, _frame: FrameType | None) -> None:
    """Let a signal only wake the process."""


def _stop(_number: int, _frame: FrameType | None) -> None:
    """End in order.

    Raises
    ------
    SystemExit
        Always.
    """
    raise SystemExit(0)


def main(respond: Respond | None = None) -> None:
    """Serve on the socket whose descriptor is the only argument; by default tables of files."""
    with socket.socket(fileno=int(sys.argv[1])) as control:
        serve(control, respond or table_response(parse))
