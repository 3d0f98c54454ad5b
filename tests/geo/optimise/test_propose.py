"""Proposals against every plan there is, on problems small enough to try them all."""

import itertools
import re
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.optimise import (
    NO_PINS,
    OUTSIDE,
    Ended,
    Open,
    Pins,
    Problem,
    Why,
    make_grids,
    make_teams,
    pose,
    propose,
    reach_of_teams,
)
from geo.optimise.greedy import best_gain_first, largest_gap_first, nearest_team_first
from geo.optimise.prune import prune, split
from geo.optimise.search import improve
from geo.optimise.solver import Clock
from geo.optimise.terms import judge, state_terms
from geo.travel import Pairs

SKILLS = (frozenset(), frozenset(), frozenset({"medical"}), frozenset({"medical", "driving"}))


@st.composite
def problems(draw, most_grids: int = 5, most_teams: int = 4, pins: bool = True) -> Problem:
    n, m = draw(st.integers(1, most_grids)), draw(st.integers(0, most_teams))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    need = rng.integers(0, 200, n) / 10
    supply = rng.integers(0, 400, n) / 10
    floor = need * rng.choice([0, 0.5, 1, 1, 1], n)
    floor[rng.random(n) < 0.1] = -np.inf
    home = rng.integers(OUTSIDE, n, m)
    pairs = np.argwhere(rng.random((m, n)) < draw(st.sampled_from([0.3, 0.7, 1.0])))
    held = rng.permutation(m)[: rng.integers(0, 2)] if pins and m else np.empty(0, int)
    grids = make_grids(
        need,
        supply,
        floor=floor,
        priority=rng.choice([1.0, 1.0, 2.0, 0.5], n),
        skills=[SKILLS[k] for k in rng.integers(0, 3, n)],
    )
    size = rng.choice([0.0, 3, 3, 5, 7, 12], m)
    leaving = size * rng.choice([1, 1, 0.5, 0.25, 0], m) if draw(st.booleans()) else None
    has = [SKILLS[k] for k in rng.integers(0, 4, m)]
    teams = make_teams(home, size, leaving=leaving, skills=has, is_free=rng.random(m) < 0.9)
    reach = Pairs(pairs[:, 0], pairs[:, 1], rng.integers(0, 4, len(pairs)) * 5.0)
    pinned = Pins(held.astype(np.intp), rng.integers(0, n, held.size), size[held])
    return pose(grids, teams, reach, pinned)


def share_that_leaves(teams, team) -> float:
    """How much of a person sent the home of a team loses."""
    return teams.leaving[team] / teams.size[team] if teams.size[team] else 1.0


def plan_is_allowed(problem: Problem, target) -> bool:
    """Whether a plan keeps every rule, written out from the rules alone."""
    grids, teams = problem.grids, problem.teams
    reach = set(zip(problem.reach.origin.tolist(), problem.reach.destination.tolist(), strict=True))
    left = np.zeros(grids.need.size)
    for team, persons in zip(problem.pins.team, problem.pins.persons, strict=True):
        if teams.home[team] != OUTSIDE:
            left[teams.home[team]] += persons * share_that_leaves(teams, team)
    lends = set()
    for team, grid in enumerate(target):
        if grid < 0:
            continue
        if team in set(problem.pins.team.tolist()) or not teams.is_free[team] or teams.size[team] <= 0:
            return False
        if (team, grid) not in reach or teams.home[team] == grid or not grids.skills[grid] <= teams.skills[team]:
            return False
        if teams.home[team] != OUTSIDE:
            left[teams.home[team]] += teams.leaving[team]
            lends |= {int(teams.home[team])} if teams.leaving[team] else set()
    return all(grids.supply[home] - left[home] >= grids.floor[home] - 1e-6 for home in lends)


