import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from geo.schema import Layer
from services.catalog.actions import Action
from services.cli import app
from services.cli.files import write_new
from services.cli.shell import Exit, run
from services.context import open_context
from tests.acting import act


@pytest.fixture
def store(tmp_path) -> str:
    """Return the address of a store with one grid, two members and one road."""
    url = f"sqlite:///{tmp_path}/store.gpkg"
    grid = gpd.GeoDataFrame(
        {"name": ["=一网格"], "residents": [300.0]},
        geometry=[shapely.MultiPolygon([shapely.box(113.2, 23.4, 113.21, 23.41)])],
        crs=4326,
        index=pd.Index(["001"], name="code"),
    ).rename_geometry("geom")
    members = gpd.GeoDataFrame(
        {"name": ["张三", "李四四"], "phone": ["13812341234", None], "identity_hash": ["aa", "bb"]},
        geometry=gpd.points_from_xy([113.201, 113.202], [23.401, 23.402], crs=4326),
        index=pd.Index(["P1", "P2"], name="code"),
    ).rename_geometry("geom")
    with act(open_context(url), Action.IMPORT) as work:
        work.tx.upsert(Layer.GRIDS, grid)
        work.tx.upsert(Layer.MEMBERS, members)
    return url


def export(store: str, layer: str, out: object) -> int:
    return run(app, ["export", layer, "--store", store, "--out", str(out)])


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".parquet"])
def test_a_layer_keeps_its_codes_and_outlines(store, tmp_path, suffix):
    out = tmp_path / f"out{suffix}"
    assert export(store, "grids", out) == Exit.DONE
    found = gpd.read_parquet(out) if suffix == ".parquet" else pyogrio.read_dataframe(out, layer=0)
    assert list(found["code"]) == ["001"]
    assert found.geometry[0].equals(shapely.box(113.2, 23.4, 113.21, 23.41))


def test_a_table_has_a_place_and_nothing_that_runs(store, tmp_path):
    export(store, "grids", tmp_path / "out.csv")
    found = pd.read_csv(tmp_path / "out.csv", dtype=str, encoding="utf-8-sig")
    row = found.iloc[0]
    assert (row["code"], row["name"], row["residents"]) == ("001\t", "'=一网格", "300")
    assert (row["lon"], row["lat"]) == ("113.205", "23.405")


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".parquet", ".csv", ".xlsx"])
def test_no_export_of_members_tells_who_they_are_or_where_they_live(store, tmp_path, suffix):
    out = tmp_path / f"out{suffix}"
    assert export(store, "members", out) == Exit.DONE
    content = out.read_bytes()
    for secret in ("张三", "13812341234", "identity_hash", "113.201"):
        assert secret.encode() not in content
    if suffix == ".csv":
        found = pd.read_csv(out, dtype=str, encoding="utf-8-sig")
        assert list(found["name"]) == ["张*", "李**"]
        assert found["phone"][0] == "138****1234"
        assert "lon" not in found


def test_all_layers_go_into_one_package(store, tmp_path):
    assert export(store, "all", tmp_path / "out.gpkg") == Exit.DONE
    assert {name for name, _ in pyogrio.list_layers(tmp_path / "out.gpkg")} == {"grids", "members", "layer_styles"}


@pytest.mark.parametrize(
    ("layer", "name"), [("all", "out.csv"), ("all", "out.geojson"), ("houses", "out.gpkg"), ("grids", "out.shp")]
)
def test_a_wrong_call_is_said_in_one_sentence(store, tmp_path, capsys, layer, name):
    assert export(store, layer, tmp_path / name) == Exit.WRONG_CALL
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert not (tmp_path / name).exists()


def test_an_empty_layer_is_said_and_not_written(store, tmp_path, capsys):
    assert export(store, "units", tmp_path / "out.gpkg") == Exit.FAILED
    assert "units" in capsys.readouterr().err
    assert not (tmp_path / "out.gpkg").exists()


def test_an_export_leaves_an_audit_row_of_counts_only(store, tmp_path):
    export(store, "members", tmp_path / "out.csv")
    with open_context(store).look(Action.VIEW_AUDIT) as tx:
        last = tx.records.read_audit(1).iloc[0]
    assert (last["action"], last["object"]) == ("export", "members")
    assert "张" not in last["detail"]


def test_a_write_that_fails_leaves_the_file_of_before(tmp_path):
    out = tmp_path / "there"
    out.mkdir()
    with pytest.raises(OSError, match="there"):
        write_new(out, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
