"""A backup is made while others write, is what it says, and comes back whole or not at all; on both stores."""

import json
import os
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from errno import ENOSPC
from threading import Event, Thread

import psycopg
import pytest
from pysqlite3 import dbapi2 as sqlite
from sqlalchemy import inspect

from geo.schema import Layer
from services.context import Context, StoreError, backups_in, make_backup
from services.demo import fill_store
from services.rules.roles import Action, Actor, Role
from services.store import Store, dump, restore
from services.store.restore import restore_backup
from services.store.shelf import manifest_path, read_manifest, write_manifest
from services.upkeep import Keep, back_up, verify_trail
from services.upkeep.doctor import diagnose
from services.upkeep.findings import Severity
from tests.faults.cases_of_data import small_district
from tests.postgres import TEMPLATE

NOW = datetime(2026, 11, 25, 2)


def fingerprints(store):
    with store.read() as tx:
        return {name: tx.whole.fingerprint(name) for name in tx.whole.names()}


@pytest.fixture(scope="module")
def made():
    """Keep what is made once for each kind of store: a file or a database with some rows and a trail, and a backup."""
    return {}


@pytest.fixture
def original(request, store_kind, made, tmp_path_factory):
    """Return the address of a closed store that nobody changes, and the backup of it."""
    if store_kind not in made:
        folder = tmp_path_factory.mktemp("original")
        cluster = None if store_kind == "gpkg" else request.getfixturevalue("cluster")
        url = cluster.url(cluster.new_database()) if cluster else f"sqlite:///{folder}/store.gpkg"
        store = Store.open(url)
        for k in range(4):
            with Context(store, clock=lambda: NOW).act(Action.MAINTAIN, f"thing:{k}") as work:
                work.tx.records.write_fact(f"fact {k}", "值" * 50)
        backup = make_backup(store, folder / "backups", NOW)[0]
        store.close()
        made[store_kind] = store, backup
    return made[store_kind]


@pytest.fixture
def office(request, store_kind, original, tmp_path):
    """Return a context on a copy of it."""
    store, _ = original
    if store_kind == "gpkg":
        copy = Store.open(f"sqlite:///{shutil.copy(store.file, tmp_path)}")
    else:
        cluster = request.getfixturevalue("cluster")
        copy = Store.open(cluster.url(cluster.new_database(template=store.name)))
    yield Context(copy, clock=lambda: NOW)
    copy.close()


@pytest.fixture
def backup(original, tmp_path):
    """Return a copy of the backup."""
    _, backup = original
    return shutil.copytree(backup.parent, tmp_path / "backups") / backup.name


def place(request, store_kind, tmp_path, template):
    if store_kind == "gpkg":
        (tmp_path / "clean").mkdir()
        return f"sqlite:///{tmp_path}/clean/store.gpkg"
    cluster = request.getfixturevalue("cluster")
    return cluster.url(cluster.new_database(template=template))


@pytest.fixture
def clean(request, store_kind, tmp_path):
    """Return the address of a place of the same kind in which there is nothing, not even PostGIS."""
    return place(request, store_kind, tmp_path, "template0")


@pytest.fixture
def elsewhere(request, store_kind, tmp_path):
    """Return the address of a store of the same kind in which nothing is."""
    return place(request, store_kind, tmp_path, TEMPLATE)


@pytest.fixture
def occupied(elsewhere):
    """Return the address of a store of the same kind with somebody's work in it."""
    with closing(Store.open(elsewhere)) as store, Context(store).act(Action.MAINTAIN, "my work"):
        pass
    return elsewhere


def test_a_backup_that_is_put_back_is_equal_in_every_table(office, backup, clean):
    before = fingerprints(office.store)
    done = restore_backup(backup, clean, NOW, replaces=False)
    with closing(Store.open(clean)) as store:
        assert fingerprints(store) == before == done.manifest.tables
        assert verify_trail(Context(store)).is_whole
        with Context(store).act(Action.MAINTAIN, "work goes on"):
            pass
        assert verify_trail(Context(store)).rows == 5
    assert (done.aside, done.is_trail_whole) == ("", True)