def plan_worth(problem: Problem, target) -> tuple[float, float, int]:
    """Unmet need, travel and number of teams of a plan, written out from the goals alone."""
    grids, teams = problem.grids, problem.teams
    minutes = {
        (t, g): c
        for t, g, c in zip(
            problem.reach.origin.tolist(), problem.reach.destination.tolist(), problem.reach.cost.tolist(), strict=True
        )
    }
    supply, travel, sent = grids.supply.copy(), 0.0, 0
    moves = [(team, grid, teams.size[team]) for team, grid in enumerate(target) if grid >= 0]
    pins = list(zip(problem.pins.team, problem.pins.grid, problem.pins.persons, strict=True))
    for team, grid, persons in moves + pins:
        supply[grid] += persons
        if teams.home[team] != OUTSIDE:
            supply[teams.home[team]] -= persons * share_that_leaves(teams, team)
    for team, grid, persons in moves:
        travel += persons * minutes[team, grid]
        sent += 1
    unmet = float(grids.priority @ np.maximum(grids.need - supply, 0))
    return round(unmet, 4), round(travel, 4), sent


def best_by_trying(problem: Problem) -> tuple[float, float, int]:
    n, m = problem.grids.need.size, problem.teams.size.size
    plans = itertools.product(range(-1, n), repeat=m)
    return min(plan_worth(problem, plan) for plan in plans if plan_is_allowed(problem, plan))


def target_of(problem: Problem, proposal) -> list[int]:
    """The grid of each team that a proposal sends, pinned moves left out."""
    target = [-1] * problem.teams.size.size
    pinned = set(problem.pins.team.tolist())
    for move in proposal.moves:
        if move.team not in pinned:
            target[move.team] = move.receiver
    return target


def pairs(*rows: tuple[int, int, float]) -> Pairs:
    table = np.array(rows, dtype=float).reshape(-1, 3)
    return Pairs(table[:, 0].astype(np.intp), table[:, 1].astype(np.intp), table[:, 2])


def crowded_problem(grids: int = 400, teams: int = 120, seed: int = 3) -> Problem:
    """A problem that takes the solver a while: everybody reaches much, and there is not enough."""
    rng = np.random.default_rng(seed)
    need = np.round(rng.uniform(5, 60, grids), 1)
    home = np.full(teams, OUTSIDE)
    found = np.argwhere(rng.random((teams, grids)) < 0.5)
    reach = Pairs(found[:, 0], found[:, 1], np.round(rng.uniform(1, 30, len(found)), 1))
    priority = rng.uniform(1, 3, grids)
    return pose(
        make_grids(need, np.zeros(grids), priority=priority), make_teams(home, rng.integers(5, 37, teams)), reach
    )


@given(problems())
@settings(max_examples=100)
def test_a_proposal_is_the_best_of_all_plans(problem):
    proposal = propose(problem)
    found = plan_worth(problem, target_of(problem, proposal))
    best = best_by_trying(problem)
    assert found == pytest.approx(best, abs=1e-3)
    assert proposal.is_proven
    assert (proposal.unmet.value, proposal.unmet.bound) == pytest.approx((best[0], best[0]), abs=1e-3)
    assert (proposal.travel.value, proposal.teams) == pytest.approx(best[1:], abs=1e-3)


@given(problems(most_grids=12, most_teams=15))
@settings(max_examples=40)
def test_a_proposal_breaks_no_rule_and_no_greedy_plan_is_better(problem):
    proposal = propose(problem)
    assert plan_is_allowed(problem, target_of(problem, proposal))
    terms = state_terms(problem)
    for rule in (best_gain_first, largest_gap_first, nearest_team_first):
        choice = rule(terms)
        sent = choice >= 0
        target = np.where(sent, terms.grid[choice] if terms.grid.size else -1, -1)
        assert plan_is_allowed(problem, target.tolist())
        assert proposal.unmet.value <= judge(terms, choice).unmet + 1e-6
    assert proposal.unmet.bound <= proposal.unmet.value
    assert proposal.unmet.value <= proposal.unmet_before


