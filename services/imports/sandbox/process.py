"""The program's side: a file is handed to a process of its own, and a table or one sentence comes back."""

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, TypeVar

import structlog

from geo.schema import Layer
from services.errors import system_reason
from services.i18n import Text, text
from services.imports.errors import ImportFileError
from services.imports.options import Options, ProgressMonitor
from services.imports.read.table import RawTable
from services.imports.read.upload import MAX_UNPACKED_BYTES, Upload
from services.imports.sandbox.confinement import ResourceLimits
from services.imports.sandbox.line import READY, STATUS, FrameSocket, FrameSocketError
from services.imports.sandbox.wire import FaultError, RefusalError, Request, receive_table, send_request
from services.settings import bare_environment

COMMAND: Final = (sys.executable, "-P", "-m", "services.imports.sandbox")
ENVIRONMENT: Final = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".nothing-is-fetched",
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_NUM_THREADS": "1",
    "GDAL_PAM_ENABLED": "NO",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PROJ_NETWORK": "OFF",
}
"""Before the libraries are loaded: nothing is fetched, no plug-ins, no threads, no files beside the file."""
_AT_ONCE: Final = 2
_SECONDS: Final = 300.0
_LEAST_MEMORY: Final = 1 << 30
_MOST_MEMORY: Final = 8 << 30
_START_SECONDS: Final = 120.0
_END_SECONDS: Final = 10.0
_TURN_SECONDS: Final = 0.2
_log = structlog.get_logger(__name__)
T = TypeVar("T")
SendFrames = Callable[[FrameSocket, ResourceLimits], None]
"""Sends the limits, and what is asked for."""


class _ServerLostError(OSError):
    """The server of readers is not there any more."""


