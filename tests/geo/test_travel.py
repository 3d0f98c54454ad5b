import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from geo.travel import pairs_within, walking_minutes

coordinates = hnp.arrays(float, st.tuples(st.integers(1, 25), st.just(2)), elements=st.integers(0, 60).map(float))


@given(coordinates, st.integers(0, 40))
@settings(max_examples=60)
def test_pairs_are_those_of_brute_force(points, radius_m):
    away = np.hypot(*(points[:, None] - points[None, :]).transpose(2, 0, 1))
    origin, destination = np.nonzero(away <= radius_m)
    pairs = pairs_within(points, radius_m)
    np.testing.assert_array_equal(pairs.origin, origin)
    np.testing.assert_array_equal(pairs.destination, destination)
    np.testing.assert_allclose(pairs.cost, away[origin, destination])


def test_a_point_without_place_is_in_no_pair():
    pairs = pairs_within([[np.nan, 0], [0, 0], [np.nan, np.nan], [0, 5]], 10)
    assert set(pairs.origin) == set(pairs.destination) == {1, 3}
    assert pairs.cost.tolist() == [0, 5, 5, 0]


def test_no_points_make_no_pairs():
    assert pairs_within(np.empty((0, 2)), 1000).cost.size == 0


def test_400_metres_are_six_and_a_half_minutes_on_foot():
    np.testing.assert_allclose(walking_minutes([0, 400]), [0, 6.5])
