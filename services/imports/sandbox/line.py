"""Frames over a socket: eight bytes of length, one that says what it is, and the bytes themselves."""

import socket
import struct
from collections.abc import Callable
from enum import Enum
from typing import Final

_HEAD: Final = struct.Struct("!Qc")
READY: Final = b"R"
"""What the server of readers sends once it has its libraries."""
STATUS: Final = struct.Struct("!i")
"""How a reader ended, as ``os.waitpid`` says it."""
_LOOK_SECONDS: Final = 0.2
"""So often whoever waits is asked whether to go on."""


class FrameKind(Enum):
    """What a frame is."""

    DATA = b"d"
    REFUSAL = b"r"
    """Why the file cannot be used, a text for people; nothing comes after it."""
    FAULT = b"f"
    """An exception nobody foresaw: its class and place; nothing comes after it."""


class FrameSocketError(Exception):
    """The other side ended, or sends what it should not."""


def _go_on() -> None:
    """Never stop."""


class FrameSocket:
    """One side of the connection."""

    def __init__(self, connection: socket.socket, *, most: int, check: Callable[[], None] = _go_on) -> None:
        """Take a connected socket.

        Parameters
        ----------
        connection
            The socket; the caller closes it.
        most
            So many bytes may come in altogether.
        check
            Called again and again while waiting; what it raises ends the waiting.
        """
        self._connection, self._left, self._check = connection, most, check
        connection.settimeout(_LOOK_SECONDS)

    def send(self, kind: FrameKind, content: bytes) -> None:
        """Send a frame.

        Raises
        ------
        FrameSocketError
            If the other side is gone.
        """
        for part in (_HEAD.pack(len(content), kind.value), content):
            rest = memoryview(part)
            while rest:
                rest = rest[self._send_some(rest) :]

    def receive(self) -> tuple[FrameKind, bytearray]:
        """Return the next frame.

        Raises
        ------
        FrameSocketError
            If the other side is gone, or the frame is none or too long.
        """
        length, mark = _HEAD.unpack(self._receive_all(_HEAD.size))
        if length > self._left or mark not in {kind.value for kind in FrameKind}:
            raise FrameSocketError
        self._left -= length
        return FrameKind(mark), self._receive_all(length)

    def _send_some(self, rest: memoryview) -> int:
        while True:
            self._check()
            try:
                return self._connection.send(rest)
            except TimeoutError:
                continue
            except OSError as error:
                raise FrameSocketError from error

    def _receive_all(self, length: int) -> bytearray:
        content = bytearray(length)
        rest = memoryview(content)
        while rest:
            rest = rest[self._receive_some(rest) :]
        return content

    def _receive_some(self, rest: memoryview) -> int:
        while True:
            self._check()
            try:
                count = self._connection.recv_into(rest)
            except TimeoutError:
                continue
            except OSError as error:
                raise FrameSocketError from error
            if not count:
                raise FrameSocketError
            return count
