"""Files in which no column is the name, and columns that say the same."""

import pytest
from town import codes_found, square, stage_text, stored, zones

from geo.schema import Datum, Layer
from services.imports import Options, Treatment, unknown_columns

WGS84 = Options(datum=Datum.WGS84)
PLACED = "标识列甲,经度,纬度\n甲,113.2,23.4\n乙,113.21,23.4\n"
DRAWN = f'说明列甲,WKT\n甲,"{square(0).wkt}"\n乙,"{square(1).wkt}"\n'


@pytest.mark.parametrize(
    ("layer", "content"),
    [
        (Layer.COMMUNITIES, DRAWN),
        (Layer.GRIDS, DRAWN),
        (Layer.ESTATES, PLACED),
        (Layer.UNITS, PLACED),
        (Layer.TEAMS, PLACED),
        (Layer.MEMBERS, PLACED),
    ],
)
def test_a_file_without_a_name_is_one_sentence_and_writes_nothing(layer, content):
    staged = stage_text(content, layer, WGS84)
    assert not staged.is_understood
    assert (staged.rows_accepted, staged.rows_rejected) == (0, 2)
    sentence = unknown_columns(staged)
    assert sentence.params["headers"].startswith(content.split(",")[0])


def test_codes_alone_make_nothing_new():
    content = f'网格编号,WKT\nN1,"{square(0).wkt}"\nN2,"{square(1).wkt}"\n'
    staged = stage_text(content, Layer.GRIDS, WGS84)
    assert (staged.is_understood, staged.rows_accepted) == (False, 0)
    named = stage_text(content, Layer.GRIDS, Options(datum=Datum.WGS84, columns={"name": "网格编号"}))
    assert named.frame["name"].to_dict() == {"N1": "N1", "N2": "N2"}


def test_codes_alone_change_what_is_stored():
    held = stored(grids=zones(["一网格"], codes=["G1"]))
    staged = stage_text("网格编号,常住人口\nG1,5\nG2,6\n", Layer.GRIDS, WGS84, held)
    assert staged.is_understood
    assert staged.frame["residents"].to_dict() == {"G1": 5}
    assert codes_found(staged) == [(3, "null_geometry")]


def test_roads_need_no_name():
    staged = stage_text('列甲,WKT\n1,"LINESTRING(113.2 23.4,113.3 23.4)"\n', Layer.ROADS, WGS84)
    assert (staged.is_understood, staged.rows_accepted) == (True, 1)


def test_a_second_column_fills_up_the_first_and_says_so():
    staged = stage_text(
        "编号,姓名,联系电话,手机号码\nM1,甲,020-87654321,13800000001\nM2,乙,,13800000002\nM3,丙,020-87654322,\n",
        Layer.MEMBERS,
    )
    assert staged.frame["phone"].to_dict() == {"M1": "13800000001", "M2": "13800000002", "M3": "020-87654322"}
    (note,) = staged.findings
    assert (note.action, note.problem.column, note.problem.params["count"]) == (Treatment.NOTED, "联系电话", 1)
    assert staged.mapping.unused == ()


def test_a_second_number_is_no_code():
    staged = stage_text("网格编号,序列号,网格名称\nG1,1,甲\n,2,乙\n", Layer.GRIDS, WGS84, stored())
    assert "second_column" not in [code for _, code in codes_found(staged)]
