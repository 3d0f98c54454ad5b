"""Packages by the examples that were worked out by hand: what a unit carries, its batches, conflicts, open seats."""

import itertools
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.i18n import translate
from services.rules.roster.duties import Shift
from services.rules.roster.packages import (
    Batch,
    OpenSeatNotice,
    Package,
    PackagePost,
    PackageState,
    SeatRelease,
    find_conflict,
    find_double,
    find_notice,
    find_package_capacity,
    find_reserving,
    make_batches,
    one_at_a_time,
    parse_package_hours,
    split,
    split_period,
    take_turns,
    weekday_bits,
)
from services.rules.roster.pattern import HoursError
from services.rules.windows import DAY, HOUR, Window

MONDAY = datetime(2026, 11, 30)
WEEK = Window(MONDAY, MONDAY + 7 * DAY)
GATE = PackagePost("P", time(8), time(22))
LONG_BEFORE = MONDAY - 9 * DAY


def package(number=1, posts=(GATE,), period=WEEK, state=PackageState.ACCEPTED, **values):
    return Package(
        id=number, unit_code=f"U{number}", community_code="C", period=period, posts=posts, state=state, **values
    )


def shift(number, start, roster=1, post="P", hours=2):
    return Shift(id=number, post_code=post, window=Window(start, start + hours * HOUR), seats=2, roster_id=roster)


def test_a_gate_by_day_for_a_week_is_too_much_for_23_people():
    found = find_package_capacity(7 * 2 * 7, 23, 3, 7)
    assert (found.needed, found.most, found.missing, found.least_people) == (98, 69, 29, 33)
    assert translate(found.text) == "需 98 人次，23 人每周最多 69 人次，缺 29：至少要 33 人，或减少班次"
    assert find_package_capacity(98, 33, 3, 7).missing == 0


def test_what_is_carried_is_said_to_be_enough():
    found = find_package_capacity(66, 23, 3, 7)
    assert translate(found.text) == "需 66 人次，23 人每周最多 69 人次，够用"


@pytest.mark.parametrize(("days", "most"), [(1, 3), (7, 3), (10, 4), (14, 6), (31, 13)])
def test_a_short_time_allows_a_week_and_a_long_one_its_weeks(days, most):
    assert find_package_capacity(98, 1, 3, days).most == most


@given(people=some.integers(0, 500), batches=some.integers(1, 40))
def test_batches_hold_everybody_and_differ_by_one_at_most(people, batches):
    sizes = split(people, batches)
    assert sum(sizes) == people
    assert max(sizes) - min(sizes) <= 1
    assert list(sizes) == sorted(sizes, reverse=True)


@given(days=some.integers(1, 31), batches=some.integers(1, 40))
def test_the_times_of_batches_lie_end_to_end(days, batches):
    period = Window(MONDAY, MONDAY + days * DAY)
    windows = split_period(period, batches)
    assert windows[0].start == period.start
    assert windows[-1].end == period.end
    assert all(one.end == other.start for one, other in itertools.pairwise(windows))
    assert len(windows) == min(days, batches)


def test_23_people_in_three_batches_are_8_and_8_and_7():
    assert [batch.people for batch in make_batches(WEEK, 23, 3)] == [8, 8, 7]
    assert [batch.number for batch in make_batches(WEEK, 23, 3)] == [1, 2, 3]


def test_units_take_turns_by_the_week():
    assert [(unit, week.start, week.end) for unit, week in take_turns(["A", "B"], date(2026, 11, 30))] == [
        ("A", MONDAY, MONDAY + 7 * DAY),
        ("B", MONDAY + 7 * DAY, MONDAY + 14 * DAY),
    ]


@pytest.mark.parametrize(
    ("start", "is_held"),
    [
        (MONDAY + 8 * HOUR, True),
        (MONDAY + 20 * HOUR, True),
        (MONDAY + 22 * HOUR, False),
        (MONDAY + 6 * HOUR, False),
        (MONDAY + 7 * DAY + 8 * HOUR, False),
        (MONDAY - 16 * HOUR, False),
    ],
)
def test_a_shift_belongs_to_a_package_by_its_beginning(start, is_held):
    assert package().holds("P", start) is is_held
    assert not package().holds("Q", start)


def test_hours_beyond_midnight_belong_to_the_day_on_which_they_begin():
    friday_nights = package(posts=(PackagePost("P", time(22), time(6), weekday_bits([4])),))
    friday = MONDAY + 4 * DAY
    assert friday_nights.holds("P", friday + 22 * HOUR)
    assert friday_nights.holds("P", friday + 28 * HOUR)
    assert not friday_nights.holds("P", friday + 4 * HOUR)
    assert not friday_nights.holds("P", friday + 30 * HOUR)


def test_midnight_is_the_end_of_the_day():
    whole_day = package(posts=(PackagePost("P", time(0), time(0), weekday_bits([0])),))
    assert [whole_day.holds("P", MONDAY + hour * HOUR) for hour in (0, 22, 24)] == [True, True, False]