def test_rows_of_every_layer_come_back_with_their_shapes_and_go_on_numbering(store_url, elsewhere, tmp_path):
    with closing(Store.open(store_url)) as store:
        fill_store(Context(store, clock=lambda: NOW), small_district())
        backup, _ = make_backup(store, tmp_path / "backups", NOW)
        before = fingerprints(store)
    restore_backup(backup, elsewhere, NOW, replaces=False)
    with closing(Store.open(elsewhere)) as store:
        assert fingerprints(store) == before
        with Context(store).act(Action.IMPORT) as work:
            names = work.tx.read_layer(Layer.TEAMS, columns=["name"])
            work.tx.upsert(Layer.TEAMS, names.rename(index=lambda code: f"new-{code}"))


def test_a_backup_made_while_others_write_is_one_state(office, tmp_path, elsewhere):
    stop, written = Event(), Event()

    def write():
        k = 0
        while not stop.is_set():
            k += 1
            with office.act(Action.MAINTAIN, f"written:{k}") as work:
                work.tx.records.write_fact("left", str(k))
                work.tx.records.write_fact("right", str(k))
            written.set()

    writer = Thread(target=write)
    writer.start()
    try:
        assert written.wait(20)
        backup, manifest = make_backup(office.store, tmp_path / "backups", NOW)
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


def test_a_place_that_holds_something_is_refused_and_left_alone(office, backup):
    url = office.store.engine.url.render_as_string(hide_password=False)
    before = fingerprints(office.store)
    office.store.close()
    with pytest.raises(StoreError, match="--replace"):
        restore_backup(backup, url, NOW, replaces=False)
    assert fingerprints(office.store) == before


def test_what_was_there_is_moved_aside_and_can_be_found(backup, occupied):
    done = restore_backup(backup, occupied, NOW, replaces=True)
    assert "replaced" in done.aside
    with closing(Store.open(occupied)) as store:
        assert fingerprints(store) == done.manifest.tables
        if store.file:
            assert (store.file.parent / done.aside).exists()
        else:
            with store.engine.connect() as connection:
                count = connection.exec_driver_sql(f'SELECT count(*) FROM "{done.aside}".audit').scalar()
            assert count == 1


@pytest.fixture
def upgraded(office, backup):
    """Return the address of a store that a newer program has brought up to date after the backup, and is done with."""
    with office.store.write() as tx:
        tx._connection.exec_driver_sql("CREATE TABLE visits (id INTEGER PRIMARY KEY)")
        tx._connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    office.store.close()
    return office.store.engine.url.render_as_string(hide_password=False)


def tables(store):
    with store.engine.connect() as connection:
        return set(inspect(connection).get_table_names())


def test_an_upgrade_is_undone_with_all_that_it_made_and_can_be_done_again(backup, upgraded):
    done = restore_backup(backup, upgraded, NOW, replaces=True)
    with closing(Store.open(upgraded)) as store:
        assert fingerprints(store) == done.manifest.tables
        assert "visits" not in tables(store)


