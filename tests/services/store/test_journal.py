"""A store at rest is one whole file; one that was copied from work without its log is told, and a GeoPackage always."""

import shutil
import sqlite3
import struct

import pytest

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context
from services.store import DamagedStoreError, Store, faults_of_file
from services.store.damage import check_log
from services.store.journal import begin_file, lacks_log
from tests.acting import act

from .conftest import grids

APPLICATION_ID = b"GPKG"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store.gpkg"


def fill(store, **names):
    with act(Context(store), Action.IMPORT, "grids") as work:
        work.tx.upsert(Layer.GRIDS, grids(**names))


def ids_of(path):
    content = path.read_bytes()
    return content[68:72], struct.unpack(">i", content[60:64])[0]


def names_beside(path):
    return sorted(one.name for one in path.parent.iterdir() if one.name.startswith(path.name))


def codes_in(path):
    """Read the file as a program does that knows nothing of a log."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    codes = [code for (code,) in connection.execute("SELECT code FROM grids ORDER BY 1")]
    connection.close()
    return codes


def test_a_store_that_was_closed_is_one_whole_file(path):
    store = Store.open(f"sqlite:///{path}")
    fill(store, G1="甲", G2="乙")
    store.close()
    assert names_beside(path) == ["store.gpkg", "store.gpkg.trail"]
    assert codes_in(path) == ["G1", "G2"]


def test_a_store_that_another_has_open_is_left_as_it_is_until_that_one_closes_it(path):
    first, second = Store.open(f"sqlite:///{path}"), Store.open(f"sqlite:///{path}")
    with second.read() as tx:
        tx.read_codes(Layer.GRIDS)
    fill(first, G1="甲")
    first.close()
    assert "store.gpkg-wal" in names_beside(path)
    second.close()
    assert names_beside(path) == ["store.gpkg", "store.gpkg.trail"]
    assert codes_in(path) == ["G1"]


def test_a_store_goes_on_after_it_was_closed(path):
    store = Store.open(f"sqlite:///{path}")
    for code in ("G1", "G2"):
        fill(store, **{code: "甲"})
        store.close()
    assert codes_in(path) == ["G1", "G2"]


def test_a_new_store_is_a_geopackage_on_the_disk_before_it_is_closed(path):
    begin_file(path)
    assert ids_of(path) == (APPLICATION_ID, 10301)
    store = Store.open(f"sqlite:///{path}")
    assert ids_of(path) == (APPLICATION_ID, 10301)
    assert codes_in(path) == []
    store.close()
    assert ids_of(path) == (APPLICATION_ID, 10301)


@pytest.mark.parametrize("has_more_in_the_file", [False, True], ids=["all in the log", "the newest in the log"])
def test_a_file_that_was_copied_from_work_without_its_log_is_told(path, tmp_path, has_more_in_the_file):
    copy = tmp_path / "stick" / "store.gpkg"
    copy.parent.mkdir()
    store = Store.open(f"sqlite:///{path}")
    if has_more_in_the_file:
        fill(store, G1="甲")
        store.fold()
    fill(store, G2="乙")
    shutil.copy(path, copy)
    store.close()
    for _ in range(2):
        with pytest.raises(DamagedStoreError, match="copied while the program had it open"):
            Store.open(f"sqlite:///{copy}")
        assert faults_of_file(copy, thorough=True) == []
        assert names_beside(copy) == ["store.gpkg"]


def test_a_file_that_was_copied_from_work_is_opened_when_one_says_that_it_is_meant(path, tmp_path):
    copy = tmp_path / "stick.gpkg"
    store = Store.open(f"sqlite:///{path}")
    fill(store, G1="甲")
    store.fold()
    shutil.copy(path, copy)
    store.close()
    (tmp_path / "stick.gpkg-wal").touch()
    with_copy = Store.open(f"sqlite:///{copy}")
    with_copy.close()
    assert codes_in(copy) == ["G1"]
    Store.open(f"sqlite:///{copy}").close()


def test_a_file_that_was_copied_with_its_log_has_everything(path, tmp_path):
    store = Store.open(f"sqlite:///{path}")
    fill(store, G1="甲")
    for suffix in ("", "-wal"):
        shutil.copy(f"{path}{suffix}", tmp_path / f"copy.gpkg{suffix}")
    store.close()
    copied = Store.open(f"sqlite:///{tmp_path}/copy.gpkg")
    with copied.read() as tx:
        assert list(tx.read_codes(Layer.GRIDS)) == ["G1"]
    copied.close()


def test_a_file_whose_log_another_program_has_folded_in_is_opened(path):
    """As after a kill, when QGIS or ogrinfo was the first to open it: the file says that it has a log, and has none."""
    store = Store.open(f"sqlite:///{path}")
    fill(store, G1="甲")
    store.engine.dispose()
    assert lacks_log(path)
    opened = Store.open(f"sqlite:///{path}")
    opened.close()
    assert not lacks_log(path)


def test_a_file_of_an_earlier_version_which_left_it_so_is_not_called_damaged(path):
    store = Store.open(f"sqlite:///{path}")
    with store.engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0010'")
    store.engine.dispose()
    path.with_name("store.gpkg.trail").unlink(missing_ok=True)
    assert lacks_log(path)
    check_log(path)
