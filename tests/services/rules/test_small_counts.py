"""As how many people small groups count: by hand, and whatever they are."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.rules.small_counts import MemberCounts, count_by_grid, count_groups, is_small, sum_groups

USUAL = np.array([0.1, 0.5, 0.6, 0.3])


def people(*members, each=USUAL):
    counts = np.array(members, dtype=float)
    return MemberCounts(counts, counts[:, None] * each)


def test_one_or_two_count_as_one_who_states_nothing():
    busy = np.array([1.0, 1.0, 1.0, 1.0])
    counted = count_groups(people(0, 1, 2, 3, each=busy), USUAL)
    assert counted.members.tolist() == [0, 1, 1, 3]
    np.testing.assert_allclose(counted.persons, [0 * busy, USUAL, USUAL, 3 * busy])


def test_a_grid_is_the_sum_of_what_its_estates_and_the_rest_count():
    estates, rest = count_groups(people(8, 2, 5, 9), USUAL), count_groups(people(1, 4), USUAL)
    grids = sum_groups(estates, np.array([0, 0, 1, -1]), rest)
    assert grids.members.tolist() == [8 + 1 + 1, 5 + 4]
    np.testing.assert_allclose(grids.persons, np.array([10, 9])[:, None] * USUAL)


def test_grids_without_estates_are_what_they_count_themselves():
    grids = sum_groups(people(), np.array([], dtype=int), count_groups(people(2, 7), USUAL))
    assert grids.members.tolist() == [1, 7]


def test_groups_by_code_count_alike():
    assert count_by_grid({("A", ""): 2, ("A", "E"): 3, ("B", "F"): 1}) == {"A": 4, "B": 1}
    assert count_by_grid({}) == {}


@given(st.lists(st.integers(0, 6), min_size=1, max_size=8), st.data())
def test_nothing_depends_on_what_is_hidden(groups, data):
    others = [data.draw(st.sampled_from([1, 2])) if is_small(n) else n for n in groups]
    one, other = (count_groups(people(*these), USUAL) for these in (groups, others))
    np.testing.assert_array_equal(one.members, other.members)
    np.testing.assert_array_equal(one.persons, other.persons)