def test_an_upgrade_that_cannot_be_undone_stays(office, backup, upgraded, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError

    place, step = (restore, "faults_of_file") if office.store.is_file else (dump, "load")
    monkeypatch.setattr(place, step, fail)
    before = tables(office.store)
    office.store.close()
    with pytest.raises(RuntimeError):
        restore_backup(backup, upgraded, NOW, replaces=True)
    assert tables(office.store) == before
    assert office.store.version() == "9999"


def test_a_backup_of_a_newer_program_is_refused_before_anything_is_touched(office, backup, elsewhere):
    manifest = replace(read_manifest(backup), version="9999")
    write_manifest(backup, manifest, office.store.sealer)
    with pytest.raises(StoreError, match="newer version"):
        restore_backup(backup, elsewhere, NOW, replaces=True)


def test_a_backup_that_may_not_be_read_is_refused_with_what_to_do(backup, elsewhere, monkeypatch):
    def refuse(path, *_, **__):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(type(backup), "open", refuse)  # whoever runs the tests may read everything
    with pytest.raises(StoreError, match="chown"):
        restore_backup(backup, elsewhere, NOW, replaces=False)


def test_a_store_in_use_is_not_replaced(office, backup):
    url = office.store.engine.url.render_as_string(hide_password=False)
    with office.store.read() as tx:
        tx.records.count_audit()
        with pytest.raises(StoreError, match="in use"):
            restore_backup(backup, url, NOW, replaces=True)


def _spoil_manifest(backup, **changes):
    path = manifest_path(backup)
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


SPOILED = {
    "a byte": (lambda b: b.write_bytes(b.read_bytes()[:-100] + b"x" + b.read_bytes()[-99:]), "is not what was written"),
    "cut": (lambda b: b.write_bytes(b.read_bytes()[:1000]), "is not what was written"),
    "gone": (lambda b: b.unlink(), "is not there"),
    "no manifest": (lambda b: manifest_path(b).unlink(), "missing or cannot be read"),
    "manifest is no JSON": (lambda b: manifest_path(b).write_text("{"), "missing or cannot be read"),
    "other time": (
        lambda b: _spoil_manifest(b, made_at="2020-01-01T00:00:00"),
        "description of the backup was changed",
    ),
    "other key": (lambda b: _spoil_manifest(b, key="00" * 16), "another key"),
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_backup_that_is_not_what_was_written_is_refused_and_what_is_there_stays(backup, occupied, how):
    with closing(Store.open(occupied)) as store:
        before = fingerprints(store)
    spoil, said = SPOILED[how]
    spoil(backup)
    with pytest.raises(StoreError, match=said):
        restore_backup(backup, occupied, NOW, replaces=True)
    with closing(Store.open(occupied)) as store:
        assert fingerprints(store) == before


def test_another_key_is_refused(backup, elsewhere, monkeypatch):
    monkeypatch.setenv("GRIDMUSTER_KEY", "B" * 43 + "=")
    with pytest.raises(StoreError, match="another key"):
        restore_backup(backup, elsewhere, NOW, replaces=False)


@pytest.mark.parametrize("step", ["_compare", "_check_trail"])
def test_a_fault_at_any_step_leaves_everything_as_it_was(backup, occupied, monkeypatch, step):
    with closing(Store.open(occupied)) as store:
        before = fingerprints(store)

    def fail(*_):
        raise OSError("disk")

    monkeypatch.setattr(restore, step, fail)
    with pytest.raises(OSError, match="disk"):
        restore_backup(backup, occupied, NOW, replaces=True)
    with closing(Store.open(occupied)) as store:
        assert fingerprints(store) == before


def test_old_backups_go_and_those_of_other_stores_stay(office, tmp_path):
    folder = tmp_path / "backups"
    other, _ = make_backup(office.store, folder, NOW - timedelta(days=900))
    renamed = folder / "other-20200101-000000.bin"
    shutil.move(other, renamed)
    manifest = json.loads(manifest_path(other).read_text()) | {"file": renamed.name, "store": "other"}
    manifest_path(renamed).write_text(json.dumps(manifest))
    manifest_path(other).unlink()
    days = iter([NOW - timedelta(days=3), NOW - timedelta(days=2), NOW])
    for at in days:
        done = back_up(Context(office.store, clock=lambda at=at: at), folder, Keep(1, 2, 0, 0))
    assert len(done.removed) == 1
    assert [m.made_at for _path, m in backups_in(folder, office.store.name)] == [NOW, NOW - timedelta(days=2)]
    assert renamed.exists()


def test_two_backups_within_a_second_are_two_files(office, tmp_path):
    files = {make_backup(office.store, tmp_path / "b", NOW)[0].name for _k in range(2)}
    assert len(files) == 2


def test_a_backup_is_told_in_the_trail_and_only_by_who_may(office, tmp_path):
    done = back_up(office, tmp_path / "b", Keep())
    with office.look(Action.MAINTAIN) as tx:
        assert tx.records.read_audit(1)["object"].tolist() == [f"backup:{done.file.name}"]
    with pytest.raises(PermissionError):
        back_up(Context(office.store, Actor("p", Role.PLANNER)), tmp_path / "b", Keep())


def test_a_trail_that_was_spoiled_is_backed_up_and_said_to_be(office, tmp_path, elsewhere):
    with office.store.write() as tx:
        tx._connection.exec_driver_sql("UPDATE audit SET actor = 'x' WHERE id = 2")
    backup, manifest = make_backup(office.store, tmp_path / "b", NOW)
    assert manifest.audit_faults == 1
    assert restore_backup(backup, elsewhere, NOW, replaces=False).is_trail_whole is False


def test_a_trail_cut_off_with_its_note_is_told_by_a_backup(office, backup, tmp_path):
    with office.look(Action.MAINTAIN) as tx:
        note = tx.trail._stored_anchor()
    with office.act(Action.MAINTAIN, "to be hidden"):
        pass
    later, _ = make_backup(office.store, tmp_path / "backups", NOW + timedelta(hours=1))
    with office.store.write() as tx:
        tx._connection.exec_driver_sql("DELETE FROM audit WHERE id = 5")
        tx.records.write_fact("audit_newest", note)
    found = verify_trail(office, tmp_path / "backups")
    assert (found.faults, found.disagreeing) == ((), (later.name,))


def test_no_half_of_a_backup_is_left_when_it_fails(office, tmp_path, monkeypatch):
    monkeypatch.setattr("services.store.backup.write_manifest", lambda *_: 1 / 0)
    monkeypatch.setattr("services.store.backup._describe", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make_backup(office.store, tmp_path / "b", NOW)
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


@pytest.mark.parametrize("store_kind", ["postgis"])
def test_a_database_that_is_replaced_keeps_who_may_do_what(request, office, backup):
    cluster = request.getfixturevalue("cluster")
    database = office.store.name
    url = office.store.engine.url.render_as_string(hide_password=False)
    office.store.close()
    cluster.execute("DROP ROLE IF EXISTS reporter")
    cluster.execute("CREATE ROLE reporter LOGIN")
    for statement in (
        "GRANT SELECT ON grids TO reporter",
        "GRANT UPDATE (name) ON estates TO reporter",
        "GRANT SELECT ON roads TO PUBLIC",
        "ALTER TABLE water OWNER TO reporter",
        "GRANT USAGE ON SCHEMA public_map TO reporter",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public_map GRANT SELECT ON TABLES TO reporter",
    ):
        cluster.execute(statement, database)
    try:
        restore_backup(backup, url, NOW, replaces=True)
        with psycopg.connect(cluster.dsn(database)) as connection:
            rights = {
                question: connection.execute(f"SELECT {question}").fetchone()[0]
                for question in (
                    "has_table_privilege('reporter', 'public.grids', 'SELECT')",
                    "has_table_privilege('reporter', 'public.grids', 'UPDATE')",
                    "has_column_privilege('reporter', 'public.estates', 'name', 'UPDATE')",
                    "has_table_privilege('reporter', 'public.roads', 'SELECT')",
                    "has_table_privilege('reporter', 'public.members', 'SELECT')",
                    "has_table_privilege('reporter', 'public_map.grids', 'SELECT')",
                )
            }
            owner = connection.execute(
                "SELECT tableowner FROM pg_tables WHERE tablename = 'water' AND schemaname = 'public'"
            ).fetchone()
        assert list(rights.values()) == [True, False, True, True, False, True]
        assert owner == ("reporter",)
    finally:
        cluster.drop(database)
        cluster.execute("DROP ROLE reporter")


def test_the_doctor_finds_a_backup_wherever_it_was_put(office, tmp_path):
    back_up(office, tmp_path / "stick", Keep())
    url = office.store.engine.url.render_as_string(hide_password=False)
    seen = {one.check: one for one in diagnose(url, NOW)}
    assert seen["backup"].severity is Severity.FINE
    shutil.rmtree(tmp_path / "stick")
    gone = {one.check: one for one in diagnose(url, NOW)}["backup"]
    assert gone.severity is Severity.FAULT
    assert str(tmp_path / "stick") in str(gone.what)


def test_the_doctor_finds_a_backup_that_went_elsewhere_than_the_settings_say(office, tmp_path, monkeypatch):
    monkeypatch.setenv("GRIDMUSTER_BACKUPS", str(tmp_path / "usual"))
    back_up(office, tmp_path / "stick", Keep())
    url = office.store.engine.url.render_as_string(hide_password=False)
    assert {one.check: one for one in diagnose(url, NOW)}["backup"].severity is Severity.FINE
