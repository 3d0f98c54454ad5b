"""A file that another program holds: a sentence that says so, and nothing written."""

import pytest
from pysqlite3 import dbapi2 as sqlite

from geo.schema import Layer
from services.store import Store, engines
from services.store.errors import StoreBusyError

from .conftest import grids


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr(engines, "_BUSY_TIMEOUT_MS", 20)
    path = tmp_path / "store.gpkg"
    Store.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def holder(path):
    connection = sqlite.connect(path, isolation_level=None)
    yield connection
    connection.close()


def test_a_write_beside_another_program_that_writes_is_refused_and_goes_through_later(path, holder):
    store = Store.open(f"sqlite:///{path}")
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusyError), store.write() as tx:
        tx.upsert(Layer.GRIDS, grids(G1="甲"))
    holder.execute("ROLLBACK")
    with store.write() as tx:
        tx.upsert(Layer.GRIDS, grids(G1="甲"))
    store.close()


def test_a_file_that_another_program_keeps_to_itself_is_said_to_be_held(path, holder):
    holder.execute("PRAGMA journal_mode = DELETE")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreBusyError):
        Store.open(f"sqlite:///{path}")
