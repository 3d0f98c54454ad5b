"""A backup is made while others write, is what it says, and is told; on both stores."""

import json
import os
import shutil
from contextlib import closing
from datetime import timedelta
from errno import ENOSPC
from threading import Event, Thread

import pytest
from pysqlite3 import dbapi2 as sqlite

from services.catalog.actions import Action, Role
from services.context import Context, StoreError, backups_in, make_backup
from services.maintenance import RetentionPolicy, back_up, verify_audit_log
from services.maintenance.doctor import diagnose
from services.maintenance.findings import Severity
from services.rules.roles import Actor
from services.store import Store, dump
from services.store.backup_catalog import manifest_path
from services.store.restore import restore_backup
from tests.acting import act
from tests.services.maintenance.conftest import NOW


def test_a_backup_made_while_others_write_is_one_state(office, tmp_path, elsewhere):
    stop, written = Event(), Event()

    def write():
        k = 0
        while not stop.is_set():
            k += 1
            with act(office, Action.MAINTAIN, f"written:{k}") as work:
                work.tx.records.write_fact("left", str(k))
                work.tx.records.write_fact("right", str(k))
            written.set()

    writer = Thread(target=write)
    writer.start()
    try:
        assert written.wait(20)
        backup, manifest = make_backup(office._store, tmp_path / "backups", NOW)
    finally:
        stop.set()
        writer.join()
    restore_backup(backup, elsewhere, NOW, replaces=False)
    with closing(Store.open(elsewhere)) as store, store.read() as tx:
        assert tx.records.read_fact("left") == tx.records.read_fact("right")
        assert tx.records.count_audit() == manifest.audit_newest == 4 + int(tx.records.read_fact("left"))
        assert tx.trail.examine().faults == ()


def test_neither_the_key_nor_a_password_is_in_a_backup(office, backup):
    key = os.environ["GRIDMUSTER_KEY"].encode()
    for path in (backup, manifest_path(backup)):
        assert key not in path.read_bytes()
        assert bytes(range(32)) not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0


def test_old_backups_go_and_those_of_other_stores_stay(office, tmp_path):
    folder = tmp_path / "backups"
    other, _ = make_backup(office._store, folder, NOW - timedelta(days=900))
    renamed = folder / "other-20200101-000000.bin"
    shutil.move(other, renamed)
    manifest = json.loads(manifest_path(other).read_text()) | {"file": renamed.name, "store": "other"}
    manifest_path(renamed).write_text(json.dumps(manifest))
    manifest_path(other).unlink()
    days = iter([NOW - timedelta(days=3), NOW - timedelta(days=2), NOW])
    for at in days:
        done = back_up(Context(office._store, clock=lambda at=at: at), folder, RetentionPolicy(1, 2, 0, 0))
    assert len(done.removed) == 1
    assert [m.made_at for _path, m in backups_in(folder, office._store.name)] == [NOW, NOW - timedelta(days=2)]
    assert renamed.exists()


def test_two_backups_within_a_second_are_two_files(office, tmp_path):
    files = {make_backup(office._store, tmp_path / "b", NOW)[0].name for _k in range(2)}
    assert len(files) == 2


def test_a_backup_is_told_in_the_trail_and_only_by_who_may(office, tmp_path):
    done = back_up(office, tmp_path / "b", RetentionPolicy())
    with office.look(Action.MAINTAIN) as tx:
        assert tx.records.read_audit(1)["object"].tolist() == [f"backup:{done.file.name}"]
    with pytest.raises(PermissionError):
        back_up(Context(office._store, Actor("p", Role.PLANNER)), tmp_path / "b", RetentionPolicy())


def test_a_trail_that_was_spoiled_is_backed_up_and_said_to_be(office, tmp_path, elsewhere):
    with office._store.write() as tx:
        tx._connection.exec_driver_sql("UPDATE audit SET actor = 'x' WHERE id = 2")
    backup, manifest = make_backup(office._store, tmp_path / "b", NOW)
    assert manifest.audit_faults == 1
    assert restore_backup(backup, elsewhere, NOW, replaces=False).is_trail_whole is False


def test_a_trail_cut_off_with_its_note_is_told_by_a_backup(office, backup, tmp_path):
    with office.look(Action.MAINTAIN) as tx:
        note = tx.trail._stored_anchor()
    with act(office, Action.MAINTAIN, "to be hidden"):
        pass
    later, _ = make_backup(office._store, tmp_path / "backups", NOW + timedelta(hours=1))
    with office._store.write() as tx:
        tx._connection.exec_driver_sql("DELETE FROM audit WHERE id = 5")
        tx.records.write_fact("audit_newest", note)
    found = verify_audit_log(office, tmp_path / "backups")
    assert (found.faults, found.disagreeing) == ((), (later.name,))


def test_no_half_of_a_backup_is_left_when_it_fails(office, tmp_path, monkeypatch):
    monkeypatch.setattr("services.store.backup.write_manifest", lambda *_: 1 / 0)
    monkeypatch.setattr("services.store.backup._describe", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make_backup(office._store, tmp_path / "b", NOW)
    assert list((tmp_path / "b").iterdir()) == []


@pytest.mark.parametrize("step", ["_copy_file", "write_manifest"])
def test_a_backup_that_finds_no_room_is_a_sentence_and_leaves_nothing(tmp_path, monkeypatch, step):
    faults = {
        "_copy_file": sqlite.OperationalError("database or disk is full"),
        "write_manifest": OSError(ENOSPC, "No space left on device"),
    }

    def fail(*_):
        raise faults[step]

    monkeypatch.setattr(f"services.store.backup.{step}", fail)
    store = Store.open(f"sqlite:///{tmp_path}/store.gpkg")
    with closing(store), pytest.raises(StoreError, match="cannot be written"):
        make_backup(store, tmp_path / "b", NOW)
    assert list((tmp_path / "b").iterdir()) == []


def test_a_missing_pg_dump_is_said_with_what_to_install(monkeypatch):
    monkeypatch.setattr(dump, "_version_of", lambda _path: 13)
    with pytest.raises(StoreError, match="apt-get install postgresql-client-15"):
        dump.find_program("pg_dump", 15)


def test_the_doctor_finds_a_backup_wherever_it_was_put(office, tmp_path):
    back_up(office, tmp_path / "stick", RetentionPolicy())
    url = office._store.engine.url.render_as_string(hide_password=False)
    seen = {one.check: one for one in diagnose(url, NOW)}
    assert seen["backup"].severity is Severity.FINE
    shutil.rmtree(tmp_path / "stick")
    gone = {one.check: one for one in diagnose(url, NOW)}["backup"]
    assert gone.severity is Severity.FAULT
    assert str(tmp_path / "stick") in str(gone.what)


def test_the_doctor_finds_a_backup_that_went_elsewhere_than_the_settings_say(office, tmp_path, monkeypatch):
    monkeypatch.setenv("GRIDMUSTER_BACKUPS", str(tmp_path / "usual"))
    back_up(office, tmp_path / "stick", RetentionPolicy())
    url = office._store.engine.url.render_as_string(hide_password=False)
    assert {one.check: one for one in diagnose(url, NOW)}["backup"].severity is Severity.FINE
