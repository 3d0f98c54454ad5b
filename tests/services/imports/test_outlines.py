"""A stored outline is not replaced by less unless that is meant; what an import would change is counted."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from town import codes_found, square, stage, stage_text, stored, zones

from geo.schema import Datum, Layer
from services.imports import Options, Outlines, make_report, make_upload

WGS84 = Options(datum=Datum.WGS84)
REPLACE = Options(datum=Datum.WGS84, outlines=Outlines.REPLACE)
HELD = stored(
    grids=zones(["一网格", "二网格"], codes=["G1", "G2"], parents=["C1", "C1"]),
    estates=zones(["云港花园", "花山村"], codes=["E1", "E2"], parents=["G1", "G2"]),
)
POINTS = "编号,名称,常住人口,经度,纬度\nE1,云港花园,300,113.205,23.405\nE2,花山村,40,113.215,23.405\n"


def geojson(*shapes, codes=("E1", "E2")):
    frame = gpd.GeoDataFrame({"code": codes[: len(shapes)], "name": "甲"}, geometry=list(shapes), crs=4326)
    return make_upload("x.geojson", frame.to_json().encode())


def test_points_of_a_table_leave_the_outlines_and_bring_the_other_columns():
    staged = stage_text(POINTS, Layer.ESTATES, WGS84, HELD)
    assert shapely.equals(staged.frame.geometry, [square(0), square(1)]).all()
    assert staged.frame["residents"].tolist() == [300, 40]
    assert staged.outlines_kept == 2
    assert codes_found(staged) == [(2, "outline_kept"), (3, "outline_kept")]
    assert "geom" not in staged.changes.changed


def test_whoever_means_it_replaces_outlines_by_points():
    staged = stage_text(POINTS, Layer.ESTATES, REPLACE, HELD)
    assert staged.frame.geom_type.tolist() == ["Point", "Point"]
    assert (staged.outlines_kept, staged.changes.changed["geom"]) == (0, 2)


@pytest.mark.parametrize(
    "less",
    [
        pytest.param(shapely.Point(113.205, 23.405), id="point"),
        pytest.param(shapely.box(113.2, 23.4, 113.202, 23.403), id="a sixteenth"),
    ],
)
def test_less_than_an_outline_is_asked_for(less):
    staged = stage(geojson(less, square(1)), Layer.ESTATES, WGS84, HELD)
    assert shapely.equals(staged.frame.geometry, [square(0), square(1)]).all()
    assert codes_found(staged) == [(1, "outline_kept")]


def test_a_tiny_part_does_not_become_the_whole_grid():
    staged = stage(geojson(shapely.box(113.2, 23.4, 113.201, 23.401), codes=("G1",)), Layer.GRIDS, WGS84, HELD)
    assert staged.frame.geometry["G1"].equals(square(0))
    assert staged.outlines_kept == 1


def test_another_outline_of_like_size_replaces_the_stored_one():
    fresh = shapely.MultiPolygon([shapely.box(113.2, 23.4, 113.209, 23.409)])
    staged = stage(geojson(fresh, square(1)), Layer.ESTATES, WGS84, HELD)
    assert staged.frame.geometry["E1"].equals(fresh)
    assert staged.changes.changed == {"name": 2, "geom": 1}


def test_a_line_that_is_stored_stays_where_the_file_has_nothing():
    line = shapely.LineString([(113.2, 23.4), (113.21, 23.41)])
    roads = gpd.GeoDataFrame({"name": ["路"]}, geometry=[line], index=pd.Index(["R1"], name="code"), crs=4326)
    held = stored(roads=roads.rename_geometry("geom"))
    staged = stage_text(
        '编号,名称,图形\nR1,一路,\nR2,二路,"LINESTRING(113.2 23.4,113.3 23.5)"\n', Layer.ROADS, WGS84, held
    )
    assert staged.frame.geometry["R1"].equals(line)
    assert staged.rows_accepted == 2


def test_a_blank_shape_of_a_stored_grid_keeps_its_outline_and_its_community():
    text = f'编号,名称,图形\nG1,新名,\nG2,二网格,"{square(1).wkt}"\n'
    staged = stage_text(text, Layer.GRIDS, WGS84, HELD)
    assert staged.frame.geometry["G1"].equals(square(0))
    assert staged.frame["parent_code"].tolist() == ["C1", "C1"]
    assert staged.changes.changed == {"name": 1}


def test_a_point_that_is_taken_away_is_counted():
    units = gpd.GeoDataFrame(
        {"name": ["甲", "乙"]},
        geometry=gpd.points_from_xy([113.2, 113.21], [23.4, 23.41]),
        index=pd.Index(["U1", "U2"], name="code"),
        crs=4326,
    )
    text = "编号,名称,经度,纬度\nU1,甲,,\nU2,乙,113.21,23.41\n"
    staged = stage_text(text, Layer.UNITS, WGS84, stored(units=units.rename_geometry("geom")))
    assert staged.changes.emptied == {"geom": 1}
    assert staged.changes.unchanged == 1


def test_rounding_to_seven_decimals_is_no_change():
    shape = shapely.transform(square(0), lambda xy: xy + 4e-8)
    staged = stage(geojson(shape, square(1)), Layer.ESTATES, WGS84, HELD)
    assert shapely.equals(staged.frame.geometry, [square(0), square(1)]).all()
    assert "geom" not in staged.changes.changed


def test_what_would_be_emptied_is_counted_by_field_and_reported():
    held = stored(
        teams=pd.DataFrame(
            {"name": ["一队", "二队", "三队"], "size": [5.0, 6.0, None], "skills": ["医护", None, None]},
            index=pd.Index(["T1", "T2", "T3"], name="code"),
        )
    )
    text = "编号,名称,人数,技能\nT1,一队,,\nT2,二队,7,\nT3,三队,3,\nT4,四队,1,\n"
    report = make_report(stage_text(text, Layer.TEAMS, held=held))
    assert report["changes"] == {
        "new": 1,
        "unchanged": 0,
        "changed_rows": 3,
        "changed": {"size": 1},
        "filled": {"size": 1},
        "emptied": {"size": 1, "skills": 1},
        "outlines_kept": 0,
    }
