"""The line between a browser and a server: a relay that can be cut, mended, and made deaf to what the server says."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

CHUNK = 1 << 16


@dataclass(eq=False)
class Call:
    """One connection through the line: the browser's end, the server's, and whether the browser hears anything."""

    browser: socket.socket
    server: socket.socket
    is_deaf: bool = False

    def ask(self) -> None:
        """Carry what the browser says, until one of them ends."""
        with contextlib.suppress(OSError):
            while said := self.browser.recv(CHUNK):
                self.server.sendall(said)
        self.end()

    def answer(self) -> None:
        """Carry what the server says, or lose it, until one of them ends."""
        with contextlib.suppress(OSError):
            while said := self.server.recv(CHUNK):
                if not self.is_deaf:
                    self.browser.sendall(said)
        self.end()

    def end(self) -> None:
        for end in (self.browser, self.server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


class Line:
    """A relay on a port of its own in front of a server; ``address`` is where browsers are to go.

    A connection that went deaf or was cut stays so: a line that lost something never tells the rest of it.
    """

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._server = (str(parts.hostname), int(parts.port or 0))
        self._door = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self._calls: list[Call] = []
        self._is_cut = False
        threading.Thread(target=self._accept, daemon=True).start()

    def deafen(self) -> None:
        """Let nothing more through of what the server says on the connections of now."""
        for call in self._calls:
            call.is_deaf = True

    def cut(self) -> None:
        """Break every connection and let no new one through."""
        self._is_cut = True
        for call in self._calls:
            call.end()

    def mend(self) -> None:
        """Let new connections through."""
        self._is_cut = False

    def close(self) -> None:
        """Stop for good."""
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.cut()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._meet(self._door.accept()[0])

    def _meet(self, browser: socket.socket) -> None:
        if self._is_cut:
            browser.close()
            return
        call = Call(browser, socket.create_connection(self._server))
        self._calls.append(call)
        if self._is_cut:
            call.end()
        for carry in (call.ask, call.answer):
            threading.Thread(target=carry, daemon=True).start()


@contextlib.contextmanager
def lined(address: str) -> Iterator[Line]:
    """Keep a line to a server for as long as it is needed."""
    line = Line(address)
    try:
        yield line
    finally:
        line.close()
