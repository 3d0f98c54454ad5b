"""Nobody is proposed for more than ten hours in 26, nor for a morning after a night."""

import doctest
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rules import rest
from services.rules.rest import MOST_SERVICE, SPAN, needs_rest, people_at_rest
from services.rules.windows import Window

DAY = datetime(2026, 11, 27)


def hours(start, end):
    """A window from hour to hour, counted from midnight of the day."""
    return Window(DAY + timedelta(hours=start), DAY + timedelta(hours=end))


def test_the_examples_in_docstrings_are_true():
    assert doctest.testmod(rest).failed == 0


@pytest.mark.parametrize(
    ("service", "window", "rests"),
    [
        ((8, 14), (18, 22), False),  # 6 + 4 hours
        ((8, 14), (18, 23), True),
        ((18, 23), (8, 14), True),  # the window comes first
        ((9, 17), (33, 41), False),  # 8 hours, and 2 of the next day within 26
        ((8, 17), (32, 41), True),
        ((8, 14), (40, 46), False),  # 26 hours after its end
        ((0, 2), (10, 14), True),  # a morning after a night
        ((-2, 0), (10, 14), False),  # until midnight is no night
        ((4, 7), (12, 16), False),
        ((8, 10), (2, 4), True),  # the morning is ordered already
        ((24, 26), (10, 12), False),  # the night after the morning
        ((-1, 1), (5, 7), True),
    ],
)
def test_what_is_served_before_or_after_counts(service, window, rests):
    assert needs_rest([hours(*service)], hours(*window)) is rests


def test_nobody_rests_from_the_window_itself():
    assert not needs_rest([], hours(0, 38))
    assert not needs_rest([hours(2, 8)], hours(0, 12))


def test_several_services_add_up():
    assert not needs_rest([hours(8, 11)], hours(18, 22))
    assert not needs_rest([hours(13, 17)], hours(18, 22))
    assert needs_rest([hours(8, 11), hours(13, 17)], hours(18, 22))


def test_of_a_team_sent_in_part_the_same_people_are_taken_to_have_gone():
    morning, noon = (hours(7, 11), 8), (hours(12, 16), 3)
    assert people_at_rest([morning, noon], hours(18, 22)) == 3
    assert people_at_rest([morning, noon], hours(18, 25)) == 8
    assert people_at_rest([morning], hours(18, 22)) == 0


def test_those_who_serve_at_once_are_others():
    assert people_at_rest([(hours(8, 15), 5), (hours(8, 15), 4)], hours(18, 22)) == 9


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-40, 60), st.integers(1, 9)), max_size=4),
    st.integers(0, 23),
    st.integers(1, 9),
)
def test_hours_counted_one_by_one_say_the_same(services, begin, length):
    busy = {hour for start, lasting in services for hour in range(start, start + lasting)}
    own = set(range(begin, begin + length))
    others = busy - own
    most, span = MOST_SERVICE // timedelta(hours=1), SPAN // timedelta(hours=1)
    too_long = False
    for start in range(-100, 120):
        inside = set(range(start, start + span))
        before, here = len(others & inside), len(own & inside)
        too_long |= bool(before and here and before + here > most)
    nights, mornings = ({h // 24 for h in others if low <= h % 24 < high} for low, high in ((0, 6), (6, 12)))
    own_nights, own_mornings = ({h // 24 for h in own if low <= h % 24 < high} for low, high in ((0, 6), (6, 12)))
    expected = too_long or bool(nights & own_mornings or mornings & own_nights)
    assert bool(people_at_rest([(hours(h, h + 1), 1) for h in busy], hours(begin, begin + length))) is expected
