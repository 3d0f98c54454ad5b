"""What goes wrong on the server is a sentence to who asks and a line in the log, on every route of ours."""

import asyncio
import socket
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from dashboard import server as served
from dashboard.streamlit.session import server as office
from dashboard.web.auth.middleware import AuthMiddleware
from dashboard.web.auth.rate_limits import RateLimiter
from dashboard.web.auth.session_check import SessionCheck
from tests.dashboard.auth.knocking import NAME, Browser

PERSON = {"sec-fetch-dest": "document", "accept-language": "zh-CN"}
COMPONENT = {"sec-fetch-dest": "empty"}
COOKIE = {"cookie": f"gm={'x' * 43}"}
AWAY = "postgresql+psycopg://nobody@127.0.0.1:1/gone"
"""No database listens there."""
OURS = (
    "/sign-in",
    "/sign-out",
    "/set-up/x",
    "/password",
    "/second",
    "/sessions",
    "/whoami",
    "/screen",
    "/screen/briefing.json",
    "/screen/shapes/x.bin",
    "/download/x",
    "/preview/x.bin",
    "/geometry/grids/x.bin",
    "/situation",
)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str


def ask(app, path, method="GET", body=b"", scheme="http", host="127.0.0.1", **headers):
    """Ask an application without a server."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    named = {"host": host, "content-length": str(len(body)), **{k.replace("_", "-"): v for k, v in headers.items()}}
    if body:
        named["content-type"] = "application/x-www-form-urlencoded"
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "root_path": ""}
    scope |= {"scheme": scheme, "query_string": b"", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80)}
    scope["headers"] = [(k.encode(), v.encode()) for k, v in named.items()]
    asyncio.run(app(scope, receive, send))
    found = {k.decode().lower(): v.decode() for k, v in sent[0]["headers"]}
    return Answer(sent[0]["status"], found, b"".join(part.get("body", b"") for part in sent[1:]).decode())


@pytest.fixture
def whole(monkeypatch):
    """Return the whole application on a database that is away."""
    monkeypatch.setenv("GRIDMUSTER_STORE", AWAY)
    return served.app._build_starlette_app()


def guarded(*routes):
    """Return an application of some routes behind the guard."""
    guard = Middleware(
        AuthMiddleware, session_check=SessionCheck(office), limits=RateLimiter(), names=("127.0.0.1", NAME)
    )
    return Starlette(routes=list(routes), middleware=[guard])


@pytest.mark.parametrize("path", OURS)
def test_with_the_database_away_every_route_says_so_in_a_sentence(whole, path):
    page, script = ask(whole, path, **PERSON, **COOKIE), ask(whole, path, **COMPONENT, **COOKIE)
    assert (page.status, script.status) == (503, 503)
    assert "数据暂时读不到" in page.text
    assert "数据库现在没有应答" in page.text
    assert "connection" not in page.text + script.text
    assert "数据库现在没有应答" in script.text
    assert "<html" not in script.text
    assert "Traceback" not in page.text + script.text


def test_with_the_database_away_a_form_gets_a_page_too(whole):
    answer = ask(whole, "/sign-in", "POST", b"name=lan&password=x", **PERSON)
    assert answer.status == 503
    assert "数据暂时读不到" in answer.text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_nobody_foresaw_is_a_sentence_and_one_line_of_the_log(monkeypatch, capsys, method):
    monkeypatch.setenv("GRIDMUSTER_STORE", AWAY)

    async def stumble(_request):
        raise RuntimeError("张三 13800001234")

    answer = ask(guarded(Route("/sign-in", stumble, methods=["GET", "POST"])), "/sign-in", method, **PERSON)
    assert answer.status == 500
    assert "出了意外的问题" in answer.text
    logged = capsys.readouterr()
    assert "13800001234" not in answer.text + logged.out + logged.err
    assert [line for line in logged.out.splitlines() if "request_failed" in line and "test_failures.py" in line]
    assert "Traceback" not in logged.out + logged.err


def test_a_form_that_breaks_off_writes_one_line(address, log):
    parts = urlsplit(address)
    before = len(log.read_text().splitlines())
    with socket.create_connection((parts.hostname, parts.port)) as line:
        head = f"POST /sign-in HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: 500\r\n"
        line.sendall((head + "Content-Type: application/x-www-form-urlencoded\r\n\r\nname=la").encode())
    until = time.monotonic() + 30
    while "request_dropped" not in log.read_text() and time.monotonic() < until:
        Browser(address).ask("/healthz")
    logged = log.read_text().splitlines()[before:]
    assert [line for line in logged if "request_dropped" in line]
    assert len(logged) <= 2


def test_no_password_is_taken_where_others_can_read_along(stranger):
    form = {"name": "demo-planner", "password": "yanshi-demo"}
    for path in ("/sign-in", "/set-up/x", "/password", "/second", "/sessions"):
        page = stranger.ask(path, Host=NAME, Sec_Fetch_Dest="document")
        assert (page.status, "https://" in page.text) == (403, True), path
    refused = stranger.send("/sign-in", form, Host=NAME)
    assert (refused.status, refused.headers["Set-Cookie"]) == (403, None)
    secure = stranger.send("/sign-in", form, Host=NAME, X_Forwarded_Proto="https")
    assert secure.status == 303
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_an_office_without_tls_can_allow_it(monkeypatch, store):
    monkeypatch.setenv("GRIDMUSTER_STORE", store)
    monkeypatch.setenv("GRIDMUSTER_PLAIN_HTTP", "yes")

    async def page(_request):
        return PlainTextResponse("here")

    assert ask(guarded(Route("/sign-in", page)), "/sign-in", host=NAME, **PERSON).text == "here"
    monkeypatch.setenv("GRIDMUSTER_PLAIN_HTTP", "")
    assert ask(guarded(Route("/sign-in", page)), "/sign-in", host=NAME, **PERSON).status == 403
