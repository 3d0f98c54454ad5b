"""Streamlit's page with what it lacks: its language, where its server is, and our scripts."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.web.headers import SERVER_SCRIPT

_SCRIPTS: Final = (
    b'<script src="/auth/connection.js" defer></script><script src="/auth/page.js" defer></script>'
    b'<script src="/auth/session_check.js" defer></script></head>'
)
_DROPPED: Final = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
"""So that the page comes whole and can be read."""


def ask_whole(scope: Scope) -> Scope:
    """Return a request for the whole page, not compressed."""
    return dict(scope, headers=[(name, value) for name, value in scope["headers"] if name.lower() not in _DROPPED])


class PageRewriter:
    """An answer on its way: HTML is held back until it is complete and then sent dressed, all else passes."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        """Take one message of the answer."""
        if message["type"] == "http.response.start" and _is_html(message):
            self._start = message
        elif self._start is not None and message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start)
        else:
            await self._send(message)

    async def _finish(self, start: Message) -> None:
        body = self._body.replace(b'<html lang="en">', b'<html lang="zh-CN">', 1)
        body = body.replace(b"<head>", b"<head>" + SERVER_SCRIPT.encode(), 1).replace(b"</head>", _SCRIPTS, 1)
        headers = [
            (name, value) for name, value in start["headers"] if name.lower() not in {b"content-length", b"etag"}
        ]
        await self._send(dict(start, headers=[*headers, (b"content-length", str(len(body)).encode())]))
        await self._send({"type": "http.response.body", "body": body})


def _is_html(message: Message) -> bool:
    named = {name.lower(): value for name, value in message.get("headers", ())}
    return named.get(b"content-type", b"").startswith(b"text/html") and b"content-encoding" not in named


async def pass_dressed(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Let an application answer, its page dressed."""
    await app(ask_whole(scope), receive, PageRewriter(send).send)
