"""Workbooks: titles, merged cells, several sheets, floats that were numbers, bombs."""

import pytest
from town import codes_found, packed, stage, stored, workbook

from geo.schema import Layer
from services.imports import ImportFileError, Options, make_upload
from services.imports.sandbox.process import read_table

MEMBERS = [
    ["2026年在职党员名册", None, None, None],
    ["姓名", "身份证号", "手机", "社区"],
    ["甲", "11010519491231002X", 13812345678.0, "雅瑶社区"],
    ["乙", 440114199001011234, "139 1234 5678", None],
]


def test_titles_and_vertically_merged_cells():
    data = workbook(MEMBERS, merged=["A1:D1", "D3:D4"])
    table = read_table(make_upload("名册.xlsx", data), Layer.MEMBERS)
    assert table.source.header_row == 2
    assert table.rows.tolist() == [3, 4]
    assert table.frame["社区"].tolist() == ["雅瑶社区", "雅瑶社区"]


def test_a_number_that_became_a_float_is_read_and_one_that_lost_digits_is_a_problem():
    staged = stage(make_upload("名册.xlsx", workbook(MEMBERS)), Layer.MEMBERS, Options(), stored())
    assert staged.frame["phone"].tolist() == ["13812345678", "13912345678"]
    assert (4, "digits_lost") in codes_found(staged)
    assert staged.rows_accepted == 2
    assert "440114" not in str([f.problem for f in staged.findings])


def test_the_sheet_whose_headers_fit_is_read_and_the_others_are_listed():
    data = workbook([["说明"], ["本表由党建办填写"]], 党员=MEMBERS[1:], 汇总=[["社区", "人数"], ["雅瑶社区", 2]])
    table = read_table(make_upload("名册.xlsx", data), Layer.MEMBERS)
    assert (table.source.sheet, table.source.choices) == ("党员", ("Sheet1", "党员", "汇总"))
    chosen = read_table(make_upload("名册.xlsx", data), Layer.MEMBERS, Options(sheet="汇总"))
    assert chosen.headers == ("社区", "人数")
    with pytest.raises(ImportFileError, match="党员"):
        read_table(make_upload("名册.xlsx", data), Layer.MEMBERS, Options(sheet="别的"))


def test_a_header_of_two_rows_with_merged_cells():
    rows = [["网格编号", "网格名称", "人口", None], [None, None, "常住人口", "流动人口"], ["G1", "甲", 10, 4]]
    data = workbook(rows, merged=["A1:A2", "B1:B2"])
    table = read_table(make_upload("网格.xlsx", data), Layer.GRIDS)
    assert table.headers == ("网格编号", "网格名称", "常住人口", "流动人口")
    assert table.rows.tolist() == [3]


def test_an_archive_that_unpacks_to_far_too_much_is_refused():
    bomb = packed({"xl/workbook.xml": b"0" * (100 << 20)})
    with pytest.raises(ImportFileError, match="far too much"):
        make_upload("bomb.xlsx", bomb)


def test_a_damaged_workbook_says_so():
    with pytest.raises(ImportFileError, match="damaged"):
        read_table(make_upload("x.xlsx", packed({"xl/workbook.xml": b"no"})), Layer.GRIDS)


def test_a_workbook_with_a_password_says_so():
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    with pytest.raises(ImportFileError, match="password"):
        read_table(make_upload("名册.xlsx", locked), Layer.MEMBERS)


@pytest.mark.parametrize(
    "start", ["<html><table>", "<!DOCTYPE html><table>", '<?xml version="1.0"?><Workbook xmlns="urn:x">', "<table>"]
)
def test_a_web_page_named_xls_is_told_how_to_become_a_workbook(start: str):
    with pytest.raises(ImportFileError, match="save it as XLSX"):
        read_table(make_upload("导出.xls", start.encode()), Layer.GRIDS)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("通知.pdf", b"%PDF-1.7\n1 0 obj"),
        ("通知.docx", packed({"word/document.xml": b"<w/>"})),
        ("台账.ods", packed({"content.xml": b"<o/>"})),
    ],
)
def test_a_document_is_no_table(name: str, data: bytes):
    with pytest.raises(ImportFileError, match=r"no format|cannot be read"):
        read_table(make_upload(name, data), Layer.GRIDS)
