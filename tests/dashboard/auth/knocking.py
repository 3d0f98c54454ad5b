"""A browser without a screen: sends exactly what a test says, follows nothing, and speaks to a page's WebSocket."""

import contextlib
import gzip
import http.client
import json
import socket
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from services.accounts import DEMO_PASSWORD

NAME = "wangge.example"
"""Under which the office reaches the server."""
SCRIPT = {"Sec_Fetch_Dest": "empty"}
"""As a script asks, not a person."""
WAIT_S = 20
"""After this long without an answer a test has failed; no test measures time."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def cookie(self) -> str:
        """Return the cookies that were given, as they are sent back."""
        return "; ".join(given.partition(";")[0] for given in self.headers.get_all("Set-Cookie", []))

    def json(self) -> Any:
        """Return what the text says as JSON."""
        return json.loads(self.text)


@dataclass(frozen=True)
class Browser:
    address: str
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
        parts = urlsplit(self.address)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=WAIT_S)
        named = {name.replace("_", "-"): value for name, value in (self.headers | headers).items()}
        try:
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            content = answer.read()
            if answer.headers.get("Content-Encoding") == "gzip" and content:
                content = gzip.decompress(content)
            return Answer(answer.status, answer.headers, content.decode(errors="replace"))
        finally:
            connection.close()

    def send(self, path: str, form: dict[str, str], **headers: str) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask(path, "POST", urlencode(form), **kind, **headers)

    def sign_in(self, name: str, password: str = DEMO_PASSWORD, **more: str) -> "Browser":
        """Return the same browser, signed in."""
        answer = self.send("/sign-in", {"name": name, "password": password, "next": "/"} | more)
        assert answer.status == 303, answer.text
        return Browser(self.address, self.headers | {"Cookie": answer.cookie})

    def open_page(self, *, session: str = "", **headers: str) -> ClientConnection:
        """Return the WebSocket of a page."""
        parts = urlsplit(self.address)
        named = {name.replace("_", "-"): value for name, value in (self.headers | headers).items()}
        origin = named.pop("Origin", self.address)
        words = ["streamlit", "PLACEHOLDER_AUTH_TOKEN", *([session] if session else [])]
        return connect(
            f"ws://{named.pop('Host', parts.netloc)}/_stcore/stream",
            sock=socket.create_connection((parts.hostname, parts.port), WAIT_S),
            origin=origin or None,
            subprotocols=words,
            additional_headers=named,
            open_timeout=WAIT_S,
            max_size=None,
        )

    def is_let_in(self, **options: str) -> bool:
        """Return whether the WebSocket of a page opens."""
        with contextlib.suppress(InvalidStatus), self.open_page(**options):
            return True
        return False


def run(page: ClientConnection, name: str = "") -> None:
    """Ask for a run of the page of a name, by default of the first."""
    message = BackMsg()
    message.rerun_script.query_string = ""
    message.rerun_script.page_name = name
    page.send(message.SerializeToString())


def said(page: ClientConnection, name: str = "") -> str:
    """Ask for a run of the page of a name and return everything it says until the run is over."""
    run(page, name)
    heard = []
    while True:
        message = ForwardMsg.FromString(page.recv(timeout=WAIT_S))
        heard.append(str(message))
        if message.WhichOneof("type") == "script_finished":
            return "\n".join(heard)


def wait_until_closed(page: ClientConnection) -> int:
    """Return with which code the server closed a WebSocket."""
    try:
        while True:
            page.recv(timeout=WAIT_S)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 0
