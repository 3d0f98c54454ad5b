"""Codes as spreadsheets write them are understood; those that have lost digits are told and never taken for new."""

import pandas as pd
import pytest
from town import codes_found, stage, stage_text, stored, workbook, zones

from geo.schema import Datum, Layer
from services.imports import Options, make_upload
from services.imports.check.code_faults import shortened_forms, spoiled_forms
from services.imports.findings import message_of

WGS84 = Options(datum=Datum.WGS84)
CODE = "44990800100101"


@pytest.mark.parametrize(
    "cell",
    [
        f'"=""{CODE}"""',
        f"'{CODE}",
        f"{CODE}\t",
        f"{CODE}.0",
        f"{CODE}.00",
        '"44,990,800,100,101"',
        '"44,990,800,100,101.00"',
        "44990800 100101",
        "４４９９０８００１００１０１",
    ],
)
def test_a_code_written_as_a_number_is_understood(cell):
    grids = stored(grids=zones(["一网格"], codes=[CODE]))
    staged = stage_text(f"网格编号,常住人口\n{cell},101\n", Layer.GRIDS, held=grids)
    assert staged.frame.index.tolist() == [CODE]
    estates = stage_text(f"编号,名称,所属网格\nE1,甲,{cell}\n", Layer.ESTATES, held=grids)
    assert estates.frame["parent_code"].tolist() == [CODE]


def test_codes_of_people_units_and_communities_are_understood():
    held = stored(
        communities=zones(["一社区"], codes=["449908001001"]),
        units=pd.DataFrame({"name": ["甲局"]}, index=pd.Index(["U00003"], name="code")),
    )
    content = "党员编号,姓名,单位编码,社区编码\n1.0,甲,u00003,449 908 001 001\n2.0,乙,Ｕ００００３,449908001001.0\n"
    staged = stage_text(content, Layer.MEMBERS, held=held)
    assert staged.frame.index.tolist() == ["1", "2"]
    assert staged.frame["unit_code"].tolist() == ["U00003"] * 2
    assert staged.frame["community_code"].tolist() == ["449908001001"] * 2
    units = stage_text(
        '编号,名称,结对社区\nN1,乙局,"449,908,001,001"\nN2,丙局,449908001001.0、一社区\n', Layer.UNITS, held=held
    )
    assert units.frame["community_codes"].tolist() == ["449908001001"] * 2


@pytest.mark.parametrize("cell", ["4.49908E+11", "4.49908e11", "'4.49908E+11", "4.49908×10^11"])
def test_a_code_in_scientific_notation_is_refused(cell):
    staged = stage_text(f"网格编号,网格名称\n{cell},甲\n", Layer.GRIDS)
    assert codes_found(staged)[0] == (2, "digits_lost")
    linked = stage_text(
        f"编号,名称,所属社区\nG1,甲,{cell}\n", Layer.GRIDS, held=stored(grids=zones(["甲"], codes=["G1"]))
    )
    assert (2, "digits_lost") in codes_found(linked)


@pytest.mark.parametrize("code", ["1E5", "A1.0", "1.5", "2.10.3", "0101", "12-3"])
def test_other_codes_stay_as_they_are(code):
    assert stage_text(f"编号,姓名\n{code},甲\n", Layer.MEMBERS).frame.index.tolist() == [code]


LONG = ["4499080010010101", "4499080010010102", "4499080010010200"]


def estates(*codes):
    lines = (f"{code},小区{place},113.20{place},23.40{place}" for place, code in enumerate(codes, start=1))
    return stage_text(
        "编号,名称,经度,纬度\n" + "\n".join(lines) + "\n",
        Layer.ESTATES,
        WGS84,
        stored(estates=zones(["甲", "乙", "丙"], codes=LONG)),
    )


def test_codes_with_digits_lost_are_told_and_none_is_taken_as_new():
    staged = estates("4499080010010100", "4499080010010100", "4499080010010200")
    assert codes_found(staged) == [(2, "end_lost"), (3, "end_lost"), (4, "end_lost")]
    assert staged.rows_accepted == 0
    assert staged.findings[0].problem.params["whole"] == "4499080010010101、4499080010010102"


def test_whole_codes_that_end_in_zeros_and_new_ones_are_taken():
    assert estates(LONG[2], LONG[0], "4499080010010103").rows_accepted == 3
    assert estates(LONG[2]).rows_accepted == 1


