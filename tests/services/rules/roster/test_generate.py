"""Seats from need: whole people at posts, parts pooled upward."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.schema import Layer
from services.coverage import load_norms
from services.demo import DemoSize
from services.rostering.seating import plan_shifts, state_need
from services.rules.need import need_by_item, read_facts
from services.rules.norms import day_factors, working_calendar
from services.rules.roster.generate import PostsOfItem, ZoneNeed, need_of_communities, pool_seats
from services.rules.roster.pattern import DayHours, HoursError, Pattern, parse_hours, shift_windows
from services.rules.windows import Mode, shares_by_day_part
from tests.bench.demo_problems import NORMS, demo_snapshot

WEEK = shift_windows(Pattern.TWO_HOURS, date(2026, 11, 23), 7)
EMPTY = np.empty(0, dtype=np.intp)


def everywhere(need: ZoneNeed) -> list[PostsOfItem]:
    zones = (np.arange(len(need.estates)), np.arange(len(need.grids)), EMPTY)
    return [PostsOfItem(*zones) for _ in range(need.factors.shape[1])]


def test_one_mixed_estate_in_an_emergency_takes_350_person_shifts_a_week():
    norms = load_norms(NORMS)
    estate = pd.DataFrame({"households": [347.0], "blocks": [2.0], "gates": [1.0], "managed": [False]}, index=["E"])
    needed = need_by_item(read_facts(estate, norms), norms, Mode.EMERGENCY)
    factors = (day_factors(norms) @ shares_by_day_part(WEEK, working_calendar(norms))).T
    need = ZoneNeed(needed, np.zeros((1, needed.shape[1])), np.zeros(1, np.intp), np.zeros(1, np.intp), 1, factors)
    seats = pool_seats(need, everywhere(need))
    gate = list(norms.items).index("gate")
    by_hour = {window.start.hour: k for k, window in enumerate(WEEK[:12])}
    assert seats.estates[gate][by_hour[10], 0] == 2
    assert seats.roaming[by_hour[10], 0] == 3
    assert (seats.estates[gate][by_hour[2], 0], seats.roaming[by_hour[2], 0]) == (2, 1)
    assert seats.total == 350


@pytest.mark.parametrize(
    ("mode", "seats"), [(Mode.ROUTINE, 16_681), (Mode.EMERGENCY, 76_564), (Mode.LOCKDOWN, 469_796)]
)
def test_the_demo_week_has_the_seats_that_were_counted_by_hand(mode, seats):
    snapshot = demo_snapshot(DemoSize.SUBDISTRICT, Mode.ROUTINE, WEEK[0], is_bare=True)
    inputs = snapshot.coverage_inputs
    communities = set(inputs.levels[Layer.COMMUNITIES].facts.index)
    plan = plan_shifts(inputs, mode, WEEK, communities, {})
    assert plan.total == seats
    need = need_of_communities(state_need(inputs, mode, WEEK, communities, ()))
    assert np.ceil(need - 1e-9).sum() == seats


@given(data=st.data())
def test_seats_cover_need_and_are_less_than_one_more_in_every_community_and_shift(data):
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    estates, grids, communities, items, shifts = (int(rng.integers(1, 6)) for _ in range(5))
    need = ZoneNeed(
        np.round(rng.random((estates, items)) * 4, 2),
        np.round(rng.random((grids, items)) * 2, 2),
        rng.integers(-1, grids, estates),
        rng.integers(-1, communities, grids),
        communities,
        rng.choice([0.0, 0.3, 0.5, 1.0], (shifts, items)),
    )
    posts = [
        PostsOfItem(
            *(rng.integers(0, count, rng.integers(0, 4)) if count else EMPTY for count in (estates, grids, communities))
        )
        for _ in range(items)
    ]
    seats = pool_seats(need, posts)
    total = seats.roaming.copy()
    homes = (need.community_of_grid[need.grid_of_estate], need.community_of_grid, np.arange(communities))
    for of_items, home, level in zip((seats.estates, seats.grids, seats.communities), homes, range(3), strict=True):
        for numbers, of_item in zip(of_items, posts, strict=True):
            where = (of_item.estates, of_item.grids, of_item.communities)[level]
            for column, place in enumerate(where):
                is_known = level > 0 or need.grid_of_estate[place] >= 0
                if is_known and home[place] >= 0:
                    total[:, home[place]] += numbers[:, column]
    needed = need_of_communities(need)
    assert (needed <= total + 1e-6).all()
    assert (total < needed + 1 + 1e-6).all()


def test_posts_of_one_zone_share_its_people_evenly():
    need = ZoneNeed(np.array([[5.0]]), np.zeros((1, 1)), np.zeros(1, np.intp), np.zeros(1, np.intp), 1, np.ones((1, 1)))
    seats = pool_seats(need, [PostsOfItem(np.array([0, 0]), EMPTY, EMPTY)])
    assert seats.estates[0].tolist() == [[3, 2]]
    assert seats.total == 5


@pytest.mark.parametrize(
    ("pattern", "hours"),
    [
        (Pattern.TWO_HOURS, [f"{hour:02}:00" for hour in range(0, 24, 2)]),
        (Pattern.FOUR_SHIFTS, ["01:00", "06:30", "11:30", "17:30"]),
        (Pattern.TWO_HALVES, ["08:00", "14:00"]),
        (Pattern.EIGHT_HOURS, ["00:00", "08:00", "16:00"]),
    ],
)
def test_patterns_begin_when_they_say(pattern, hours):
    assert [f"{each.start:%H:%M}" for each in shift_windows(pattern, date(2026, 11, 23), 1)] == hours


def test_a_shift_over_midnight_belongs_to_the_day_on_which_it_begins():
    last = shift_windows(Pattern.FOUR_SHIFTS, date(2026, 11, 23), 1)[-1]
    assert (last.start, last.end) == (datetime(2026, 11, 23, 17, 30), datetime(2026, 11, 24, 1))


@pytest.mark.parametrize(("words", "hours"), [("08-22", (8, 22)), ("8:00–22:00", (8, 22)), (" 0至24 ", (0, 24))])
def test_hours_are_read_as_people_write_them(words, hours):
    assert parse_hours(words) == DayHours(*hours)


@pytest.mark.parametrize("words", ["22-08", "8", "8-25", "早上", "08.30-10", ""])
def test_what_is_no_hours_is_refused(words):
    with pytest.raises(HoursError):
        parse_hours(words)
