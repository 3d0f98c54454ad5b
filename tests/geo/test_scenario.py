import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from geo.coverage import compare_need_and_supply
from geo.errors import ShapeMismatchError
from geo.scenario import NOWHERE, compare, effect_of_move, flows_of, sum_flows, total

ZONES = 6
needs = hnp.arrays(float, ZONES, elements=st.just(0.0) | st.just(np.nan) | st.integers(1, 200).map(lambda k: k / 4))
supplies = hnp.arrays(float, ZONES, elements=st.integers(0, 200).map(lambda k: k / 4))
moves = st.lists(st.tuples(st.integers(NOWHERE, ZONES - 1), st.integers(0, ZONES - 1), st.integers(1, 36)), max_size=8)


def as_flows(rows):
    table = np.array(rows, dtype=float).reshape(-1, 3)
    return flows_of(table[:, 0], table[:, 1], table[:, 2], np.full(len(table), 10.0))


@given(needs, supplies, moves)
def test_before_and_after_are_the_coverage_with_and_without_the_moves(need, supply, rows):
    change = compare(need, supply, as_flows(rows))
    after = supply.copy()
    for giver, receiver, persons in rows:
        after[receiver] += persons
        if giver != NOWHERE:
            after[giver] -= persons
    expected = compare_need_and_supply(need, after)
    np.testing.assert_array_equal(change.before.gap, compare_need_and_supply(need, supply).gap)
    np.testing.assert_allclose(change.after.gap, expected.gap)
    np.testing.assert_allclose(change.after.surplus, expected.surplus)
    assert set(change.zones) == {end for row in rows for end in row[:2]} - {NOWHERE}


@given(needs, supplies, moves)
def test_zones_that_no_move_touches_stay_as_they_were(need, supply, rows):
    change = compare(need, supply, as_flows(rows))
    rest = np.setdiff1d(np.arange(ZONES), change.zones)
    np.testing.assert_array_equal(change.after.supply[rest], supply[rest])
    np.testing.assert_array_equal(change.after.status[rest], change.before.status[rest])


@given(needs, supplies, moves)
def test_people_are_neither_made_nor_lost_between_zones(need, supply, rows):
    inside = [row for row in rows if row[0] != NOWHERE]
    change = compare(need, supply, as_flows(inside))
    assert change.after.supply.sum() == pytest.approx(supply.sum())


@given(needs, supplies, moves, st.tuples(st.integers(NOWHERE, 5), st.integers(0, 5), st.integers(1, 36)))
def test_the_effect_of_one_more_move_is_that_of_the_longer_plan(need, supply, rows, extra):
    without, with_it = compare(need, supply, as_flows(rows)), compare(need, supply, as_flows([*rows, extra]))
    giver, receiver, persons = extra
    effect = effect_of_move(need, without.after.supply, giver, receiver, persons)
    for end, zone in ((giver, effect.giver), (receiver, effect.receiver)):
        if end == NOWHERE:
            assert zone is None
            continue
        told = [zone.gap_before, zone.gap_after, zone.surplus_before, zone.surplus_after]
        pair = (without.after, with_it.after)
        expected = [getattr(at, name)[end] for name in ("gap", "surplus") for at in pair]
        np.testing.assert_allclose(told, expected)
    change = np.nansum(with_it.after.gap) - np.nansum(without.after.gap)
    assert effect.gap_change == pytest.approx(change, abs=1e-9)


def test_a_label_says_what_happens_at_both_ends():
    effect = effect_of_move(np.array([2.0, 12.0]), np.array([10.0, 0.0]), 0, 1, 7)
    assert (effect.receiver.gap_before, effect.receiver.gap_after) == (12, 5)
    assert (effect.giver.surplus_before, effect.giver.surplus_after) == (8, 1)


def test_a_zone_without_need_has_no_gap_to_tell():
    effect = effect_of_move(np.array([5.0, np.nan]), np.array([9.0, 0.0]), 0, 1, 4)
    assert np.isnan([effect.receiver.gap_before, effect.receiver.gap_after]).all()
    assert effect.gap_change == 0


def test_a_lender_sent_below_its_need_opens_a_gap():
    effect = effect_of_move(np.array([5.0, 9.0]), np.array([6.0, 0.0]), 0, 1, 4)
    assert (effect.giver.gap_before, effect.giver.gap_after, effect.gap_change) == (0, 3, -1)


def test_parts_of_a_team_add_up_to_the_whole():
    whole = compare([0, 9, 9], [20, 0, 0], flows_of([0], [1], [8]))
    parts = compare([0, 9, 9], [20, 0, 0], flows_of([0, 0], [1, 1], [3, 5]))
    np.testing.assert_array_equal(whole.after.supply, parts.after.supply)


def test_totals_compare_plans():
    flows = flows_of([0, NOWHERE], [1, 2], [4, 3], [10, np.nan])
    found = total(compare([2, 10, 5], [10, 0, 0], flows).after, flows, priority=[1, 2, 1])
    assert (found.unmet, found.weighted_unmet, found.travel, found.moves, found.weak) == (8, 14, 40, 2, 2)
    assert (found.worst, found.worst_ratio) == (1, 0.4)


def test_totals_of_nothing_are_nothing():
    flows = flows_of([], [], [])
    found = total(compare([np.nan, 0], [3, 3], flows).after, flows)
    assert (found.unmet, found.travel, found.moves, found.worst) == (0, 0, 0, NOWHERE)
    assert np.isnan(found.worst_ratio)


def test_people_from_outside_leave_no_zone():
    arriving, leaving = sum_flows(flows_of([NOWHERE], [1], [7]), 3)
    assert (arriving.tolist(), leaving.tolist()) == ([0, 7, 0], [0, 0, 0])


def test_lengths_must_agree():
    with pytest.raises(ShapeMismatchError, match="receiver 2"):
        flows_of([0], [1, 2], [3])
