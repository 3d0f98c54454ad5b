"""A file with a changed byte, cut short, or without its log: right data, or a sentence."""

import shutil

import pytest

from services.context import Context
from services.modes import declare_mode
from services.rules.windows import Mode
from services.store import Store
from tests.services.planning.conftest import NOW

from .damaging import copy_of, flip_bytes, judge, look

FLIPS = 5


@pytest.fixture
def clean(town_file, tmp_path):
    """Return what is said and written of the store while it is sound."""
    done, table = look(town_file, tmp_path)
    assert all(one.code == 0 for one in done), done
    return done[0].said, table


def test_a_changed_byte_gives_right_data_or_a_sentence(town_file, tmp_path):
    found = flip_bytes(town_file, tmp_path, FLIPS)
    assert sum(found.values()) == FLIPS
    assert found["refused"]


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.99])
def test_a_file_cut_short_is_refused(town_file, tmp_path, share):
    sound = town_file.read_bytes()
    short = copy_of(town_file, tmp_path, "short.gpkg")
    short.write_bytes(sound[: int(len(sound) * share)])
    assert judge(short, tmp_path, "", b"", f"cut to {share}") == "refused"


def test_a_missing_log_is_refused_or_the_trail_says_so(town_file, tmp_path):
    store = Store.open(f"sqlite:///{town_file}")
    declare_mode(Context(store, clock=lambda: NOW), Mode.ROUTINE, reason="演练", approver="书记")
    cut = copy_of(town_file, tmp_path, "cut.gpkg")
    store.close()
    log = cut.with_name("cut.gpkg-wal")
    assert log.stat().st_size
    whole = copy_of(cut, tmp_path, "whole.gpkg")
    log.unlink()
    cut.with_name("cut.gpkg-shm").unlink(missing_ok=True)
    assert all(one.code == 0 for one in look(whole, tmp_path)[0])
    assert judge(cut, tmp_path, "", b"", "no log") == "refused"


def test_what_is_no_store_is_refused(tmp_path, clean):
    path = tmp_path / "other.gpkg"
    shutil.copy(__file__, path)
    assert judge(path, tmp_path, *clean, "a text") == "refused"
