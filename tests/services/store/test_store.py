"""What every store does, file and database alike: layers survive a round trip, a change is whole or not at all."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from geopandas.testing import assert_geodataframe_equal
from sqlalchemy import insert, select

from geo.schema import Layer
from services.catalog.actions import Action, Role
from services.context import Context, RefusedError
from services.rules.roles import Actor
from services.store import Store, StoreError
from services.store.engines import make_engine
from services.store.geopackage import Geometry
from services.store.tables import layers, metadata, team_members
from services.store.versions import known_versions
from tests.acting import act

from .conftest import OLDEST, grids, square


def test_a_layer_comes_back_as_it_was_written(store):
    written = grids(G1="甲", G2="乙")
    with store.write() as tx:
        tx.upsert(Layer.GRIDS, written)
    with store.read() as tx:
        assert_geodataframe_equal(tx.read_layer(Layer.GRIDS), written, check_dtype=False)


def test_an_empty_layer_is_a_frame_with_its_columns(store):
    with store.read() as tx:
        frame = tx.read_layer(Layer.ESTATES)
    assert frame.empty
    assert {"managed", "gates", "geom"} <= set(frame.columns)
    assert frame.crs.to_epsg() == 4326


def test_columns_without_geometry_give_a_plain_frame(store):
    with store.write() as tx:
        tx.upsert(Layer.GRIDS, grids(G1="甲"))
        frame = tx.read_layer(Layer.GRIDS, columns=["name"])
    assert not isinstance(frame, gpd.GeoDataFrame)
    assert frame.to_dict() == {"name": {"G1": "甲"}}


def test_a_second_write_replaces_only_the_columns_it_has(store):
    with store.write() as tx:
        tx.upsert(Layer.GRIDS, grids(G1="甲", G2="乙"))
        upserted = tx.upsert(Layer.GRIDS, pd.DataFrame({"name": ["丙"]}, index=pd.Index(["G1"], name="code")))
        frame = tx.read_layer(Layer.GRIDS)
    assert (upserted.inserted, upserted.replaced) == (0, 1)
    assert frame["name"].tolist() == ["丙", "乙"]
    assert frame["residents"].tolist() == [300, 300]


def test_an_exception_leaves_nothing_behind(store):
    with pytest.raises(ZeroDivisionError), store.write() as tx:
        tx.upsert(Layer.GRIDS, grids(G1="甲"))
        1 / 0  # noqa: B018 - the fault under test
    with store.read() as tx:
        assert tx.count(Layer.GRIDS) == 0
        assert tx.data_version() == 0


def test_what_a_reading_transaction_writes_is_not_kept(store):
    with store.read() as tx:
        tx.touch("grids")
    with store.read() as tx:
        assert tx.versions() == {}


def test_versions_grow_with_every_change_and_name_the_part(store):
    with store.write() as tx:
        tx.upsert(Layer.GRIDS, grids(G1="甲"))
    with store.write() as tx:
        tx.touch("norms")
    with store.read() as tx:
        versions = tx.versions()
    assert versions["norms"] > versions["grids"] > 0


def add_batch(tx):
    return tx.records.add_batch(
        layer="grids", file_name="f", file_sha256="", at="", actor="", rows_read=0, rows_accepted=0,
        rows_rejected=0, report="{}",
    )  # fmt: skip


def test_restoring_brings_back_what_an_import_replaced_and_removes_what_it_added(store):
    before = grids(G1="甲", G2="乙")
    with store.write() as tx:
        tx.upsert(Layer.GRIDS, before, batch_id=add_batch(tx))
        second = add_batch(tx)
        tx.upsert(Layer.GRIDS, grids(G1="丁", G3="丙"), batch_id=second)
        tx.restore_replaced(Layer.GRIDS, second)
        assert_geodataframe_equal(tx.read_layer(Layer.GRIDS), before, check_dtype=False)


def test_a_row_rewritten_by_a_later_import_is_named(store):
    with store.write() as tx:
        first = add_batch(tx)
        tx.upsert(Layer.GRIDS, grids(G1="甲", G2="乙"), batch_id=first)
        tx.upsert(Layer.GRIDS, grids(G2="丙"), batch_id=add_batch(tx))
        assert tx.codes_replaced_by_others(Layer.GRIDS, first) == ["G2"]


FOREIGN = ("gpkg_", "alembic", "gx_", "spatial_ref_sys")


def test_opening_twice_keeps_the_data(store_url):
    first = Store.open(store_url)
    with first.write() as tx:
        tx.upsert(Layer.GRIDS, grids(G1="甲"))
    first.close()
    second = Store.open(store_url)
    with second.read() as tx:
        assert tx.read_codes(Layer.GRIDS) == ["G1"]
    second.close()


@pytest.mark.parametrize(
    "address",
    [
        "nonsense",
        "mysql://host/base",
        "sqlite:///missing-folder/store.gpkg",
        "sqlite://",
        "postgresql://host/base",
        "postgresql+psycopg://host",
        "postgresql+psycopg://host:port/base",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_in_one_sentence(address):
    with pytest.raises(StoreError):
        Store.open(address)


def test_every_change_leaves_one_audit_row(store):
    context = Context(store)
    with act(context, Action.IMPORT, "grids") as work:
        work.tx.upsert(Layer.GRIDS, grids(G1="甲"))
        work.note(rows=1)
    with context.look(Action.VIEW_AUDIT) as tx:
        audit = tx.records.read_audit(10)
    assert audit[["actor", "action", "object", "detail"]].to_dict("records") == [
        {"actor": "local", "action": "import", "object": "grids", "detail": '{"rows": 1}'}
    ]


def test_a_change_that_fails_leaves_no_audit_row(store):
    context = Context(store)
    with pytest.raises(ZeroDivisionError), act(context, Action.IMPORT):
        1 / 0  # noqa: B018 - the fault under test
    with context.look(Action.VIEW_AUDIT) as tx:
        assert tx.records.count_audit() == 0


def test_a_role_is_asked_before_the_store_is(store):
    context = Context(store, Actor("screen", Role.SCREEN))
    with pytest.raises(RefusedError), act(context, Action.IMPORT):
        pass


# What the two databases do differently by themselves


WORDS = ["", *"ABZabz_'\"%ÄéﬀΩ花丁甲一😀", "10", "9", "-1", " y", "Ab", "aB"]


def test_codes_come_in_the_order_of_their_code_points(store):
    with store.write() as tx:
        names = pd.Index(WORDS[::-1], name="code")
        tx.upsert(Layer.TEAMS, pd.DataFrame({"name": "x"}, index=names))
    with store.read() as tx:
        assert tx.read_codes(Layer.TEAMS) == sorted(WORDS)
        assert tx.read_layer(Layer.TEAMS).index.tolist() == sorted(WORDS)


def test_texts_are_compared_by_their_code_points(store):
    name = layers[Layer.TEAMS].c.name
    with store.write() as tx:
        tx.upsert(Layer.TEAMS, pd.DataFrame({"name": WORDS}, index=pd.Index(WORDS, name="code")))
        smaller = {word: set(tx._connection.scalars(select(name).where(name < word))) for word in WORDS}
    assert smaller == {word: {other for other in WORDS if other < word} for word in WORDS}


def test_counts_given_as_floats_and_flags_come_back_as_they_are(store):
    frame = pd.DataFrame(
        {"name": "x", "residents": [0.0, 3e5, np.nan], "managed": pd.array([True, False, None], dtype="boolean")},
        index=pd.Index(["E1", "E2", "E3"], name="code"),
    )
    with store.write() as tx:
        tx.upsert(Layer.ESTATES, frame)
        back = tx.read_layer(Layer.ESTATES, columns=["name", "residents", "managed"])
    assert back["residents"].fillna(-1).tolist() == [0, 3e5, -1]
    assert back["managed"].tolist() == [True, False, pd.NA]


SHAPES = [
    shapely.Point(113.2, 23.4), None, shapely.Point(), shapely.LineString([(0, 0), (1, 1.5)]), square(1 / 3, 2 / 3),
    shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]), shapely.GeometryCollection([shapely.Point(1, 2)]),
    shapely.box(0, 0, 1, 1).difference(shapely.box(0.2, 0.2, 0.4, 0.4)), shapely.Point(-180, 1e-300),
]  # fmt: skip


def test_geometries_of_every_kind_come_back_to_the_last_bit(store):
    codes = [f"R{k}" for k in range(len(SHAPES))]
    frame = gpd.GeoDataFrame({"name": ""}, index=pd.Index(codes, name="code"), geometry=SHAPES, crs=4326)
    with store.write() as tx:
        tx.upsert(Layer.ROADS, frame.rename_geometry("geom"))
        back = tx.read_layer(Layer.ROADS)["geom"]
    assert [None if s is None else s.wkb for s in back] == [None if s is None else s.wkb for s in SHAPES]


def test_numbers_grow_after_a_change_that_was_rolled_back(store):
    with store.write() as tx:
        first = add_batch(tx)
    with pytest.raises(ZeroDivisionError), store.write() as tx:
        add_batch(tx)
        1 / 0  # noqa: B018 - the fault under test
    with store.write() as tx:
        assert add_batch(tx) > first


def test_a_reader_sees_one_state_while_another_writes(store):
    with store.read() as reading:
        assert reading.data_version() == 0
        with store.write() as tx:
            tx.touch("grids")
        assert reading.data_version() == 0
    with store.read() as tx:
        assert tx.data_version() == 1


def test_writers_in_many_threads_take_their_turns(store):
    barrier = Barrier(6)

    def write(_):
        barrier.wait()
        for _k in range(5):
            with store.write() as tx:
                tx.touch("grids")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    with store.read() as tx:
        assert tx.data_version() == 30


def test_a_fault_of_a_call_says_nothing_of_what_was_to_be_written(store):
    canary = {"code": "T1", "name": "13800001234"}
    with pytest.raises(Exception, match="hidden due to") as caught, store.write() as tx:
        tx._connection.execute(insert(layers[Layer.TEAMS]), [canary, canary])
    assert "13800001234" not in str(caught.value.args[0]).partition("DETAIL")[0]


def test_a_store_of_a_newer_program_is_refused(store, store_url):
    with store.write() as tx:
        tx._connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer version"):
        Store.open(store_url)
    with pytest.raises(StoreError, match="newer version"):
        Store.bring_up_to_date(store_url)


def test_an_older_store_is_brought_up_to_date_and_keeps_working(old_url):
    first, second = Store.bring_up_to_date(old_url), Store.bring_up_to_date(old_url)
    assert (first.before, first.after) == (OLDEST, known_versions()[0])
    assert second.before == second.after == first.after
    store = Store.open(old_url)
    with store.write() as tx:
        tx.upsert(Layer.GRIDS, grids(G1="甲"))
        assert tx.plans.read_plans({}) == []
        assert tx._connection.execute(select(team_members)).all() == [("T1", "M1", "leader")]
    store.close()


def test_a_store_of_before_the_first_tables_is_told_the_way(store, store_url):
    with store.write() as tx:
        tx._connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0010'")
    for open_store in (Store.open, Store.bring_up_to_date):
        with pytest.raises(StoreError, match="last program of November 2026"):
            open_store(store_url)


def differences(url):
    """Return in what the tables at an address are not as the program says."""
    Store.bring_up_to_date(url)
    engine = make_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_object": lambda _object, name, *_: not str(name).startswith(FOREIGN),
                # Databases report a geometry column in words of their own; other programs check those elsewhere.
                "compare_type": lambda *types: False if isinstance(types[-1], Geometry) else None,
            },
        )
        found = compare_metadata(context, metadata)
    engine.dispose()
    return found


@pytest.mark.filterwarnings("ignore:Did not recognize type")
def test_a_new_store_has_what_the_tables_say(store_url):
    assert differences(store_url) == []


@pytest.mark.filterwarnings("ignore:Did not recognize type")
def test_a_store_that_was_brought_on_has_what_the_tables_say(old_url):
    assert differences(old_url) == []
