"""Vector formats: the same features from each, layers to choose from, and files that lie."""

import io
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from town import codes_found, packed, square, stage, stage_text, stored

from geo.schema import Layer
from services.imports import ImportFileError, Options, make_upload, read_upload
from services.imports.read.parser import open_file, parse_file
from services.imports.sandbox.process import read_table

NAMES = ["甲网格", "乙网格", "丙网格"]


@pytest.fixture
def grids() -> gpd.GeoDataFrame:
    shapes = [square(place) for place in range(3)]
    return gpd.GeoDataFrame(
        {"code": ["G1", "G2", "G3"], "name": NAMES, "households": [1, 2, 3]}, geometry=shapes, crs=4326
    )


def shapefile(frame: gpd.GeoDataFrame, folder: Path, name: str = "wangge", **options: object) -> dict[str, bytes]:
    frame.to_file(folder / f"{name}.shp", **options)
    return {path.name: path.read_bytes() for path in folder.glob(f"{name}.*")}


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp", ".fgb", ".parquet", ".kml"])
def test_every_format_gives_the_same_names_and_shapes(suffix: str, grids: gpd.GeoDataFrame, tmp_path: Path):
    path = tmp_path / f"grids{suffix}"
    if suffix == ".parquet":
        grids.to_parquet(path)
    elif suffix == ".kml":
        grids.rename(columns={"name": "Name"}).to_file(path, driver="KML")
    else:
        grids.to_file(path, encoding="utf-8")
    table = read_table(read_upload(path), Layer.GRIDS)
    header = next(h for h in table.headers if h.lower() == "name")
    order = table.frame[header].tolist()
    assert sorted(order) == sorted(NAMES)
    assert shapely.equals_exact(table.geometry[order.index("乙网格")].normalize(), grids.geometry[1].normalize(), 1e-9)
    assert sorted(table.rows) == [1, 2, 3]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_a_zipped_shapefile_without_cpg_and_prj(encoding: str, grids: gpd.GeoDataFrame, tmp_path: Path):
    parts = shapefile(grids, tmp_path, encoding=encoding)
    kept = {f"资料/{name}": data for name, data in parts.items() if name[-4:] in {".shp", ".shx", ".dbf"}}
    table = read_table(make_upload("网格.zip", packed(kept)), Layer.GRIDS)
    assert table.frame["name"].tolist() == NAMES
    assert table.crs is None


def test_a_name_in_an_archive_may_be_longer_than_a_disk_takes(grids: gpd.GeoDataFrame, tmp_path: Path):
    parts = shapefile(grids, tmp_path, encoding="utf-8")
    renamed = {f"{'网' * 90}{Path(name).suffix}": data for name, data in parts.items()}
    assert len(read_table(make_upload("grids.zip", packed(renamed)), Layer.GRIDS).frame) == 3


def test_several_shapefiles_in_one_archive_are_listed_and_the_one_that_fits_is_read(
    grids: gpd.GeoDataFrame, tmp_path: Path
):
    other = gpd.GeoDataFrame(
        {"路名": ["建设路"]}, geometry=[shapely.LineString([(113.2, 23.4), (113.3, 23.4)])], crs=4326
    )
    parts = shapefile(other, tmp_path, "a_road", encoding="utf-8") | shapefile(grids, tmp_path, encoding="utf-8")
    upload = make_upload("all.zip", packed(parts))
    table = read_table(upload, Layer.GRIDS)
    assert set(table.source.choices) == {"wangge", "a_road"}
    assert table.source.layer == "wangge"
    assert read_table(upload, Layer.ROADS, Options(layer_name="a_road")).frame.iloc[0, 0] == "建设路"
    with pytest.raises(ImportFileError, match="a_road"):
        read_table(upload, Layer.GRIDS, Options(layer_name="nothing"))


def test_layers_of_a_geopackage_are_chosen_by_name(grids: gpd.GeoDataFrame, tmp_path: Path):
    path = tmp_path / "all.gpkg"
    grids.to_file(path, layer="communities")
    grids.iloc[:2].to_file(path, layer="grids")
    assert len(read_table(read_upload(path), Layer.GRIDS).frame) == 2


def test_a_shapefile_without_dbf_says_what_to_pack(grids: gpd.GeoDataFrame, tmp_path: Path):
    parts = shapefile(grids, tmp_path)
    with pytest.raises(ImportFileError, match=r"lacks its \.dbf"):
        read_table(make_upload("wangge.shp", parts["wangge.shp"]), Layer.GRIDS)


def test_a_missing_shx_is_made_again(grids: gpd.GeoDataFrame, tmp_path: Path):
    parts = shapefile(grids, tmp_path)
    del parts["wangge.shx"]
    assert len(read_table(make_upload("wangge.zip", packed(parts)), Layer.GRIDS).frame) == 3


