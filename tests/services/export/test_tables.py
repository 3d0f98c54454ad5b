import io
import zipfile

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from geo.schema import Layer
from services.coverage import load_norms, table_columns
from services.export.columns import COLUMNS, NumberFormat, column_of
from services.export.layers import as_table, mask_people
from services.export.tables import MOST_ROWS, TooManyRowsError, coverage_xlsx, guard_text, write_csv, write_xlsx
from services.i18n import translate, use_language
from services.rules.headers import match_headers
from services.store import tables as stored

LIVE = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1+1", '=HYPERLINK("http://x","y")']


def rows_of(workbook: bytes, sheet: int = 0) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(sheet).to_python()


def named(*names: str) -> pd.DataFrame:
    return pd.DataFrame({"name": list(names)}, index=pd.Index([f"{k:03}" for k in range(len(names))], name="code"))


def test_a_workbook_has_chinese_headers_and_numbers_as_numbers(table, facts):
    header, first, *_ = rows_of(coverage_xlsx(table, facts))
    row = dict(zip(header, first, strict=True))
    named_columns = {translate(column_of(name).header) for name in ("code", *table_columns(load_norms()))}
    assert set(header) == named_columns - {"聚集类型"}
    assert header[:5] == ["编号", "名称", "上级编号", "状态", "常住人口"]
    assert row["编号"] == "000"
    assert (row["覆盖率"], row["缺口"], row["状态"]) == (0.1, 9.0, "缺人")


def test_a_workbook_speaks_english(table, facts):
    use_language("en")
    header, first, *_ = rows_of(coverage_xlsx(table, facts))
    assert header[0] == "Code"
    assert first[header.index("Status")] == "Short of people"


def test_what_is_not_known_is_an_empty_cell(table, facts):
    header, *rows = rows_of(coverage_xlsx(table, facts))
    no_need = dict(zip(header, rows[6], strict=True))
    assert (no_need["覆盖率"], no_need["缺口"], no_need["状态"]) == ("", "", "无需求")


def test_the_facts_stand_on_a_sheet_of_their_own(table, facts):
    assert rows_of(coverage_xlsx(table, facts), 1) == [
        ["密级", "内部资料，请勿外传"],
        ["范围", "马桥街道"],
        ["制作", "张主任"],
        ["时段", "2026-11-27 周五 20:00–24:00"],
        ["状态", "平时"],
        ["生成时间", "2026-11-27 18:05 北京时间（UTC+8）"],
        ["口径", "norms.toml 0badcafe"],
        ["数据版本", "17"],
        ["坐标系", "EPSG:4326，经纬度（WGS-84；在此精度下与 CGCS2000 相同）"],
        ["合计", "需求 60 人，已满足 39 人，缺口 21 人，富余 12 人"],
        ["取整", "合计先相加、后取整；各行单独取整，逐行手工相加，每行最多相差半个人"],
    ]


def test_the_total_is_that_of_the_headline_where_the_rows_add_up_to_less(table, facts):
    few = table.assign(need=[0.34] * 8, met=0.0, gap=[0.34] * 8, surplus=0.0)
    header, *rows = rows_of(coverage_xlsx(few, facts))
    assert sum(row[header.index("缺口")] for row in rows) == pytest.approx(2.4)
    assert dict(rows_of(coverage_xlsx(few, facts), 1))["合计"].startswith("需求 2.7 人，已满足 0 人，缺口 2.7 人")


def test_estates_say_why_they_lack_more_than_their_grids(table, facts):
    assert "不计入小区" in dict(rows_of(coverage_xlsx(table, facts, Layer.ESTATES), 1))["小区"]


def test_what_a_level_does_not_know_has_no_column(table, facts):
    wide = table.assign(ratio=np.nan, chance=np.nan, cold_z=np.nan, cold_p=np.nan)
    header = rows_of(coverage_xlsx(wide, facts, Layer.COMMUNITIES))[0]
    assert not {"覆盖率", "到岗够数的可能", "Gi* z 值", "Gi* p 值", "聚集类型"} & set(header)


@pytest.mark.parametrize("cell", LIVE)
def test_a_workbook_runs_nothing(cell):
    workbook = write_xlsx({"x": named(cell)}, [("a", cell)])
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        sheets = "".join(parts.read(name).decode() for name in parts.namelist() if "worksheets" in name)
    assert "<f>" not in sheets
    assert "<hyperlink" not in sheets
    assert rows_of(workbook)[1][1].strip() == cell.strip()


@pytest.mark.parametrize("cell", LIVE)
def test_a_live_cell_of_a_csv_is_quoted(cell):
    read = pd.read_csv(io.BytesIO(write_csv(named(cell))), dtype=str, encoding="utf-8-sig")
    assert read["name"][0].replace("\r", "").startswith("'")
    assert guard_text(cell) == "'" + cell


def test_a_csv_begins_with_a_bom_and_keeps_leading_zeros_and_numbers():
    frame = named("雅瑶社区").assign(gap=-2.5, residents=2036.0)
    assert write_csv(frame) == b"\xef\xbb\xbf" + "code,name,gap,residents\r\n000,雅瑶社区,-2.5,2036\r\n".encode()


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")), min_size=1, max_size=5))
def test_every_text_comes_back_from_a_csv_but_for_the_guard(names):
    read = pd.read_csv(
        io.BytesIO(write_csv(named(*names))),
        dtype=str,
        encoding="utf-8-sig",
        keep_default_na=False,
        lineterminator=None,
    )
    assert list(read["name"]) == [guard_text(name) for name in names]


def test_a_table_longer_than_a_sheet_is_refused():
    codes = pd.Index(range(MOST_ROWS + 1), name="code").astype(str)
    with pytest.raises(TooManyRowsError):
        write_xlsx({"x": pd.DataFrame(index=codes)}, [])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("layer", Layer)
def test_exported_headers_are_understood_on_import(layer, language):
    use_language(language)
    fields = [c.name for c in stored.layers[layer].columns if c.name in COLUMNS.keys() - {"geom"}]
    table = as_table(layer, pd.DataFrame(columns=fields))
    headers = [translate(COLUMNS[name].header) for name in table.columns]
    understood = match_headers(headers, layer).columns
    assert {field: understood[field] for field in fields} == dict(zip(fields, headers, strict=True))


def test_people_are_masked():
    members = pd.DataFrame(
        {"name": ["张三"], "phone": ["13812341234"], "identity_hash": ["ab"], "address": ["云港花园3栋502房"]},
        index=pd.Index(["P1"], name="code"),
    )
    masked = mask_people(Layer.MEMBERS, members)
    assert masked.to_dict("records") == [{"name": "张*", "phone": "138****1234", "address": "云港花园***"}]


def test_leaders_and_contacts_are_masked_and_units_keep_their_name():
    index = pd.Index(["1"], name="code")
    teams = mask_people(Layer.TEAMS, pd.DataFrame({"name": ["一队"], "leader": ["李四"], "phone": [None]}, index=index))
    units = mask_people(
        Layer.UNITS, pd.DataFrame({"name": ["税务局"], "contact": ["李四"], "phone": ["1"]}, index=index)
    )
    assert (teams["name"]["1"], teams["leader"]["1"]) == ("一队", "李*")
    assert (units["name"]["1"], units["contact"]["1"], units["phone"]["1"]) == ("税务局", "李*", "*")


def test_every_coverage_column_has_a_header_and_a_format():
    assert [name for name in table_columns(load_norms()) if column_of(name).header.id == name] == []
    assert COLUMNS["ratio"].format is NumberFormat.SHARE
