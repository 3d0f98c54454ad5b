"""Which column is which field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.schema import Layer
from services.rules.headers import WORDS, count_known, headers_sha256, match_headers, normal_header


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (" 网格 编号 ", "网格编号"),
        ("＊姓名", "姓名"),
        ("小区户数（户）", "小区户数"),
        ("户数(户)", "户数"),
        ("3.联系电话", "联系电话"),
        ("ＩＤ", "id"),
        ("Parent_Code", "parentcode"),
        ("（备注）", "(备注)"),
        ("", ""),
    ],
)
def test_headers_lose_what_does_not_matter(header: str, expected: str) -> None:
    assert normal_header(header) == expected


@pytest.mark.parametrize(
    ("layer", "headers", "expected"),
    [
        (
            Layer.GRIDS,
            ["网格编号", "网格名称", "所属社区", "户数", "常住人口（人）", "其中：流动人口"],
            {"code": "网格编号", "name": "网格名称", "parent_code": "所属社区", "households": "户数"}
            | {"residents": "常住人口（人）", "outsiders": "其中：流动人口"},
        ),
        (
            Layer.ESTATES,
            [
                "编号",
                "小区名称",
                "所属网格",
                "户数",
                "常住人口",
                "外来人口",
                "楼栋数",
                "出入口",
                "有无物业",
                "是否杂居",
            ],
            {
                "code": "编号",
                "name": "小区名称",
                "parent_code": "所属网格",
                "residents": "常住人口",
                "households": "户数",
            }
            | {
                "outsiders": "外来人口",
                "blocks": "楼栋数",
                "gates": "出入口",
                "managed": "有无物业",
                "mixed_use": "是否杂居",
            },
        ),
        (
            Layer.MEMBERS,
            ["序号", "姓名*", "身份证号", "手机号码", "工作单位", "报到社区", "家庭住址", "特长", "经度", "纬度"],
            {"name": "姓名*", "identity": "身份证号", "unit_code": "工作单位", "community_code": "报到社区"}
            | {"phone": "手机号码", "address": "家庭住址", "skills": "特长", "lon": "经度", "lat": "纬度"},
        ),
        (
            Layer.TEAMS,
            ["队伍名称", "人数", "队长", "队长电话", "所在网格"],
            {"name": "队伍名称", "parent_code": "所在网格", "size": "人数", "leader": "队长", "phone": "队长电话"},
        ),
        (
            Layer.UNITS,
            ["单位名称", "结对社区", "联系人", "联系人电话", "单位地址"],
            {"name": "单位名称", "community_codes": "结对社区", "contact": "联系人", "phone": "联系人电话"}
            | {"address": "单位地址"},
        ),
        (Layer.SUBDISTRICTS, ["name", "pinyin"], {"name": "name"}),
        (
            Layer.DISTRICTS,
            ["NAME", "PYNAME", "ADMINCODE", "Shape_Leng", "Shape_Area"],
            {"code": "ADMINCODE", "name": "NAME"},
        ),
        (
            Layer.DISTRICTS,
            ["adcode", "name", "center", "centroid", "childrenNum", "level", "parent.adcode"],
            {"code": "adcode", "name": "name", "parent_code": "parent.adcode"},
        ),
        (
            Layer.ESTATES,
            [
                "小区编号",
                "小区栋数",
                "小区户数（户）",
                "小区人口数（人）",
                "小区横坐标",
                "小区纵坐标",
                "街道编号",
                "所属区域",
            ],
            {"code": "小区编号", "blocks": "小区栋数", "households": "小区户数（户）", "residents": "小区人口数（人）"},
        ),
        (
            Layer.UNITS,
            ["name", "address", "adname", "pname", "type", "lat", "lon"],
            {"name": "name", "address": "address", "lon": "lon", "lat": "lat"},
        ),
    ],
)
def test_columns_are_understood(layer: Layer, headers: list[str], expected: dict[str, str]) -> None:
    assert dict(match_headers(headers, layer).columns) == expected


@pytest.mark.parametrize(
    "header",
    [
        *(
            "所属社区名称",
            "社区居委会",
            "归属居委会（必填）",
            "*所在社区编码",
            "所属村名称",
            "隶属村委会",
            "村（居）名称",
        ),
        *("上级社区代码", "居民委员会名称", "属地社区", "所处社区编号"),
    ],
)
def test_the_level_above_is_understood_however_it_is_called(header: str) -> None:
    assert match_headers(["网格编号", "网格名称", header], Layer.GRIDS).columns["parent_code"] == header


@pytest.mark.parametrize(
    ("layer", "headers", "field"),
    [
        (Layer.SUBDISTRICTS, ["街道编号", "街道名称", "隶属区县名称"], "parent_code"),
        (Layer.COMMUNITIES, ["居委会编码", "居委会名称", "所属镇（街）编码"], "parent_code"),
        (Layer.ESTATES, ["小区编号", "小区名称", "归属网格编码"], "parent_code"),
        (Layer.UNITS, ["单位编号", "单位名称", "结对社区名称"], "community_codes"),
        (Layer.MEMBERS, ["姓名", "党员编号", "现工作单位名称"], "unit_code"),
        (Layer.MEMBERS, ["姓名", "党员编号", "报到居委会"], "community_code"),
        (Layer.TEAMS, ["队伍编号", "队伍名称", "驻点网格编号"], "parent_code"),
        (Layer.TEAMS, ["队伍编号", "队伍名称", "组建单位名称"], "unit_code"),
    ],
)
def test_every_layer_knows_where_its_rows_belong(layer: Layer, headers: list[str], field: str) -> None:
    assert match_headers(headers, layer).columns[field] == headers[-1]


def test_listed_words_come_before_those_of_the_rule() -> None:
    found = match_headers(["名称", "网格全称", "所属社区"], Layer.GRIDS).columns
    assert found["name"] == "名称"


def test_a_header_that_is_nearly_a_known_word_is_taken_with_its_score() -> None:
    mapping = match_headers(["网格编号", "常住人口总数"], Layer.GRIDS)
    assert mapping.columns["residents"] == "常住人口总数"
    assert 82 <= mapping.scores["residents"] < 100


def test_two_headers_equally_alike_are_not_guessed_between() -> None:
    mapping = match_headers(["名称", "现常住人口数", "原常住人口数"], Layer.GRIDS)
    assert "residents" not in mapping.columns
    assert mapping.unused == ("现常住人口数", "原常住人口数")


def test_the_users_word_replaces_ours_and_frees_the_other_field() -> None:
    mapping = match_headers(["编号", "名称", "备注"], Layer.GRIDS)
    corrected = mapping.corrected({"parent_code": "编号", "residents": "备注"})
    assert dict(corrected.columns) == {"name": "名称", "parent_code": "编号", "residents": "备注"}
    assert corrected.unused == ()
    assert "name" not in mapping.corrected({"name": None}).columns


def test_what_is_called_by_its_number_has_code_and_name_in_one_column() -> None:
    corrected = match_headers(["编号", "备注"], Layer.GRIDS).corrected({"name": "编号"})
    assert dict(corrected.columns) == {"code": "编号", "name": "编号"}


def test_the_header_row_is_the_one_with_most_known_words() -> None:
    rows = [["2026年党员名册", "", ""], ["姓名", "手机", "社区"], ["张三", "13812345678", "雅瑶社区"]]
    assert [count_known(row, Layer.MEMBERS) for row in rows] == [0, 3, 0]


def test_headers_are_remembered_whatever_their_spaces() -> None:
    assert headers_sha256(["姓名", "手机 "]) == headers_sha256([" 姓名", "手机"])
    assert headers_sha256(["姓名", "手机"]) != headers_sha256(["手机", "姓名"])


@given(st.lists(st.text(max_size=6) | st.sampled_from(sorted(WORDS[Layer.MEMBERS]["phone"])), unique=True))
def test_no_header_serves_two_fields_and_none_is_lost(headers: list[str]) -> None:
    mapping = match_headers(headers, Layer.MEMBERS)
    used = list(mapping.columns.values())
    assert len(used) == len(set(used))
    assert sorted([*used, *mapping.unused]) == sorted(headers)
