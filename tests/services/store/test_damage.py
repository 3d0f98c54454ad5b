"""A file that is not what was written is refused at start, and the newest good backup is named."""

import shutil
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context
from services.store import DamagedStoreError, Store, StoreError, faults_of_file, make_backup
from tests.acting import act

from .conftest import grids

AT = datetime(2026, 11, 23, 2)


@pytest.fixture
def file(tmp_path):
    """Return the file of a store that was closed, with enough in it to be damaged."""
    path = tmp_path / "store.gpkg"
    with closing(Store.open(f"sqlite:///{path}")) as store:
        for _k in range(3):
            with act(Context(store), Action.IMPORT, "grids") as work:
                work.tx.upsert(Layer.GRIDS, grids(**{f"G{k}": "甲" * 40 for k in range(300)}))
    return path


def open_again(path):
    store = Store.open(f"sqlite:///{path}")
    try:
        store.check_content()
    finally:
        store.close()


def flip(path, place):
    content = bytearray(path.read_bytes())
    content[place] ^= 0xFF
    path.write_bytes(content)


def cut(path, keep):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])


DAMAGES = {
    "no database": lambda path: path.write_bytes(b"not a database at all" * 500),
    "text": lambda path: path.write_text("姓名,电话\n"),
    "empty": lambda path: path.write_bytes(b""),
    "half": lambda path: cut(path, 0.5),
    "one page less": lambda path: path.write_bytes(path.read_bytes()[:-4096]),
    "a few bytes": lambda path: path.write_bytes(path.read_bytes()[:50]),
    "magic": lambda path: flip(path, 3),
    "page size": lambda path: flip(path, 16),
    "schema page": lambda path: flip(path, 105),
    "a page in the middle": lambda path: flip(path, 4096 * 9),
    "zeros in the middle": lambda path: path.write_bytes(
        path.read_bytes()[: 4096 * 8] + bytes(4096 * 4) + path.read_bytes()[4096 * 12 :]
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_refused(file, damage):
    DAMAGES[damage](file)
    with pytest.raises(DamagedStoreError, match="is damaged"):
        open_again(file)


def test_the_newest_good_backup_is_named_and_one_that_is_spoiled_is_passed_over(file, tmp_path):
    with closing(Store.open(f"sqlite:///{file}")) as store:
        good, _ = make_backup(store, tmp_path / "backups", AT)
        newer, _ = make_backup(store, tmp_path / "backups", AT.replace(hour=3))
    flip(newer, 5000)
    cut(file, 0.5)
    with pytest.raises(DamagedStoreError, match=f"newest good backup is {good.name}; .*gridmuster restore"):
        open_again(file)


def test_a_sound_file_is_opened(file):
    open_again(file)
    assert faults_of_file(file, thorough=True) == []


def test_a_lost_log_is_noticed_though_sqlite_finds_nothing_wrong(tmp_path):
    path, copy = tmp_path / "store.gpkg", tmp_path / "kept"
    copy.mkdir()
    with closing(Store.open(f"sqlite:///{path}")) as store:
        for k in range(3):
            with act(Context(store), Action.MAINTAIN, f"{k}"):
                pass
        store.fold()
        with act(Context(store), Action.MAINTAIN, "only in the log"):
            pass
        shutil.copy(path, copy / path.name)  # as after a crash, but without its log
        shutil.copy(f"{path}.trail", copy / f"{path.name}.trail")
    assert faults_of_file(copy / path.name, thorough=True) == []
    with pytest.raises(DamagedStoreError, match=r"number 3, but number 4 was saved: store\.gpkg-wal is missing"):
        Store.open(f"sqlite:///{copy / path.name}")


def test_a_lost_log_that_held_everything_makes_no_empty_store(tmp_path):
    path, copy = tmp_path / "store.gpkg", tmp_path / "kept"
    copy.mkdir()
    with closing(Store.open(f"sqlite:///{path}")) as store:
        with act(Context(store), Action.MAINTAIN, "only in the log"):
            pass
        shutil.copy(path, copy / path.name)
        shutil.copy(f"{path}.trail", copy / f"{path.name}.trail")
    with pytest.raises(DamagedStoreError):
        Store.open(f"sqlite:///{copy / path.name}")


def test_an_older_copy_in_its_place_is_noticed_until_the_witness_is_removed(file, tmp_path):
    shutil.copy(file, tmp_path / "older")
    with closing(Store.open(f"sqlite:///{file}")) as store, act(Context(store), Action.MAINTAIN, "later"):
        pass
    shutil.copy(tmp_path / "older", file)
    with pytest.raises(DamagedStoreError, match="an older copy"):
        open_again(file)
    file.with_name("store.gpkg.trail").unlink()
    open_again(file)


def test_a_store_made_anew_where_one_was_deleted_is_no_damage(file):
    file.unlink()
    open_again(file)


def test_a_witness_that_cannot_be_read_accuses_nobody(file):
    file.with_name("store.gpkg.trail").write_text("???")
    open_again(file)


def test_a_new_store_is_read_by_its_owner_alone(tmp_path):
    Store.open(f"sqlite:///{tmp_path}/new.gpkg").close()
    assert (tmp_path / "new.gpkg").stat().st_mode & 0o777 == 0o600


def test_a_damaged_store_is_a_store_error():
    assert issubclass(DamagedStoreError, StoreError)


def test_what_a_writer_left_that_was_killed_at_its_witness_is_removed(file, tmp_path, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    with closing(Store.open(f"sqlite:///{file}")) as store, monkeypatch.context() as cut:
        cut.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt), act(Context(store), Action.MAINTAIN, "kept all the same"):
            pass
    other = tmp_path / ".other.gpkg.trail.abc"
    other.touch()
    assert len(list(tmp_path.glob(".store.gpkg.trail.*"))) == 1
    open_again(file)
    assert list(tmp_path.glob(".*")) == [other]
