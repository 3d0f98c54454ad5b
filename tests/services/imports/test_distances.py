"""A stated parent is compared with the place: far apart, one of the two is wrong, and the user says which."""

import pandas as pd
import pytest
from town import codes_found, stage_text, stored, zones

from geo.schema import Datum, Layer
from services.imports import FarPlaces, Options, Treatment, make_report

WGS84 = Options(datum=Datum.WGS84)
ACCEPT = Options(datum=Datum.WGS84, far=FarPlaces.ACCEPT)
AT_HOME = "113.205,23.405"
ELSEWHERE = "116.4,39.9"


def box(x, y):
    return f'"POLYGON(({x} {y},{x + 0.004} {y},{x + 0.004} {y + 0.004},{x} {y + 0.004},{x} {y}))"'


def town(**layers):
    return stored(
        subdistricts=zones(["甲街道"], codes=["S1"]),
        communities=zones(["一社区", "二社区"], codes=["C1", "C2"], parents=["S1", "S1"]),
        grids=zones(["一网格", "二网格"], codes=["G1", "G2"], parents=["C1", "C2"]),
        **layers,
    )


CASES = [
    pytest.param(
        Layer.COMMUNITIES, f"编号,名称,街道编号,边界\nN1,新,S1,{box(116.4, 39.9)}\n", "街道编号", id="community"
    ),
    pytest.param(Layer.GRIDS, f"编号,名称,社区编号,边界\nN1,新,C1,{box(116.4, 39.9)}\n", "社区编号", id="grid"),
    pytest.param(Layer.ESTATES, f"编号,名称,所属网格,经度,纬度\nN1,新,G1,{ELSEWHERE}\n", "所属网格", id="estate"),
    pytest.param(Layer.UNITS, f"编号,名称,结对社区,经度,纬度\nN1,新,C1、C2,{ELSEWHERE}\n", "结对社区", id="unit"),
    pytest.param(
        Layer.MEMBERS, f"编号,姓名,电话,社区,经度,纬度\nN1,甲,13800000001,一社区,{ELSEWHERE}\n", "社区", id="member"
    ),
    pytest.param(Layer.TEAMS, f"编号,名称,所属网格,经度,纬度\nN1,新,G1,{ELSEWHERE}\n", "所属网格", id="team"),
]


@pytest.mark.parametrize(("layer", "content", "column"), CASES)
def test_a_place_far_from_its_zone_is_told_and_not_written(layer, content, column):
    staged = stage_text(content, layer, WGS84, town())
    (finding,) = [f for f in staged.findings if f.problem.code == "far_from_zone"]
    assert (finding.action, finding.problem.row, finding.problem.column) == (Treatment.REJECTED, 2, column)
    assert 1800 < finding.problem.params["km"] < 2000
    assert (staged.rows_accepted, staged.rows_rejected, staged.rows_far) == (0, 1, 1)


@pytest.mark.parametrize(("layer", "content", "column"), CASES)
def test_it_is_written_on_the_users_word(layer, content, column):
    staged = stage_text(content, layer, ACCEPT, town())
    assert (staged.rows_accepted, staged.rows_far) == (1, 0)
    assert (2, "far_from_zone") in codes_found(staged)
    assert column


@pytest.mark.parametrize(("layer", "content", "column"), CASES)
def test_a_place_near_its_zone_is_no_news(layer, content, column):
    near = content.replace(ELSEWHERE, AT_HOME).replace(box(116.4, 39.9), box(113.202, 23.402))
    staged = stage_text(near, layer, WGS84, town())
    assert (staged.rows_accepted, staged.rows_far) == (1, 0)
    assert column in near


def test_what_the_file_leaves_out_is_taken_from_the_store():
    grid = f"编号,边界\nG1,{box(116.4, 39.9)}\n"
    assert stage_text(grid, Layer.GRIDS, WGS84, town()).rows_far == 1
    far = zones(["远社区"], codes=["C9"], parents=["S1"])
    far["geom"] = far.geometry.translate(3.2, 16.5).to_numpy()
    held = town()
    held.layers[Layer.COMMUNITIES] = pd.concat([held.layers[Layer.COMMUNITIES], far])
    assert stage_text("编号,社区编号\nG1,C9\n", Layer.GRIDS, WGS84, held).rows_far == 1


def test_what_is_stored_so_already_is_no_news():
    shape = zones(["远网格"], codes=["G9"], parents=["C1"])
    shape["geom"] = shape.geometry.translate(3.2, 16.5).to_numpy()
    held = town()
    held.layers[Layer.GRIDS] = pd.concat([held.layers[Layer.GRIDS], shape])
    content = f'编号,名称,社区编号,常住人口,边界\nG9,远网格,C1,300,"{shape.geometry.iloc[0].wkt}"\n'
    staged = stage_text(content, Layer.GRIDS, WGS84, held)
    assert (staged.rows_accepted, staged.rows_far) == (1, 0)
    assert staged.frame["residents"].tolist() == [300]


def test_the_report_names_the_zone_and_how_far_it_is():
    staged = stage_text(f"编号,名称,社区编号,边界\nN1,新,C1,{box(116.4, 39.9)}\n", Layer.GRIDS, WGS84, town())
    (problem,) = make_report(staged)["problems"]
    assert "一社区" in problem["message"]
    assert "公里" in problem["message"]


def test_rows_without_an_outline_to_compare_with_are_taken():
    held = stored(communities=zones(["一社区"], codes=["C1"]).assign(geom=None))
    staged = stage_text(
        f"编号,姓名,电话,社区,经度,纬度\nN1,甲,13800000001,一社区,{ELSEWHERE}\n", Layer.MEMBERS, WGS84, held
    )
    assert staged.rows_accepted == 1
