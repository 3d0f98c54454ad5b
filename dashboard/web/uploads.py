"""Files on their way in: who may send them, into which session, how much of it may lie there, and for how long."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from dashboard.streamlit.patches import user_info_of
from dashboard.streamlit.session import USER_KEY
from dashboard.web.auth.middleware import STATE, TOKEN
from dashboard.web.blobs import BLOBS
from services.accounts import SignedIn
from services.accounts.sessions import key_of
from services.catalog.actions import Action
from services.context import RefusedError
from services.i18n import Text, text, translate
from services.rules.roles import may

PATH: Final = "/_stcore/upload_file/"
KEPT_FOR_S: Final = 3_600.0
"""What nobody took within this time is let go of."""
SWEEP_EVERY_S: Final = 60.0
_MIB: Final = 1 << 20
_PERSON_FULL: Final = text("Your files take all the room you have on the server; give up the others first.")
_CREATED: Final = 300
"""The first status of an answer that is no success."""


class UploadStore(Protocol):
    """Where files lie that were sent to pages."""

    def owner_of(self, session_id: str) -> str:
        """Return the key of the signed-in session a page belongs to; empty for a page that is not there."""

    def holds(self, session_id: str, file_id: str) -> bool:
        """Return whether a file lies there."""

    def remove(self, session_id: str, file_id: str) -> None:
        """Let go of a file; one that is not there is passed over."""


class StreamlitUploadStore:
    """The memory in which Streamlit keeps the files of its uploaders."""

    def owner_of(self, session_id: str) -> str:
        """Return the key of the signed-in session a page belongs to; empty for a page that is not there."""
        return str(user_info_of(session_id).get(USER_KEY) or "")

    def holds(self, session_id: str, file_id: str) -> bool:
        """Return whether a file lies there."""
        return bool(get_instance().uploaded_file_mgr.get_files(session_id, [file_id]))

    def remove(self, session_id: str, file_id: str) -> None:
        """Let go of a file; one that is not there is passed over."""
        memory = get_instance().uploaded_file_mgr
        if isinstance(memory, MemoryUploadedFileManager):
            memory.remove_file(session_id, file_id)


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """How many MiB may lie there at once."""

    of_a_file: int
    of_a_person: int
    of_all: int


@dataclass(slots=True)
class _Upload:
    account: str
    size: int
    at: float
    is_here: bool = False
    """Whether all of it has come."""


@dataclass
class UploadRecord:
    """What has come and not gone again, by page and file."""

    keeper: UploadStore
    clock: Callable[[], float] = time.monotonic
    _uploads: dict[tuple[str, str], _Upload] = field(default_factory=dict)

    def begin(self, page: str, file: str, account: str, size: int, caps: UploadLimits) -> Text | None:
        """Note that a file begins to come; return why it may not, or None."""
        self._forget_gone()
        others = [one for key, one in self._uploads.items() if key != (page, file)]
        own = sum(one.size for one in others if one.account == account)
        for total, most, refusal in (
            (size, caps.of_a_file, text("The file is larger than {most} MB.", most=caps.of_a_file)),
            (own + size, caps.of_a_person, _PERSON_FULL),
            (
                sum(one.size for one in others) + size,
                caps.of_all,
                text("Too many files are being read just now; try again in a few minutes."),
            ),
        ):
            if total > most * _MIB:
                return refusal
        self._uploads[page, file] = _Upload(account, size, self.clock())
        return None

    def end(self, page: str, file: str, *, came: bool) -> None:
        """Note that a file is here, or that it did not come."""
        if came and (page, file) in self._uploads:
            self._uploads[page, file].is_here = True
        else:
            self._uploads.pop((page, file), None)

    def sweep(self) -> int:
        """Let go of what nobody took for an hour; return how many files that were."""
        old = [key for key, one in self._uploads.items() if one.at + KEPT_FOR_S < self.clock()]
        for page, file in old:
            self.keeper.remove(page, file)
            del self._uploads[page, file]
        return len(old)

    def _forget_gone(self) -> None:
        gone = [key for key, one in self._uploads.items() if one.is_here and not self.keeper.holds(*key)]
        for key in gone:
            del self._uploads[key]


class Uploads:
    """ASGI middleware behind the guard: refuses a file before its first byte is read."""

    def __init__(self, app: ASGIApp, ledger: UploadRecord, caps: Callable[[], UploadLimits]) -> None:
        self._app = app
        self._ledger = ledger
        self._caps = caps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, a WebSocket, or the lifespan."""
        if scope["type"] != "http" or not scope["path"].startswith(PATH) or scope["method"] == "OPTIONS":
            await self._app(scope, receive, send)
            return
        page, _, file = scope["path"].removeprefix(PATH).partition("/")
        who: SignedIn | None = scope.get(STATE)
        if who is None or who.actor is None or not may(who.actor, Action.IMPORT):
            await _refuse(RefusedError(Action.IMPORT).text, 403)(scope, receive, send)
        elif not file or self._ledger.keeper.owner_of(page) != key_of(scope[TOKEN]):
            await _refuse(text("This page is not (or no longer) yours; load it again."), 404)(scope, receive, send)
        elif scope["method"] == "DELETE":
            await self._app(scope, receive, send)
        else:
            await self._take(page, file, who.account.name, scope, receive, send)

    async def _take(self, page: str, file: str, account: str, scope: Scope, receive: Receive, send: Send) -> None:
        size = _length(scope)
        if size is None:
            await _refuse(text("The request does not say how long the file is."), 411)(scope, receive, send)
            return
        refusal = self._ledger.begin(page, file, account, size, self._caps())
        if refusal is not None:
            await _refuse(refusal, 413)(scope, receive, send)
            return
        status = 0

        async def note(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, _limited(receive, size), note)
        finally:
            self._ledger.end(page, file, came=0 < status < _CREATED)


async def sweep(ledger: UploadRecord) -> None:
    """Let go of files that nobody took, again and again."""
    while True:
        await asyncio.sleep(SWEEP_EVERY_S)
        ledger.sweep()
        BLOBS.forget_old()


def _limited(receive: Receive, size: int) -> Receive:
    """Return what receives a body, as far as it was announced: more than that is a lost connection."""
    left = size

    async def limited() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        return message if left >= 0 else {"type": "http.disconnect"}

    return limited


def _length(scope: Scope) -> int | None:
    stated = next((value for name, value in scope["headers"] if name.lower() == b"content-length"), b"")
    return int(stated) if stated.isdigit() else None


def _refuse(why: Text, status: int) -> PlainTextResponse:
    return PlainTextResponse(translate(why), status, headers={"Connection": "close"})
