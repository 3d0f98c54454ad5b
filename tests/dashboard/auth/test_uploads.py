"""Who may upload, into which page, how much, and for how long it lies there."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from dashboard.web.auth.middleware import STATE, TOKEN
from dashboard.web.uploads import KEPT_FOR_S, PATH, UploadLimits, UploadRecord, Uploads
from services.accounts.sessions import key_of
from services.catalog.actions import Action, Role
from services.rules.roles import ALLOWED, Actor
from tests.dashboard.auth.knocking import SCRIPT

MIB = 1 << 20
CAPS = UploadLimits(of_a_file=2, of_a_person=3, of_all=4)


@dataclass
class Memory:
    """Keeps files of two pages, as Streamlit does."""

    owners: dict = field(default_factory=lambda: {"page": key_of("token"), "other": key_of("other-token")})
    files: set = field(default_factory=set)

    def owner_of(self, session_id):
        return self.owners.get(session_id, "")

    def holds(self, session_id, file_id):
        return (session_id, file_id) in self.files

    def remove(self, session_id, file_id):
        self.files.discard((session_id, file_id))


class Server:
    """An application behind the middleware that takes every file whole."""

    def __init__(self, status=204):
        self.memory, self.now, self.read, self.status = Memory(), 0.0, 0, status
        self.ledger = UploadRecord(self.memory, lambda: self.now)
        self.app = Uploads(self._keep, self.ledger, lambda: CAPS)

    async def _keep(self, scope, receive, send):
        while True:
            message = await receive()
            self.read += len(message.get("body", b""))
            if message["type"] == "http.disconnect":
                return
            if not message.get("more_body"):
                break
        if self.status == 204:
            self.memory.files.add(tuple(scope["path"].removeprefix(PATH).split("/")))
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def put(self, file="f", size=MIB, *, page="page", role=Role.PLANNER, token="token", account="lan", stated=True,
            sent=None, method="PUT"):  # fmt: skip
        """Send a file and return the status of the answer, 0 for none."""
        who = SimpleNamespace(actor=Actor(account, role), account=SimpleNamespace(name=account))
        headers = [(b"content-length", str(size).encode())] if stated else []
        scope = {"type": "http", "path": f"{PATH}{page}/{file}", "method": method, "headers": headers,
                 STATE: who, TOKEN: token}  # fmt: skip
        parts, statuses = [b"x" * (size if sent is None else sent)], []

        async def receive():
            return {"type": "http.request", "body": parts.pop(), "more_body": False}

        async def send(message):
            statuses.append(message.get("status"))

        asyncio.run(self.app(scope, receive, send))
        return statuses[0] if statuses else 0


@pytest.mark.parametrize("role", Role)
def test_only_who_may_import_may_upload(role):
    server = Server()
    may_import = Action.IMPORT in ALLOWED[role]
    assert server.put(role=role) == (204 if may_import else 403)
    assert bool(server.read) is may_import


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("page", ["other", "nowhere", ""])
def test_only_into_the_own_page(page, method):
    server = Server()
    assert server.put(page=page, method=method) == 404
    assert server.read == 0


def test_too_large_a_file_is_refused_before_it_is_read():
    server = Server()
    assert server.put(size=3 * MIB) == 413
    assert server.read == 0


def test_a_file_of_unknown_length_is_refused_before_it_is_read():
    server = Server()
    assert server.put(stated=False) == 411
    assert server.read == 0


def test_no_more_is_read_than_was_announced():
    server = Server()
    assert server.put(size=10, sent=MIB) == 0
    assert (server.read, server.memory.files) == (0, set())


def test_a_person_has_so_much_room_and_all_together_have():
    server = Server()
    assert server.put("a", 2 * MIB) == 204
    assert server.put("b", 2 * MIB) == 413
    assert server.put("b", MIB) == 204
    assert server.put("c", 2 * MIB, page="other", token="other-token", account="hua") == 413
    assert server.put("c", MIB, page="other", token="other-token", account="hua") == 204


def test_what_was_taken_or_went_with_its_page_gives_room_again():
    server = Server()
    server.put("a", 2 * MIB)
    server.memory.files.clear()
    assert server.put("b", 2 * MIB) == 204


def test_what_did_not_come_takes_no_room():
    server = Server(status=400)
    for number in range(9):
        assert server.put(str(number), 2 * MIB) == 400


def test_the_same_file_again_takes_the_place_of_the_first():
    server = Server()
    assert [server.put("a", 2 * MIB) for _ in range(3)] == [204, 204, 204]


def test_what_nobody_took_goes_after_an_hour():
    server = Server()
    server.put("a")
    server.now = KEPT_FOR_S
    assert server.ledger.sweep() == 0
    server.now += 1
    assert server.ledger.sweep() == 1
    assert server.memory.files == set()


@pytest.mark.parametrize(("account", "status"), [("demo-planner", 404), ("demo-liaison", 403), ("demo-screen", 403)])
def test_the_server_refuses_a_file_for_a_page_that_is_not_the_own(stranger, account, status):
    path = f"{PATH}00000000-0000-0000-0000-000000000000/f"
    assert stranger.sign_in(account).ask(path, "PUT", "x", **SCRIPT).status == status
    assert stranger.ask(path, "PUT", "x", **SCRIPT).status == 401