def test_a_file_that_yields_fewer_features_than_it_states_is_an_error_that_says_so(
    grids: gpd.GeoDataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    import pyogrio

    path = tmp_path / "grids.fgb"
    grids.to_file(path)
    info = pyogrio.read_info
    monkeypatch.setattr(pyogrio, "read_info", lambda *a, **k: info(*a, **k) | {"features": 5})
    with pytest.raises(ImportFileError, match="contains 5 features but only 3"):
        parse_file(*open_file(read_upload(path)), Layer.GRIDS, encoding="auto", layer_name=None, sheet=None)


def test_a_truncated_file_is_an_error(grids: gpd.GeoDataFrame, tmp_path: Path):
    path = tmp_path / "grids.fgb"
    grids.to_file(path)
    with pytest.raises(ImportFileError):
        read_table(make_upload("grids.fgb", path.read_bytes()[:-100]), Layer.GRIDS)


def test_a_kml_with_entities_is_not_opened():
    kml = b'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml><name>&x;</name></kml>'
    for data in (kml, kml.decode().encode("utf-16")):
        with pytest.raises(ImportFileError, match="entities"):
            read_table(make_upload("x.kml", data), Layer.GRIDS)


def test_a_projected_file_comes_to_degrees(grids: gpd.GeoDataFrame, tmp_path: Path):
    path = tmp_path / "grids.gpkg"
    grids.to_crs(4547).to_file(path)
    staged = stage(read_upload(path), Layer.GRIDS, Options(), stored())
    assert staged.datum.datum == "cgcs2000"
    assert staged.datum.how == "declared"
    assert staged.frame.geometry["G1"].symmetric_difference(grids.geometry[0]).area < 1e-12


def test_eastings_with_the_number_of_their_zone_need_no_crs(grids: gpd.GeoDataFrame, tmp_path: Path):
    path = tmp_path / "grids.geojson"
    metres = grids.to_crs(4526).set_crs(None, allow_override=True)
    path.write_text(metres.to_json(drop_id=True))
    staged = stage(read_upload(path), Layer.GRIDS, Options(), stored())
    assert staged.rows_accepted == 3
    assert staged.frame.geometry["G2"].symmetric_difference(grids.geometry[1]).area < 1e-12


def test_a_csv_inside_an_archive_is_read():
    data = packed({"表/网格.csv": "编号,网格名称\nG1,甲\n".encode("gbk")})
    assert read_table(make_upload("表.zip", data), Layer.GRIDS).frame.iloc[0].tolist() == ["G1", "甲"]


def test_parquet_without_shapes_is_a_table():
    memory = io.BytesIO()
    pd.DataFrame({"code": ["G1"], "residents": [5]}).to_parquet(memory)
    table = read_table(make_upload("g.parquet", memory.getvalue()), Layer.GRIDS)
    assert table.geometry is None
    assert table.frame.iloc[0].tolist() == ["G1", 5]


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".parquet", ".geojson"])
def test_a_spoilt_file_is_read_or_refused_and_never_breaks(suffix: str, grids: gpd.GeoDataFrame, tmp_path: Path):
    path = tmp_path / f"grids{suffix}"
    grids.to_parquet(path) if suffix == ".parquet" else grids.to_file(path)
    rng = np.random.default_rng(20261123)
    for _ in range(25):
        data = bytearray(path.read_bytes())
        for place in rng.integers(0, len(data), 6):
            data[place] = rng.integers(0, 256)
        try:
            staged = stage(make_upload(path.name, bytes(data)), Layer.GRIDS, Options(), stored())
        except ImportFileError:
            continue
        assert staged.rows_read == staged.rows_accepted + staged.rows_rejected


CURVE = "CURVEPOLYGON(CIRCULARSTRING(113.2 23.4,113.21 23.4,113.21 23.41,113.2 23.41,113.2 23.4))"


@pytest.mark.parametrize(
    "wkt",
    [
        CURVE,
        "CIRCULARSTRING(113.2 23.4,113.21 23.4,113.21 23.41)",
        "MULTISURFACE(" + CURVE + ")",
        "COMPOUNDCURVE((113.2 23.4,113.21 23.4))",
        "TIN Z(((113.2 23.4 0,113.21 23.4 0,113.2 23.41 0,113.2 23.4 0)))",
        "POLYHEDRALSURFACE Z(((113.2 23.4 0,113.21 23.4 0,113.2 23.41 0,113.2 23.4 0)))",
    ],
)
def test_an_arc_in_a_text_costs_only_its_row(wkt: str):
    ring = "113.2 23.4 5,113.21 23.4 5,113.21 23.41 5,113.2 23.4 5"
    lines = [f'G1,甲,"POLYGON Z(({ring}))"', f'G2,乙,"{wkt}"', "G3,丙,POLYGON EMPTY"]
    staged = stage_text("\n".join(["网格编号,网格名称,边界", *lines]), Layer.GRIDS)
    assert staged.frame.index.tolist() == ["G1"]
    assert [found for found in codes_found(staged) if found[0]] == [(3, "curved_shape"), (4, "empty_geometry")]
