"""Rows with more or fewer cells than the header: their values may stand in wrong columns."""

import pytest
from town import codes_found, stage, stage_text, stored, workbook, zones

from geo.schema import Layer
from services.imports import Options, make_upload

HELD = stored(grids=zones(["甲", "乙", "丙"], codes=["G1", "G2", "G3"]).assign(residents=[1.0, 2.0, 3.0]))


def residents(text: str) -> dict[str, float]:
    return stage_text(text, Layer.GRIDS, held=HELD).frame["residents"].to_dict()


@pytest.mark.parametrize(
    "shifted",
    ["G2,东,西片,450,1300", "G2,东片,450,1,300", "G2,东片,450,1300,,x", 'G2,"东\n片",西,450,1300'],
    ids=["a comma in a text", "a thousands mark", "something far behind", "a line end in quotes"],
)
def test_a_row_wider_than_the_header_is_refused_and_the_others_are_taken(shifted: str):
    text = f"网格编号,备注,户数,常住人口\nG1,东片,431,1294\n{shifted}\nG3,,460,1310\n"
    staged = stage_text(text, Layer.GRIDS, held=HELD)
    assert codes_found(staged) == [(3, "wide_row")]
    assert staged.frame["residents"].to_dict() == {"G1": 1294, "G3": 1310}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_empty_cells_behind_the_last_column_move_nothing(delimiter: str):
    text = "网格编号,户数,常住人口\nG1,431,1294,,\nG2,450,1300,\n".replace(",", delimiter)
    assert residents(text) == {"G1": 1294, "G2": 1300}


def test_a_thousands_mark_inside_quotes_is_a_number():
    assert residents('网格编号,常住人口,户数\nG1,"1,294",431\n') == {"G1": 1294}


def test_a_row_that_lacks_cells_of_a_column_that_is_read_is_refused():
    text = "网格编号,备注,户数,常住人口\nG1,东片,431,1294\nG2,450,1300\nG3,,460,1310\n"
    staged = stage_text(text, Layer.GRIDS, held=HELD)
    assert codes_found(staged) == [(3, "narrow_row")]
    assert staged.frame.index.tolist() == ["G1", "G3"]


def test_a_row_that_lacks_cells_of_columns_that_nobody_reads_is_taken():
    assert residents("网格编号,常住人口,备注,经办\nG1,1294\nG2,1300,东片\n") == {"G1": 1294, "G2": 1300}


def test_every_row_one_cell_wider_than_the_header_is_a_header_without_its_first_name():
    staged = stage_text("网格编号,户数,常住人口\n1,G1,431,1294\n2,G2,450,1300\n", Layer.GRIDS, held=HELD)
    assert codes_found(staged) == [(2, "wide_row"), (3, "wide_row")]


def test_a_cell_moved_to_the_right_of_a_sheet_is_refused():
    rows = [
        ["网格编号", "备注", "户数", "常住人口"],
        ["G1", "东", 431, 1294],
        ["G2", "东", "西", 450, 1300],
        ["G3", None, 9, 8],
    ]
    staged = stage(make_upload("t.xlsx", workbook(rows)), Layer.GRIDS, Options(), HELD)
    assert codes_found(staged) == [(3, "wide_row")]


def test_a_column_that_has_values_but_no_name_is_a_column():
    rows = [["网格编号", "常住人口", None], ["G1", 431, "东"], ["G2", 450, "西"], ["G3", 9, None]]
    staged = stage(make_upload("t.xlsx", workbook(rows)), Layer.GRIDS, Options(), HELD)
    assert codes_found(staged) == []
    assert "[3]" in staged.headers


def test_a_note_beside_the_table_moves_nothing():
    rows = [["网格编号", "常住人口"], ["G1", 431, None, "注：含空挂户"], ["G2", 450]]
    staged = stage(make_upload("t.xlsx", workbook(rows)), Layer.GRIDS, Options(), HELD)
    assert codes_found(staged) == []


def test_a_shifted_row_has_one_fault_and_not_one_for_each_of_its_cells():
    staged = stage_text("网格编号,备注,户数,常住人口\nG1,东,西,多少,少\n", Layer.GRIDS, held=HELD)
    assert codes_found(staged) == [(2, "wide_row")]
