"""Fields of forms, periods of sheets, and figures of many zones and days."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.free_text import PersonInTextError
from services.rules.matters.forms import (
    FieldError,
    FormChoice,
    FormField,
    RequiredFieldError,
    StockBalance,
    UnknownFieldError,
    check_complete,
    check_values,
    over_time,
    over_zones,
    read_values,
)
from services.rules.matters.machine import MatterState
from services.rules.matters.periods import Every, PeriodError, due_of, last_day, period_of, periods_between
from services.rules.matters.sheets import SheetState, ZoneSheet, differences, roll_up, sheet_state, total_text

AWAY = FormField(code="away", name="外出总人数", time="last")
LEFT = FormField(code="left", name="今日离开")
BACK = FormField(code="back", name="今日返回")
MOST = FormField(code="most", name="最长", area="max", time="max")
RISK = FormField(code="risk", name="其中", at_most="away", is_required=True)
WHOLE = FormField(code="whole", name="全部", parts=("left", "back"))
NOTE = FormField(code="note", name="说明", type="text", area="none")
PICK = FormField(code="pick", name="方式", type="choice", choices=(FormChoice("a", "甲"), FormChoice("b", "乙")))
GIVEN = FormField(code="given", name="常住", path="zone.residents")
FIELDS = (AWAY, LEFT, BACK, MOST, RISK, WHOLE, NOTE, PICK, GIVEN)
BALANCE = StockBalance("away", ("left",), ("back",))


def test_values_are_read_as_people_write_them():
    typed = {"away": "1,204", "note": " 东门 ", "pick": "乙", "left": "", "back": None}
    assert read_values(FIELDS, typed) == {"away": 1204, "note": "东门", "pick": "b"}


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"away": "-1"}, FieldError),
        ({"away": "约40"}, FieldError),
        ({"away": "99999999999"}, FieldError),
        ({"pick": "丙"}, FieldError),
        ({"note": "字" * 121}, FieldError),
        ({"note": "张三 13800001234，李四 13900001234"}, PersonInTextError),
        ({"given": "3"}, UnknownFieldError),
        ({"nobody": "3"}, UnknownFieldError),
    ],
)
def test_what_a_field_does_not_take_is_refused(typed, error):
    with pytest.raises(error):
        read_values(FIELDS, typed)


def test_a_sheet_lacks_every_count_that_nobody_typed_and_a_form_what_it_must_have():
    with pytest.raises(RequiredFieldError, match="外出总人数、今日返回"):
        check_complete([AWAY, LEFT, BACK, NOTE, GIVEN], {"left": 0}, is_sheet=True)
    check_complete([AWAY, LEFT], {}, is_sheet=False)
    with pytest.raises(RequiredFieldError, match="其中"):
        check_complete([AWAY, RISK], {"away": 1}, is_sheet=False)


def test_yesterday_is_added_up_in_words():
    (note,) = check_values([AWAY, LEFT, BACK], {"away": 41, "left": 3, "back": 2}, BALANCE, {"away": 40})
    assert note.is_right
    assert str(note.text) == "41 = before 40 + 今日离开 3 − 今日返回 2: it adds up"
    (note,) = check_values([AWAY, LEFT, BACK], {"away": 44, "left": 3, "back": 2}, BALANCE, {"away": 40})
    assert not note.is_right
    assert check_values([AWAY, LEFT, BACK], {"away": 44, "left": 3}, BALANCE, {"away": 40}) == []


def test_a_part_larger_than_its_whole_is_told_at_the_field():
    notes = check_values(FIELDS, {"away": 3, "risk": 4, "left": 2, "back": 2, "whole": 3})
    assert {note.code for note in notes} == {"risk", "whole"}
    assert check_values(FIELDS, {"away": 4, "risk": 4, "left": 2, "back": 2, "whole": 4}) == []


counts = st.fixed_dictionaries({}, optional={code: st.integers(0, 10**6) for code in ("away", "left", "most")})


@given(st.lists(counts), st.integers(0, 5))
def test_a_roll_up_of_parts_is_the_roll_up_of_the_whole(forms, cut):
    both = [over_zones(FIELDS, part) for part in (forms[:cut], forms[cut:])]
    assert over_zones(FIELDS, both) == over_zones(FIELDS, forms)


@given(st.lists(counts, min_size=1))
def test_over_time_a_stock_is_the_last_and_a_flow_adds_up(forms):
    total = over_time(FIELDS, forms)
    stated = {code: [form[code] for form in forms if code in form] for code in ("away", "left", "most")}
    assert total == {
        code: {"away": each[-1], "left": sum(each), "most": max(each)}[code] for code, each in stated.items() if each
    }


def test_the_names_of_who_is_missing_stand_in_the_total_which_is_a_lower_bound():
    zones = [f"C{k:02d}" for k in range(14)]
    sheets = [ZoneSheet(code, MatterState.CLOSED, {"away": 100}) for code in zones[:11]]
    sheets += [
        ZoneSheet(zones[11], MatterState.CLOSED, {"away": 104}),
        ZoneSheet(zones[12], MatterState.ANSWERED, {"away": 37}),
    ]
    found = roll_up([AWAY], zones, [*sheets, ZoneSheet("elsewhere", MatterState.CLOSED, {"away": 9})])
    assert (found.totals, found.totals_complete) == ({"away": 1204}, {"away": 1241})
    assert (found.missing, found.unsigned) == (("C13",), ("C12",))
    assert found.lacking_final == ("C12", "C13")
    assert str(total_text(1204, 14, ["合和", "红棉"])) == "≥ 1,204 (12/14, missing: 合和、红棉)"
    assert str(total_text(1241, 14, [])) == "1,241 (14/14)"


def test_what_changed_below_since_signing_is_a_difference():
    assert differences({"away": 1204, "note": "x", "left": 2}, {"away": 1201, "left": 2}) == {"away": -3}


@pytest.mark.parametrize(
    ("sheet", "due", "state"),
    [
        (None, False, SheetState.EMPTY),
        (None, True, SheetState.LATE),
        (ZoneSheet("C", MatterState.TAKEN, {}), False, SheetState.DRAFT),
        (ZoneSheet("C", MatterState.TAKEN, {}), True, SheetState.LATE),
        (ZoneSheet("C", MatterState.TAKEN, {}, is_sent_back=True), True, SheetState.SENT_BACK),
        (ZoneSheet("C", MatterState.ANSWERED, {}), True, SheetState.COMPLETE),
        (ZoneSheet("C", MatterState.CLOSED, {}), True, SheetState.FINAL),
    ],
)
def test_how_far_a_sheet_is(sheet, due, state):
    assert sheet_state(sheet, is_due=due) is state


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from([e for e in Every if e is not Every.ONCE]))
def test_a_day_lies_in_its_period_and_the_day_after_the_last_in_the_next(day, every):
    period = period_of(every, day)
    last = last_day(every, period)
    assert day <= last
    assert period_of(every, last) == period
    assert period_of(every, date.fromordinal(last.toordinal() + 1)) != period


def test_periods_are_named_in_order_and_due_at_an_hour():
    assert list(periods_between(Every.WEEK, date(2026, 11, 27), date(2026, 12, 7))) == [
        "2026-W48",
        "2026-W49",
        "2026-W50",
    ]
    assert due_of(Every.DAY, "2026-11-29", 18) == datetime(2026, 11, 29, 18)
    assert last_day(Every.ONCE, "once") == date.max


@pytest.mark.parametrize("words", ["2026-13-01", "2026-W60", "now", "2026-11"])
def test_what_is_no_period_is_refused(words):
    with pytest.raises(PeriodError):
        last_day(Every.DAY if "W" not in words else Every.WEEK, words)
