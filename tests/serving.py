"""A real server for tests: ``gridmuster serve`` in a process of its own on a free port."""

import contextlib
import gzip
import os
import random
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from services.accounts import DEMO_PASSWORD
from tests.forked import start_server

PORTS = range(20_000, 32_000)


@dataclass(frozen=True)
class Server:
    address: str
    log: Path
    pid: int = 0


def free_port() -> int:
    """Return a port that nobody has, of those that no outgoing connection is given."""
    for port in random.SystemRandom().sample(PORTS, len(PORTS)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


def fetch(address: str, cookie: str = "") -> tuple[int, str]:
    """Return status and text of an address, refusals included."""
    asked = urllib.request.Request(address, headers={"Cookie": cookie} if cookie else {})
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            body = answer.read()
            is_packed = answer.headers.get("Content-Encoding") == "gzip"
            return answer.status, (gzip.decompress(body) if is_packed else body).decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()


def header_of(address: str, name: str, cookie: str) -> str:
    """Return a header of what an address answers to whoever holds a cookie, refusals included."""
    asked = urllib.request.Request(address, headers={"Cookie": cookie})
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return str(answer.headers[name])
    except urllib.error.HTTPError as refusal:
        return str(refusal.headers[name])


def sign_in(address: str, account: str = "demo-planner", password: str = DEMO_PASSWORD) -> str:
    """Return the cookie of a new session."""
    form = urllib.parse.urlencode({"name": account, "password": password, "next": "/"}).encode()
    asked = urllib.request.Request(f"{address}/sign-in", data=form)
    try:
        with urllib.request.build_opener(_Stay).open(asked, timeout=20) as answer:
            raise AssertionError(f"{account} was not let in: {answer.status}")
    except urllib.error.HTTPError as answer:
        if answer.code == 303:
            return answer.headers["Set-Cookie"].partition(";")[0]
        raise AssertionError(f"{account} was not let in: {answer.code}") from answer


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


@contextlib.contextmanager
def serving(folder: Path, *arguments: str, **environment: str) -> Iterator[Server]:
    """Start the server in a folder, wait until it says it is well, and stop it in the end."""
    port, log = free_port(), folder / "server.log"
    log.write_bytes(b"")
    words = ["serve", "--port", str(port), *arguments]
    process = start_server(folder, log, words, os.environ | environment)
    try:
        _wait(lambda: not process.is_alive(), f"http://127.0.0.1:{port}/healthz", log)
        yield Server(f"http://127.0.0.1:{port}", log, process.pid or 0)
    finally:
        process.terminate()
        process.join(20)
        assert process.exitcode is not None, "the server does not end"


@contextlib.contextmanager
def serving_as_installed(folder: Path, *arguments: str) -> Iterator[Server]:
    """Do as ``serving``, by the command that users type."""
    port, log = free_port(), folder / "server.log"
    command = shutil.which("gridmuster", path=str(Path(sys.executable).parent))
    assert command, "the project is not installed"
    words = [command, "serve", "--port", str(port), *arguments]
    with log.open("wb") as out:
        process = subprocess.Popen(words, cwd=folder, stdout=out, stderr=subprocess.STDOUT)
        try:
            _wait(lambda: process.poll() is not None, f"http://127.0.0.1:{port}/healthz", log)
            yield Server(f"http://127.0.0.1:{port}", log, process.pid)
        finally:
            process.terminate()
            process.wait(20)


def _wait(is_over: Callable[[], bool], address: str, log: Path) -> None:
    until = time.monotonic() + 300
    while time.monotonic() < until:
        assert not is_over(), log.read_text()
        with contextlib.suppress(OSError):
            if fetch(address)[0] == 200:
                return
        time.sleep(0.1)
    raise AssertionError(log.read_text())
