"""Groups made at prices: the bound holds, the rules are kept, and the choice is nearly the best."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.optimise import OUTSIDE, ProblemData, make_grids, make_problem, make_teams
from geo.optimise.arcs import departures, judge, state_terms
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


def sent(terms, pairs):
    choice = np.full(terms.size.size, -1)
    choice[terms.team[pairs]] = pairs
    return choice


@given(crowds())
@settings(max_examples=40)
def test_the_bound_holds_and_the_choice_keeps_the_rules(problem):
    terms = state_terms(problem)
    every = np.arange(terms.team.size)
    known = best_gain_first(terms)
    if not every.size:
        return
    start = relax_by_shares(terms, every, clock())
    told = []
    answer = solve_by_columns(
        terms, every, known[known >= 0], start, 0.01, clock(), lambda pairs, bound: told.append((pairs, bound))
    )
    best = judge(terms, sent(terms, solve_part(terms, every, clock()).pairs)).unmet
    found = judge(terms, sent(terms, answer.pairs))
    untouched = np.setdiff1d(np.arange(terms.balance.size), terms.grid)
    elsewhere = float(terms.priority[untouched] @ np.maximum(terms.balance[untouched], 0))
    assert answer.unmet_bound + elsewhere <= best + 1e-4
    assert best <= found.unmet + 1e-6 <= judge(terms, known).unmet + 1e-4
    assert found.teams == answer.pairs.size
    assert (departures(terms, answer.pairs) <= terms.may_leave + 1e-4).all()
    for pairs, bound in told:
        assert bound + elsewhere <= best + 1e-4 <= judge(terms, sent(terms, pairs)).unmet + 2e-4
        assert (departures(terms, pairs) <= terms.may_leave + 1e-4).all()


@given(crowds())
@settings(max_examples=50)
def test_no_group_brings_more_than_the_best_one_of_its_grid(problem):
    terms = state_terms(problem)
    every = np.arange(terms.team.size)
    groups = list_groups(terms, every) if every.size else None
    if groups is None:
        return
    cost = 0.3 * terms.worth
    brought = groups.worth - np.bincount(groups.group, weights=cost[groups.pair])
    best = [brought[groups.grid == grid].max() for grid in np.unique(groups.grid)]
    assert best_groups(terms, terms.priority, cost)[0] >= sum(max(one, 0) for one in best) - 1e-6


def test_best_groups_are_exact_for_whole_teams():
    reach = Pairs(np.array([0, 1, 2, 2]), np.array([0, 0, 0, 1]), np.ones(4))
    terms = state_terms(make_problem(make_grids([10, 6], [0, 0]), make_teams([OUTSIDE] * 3, [6, 4, 10]), reach))
    value, pairs = best_groups(terms, np.ones(2), np.array([2.0, 1.0, 4.0, 4.0])[np.lexsort((terms.grid, terms.team))])
    assert value == pytest.approx(7 + 2)
    assert sorted(zip(terms.team[pairs].tolist(), terms.grid[pairs].tolist(), strict=True)) == [(0, 0), (1, 0), (2, 1)]


def test_without_time_nothing_is_learnt():
    reach = Pairs(np.array([0]), np.array([0]), np.ones(1))
    terms = state_terms(make_problem(make_grids([10], [0]), make_teams([OUTSIDE], [6]), reach))
    assert relax_by_shares(terms, np.arange(1), clock(0)) is None
    start = relax_by_shares(terms, np.arange(1), clock())
    answer = solve_by_columns(terms, np.arange(1), np.arange(1), start, 0.01, clock(0))
    assert (answer.unmet_bound, answer.is_travel_proven) == (pytest.approx(4), False)


def test_a_group_is_left_out_when_a_team_or_its_lender_is_used_up():
    reach = Pairs(np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1]), np.ones(4))
    grids, teams = make_grids([9, 9, 5], [0, 0, 15]), make_teams([OUTSIDE, 2, 2], [5, 4, 7])
    terms = state_terms(make_problem(grids, teams, reach))
    row = {key: k for k, key in enumerate(zip(terms.team.tolist(), terms.grid.tolist(), strict=True))}
    groups = [(row[1, 1], row[2, 1]), (row[0, 0], row[1, 0]), (row[2, 1],)]
    choice = whole_groups(terms, groups, np.array([0.9, 0.8, 0.1]))
    assert {(int(team), int(terms.grid[pair])) for team, pair in enumerate(choice) if pair >= 0} == {(0, 0), (1, 0)}
    choice = whole_groups(terms, groups, np.array([0.2, 0.3, 0.8]))
    assert {(int(team), int(terms.grid[pair])) for team, pair in enumerate(choice) if pair >= 0} == {(0, 0), (2, 1)}


@given(crowds())
@settings(max_examples=50)
def test_completing_a_plan_keeps_its_moves_and_never_makes_it_worse(problem):
    terms = state_terms(problem)
    start = np.where(np.arange(terms.size.size) % 2 == 0, best_gain_first(terms), -1)
    more = complete(terms, start)
    assert (more[start >= 0] == start[start >= 0]).all()
    assert judge(terms, more).unmet <= judge(terms, start).unmet
    assert (departures(terms, more[more >= 0]) <= terms.may_leave + 1e-4).all()


@given(crowds())
@settings(max_examples=50)
def test_a_relaxed_choice_among_pairs_is_rounded_within_the_rules(problem):
    terms = state_terms(problem)
    shares = np.random.default_rng(terms.team.size).random(terms.team.size)
    choice = largest_share_first(terms, shares)
    assert (terms.team[choice[choice >= 0]] == np.flatnonzero(choice >= 0)).all()
    assert (departures(terms, choice[choice >= 0]) <= terms.may_leave + 1e-4).all()
    if terms.team.size:
        assert choice[terms.team[shares.argmax()]] == shares.argmax()