@given(problems(most_grids=8, most_teams=8))
@settings(max_examples=40)
def test_without_time_the_plan_made_in_one_pass_is_the_answer(problem):
    proposal = propose(problem, seconds=0)
    assert plan_is_allowed(problem, target_of(problem, proposal))
    assert proposal.unmet.bound <= propose(problem).unmet.value + 1e-3
    terms = state_terms(problem)
    peers = [judge(terms, rule(terms)).unmet for rule in (largest_gap_first, nearest_team_first)]
    assert proposal.unmet.value <= min(peers) + 1e-6


@given(problems(most_grids=10, most_teams=10))
@settings(max_examples=40)
def test_pinned_moves_stay_as_they_are(problem):
    proposal = propose(problem)
    kept = [(move.team, move.receiver, move.persons) for move in proposal.moves if move.why is Why.PINNED]
    asked = zip(problem.pins.team, problem.pins.grid, problem.pins.persons, strict=True)
    assert kept == [tuple(pin) for pin in asked]
    assert sum(move.team in set(problem.pins.team.tolist()) for move in proposal.moves) == problem.pins.team.size


@given(problems(most_grids=10, most_teams=10))
@settings(max_examples=40)
def test_moves_and_open_grids_tell_what_the_plan_does(problem):
    proposal = propose(problem)
    supply = problem.grids.supply.copy()
    for move in proposal.moves:
        supply[move.receiver] += move.persons
        if move.giver != OUTSIDE:
            supply[move.giver] -= move.persons * share_that_leaves(problem.teams, move.team)
    missing = problem.grids.need - supply
    assert {one.grid for one in proposal.open} == set(
        np.flatnonzero((missing > 1e-6) & (problem.grids.need > 0)).tolist()
    )
    for one in proposal.open:
        assert one.missing == pytest.approx(missing[one.grid])
        assert one.why is not Open.SEARCH_STOPPED
    for move in proposal.moves:
        assert move.gap_with == pytest.approx(max(missing[move.receiver], 0))
        assert move.gap_without >= move.gap_with


@pytest.mark.parametrize(
    ("size", "home", "is_free", "skills", "reaches", "supply", "why"),
    [
        (5, 0, True, {"medical"}, False, 20, Open.NO_TEAM_IN_REACH),
        (5, 0, True, set(), True, 20, Open.NO_SKILL),
        (5, 0, False, {"medical"}, True, 20, Open.ALL_BUSY),
        (0, 0, True, {"medical"}, True, 20, Open.ALL_BUSY),
        (5, 0, True, {"medical"}, True, 12, Open.LENDERS_AT_FLOOR),
    ],
)
def test_an_open_grid_says_why(size, home, is_free, skills, reaches, supply, why):
    grids = make_grids([10, 8], [supply, 0], skills=[frozenset(), frozenset({"medical"})])
    teams = make_teams([home], [size], skills=[frozenset(skills)], is_free=[is_free])
    proposal = propose(pose(grids, teams, pairs((0, 1, 9)) if reaches else pairs()))
    assert [(one.grid, one.why) for one in proposal.open] == [(1, why)]
    assert proposal.ended is Ended.NOTHING_TO_DO
    assert proposal.moves == ()


def test_a_grid_left_for_a_better_one_says_so():
    proposal = propose(pose(make_grids([9, 5], [0, 0]), make_teams([OUTSIDE], [9]), pairs((0, 0, 5), (0, 1, 5))))
    assert [(one.grid, one.why) for one in proposal.open] == [(1, Open.TEAMS_HELP_ELSEWHERE)]


def test_a_second_team_that_may_not_leave_is_named_as_such():
    grids = make_grids([5, 9, 9], [12, 0, 0])
    proposal = propose(pose(grids, make_teams([0, 0], [6, 6]), pairs((0, 1, 5), (1, 2, 5))))
    assert [one.why for one in proposal.open if one.missing == 9] == [Open.LENDERS_AT_FLOOR]


