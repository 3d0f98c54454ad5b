"""A value that cannot be used in a row that is stored: what is stored stays, unless the user says otherwise."""

import pytest
from town import stage_text

from geo.schema import Datum, Layer
from services.catalog.actions import Action as Right
from services.context import open_context
from services.imports import BadValues, Options, commit, make_report, make_upload, revert_import, stage_file
from services.imports.findings import Treatment

COMMUNITY = '编号,名称,WKT\nC1,雅瑶社区,"POLYGON((113.2 23.4,113.21 23.4,113.21 23.41,113.2 23.41,113.2 23.4))"\n'
GOOD = {
    Layer.COMMUNITIES: "编号,名称,常住人口,户数,外来人口,WKT\nX,甲,5,4,3,{wkt}",
    Layer.GRIDS: "编号,名称,常住人口,户数,外来人口,WKT\nX,甲,5,4,3,{wkt}",
    Layer.ESTATES: (
        "编号,名称,常住人口,户数,外来人口,栋数,大门,有无物业,是否杂居,地址,WKT\nX,甲,5,4,3,2,1,有,是,甲路,{wkt}"
    ),
    Layer.UNITS: "编号,名称,联系人,电话,地址,结对社区\nX,甲,张三,13800000001,甲路,C1",
    Layer.MEMBERS: (
        "编号,姓名,身份证号,单位,社区,电话,住址,特长,工作日,晚上,周末,夜间,保留至\n"
        "X,甲,11010519491231002X,X,C1,13800000001,甲路,医疗,0.1,0.2,0.3,0.4,2027-12-31"
    ),
    Layer.TEAMS: "编号,名称,类型,人数,单位,队长,职务,电话,技能\nX,甲,突击队,5,X,张三,书记,13800000001,医疗",
}
BAD = "#REF!"
NEEDED = {"编号", "名称", "WKT", "姓名"}
SHAPE = '"POLYGON((113.2 23.4,113.205 23.4,113.205 23.405,113.2 23.405,113.2 23.4))"'


@pytest.fixture
def context(store_url: str):
    return open_context(store_url)


def put(context, layer: Layer, text: str, **choices: object):
    staged = stage_file(context, make_upload("t.csv", text.encode()), layer, Options(datum=Datum.WGS84, **choices))
    return staged, commit(context, staged)


def stored_row(context, layer: Layer) -> dict[str, object]:
    with context.look(Right.IMPORT) as tx:
        row = tx.read_layer(layer).loc["X"].to_dict()
        row |= {"phone": tx.sealed.open_phones(layer, ["X"])} if "phone" in row else {}
        return row | ({"keep_until": tx.people.read_last_days()} if layer is Layer.MEMBERS else {})


@pytest.mark.parametrize("layer", list(GOOD), ids=str)
def test_no_field_of_a_stored_row_is_erased_by_a_value_that_cannot_be_used(context, layer: Layer):
    if layer is not Layer.COMMUNITIES:
        put(context, Layer.COMMUNITIES, COMMUNITY)
    if layer in {Layer.MEMBERS, Layer.TEAMS}:
        put(context, Layer.UNITS, GOOD[Layer.UNITS])
    header, values = GOOD[layer].format(wkt=SHAPE).split("\n")
    names = header.split(",")
    put(context, layer, f"{header}\n{values}\n")
    before = stored_row(context, layer)
    assert not {name for name, value in before.items() if value is None or value != value} - {"geom", "parent_code"}
    spoilt = [name for name in names if name not in NEEDED]
    staged, done = put(context, layer, f"编号,{','.join(spoilt)}\nX,{','.join([BAD] * len(spoilt))}\n")
    after = stored_row(context, layer)
    assert {name: str(value) for name, value in after.items()} == {name: str(value) for name, value in before.items()}
    assert done.replaced == 1
    assert [f.action for f in staged.findings] == [Treatment.KEPT] * len(spoilt)


def test_the_user_may_have_it_cleared(context):
    put(context, Layer.UNITS, GOOD[Layer.UNITS])
    staged, _done = put(context, Layer.UNITS, "编号,名称,电话\nX,#N/A,138\n", bad_values=BadValues.CLEAR)
    row = stored_row(context, Layer.UNITS)
    assert (row["name"], row["phone"], row["contact"]) == ("甲", {}, "张三")
    assert sorted(f.action for f in staged.findings) == [Treatment.KEPT, Treatment.LEFT_OUT]


def test_a_name_that_is_empty_or_cannot_be_used_does_not_erase_the_stored_one(context):
    put(context, Layer.UNITS, GOOD[Layer.UNITS])
    for name in ("", "#NAME?"):
        put(context, Layer.UNITS, f"编号,名称,地址\nX,{name},乙路\n")
        row = stored_row(context, Layer.UNITS)
        assert (row["name"], row["address"]) == ("甲", "乙路")


def test_a_new_row_without_a_usable_name_is_refused():
    staged = stage_text("编号,名称,地址\nX,#NAME?,乙路\n", Layer.UNITS)
    assert [(f.problem.code, f.action) for f in staged.findings] == [("formula_error", Treatment.REJECTED)]


def test_a_value_of_a_new_row_that_cannot_be_used_is_left_out():
    staged = stage_text("编号,名称,电话\nX,甲,138\n", Layer.UNITS)
    assert [(f.problem.code, f.action) for f in staged.findings] == [("bad_phone", Treatment.LEFT_OUT)]


def test_a_link_that_names_nothing_keeps_the_stored_one(context):
    put(context, Layer.COMMUNITIES, COMMUNITY)
    put(context, Layer.UNITS, GOOD[Layer.UNITS])
    staged, _done = put(context, Layer.UNITS, "编号,结对社区\nX,没有的社区\n")
    assert stored_row(context, Layer.UNITS)["community_codes"] == "C1"
    assert [p["action"] for p in make_report(staged)["problems"]] == ["kept"]


def test_taking_it_back_puts_back_what_stood_there(context):
    put(context, Layer.UNITS, GOOD[Layer.UNITS])
    before = stored_row(context, Layer.UNITS)
    _staged, done = put(context, Layer.UNITS, "编号,电话,地址\nX,138,乙路\n")
    revert_import(context, done.batch_id)
    assert stored_row(context, Layer.UNITS) == before
