"""A backup comes back whole or not at all, and what was there before is kept; on both stores."""

import json
from contextlib import closing
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import inspect

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, StoreError, make_backup
from services.demo import fill_store
from services.maintenance import verify_audit_log
from services.store import Store, dump, restore
from services.store.backup_catalog import manifest_path, read_manifest, write_manifest
from services.store.restore import restore_backup
from tests.acting import act
from tests.faults.cases_of_data import small_district
from tests.services.maintenance.conftest import NOW, fingerprints


def test_a_backup_that_is_put_back_is_equal_in_every_table(office, backup, clean):
    before = fingerprints(office._store)
    done = restore_backup(backup, clean, NOW, replaces=False)
    with closing(Store.open(clean)) as store:
        assert fingerprints(store) == before == done.manifest.tables
        assert verify_audit_log(Context(store)).is_whole
        with act(Context(store), Action.MAINTAIN, "work goes on"):
            pass
        assert verify_audit_log(Context(store)).rows == 5
    assert (done.aside, done.is_trail_whole) == ("", True)


def test_rows_of_every_layer_come_back_with_their_shapes_and_go_on_numbering(store_url, elsewhere, tmp_path):
    with closing(Store.open(store_url)) as store:
        fill_store(Context(store, clock=lambda: NOW), small_district())
        backup, _ = make_backup(store, tmp_path / "backups", NOW)
        before = fingerprints(store)
    restore_backup(backup, elsewhere, NOW, replaces=False)
    with closing(Store.open(elsewhere)) as store:
        assert fingerprints(store) == before
        with act(Context(store), Action.IMPORT) as work:
            names = work.tx.read_layer(Layer.TEAMS, columns=["name"])
            work.tx.upsert(Layer.TEAMS, names.rename(index=lambda code: f"new-{code}"))


def test_a_place_that_holds_something_is_refused_and_left_alone(office, backup):
    url = office._store.engine.url.render_as_string(hide_password=False)
    before = fingerprints(office._store)
    office._store.close()
    with pytest.raises(StoreError, match="--replace"):
        restore_backup(backup, url, NOW, replaces=False)
    assert fingerprints(office._store) == before


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
    with office._store.write() as tx:
        tx._connection.exec_driver_sql("CREATE TABLE visits (id INTEGER PRIMARY KEY)")
        tx._connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    office._store.close()
    return office._store.engine.url.render_as_string(hide_password=False)


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

    place, step = (restore, "faults_of_file") if office._store.is_file else (dump, "load")
    monkeypatch.setattr(place, step, fail)
    before = tables(office._store)
    office._store.close()
    with pytest.raises(RuntimeError):
        restore_backup(backup, upgraded, NOW, replaces=True)
    assert tables(office._store) == before
    assert office._store.version() == "9999"


def test_a_backup_of_a_newer_program_is_refused_before_anything_is_touched(office, backup, elsewhere):
    manifest = replace(read_manifest(backup), version="9999")
    write_manifest(backup, manifest, office._store.cipher)
    with pytest.raises(StoreError, match="newer version"):
        restore_backup(backup, elsewhere, NOW, replaces=True)


def test_a_backup_that_may_not_be_read_is_refused_with_what_to_do(backup, elsewhere, monkeypatch):
    def refuse(path, *_, **__):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(type(backup), "open", refuse)  # whoever runs the tests may read everything
    with pytest.raises(StoreError, match="chown"):
        restore_backup(backup, elsewhere, NOW, replaces=False)


def test_a_store_in_use_is_not_replaced(office, backup):
    url = office._store.engine.url.render_as_string(hide_password=False)
    with office._store.read() as tx:
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


@pytest.mark.parametrize("store_kind", ["postgis"])
def test_a_database_that_is_replaced_keeps_who_may_do_what(request, office, backup):
    cluster = request.getfixturevalue("cluster")
    database = office._store.name
    url = office._store.engine.url.render_as_string(hide_password=False)
    office._store.close()
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


VIEW_RIGHTS = (
    'GRANT USAGE ON SCHEMA public_map TO "map-reader"',
    'GRANT SELECT ON public_map.grids TO "map-reader" WITH GRANT OPTION',
    'GRANT SELECT (code, geom) ON public_map.units TO "map-reader"',
    "GRANT SELECT ON public_map.roads TO PUBLIC",
    'GRANT USAGE ON SEQUENCE public.plans_id_seq TO "map-reader"',
)
QUESTIONS = {
    "has_table_privilege('map-reader', 'public_map.grids', 'SELECT WITH GRANT OPTION')": True,
    "has_column_privilege('map-reader', 'public_map.units', 'geom', 'SELECT')": True,
    "has_table_privilege('map-reader', 'public_map.units', 'SELECT')": False,
    "has_table_privilege('map-reader', 'public_map.roads', 'SELECT')": True,
    "has_table_privilege('map-reader', 'public_map.estates', 'SELECT')": False,
    "has_table_privilege('map-reader', 'public.grids', 'SELECT')": False,
    "has_sequence_privilege('map-reader', 'public.plans_id_seq', 'USAGE')": True,
}


@pytest.fixture
def map_reader(request, office):
    """Give a role rights on views and a sequence, without rights on what will be made; return who asks after them."""
    cluster, database = request.getfixturevalue("cluster"), office._store.name
    office._store.close()
    cluster.execute('DROP ROLE IF EXISTS "map-reader"')
    cluster.execute('CREATE ROLE "map-reader" LOGIN')
    for statement in VIEW_RIGHTS:
        cluster.execute(statement, database)

    def ask():
        with psycopg.connect(cluster.dsn(database)) as connection:
            return {question: connection.execute(f"SELECT {question}").fetchone()[0] for question in QUESTIONS}

    yield ask
    cluster.execute('DROP OWNED BY "map-reader"', database)
    cluster.execute('DROP ROLE "map-reader"')


@pytest.mark.parametrize("store_kind", ["postgis"])
def test_who_may_read_the_views_may_after_a_restore(office, backup, map_reader):
    url = office._store.engine.url.render_as_string(hide_password=False)
    assert map_reader() == QUESTIONS
    restore_backup(backup, url, NOW, replaces=True)
    assert map_reader() == QUESTIONS


@pytest.mark.parametrize("store_kind", ["postgis"])
def test_who_may_read_the_views_may_after_a_restore_that_failed(office, backup, map_reader, monkeypatch):
    def fail(*_):
        raise OSError("disk")

    monkeypatch.setattr(restore, "_check_trail", fail)
    with pytest.raises(OSError, match="disk"):
        restore_backup(backup, office._store.engine.url.render_as_string(hide_password=False), NOW, replaces=True)
    assert map_reader() == QUESTIONS


@pytest.mark.parametrize("store_kind", ["postgis"])
def test_who_may_read_the_views_may_after_tables_were_brought_up_to_date(office, map_reader):
    Store.bring_up_to_date(office._store.engine.url.render_as_string(hide_password=False))
    assert map_reader() == QUESTIONS
