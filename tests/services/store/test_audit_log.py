"""The audit trail is a chain: whatever is done to it without the key is found, and the rows are named."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text as sql

from services.catalog.actions import Action
from services.context import Context
from services.store import AuditQuery, FaultKind, Store
from tests.acting import act

ROWS = 6


@pytest.fixture
def office(store):
    """Return a context on a store whose trail has six rows."""
    context = Context(store)
    for k in range(1, ROWS + 1):
        with act(context, Action.MAINTAIN, f"thing:{k}") as work:
            work.note(k=k)
    return context


def examine(context):
    with context.look(Action.MAINTAIN) as tx:
        return tx.trail.examine()


def spoil(context, *statements):
    with context._store.write() as tx:
        for statement in statements:
            tx._connection.execute(sql(statement))


def faults(context):
    return [(fault.kind, fault.first, fault.last) for fault in examine(context).faults]


def test_a_trail_that_nobody_touched_is_whole(office):
    found = examine(office)
    assert (found.rows, found.newest, found.faults) == (ROWS, ROWS, ())


def test_a_new_store_has_an_empty_and_whole_trail(store):
    assert examine(Context(store)).faults == ()


COPY = (
    "INSERT INTO audit (id, at, actor, action, object, detail, previous, digest) "
    "SELECT {new}, at, actor, action, object, detail, previous, digest FROM audit WHERE id = {old}"
)


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["UPDATE audit SET actor = 'other' WHERE id = 3"], [(FaultKind.CHANGED, 3, 3)]),
        (["UPDATE audit SET detail = '{}' WHERE id IN (2, 3)"], [(FaultKind.CHANGED, 2, 3)]),
        (["UPDATE audit SET at = '2020-01-01T00:00:00' WHERE id = 6"], [(FaultKind.CHANGED, 6, 6)]),
        (["UPDATE audit SET digest = 'ab' WHERE id = 1"], [(FaultKind.CHANGED, 1, 1)]),
        (["UPDATE audit SET previous = '' WHERE id = 4"], [(FaultKind.CHANGED, 4, 4)]),
        (["DELETE FROM audit WHERE id = 1"], [(FaultKind.REMOVED, 1, 1)]),
        (["DELETE FROM audit WHERE id IN (3, 4)"], [(FaultKind.REMOVED, 3, 4)]),
        (["DELETE FROM audit WHERE id > 4"], [(FaultKind.REMOVED, 5, 6)]),
        (["DELETE FROM audit"], [(FaultKind.REMOVED, 1, 6)]),
        (["DELETE FROM facts WHERE name = 'audit_newest'"], [(FaultKind.ANCHOR, 6, 6)]),
        (
            ["DELETE FROM audit WHERE id = 6", "DELETE FROM facts WHERE name = 'audit_newest'"],
            [(FaultKind.ANCHOR, 5, 5)],
        ),
        (
            ["DELETE FROM audit WHERE id = 6", "UPDATE facts SET value = '5 5 x y' WHERE name = 'audit_newest'"],
            [(FaultKind.ANCHOR, 5, 5)],
        ),
        ([COPY.format(old=6, new=7)], [(FaultKind.INSERTED, 7, 7)]),
        ([COPY.format(old=2, new=-1)], [(FaultKind.INSERTED, -1, -1)]),
        (
            ["DELETE FROM audit WHERE id = 3", COPY.format(old=2, new=3)],
            [(FaultKind.CHANGED, 3, 3)],
        ),
        (
            ["UPDATE audit SET actor = 'x' WHERE id = 2", "DELETE FROM audit WHERE id = 5"],
            [(FaultKind.CHANGED, 2, 2), (FaultKind.REMOVED, 5, 5)],
        ),
    ],
)
def test_what_was_done_to_the_trail_is_found_and_the_rows_are_named(office, statements, found):
    spoil(office, *statements)
    assert faults(office) == found


def test_work_goes_on_after_rows_were_cut_off_and_the_gap_stays_visible(office):
    spoil(office, "DELETE FROM audit WHERE id > 4")
    with act(office, Action.MAINTAIN, "later"):
        pass
    assert faults(office) == [(FaultKind.REMOVED, 5, 6)]


def test_a_store_put_back_whole_to_an_older_state_is_sound_in_itself(office):
    with office.look(Action.MAINTAIN) as tx:
        older = tx.trail._stored_anchor()
    with act(office, Action.MAINTAIN, "first try"):
        pass
    spoil(
        office,
        "DELETE FROM audit WHERE id = 7",
        f"UPDATE facts SET value = '{older}' WHERE name = 'audit_newest'",
    )
    with act(office, Action.MAINTAIN, "second try"):
        pass
    assert faults(office) == []  # the witness beside a file and the manifests of backups know better


def test_many_threads_make_one_chain(store):
    context, barrier = Context(store), Barrier(5)

    def work(k):
        barrier.wait()
        for n in range(6):
            with act(context, Action.MAINTAIN, f"{k}:{n}"):
                pass

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(work, range(5)))
    found = examine(context)
    assert (found.rows, found.newest, found.faults) == (30, 30, ())


def test_a_change_that_fails_leaves_no_row_and_no_gap(office):
    with pytest.raises(ZeroDivisionError), act(office, Action.MAINTAIN, "fails"):
        1 / 0  # noqa: B018 - the fault under test
    with act(office, Action.MAINTAIN, "works"):
        pass
    found = examine(office)
    assert (found.rows, found.newest, found.faults) == (ROWS + 1, ROWS + 1, ())


def test_without_the_key_no_genuine_row_can_be_made(office, monkeypatch):
    examine(office)
    monkeypatch.setenv("GRIDMUSTER_KEY", "B" * 43 + "=")
    other = Store(office._store.engine)
    with other.write() as tx:
        tx.trail.add(at="2026-11-23T12:00:00", actor="forger", action="maintain", target="x", detail={})
    assert (other.cipher.key == office._store.cipher.key) is False
    assert faults(office) == [(FaultKind.CHANGED, 7, 7), (FaultKind.ANCHOR, 6, 6)]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (AuditQuery(), [6, 5, 4, 3, 2, 1]),
        (AuditQuery(object="thing:3"), [3]),
        (AuditQuery(object="%"), []),
        (AuditQuery(actor="local", action="maintain"), [6, 5, 4, 3, 2, 1]),
        (AuditQuery(actor="nobody"), []),
        (AuditQuery(action="import"), []),
        (AuditQuery(since="2999"), []),
        (AuditQuery(until="2000"), []),
    ],
)
def test_rows_are_found_by_what_is_asked(office, query, ids):
    with office.look(Action.MAINTAIN) as tx:
        found = tx.trail.find(query, limit=10)
        assert found.index.tolist() == ids
        assert tx.trail.count(query) == len(ids)


def test_pages_of_the_trail_go_from_newest_to_oldest(office):
    with office.look(Action.MAINTAIN) as tx:
        assert tx.trail.find(AuditQuery(), limit=2, skip=2).index.tolist() == [4, 3]
