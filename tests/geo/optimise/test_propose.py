"""Proposals against every plan there is, on problems small enough to try them all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.optimise import MoveReason, ShortageReason, Weights, propose
from geo.optimise.arcs import judge, make_arcs
from geo.optimise.greedy import best_gain_first, largest_gap_first, nearest_team_first
from tests.geo.optimise.posing import (
    PLAIN,
    WEIGHTS,
    least_cost,
    merged,
    missing_after,
    moves_of,
    pins_of,
    plan_cost,
    plan_is_allowed,
    problems,
    share_counted,
)


def almost(cost: float):
    """To the hundredth to which persons are compared in each grid, and a ten thousandth."""
    return pytest.approx(cost, abs=0.1, rel=2e-4)


@given(problems(), st.sampled_from([weights for weights in WEIGHTS if weights.least == 0]))
@settings(max_examples=150, deadline=None)
def test_a_proposal_is_the_best_of_all_plans(problem, weights):
    proposal = propose(problem, weights)
    moves = moves_of(problem, proposal)
    assert plan_is_allowed(problem, moves)
    assert proposal.is_proven
    assert proposal.cost.value == proposal.cost.bound == almost(plan_cost(problem, moves, weights))
    assert proposal.cost.value == almost(least_cost(problem, weights))


@given(problems())
@settings(max_examples=60, deadline=None)
def test_no_move_closes_less_than_half_a_person(problem):
    weights = Weights()
    proposal = propose(problem, weights)
    moves = moves_of(problem, proposal)
    assert plan_is_allowed(problem, moves)
    after = missing_after(problem, moves)
    for team, grid, persons in moves:
        counted = share_counted(problem.teams, team) if problem.teams.home[team] == grid else 0.0
        came = persons * (problem.attendance - counted)
        assert max(after[grid] + came, 0) - max(after[grid], 0) >= weights.least - 0.02
    assert least_cost(problem, weights) <= proposal.cost.value + 0.1


@given(problems(most_grids=12, most_teams=15), st.sampled_from(WEIGHTS))
@settings(max_examples=40, deadline=None)
def test_a_proposal_breaks_no_rule_and_no_greedy_plan_is_better(problem, weights):
    proposal = propose(problem, weights)
    assert plan_is_allowed(problem, moves_of(problem, proposal))
    arcs = make_arcs(problem, weights)
    for rule in (best_gain_first, largest_gap_first, nearest_team_first):
        sending = rule(arcs)
        sent = np.flatnonzero(sending)
        moves = zip(arcs.team[sent].tolist(), arcs.grid[sent].tolist(), sending[sent].tolist(), strict=True)
        assert plan_is_allowed(problem, list(moves))
        if not weights.least:
            assert proposal.cost.value <= judge(arcs, sending).cost * (1 + 2e-4) + 1e-6
    assert proposal.cost.bound <= proposal.cost.value
    assert proposal.missing <= proposal.missing_before + 1e-6 or proposal.cost.value <= proposal.before + 1e-6


@given(problems(most_grids=8, most_teams=8))
@settings(max_examples=40, deadline=None)
def test_without_time_the_plan_made_in_one_pass_is_the_answer(problem):
    proposal = propose(problem, PLAIN, seconds=0)
    assert plan_is_allowed(problem, moves_of(problem, proposal))
    assert proposal.cost.bound <= propose(problem, PLAIN).cost.value + 1e-3
    assert proposal.cost.value <= proposal.before


@given(problems(most_grids=10, most_teams=10))
@settings(max_examples=40, deadline=None)
def test_pinned_moves_stay_as_they_are(problem):
    proposal = propose(problem)
    kept = [(move.team, move.receiver, move.persons) for move in proposal.moves if move.why is MoveReason.PINNED]
    assert kept == pins_of(problem)


@given(problems(most_grids=10, most_teams=10))
@settings(max_examples=40, deadline=None)
def test_moves_and_open_grids_tell_what_the_plan_does(problem):
    proposal = propose(problem)
    missing = missing_after(problem, moves_of(problem, proposal))
    short = np.flatnonzero((np.round(missing, 2) > 0.01) & (problem.grids.need > 0)).tolist()
    assert {one.grid for one in proposal.open} >= set(short)
    for one in proposal.open:
        assert one.missing == pytest.approx(missing[one.grid], abs=0.011)
    for move in proposal.moves:
        assert move.gap_with == pytest.approx(max(missing[move.receiver], 0), abs=0.011)
        assert move.gap_without >= move.gap_with - 1e-9 or move.why is MoveReason.PINNED


@given(problems(most_grids=4, most_teams=4), st.sampled_from(WEIGHTS))
@settings(max_examples=150, deadline=None)
def test_reasons_hold_when_they_are_taken_at_their_word(problem, weights):
    """Each reason says which further moves there could be: every one of them is tried."""
    proposal = propose(problem, weights)
    moves = moves_of(problem, proposal)
    reach = set(zip(problem.reach.origin.tolist(), problem.reach.destination.tolist(), strict=True))
    held = {
        team: sum(p for other, _, p in pins_of(problem) if other == team) for team in range(len(problem.teams.size))
    }
    for one in proposal.open:
        near = [team for team in range(problem.teams.size.size) if (team, one.grid) in reach]
        skilled = [team for team in near if problem.grids.skills[one.grid] <= problem.teams.skills[team]]
        free = {team: left_of(problem, team, held[team], 0) for team in skilled}
        left = {
            team: left_of(problem, team, held[team], sum(p for other, _, p in moves if other == team))
            for team in skilled
        }
        further = [
            (team, one.grid, float(persons))
            for team, most in left.items()
            for persons in ([most] if not problem.teams.is_divisible[team] else range(1, int(most) + 1))
            if most > 0
        ]
        allowed = [move for move in further if plan_is_allowed(problem, merged(moves, move))]
        expected = (
            (not near, ShortageReason.NO_TEAM_IN_REACH),
            (not skilled, ShortageReason.NO_SKILL),
            (not any(free.values()), ShortageReason.ALL_BUSY),
            (not further, ShortageReason.ALL_PLANNED),
            (not allowed, ShortageReason.LENDERS_AT_FLOOR),
            (True, ShortageReason.TOO_LITTLE),
        )
        assert one.why is next(reason for holds, reason in expected if holds)
        if one.why is ShortageReason.TOO_LITTLE and not weights.least:
            now = plan_cost(problem, moves, weights)
            assert all(plan_cost(problem, merged(moves, move), weights) >= now - 0.05 - 2e-4 * now for move in allowed)


def left_of(problem, team: int, held: float, sent: float) -> float:
    """Who of a team is neither out, pinned nor planned; of a whole team everybody or nobody."""
    left = problem.teams.free[team] - held - sent
    return left if problem.teams.is_divisible[team] or left >= problem.teams.size[team] else 0.0
