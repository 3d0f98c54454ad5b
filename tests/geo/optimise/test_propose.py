"""Proposals against every plan there is, on problems small enough to try them all."""

import numpy as np
import pytest
from hypothesis import given, settings

from geo.optimise import (
    OUTSIDE,
    MoveReason,
    ShortageReason,
    propose,
)
from geo.optimise.arcs import judge, make_arcs
from geo.optimise.greedy import best_gain_first, largest_gap_first, nearest_team_first
from tests.geo.optimise.posing import (
    best_by_trying,
    plan_is_allowed,
    plan_worth,
    problems,
    share_that_leaves,
    target_of,
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
    arcs = make_arcs(problem)
    for rule in (best_gain_first, largest_gap_first, nearest_team_first):
        choice = rule(arcs)
        sent = choice >= 0
        target = np.where(sent, arcs.grid[choice] if arcs.grid.size else -1, -1)
        assert plan_is_allowed(problem, target.tolist())
        assert proposal.unmet.value <= judge(arcs, choice).unmet + 1e-6
    assert proposal.unmet.bound <= proposal.unmet.value
    assert proposal.unmet.value <= proposal.unmet_before


@given(problems(most_grids=8, most_teams=8))
@settings(max_examples=40)
def test_without_time_the_plan_made_in_one_pass_is_the_answer(problem):
    proposal = propose(problem, seconds=0)
    assert plan_is_allowed(problem, target_of(problem, proposal))
    assert proposal.unmet.bound <= propose(problem).unmet.value + 1e-3
    arcs = make_arcs(problem)
    peers = [judge(arcs, rule(arcs)).unmet for rule in (largest_gap_first, nearest_team_first)]
    assert proposal.unmet.value <= min(peers) + 1e-6


@given(problems(most_grids=10, most_teams=10))
@settings(max_examples=40)
def test_pinned_moves_stay_as_they_are(problem):
    proposal = propose(problem)
    kept = [(move.team, move.receiver, move.persons) for move in proposal.moves if move.why is MoveReason.PINNED]
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
        assert one.why is not ShortageReason.SEARCH_STOPPED
    for move in proposal.moves:
        assert move.gap_with == pytest.approx(max(missing[move.receiver], 0))
        assert move.gap_without >= move.gap_with