def test_seats_are_the_units_once_accepted_until_given_back_or_about_to_begin():
    start = MONDAY + 8 * HOUR
    assert package().reserves("P", start, LONG_BEFORE)
    assert not package(state=PackageState.OFFERED).reserves("P", start, LONG_BEFORE)
    assert not package(state=PackageState.WITHDRAWN).reserves("P", start, LONG_BEFORE)
    given_back = (SeatRelease(Window(MONDAY, MONDAY + DAY), "P"),)
    assert not package(releases=given_back).reserves("P", start, LONG_BEFORE)
    assert package(releases=given_back).reserves("P", start + DAY, LONG_BEFORE)
    assert package(releases=(SeatRelease(Window(MONDAY, MONDAY + DAY), "Q"),)).reserves("P", start, LONG_BEFORE)
    assert package().reserves("P", start, start - 12 * HOUR - timedelta(minutes=1))
    assert not package().reserves("P", start, start - 12 * HOUR)
    assert find_reserving([package()], "P", start, LONG_BEFORE) == package()
    assert find_reserving([package()], "P", start, start) is None


@pytest.mark.parametrize(
    ("hours_before", "notice"),
    [
        (25, OpenSeatNotice.LATER),
        (24, OpenSeatNotice.UNIT),
        (13, OpenSeatNotice.UNIT),
        (12, OpenSeatNotice.COMMUNITY),
        (0, OpenSeatNotice.COMMUNITY),
    ],
)
def test_the_unit_is_told_a_day_before_and_the_community_half_a_day(hours_before, notice):
    assert find_notice(MONDAY, MONDAY - hours_before * HOUR) is notice


def test_a_package_runs_and_is_over_by_the_time():
    states = [package().state_at(at) for at in (LONG_BEFORE, MONDAY, WEEK.end)]
    assert states == [PackageState.ACCEPTED, PackageState.RUNNING, PackageState.OVER]
    assert package(state=PackageState.DECLINED).state_at(MONDAY) is PackageState.DECLINED


def test_two_accepted_packages_never_hold_the_same_seat():
    evening, morning = PackagePost("P", time(20), time(23)), PackagePost("P", time(6), time(8))
    assert find_conflict(package(2, (evening,)), [package()]) == (package(), "P")
    assert find_conflict(package(2, (morning,)), [package()]) is None
    assert find_conflict(package(2, (PackagePost("Q", time(8), time(22)),)), [package()]) is None
    assert find_conflict(package(2), [package(state=PackageState.OFFERED)]) is None
    assert find_conflict(package(1), [package(1)]) is None
    later = Window(WEEK.end, WEEK.end + DAY)
    assert find_conflict(package(2, period=later), [package()]) is None
    tuesdays, mondays = (PackagePost("P", time(8), time(22), weekday_bits([day])) for day in (1, 0))
    assert find_conflict(package(2, (tuesdays,)), [package(1, (mondays,))]) is None


@given(
    first=some.tuples(some.integers(0, 23), some.integers(0, 23), some.integers(1, 127)),
    second=some.tuples(some.integers(0, 23), some.integers(0, 23), some.integers(1, 127)),
)
def test_a_conflict_is_an_hour_that_both_hold(first, second):
    one, other = (
        package(number, (PackagePost("P", time(start), time(end), days),))
        for number, (start, end, days) in enumerate((first, second), 1)
    )
    hours = [MONDAY + number * HOUR for number in range(7 * 24)]
    both = any(one.holds("P", hour) and other.holds("P", hour) for hour in hours)
    assert (find_conflict(one, [other]) is not None) is both


def test_one_person_is_not_in_two_batches_at_one_time():
    monday = Batch(1, Window(MONDAY, MONDAY + 2 * DAY), 2, frozenset({"M2", "M1"}))
    both_days = Batch(1, Window(MONDAY + DAY, MONDAY + 3 * DAY), 1, frozenset({"M1"}))
    after = Batch(2, Window(MONDAY + 2 * DAY, MONDAY + 3 * DAY), 1, frozenset({"M1"}))
    assert find_double(monday, [both_days]) == "M1"
    assert find_double(monday, [after]) is None
    assert find_double(Batch(3, WEEK, 1, frozenset({"M9"})), [monday, after]) is None


def test_the_batch_of_a_shift_is_that_in_which_it_begins():
    first, second = make_batches(Window(MONDAY, MONDAY + 2 * DAY), 4, 2)
    both = package(batches=(first, second))
    assert both.batch_at(MONDAY + 23 * HOUR) == first
    assert both.batch_at(MONDAY + DAY) == second
    assert both.batch_at(WEEK.end) is None


@pytest.mark.parametrize(
    ("words", "hours"),
    [("08-22", (8, 22)), ("22至6", (22, 6)), ("00:00–24:00", (0, 0)), (" 8 - 9 ", (8, 9)), ("20-24", (20, 0))],
)
def test_hours_of_a_package_are_read(words, hours):
    assert parse_package_hours(words) == (time(hours[0]), time(hours[1]))


@pytest.mark.parametrize("words", ["", "8", "8-8", "24-8", "8-25", "早8晚10", "08:30-22"])
def test_what_are_no_hours_is_refused(words):
    with pytest.raises(HoursError):
        parse_package_hours(words)


def test_of_shifts_of_two_rosters_at_one_post_the_first_told_counts():
    published, draft = shift(1, MONDAY + 8 * HOUR), shift(2, MONDAY + 9 * HOUR, roster=2)
    beside, after = shift(3, MONDAY + 8 * HOUR, roster=2, post="Q"), shift(4, MONDAY + 10 * HOUR, roster=2)
    assert [each.id for each in one_at_a_time([published, draft, beside, after])] == [1, 3, 4]
