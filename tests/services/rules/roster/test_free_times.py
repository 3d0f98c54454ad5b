"""Who is free for a shift: absence before free times before stated shares, and days that are not what they seem."""

import math
from datetime import date, datetime, time

import numpy as np

from services.rules.roster.free_times import (
    ANY_DAY,
    ANY_DAY_OFF,
    ANY_WORKDAY,
    FreeAnswer,
    Freedom,
    FreeTime,
    most_in_part,
)
from services.rules.windows import Calendar, Window

WORKING_SATURDAY, HOLIDAY = date(2026, 10, 10), date(2026, 10, 1)
CALENDAR = Calendar({HOLIDAY}, {WORKING_SATURDAY})
NAN = math.nan


def shift(day: date, start: int, end: int) -> Window:
    midnight = datetime.combine(day, time())
    return Window(midnight.replace(hour=start), midnight.replace(hour=end % 24, day=day.day + end // 24))


def free(weekday: int, start: str, end: str, answer: FreeAnswer = FreeAnswer.YES, **more) -> FreeTime:
    return FreeTime(weekday, time.fromisoformat(start), time.fromisoformat(end), answer, date(2026, 1, 1), **more)


FRIDAY = date(2026, 11, 27)


def test_an_absence_stands_before_everything():
    away = Freedom((free(ANY_DAY, "00:00", "00:00"),), (Window(datetime(2026, 11, 27, 9), datetime(2026, 11, 27, 11)),))
    assert away.answer(shift(FRIDAY, 10, 12), CALENDAR) is FreeAnswer.NO
    assert away.answer(shift(FRIDAY, 12, 14), CALENDAR) is FreeAnswer.YES


def test_a_time_must_cover_all_of_a_shift():
    evening = Freedom((free(4, "20:00", "21:30"),))
    assert evening.answer(shift(FRIDAY, 20, 22), CALENDAR) is FreeAnswer.UNASKED
    assert Freedom((free(4, "20:00", "00:00"),)).answer(shift(FRIDAY, 22, 24), CALENDAR) is FreeAnswer.YES


def test_a_time_over_midnight_belongs_to_the_day_on_which_it_begins():
    night = Freedom((free(4, "22:00", "06:00"),))
    assert night.answer(shift(date(2026, 11, 28), 2, 4), CALENDAR) is FreeAnswer.YES
    assert night.answer(shift(FRIDAY, 2, 4), CALENDAR) is FreeAnswer.UNASKED


def test_no_stands_before_yes_and_yes_before_if_needed():
    both = Freedom((free(4, "08:00", "20:00"), free(ANY_DAY, "08:00", "20:00", FreeAnswer.IF_NEEDED)))
    assert both.answer(shift(FRIDAY, 10, 12), CALENDAR) is FreeAnswer.YES
    refused = Freedom((*both.times, free(4, "10:00", "12:00", FreeAnswer.NO)))
    assert refused.answer(shift(FRIDAY, 10, 12), CALENDAR) is FreeAnswer.NO


def test_a_stated_share_of_nought_is_no_and_of_more_is_likely():
    workday = shift(FRIDAY, 10, 12)
    assert Freedom(shares=(0.0, NAN, NAN, NAN)).answer(workday, CALENDAR) is FreeAnswer.NO
    assert Freedom(shares=(0.2, NAN, NAN, NAN)).answer(workday, CALENDAR) is FreeAnswer.LIKELY
    assert Freedom(shares=(NAN, 1.0, 1.0, 1.0)).answer(workday, CALENDAR) is FreeAnswer.UNASKED
    assert Freedom(shares=(NAN, 1.0, NAN, 0.0)).answer(shift(FRIDAY, 20, 24), CALENDAR) is FreeAnswer.NO


def test_days_off_and_workdays_follow_the_calendar_and_a_named_saturday_does_not():
    off, workday = Freedom((free(ANY_DAY_OFF, "08:00", "12:00"),)), Freedom((free(ANY_WORKDAY, "08:00", "12:00"),))
    saturday = Freedom((free(5, "08:00", "12:00"),))
    assert off.answer(shift(HOLIDAY, 10, 12), CALENDAR) is FreeAnswer.YES
    assert off.answer(shift(WORKING_SATURDAY, 10, 12), CALENDAR) is FreeAnswer.UNASKED
    assert workday.answer(shift(WORKING_SATURDAY, 10, 12), CALENDAR) is FreeAnswer.YES
    assert saturday.answer(shift(WORKING_SATURDAY, 10, 12), CALENDAR) is FreeAnswer.YES


def test_a_time_that_is_over_says_nothing():
    past = Freedom((free(4, "08:00", "12:00", until=date(2026, 11, 20)),))
    assert past.answer(shift(FRIDAY, 10, 12), CALENDAR) is FreeAnswer.UNASKED


def test_half_of_five_evenings_are_three_duties_and_a_tenth_of_five_workdays_is_one():
    week = [date(2026, 11, 23 + number) for number in range(7)]
    assert most_in_part(np.array([[0.1, 0.5, 0.6, 0.3]]), week, CALENDAR).tolist() == [[1, 3, 2, 3]]
