import io
import json
import os
import subprocess
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from geo.schema import Layer
from services.export.style import OgrGeometry, class_expression, zone_style
from services.export.vector import coverage_gpkg, layers_gpkg, with_outlines, write_geojson, write_parquet
from services.i18n import translate
from services.rules.class_colours import NO_DATA_COLOUR, NO_NEED_COLOUR, RATIO_COLOURS
from services.rules.classes import MapLayer, classify, make_scale

LOOK = Path(__file__).with_name("qgis_look.py")
SYSTEM_PYTHON = "/usr/bin/python3"


@pytest.fixture
def look(tmp_path, program):
    """Return a function that asks Debian's QGIS what it sees in a layer."""
    probe = subprocess.run([SYSTEM_PYTHON, "-c", "import qgis.core"], capture_output=True, check=False)
    if probe.returncode:
        program("python3-qgis")  # there is no such program: skips, or fails in CI

    def ask(workbook: bytes, layer: str) -> dict:
        path = tmp_path / "export.gpkg"
        path.write_bytes(workbook)
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(tmp_path)}
        command = [SYSTEM_PYTHON, str(LOOK), str(path), layer, str(tmp_path / "qgis.png")]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, env=environment)
        return json.loads(done.stdout)

    return ask


@pytest.fixture
def read(tmp_path):
    """Return a function that reads a layer of a package."""

    def read_layer(package: bytes, layer: str | None = None, **options) -> gpd.GeoDataFrame:
        path = tmp_path / "read.gpkg"
        path.write_bytes(package)
        return pyogrio.read_dataframe(path, layer=layer, **options)

    return read_layer


def test_qgis_applies_our_classes_colours_and_labels_by_itself(look, tables, zones):
    seen = look(coverage_gpkg(tables, {Layer.GRIDS: zones}), "coverage_grids")
    assert seen["loaded"]
    assert seen["type"] == "categorizedSymbol"
    assert [(label, colour) for _value, label, colour, _parts in seen["categories"]] == [
        *zip(["低于 25%", "25～50%", "50～75%", "75～100%", "100～150%", "150% 及以上"], RATIO_COLOURS, strict=True),
        ("无需求", NO_NEED_COLOUR),
        ("无数据", NO_DATA_COLOUR),
    ]
    assert seen["alias"] == "覆盖率"


def test_qgis_draws_each_zone_in_the_colour_of_its_class(look, tables, zones):
    seen = look(coverage_gpkg(tables, {Layer.GRIDS: zones}), "coverage_grids")
    assert seen["pixels"] == [*RATIO_COLOURS, NO_NEED_COLOUR, NO_DATA_COLOUR]


def test_qgis_applies_a_plain_style_to_a_bare_layer(look, zones):
    seen = look(layers_gpkg({Layer.GRIDS: zones}), "grids")
    assert (seen["loaded"], seen["type"]) == (True, "singleSymbol")


def test_the_styles_are_registered_as_qgis_does_it(tables, zones, read):
    package = coverage_gpkg(tables, {Layer.GRIDS: zones})
    styles = read(package, "layer_styles")
    assert list(styles["f_table_name"].unique()) == ["coverage_grids"]
    assert styles.loc[styles["useAsDefault"], "styleName"].tolist() == ["覆盖率"]
    contents = read(package, sql="SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'")
    assert contents["data_type"].tolist() == ["attributes"]


def test_a_package_holds_the_table_as_it_is(tables, zones, table, read):
    found = read(coverage_gpkg(tables, {Layer.GRIDS: zones}), "coverage_grids").set_index("code")
    expected = with_outlines(table, zones).rename_geometry("geometry")
    assert_geodataframe_equal(found, expected, check_dtype=False, check_index_type=False, normalize=True)


def test_parquet_round_trips(table, zones):
    found = gpd.read_parquet(io.BytesIO(write_parquet(with_outlines(table, zones)))).set_index("code")
    assert_geodataframe_equal(found, with_outlines(table, zones), check_dtype=False, check_index_type=False)


def test_geojson_says_whole_counts_and_null_for_unknown(table, zones):
    features = json.loads(write_geojson(with_outlines(table, zones)))["features"]
    assert features[1]["properties"]["residents"] == 1
    assert '"residents": 1,' in write_geojson(with_outlines(table, zones)).decode()
    assert features[6]["properties"]["ratio"] is None


def test_estates_that_are_points_get_a_layer_of_their_own(table, zones, read):
    mixed = zones.copy()
    mixed.loc["003":, "geom"] = mixed.loc["003":].geometry.representative_point()
    package = coverage_gpkg({Layer.ESTATES: table}, {Layer.ESTATES: mixed})
    assert len(read(package, "coverage_estates")) == 3
    assert len(read(package, "coverage_estates_points")) == 5


UNITS = pd.DataFrame({"name": ["甲", "乙", "丙"]}, index=pd.Index(["1", "2", "3"], name="code"))
POINT, AREA = shapely.Point(113.2, 23.4), shapely.MultiPolygon([shapely.box(113.2, 23.4, 113.21, 23.41)])
LINE = shapely.MultiLineString([[(113.2, 23.4), (113.21, 23.41)]])


def test_a_corner_before_a_round_degree_stays_where_it_is_in_geojson():
    corners = [(113.1999994, 23.3381258), (113.2003842, 23.3392325), (113.1995773, 23.3370064)]
    row = gpd.GeoDataFrame({"name": ["一"]}, index=["C1"], geometry=[shapely.Polygon(corners)], crs=4326)
    feature = json.loads(write_geojson(row.rename_axis("code")))["features"][0]
    written = shapely.geometry.shape(feature["geometry"])
    assert set(map(tuple, shapely.get_coordinates(written).tolist())) == set(corners)


