"""The same hours of an earlier day: of a day of the same kind, never of another part of the day."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.windows import (
    DAY,
    HOUR,
    Calendar,
    Window,
    are_alike,
    same_hours_before,
    same_hours_week_before,
    share_by_day_part,
)

# 2026-11-30 is a Monday.
MONDAY, FRIDAY, SATURDAY, SUNDAY = (datetime(2026, 11, 30) + k * DAY for k in (0, -3, -2, -1))
STAY = Calendar(holidays=frozenset({date(2026, 11, 27)}), working_weekends=frozenset({date(2026, 11, 29)}))


def hours(day, first=20, count=4):
    return Window(day + first * HOUR, day + (first + count) * HOUR)


@pytest.mark.parametrize(
    ("day", "earlier"),
    [
        (FRIDAY, FRIDAY - DAY),
        (MONDAY, FRIDAY),
        (SUNDAY, SATURDAY),
        (SATURDAY, SATURDAY - 6 * DAY),
        (MONDAY + DAY, MONDAY),
    ],
)
def test_an_evening_is_compared_with_that_of_the_last_day_of_the_same_kind(day, earlier):
    assert same_hours_before(hours(day)) == hours(earlier)


def test_a_night_that_is_alike_on_every_day_is_compared_with_the_night_before():
    assert same_hours_before(hours(MONDAY, 2)) == hours(SUNDAY, 2)


def test_a_weekend_is_compared_with_the_weekend_before():
    weekend = Window(SATURDAY + 8 * HOUR, SUNDAY + 22 * HOUR)
    assert same_hours_before(weekend) == Window(weekend.start - 7 * DAY, weekend.end - 7 * DAY)


def test_holidays_and_working_weekends_are_what_they_are():
    assert same_hours_before(hours(MONDAY), STAY) == hours(SUNDAY)
    assert same_hours_before(hours(SUNDAY), STAY) == hours(FRIDAY - DAY)
    assert same_hours_week_before(hours(MONDAY + 4 * DAY), STAY) is None


def test_after_a_long_row_of_holidays_the_last_working_day_is_found():
    off = Calendar(holidays=frozenset((FRIDAY + k * DAY).date() for k in range(-8, 1)))
    assert same_hours_before(hours(MONDAY), off) == hours(FRIDAY - 9 * DAY)
    longer = Calendar(holidays=frozenset((FRIDAY + k * DAY).date() for k in range(-40, 1)))
    assert same_hours_before(hours(MONDAY), longer) is None


def test_a_week_before_is_the_same_day_of_the_week():
    assert same_hours_week_before(hours(MONDAY)) == hours(MONDAY - 7 * DAY)


def test_other_hours_of_the_same_part_of_the_day_are_not_alike():
    assert not are_alike(hours(MONDAY, 8), hours(FRIDAY, 14))
    assert are_alike(hours(MONDAY, 8), hours(FRIDAY, 8))
    assert not are_alike(hours(MONDAY, 8), hours(FRIDAY, 8, 3))


@given(
    st.datetimes(datetime(2001, 1, 1), datetime(2900, 1, 1)),
    st.timedeltas(timedelta(minutes=1), timedelta(days=31)),
)
def test_what_is_compared_has_the_same_parts_of_the_day_and_does_not_overlap(start, length):
    window = Window(start, start + length)
    for earlier in (same_hours_before(window), same_hours_week_before(window)):
        if earlier is None:
            continue
        assert earlier.end <= window.start
        assert (window.start - earlier.start) % DAY == timedelta()
        np.testing.assert_allclose(share_by_day_part(earlier), share_by_day_part(window), atol=1e-9)