def test_links_with_digits_lost_are_told():
    held = stored(units=pd.DataFrame({"name": ["甲局"]}, index=pd.Index(["440114004001010123"], name="code")))
    for spoiled in ("440114004001010000", "440114004001010112"):
        staged = stage_text(f"编号,姓名,单位编码\n1,甲,{spoiled}\n", Layer.MEMBERS, held=held)
        assert codes_found(staged) == [(2, "end_lost")]


def test_forms_of_a_long_code():
    assert spoiled_forms("440114004001010123") == {
        "440114004001010000",
        str(int(float("440114004001010123"))),
        "440114004001010100",
    }
    assert spoiled_forms("449908001001") == spoiled_forms("ABCDEFGHIJKLMNOPQ") == frozenset()


ROUNDED = ("4499080010010100", "4499080010010200", "449908001001030000")


@pytest.mark.parametrize(
    ("codes", "is_told"),
    [
        (ROUNDED, True),
        (ROUNDED[:1], False),
        ((*ROUNDED, "4499080010010401"), False),
        ((*ROUNDED, "449908001001"), True),
        (("449908001000", "449908002000"), False),
    ],
)
def test_long_codes_that_all_end_in_zeros_are_told_where_nothing_is_stored_to_compare_them_with(codes, is_told):
    lines = "".join(f"{code},甲{k},113.2,23.4\n" for k, code in enumerate(codes))
    staged = stage_text(f"小区编号,名称,经度,纬度\n{lines}", Layer.ESTATES, WGS84)
    assert ((0, "ends_in_zeros") in codes_found(staged)) is is_told
    assert staged.frame.index.tolist() == list(codes)


@pytest.mark.parametrize(
    ("known", "whole"),
    [
        ("4499080010010100", "4499080010010101"),
        ("449908001001030000", "449908001001030017"),
        ("440114004001010112", "440114004001010123"),
        ("101", "00101"),
        ("4.40106E+11", "440106001001"),
        ("4.40E+11", "440106001001"),
    ],
)
def test_a_whole_code_is_not_taken_as_new_beside_the_same_with_digits_lost(known, whole):
    held = stored(estates=zones(["甲 小区"], codes=[known]))
    staged = stage_text(f"编号,名称,经度,纬度\n{whole},甲小区,113.2,23.4\n", Layer.ESTATES, WGS84, held)
    assert codes_found(staged) == [(2, "stored_shortened")]
    assert known in message_of(staged.findings[0].problem)
    other = stage_text(f"编号,名称,经度,纬度\n{whole},乙小区,113.2,23.4\n", Layer.ESTATES, WGS84, held)
    assert codes_found(other) == [(2, "maybe_shortened")]
    assert other.rows_accepted == 1


def test_a_workbook_with_numbers_is_held_to_the_same():
    held = stored(estates=zones(["甲"], codes=["1010"]))
    data = workbook([["编号", "名称", "经度", "纬度"], ["01010", "甲", 113.2, 23.4], [1010, "甲", 113.2, 23.4]])
    staged = stage(make_upload("e.xlsx", data), Layer.ESTATES, WGS84, held)
    assert codes_found(staged)[0] == (2, "stored_shortened")
    assert staged.frame.index.tolist() == ["1010"]


def test_a_stored_code_with_point_zero_is_the_code_itself():
    held = stored(estates=zones(["甲"], codes=["1010.0"]))
    staged = stage_text("编号,名称,经度,纬度\n1010,甲,113.2,23.4\n", Layer.ESTATES, WGS84, held)
    assert staged.frame.index.tolist() == ["1010.0"]


@pytest.mark.parametrize("code", ["4499080010010300", "4499080010010201", "AB101", "102"])
def test_other_codes_beside_codes_with_zeros_are_new(code):
    held = stored(estates=zones(["甲", "乙"], codes=["4499080010010100", "101"]))
    staged = stage_text(f"编号,名称,经度,纬度\n{code},甲,113.2,23.4\n", Layer.ESTATES, WGS84, held)
    assert codes_found(staged) == []


def test_links_to_what_is_stored_with_digits_lost_are_told():
    held = stored(grids=zones(["一网格"], codes=["4499080010010100"]))
    staged = stage_text("编号,名称,所属网格\nE1,甲,4499080010010101\n", Layer.ESTATES, held=held)
    assert (2, "link_shortened") in codes_found(staged)


def test_the_forms_under_which_a_whole_code_may_be_stored():
    assert shortened_forms("0012") == {"12"}
    assert shortened_forms("12") == shortened_forms("A0012") == shortened_forms("000") == frozenset()
