"""Whichever write of a use case fails, nothing of it is kept, and it goes through when tried again."""

import sys
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from services.context import Context
from services.errors import ServiceError
from services.store import Store
from services.store.tables import metadata
from services.use_cases import UseCase

from .conftest import NOW
from .writing import CASES, ELSEWHERE, place_of, writing_places

WRITES = ("INSERT", "UPDATE", "DELETE")
MOST = 200


class Fault:
    """Fails the n-th writing statement of a store, or the commit after the last."""

    def __init__(self, engine):
        self.left = 0
        self.struck = ""
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "commit", self._commit)

    def arm(self, n):
        self.left, self.struck = n, ""

    def _statement(self, _connection, _cursor, statement, *_):
        if statement.lstrip()[:6].upper() in WRITES:
            self._count(statement)

    def _commit(self, _connection):
        self._count("COMMIT")

    def _count(self, what):
        self.left -= 1
        if self.left == 0:
            self.struck = what
            raise OperationalError(what, None, OSError("disk I/O error"))


class Seen:
    """Notes who opened writing transactions, and what the store held after each that was kept."""

    def __init__(self, store):
        self.store, self.places = store, set()
        self.last = self.now()

    def now(self):
        """Return what stands in every table: rows of the driver or a sum over them, as there are a thousand looks."""
        with self.store._engine.connect() as connection:
            raw = connection.connection.driver_connection
            if self.store.is_file:
                return {name: sorted(raw.execute(f'SELECT * FROM "{name}"'), key=repr) for name in metadata.tables}
            return dict(raw.execute(SUMS).fetchall())

    @contextmanager
    def write(self, ours):
        self.places.add(_writer(sys._getframe(1)))
        with ours() as tx:
            yield tx
        self.last = self.now()


def _writer(frame):
    """Return the use case that a frame was called by, or the function that writes without one."""
    while "contextlib" in frame.f_code.co_filename or frame.f_globals["__name__"] in SKIPPED:
        if frame.f_code is UseCase.__call__.__code__:
            return place_of(frame.f_locals["self"])
        frame = frame.f_back
    return f"{frame.f_globals['__name__']}.{frame.f_code.co_name}"


SKIPPED = {__name__, "services.context", "services.use_cases"}
SUMS = " UNION ALL ".join(
    f"SELECT '{name}', count(*) || md5(coalesce(string_agg(CAST(t AS text), chr(10) ORDER BY CAST(t AS text)), ''))"
    f' FROM "{name}" t'
    for name in metadata.tables
)
"""For each table of a database a sum over all its rows."""


@pytest.fixture
def empty_store(store_url):
    store = Store.open(store_url)
    yield store
    store.close()


@pytest.fixture
def store_of(request):
    """Return the store that a case wants."""
    return lambda case: request.getfixturevalue("empty_store" if case.needs_empty_store else "town")


def test_every_place_that_writes_has_a_case():
    assert writing_places() - ELSEWHERE == {place for case in CASES for place in case.places}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_all_or_nothing_whichever_write_fails(case, store_kind, store_of, monkeypatch):
    store = store_of(case)
    office = Context(store, clock=lambda: NOW)
    state = case.prepare(office)
    seen = Seen(store)
    write = Store.write
    monkeypatch.setattr(Store, "write", lambda self: seen.write(lambda: write(self)) if self is store else write(self))
    before, fault = seen.last, Fault(store._engine)
    for n in range(1, MOST):
        fault.arm(n)
        refusal = refusal_of(lambda: case.act(office, state))
        assert ("disk I/O error" in refusal) == bool(fault.struck), refusal
        if not fault.struck:
            break
        half = _changed(seen.last, seen.now())
        assert not half, f"{fault.struck!r} failed and {half} changed"
    assert n > 2, "nothing was written"
    assert _changed(before, seen.now()), "nothing changed when nothing failed"
    assert seen.places == set(case.places)


def refusal_of(call):
    """Return the sentence with which something is refused; empty where it is not."""
    try:
        call()
    except ServiceError as refusal:
        return str(refusal)
    return ""


def _changed(before, after):
    return [name for name in before if before[name] != after[name]]