def test_priority_decides_between_equal_gaps():
    grids = make_grids([9, 9], [0, 0], priority=[1, 2])
    proposal = propose(pose(grids, make_teams([OUTSIDE], [9]), pairs((0, 0, 1), (0, 1, 20))))
    assert [move.receiver for move in proposal.moves] == [1]


def test_the_nearer_of_equal_teams_goes():
    proposal = propose(pose(make_grids([9], [0]), make_teams([OUTSIDE] * 2, [9, 9]), pairs((0, 0, 8), (1, 0, 7))))
    assert [move.team for move in proposal.moves] == [1]


def test_one_team_goes_rather_than_two_with_the_same_travel():
    teams = make_teams([OUTSIDE] * 3, [4, 4, 8])
    proposal = propose(pose(make_grids([8], [0]), teams, pairs((0, 0, 5), (1, 0, 5), (2, 0, 5))))
    assert [move.team for move in proposal.moves] == [2]


def test_a_lender_keeps_its_need_unless_its_floor_is_lowered():
    teams, reach = make_teams([0], [6]), pairs((0, 1, 5))
    held = propose(pose(make_grids([10, 8], [12, 0], priority=[1, 3]), teams, reach))
    let_go = propose(pose(make_grids([10, 8], [12, 0], priority=[1, 3], floor=0), teams, reach))
    assert held.moves == ()
    assert (let_go.unmet.value, let_go.moves[0].giver_surplus) == (3 * 2 + 4, -4)


def test_a_home_loses_what_it_counted_on_and_the_receiver_gains_the_whole_team():
    grids, reach = make_grids([10, 8], [12, 0]), pairs((0, 1, 5))
    found = propose(pose(grids, make_teams([0], [6], leaving=[2]), reach))
    assert [(move.persons, move.gap_with, move.giver_surplus) for move in found.moves] == [(6, 2, 0)]


def test_of_a_pinned_part_the_home_loses_its_share():
    grids, teams = make_grids([10, 8], [12, 0]), make_teams([0], [6], leaving=[3])
    found = propose(pose(grids, teams, pairs((0, 1, 5)), Pins(np.array([0]), np.array([1]), np.array([4.0]))))
    assert [(move.persons, move.gap_with, move.giver_surplus) for move in found.moves] == [(4, 4, 0)]


def test_who_may_go_together_is_not_held_back_by_rounding():
    grids = make_grids([0, 9, 9], [7.452, 0, 0])
    teams = make_teams([0, 0], [6, 6], leaving=[3.726, 3.726])
    assert len(propose(pose(grids, teams, pairs((0, 1, 5), (1, 2, 5)))).moves) == 2


def test_nobody_is_sent_where_the_loss_at_home_is_as_large():
    grids = make_grids([10, 8], [10, 0], floor=-np.inf)
    assert propose(pose(grids, make_teams([0], [6]), pairs((0, 1, 5)))).moves == ()


@pytest.mark.parametrize(
    ("grids", "teams"),
    [
        (make_grids([], []), make_teams([], [])),
        (make_grids([5], [1]), make_teams([], [])),
        (make_grids([np.nan, 0], [3, 4]), make_teams([0], [3])),
    ],
)
def test_nothing_to_do_is_an_empty_proven_plan(grids, teams):
    proposal = propose(pose(grids, teams, pairs()))
    assert (proposal.moves, proposal.ended, proposal.is_proven) == ((), Ended.NOTHING_TO_DO, True)
    assert proposal.unmet.gap == proposal.travel.gap == 0


def test_cancelling_keeps_the_best_plan_so_far():
    problem, enough = crowded_problem(), threading.Event()
    steps = []

    def report(step):
        steps.append(step)
        enough.set()

    proposal = propose(problem, seconds=60, is_cancelled=enough.is_set, report=report)
    assert proposal.ended is Ended.CANCELLED
    assert proposal.unmet.value == steps[-1].unmet < proposal.unmet_before
    assert proposal.unmet.bound <= proposal.unmet.value
    assert plan_is_allowed(problem, target_of(problem, proposal))


