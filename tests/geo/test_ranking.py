import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from geo.ranking import find_nearest_surplus, order_by_gap, rank_underserved

CODES = ["g1", "g10", "g2", "g3"]


@pytest.mark.parametrize(
    ("ratio", "gap", "mixed", "expected"),
    [
        ([0.9, 0.5, 0.1, 0.3], [1, 5, 9, 7], [0, 0, 0, 0], ["g2", "g3", "g10", "g1"]),
        ([0.9, 0.5, 0.1, 0.3], [1, 5, 9, 7], [1, 0, 0, 1], ["g3", "g2", "g10", "g1"]),
        ([0.9, 0.5, 0.1, 0.3], [6, 5, 9, 6], [1, 0, 0, 0], ["g2", "g1", "g3", "g10"]),
        ([0.4, 0.2, 0.3, 0.0], [2, 3, 3, 3], [1, 0, 0, 0], ["g3", "g10", "g2", "g1"]),
        ([0.9, 0.9, 0.0, 0.9], [0.5, 0.6, 0.3, 0.2], [1, 0, 0, 1], ["g10", "g2", "g1", "g3"]),
        ([1.0, 2.0, np.nan, 0.99], [0, 0, np.nan, 0.1], [1, 1, 1, 0], ["g3"]),
        ([0.5, 0.5, 0.5, 0.5], [2, 2, 2, 2 + 1e-9], [0, 0, 0, 0], ["g1", "g10", "g2", "g3"]),
        ([1, 1, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1], []),
    ],
)
def test_the_largest_gap_is_first_of_mixed_ones_half_as_much_again_then_the_lower_ratio(ratio, gap, mixed, expected):
    order = rank_underserved(ratio, gap, [70, 70, 70, 70], CODES, is_mixed=mixed)
    assert [CODES[k] for k in order] == expected


@pytest.mark.parametrize(
    ("gap", "residents", "unmanaged", "expected"),
    [
        ([2, 2, 2, 2], [10, 40, 30, 20], [1, 0, 0, 0], ["g10", "g2", "g3", "g1"]),
        ([2, 2, 2, 2], [30, 30, 30, 10], [0, 0, 1, 1], ["g2", "g1", "g10", "g3"]),
        ([4.02, 4.04, 3.96, 4.1], [10, 20, 30, 1], [0, 0, 0, 0], ["g3", "g2", "g10", "g1"]),
        ([2, 9, 2, 2], [np.nan, 1, 5, np.nan], [0, 0, 0, 1], ["g10", "g2", "g3", "g1"]),
        ([np.nan, 0, np.nan, 1], [9_000, 5, 9_500, 1], [1, 1, 1, 0], ["g3", "g10", "g2", "g1"]),
    ],
)
def test_equal_gaps_go_by_residents_then_by_property_management(gap, residents, unmanaged, expected):
    order = order_by_gap(gap, residents, CODES, is_unmanaged=unmanaged)
    assert [CODES[k] for k in order] == expected


@given(st.permutations(range(8)))
def test_the_order_of_rows_does_not_matter(order):
    order = np.array(order)
    gap = np.array([3.0, 3, 3, 1, 1, 2, 2, 2])
    mixed = np.array([0, 1, 0, 1, 0, 1, 0, 1], dtype=bool)
    codes = np.array([f"c{k}" for k in range(8)])
    ratio = np.full(8, 0.5)
    residents, unmanaged = np.array([5.0, 5, 9, 9, 5, 5, 5, 5]), np.arange(8) % 3 == 0

    def rank(rows):
        ranked = rank_underserved(
            ratio, gap[rows], residents[rows], codes[rows], is_mixed=mixed[rows], is_unmanaged=unmanaged[rows]
        )
        return codes[rows][ranked].tolist()

    assert rank(order) == rank(np.arange(8))


points = hnp.arrays(float, st.tuples(st.integers(1, 30), st.just(2)), elements=st.integers(0, 6).map(float))


@given(points, st.randoms())
@settings(max_examples=150)
def test_nearest_surplus_is_that_of_brute_force_with_ties_to_the_lowest_code(where, random):
    count = len(where)
    surplus = np.array([random.choice([0.0, 0.99, 1.0, 5.0, np.nan]) for _ in range(count)])
    codes = [f"{k:03d}" for k in random.sample(range(1000), count)]
    found = find_nearest_surplus(where, surplus, codes)
    for zone in range(count):
        options = sorted(
            (np.hypot(*(where[zone] - where[other])), codes[other], other)
            for other in range(count)
            if other != zone and surplus[other] >= 1
        )
        if not options:
            assert found.position[zone] == -1
            assert np.isnan(found.distance_m[zone])
        else:
            assert found.position[zone] == options[0][2]
            assert found.distance_m[zone] == pytest.approx(options[0][0])


def test_many_at_one_place_go_to_the_lowest_code():
    where = np.zeros((50, 2))
    codes = [f"{k:02d}" for k in range(50)][::-1]
    found = find_nearest_surplus(where, np.ones(50), codes)
    assert codes[found.position[0]] == "00"
    assert codes[found.position[49]] == "01"


def test_a_zone_without_place_is_nobodys_nearest():
    found = find_nearest_surplus([[np.nan, 0], [0, 0], [9, 0]], [5, 0, 2], ["a", "b", "c"])
    assert found.position.tolist() == [-1, 2, -1]
