"""A value that changed without anybody writing it is found by the next check, and only such a value; on both stores."""

import json
from contextlib import closing
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, backups_in, restore_backup
from services.maintenance import RetentionPolicy, Severity, back_up, diagnose
from services.people import Correction, correct_person
from services.store import Store
from services.store.backup_catalog import is_sealed_with, manifest_path, read_manifest, write_manifest
from services.store.damage import faults_of_file
from tests.acting import act
from tests.services.planning.conftest import fill

NOW = datetime(2026, 11, 25, 2)
ONLY_ONE = RetentionPolicy(1, 0, 0, 0)


@pytest.fixture
def url(store_url):
    with closing(Store.open(store_url)) as store:
        fill(store)
    return store_url


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GRIDMUSTER_BACKUPS", str(tmp_path / "backups"))
    return tmp_path / "backups"


@pytest.fixture
def night(url, folder):
    """Return a function that makes the backup of the next night and says what had drifted."""
    nights = iter(range(100))

    def backup():
        with closing(Store.open(url)) as store:
            at = NOW + timedelta(days=next(nights))
            return back_up(Context(store, clock=lambda: at), folder, ONLY_ONE)

    return backup


def spoil(url):
    """Change a bit of a name of a grid where it lies: 二 becomes 亄 or the like, and no check of the form notices."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        content = bytearray(path.read_bytes())
        content[content.index("二格".encode()) + 2] ^= 1
        path.write_bytes(content)
        assert faults_of_file(path, thorough=True) == []
        return
    with closing(Store.open(url)) as store, store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE grids SET name = '亍格' WHERE code = 'G2'")


def values_found(url):
    found = [finding for finding in diagnose(url, NOW) if finding.check == "values"]
    return found[0].severity if found else None


def test_a_value_that_nobody_wrote_is_found_by_the_doctor_and_by_the_next_backup(url, night):
    assert values_found(url) is None
    night()
    assert values_found(url) is Severity.FINE
    spoil(url)
    assert values_found(url) is Severity.FAULT
    assert night().manifest.drifted == ("grids",)


def test_what_people_write_is_no_drift(url, night):
    night()
    with closing(Store.open(url)) as store:
        correct_person(Context(store), "M001", Correction(name="新名"))
        with act(Context(store), Action.IMPORT) as work:
            work.tx.delete(Layer.TEAMS, ["T4"])
    assert values_found(url) is Severity.FINE
    assert night().manifest.drifted == ()


def test_the_last_backup_that_has_it_right_is_kept_and_named_until_the_table_is_written_again(url, night, folder):
    right = night().file.name
    spoil(url)
    for _ in range(2):
        done = night()
        assert (done.manifest.drifted, done.removed) == (("grids",), ())
    (finding,) = [finding for finding in diagnose(url, NOW) if finding.check == "values"]
    assert right in str(finding.what.params)
    with closing(Store.open(url)) as store, act(Context(store), Action.IMPORT) as work:
        work.tx.upsert(Layer.GRIDS, work.tx.read_layer(Layer.GRIDS))
    assert night().manifest.drifted == ()
    assert len(list(backups_in(folder))) == 1


def test_a_store_that_was_put_back_is_not_held_against_what_was_given_up(url, night, folder):
    first = night().file
    with closing(Store.open(url)) as store, act(Context(store), Action.IMPORT) as work:
        work.tx.delete(Layer.TEAMS, ["T4"])
    kept = first.read_bytes(), manifest_path(first).read_bytes()
    night()
    first.write_bytes(kept[0])
    manifest_path(first).write_bytes(kept[1])
    restore_backup(first, url, NOW, replaces=True)
    with closing(Store.open(url)) as store, act(Context(store), Action.IMPORT) as work:
        work.tx.delete(Layer.TEAMS, ["T3"])
    assert values_found(url) is Severity.FINE
    assert night().manifest.drifted == ()


def test_a_manifest_that_knows_no_versions_is_genuine_and_is_not_compared_with(url, night):
    backup = night().file
    before = replace(read_manifest(backup), versions={}, drifted=(), seal="")
    sealed = {name: value for name, value in asdict(before).items() if name not in {"versions", "drifted"}}
    with closing(Store.open(url)) as store:
        seal = store.cipher.mac("backup", json.dumps(sealed, ensure_ascii=False, sort_keys=True, default=str))
        assert is_sealed_with(replace(before, seal=seal), store.cipher)
        write_manifest(backup, before, store.cipher)
    spoil(url)
    assert values_found(url) is None