def test_cancelling_reaches_a_solver_that_is_running():
    problem, started = crowded_problem(), threading.Event()

    def solver_runs() -> bool:
        return started.is_set() and any(thread.name == "milp" for thread in threading.enumerate())

    begun = time.perf_counter()
    proposal = propose(problem, seconds=60, is_cancelled=solver_runs, report=lambda _: started.set())
    assert proposal.ended is Ended.CANCELLED
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
    whole, pruned = state_terms(problem), prune(state_terms(problem))
    kept = set(zip(pruned.team.tolist(), pruned.grid.tolist(), strict=True))
    reach = problem.reach
    rows = [pair in kept for pair in zip(reach.origin.tolist(), reach.destination.tolist(), strict=True)]
    fewer = Pairs(reach.origin[rows], reach.destination[rows], reach.cost[rows])
    small = propose(pose(problem.grids, problem.teams, fewer))
    full = propose(problem)
    assert pruned.team.size <= whole.team.size
    assert (small.unmet.value, small.travel.value) == pytest.approx((full.unmet.value, full.travel.value), abs=1e-3)


def test_a_team_that_competes_with_nobody_keeps_its_best_grid_only():
    grids = make_grids([4, 9, 9], [0, 0, 0])
    terms = prune(state_terms(pose(grids, make_teams([OUTSIDE], [9]), pairs((0, 0, 1), (0, 1, 8), (0, 2, 7)))))
    assert terms.grid.tolist() == [2]


def test_parts_that_share_a_lender_stay_together():
    grids = make_grids([5, 9, 9], [12, 0, 0])
    teams, reach = make_teams([0, 0], [6, 6]), pairs((0, 1, 5), (1, 2, 5))
    assert len(split(state_terms(pose(grids, teams, reach)))) == 1
    assert len(split(state_terms(pose(make_grids([5, 9, 9], [20, 0, 0]), teams, reach)))) == 2


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
        pose(make_grids([1, 2], [0, 0]), make_teams(home, [3]), reach, NO_PINS)


def test_a_small_part_beside_a_large_one_is_proven_too():
    rng = np.random.default_rng(5)
    found = np.argwhere(rng.random((60, 300)) < 0.3)
    reach = pairs(*[(team, grid, float(rng.integers(1, 30))) for team, grid in found.tolist()], (60, 300, 5))
    need = np.concatenate([np.round(rng.uniform(1, 60, 300), 1), [9]])
    teams = make_teams(np.full(61, OUTSIDE), rng.integers(5, 37, 61))
    problem = pose(make_grids(need, np.zeros(301)), teams, reach)
    sizes = [len(part) for part in split(prune(state_terms(problem)))]
    assert sizes[0] == 1
    assert sizes[-1] > 600
    proposal = propose(problem)
    assert (proposal.ended, proposal.unmet.gap) == (Ended.PROVEN, 0)


def test_the_search_around_a_plan_makes_it_better():
    problem = crowded_problem(120, 40)
    terms = state_terms(problem)
    choice = nearest_team_first(terms)
    clock = Clock(time.perf_counter() + 30, lambda: False)
    better = improve(terms, choice, np.arange(12), clock)
    assert judge(terms, better) < judge(terms, choice)
    assert (better[12:] == choice[12:]).all()


def test_a_team_may_fill_the_gap_that_another_leaves_behind():
    """HiGHS answered "solve error" to this one while the missing persons had an upper bound."""
    grids = make_grids([14.9, 16.3], [13.7, 21.8], floor=[7.45, -np.inf], priority=[2, 1])
    proposal = propose(pose(grids, make_teams([1, 0], [12, 5]), pairs((0, 0, 10), (1, 1, 5))))
    assert [(move.team, move.receiver) for move in proposal.moves] == [(0, 0), (1, 1)]
    assert (proposal.unmet.value, proposal.is_proven) == (pytest.approx(1.5), True)