@pytest.mark.parametrize(
    "shapes",
    [
        pytest.param([POINT, None, POINT], id="points and nulls"),
        pytest.param([None, AREA, POINT], id="outlines, points and nulls"),
        pytest.param([AREA, LINE, None], id="areas, lines and nulls"),
        pytest.param([None, None, None], id="nulls alone"),
    ],
)
@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".parquet"])
def test_a_layer_is_one_layer_whatever_its_shapes(tmp_path, shapes, suffix):
    frame = gpd.GeoDataFrame(UNITS, geometry=gpd.GeoSeries(shapes, index=UNITS.index), crs=4326).rename_geometry("geom")
    write = {".gpkg": lambda rows: layers_gpkg({Layer.UNITS: rows}), ".geojson": write_geojson}
    path = tmp_path / f"out{suffix}"
    path.write_bytes(write.get(suffix, write_parquet)(frame))
    read = gpd.read_parquet(path) if suffix == ".parquet" else pyogrio.read_dataframe(path, layer=0)
    if suffix == ".gpkg":
        assert [name for name, _kind in pyogrio.list_layers(path)] == ["units", "layer_styles"]
    assert list(read["code"]) == ["1", "2", "3"]
    found = [None] * 3 if not isinstance(read, gpd.GeoDataFrame) else read.geometry.to_list()
    assert [shape and shapely.normalize(shape) for shape in found] == [s and shapely.normalize(s) for s in shapes]


def test_qgis_opens_a_layer_of_several_kinds_of_shapes(look):
    frame = gpd.GeoDataFrame(UNITS, geometry=gpd.GeoSeries([AREA, POINT, None], index=UNITS.index), crs=4326)
    seen = look(layers_gpkg({Layer.ESTATES: frame.rename_geometry("geom")}), "estates")
    assert seen["valid"]


def test_a_layer_of_several_kinds_of_shapes_has_no_style_that_fits_one_alone(read):
    frame = gpd.GeoDataFrame(UNITS, geometry=gpd.GeoSeries([AREA, POINT, None], index=UNITS.index), crs=4326)
    assert len(read(layers_gpkg({Layer.ESTATES: frame.rename_geometry("geom")}), "layer_styles")) == 0


def test_coverage_of_points_and_nulls_is_one_layer(table, zones, read):
    points = zones.copy()
    points["geom"] = points.geometry.representative_point()
    points.loc["002", "geom"] = None
    found = read(coverage_gpkg({Layer.ESTATES: table}, {Layer.ESTATES: points}), "coverage_estates")
    assert len(found) == len(table)


def test_a_zone_without_outline_stays_in_the_table(table, zones, read):
    holey = zones.copy()
    holey.loc["002", "geom"] = None
    found = read(coverage_gpkg({Layer.GRIDS: table}, {Layer.GRIDS: holey}), "coverage_grids")
    assert len(found) == len(table)


def test_members_become_a_table_without_places(read):
    members = pd.DataFrame({"name": ["张*"], "grid_code": ["001"]}, index=pd.Index(["P1"], name="code"))
    found = read(layers_gpkg({Layer.MEMBERS: members}), "members")
    assert not isinstance(found, gpd.GeoDataFrame)
    assert found.to_dict("records") == [{"code": "P1", "name": "张*", "grid_code": "001"}]


def test_an_empty_layer_can_be_written(read):
    empty = gpd.GeoDataFrame(
        {"name": []}, geometry=gpd.GeoSeries([], crs=4326), index=pd.Index([], name="code", dtype=str)
    )
    assert len(read(layers_gpkg({Layer.UNITS: empty.rename_geometry("geom")}), "units")) == 0


@pytest.mark.parametrize("level", [Layer.GRIDS, Layer.COMMUNITIES])
@pytest.mark.parametrize("layer", MapLayer)
def test_every_style_is_xml_with_a_category_for_each_class(layer, level, table):
    scale = make_scale(layer, table, level)
    qml = zone_style(scale, OgrGeometry.POLYGON)
    assert qml.count("<category ") == len(scale.colours) + 2
    assert translate(scale.labels[0]).replace("<", "&lt;") in qml


@pytest.mark.parametrize("level", [Layer.GRIDS, Layer.COMMUNITIES])
@pytest.mark.parametrize("layer", MapLayer)
def test_the_expression_of_qgis_gives_the_same_class_as_ours(layer, level, table):
    """QGIS' CASE is SQL's, so SQLite can be asked."""
    import sqlite3

    spoiled = table.assign(reach=np.linspace(0, 3, 8), cold=["cold", "hot", "", "", "", "", "", ""])
    scale = make_scale(layer, spoiled, level)
    connection = sqlite3.connect(":memory:")
    spoiled.to_sql("zones", connection)
    rows = connection.execute(f"SELECT {class_expression(scale)} FROM zones ORDER BY code").fetchall()
    connection.close()
    assert "".join(str(digit) for (digit,) in rows) == classify(scale, spoiled).digits


def test_outlines_follow_the_code_and_not_the_order(table, zones):
    joined = with_outlines(table, zones.iloc[::-1])
    assert shapely.equals(joined.geometry.to_numpy(), zones.geometry.to_numpy()).all()
