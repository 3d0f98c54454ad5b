"""Pairings in either store: joined with units, written by imports, taken back with them."""

import json

import pandas as pd
import pytest
from alembic import command
from sqlalchemy import select

from geo.schema import Layer
from services.store import Store, postgis
from services.store.engines import make_engine
from services.store.tables import replaced_rows
from services.store.versions import migration_config

from .test_store import add_batch


def units(**codes):
    frame = pd.DataFrame({"name": list(codes), "community_codes": list(codes.values())}, index=list(codes))
    return frame.rename_axis("code").astype({"community_codes": "str"})


def pairing(unit, community, *, kind="paired", plaque=False, since=None):
    return {
        "unit_code": unit, "community_code": community, "kind": kind, "plaque": plaque, "since": since, "until": None
    }  # fmt: skip


def codes_of(tx):
    frame = tx.read_layer(Layer.UNITS, columns=["community_codes"])["community_codes"].astype(object)
    return frame.where(frame.notna(), None).to_dict()


def day(tx, batch_id):
    return tx.records.read_batches().loc[batch_id]["at"][:10]


@pytest.fixture
def paired(store):
    """Return a store in which an import has paired two units."""
    with store.write() as tx:
        tx.upsert(Layer.UNITS, units(U1="C2;C1", U2="C1", U3=None), batch_id=add_batch(tx))
    return store


def test_units_have_the_codes_of_their_communities_joined_in_order(paired):
    with paired.read() as tx:
        assert codes_of(tx) == {"U1": "C1;C2", "U2": "C1", "U3": None}
        assert tx.pairings.read_paired("C1") == ["U1", "U2"]
        assert list(tx.read_layer(Layer.UNITS).columns[:2]) == ["name", "community_codes"]


def test_an_import_ends_what_it_does_not_name_and_keeps_what_is_known_of_the_rest(paired):
    with paired.write() as tx:
        tx.pairings.put_pairings([pairing("U1", "C1", kind="paired", plaque=True, since="2024-03-01")])
        batch = add_batch(tx)
        tx.upsert(Layer.UNITS, units(U1="C1;C3"), batch_id=batch)
        rows = {row["community_code"]: row for row in tx.pairings.read_pairings(unit_code="U1")}
        assert codes_of(tx)["U1"] == "C1;C3"
        assert (rows["C1"]["since"], rows["C1"]["plaque"]) == ("2024-03-01", True)
        assert rows["C2"]["until"] == day(tx, batch)
        assert rows["C3"]["since"] is None


def test_a_file_without_communities_changes_no_pairing(paired):
    with paired.write() as tx:
        tx.upsert(Layer.UNITS, units(U1=None)[["name"]], batch_id=add_batch(tx))
        assert codes_of(tx)["U1"] == "C1;C2"


def test_an_import_taken_back_restores_pairings_as_they_were(paired):
    with paired.write() as tx:
        before = tx.pairings.read_pairings()
        batch = add_batch(tx)
        tx.upsert(Layer.UNITS, units(U1="C3", U2=None, U4="C1"), batch_id=batch)
        assert codes_of(tx) == {"U1": "C3", "U2": None, "U3": None, "U4": "C1"}
        tx.restore_replaced(Layer.UNITS, batch)
        assert tx.pairings.read_pairings() == before


def test_what_a_person_said_after_an_import_stays_when_it_is_taken_back(paired):
    mine = pairing("U1", "C3", plaque=True)
    with paired.write() as tx:
        batch = add_batch(tx)
        tx.upsert(Layer.UNITS, units(U1="C3"), batch_id=batch)
        tx.pairings.put_pairings([mine])
        tx.restore_replaced(Layer.UNITS, batch)
        assert codes_of(tx)["U1"] == "C1;C2;C3"
        assert mine in tx.pairings.read_pairings(unit_code="U1")


def test_pairings_go_with_their_unit(paired):
    with paired.write() as tx:
        tx.delete(Layer.UNITS, ["U1"])
        assert [row["unit_code"] for row in tx.pairings.read_pairings()] == ["U2"]


def test_a_pairing_of_two_kinds_is_one_community(paired):
    with paired.write() as tx:
        tx.pairings.put_pairings([pairing("U2", "C1", kind="reported", plaque=False, since=None)])
        assert codes_of(tx)["U2"] == "C1"
        assert tx.pairings.read_paired("C1") == ["U1", "U2"]


@pytest.fixture
def before_pairings(store_kind, request, tmp_path):
    """Return the address of a store as the program before pairings left it, and the number of its second import."""
    if store_kind == "gpkg":
        url, cluster = f"sqlite:///{tmp_path}/old.gpkg", None
    else:
        cluster = request.getfixturevalue("cluster")
        name = cluster.new_database(template="template0")
        url = cluster.url(name)
    store = Store.open(url)
    with store.write() as tx:
        tx.upsert(Layer.UNITS, units(U1="C1", U2="C2"), batch_id=add_batch(tx))
        batch = add_batch(tx)
        tx.upsert(Layer.UNITS, units(U1="C3;C4"), batch_id=batch)
    downgrade(store, store_kind)
    store.close()
    yield url, batch
    if cluster is not None:
        cluster.drop(name)


def downgrade(store, store_kind):
    with store.engine.connect().execution_options(write=True) as connection, connection.begin():
        if store_kind == "postgis":
            postgis.drop_views(connection)
        command.downgrade(migration_config(connection), "0017")


def test_a_store_of_before_has_codes_that_become_pairings_of_an_unknown_day(before_pairings):
    url, batch = before_pairings
    Store.bring_up_to_date(url)
    store = Store.open(url)
    with store.write() as tx:
        assert codes_of(tx) == {"U1": "C3;C4", "U2": "C2"}
        assert {(row["kind"], row["since"]) for row in tx.pairings.read_pairings()} == {("paired", None)}
        tx.restore_replaced(Layer.UNITS, batch)
        assert codes_of(tx) == {"U1": "C1", "U2": "C2"}
    store.close()


def test_going_back_joins_the_codes_in_units_and_in_what_imports_replaced(before_pairings):
    url, batch = before_pairings
    with make_engine(url).connect() as connection:
        joined = connection.exec_driver_sql("SELECT code, community_codes FROM units ORDER BY code").all()
        kept = connection.scalars(select(replaced_rows.c.row).where(replaced_rows.c.batch_id == batch)).all()
    assert [tuple(row) for row in joined] == [("U1", "C3;C4"), ("U2", "C2")]
    assert [json.loads(row)["community_codes"] for row in kept] == ["C1"]


@pytest.mark.parametrize("store_kind", ["postgis"])
def test_qgis_sees_the_communities_of_a_unit(paired):
    with paired.engine.connect() as connection:
        view = f"{postgis.schema_of_views(connection)}.units"
        rows = connection.exec_driver_sql(f"SELECT code, community_codes FROM {view} ORDER BY code").all()
    assert [tuple(row) for row in rows] == [("U1", "C1;C2"), ("U2", "C1"), ("U3", None)]
