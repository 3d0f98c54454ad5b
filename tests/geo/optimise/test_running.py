"""Searches that are stopped, problems without a choice, and what is cut away before the search."""

import re
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings

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
from geo.optimise.arcs import judge, make_arcs
from geo.optimise.greedy import nearest_team_first
from geo.optimise.groups import list_groups
from geo.optimise.prune import prune, split
from geo.optimise.search import FEW_PAIRS, MOST_PAIRS, improve
from geo.optimise.solver import Deadline
from geo.travel import Pairs
from tests.geo.optimise.posing import crowded_problem, pairs, plan_is_allowed, problems, target_of


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
    assert proposal.unmet.gap == proposal.travel.gap == 0


def test_cancelling_keeps_the_best_plan_so_far():
    problem, enough = crowded_problem(), threading.Event()
    steps = []

    def report(step):
        steps.append(step)
        enough.set()

    proposal = propose(problem, seconds=60, is_cancelled=enough.is_set, report=report)
    assert proposal.ended is StopReason.CANCELLED
    assert proposal.unmet.value == steps[-1].unmet < proposal.unmet_before
    assert proposal.unmet.bound <= proposal.unmet.value
    assert plan_is_allowed(problem, target_of(problem, proposal))


def test_cancelling_reaches_a_solver_that_is_running():
    problem, started = crowded_problem(), threading.Event()

    def solver_runs() -> bool:
        return started.is_set() and any(thread.name == "milp" for thread in threading.enumerate())

    begun = time.perf_counter()
    proposal = propose(problem, seconds=60, is_cancelled=solver_runs, report=lambda _: started.set())
    assert proposal.ended is StopReason.CANCELLED
    assert proposal.seconds < 60
    assert time.perf_counter() - begun < 60
    assert plan_is_allowed(problem, target_of(problem, proposal))


def test_a_plan_never_gets_worse_and_a_bound_never_looser():
    proposal = propose(crowded_problem(), seconds=2)
    unmet, bound = [step.unmet for step in proposal.trace], [step.bound for step in proposal.trace]
    assert unmet == sorted(unmet, reverse=True)
    assert bound == sorted(bound)
    assert bound[-1] <= unmet[-1] + 1e-6


@given(problems(most_grids=8, most_teams=8, pins=False))
@settings(max_examples=50)
def test_pruning_keeps_a_best_plan(problem):
    whole, pruned = make_arcs(problem), prune(make_arcs(problem))
    kept = set(zip(pruned.team.tolist(), pruned.grid.tolist(), strict=True))
    reach = problem.reach
    rows = [pair in kept for pair in zip(reach.origin.tolist(), reach.destination.tolist(), strict=True)]
    fewer = Pairs(reach.origin[rows], reach.destination[rows], reach.cost[rows])
    small = propose(make_problem(problem.grids, problem.teams, fewer))
    full = propose(problem)
    assert pruned.team.size <= whole.team.size
    assert (small.unmet.value, small.travel.value) == pytest.approx((full.unmet.value, full.travel.value), abs=1e-3)


def test_a_team_that_competes_with_nobody_keeps_its_best_grid_only():
    grids = make_grids([4, 9, 9], [0, 0, 0])
    arcs = prune(make_arcs(make_problem(grids, make_teams([OUTSIDE], [9]), pairs((0, 0, 1), (0, 1, 8), (0, 2, 7)))))
    assert arcs.grid.tolist() == [2]


def test_parts_that_share_a_lender_stay_together():
    grids = make_grids([5, 9, 9], [12, 0, 0])
    teams, reach = make_teams([0, 0], [6, 6]), pairs((0, 1, 5), (1, 2, 5))
    assert len(split(make_arcs(make_problem(grids, teams, reach)))) == 1
    assert len(split(make_arcs(make_problem(make_grids([5, 9, 9], [20, 0, 0]), teams, reach)))) == 2


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
    sizes = [len(part) for part in split(prune(make_arcs(problem)))]
    assert sizes[0] == 1
    assert sizes[-1] > 600
    proposal = propose(problem)
    assert (proposal.ended, proposal.unmet.gap) == (StopReason.PROVEN, 0)


def test_a_wide_part_whose_groups_are_too_many_to_list_is_proven_by_pairs():
    grids, teams = 95, 130
    rng = np.random.default_rng(4)
    found = np.argwhere(np.ones((teams, grids), dtype=bool))
    reach = Pairs(found[:, 0], found[:, 1], rng.integers(1, 30, len(found)).astype(float))
    problem = make_problem(
        make_grids(rng.integers(3, 7, grids), np.zeros(grids)),
        make_teams(np.full(teams, OUTSIDE), np.ones(teams)),
        reach,
    )
    arcs = prune(make_arcs(problem))
    assert FEW_PAIRS < arcs.team.size <= MOST_PAIRS
    assert list_groups(arcs, np.arange(arcs.team.size)) is None
    nearest = sum(reach.cost[reach.origin == team].min() for team in range(teams))
    proposal = propose(problem, seconds=60)
    assert (proposal.ended, proposal.teams) == (StopReason.PROVEN, teams)
    assert proposal.travel.value == pytest.approx(nearest)


def test_the_search_around_a_plan_makes_it_better():
    problem = crowded_problem(120, 40)
    arcs = make_arcs(problem)
    choice = nearest_team_first(arcs)
    clock = Deadline(time.perf_counter() + 30, lambda: False)
    better = improve(arcs, choice, np.arange(12), clock)
    assert judge(arcs, better) < judge(arcs, choice)
    assert (better[12:] == choice[12:]).all()


def test_a_team_may_fill_the_gap_that_another_leaves_behind():
    """HiGHS answered "solve error" to this one while the missing persons had an upper bound."""
    grids = make_grids([14.9, 16.3], [13.7, 21.8], floor=[7.45, -np.inf], priority=[2, 1])
    proposal = propose(make_problem(grids, make_teams([1, 0], [12, 5]), pairs((0, 0, 10), (1, 1, 5))))
    assert [(move.team, move.receiver) for move in proposal.moves] == [(0, 0), (1, 1)]
    assert (proposal.unmet.value, proposal.is_proven) == (pytest.approx(1.5), True)
