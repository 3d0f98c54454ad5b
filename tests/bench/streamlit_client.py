"""A browser without a picture: signs in, keeps a WebSocket to the server, and acts on widgets as Streamlit's page does.

It sends what the page sends (the state of every widget, the messages it has cached, the place in the address), asks
``/whoami`` like ``dashboard/web/auth/session_check.js`` and runs again when there is another version like
``dashboard/live/live_reload.js``. It draws nothing.
"""

import asyncio
import json
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

LOOK_EVERY_S: Final = 2.0
PATIENCE_S: Final = 120.0
_CHOICE: Final = re.compile(r'"choose": ?"([^"]*)"')
_MAP: Final = "the map"
"""Under which the one component of a page is kept that is not made with a key of ours."""


class ClientError(RuntimeError):
    """The server did not answer as it should."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the page as a browser saw it."""

    seconds: float
    size: int
    """Bytes that came."""
    faults: int
    """Elements that say that something went wrong."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer over HTTP."""

    status: int
    headers: dict[str, str]
    body: bytes
    cookies: str
    """Those that were set, as a browser sends them back."""


class Http:
    """One connection that stays open, as a browser keeps it."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Answer:
        """Send a request and return what came back."""
        is_new = self._streams is None or self._streams[0].at_eof()
        if self._streams is None or is_new:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        told = {"Host": f"{self._host}:{self._port}", "Content-Length": str(len(body)), **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin1").split("\r\n")
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            if is_new or method != "GET":
                raise ClientError("the server closed the connection") from error
            self._streams = None  # it had waited long enough for us and left at this very moment
            return await self.ask(method, path, headers)
        pairs = [(name.lower(), value) for name, _, value in (line.partition(": ") for line in lines[1:] if line)]
        known = dict(pairs)
        cookies = "; ".join(value.partition(";")[0] for name, value in pairs if name == "set-cookie")
        return Answer(int(lines[0].split()[1]), known, await self._body(reader, known), cookies)

    @staticmethod
    async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding") != "chunked":
            return await reader.readexactly(int(headers.get("content-length", 0)))
        parts = []
        while size := int(await reader.readuntil(b"\r\n"), 16):
            parts.append((await reader.readexactly(size + 2))[:-2])
        await reader.readexactly(2)
        return b"".join(parts)

    async def close(self) -> None:
        """End the connection."""
        if self._streams is not None:
            self._streams[1].close()
            with suppress(OSError):
                await self._streams[1].wait_closed()


async def sign_in(host: str, port: int, account: str, password: str) -> str:
    """Return the cookies of a new session.

    Raises
    ------
    ClientError
        If the server does not let the account in.
    """
    form = urlencode({"name": account, "password": password, "next": "/"}).encode()
    door = Http(host, port)
    try:
        answer = await door.ask("POST", "/sign-in", {"Content-Type": "application/x-www-form-urlencoded"}, form)
    finally:
        await door.close()
    if answer.status != 303:
        raise ClientError(f"sign-in: {answer.status}")
    return answer.cookies


@dataclass
class Page:
    """A page that is open in a browser.

    Parameters
    ----------
    path
        The page's place in the address, such as ``situation``.
    """

    host: str
    port: int
    cookie: str
    path: str
    looks: int = 0
    """How often it was asked what there is."""
    refusals: int = 0
    """Answers to that which were not what they should be."""
    seen: dict[int, float] = field(default_factory=dict)
    """When the page first showed a version, as ``time.perf_counter`` tells it."""
    received: int = 0
    """Bytes in all."""
    labels: dict[str, list[str]] = field(default_factory=dict)
    """What a group of buttons offers, by the key of the widget."""
    words: dict[str, list[str]] = field(default_factory=dict)
    """What the buttons of a panel tell, by its key."""
    _ids: dict[str, str] = field(default_factory=dict)
    _states: dict[str, WidgetState] = field(default_factory=dict)
    _cached: dict[str, None] = field(default_factory=dict)
    _query: str = ""
    _script: str = ""
    _looking: tuple[str, str] = ("", "")
    """The component that lets the page run again: its name, and the fragment it stands in."""
    _shown: int = -1
    _running: bool = False
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _whole: bool = False
    _faults: int = 0
    _finished: asyncio.Event = field(default_factory=asyncio.Event)
    _lost: BaseException | None = None
    _last: str = ""

    async def open(self) -> Run:
        """Fetch the page, connect, and return the first run."""
        web = Http(self.host, self.port)
        answer = await web.ask("GET", f"/{self.path}", {"Cookie": self.cookie, "Sec-Fetch-Dest": "document"})
        if answer.status != 200:
            raise ClientError(f"/{self.path}: {answer.status}")
        self._socket = await websockets.connect(
            f"ws://{self.host}:{self.port}/_stcore/stream",
            subprotocols=[websockets.Subprotocol("streamlit"), websockets.Subprotocol("x")],
            additional_headers={"Cookie": self.cookie},
            origin=websockets.Origin(f"http://{self.host}:{self.port}"),
            max_size=None,
            open_timeout=PATIENCE_S,
            ping_interval=None,
        )
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._look(web))]
        return await self._run()

    async def press(self, key: str, label: str) -> Run:
        """Choose one of a group of buttons and return the run that follows."""
        wanted = self._states[self._ids[key]]
        wanted.string_array_value.data[:] = [label]
        return await self._run()

    async def choose(self, key: str, word: str) -> Run:
        """Press a button of a panel (``dashboard.kit.html_tree``) and return the run that follows."""
        return await self._run(_event(self._ids[key], "chosen", f"{time.monotonic_ns()}|{word}"))

    async def tell_map(self, properties: dict[str, Any]) -> Run:
        """Let the map tell something and return the run that follows."""
        said = {"last_active_drawing": {"type": "Feature", "geometry": None, "properties": properties}}
        name = self._ids[_MAP]
        self._states[name] = WidgetState(id=name, json_value=json.dumps(said))
        return await self._run()

    async def close(self) -> None:
        """Leave."""
        for task in self._tasks:
            task.cancel()
        await self._socket.close()

    async def _run(self, trigger: WidgetState | None = None) -> Run:
        before, start = self.received, time.perf_counter()
        if self._lost is None:
            self._finished.clear()
        self._whole, self._faults = False, 0
        await self._send(trigger=trigger)
        try:
            await asyncio.wait_for(self._finished.wait(), PATIENCE_S)
        except TimeoutError as error:
            raise ClientError(f"no end of a run; the last messages were{self._last}") from error
        if self._lost is not None:
            raise ClientError(repr(self._lost)) from self._lost
        return Run(time.perf_counter() - start, self.received - before, self._faults)

    async def _send(self, *, trigger: WidgetState | None = None, fragment: str = "") -> None:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = self._query
        asked.page_script_hash = self._script
        asked.page_name = "" if self._script else self.path
        asked.fragment_id = fragment
        asked.cached_message_hashes.extend(self._cached)
        asked.context_info.locale, asked.context_info.timezone = "zh-CN", "Asia/Shanghai"
        asked.context_info.url = f"http://{self.host}:{self.port}/{self.path}"
        asked.widget_states.widgets.extend(self._states.values())
        if trigger is not None:
            asked.widget_states.widgets.append(trigger)
        try:
            await self._socket.send(message.SerializeToString())
        except websockets.ConnectionClosed as error:
            raise ClientError(f"the server closed the connection: {error.rcvd}") from error
        self._running = True

    async def _listen(self) -> None:
        try:
            async for data in self._socket:
                self.received += len(data)
                self._take(ForwardMsg.FromString(bytes(data)))  # type: ignore[arg-type] - Streamlit sends bytes only
            self._lost = ClientError("the server closed the connection")
        except Exception as error:  # noqa: BLE001 - whatever it was, whoever waits is to know
            self._lost = error
        self._finished.set()

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind in {"new_session", "script_finished", "session_status_changed"}:
            self._last = f"{self._last}, {kind} {message.script_finished}"[-160:]
        if message.metadata.cacheable and message.hash:
            self._cached[message.hash] = None
        if kind == "new_session":
            self._script = message.new_session.page_script_hash or self._script
            self._whole = True
        elif kind == "navigation":
            self._script = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "delta":
            self._take_element(message.delta.new_element, message.delta.fragment_id)
        elif kind == "script_finished":
            self._running = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
            if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY and self._whole:
                self.seen.setdefault(self._shown, time.perf_counter())
                self._finished.set()

    def _take_element(self, element: Element, fragment: str) -> None:
        kind = element.WhichOneof("type") or ""
        if kind == "exception":
            self._faults += 1
        if kind == "bidi_component":
            self._take_component(element.bidi_component, fragment)
        widget = getattr(element, kind) if kind in {"button", "button_group", "component_instance"} else None
        if widget is None:
            return
        key = _MAP if kind == "component_instance" else widget.id.split("-", 2)[-1]
        self._ids[key] = widget.id
        if kind == "button_group":
            offered = [option.content for option in widget.options]
            self.labels[key] = offered
            chosen = list(widget.raw_values) if widget.set_value else [offered[place] for place in widget.default]
            if widget.set_value or widget.id not in self._states:
                self._states[widget.id] = WidgetState(id=widget.id)
                self._states[widget.id].string_array_value.data[:] = chosen

    def _take_component(self, component: BidiComponent, fragment: str) -> None:
        if component.component_name == "gm_looking":
            self._looking = component.id, fragment
            self._shown = json.loads(component.json)["shown"]
        elif component.component_name == "gm_panel":
            key = component.id.split("-", 2)[-1]
            self._ids[key], self.words[key] = component.id, _CHOICE.findall(component.json)

    async def _look(self, web: Http) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            answer = await web.ask("GET", "/whoami", {"Cookie": self.cookie})
            self.looks += 1
            if answer.status != 200:
                self.refusals += 1
                continue
            told = json.loads(answer.body)
            if told["lost"] is None and told["version"] not in {None, self._shown} and not self._running:
                await self._run_again(told["version"])

    async def _run_again(self, version: int) -> None:
        component, fragment = self._looking
        self._whole = False
        with suppress(ClientError):  # whoever acts next will say so
            await self._send(trigger=_event(component, "changed", version), fragment=fragment)


def _event(component: str, name: str, value: object) -> WidgetState:
    """Return what a component tells."""
    told = json.dumps([{"event": name, "value": value}])
    return WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{component}__events", json_trigger_value=told)
