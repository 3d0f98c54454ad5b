from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.i18n import translate, use_language
from services.rules.windows import (
    Calendar,
    DayPart,
    NamedWindow,
    Window,
    WindowError,
    hours_ahead,
    name_window,
    parse_window,
    share_by_day_part,
    shares_by_day_part,
    split_by_day_part,
)

FRIDAY = datetime(2026, 11, 27)
SATURDAY = datetime(2026, 11, 28)
HOUR = timedelta(hours=1)
NATIONAL_DAY = date(2026, 10, 1)
WORKING_SATURDAY = date(2026, 10, 10)
CALENDAR = Calendar(frozenset({NATIONAL_DAY}), frozenset({WORKING_SATURDAY}))

instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31))
lengths = st.timedeltas(timedelta(minutes=1), timedelta(days=20))


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        (FRIDAY + 8 * HOUR, 10, {DayPart.WORKDAY: 1}),
        (FRIDAY + 18 * HOUR, 4, {DayPart.EVENING: 1}),
        (FRIDAY + 20 * HOUR, 4, {DayPart.EVENING: 0.5, DayPart.NIGHT: 0.5}),
        (FRIDAY + 22 * HOUR, 10, {DayPart.NIGHT: 1}),
        (SATURDAY + 8 * HOUR, 14, {DayPart.WEEKEND: 1}),
        (FRIDAY + 16 * HOUR, 4, {DayPart.WORKDAY: 0.5, DayPart.EVENING: 0.5}),
        (FRIDAY, 24, {DayPart.WORKDAY: 10 / 24, DayPart.EVENING: 4 / 24, DayPart.NIGHT: 10 / 24}),
        (SATURDAY, 48, {DayPart.WEEKEND: 28 / 48, DayPart.NIGHT: 20 / 48}),
    ],
)
def test_a_window_is_shared_out_by_day_part(start, hours, expected):
    share = share_by_day_part(Window(start, start + hours * HOUR))
    np.testing.assert_allclose(share, [expected.get(part, 0) for part in DayPart])


@pytest.mark.parametrize(("day", "part"), [(NATIONAL_DAY, DayPart.WEEKEND), (WORKING_SATURDAY, DayPart.WORKDAY)])
def test_the_calendar_overrules_the_day_of_the_week(day, part):
    noon = datetime(day.year, day.month, day.day, 12)
    share = share_by_day_part(Window(noon, noon + HOUR), CALENDAR)
    assert share[list(DayPart).index(part)] == 1


@given(instants, lengths)
def test_shares_are_never_negative_and_make_one(start, length):
    share = share_by_day_part(Window(start, start + length), CALENDAR)
    assert (share >= 0).all()
    assert share.sum() == pytest.approx(1)


@given(instants, st.integers(2, 72))
def test_the_share_of_a_window_is_the_mean_of_its_hours(start, count):
    hours = hours_ahead(start, count)
    whole = share_by_day_part(Window(hours[0].start, hours[-1].end))
    np.testing.assert_allclose(shares_by_day_part(hours).mean(axis=1), whole, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "now", "expected"),
    [
        ("now", datetime(2026, 11, 25, 9, 41), ("2026-11-25T09:00", "2026-11-25T10:00")),
        ("tonight", datetime(2026, 11, 25, 9, 41), ("2026-11-25T20:00", "2026-11-26T00:00")),
        ("tonight", datetime(2026, 11, 25, 23, 59), ("2026-11-25T20:00", "2026-11-26T00:00")),
        ("tomorrow-morning", datetime(2026, 11, 30, 23, 59), ("2026-12-01T08:00", "2026-12-01T12:00")),
        ("weekend", datetime(2026, 11, 25, 9), ("2026-11-28T08:00", "2026-11-29T22:00")),
        ("weekend", datetime(2026, 11, 28, 3), ("2026-11-28T08:00", "2026-11-29T22:00")),
        ("weekend", datetime(2026, 11, 29, 21, 59), ("2026-11-28T08:00", "2026-11-29T22:00")),
        ("weekend", datetime(2026, 11, 29, 22), ("2026-12-05T08:00", "2026-12-06T22:00")),
    ],
)
def test_named_windows(name, now, expected):
    window = name_window(NamedWindow(name), now)
    assert (window.start, window.end) == tuple(map(datetime.fromisoformat, expected))
    assert parse_window(name, now) == window


@given(instants)
def test_now_is_the_first_hour_of_the_strip_and_holds_the_instant(now):
    window = name_window(NamedWindow.NOW, now)
    assert window == hours_ahead(now, 72)[0]
    assert window.start <= now < window.end


@given(instants, lengths)
def test_a_written_window_is_read_back(start, length):
    window = Window(start, start + length)
    assert parse_window(f"{window.start.isoformat()}/{window.end.isoformat()}", FRIDAY) == window


def test_24_00_is_the_end_of_the_day():
    assert parse_window("2026-12-31T20:00/2026-12-31T24:00", FRIDAY).end == datetime(2027, 1, 1)


@pytest.mark.parametrize(
    "given_text",
    [
        "",
        "yesterday",
        "2026-11-27T20:00",
        "2026-11-27T20:00/",
        "2026-11-27T20:00/2026-11-27T20:00",
        "2026-11-27T20:00/2026-11-27T19:00",
        "2026-11-27T20:00/2027-11-27T20:00",
        "2026-11-27T20:00+08:00/2026-11-27T22:00+08:00",
        "2026-11-27/2026-11-28",
        "2026-13-27T20:00/2026-11-27T24:00",
        "2026-11-27T24:30/2026-11-28T02:00",
        "9999-12-31T20:00/9999-12-31T24:00",
        "9999-12-31T20:00/9999-12-31T22:00",
        "0001-01-01T00:00/0001-01-01T04:00",
        "0000-01-01T00:00/0000-01-01T04:00",
        "1999-12-31T20:00/2000-01-01T02:00",
        "2999-12-31T20:00/2999-12-31T24:00",
        "٢٠٢٦-11-27T20:00/2026-11-27T24:00",
        "2026-11-27T20:00/2026-11-27T24:00\0",
    ],
)
def test_what_is_no_window_is_refused_and_quoted(given_text):
    with pytest.raises(WindowError) as caught:
        parse_window(given_text, FRIDAY)
    assert caught.value.text.params["given"] == given_text


def test_the_refusal_is_written_in_chinese():
    use_language("zh")
    assert "不是有效的时段" in translate(WindowError("x").text)


@given(instants, lengths)
def test_stretches_of_one_part_of_the_day_make_up_the_window(start, length):
    window = Window(start, start + length)
    parts = split_by_day_part(window)
    assert [parts[0].start, parts[-1].end] == [window.start, window.end]
    assert all(one.end == other.start for one, other in pairwise(parts))
    shares = [share_by_day_part(part) for part in parts]
    assert all(share.max() == pytest.approx(1) for share in shares)
    assert all(one.argmax() != other.argmax() for one, other in pairwise(shares))
