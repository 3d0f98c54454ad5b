"""One cell, understood."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from services.imports.check import values
from services.imports.check.days import read_last_day
from services.imports.read.table import Unreadable


@pytest.mark.parametrize(
    ("read", "cell", "expected"),
    [
        (values.read_text, "  甲　 乙 ", "甲 乙"),
        (values.read_text, "Ａ１栋（东）", "A1栋（东）"),
        (values.read_text, "—", None),
        (values.read_text, None, None),
        (values.read_text, 12.0, "12"),
        (values.read_optional_text, "无", None),
        (values.read_code, "007", "007"),
        (values.read_code, "'007", "007"),
        (values.read_code, '="440114"', "440114"),
        (values.read_code, 440114001000.0, "440114001000"),
        (values.read_count, "１２３", 123),
        (values.read_count, "1,234", 1234),
        (values.read_count, "200户", 200),
        (values.read_count, "1.2万", 12000),
        (values.read_count, 3.0, 3),
        (values.read_count, math.nan, None),
        (values.read_count, "无", 0),
        (values.read_count, "-", None),
        (values.read_flag, "有", True),
        (values.read_flag, "√", True),
        (values.read_flag, "１", True),
        (values.read_flag, 1.0, True),
        (values.read_flag, "万科物业", True),
        (values.read_flag, "无物业", False),
        (values.read_flag, "×", False),
        (values.read_flag, "No", False),
        (values.read_flag, "", None),
        (values.read_share, "50%", 0.5),
        (values.read_share, "０.３", 0.3),
        (values.read_phone, 13812345678.0, "13812345678"),
        (values.read_phone, "无", None),
        (values.read_list, "医疗、电工,英语;医疗", "医疗;电工;英语"),
        (values.read_degrees, "113.25°E", 113.25),
        (values.read_degrees, "113°15′36″", 113.26),
        (values.read_degrees, "", None),
    ],
)
def test_form_is_read_leniently(read: Any, cell: object, expected: object):
    assert read(cell) == (pytest.approx(expected) if isinstance(expected, float) else expected)


@pytest.mark.parametrize(
    ("read", "cell", "code"),
    [
        (values.read_text, "#REF!", "formula_error"),
        (values.read_text, "长" * 501, "too_long"),
        (values.read_code, "4.40114E+17", "digits_lost"),
        (values.read_code, 4.40114e17, "digits_lost"),
        (values.read_phone, "1.38E+10", "digits_lost"),
        (values.read_phone, "138123", "bad_phone"),
        (values.read_count, "很多", "not_a_number"),
        (values.read_count, True, "not_a_number"),
        (values.read_count, "3.5", "not_whole"),
        (values.read_count, -1, "negative"),
        (values.read_count, 1e9, "too_large"),
        (values.read_count, math.inf, "not_whole"),
        (values.read_flag, "待查", "not_a_flag"),
        (values.read_share, "1.5", "not_a_share"),
        (values.read_share, "半", "not_a_share"),
        (values.read_text, "同上", "ditto"),
        (values.read_code, "〃", "ditto"),
    ],
)
def test_meaning_is_read_strictly(read: Any, cell: object, code: str):
    with pytest.raises(PydanticCustomError) as caught:
        read(cell)
    assert caught.value.type == code


@pytest.mark.parametrize(
    "read",
    [
        values.read_text,
        values.read_optional_text,
        values.read_code,
        values.read_count,
        values.read_flag,
        values.read_share,
        values.read_phone,
        values.read_list,
        read_last_day,
        lambda cell: values.read_identity(cell, b"salt"),
    ],
)
def test_every_reader_tells_what_cannot_be_read_from_nothing(read: Any):
    with pytest.raises(PydanticCustomError) as caught:
        read(Unreadable("#DIV/0!", "formula_error"))
    assert caught.value.type == "formula_error"
    assert read(None) is None


def test_a_place_that_cannot_be_read_is_no_empty_one():
    cell = Unreadable("#N/A", "formula_error")
    assert math.isnan(values.read_degrees(cell) or 0)
    assert all(map(math.isnan, values.read_pair(cell)))
    assert values.show(cell) == "#N/A"


def test_an_identity_number_comes_out_as_its_hash_only():
    hashed = values.read_identity("11010519491231002x", b"salt")
    assert hashed == values.read_identity("１１０１０５１９４９１２３１００２Ｘ", b"salt")
    assert "1949" not in str(hashed)


@pytest.mark.parametrize(
    ("cell", "code"),
    [(440114199001011234, "digits_lost"), ("440114199001011000", "digits_lost"), ("1234", "bad_identity")],
)
def test_an_identity_number_that_lost_its_end_is_told_from_a_wrong_one(cell: object, code: str):
    with pytest.raises(PydanticCustomError) as caught:
        values.read_identity(cell, b"salt")
    assert caught.value.type == code


def test_an_approximate_number_is_taken_and_noted():
    noted: list[tuple[str, str]] = []
    assert values.read_count("约200户", lambda code, value: noted.append((code, value))) == 200
    assert noted == [("approximate", "约200户")]


_CELLS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.dates() | st.datetimes()


@given(_CELLS)
def test_no_cell_breaks_a_reader(cell: object):
    readers = (values.read_text, values.read_code, values.read_count, values.read_flag, values.read_share)
    for read in (*readers, values.read_phone, values.read_list, values.read_degrees):
        try:
            read(cell)
        except PydanticCustomError:
            continue


@given(st.integers(0, 20_000_000))
def test_a_count_survives_every_way_to_write_it(count: int):
    for cell in (count, float(count), str(count), f"{count:,}", f"{count}户", f" {count} "):
        assert values.read_count(cell) == count


@pytest.mark.parametrize(("cell", "share"), [("√", 1.0), ("否", 0.0), ("无", 0.0), ("50%", 0.5), (1, 1.0)])
def test_a_tick_is_a_whole_share(cell: object, share: float):
    assert values.read_share(cell) == share


def test_marks_that_nobody_sees_are_gone():
    assert values.read_text("雅\u200b瑶\ufeff社区\u202c") == "雅瑶社区"
    assert values.read_phone("\u202d13812345678\u202c") == "13812345678"


@pytest.mark.parametrize(
    "cell",
    [
        "113.5,23.25",
        "113.5，23.25",
        "113.5、23.25",
        "(113.5 23.25)",
        "[113.5, 23.25]",
        "POINT(113.5 23.25)",
        "113.5,23.25,12",
        "东经113.5 北纬23.25",
        "北纬23.25，东经113.5",
        "经度：113.5 纬度：23.25",
        "113°30′E,23°15′N",
        "113度30分，23度15分",
    ],
)
def test_a_place_in_one_cell_is_read_however_it_is_written(cell: str):
    assert values.read_pair(cell) == (113.5, 23.25)


@pytest.mark.parametrize("cell", ["113.5", "见图", "113.5,23.25,1,2"])
def test_what_is_no_pair_is_not_guessed(cell: str):
    assert all(map(math.isnan, values.read_pair(cell)))


def test_a_pair_that_is_not_stated_is_nothing():
    assert values.read_pair(None) == values.read_pair("无") == (None, None)


ORDINARY_WORDS = st.one_of(
    st.sampled_from(
        ["未知", "不详", "暂无", "不明", "同上", "同前", "没有", "null", "none", "1E10", "1x1012", "1.0", "张伟"]
    ),
    st.text("未知不详暂无明同上前Mx+.,01e", max_size=6),
)


@pytest.mark.parametrize("read", [values.read_text, values.read_code, values.read_phone])
@given(cell=ORDINARY_WORDS)
def test_a_cell_in_which_nothing_is_to_mend_says_what_it_says_with_a_blank_before_it(read: Any, cell: str):
    assert outcome(read, cell) == outcome(read, f" {cell}")


def outcome(read: Any, cell: str) -> tuple[str | None, str]:
    """Return what a cell is read as, or the code of its fault."""
    try:
        return read(cell), ""
    except PydanticCustomError as fault:
        return None, fault.type
