import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from geo.coverage import (
    Status,
    compare_need_and_supply,
    density_per_1000,
    density_per_km2,
    sum_coverage,
    sum_known,
)
from geo.errors import ShapeMismatchError

persons = hnp.arrays(float, 20, elements=st.just(0.0) | st.floats(1e-6, 1e4) | st.just(np.nan))
supplies = hnp.arrays(float, 20, elements=st.floats(-50, 1e4))
parents = hnp.arrays(np.intp, 20, elements=st.integers(-1, 3))


@pytest.mark.parametrize(
    ("need", "supply", "ratio", "gap", "surplus", "status"),
    [
        (10, 1, 0.1, 9, 0, Status.WEAK),
        (4, 4, 1, 0, 0, Status.ENOUGH),
        (4, 4.99, 4.99 / 4, 0, 0.99, Status.ENOUGH),
        (4, 5, 1.25, 0, 1, Status.SPARE),
        (0.3, 0.1 + 0.2, 1, 0, 0, Status.ENOUGH),
        (0.7, 1.7, 1.7 / 0.7, 0, 1, Status.SPARE),
        (5, 0, 0, 5, 0, Status.WEAK),
        (5, -1, -0.2, 6, 0, Status.WEAK),
        (10, 9.95, 0.995, 0.05, 0, Status.ENOUGH),
        (10, 9.9, 0.99, 0.1, 0, Status.WEAK),
        (0, 0, np.nan, 0, 0, Status.NO_NEED),
        (0, 7, np.nan, 0, 7, Status.NO_NEED),
        (np.nan, 7, np.nan, np.nan, np.nan, Status.NO_DATA),
    ],
)
def test_a_zone_is_judged_by_its_need_and_supply(need, supply, ratio, gap, surplus, status):
    found = compare_need_and_supply([need], [supply])
    np.testing.assert_allclose([found.ratio[0], found.gap[0], found.surplus[0]], [ratio, gap, surplus], atol=1e-9)
    assert found.status[0] == status


@given(persons, supplies)
def test_gap_and_surplus_balance_need_and_supply(need, supply):
    found = compare_need_and_supply(need, supply)
    needed = need > 0
    np.testing.assert_allclose((found.surplus - found.gap)[needed], (supply - need)[needed], atol=1e-8)
    assert (np.minimum(found.gap, found.surplus)[needed] == 0).all()


@given(persons, supplies)
def test_weak_means_a_tenth_of_a_person_missing(need, supply):
    found = compare_need_and_supply(need, supply)
    assert ((found.status == Status.WEAK) == (found.gap >= 0.1 - 1e-9)).all()
    assert (found.ratio[found.status == Status.WEAK] < 1).all()


@given(persons, supplies)
def test_what_is_met_and_what_is_missing_make_the_need(need, supply):
    found = compare_need_and_supply(need, supply)
    np.testing.assert_allclose(found.met + found.gap, need, atol=1e-9)
    np.testing.assert_allclose(found.met[need > 0], np.minimum(supply, need)[need > 0], atol=1e-8)


@given(persons, supplies)
def test_a_zone_without_need_has_no_ratio(need, supply):
    found = compare_need_and_supply(need, supply)
    assert (np.isnan(found.ratio) == ~(need > 0)).all()


def test_lengths_must_agree():
    with pytest.raises(ShapeMismatchError, match="need 2, supply 1"):
        compare_need_and_supply([1, 2], [1])


def test_a_surplus_does_not_hide_the_gap_beside_it():
    grids = compare_need_and_supply([10, 10], [4, 20])
    whole = sum_coverage(grids, np.array([0, 0]), 1)
    assert (whole.need[0], whole.met[0], whole.gap[0], whole.surplus[0]) == (20, 14, 6, 10)
    assert whole.share_met[0] == 0.7
    assert np.isnan(whole.ratio[0])
    assert whole.status[0] == Status.WEAK


def test_a_parent_whose_parts_know_nothing_has_no_data():
    whole = sum_coverage(compare_need_and_supply([np.nan, 0, 0], [1, 2, 3]), np.array([0, 1, 1]), 3)
    assert whole.status.tolist() == [Status.NO_DATA, Status.NO_NEED, Status.NO_DATA]
    assert np.isnan(whole.gap).tolist() == [True, False, True]
    assert (whole.gap[1], whole.surplus[1]) == (0, 5)


@given(persons, supplies, parents)
def test_nothing_is_lost_on_the_way_up(need, supply, parent):
    grids = compare_need_and_supply(need, supply)
    up = sum_coverage(grids, parent, 4)
    top = sum_coverage(up, np.zeros(4, dtype=np.intp), 1)
    held = parent >= 0
    for level in (up, top):
        for name in ("need", "met", "gap", "surplus"):
            expected = np.nansum(getattr(grids, name)[held])
            assert np.nansum(getattr(level, name)) == pytest.approx(expected, abs=1e-6)
        assert level.supply.sum() == pytest.approx(supply[held].sum(), abs=1e-6)


def test_the_sum_of_nothing_known_is_unknown():
    np.testing.assert_array_equal(sum_known([1, np.nan, 5], np.array([0, 1, -1]), 2), [1, np.nan])


def test_densities_are_null_without_people_or_area():
    np.testing.assert_array_equal(density_per_1000([401, 5, 5], [31_200, 0, np.nan]), [401 / 31.2, np.nan, np.nan])
    np.testing.assert_array_equal(density_per_km2([401, 5], [3.5, 0]), [401 / 3.5, np.nan])
