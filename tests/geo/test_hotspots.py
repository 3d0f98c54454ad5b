"""Gi*: the worked example and the answers of PySAL's esda, and p-values that hold what they promise."""

import warnings
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.stats import false_discovery_control

from geo.hotspots import Spot, adjacency, control_false_discoveries, find_spots, gi_star


def chessboard(side):
    """Neighbours of a square board, edge to edge and corner to corner."""
    row, column = np.divmod(np.arange(side * side), side)
    near = (np.abs(row[:, None] - row) <= 1) & (np.abs(column[:, None] - column) <= 1)
    return adjacency(*np.nonzero(near), side * side)


def esda_gi_star(values, neighbours, permutations_count=0):
    import esda
    import libpysal

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        weights = libpysal.weights.WSP(csr_matrix(neighbours)).to_W(silence_warnings=True)
        return esda.G_Local(
            values, weights, transform="B", star=True, permutations=permutations_count, seed=7, n_jobs=1
        )


def test_the_worked_example_of_esda():
    near = adjacency([0, 0, 1, 1, 2, 3, 4], [1, 3, 3, 4, 4, 4, 5], 6)
    published = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    np.testing.assert_allclose(gi_star([2, 3, 3.2, 5, 8, 7], near), published, atol=1e-8)


@pytest.mark.parametrize("seed", range(4))
def test_z_is_that_of_esda(seed):
    rng = np.random.default_rng(seed)
    values, near = rng.gamma(2, 1, 225), chessboard(15)
    np.testing.assert_allclose(gi_star(values, near), esda_gi_star(values, near).Zs, atol=1e-10)


def test_p_is_twice_that_of_esda_within_monte_carlo_error():
    values, near = np.random.default_rng(5).gamma(2, 1, 144), chessboard(12)
    ours = find_spots(values, near, np.random.default_rng(1), permutations=9_999).p
    theirs = 2 * esda_gi_star(values, near, 9_999).p_sim
    error = 2 * np.sqrt(2 * 0.25 / 10_000)
    assert np.abs(ours - np.minimum(theirs, 1)).max() < 5 * error


def test_p_is_that_of_all_permutations():
    """Six zones in a row: every arrangement of the others' values can be listed."""
    values = np.array([1.0, 2.0, 2.5, 4.0, 7.0, 7.5])
    near = adjacency([0, 1, 2, 3, 4], [1, 2, 3, 4, 5], 6)
    exact = []
    for zone in range(6):
        degree = 1 if zone in {0, 5} else 2
        observed = (near @ values)[zone]
        drawn = np.array([sum(p) for p in permutations(np.delete(values, zone), degree)])
        exact.append(2 * min((drawn >= observed - 1e-9).mean(), (drawn <= observed + 1e-9).mean()))
    p = find_spots(values, near, np.random.default_rng(0), permutations=99_999).p
    np.testing.assert_allclose(p, np.minimum(exact, 1), atol=0.012)


def test_ties_count_on_both_sides():
    values = np.array([0.0] * 30 + [1.0] * 6)
    p = find_spots(values, chessboard(6), np.random.default_rng(0), permutations=999).p
    assert p[0] == 1.0


def test_a_planted_cold_corner_is_found_and_hardly_anything_else():
    values = np.random.default_rng(3).normal(2, 0.3, (20, 20))
    values[:5, :5] = 0.2
    spots = find_spots(values.ravel(), chessboard(20), np.random.default_rng(0)).spot.reshape(20, 20)
    assert (spots[1:4, 1:4] == Spot.COLD).all()
    assert (spots[8:, 8:] == Spot.NONE).mean() > 0.97


def test_noise_is_seldom_called():
    near = chessboard(12)
    called = []
    for seed in range(40):
        values = np.random.default_rng(seed).random(144)
        spots = find_spots(values, near, np.random.default_rng(seed), permutations=4_999).spot
        called.append((spots != Spot.NONE).any())
    assert np.mean(called) <= 0.15


def test_zones_without_data_are_nobodys_neighbour():
    values, near = np.random.default_rng(1).random(100), chessboard(10)
    missing = np.arange(100) % 7 == 0
    with_gaps = gi_star(np.where(missing, np.nan, values), near)
    kept = np.flatnonzero(~missing)
    assert np.isnan(with_gaps[missing]).all()
    np.testing.assert_allclose(with_gaps[kept], gi_star(values[kept], near[kept][:, kept]))


def test_an_island_is_not_tested_but_counts_in_the_mean():
    near = adjacency([0, 1], [1, 2], 4)
    z = gi_star([1.0, 2.0, 4.0, 50.0], near)
    spots = find_spots([1.0, 2.0, 4.0, 50.0], near, np.random.default_rng(0), permutations=99)
    assert np.isnan(z[3])
    assert np.isnan(spots.p[3])
    assert spots.spot[3] == Spot.NONE
    assert (z[:3] < 0).all()


@pytest.mark.parametrize("values", [[], [1.0], [2.0, 2.0, 2.0], [np.nan, np.nan]])
def test_nothing_to_compare_is_no_spot(values):
    near = adjacency([0] if len(values) > 1 else [], [1] if len(values) > 1 else [], len(values))
    spots = find_spots(values, near, np.random.default_rng(0))
    assert np.isnan(spots.z).all()
    assert (spots.spot == Spot.NONE).all()


def test_a_zone_next_to_all_others_is_not_tested():
    z = gi_star([1.0, 2.0, 3.0], adjacency([0, 0], [1, 2], 3))
    assert np.isnan(z).tolist() == [True, False, False]


def test_the_same_generator_state_gives_the_same_p():
    values, near = np.random.default_rng(1).random(64), chessboard(8)
    first, second = (find_spots(values, near, np.random.default_rng(9), permutations=499).p for _ in range(2))
    np.testing.assert_array_equal(first, second)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25)
def test_the_order_of_zones_does_not_matter_for_z(seed):
    rng = np.random.default_rng(seed)
    values, near, order = rng.random(36), chessboard(6), rng.permutation(36)
    np.testing.assert_allclose(gi_star(values[order], near[order][:, order]), gi_star(values, near)[order], atol=1e-9)


def test_adjacency_takes_pairs_in_any_order_once():
    near = adjacency([0, 1, 2, 0], [1, 0, 2, 1], 3).toarray()
    assert near.tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.floats(0.01, 0.3))
def test_false_discoveries_are_controlled_as_scipy_adjusts_p(p, rate):
    adjusted = false_discovery_control(p)
    ours = control_false_discoveries(p, rate)
    clear = np.abs(adjusted - rate) > 1e-9
    assert (ours[clear] == (adjusted <= rate)[clear]).all()


def test_the_published_example_of_benjamini_and_hochberg():
    """Benjamini & Hochberg 1995, section 3.1: of 15 p-values the four smallest stand at 0.05."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    p += [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000]
    assert control_false_discoveries(p, 0.05).sum() == 4
