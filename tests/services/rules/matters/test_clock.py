"""How late a matter is, and whose lists it has come into."""

from datetime import datetime, timedelta

import pytest

from services.rules.matters.clock import (
    GivenDateError,
    ReminderError,
    Urgency,
    clock_until,
    is_read,
    start_clock,
)
from services.rules.matters.machine import MatterState

ASKED = datetime(2026, 11, 27, 17, 30)
CLOCK = start_clock(ASKED, Urgency.DAY)


def test_a_whistle_is_to_be_taken_within_a_quarter_of_its_day():
    assert (CLOCK.respond_by, CLOCK.due) == (datetime(2026, 11, 27, 23, 30), datetime(2026, 11, 28, 17, 30))


@pytest.mark.parametrize(
    ("now", "level"),
    [
        (datetime(2026, 11, 27, 23, 29), 0),
        (datetime(2026, 11, 27, 23, 31), 1),
        (datetime(2026, 11, 28, 17, 31), 2),
        (datetime(2026, 11, 29, 17, 31), 3),
    ],
)
def test_one_that_nobody_takes_climbs_level_by_level(now, level):
    assert CLOCK.level(MatterState.OPEN, now) == level


@pytest.mark.parametrize(
    ("state", "now", "level"),
    [
        (MatterState.TAKEN, datetime(2026, 11, 27, 23, 40), 0),
        (MatterState.TAKEN, datetime(2026, 11, 28, 19, 0), 1),
        (MatterState.ANSWERED, datetime(2026, 11, 28, 19, 1), 0),
    ],
)
def test_one_that_is_taken_is_late_only_past_its_end_and_an_answer_stops_the_clock(state, now, level):
    assert CLOCK.level(state, now) == level


def test_a_given_date_has_no_time_to_be_taken_by():
    clock = clock_until(ASKED, ASKED + timedelta(days=2))
    assert clock.respond_by is None
    assert clock.level(MatterState.OPEN, ASKED + timedelta(days=1, hours=23)) == 0
    assert clock.level(MatterState.OPEN, ASKED + timedelta(days=2, minutes=1)) == 1


@pytest.mark.parametrize("due", [None, ASKED])
def test_a_date_that_is_over_is_refused(due):
    with pytest.raises(GivenDateError):
        clock_until(ASKED, due)


@pytest.mark.parametrize(
    ("hours", "before", "allowed"), [(11, [], False), (12, [], True), (20, [12], False), (36, [12], True)]
)
def test_reminding_waits_for_half_the_time_and_a_day_since_the_last(hours, before, allowed):
    reminders = [ASKED + timedelta(hours=each) for each in before]
    if allowed:
        CLOCK.check_reminder(reminders, ASKED + timedelta(hours=hours))
        return
    with pytest.raises(ReminderError, match="11-2"):
        CLOCK.check_reminder(reminders, ASKED + timedelta(hours=hours))


@pytest.mark.parametrize(("days", "read"), [(6.9, False), (7, True)])
def test_an_answer_that_nobody_confirms_stands_as_read_after_a_week(days, read):
    assert is_read(MatterState.ANSWERED, ASKED, ASKED + timedelta(days=days)) is read
    assert not is_read(MatterState.CLOSED, ASKED, ASKED + timedelta(days=days))
