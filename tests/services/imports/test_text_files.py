"""Encodings, delimiters, headers below titles, blank rows."""

import pytest
from town import stage_text

from geo.schema import Layer
from services.imports.errors import ImportFileError
from services.imports.read.cells import find_header
from services.imports.read.text_files import decode, read_cells
from services.imports.read.upload import make_upload
from services.imports.sandbox.process import read_table

CONTENT = "编号,网格名称,户数\nG1,云港第一网格,120\nG2,云港第二网格,98\n"


@pytest.mark.parametrize(
    ("encoding", "seen"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_every_encoding_gives_the_same_rows(encoding: str, seen: str):
    table = read_table(make_upload("网格.csv", CONTENT.encode(encoding)), Layer.GRIDS)
    assert table.source.encoding == seen
    assert table.headers == ("编号", "网格名称", "户数")
    assert table.frame.iloc[1].tolist() == ["G2", "云港第二网格", "98"]


def test_a_short_gbk_file_is_not_taken_for_another_language():
    assert decode("姓名,张三".encode("gbk")) == ("姓名,张三", "gb18030")


def test_a_stated_encoding_that_does_not_fit_is_an_error_that_says_where():
    with pytest.raises(ImportFileError, match=r"not in utf-8 \(byte 1\)"):
        decode("编号".encode("gbk"), encoding="utf-8")


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，", "|"])
def test_the_delimiter_is_found(delimiter: str):
    rows, found = read_cells(CONTENT.replace(",", delimiter))
    assert found == delimiter
    assert rows[2] == ["G2", "云港第二网格", "98"]


def test_a_comma_inside_quotes_does_not_make_a_column():
    rows, _ = read_cells('name;address\n甲;"a, b"\n乙;"c, d, e"\n')
    assert rows[1] == ["甲", "a, b"]


def test_the_header_is_found_below_titles_and_rows_keep_their_numbers():
    text = "2026年网格台账,,\n制表：党建办,,\n编号,网格名称,户数\nG1,甲,1\n,,\n\nG2,乙,2\n"
    table = read_table(make_upload("t.csv", text.encode()), Layer.GRIDS)
    assert table.source.header_row == 3
    assert table.rows.tolist() == [4, 7]


def test_a_table_without_known_headers_starts_at_its_first_wide_row():
    assert find_header([["标题", "", ""], ["甲", "乙", "丙"], ["1", "2", "3"]], Layer.GRIDS) == (1, 0)


def test_trailing_blanks_and_nameless_columns():
    text = "编号 ,网格名称,,\nG1\u3000, 甲 ,,备注一\n"
    table = read_table(make_upload("t.csv", text.encode()), Layer.GRIDS)
    assert table.headers == ("编号", "网格名称", "[4]")
    assert table.frame.iloc[0].tolist() == ["G1", "甲", "备注一"]


def test_a_header_that_comes_twice_keeps_both_columns():
    table = read_table(make_upload("t.csv", "编号,电话,电话\nU1,1,2\n".encode()), Layer.UNITS)
    assert table.headers == ("编号", "电话", "电话 [3]")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        ("编号,名称\n".encode(), "no rows below the header"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x00" * 40, "picture or measurements"),
        (b"PK\x03\x04 broken", "ends in the middle"),
        (b'{"type": "FeatureCollection", "features": [', "ends in the middle"),
        (b"SQLite format 3\x00 broken", "ends in the middle"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(data: bytes, said: str):
    with pytest.raises(ImportFileError, match=said):
        read_table(make_upload("file.bin", data), Layer.GRIDS)


def test_full_width_digits_are_digits():
    staged = stage_text("网格编号,网格名称,户数,WKT\nＧ００１,甲,１２３,\n", Layer.ESTATES)
    assert staged.rows_read == 1


def test_a_header_of_two_rows_is_made_one_without_merged_cells():
    text = "网格台账,,,,\n网格编号,网格名称,人口情况,,联系\n,,常住人口,户数,电话\nG1,甲,10,4,1\n"
    table = read_table(make_upload("t.csv", text.encode()), Layer.GRIDS)
    assert table.headers == ("网格编号", "网格名称", "常住人口", "户数", "联系电话")
    assert table.rows.tolist() == [4]


def test_a_group_above_helps_to_understand_what_stands_below():
    text = "队伍名称,人数,队长,\n,,姓名,电话\n甲队,10,张三,1\n"
    assert read_table(make_upload("t.csv", text.encode()), Layer.TEAMS).headers == (
        "队伍名称",
        "人数",
        "队长姓名",
        "队长电话",
    )


def test_a_record_below_the_header_is_no_part_of_it():
    text = "网格名称,所属社区,备注\n社区,社区,户数\n"
    assert read_table(make_upload("t.csv", text.encode()), Layer.GRIDS).rows.tolist() == [2]


def test_a_row_that_numbers_the_columns_is_passed_over_and_told():
    text = "网格编号,网格名称,户数,备注\n1,2,3,4\nG1,甲,5,\n"
    table = read_table(make_upload("t.csv", text.encode()), Layer.GRIDS)
    assert table.rows.tolist() == [3]
    assert [(note.row, note.code) for note in table.notes] == [(2, "numbering_row")]


def test_a_quote_that_never_ends_is_refused_with_its_row():
    with pytest.raises(ImportFileError, match="row 3"):
        read_cells('名称,户数\n甲,1\n"乙,2\n丙,3\n')


def test_a_stray_quote_inside_a_cell_is_left_alone():
    assert read_cells('名称,户数\n甲5",1\n')[0][1] == ['甲5"', "1"]


def test_a_text_that_cannot_be_cut_says_so_in_our_own_words():
    with pytest.raises(ImportFileError, match=r"^The text cannot be cut into columns; save it as"):
        read_cells("编号,名称\n" + "G" * 11_000_000)
