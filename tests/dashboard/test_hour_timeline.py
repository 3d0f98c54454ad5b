"""The strip of hours."""

from datetime import datetime, timedelta

import pytest

from dashboard.kit.hour_timeline import Hour, chosen_window, grade, timeline_data
from services.rules.windows import parse_window

START = datetime(2026, 11, 27, 21)
DAYS = ["一", "二", "三", "四", "五", "六", "日"]


def hours(count, weak=1):
    return [Hour(START + timedelta(hours=k), weak, k == 0) for k in range(count)]


def test_days_share_the_hours_out_without_gap():
    days = timeline_data(hours(72), 10, DAYS)["days"]
    assert [day["hours"] for day in days] == [3, 24, 24, 21]
    assert [day["first"] for day in days] == [0, 3, 27, 51]


def test_a_day_with_little_room_has_no_name():
    assert [day["label"] for day in timeline_data(hours(72), 10, DAYS)["days"]] == [
        "",
        "11-28 六",
        "11-29 日",
        "11-30 一",
    ]


def test_each_hour_says_when_and_how_many():
    assert timeline_data(hours(1, weak=7), 10, DAYS)["hours"][0]["label"] == "11-27 五 21:00，薄弱网格 7 个"


@pytest.mark.parametrize(("weak", "grids", "expected"), [(0, 0, 1), (3, 10, 1), (4, 10, 2), (7, 10, 3)])
def test_the_grade_is_the_share_of_weak_grids(weak, grids, expected):
    assert grade(weak, grids) == expected


def test_a_clicked_hour_is_a_window_that_can_be_read_again():
    window = parse_window(chosen_window("2026-11-27T23:00"), START)
    assert (window.start, window.end) == (datetime(2026, 11, 27, 23), datetime(2026, 11, 28))
