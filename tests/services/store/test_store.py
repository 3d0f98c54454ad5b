"""The embedded store: layers survive a round trip, other programs read the file, a change is whole or not at all."""

import sqlite3
import subprocess

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given
from hypothesis import strategies as st

from geo.schema import Layer
from services.context import Context, RefusedError
from services.rules.roles import Action, Actor, Role
from services.store import Store, StoreError
from services.store.gpkg import Geometry, from_blobs, to_blobs
from services.store.tables import metadata


def square(west, south, side=0.01):
    return shapely.MultiPolygon([shapely.box(west, south, west + side, south + side)])


def grids(**names):
    frame = pd.DataFrame(
        {"name": names.values(), "parent_code": "C1", "residents": 300.0, "households": 100.0, "outsiders": None},
        index=pd.Index(list(names), name="code"),
    ).astype({"outsiders": float})
    geometry = [square(113.2 + i / 100, 23.4) for i in range(len(names))]
    return gpd.GeoDataFrame(frame.assign(geom=geometry), geometry="geom", crs=4326)


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/store.gpkg"


@pytest.fixture
def store(url):
    store = Store.open(url)
    yield store
    store.close()


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


def test_migrations_make_what_the_tables_say(store):
    with store._engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_object": lambda _object, name, *_: not str(name).startswith(("gpkg_", "alembic")),
                # SQLite reports a geometry column as a number; ogrinfo and pyogrio below check those.
                "compare_type": lambda *types: False if isinstance(types[-1], Geometry) else None,
            },
        )
        assert compare_metadata(context, metadata) == []


def test_opening_twice_keeps_the_data(url):
    first = Store.open(url)
    with first.write() as tx:
        tx.upsert(Layer.GRIDS, grids(G1="甲"))
    first.close()
    second = Store.open(url)
    with second.read() as tx:
        assert tx.read_codes(Layer.GRIDS) == ["G1"]
    second.close()


def test_gdal_reads_a_copy_with_its_geometry_and_reference_system(store, tmp_path):
    with store.write() as tx:
        tx.upsert(Layer.GRIDS, grids(G1="甲", G2="乙"))
    store.close()
    frame = pyogrio.read_dataframe(tmp_path / "store.gpkg", layer="grids")
    assert frame["name"].tolist() == ["甲", "乙"]
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.geom_equals(gpd.GeoSeries(grids(G1="", G2="").geometry.to_numpy(), crs=4326)).all()


def test_ogrinfo_lists_layers_and_features_without_a_warning(store, tmp_path, program):
    with store.write() as tx:
        tx.upsert(Layer.GRIDS, grids(G1="甲", G2="乙"))
    store.close()
    shown = subprocess.run(
        [program("ogrinfo"), "-so", "-al", tmp_path / "store.gpkg"], capture_output=True, text=True, check=True
    )
    assert "Warning" not in shown.stderr + shown.stdout
    assert "Layer name: grids\nGeometry: Multi Polygon\nFeature Count: 2" in shown.stdout


@pytest.mark.parametrize(
    "address", ["nonsense", "mysql://host/base", "sqlite:///missing-folder/store.gpkg", "sqlite://"]
)
def test_an_address_that_cannot_be_used_is_refused_in_one_sentence(address):
    with pytest.raises(StoreError):
        Store.open(address)


def test_a_file_that_is_no_store_is_refused(tmp_path):
    (tmp_path / "store.gpkg").write_bytes(b"not a database, but long enough to be looked at" * 50)
    with pytest.raises(StoreError, match="cannot be opened"):
        Store.open(f"sqlite:///{tmp_path}/store.gpkg")


def test_geopackage_application_id_is_set(store, tmp_path):
    store.close()
    with sqlite3.connect(tmp_path / "store.gpkg") as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (0x47504B47,)


points = st.tuples(st.floats(-180, 180), st.floats(-90, 90)).map(shapely.Point)


@given(
    st.lists(st.none() | points | points.map(lambda p: shapely.MultiPolygon([p.buffer(1)])) | st.just(shapely.Point()))
)
def test_geometries_survive_the_blob(shapes):
    back = from_blobs(to_blobs(shapes))
    assert [None if s is None else s.wkb for s in shapes] == [None if s is None else s.wkb for s in back]


def test_a_blob_with_an_envelope_is_read(store):
    shape = shapely.Point(1, 2)
    blob = b"GP\x00\x03" + (4326).to_bytes(4, "little") + b"\0" * 32 + shape.wkb
    assert from_blobs([blob])[0] == shape


def test_every_change_leaves_one_audit_row(store):
    context = Context(store)
    with context.act(Action.IMPORT, "grids") as work:
        work.tx.upsert(Layer.GRIDS, grids(G1="甲"))
        work.note(rows=1)
    with context.look(Action.VIEW_AUDIT) as tx:
        audit = tx.records.read_audit(10)
    assert audit[["actor", "action", "object", "detail"]].to_dict("records") == [
        {"actor": "local", "action": "import", "object": "grids", "detail": '{"rows": 1}'}
    ]


def test_a_change_that_fails_leaves_no_audit_row(store):
    context = Context(store)
    with pytest.raises(ZeroDivisionError), context.act(Action.IMPORT):
        1 / 0  # noqa: B018 - the fault under test
    with context.look(Action.VIEW_AUDIT) as tx:
        assert tx.records.count_audit() == 0


@pytest.mark.parametrize("action", sorted(set(Action) - {Action.VIEW_COVERAGE}))
def test_a_screen_may_only_view_coverage(store, action):
    context = Context(store, Actor("screen", Role.SCREEN))
    with pytest.raises(RefusedError), context.act(action):
        pass
