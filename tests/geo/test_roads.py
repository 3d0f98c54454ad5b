"""Lines are joined where they meet, a river is crossed at its bridge, and who is off the road walks straight."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.roads import OFF_STREET_M, lay_streets, minutes_from, minutes_within, put_on

# A river runs along y = 0. A road on either bank, 100 m from it, and one bridge at x = 3000.
BANKS = [shapely.LineString([(0, 100), (3000, 100)]), shapely.LineString([(0, -100), (3000, -100)])]
BRIDGE = shapely.LineString([(3000, 150), (3000, -150)])
HERE, ACROSS, ALONG = (0, 100), (0, -100), (800, 100)


def minutes(lines, points, origin=0, limit=200):
    streets = lay_streets(lines)
    places = put_on(streets, points)
    pairs = minutes_within(streets, places, [origin], limit)
    return dict(zip(pairs.destination.tolist(), pairs.cost.tolist(), strict=True))


def test_the_far_bank_is_out_of_reach_because_of_the_only_bridge():
    found = minutes([*BANKS, BRIDGE], [HERE, ACROSS, ALONG], limit=30)
    assert found == {0: 0, 2: pytest.approx(10)}
    assert minutes([*BANKS, BRIDGE], [HERE, ACROSS, ALONG])[1] == pytest.approx((3000 + 200 + 3000) / 80)


def test_without_a_bridge_the_straight_line_counts():
    assert minutes(BANKS, [HERE, ACROSS])[1] == pytest.approx(200 * 1.3 / 80)


@pytest.mark.parametrize(("gap_m", "is_joined"), [(0, True), (8, True), (30, False)])
def test_an_end_meets_the_street_it_nearly_touches(gap_m, is_joined):
    streets = lay_streets([BANKS[0], shapely.LineString([(1500, 100 + gap_m), (1500, 1600)])])
    assert (streets.part.max() == 0) == is_joined


def test_places_far_from_every_street_walk_straight():
    far = (400, 100 + OFF_STREET_M + 1)
    streets = lay_streets(BANKS[:1])
    places = put_on(streets, [HERE, far, (np.nan, 0)])
    assert places.node.tolist()[1:] == [-1, -1]
    found = minutes_within(streets, places, [0], 60)
    assert found.destination.tolist() == [0, 1]
    assert found.cost[1] == pytest.approx(np.hypot(400, OFF_STREET_M + 1) * 1.3 / 80)


def test_the_way_to_the_street_counts():
    assert minutes(BANKS[:1], [(0, 200), (1000, 300)])[1] == pytest.approx((1000 + (100 + 200) * 1.3) / 80)


def test_stubs_that_lead_nowhere_are_no_streets():
    assert len(lay_streets([shapely.LineString([(0, 0), (500, 0)])]).points) == 0


def test_without_streets_every_way_is_straight():
    assert minutes([], [HERE, ALONG]) == {0: 0, 1: pytest.approx(800 * 1.3 / 80)}


where = st.tuples(st.integers(-200, 3200), st.integers(-600, 600))


@given(st.lists(where, min_size=1, max_size=8), st.floats(1, 90))
def test_the_table_says_what_single_ways_say(points, limit):
    streets = lay_streets([*BANKS, BRIDGE])
    places = put_on(streets, points)
    pairs = minutes_within(streets, places, range(len(points)), limit)
    table = np.full((len(points), len(points)), np.inf)
    table[pairs.origin, pairs.destination] = pairs.cost
    single = np.array([minutes_from(streets, places, k) for k in range(len(points))])
    near = single <= limit - 1e-3
    np.testing.assert_allclose(table[near], single[near], atol=1e-3)
    assert (table[single > limit + 1e-3] == np.inf).all()
