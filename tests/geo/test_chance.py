"""The chance that enough come, against every way in which people may come or stay away."""

from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.chance import chance_of_enough, whole_heads
from geo.errors import ShapeMismatchError

chances = st.lists(st.just(0.0) | st.just(1.0) | st.floats(0, 1), max_size=7)


def every_way(needed, people):
    """Return the chance by adding up each way in which people come or stay away."""
    ways = product([False, True], repeat=len(people))
    return sum(
        float(np.prod([p if comes else 1 - p for p, comes in zip(people, way, strict=True)]))
        for way in ways
        if sum(way) >= needed - 1e-9
    )


@given(st.lists(st.tuples(chances, st.floats(0, 8)), min_size=1, max_size=5), st.randoms())
def test_it_is_the_sum_over_every_way_in_which_people_may_come(zones, random):
    rows = [(p, k) for k, (people, _needed) in enumerate(zones) for p in people] + [(0.5, -1)]
    random.shuffle(rows)
    found = chance_of_enough(
        [needed for _people, needed in zones], *(np.array(each) for each in zip(*rows, strict=True))
    )
    np.testing.assert_allclose(found, [every_way(needed, people) for people, needed in zones], atol=1e-12)


def test_people_who_are_alike_come_by_the_binomial():
    found = chance_of_enough([5], np.full(20, 0.3), np.zeros(20, dtype=np.intp))[0]
    assert found == pytest.approx(sum(comb(20, k) * 0.3**k * 0.7 ** (20 - k) for k in range(5, 21)))


def test_a_part_of_a_person_takes_a_whole_head():
    people = np.full(4, 0.5), np.zeros(4, dtype=np.intp)
    assert chance_of_enough([1.1], *people) == chance_of_enough([2.0], *people) != chance_of_enough([1.0], *people)
    assert whole_heads([0.1 + 0.2, 3 * 0.1 * 10, np.nan]).tolist()[:2] == [1, 3]


def test_where_nobody_is_there_nobody_comes():
    assert chance_of_enough([2, 0], [], np.array([], dtype=np.intp)).tolist() == [0, 1]
    assert chance_of_enough([], [0.5], np.array([-1])).tolist() == []


def test_chances_and_zones_are_as_many():
    with pytest.raises(ShapeMismatchError):
        chance_of_enough([1], [0.5, 0.5], np.array([0]))