def usual_limits() -> ResourceLimits:
    """Return what reading one file may take on this machine: five minutes, and a third of its memory."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return ResourceLimits(_SECONDS, min(max(memory // 3, _LEAST_MEMORY), _MOST_MEMORY), MAX_UNPACKED_BYTES)


def read_table(
    upload: Upload, layer: Layer, options: Options | None = None, monitor: ProgressMonitor | None = None
) -> RawTable:
    """Return a file as a table: what stood where, nothing understood yet. A process of its own reads it.

    Parameters
    ----------
    upload
        The file; an archive that holds one data file is opened.
    layer
        What the rows are to become. It decides only which row is the header, and which sheet or layer is read where
        none is named.
    options
        Which encoding, for texts and Shapefiles, and which layer of a vector file or sheet of a workbook.
    monitor
        Who may cancel.

    Raises
    ------
    ImportFileError
        If the file as a whole cannot be used, or cannot be read in the time and memory there are for it.
    CancelledError
        If the user cancels on the way.
    """
    options, monitor = options or Options(), monitor or ProgressMonitor()
    monitor.step(text("Reading the file"), 0.0)
    return READER.read(Request(upload, layer, options.encoding, options.layer_name, options.sheet), monitor)


class Reader:
    """Reads files in processes of their own; safe for threads, two files at a time."""

    def __init__(self, command: Sequence[str] = COMMAND, limits: ResourceLimits | None = None) -> None:
        self._command, self._limits = command, limits or usual_limits()
        self._turns = threading.BoundedSemaphore(_AT_ONCE)
        self._lock = threading.Lock()
        self._server: _Server | None = None

    def read(self, request: Request, monitor: ProgressMonitor) -> RawTable:
        """Return the table that a process of its own reads from a file.

        Raises
        ------
        ImportFileError
            If the file cannot be used, takes too long or too much memory, or brings its reader down; or if processes
            cannot be started.
        CancelledError
            If the user cancels.
        """
        return self.exchange(lambda line, limits: send_request(line, request, limits), receive_table, monitor)

    def exchange(self, send: SendFrames, receive: Callable[[FrameSocket], T], monitor: ProgressMonitor) -> T:
        """Return what a process of its own answers to what it is sent, the limits first.

        Raises
        ------
        ImportFileError
            As ``read``.
        CancelledError
            If the user cancels.
        """
        while not self._turns.acquire(timeout=_TURN_SECONDS):
            monitor.check()
        try:
            try:
                return self._exchange(send, receive, monitor)
            except _ServerLostError:
                return self._exchange(send, receive, monitor)
        except OSError as error:
            why = system_reason(error)
            raise ImportFileError(text("The process that reads files cannot be started: {why}", why=why)) from error
        finally:
            self._turns.release()

    def _exchange(self, send: SendFrames, receive: Callable[[FrameSocket], T], monitor: ProgressMonitor) -> T:
        """Return the answer.

        Raises
        ------
        ImportFileError
            As ``read``.
        OSError
            If there is no process to read it.
        """
        connection, leash = self._fork()
        with connection, leash:
            line = FrameSocket(connection, most=self._limits.memory_bytes, check=_until(self._limits.seconds, monitor))
            try:
                with suppress(FrameSocketError):  # what a reader sent before it ended says why
                    send(line, self._limits)
                return receive(line)
            except RefusalError as error:
                raise ImportFileError(error.reason) from None
            except FaultError as error:
                _log.error("reader_fault", place=str(error))
                raise ImportFileError(_UNFORESEEN) from error
            except FrameSocketError as error:
                raise ImportFileError(_ending(leash)) from error

    def _fork(self) -> tuple[socket.socket, socket.socket]:
        """Return the connection to a new reader and its leash; the server is started if it is not there.

        Raises
        ------
        OSError
            If processes cannot be started.
        """
        connection, far_connection = socket.socketpair()
        leash, far_leash = socket.socketpair()
        try:
            with far_connection, far_leash, self._lock:
                try:
                    self._running().fork(far_connection, far_leash)
                except BrokenPipeError:
                    self._server = None
                    self._running().fork(far_connection, far_leash)
        except BaseException:
            connection.close()
            leash.close()
            raise
        return connection, leash

    def _running(self) -> "_Server":
        """Return the server, started anew in a process that was forked from one that had it."""
        if self._server is None or self._server.owner != os.getpid():
            self._server = _Server(self._command)
        return self._server


class _Server:
    """The process from which readers are forked: it lives as long as the connection to it."""

    def __init__(self, command: Sequence[str]) -> None:
        self.owner = os.getpid()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, by the interpreter that runs us
                [*command, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=bare_environment() | ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._control.settimeout(_START_SECONDS)
        if self._control.recv(len(READY)) != READY:
            raise _ServerLostError(errno.ECHILD, os.strerror(errno.ECHILD))

    def fork(self, connection: socket.socket, leash: socket.socket) -> None:
        """Have a reader forked that answers over a connection and lives as long as its leash.

        Raises
        ------
        BrokenPipeError
            If the server has ended.
        """
        socket.send_fds(self._control, [READY], [connection.fileno(), leash.fileno()])


def _until(seconds: float, monitor: ProgressMonitor) -> Callable[[], None]:
    """Return what ends the waiting when the time is over or the user cancels."""
    end = time.monotonic() + seconds

    def check() -> None:
        monitor.check()
        if time.monotonic() > end:
            raise ImportFileError(_TOO_LONG)

    return check


def _ending(leash: socket.socket) -> Text:
    """Return why a reader ended without an answer.

    Raises
    ------
    _ServerLostError
        If it ended with its server.
    """
    leash.settimeout(_END_SECONDS)
    try:
        status = leash.recv(STATUS.size)
    except OSError:
        status = b""
    if len(status) < STATUS.size:
        raise _ServerLostError(errno.ECHILD, os.strerror(errno.ECHILD))
    (how,) = STATUS.unpack(status)
    return _TOO_LONG if os.WIFSIGNALED(how) and os.WTERMSIG(how) == signal.SIGXCPU else _BROKEN


_TOO_LONG: Final = text("Reading the file took too long and was stopped; split it, or save it again in another format")
_BROKEN: Final = text(
    "The file brought down the process that read it: it is damaged or takes too much memory; save it again, or split it"
)
_UNFORESEEN: Final = text(
    "The file holds something that cannot be read; save it again, or in another format (GeoPackage, GeoJSON, CSV, XLSX)"
)

READER: Final = Reader()
"""The reader of this process."""
