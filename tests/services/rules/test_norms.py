import copy
import math
import re
import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from geo.errors import Problem
from services.i18n import catalogue, translate, use_language
from services.rules.norm_texts import list_norms
from services.rules.norms import (
    NormsError,
    attendance_in_window,
    day_factors,
    default_availability,
    describe_fault,
    parse_norms,
    working_calendar,
)
from services.rules.windows import DayPart, Mode

SHIPPED = tomllib.loads((Path(__file__).parents[3] / "data/norms.toml").read_text(encoding="utf-8"))


@pytest.fixture
def data():
    return copy.deepcopy(SHIPPED)


@pytest.fixture(scope="module")
def norms():
    return parse_norms(SHIPPED)


def change(data, key, value):
    *path, last = key.split(".")
    for part in path:
        data = data[part]
    if value is None:
        del data[last]
    else:
        data[last] = value


def test_availability_is_that_of_the_design(norms):
    np.testing.assert_array_equal(default_availability(norms), [0.1, 0.5, 0.6, 0.3])


def test_gates_are_kept_round_the_clock_and_doors_left_alone_at_night(norms):
    factors = dict(zip(norms.items, day_factors(norms), strict=True))
    assert factors["gate"].tolist() == [1, 1, 1, 1]
    assert factors["door"][list(DayPart).index(DayPart.NIGHT)] == 0


def test_each_mode_has_its_own_norms_and_needs_more_than_the_last(norms):
    gates = [getattr(norms.items["gate"].persons_for_each, mode.value).value for mode in Mode]
    doors = [getattr(norms.items["door"].one_for_every, mode.value).value for mode in Mode]
    assert gates == sorted(gates)
    assert doors == sorted(doors, reverse=True)


def test_holidays_and_working_weekends_are_on_the_right_days(norms):
    calendar = working_calendar(norms)
    assert date(2026, 10, 1) in calendar.holidays
    assert calendar.working_weekends
    assert all(day.weekday() >= 5 for day in calendar.working_weekends)
    assert not set(calendar.holidays) & set(calendar.working_weekends)


def test_every_number_states_its_source_in_both_languages(norms):
    for language in ("zh", "en"):
        use_language(language)
        rows = list_norms(norms)
        assert len({row.key for row in rows}) == len(rows) > 50
        assert all(row.source.strip() for row in rows)
        assert all(row.source.isascii() for row in rows if row.key.startswith("assumed") and language == "en")
    use_language("zh")


def test_no_source_is_a_paper_of_our_own(norms):
    """A reader can look up what is published, and is told where a number is assumed."""
    for language in ("zh", "en"):
        use_language(language)
        own = [norm.key for norm in list_norms(norms) if re.search(r"设计|§|design|DESIGN|ADR", norm.source)]
        assert own == []


def test_every_row_and_the_method_have_their_chinese(norms):
    rows = list_norms(norms)
    own = {item.name for item in norms.items.values()}
    assert {row.section.id for row in rows} - own | {row.name.id for row in rows} <= set(catalogue("zh"))
    assert own <= {row.section.id for row in rows}


@pytest.mark.parametrize(
    ("key", "value", "fault_key", "code"),
    [
        ("availability.workday", None, "availability.workday", "missing"),
        ("items", None, "items", "missing"),
        ("items", {}, "items", "item_code"),
        ("items.gate", 5, "items.gate", "not_a_table"),
        ("items.gate.name", "上门走访", "items", "same_name"),
        ("items.gate.name_en", "Door to door", "items", "same_name"),
        ("items.gate.name", " ", "items.gate.name", "no_name"),
        ("items.gate.driver", "doors", "items.gate.driver", "no_driver"),
        ("items.gate.persons_for_each", None, "items.gate", "one_measure"),
        ("items.door.more_for_outsiders", "often", "items.door.more_for_outsiders", "not_a_flag"),
        ("availability.workday", 0.1, "availability.workday", "not_a_table"),
        ("availability.workday.value", "0.1", "availability.workday.value", "not_a_number"),
        ("availability.workday.value", True, "availability.workday.value", "not_a_number"),
        ("availability.workday.value", math.nan, "availability.workday.value", "not_a_number"),
        ("availability.workday.value", math.inf, "availability.workday.value", "not_a_number"),
        ("availability.workday.value", -0.1, "availability.workday.value", "below_zero"),
        ("availability.workday.value", 1.1, "availability.workday", "above_one"),
        ("availability.workday.source", " ", "availability.workday.source", "no_source"),
        ("availability.workday.source", None, "availability.workday.source", "missing"),
        ("availability.workday.source", 2020, "availability.workday.source", "not_a_text"),
        ("availability.dawn", {}, "availability.dawn", "unknown_key"),
        ("items.door.one_for_every.emergency.value", 0, "items.door.one_for_every.emergency", "zero"),
        ("items.gate.persons_for_eahc", {}, "items.gate.persons_for_eahc", "unknown_key"),
        ("items.door.day_parts.night", 11, "items.door.day_parts.night", "too_large"),
        ("items.door.day_parts.source", None, "items.door.day_parts.source", "missing"),
        ("calendar.holidays", ["2026-10-01"], "calendar.holidays.0", "not_a_date"),
        ("calendar.holidays", date(2026, 10, 1), "calendar.holidays", "not_a_list"),
        ("cold_spots.false_discovery_rate.value", 5, "cold_spots.false_discovery_rate", "above_one"),
    ],
)
def test_a_fault_is_named_with_its_key(data, key, value, fault_key, code):
    change(data, key, value)
    with pytest.raises(NormsError) as caught:
        parse_norms(data)
    assert [(problem.column, problem.code) for problem in caught.value.problems] == [(fault_key, code)]
    use_language("zh")
    message = translate(describe_fault(caught.value.problems[0]))
    assert fault_key in message
    assert not message.isascii()


def test_every_fault_is_named_at_once(data):
    change(data, "availability.night", None)
    change(data, "items.gate.persons_for_each.emergency.value", -2)
    change(data, "reach.catchment_m.source", "")
    with pytest.raises(NormsError) as caught:
        parse_norms(data)
    assert [problem.column for problem in caught.value.problems] == [
        "availability.night",
        "items.gate.persons_for_each.emergency.value",
        "reach.catchment_m.source",
    ]
    assert caught.value.text.params["count"] == 3


def test_an_empty_file_names_every_section_that_is_needed():
    with pytest.raises(NormsError) as caught:
        parse_norms({})
    assert {problem.column for problem in caught.value.problems} == set(SHIPPED) - {"attendance", "others"}


def test_norms_written_before_attendance_was_a_norm_let_everybody_come():
    older = {name: section for name, section in SHIPPED.items() if name != "attendance"}
    assert attendance_in_window(parse_norms(older), np.array([0.25, 0.75, 0, 0])) == 1


def test_attendance_is_that_of_the_parts_of_the_window():
    less = SHIPPED | {"attendance": {"workday": {"value": 0.4, "source": "记录"}}}
    assert attendance_in_window(parse_norms(less), np.array([0.5, 0.5, 0, 0])) == pytest.approx(0.7)


def test_the_error_says_in_one_sentence_what_is_wrong_and_where():
    error = NormsError((Problem(0, "availability.workday", "invalid", "7"), Problem(0, "reach", "missing", "")))
    assert translate(error.text).startswith("口径文件不能用，共 2 处错误。第一处：availability.workday")
    assert str(error).startswith("The norms cannot be used. Faults: 2. The first:")
