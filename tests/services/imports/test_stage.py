"""From a file to rows that could be written: links, codes, places, datum, and a balance that always holds."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from town import SOUTH, WEST, codes_found, square, stage, stage_text, stored, zones

from geo.datum import convert
from geo.schema import Datum, Layer
from services.imports import (
    AxisSwap,
    CancelledError,
    Options,
    ProgressMonitor,
    make_report,
    make_upload,
    message_of,
    read_upload,
)

COMMUNITIES = zones(["雅瑶社区", "牡丹社区"], codes=["C1", "C2"])
WGS = Options(datum=Datum.WGS84)


def wkt(column: int) -> str:
    return f'"{square(column).wkt}"'


# Links


def test_parents_are_named_by_code_by_name_and_by_a_name_with_another_suffix():
    text = f"编号,名称,所属社区,WKT\nG1,甲,C2,{wkt(1)}\nG2,乙,牡丹社区,{wkt(2)}\nG3,丙,牡丹居委会,{wkt(3)}\n"
    staged = stage_text(text, Layer.GRIDS, WGS, stored(communities=COMMUNITIES))
    assert staged.frame["parent_code"].tolist() == ["C2", "C2", "C2"]


def test_an_unknown_parent_costs_the_row_and_names_the_nearest():
    text = f"编号,名称,所属社区,WKT\nG1,甲,雅摇社区,{wkt(0)}\nG2,乙,雅瑶社区,{wkt(1)}\n"
    staged = stage_text(text, Layer.GRIDS, WGS, stored(communities=COMMUNITIES))
    problem = staged.findings[0].problem
    assert (problem.row, problem.column, problem.code, problem.value) == (2, "所属社区", "unknown_parent", "雅摇社区")
    assert "雅瑶社区" in message_of(problem)
    assert staged.frame.index.tolist() == ["G2"]


def test_a_parent_that_nobody_states_is_found_by_place():
    text = f"编号,名称,WKT\nG1,甲,{wkt(1)}\nG2,乙,{wkt(7)}\n"
    staged = stage_text(text, Layer.GRIDS, WGS, stored(communities=COMMUNITIES))
    assert staged.frame["parent_code"].tolist() == ["C2", None]
    assert (3, "parent_not_found") in codes_found(staged)


def test_an_unknown_unit_costs_only_the_value():
    units = pd.DataFrame({"name": ["花都区教育局"]}, index=pd.Index(["U1"], name="code"))
    text = "编号,姓名,工作单位,社区\nM1,甲,花都区教育局,雅瑶社区\nM2,乙,花都区教育部,雅瑶\n"
    staged = stage_text(text, Layer.MEMBERS, WGS, stored(units=units, communities=COMMUNITIES))
    assert staged.frame["unit_code"].tolist() == ["U1", None]
    assert staged.frame["community_code"].tolist() == ["C1", "C1"]
    assert codes_found(staged) == [(3, "unknown_unit")]


def test_paired_communities_become_codes():
    text = "单位名称,结对社区\n花都区教育局,雅瑶社区、牡丹社区\n"
    staged = stage_text(text, Layer.UNITS, WGS, stored(communities=COMMUNITIES))
    assert staged.frame["community_codes"].tolist() == ["C1;C2"]


def test_where_nothing_is_stored_yet_what_is_stated_is_kept():
    staged = stage_text("编号,姓名,社区\nM1,甲,雅瑶社区\n", Layer.MEMBERS)
    assert staged.frame["community_code"].tolist() == ["雅瑶社区"]
    assert codes_found(staged) == [(0, "kept_as_stated")]


# Codes


def test_a_zone_without_code_is_known_again_by_its_name_with_the_suffix_repaired():
    before = zones(["秀全街道", "花山镇"], codes=["440114004", "440114104"])
    text = f"name,WKT\n秀全街,{wkt(0)}\n花山镇,{wkt(1)}\n新雅街,{wkt(2)}\n"
    staged = stage_text(text, Layer.SUBDISTRICTS, WGS, stored(subdistricts=before))
    assert staged.frame.index.tolist() == ["440114004", "440114104", "新雅街道"]
    assert staged.frame["name"].tolist() == ["秀全街道", "花山镇", "新雅街"]
    assert (2, "name_repaired") in codes_found(staged)


def test_made_codes_are_the_same_every_time():
    text = f"name,WKT\n新雅街,{wkt(0)}\n,{wkt(1)}\n"
    for layer, accepted in ((Layer.GRIDS, 1), (Layer.WATER, 2)):
        first, second = (stage_text(text, layer, WGS) for _ in range(2))
        assert first.frame.index.tolist() == second.frame.index.tolist()
        assert first.rows_accepted == accepted


def test_a_shape_without_code_and_name_is_refused():
    staged = stage_text(f"name,WKT\n新雅街,{wkt(0)}\n,{wkt(1)}\n", Layer.GRIDS, WGS)
    assert (3, "no_key") in codes_found(staged)


def test_later_rows_with_the_same_code_name_the_first():
    text = f"编号,名称,WKT\nG1,甲,{wkt(0)}\nG2,乙,{wkt(1)}\nG1,丙,{wkt(2)}\n"
    staged = stage_text(text, Layer.GRIDS, WGS)
    problem = staged.findings[0].problem
    assert (problem.row, problem.code, problem.params) == (4, "duplicate_code", {"first_row": 2})
    assert staged.frame["name"].tolist() == ["甲", "乙"]


def test_a_person_is_known_again_by_identity():
    text = "姓名,身份证号\n甲,11010519491231002X\n"
    first = stage_text(text, Layer.MEMBERS)
    before = first.frame.set_axis(pd.Index(["M-0815"], name="code"))
    again = stage_text("姓名,证件号码\n甲改名,11010519491231002x\n", Layer.MEMBERS, held=stored(members=before))
    assert again.frame.index.tolist() == ["M-0815"]
    assert "identity" not in again.frame.columns


def test_the_same_person_twice_is_one_problem():
    text = "姓名,身份证号,手机\n甲,11010519491231002X,13812345678\n甲,11010519491231002X,13912345678\n"
    assert codes_found(stage_text(text, Layer.MEMBERS))[1:] == [(3, "duplicate_person")]


def test_a_row_of_totals_is_no_record():
    text = f"编号,名称,户数,WKT\nG1,甲,5,{wkt(0)}\n合计,,5,\n"
    staged = stage_text(text, Layer.GRIDS, WGS)
    assert codes_found(staged) == [(3, "total_row")]


# Values


def test_personal_values_are_masked_in_findings():
    text = "编号,姓名,手机,身份证号,住址\nM1,张三丰,1381234567,110105194912310021,\n"
    shown = {f.problem.column: f.problem.value for f in stage_text(text, Layer.MEMBERS).findings}
    assert shown == {"手机": "138***4567", "身份证号": "110***************"}


def test_the_users_columns_replace_ours_and_are_remembered():
    text = "编号,名称,备用名\nE1,甲,乙\n"
    options = Options(columns={"name": "备用名"})
    staged = stage_text(text.replace("名称", "小区名称"), Layer.ESTATES, options)
    assert staged.mapping.columns["name"] == "备用名"


def test_a_table_without_shapes_updates_zones_that_are_stored():
    before = zones(["甲"], codes=["G1"])
    staged = stage_text("网格编号,常住人口\nG1,300\nG2,200\n", Layer.GRIDS, held=stored(grids=before))
    assert staged.frame.index.tolist() == ["G1"]
    assert list(staged.frame.columns) == ["residents"]
    assert codes_found(staged) == [(3, "null_geometry")]


def test_an_estate_needs_a_place_or_a_grid():
    before = zones(["第一网格"], codes=["G1"])
    text = "小区名称,所属网格\n云港花园,第一网格\n牡丹花园,\n"
    staged = stage_text(text, Layer.ESTATES, held=stored(grids=before))
    assert staged.frame.index.tolist() == ["G1-云港花园"]
    assert (3, "null_geometry") in codes_found(staged)


# Places

POINTS = """编号,姓名,经度,纬度
M1,甲,113.21,23.41
M2,乙,23.42,113.22
M3,丙,0,0
M4,丁,1132.5,23.4
M5,戊,abc,23.4
M6,己,,
"""


def test_wrong_coordinates_are_named_with_their_column_and_cell():
    staged = stage_text(POINTS, Layer.MEMBERS, WGS)
    found = [(f.problem.row, f.problem.column, f.problem.code, f.problem.value) for f in staged.findings]
    assert found == [
        (3, "经度", "swapped", "23.42"),
        (4, "经度", "zero_zero", "0"),
        (5, "经度", "out_of_range", "1132.5"),
        (6, "经度", "not_finite", "abc"),
    ]
    assert staged.swap_explains == 1
    assert staged.frame.geometry.isna().tolist() == [False, True]


def test_swapping_puts_right_what_it_explains():
    staged = stage_text(POINTS, Layer.MEMBERS, Options(datum=Datum.WGS84, swap=AxisSwap.APPLY))
    assert staged.frame.geometry["M2"].equals(shapely.Point(113.22, 23.42))
    assert staged.rows_rejected == 3
    assert (0, "swapped_as_wished") in codes_found(staged)


def test_both_coordinates_in_one_column():
    staged = stage_text('编号,姓名,经纬度\nM1,甲,"113.21,23.41"\n', Layer.MEMBERS, WGS)
    assert staged.frame.geometry["M1"].equals(shapely.Point(113.21, 23.41))


def test_a_text_that_is_no_shape_is_a_problem():
    staged = stage_text("编号,名称,WKT\nE1,甲,POLYGON((1\n", Layer.ESTATES, WGS)
    assert codes_found(staged) == [(2, "bad_wkt")]


# Datum


def shifted(points: np.ndarray, datum: Datum) -> str:
    lines = [
        f"M{i},甲,{lon:.9f},{lat:.9f},雅瑶社区" for i, (lon, lat) in enumerate(convert(points, Datum.WGS84, datum))
    ]
    return "编号,姓名,经度,纬度,社区\n" + "\n".join(lines)


@pytest.mark.parametrize("datum", [Datum.WGS84, Datum.GCJ02, Datum.BD09])
def test_the_datum_of_people_is_guessed_by_their_communities(datum: Datum):
    points = np.random.default_rng(7).uniform((WEST, SOUTH), (WEST + 0.01, SOUTH + 0.01), (400, 2))
    staged = stage_text(shifted(points, datum), Layer.MEMBERS, held=stored(communities=COMMUNITIES))
    assert (staged.datum.datum, staged.datum.how) == (datum, "guessed")
    assert staged.datum.margin > 0.2
    found = np.column_stack([staged.frame.geometry.x, staged.frame.geometry.y])
    assert np.abs(found - points).max() < 1e-8


def test_without_anything_to_compare_the_datum_must_be_asked_for():
    staged = stage_text("编号,姓名,经度,纬度\nM1,甲,113.21,23.41\n", Layer.MEMBERS)
    assert staged.needs_datum
    assert (0, "datum_assumed") in codes_found(staged)


def test_without_places_there_is_no_datum_to_ask_for():
    staged = stage_text("编号,姓名\nM1,甲\n", Layer.MEMBERS)
    assert not staged.needs_datum
    assert make_report(staged)["datum"]["used"] is None


def test_a_datum_that_contradicts_what_is_stored_is_noted():
    points = np.random.default_rng(7).uniform((WEST, SOUTH), (WEST + 0.01, SOUTH + 0.01), (400, 2))
    options = Options(datum=Datum.GCJ02)
    staged = stage_text(shifted(points, Datum.WGS84), Layer.MEMBERS, options, stored(communities=COMMUNITIES))
    assert staged.datum.agrees_better is Datum.WGS84
    assert staged.datum.datum is Datum.GCJ02


# The whole


def test_cancelling_stops_at_the_next_step():
    steps: list[float] = []
    monitor = ProgressMonitor(show=lambda _name, share: steps.append(share), is_cancelled=lambda: len(steps) >= 2)
    with pytest.raises(CancelledError):
        stage(make_upload("a.csv", "编号,姓名\nM1,甲\n".encode()), Layer.MEMBERS, Options(), stored(), monitor)
    assert len(steps) == 2


_CELL = st.sampled_from(
    ["", "G1", "G2", "甲", "合计", "4.4E+17", "#REF!", "113.2", "23.4", "0", "-1", "约3", "无", "13812345678"]
)


@given(st.sampled_from(list(Layer)), st.lists(st.lists(_CELL, min_size=9, max_size=9), min_size=1, max_size=8))
def test_rows_read_are_rows_accepted_and_rejected(layer: Layer, rows: list[list[str]]):
    header = "编号,名称,姓名,所属社区,户数,手机,身份证号,经度,纬度"
    text = "\n".join([header, *(",".join([*row]) for row in rows), "Z,末,末,,,,,,"])
    staged = stage_text(text, layer)
    report = make_report(staged)
    assert report["rows_read"] == report["rows_accepted"] + report["rows_rejected"]
    assert {p["row"] for p in report["problems"] if p["action"] == "rejected"}.isdisjoint(staged.rows)
    assert len({p["row"] for p in report["problems"] if p["action"] == "rejected"}) == report["rows_rejected"]
    assert staged.frame.index.is_unique


@pytest.mark.shared
def test_huadu_is_recognised_as_gcj02_with_one_repair(shared_data: Path):
    folder = shared_data / "huadu"
    districts = stage(
        read_upload(folder / "guangzhou_districts_gcj02.geojson"), Layer.DISTRICTS, Options(datum=Datum.GCJ02), stored()
    )
    staged = stage(
        read_upload(folder / "huadu_gcj02.geojson"), Layer.SUBDISTRICTS, Options(), stored(districts=districts.frame)
    )
    report = make_report(staged)
    assert (report["rows_read"], report["rows_accepted"]) == (10, 10)
    assert report["datum"]["used"] == "gcj02"
    assert report["datum"]["how"] == "guessed"
    assert report["datum"]["margin"] == pytest.approx(0.07, abs=0.005)
    assert [(r["row"], r["name"], r["what"]) for r in report["repaired"]] == [(2, "花山镇", "self-intersection")]
    assert (report["topology"]["overlaps"], report["topology"]["gaps"]) == (17, 49)
    assert report["topology"]["overlap_area_m2"] == pytest.approx(1_506_000, rel=0.002)
    assert set(staged.frame["parent_code"]) == {"440114"}
    middle = gpd.GeoSeries(staged.frame.geometry).union_all().centroid
    assert (middle.x, middle.y) == pytest.approx((113.21, 23.45), abs=0.05)


@pytest.mark.shared
def test_shanghai_districts_come_from_a_gbk_shapefile(shared_data: Path):
    staged = stage(read_upload(shared_data / "shanghai" / "区县界_area.shp"), Layer.DISTRICTS, Options(), stored())
    assert staged.source.encoding == "gb18030"
    assert staged.frame.loc["310113", "name"] == "宝山区"
    assert (staged.rows_accepted, staged.datum.datum, staged.datum.how) == (17, "wgs84", "declared")


# Tables as people make them


@pytest.mark.parametrize("word", ["合计", "合　计", "总计：", "合计（3个）", "本页小计"])
def test_totals_are_no_record_wherever_they_begin(word: str):
    text = f"序号,网格名称,户数,WKT\n1,甲,2,{wkt(0)}\n{word},,2,\n"
    staged = stage_text(text, Layer.GRIDS, WGS)
    assert codes_found(staged)[1:] == [(3, "total_row")]
    assert staged.rows_accepted == 1


def test_the_foot_of_a_table_is_no_record_and_names_nobody():
    staged = stage_text("队伍名称,人数\n甲队,2\n填表人：张三丰,审核：\n", Layer.TEAMS)
    found = staged.findings[-1].problem
    assert (found.row, found.code, found.value) == (3, "footer_row", "填表人")


def test_names_that_come_twice_are_said_to_be_names():
    text = f"网格名称,所属社区,WKT\n甲,C1,{wkt(0)}\n甲,C1,{wkt(0)}\n甲,C2,{wkt(1)}\n"
    staged = stage_text(text, Layer.GRIDS, WGS, stored(communities=COMMUNITIES))
    assert codes_found(staged)[1:] == [(3, "duplicate_name")]


def test_a_code_that_lost_its_zeros_is_refused():
    held = stored(units=pd.DataFrame({"name": ["甲局"]}, index=pd.Index(["007"], name="code")))
    staged = stage_text("单位编号,单位名称\n7,甲局\n8,乙局\n08,丙局\n", Layer.UNITS, held=held)
    assert codes_found(staged) == [(2, "zeros_lost"), (3, "zeros_lost")]
    assert "007" in message_of(staged.findings[0].problem)


def test_a_name_that_several_have_asks_for_the_code():
    held = stored(communities=zones(["雅瑶社区", "雅瑶社区"], codes=["C1", "C2"]))
    staged = stage_text(f"网格名称,所属社区,WKT\n甲,雅瑶社区,{wkt(0)}\n", Layer.GRIDS, WGS, held)
    assert (2, "several_of_name") in codes_found(staged)


def test_half_a_place_is_told_as_such():
    staged = stage_text("单位编号,单位名称,经度,纬度\nU1,甲,113.21,\n", Layer.UNITS, WGS)
    assert codes_found(staged) == [(2, "half_missing")]


def test_how_many_rows_are_stored_already_is_known():
    held = stored(units=pd.DataFrame({"name": ["甲局"]}, index=pd.Index(["U1"], name="code")))
    staged = stage_text("单位编号,单位名称\nU1,甲局\nU2,乙局\n", Layer.UNITS, held=held)
    assert (staged.rows_accepted, staged.rows_replacing) == (2, 1)


# Skills


def test_skills_are_matched_to_the_catalogue_and_other_words_are_kept_and_told():
    text = "编号,姓名,特长\nM1,张三,司机、医护\nM2,李四,潜水、护士\n"
    staged = stage_text(text, Layer.MEMBERS, WGS, stored(communities=COMMUNITIES))
    assert staged.frame["skills"].tolist() == ["医疗;驾驶", "医疗;潜水"]
    (found,) = (each.problem for each in staged.findings if each.problem.code == "unknown_skill")
    assert (found.row, found.column) == (3, "特长")
    assert "特长目录" in message_of(found)
