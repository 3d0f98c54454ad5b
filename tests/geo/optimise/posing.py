"""Problems for the tests of proposals, small enough to try every plan, and rules and goals written out once more."""

import itertools

import numpy as np
from hypothesis import strategies as st

from geo.optimise import (
    OUTSIDE,
    Pins,
    ProblemData,
    make_grids,
    make_problem,
    make_teams,
)
from geo.travel import Pairs

SKILLS = (frozenset(), frozenset(), frozenset({"medical"}), frozenset({"medical", "driving"}))


@st.composite
def problems(draw, most_grids: int = 5, most_teams: int = 4, pins: bool = True) -> ProblemData:
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
    return make_problem(grids, teams, reach, pinned)


def share_that_leaves(teams, team) -> float:
    """How much of a person sent the home of a team loses."""
    return teams.leaving[team] / teams.size[team] if teams.size[team] else 1.0


def plan_is_allowed(problem: ProblemData, target) -> bool:
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


def plan_worth(problem: ProblemData, target) -> tuple[float, float, int]:
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


def best_by_trying(problem: ProblemData) -> tuple[float, float, int]:
    n, m = problem.grids.need.size, problem.teams.size.size
    plans = itertools.product(range(-1, n), repeat=m)
    return min(plan_worth(problem, plan) for plan in plans if plan_is_allowed(problem, plan))


def target_of(problem: ProblemData, proposal) -> list[int]:
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


def crowded_problem(grids: int = 400, teams: int = 120, seed: int = 3) -> ProblemData:
    """A problem that takes the solver a while: everybody reaches much, and there is not enough."""
    rng = np.random.default_rng(seed)
    need = np.round(rng.uniform(5, 60, grids), 1)
    home = np.full(teams, OUTSIDE)
    found = np.argwhere(rng.random((teams, grids)) < 0.5)
    reach = Pairs(found[:, 0], found[:, 1], np.round(rng.uniform(1, 30, len(found)), 1))
    priority = rng.uniform(1, 3, grids)
    return make_problem(
        make_grids(need, np.zeros(grids), priority=priority), make_teams(home, rng.integers(5, 37, teams)), reach
    )
