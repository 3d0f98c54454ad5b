"""As how many people small groups count: by hand, and whatever they are."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.rules.small_counts import count_by_grid, count_members, is_small


def people(*members, hours=0.5):
    """Return the group and the hours of the members of groups with so many each."""
    group = np.repeat(np.arange(len(members)), members)
    return group, np.full((group.size, 4), hours)


def test_one_or_two_count_as_one_who_states_nothing():
    counted = count_members(*people(0, 1, 2, 3, hours=1.0))
    assert counted.group.tolist() == [3, 3, 3, 1, 2]
    np.testing.assert_array_equal(counted.hours, [[1.0] * 4] * 3 + [[np.nan] * 4] * 2)


def test_who_belongs_nowhere_counts_nowhere():
    assert count_members(np.array([-1, -1, -1, -1]), np.zeros((4, 4))).group.tolist() == []


def test_groups_by_code_count_alike():
    assert count_by_grid({("A", ""): 2, ("A", "E"): 3, ("B", "F"): 1}) == {"A": 4, "B": 1}
    assert count_by_grid({}) == {}


@given(st.lists(st.integers(0, 6), min_size=1, max_size=8), st.data())
def test_nothing_depends_on_what_is_hidden(groups, data):
    others = [data.draw(st.sampled_from([1, 2])) if is_small(n) else n for n in groups]
    one, other = (count_members(*people(*these)) for these in (groups, others))
    np.testing.assert_array_equal(one.group, other.group)
    np.testing.assert_array_equal(one.hours, other.hours)
