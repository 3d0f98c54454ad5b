"""The embedded store: other programs read the file, and what is no store is refused."""

import sqlite3
import subprocess

import geopandas as gpd
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.schema import Layer
from services.store import Store, StoreError
from services.store.geopackage import blob_to_ewkb, ewkb_to_blob, from_blobs, to_blobs

from .conftest import grids

points = st.tuples(st.floats(-180, 180), st.floats(-90, 90)).map(shapely.Point)
shapes = st.none() | points | points.map(lambda p: shapely.MultiPolygon([p.buffer(1)])) | st.just(shapely.Point())


@pytest.fixture
def store(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/store.gpkg")
    yield store
    store.close()


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


def test_a_file_that_is_no_store_is_refused(tmp_path):
    (tmp_path / "store.gpkg").write_bytes(b"not a database, but long enough to be looked at" * 50)
    with pytest.raises(StoreError, match="is damaged: It does not begin as a database does"):
        Store.open(f"sqlite:///{tmp_path}/store.gpkg")


def test_geopackage_application_id_is_set(store, tmp_path):
    store.close()
    with sqlite3.connect(tmp_path / "store.gpkg") as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (0x47504B47,)


@given(st.lists(shapes))
def test_geometries_survive_the_blob(written):
    back = from_blobs(to_blobs(written))
    assert [None if s is None else s.wkb for s in written] == [None if s is None else s.wkb for s in back]


@given(shapes.filter(lambda shape: shape is not None))
def test_a_blob_survives_the_form_of_postgis(shape):
    (blob,) = to_blobs([shape])
    assert ewkb_to_blob(blob_to_ewkb(blob)) == blob
    assert blob_to_ewkb(blob) == shapely.to_wkb(shapely.set_srid(shape, 4326), hex=True, include_srid=True).lower()


def test_a_blob_with_an_envelope_is_read():
    shape = shapely.Point(1, 2)
    blob = b"GP\x00\x03" + (4326).to_bytes(4, "little") + b"\0" * 32 + shape.wkb
    assert from_blobs([blob])[0] == shape
