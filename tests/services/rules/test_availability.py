import numpy as np
import pandas as pd
import pytest

from services.rules.availability import fill_hours, read_hours, sum_by_zone, supply_in_window

DEFAULT = np.array([0.1, 0.5, 0.6, 0.3])


def test_members_who_state_nothing_get_the_default():
    members = pd.DataFrame(index=["m1", "m2"])
    np.testing.assert_array_equal(fill_hours(read_hours(members), DEFAULT), [DEFAULT, DEFAULT])


@pytest.mark.parametrize("stated", [0.0, 0.25, 1.0])
def test_what_a_member_states_replaces_that_part_alone(stated):
    members = pd.DataFrame({"available_evening": [stated, None], "available_night": [None, 1.0]})
    np.testing.assert_array_equal(
        fill_hours(read_hours(members), DEFAULT), [[0.1, stated, 0.6, 0.3], [0.1, 0.5, 0.6, 1]]
    )


def test_members_in_no_zone_count_nowhere():
    persons = sum_by_zone(np.tile(DEFAULT, (4, 1)), np.array([0, 2, -1, 0]), 3)
    np.testing.assert_allclose(persons, [2 * DEFAULT, 0 * DEFAULT, DEFAULT])


def test_no_members_make_no_supply():
    members = pd.DataFrame({"available_night": pd.Series([], dtype=float)})
    persons = sum_by_zone(fill_hours(read_hours(members), DEFAULT), np.array([], dtype=np.intp), 2)
    np.testing.assert_array_equal(supply_in_window(persons, np.array([0, 1, 0, 0])), [0, 0])


def test_several_windows_are_one_product():
    persons = sum_by_zone(np.tile(DEFAULT, (10, 1)), np.zeros(10, dtype=np.intp), 1)
    windows = np.array([[1, 0], [0, 0.5], [0, 0], [0, 0.5]])
    np.testing.assert_allclose(supply_in_window(persons, windows), [[1, 4]])
