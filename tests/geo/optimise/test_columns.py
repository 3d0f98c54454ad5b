"""Groups made at prices: the bound holds, the rules are kept, and the choice is nearly the best."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.optimise import OUTSIDE, ProblemData, make_grids, make_problem, make_teams
from geo.optimise.arcs import departures, judge, make_arcs
from geo.optimise.columns import relax_by_shares, solve_by_columns
from geo.optimise.exact import solve_part
from geo.optimise.greedy import best_gain_first, complete, largest_share_first, whole_groups
from geo.optimise.groups import list_groups
from geo.optimise.pricing import best_groups
from geo.optimise.solver import Deadline
from geo.travel import Pairs


@st.composite
def crowds(draw) -> ProblemData:
    """Lenders that keep their need and may not let everybody go, sizes whole or not, gaps small or large."""
    n, m = draw(st.integers(1, 5)), draw(st.integers(1, 9))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    gap = rng.integers(5, 260, n) / 10 * draw(st.sampled_from([1, 1, 20]))
    need, supply = np.append(gap, [5, 5]), np.append(np.zeros(n), rng.integers(10, 40, 2))
    found = np.argwhere(rng.random((m, n)) < 0.7)
    size = rng.choice([0.5, 2.5] if draw(st.booleans()) else [3, 4, 5, 7, 9, 12], m)
    reach = Pairs(found[:, 0], found[:, 1], rng.integers(1, 9, len(found)).astype(float))
    grids = make_grids(need, supply, priority=rng.choice([1.0, 2.0, 1.3], n + 2))
    return make_problem(grids, make_teams(rng.choice([OUTSIDE, n, n + 1], m), size, leaving=size * 0.7), reach)


def clock(seconds: float = 30.0) -> Deadline:
    return Deadline(time.perf_counter() + seconds, lambda: False)


def sent(arcs, pairs):
    choice = np.full(arcs.size.size, -1)
    choice[arcs.team[pairs]] = pairs
    return choice


@given(crowds())
@settings(max_examples=40)
def test_the_bound_holds_and_the_choice_keeps_the_rules(problem):
    arcs = make_arcs(problem)
    every = np.arange(arcs.team.size)
    known = best_gain_first(arcs)
    if not every.size:
        return
    start = relax_by_shares(arcs, every, clock())
    told = []
    answer = solve_by_columns(
        arcs, every, known[known >= 0], start, 0.01, clock(), lambda pairs, bound: told.append((pairs, bound))
    )
    best = judge(arcs, sent(arcs, solve_part(arcs, every, clock()).pairs)).unmet
    found = judge(arcs, sent(arcs, answer.pairs))
    untouched = np.setdiff1d(np.arange(arcs.balance.size), arcs.grid)
    elsewhere = float(arcs.priority[untouched] @ np.maximum(arcs.balance[untouched], 0))
    assert answer.unmet_bound + elsewhere <= best + 1e-4
    assert best <= found.unmet + 1e-6 <= judge(arcs, known).unmet + 1e-4
    assert found.teams == answer.pairs.size
    assert (departures(arcs, answer.pairs) <= arcs.may_leave + 1e-4).all()
    for pairs, bound in told:
        assert bound + elsewhere <= best + 1e-4 <= judge(arcs, sent(arcs, pairs)).unmet + 2e-4
        assert (departures(arcs, pairs) <= arcs.may_leave + 1e-4).all()


@given(crowds())
@settings(max_examples=50)
def test_no_group_brings_more_than_the_best_one_of_its_grid(problem):
    arcs = make_arcs(problem)
    every = np.arange(arcs.team.size)
    groups = list_groups(arcs, every) if every.size else None
    if groups is None:
        return
    cost = 0.3 * arcs.objective
    brought = groups.objective - np.bincount(groups.group, weights=cost[groups.pair])
    best = [brought[groups.grid == grid].max() for grid in np.unique(groups.grid)]
    assert best_groups(arcs, arcs.priority, cost)[0] >= sum(max(one, 0) for one in best) - 1e-6


def test_best_groups_are_exact_for_whole_teams():
    reach = Pairs(np.array([0, 1, 2, 2]), np.array([0, 0, 0, 1]), np.ones(4))
    arcs = make_arcs(make_problem(make_grids([10, 6], [0, 0]), make_teams([OUTSIDE] * 3, [6, 4, 10]), reach))
    value, pairs = best_groups(arcs, np.ones(2), np.array([2.0, 1.0, 4.0, 4.0])[np.lexsort((arcs.grid, arcs.team))])
    assert value == pytest.approx(7 + 2)
    assert sorted(zip(arcs.team[pairs].tolist(), arcs.grid[pairs].tolist(), strict=True)) == [(0, 0), (1, 0), (2, 1)]


def test_without_time_nothing_is_learnt():
    reach = Pairs(np.array([0]), np.array([0]), np.ones(1))
    arcs = make_arcs(make_problem(make_grids([10], [0]), make_teams([OUTSIDE], [6]), reach))
    assert relax_by_shares(arcs, np.arange(1), clock(0)) is None
    start = relax_by_shares(arcs, np.arange(1), clock())
    answer = solve_by_columns(arcs, np.arange(1), np.arange(1), start, 0.01, clock(0))
    assert (answer.unmet_bound, answer.is_travel_proven) == (pytest.approx(4), False)


def test_a_group_is_left_out_when_a_team_or_its_lender_is_used_up():
    reach = Pairs(np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1]), np.ones(4))
    grids, teams = make_grids([9, 9, 5], [0, 0, 15]), make_teams([OUTSIDE, 2, 2], [5, 4, 7])
    arcs = make_arcs(make_problem(grids, teams, reach))
    row = {key: k for k, key in enumerate(zip(arcs.team.tolist(), arcs.grid.tolist(), strict=True))}
    groups = [(row[1, 1], row[2, 1]), (row[0, 0], row[1, 0]), (row[2, 1],)]
    choice = whole_groups(arcs, groups, np.array([0.9, 0.8, 0.1]))
    assert {(int(team), int(arcs.grid[pair])) for team, pair in enumerate(choice) if pair >= 0} == {(0, 0), (1, 0)}
    choice = whole_groups(arcs, groups, np.array([0.2, 0.3, 0.8]))
    assert {(int(team), int(arcs.grid[pair])) for team, pair in enumerate(choice) if pair >= 0} == {(0, 0), (2, 1)}


@given(crowds())
@settings(max_examples=50)
def test_completing_a_plan_keeps_its_moves_and_never_makes_it_worse(problem):
    arcs = make_arcs(problem)
    start = np.where(np.arange(arcs.size.size) % 2 == 0, best_gain_first(arcs), -1)
    more = complete(arcs, start)
    assert (more[start >= 0] == start[start >= 0]).all()
    assert judge(arcs, more).unmet <= judge(arcs, start).unmet
    assert (departures(arcs, more[more >= 0]) <= arcs.may_leave + 1e-4).all()


@given(crowds())
@settings(max_examples=50)
def test_a_relaxed_choice_among_pairs_is_rounded_within_the_rules(problem):
    arcs = make_arcs(problem)
    shares = np.random.default_rng(arcs.team.size).random(arcs.team.size)
    choice = largest_share_first(arcs, shares)
    assert (arcs.team[choice[choice >= 0]] == np.flatnonzero(choice >= 0)).all()
    assert (departures(arcs, choice[choice >= 0]) <= arcs.may_leave + 1e-4).all()
    if arcs.team.size:
        assert choice[arcs.team[shares.argmax()]] == shares.argmax()
