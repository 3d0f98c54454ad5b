"""Few variables first come to the same as all at once."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from geo.optimise.core import minimise_core, without
from geo.optimise.solver import Deadline, Model, minimise, relax


@st.composite
def packings(draw) -> tuple[Model, np.ndarray]:
    """Things of some weight and worth for a few sacks that cannot hold them all."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows, width = draw(st.integers(1, 4)), draw(st.integers(1, 25))
    weights = rng.integers(0, 20, (rows, width)).astype(float)
    upper = np.where(rng.random(width) < 0.9, 1.0, 0.0)
    is_whole = rng.random(width) < draw(st.sampled_from([0.7, 1.0]))
    model = Model(csr_array(weights), np.full(rows, -np.inf), weights.sum(axis=1) * 0.4, upper, is_whole)
    return model, -rng.integers(1, 60, width).astype(float)


def clock(seconds: float = 30.0) -> Deadline:
    return Deadline(time.perf_counter() + seconds, lambda: False)


@pytest.mark.parametrize("wider", [2.0, np.inf])
@given(packings())
@settings(max_examples=60)
def test_the_core_holds_a_best_choice(wider, packing):
    model, goal = packing
    found = minimise_core(model, goal, clock(), wider=wider)
    best = minimise(model, goal, clock(), 30)
    assert found.best.is_proven
    assert (found.best.value, found.best.bound) == pytest.approx((best.value, best.value), abs=1e-5)
    assert (model.rows @ found.best.values <= model.high + 1e-6).all()
    assert (found.best.values <= model.upper + 1e-9).all()


@given(packings())
@settings(max_examples=30)
def test_what_is_hopeless_is_in_no_best_choice(packing):
    model, goal = packing
    found = minimise_core(model, goal, clock())
    for k in np.flatnonzero(found.is_hopeless & model.is_whole):
        has_it = minimise(without(model, np.arange(goal.size) == k), goal, clock(), 30)
        assert has_it.value == pytest.approx(found.best.value)


def test_known_values_are_kept_when_there_is_no_time():
    model = Model(csr_array(np.ones((1, 2))), np.array([-np.inf]), np.array([1.0]), np.ones(2), np.ones(2, bool))
    goal = np.array([-1.0, -2.0])
    late = minimise_core(model, goal, clock(0), known_values=np.array([1.0, 0.0]))
    assert (late.best.value, late.best.bound, late.best.is_proven) == (-1.0, -np.inf, False)
    assert not late.is_hopeless.any()
    relaxed = relax(model, goal, clock(), 30)
    assert minimise_core(model, goal, clock(0), relaxed=relaxed).best.values.tolist() == [0.0, 1.0]


def test_without_time_and_without_known_values_there_are_none():
    model = Model(csr_array(np.ones((1, 2))), np.array([-np.inf]), np.array([1.0]), np.ones(2), np.ones(2, bool))
    assert minimise_core(model, -np.ones(2), clock(0)).best.values is None
