"""Searches that are stopped, problems without a choice, and what is cut away before the search."""

import re
import threading
import time

import numpy as np
import pytest

from geo.optimise import (
    NO_PINS,
    OUTSIDE,
    StopReason,
    make_grids,
    make_problem,
    make_teams,
    propose,
    reach_of_teams,
)
from geo.optimise.arcs import make_arcs
from geo.optimise.model import split
from geo.optimise.search import MOST_PAIRS
from geo.optimise.tours import one_window
from geo.travel import Pairs
from tests.geo.optimise.posing import PLAIN, crowded_problem, moves_of, pairs, plan_is_allowed


@pytest.mark.parametrize(
    ("grids", "teams"),
    [
        (make_grids([], []), make_teams([], [])),
        (make_grids([5], [1]), make_teams([], [])),
        (make_grids([np.nan, 0], [3, 4]), make_teams([0], [3])),
    ],
)
def test_nothing_to_do_is_an_empty_proven_plan(grids, teams):
    proposal = propose(make_problem(grids, teams, pairs()))
    assert (proposal.moves, proposal.ended, proposal.is_proven) == ((), StopReason.NOTHING_TO_DO, True)
    assert proposal.cost.gap == proposal.travel == 0


def test_cancelling_keeps_the_best_plan_so_far():
    problem, enough = crowded_problem(), threading.Event()
    steps = []

    def report(step):
        steps.append(step)
        enough.set()

    proposal = propose(problem, PLAIN, seconds=60, is_cancelled=enough.is_set, report=report)
    assert proposal.ended is StopReason.CANCELLED
    assert proposal.cost.value == pytest.approx(steps[-1].cost)
    assert proposal.cost.value < proposal.before
    assert proposal.cost.bound <= proposal.cost.value
    assert plan_is_allowed(problem, moves_of(problem, proposal))


def test_cancelling_reaches_a_solver_that_is_running():
    problem, started = crowded_problem(), threading.Event()

    def solver_runs() -> bool:
        return started.is_set() and any(thread.name == "milp" for thread in threading.enumerate())

    begun = time.perf_counter()
    proposal = propose(problem, PLAIN, seconds=60, is_cancelled=solver_runs, report=lambda _: started.set())
    assert proposal.ended is StopReason.CANCELLED
    assert proposal.seconds < 60
    assert time.perf_counter() - begun < 60
    assert plan_is_allowed(problem, moves_of(problem, proposal))


def test_a_plan_never_gets_worse_and_a_bound_never_looser():
    proposal = propose(crowded_problem(), seconds=2)
    cost, bound = [step.cost for step in proposal.trace], [step.bound for step in proposal.trace]
    assert cost == sorted(cost, reverse=True)
    assert bound == sorted(bound)
    assert bound[-1] <= cost[-1] + 1e-6


def test_parts_that_share_a_lender_stay_together():
    grids = make_grids([5, 9, 9], [12, 0, 0])
    teams, reach = make_teams([0, 0], [6, 6]), pairs((0, 1, 5), (1, 2, 5))
    assert len(split(one_window(make_arcs(make_problem(grids, teams, reach), PLAIN)))) == 1
    assert len(split(one_window(make_arcs(make_problem(make_grids([5, 9, 9], [20, 0, 0]), teams, reach), PLAIN)))) == 2


def test_teams_reach_what_their_home_reaches():
    between = pairs((0, 0, 0), (0, 2, 4), (1, 1, 0), (2, 0, 4))
    reach = reach_of_teams(between, [2, OUTSIDE, 0, 0])
    assert reach.origin.tolist() == [0, 2, 2, 3, 3]
    assert reach.destination.tolist() == [0, 0, 2, 0, 2]
    assert reach.cost.tolist() == [4, 0, 4, 0, 4]


@pytest.mark.parametrize(
    ("home", "reach", "what"),
    [([3], pairs(), "home"), ([0], pairs((1, 0, 5)), "team"), ([0], pairs((0, 9, 5)), "grid")],
)
def test_positions_must_exist(home, reach, what):
    with pytest.raises(IndexError, match=re.escape(what)):
        make_problem(make_grids([1, 2], [0, 0]), make_teams(home, [3]), reach, NO_PINS)


def test_a_small_part_beside_a_large_one_is_proven_too():
    rng = np.random.default_rng(5)
    found = np.argwhere(rng.random((60, 300)) < 0.3)
    reach = pairs(*[(team, grid, float(rng.integers(1, 30))) for team, grid in found.tolist()], (60, 300, 5))
    need = np.concatenate([np.round(rng.uniform(1, 60, 300), 1), [9]])
    teams = make_teams(np.full(61, OUTSIDE), rng.integers(5, 37, 61))
    problem = make_problem(make_grids(need, np.zeros(301)), teams, reach)
    sizes = [len(part) for part in split(one_window(make_arcs(problem, PLAIN)))]
    assert sizes[0] == 1
    assert sizes[-1] > 600
    proposal = propose(problem, PLAIN, seconds=60)
    assert (proposal.ended, proposal.cost.gap) == (StopReason.PROVEN, 0)


def test_a_part_of_too_many_pairs_has_a_bound_and_a_plan_near_it():
    rng = np.random.default_rng(4)
    found = np.argwhere(rng.random((300, 200)) < 0.5)
    reach = Pairs(found[:, 0], found[:, 1], rng.integers(1, 30, len(found)).astype(float))
    teams = make_teams(np.full(300, OUTSIDE), np.full(300, 4.0), is_divisible=rng.random(300) < 0.5)
    problem = make_problem(make_grids(rng.integers(3, 9, 200), np.zeros(200)), teams, reach)
    assert make_arcs(problem, PLAIN).team.size > MOST_PAIRS
    proposal = propose(problem, PLAIN, seconds=5)
    assert plan_is_allowed(problem, moves_of(problem, proposal))
    assert 0 < proposal.cost.bound <= proposal.cost.value < proposal.before


def test_a_team_may_fill_the_gap_that_another_leaves_behind():
    """HiGHS answered "solve error" to this one while the missing persons had an upper bound."""
    grids = make_grids([14.9, 16.3], [13.7, 21.8], floor=[7.45, -np.inf], priority=[2, 1])
    proposal = propose(make_problem(grids, make_teams([1, 0], [12, 5]), pairs((0, 0, 10), (1, 1, 5))), PLAIN)
    assert [(move.team, move.receiver) for move in proposal.moves] == [(0, 0), (1, 1)]
    assert (proposal.missing, proposal.is_proven) == (pytest.approx(1.5), True)
