"""Problems for the tests of proposals, small enough to try every plan, and rules and goals written out once more."""

import itertools

import numpy as np
from hypothesis import strategies as st

from geo.optimise import (
    OUTSIDE,
    Pins,
    ProblemData,
    Weights,
    make_grids,
    make_problem,
    make_teams,
)
from geo.travel import Pairs

SKILLS = (frozenset(), frozenset(), frozenset({"medical"}), frozenset({"medical", "driving"}))
PLAIN = Weights(quarters=(1.0, 1.0, 1.0, 1.0), person=0.0, minute=0.0, part=0.0, least=0.0)
"""Persons missing alone; ways and teams decide between equals."""
WEIGHTS = (
    Weights(),
    Weights(least=0.0),
    Weights(part=0.4, least=0.0),
    PLAIN,
    Weights(quarters=(1.0, 1.0, 1.0, 1.0), person=0.3, least=0.0),
)


@st.composite
def problems(draw, most_grids: int = 4, most_teams: int = 3, pins: bool = True) -> ProblemData:
    n, m = draw(st.integers(1, most_grids)), draw(st.integers(0, most_teams))
    return random_problem(n, m, np.random.default_rng(draw(st.integers(0, 2**32 - 1))), pins=pins)


def random_problem(n: int, m: int, rng: np.random.Generator, *, pins: bool = True) -> ProblemData:
    need = rng.integers(0, 120, n) / 10
    supply = np.round(need * rng.choice([0, 0.3, 0.8, 1, 2], n) + rng.choice([0, 0, 4.5], n), 1)
    floor = need * rng.choice([0, 0.5, 1, 1, 1], n)
    floor[rng.random(n) < 0.1] = -np.inf
    home = rng.integers(OUTSIDE, n, m)
    reached = np.argwhere(rng.random((m, n)) < rng.choice([0.3, 0.7, 1.0]))
    held = rng.permutation(m)[: rng.integers(0, 2)] if pins and m else np.empty(0, int)
    grids = make_grids(
        need,
        supply,
        floor=floor,
        priority=rng.choice([1.0, 1.0, 2.0, 0.5], n),
        skills=[SKILLS[k] for k in rng.choice(4, n, p=[0.4, 0.4, 0.1, 0.1])],
    )
    parts = rng.random(m) < 0.5
    size = np.where(parts, rng.integers(0, 6, m), rng.choice([0.0, 3, 5, 7, 12], m)).astype(float)
    leaving = size * rng.choice([1, 1, 0.5, 0.25, 0], m) if rng.random() < 0.5 else None
    free = np.where(rng.random(m) < 0.8, size, np.floor(size / 2))
    has = [SKILLS[k] for k in rng.integers(0, 4, m)]
    teams = make_teams(home, size, leaving=leaving, skills=has, free=free, is_divisible=parts)
    reach = Pairs(reached[:, 0], reached[:, 1], rng.integers(0, 4, len(reached)) * 5.0)
    persons = np.minimum(free[held], rng.integers(1, 13, held.size))
    pinned = Pins(held.astype(np.intp), rng.integers(0, n, held.size), persons)
    return make_problem(grids, teams, reach, pinned, attendance=float(rng.choice([1.0, 1.0, 0.5])))


def share_counted(teams, team) -> float:
    """How much of a person sent the home of a team had counted."""
    return teams.leaving[team] / teams.size[team] if teams.size[team] else 1.0


def minutes_of(problem: ProblemData) -> dict[tuple[int, int], float]:
    reach = problem.reach
    ends = zip(reach.origin.tolist(), reach.destination.tolist(), strict=True)
    return dict(zip(ends, reach.cost.tolist(), strict=True))


def pins_of(problem: ProblemData) -> list[tuple[int, int, float]]:
    pins = problem.pins
    return list(zip(pins.team.tolist(), pins.grid.tolist(), pins.persons.tolist(), strict=True))


def losses(problem: ProblemData, moves) -> np.ndarray:
    """The persons whom each grid loses to other grids by moves (team, grid, persons)."""
    lost = np.zeros(problem.grids.need.size)
    for team, grid, persons in moves:
        home = problem.teams.home[team]
        if home not in (OUTSIDE, grid):
            lost[home] += persons * share_counted(problem.teams, team)
    return lost


def plan_is_allowed(problem: ProblemData, moves) -> bool:
    """Whether moves (team, grid, persons) beside the pinned ones keep every rule, written out from the rules alone."""
    grids, teams, reach = problem.grids, problem.teams, minutes_of(problem)
    pinned = pins_of(problem)
    for team in {team for team, _, _ in moves}:
        own = [persons for other, _, persons in moves if other == team]
        held = sum(persons for other, _, persons in pinned if other == team)
        if sum(own) > teams.free[team] - held + 1e-6:
            return False
        if not teams.is_divisible[team] and own != [teams.size[team]]:
            return False
    for team, grid, persons in moves:
        if (team, grid) not in reach and teams.home[team] != grid:
            return False
        if persons <= 0 or persons != round(persons) or not grids.skills[grid] <= teams.skills[team]:
            return False
    lost, total = losses(problem, moves), losses(problem, [*moves, *pinned])
    lends = np.flatnonzero(lost)
    return bool((grids.supply[lends] - total[lends] >= grids.floor[lends] - 1e-5).all())


def missing_after(problem: ProblemData, moves) -> np.ndarray:
    """Need less supply of every grid after moves and pinned moves; below 0 where there are more than needed."""
    supply = problem.grids.supply - losses(problem, [*moves, *pins_of(problem)])
    for team, grid, persons in [*moves, *pins_of(problem)]:
        counted = share_counted(problem.teams, team) if problem.teams.home[team] == grid else 0.0
        supply[grid] += persons * max(problem.attendance - counted, 0.0)
    return problem.grids.need - supply


def hardship(missing: float, need: float, weights: Weights) -> float:
    """What missing persons count: each quarter of the need more than the one before."""
    total, left = 0.0, max(missing, 0.0)
    for weight in weights.quarters[:-1]:
        total += weight * min(left, need / 4)
        left -= min(left, need / 4)
    return total + weights.quarters[-1] * left


def plan_cost(problem: ProblemData, moves, weights: Weights) -> float:
    """What counts against a plan, written out from the goal alone."""
    grids, minutes = problem.grids, minutes_of(problem)
    before, after = missing_after(problem, []), missing_after(problem, moves)
    total = 0.0
    for grid, need in enumerate(grids.need):
        rest = round(max(before[grid], 0), 2) % 1
        uncounted = rest if rest < weights.least else 0.0
        hurt = hardship(after[grid], need, weights) - hardship(min(max(after[grid], 0), uncounted), need, weights)
        total += grids.priority[grid] * hurt
    for team, grid, persons in moves:
        total += persons * (weights.person + weights.minute * minutes.get((team, grid), 0.0))
        total += weights.part if problem.teams.is_divisible[team] else 0.0
    return total


def plans(problem: ProblemData):
    """Every way to send teams, allowed or not."""
    n = problem.grids.need.size
    choices = []
    for team, size in enumerate(problem.teams.size.astype(int).tolist()):
        if problem.teams.is_divisible[team]:
            counts = itertools.product(range(size + 1), repeat=n)
            own = [count for count in counts if sum(count) <= problem.teams.free[team]]
        else:
            own = [tuple(size if at == grid else 0 for at in range(n)) for grid in range(-1, n)]
        choices.append([[(team, grid, count) for grid, count in enumerate(one) if count] for one in own])
    for chosen in itertools.product(*choices):
        yield [move for moves in chosen for move in moves]


def least_cost(problem: ProblemData, weights: Weights) -> float:
    """The cost of the best of all plans."""
    return min(plan_cost(problem, plan, weights) for plan in plans(problem) if plan_is_allowed(problem, plan))


def moves_of(problem: ProblemData, proposal) -> list[tuple[int, int, float]]:
    """The moves of a proposal that are not pinned."""
    return [(move.team, move.receiver, move.persons) for move in proposal.moves[problem.pins.team.size :]]


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


def merged(moves, further):
    """Moves with a further one; of one team to one grid there is one move."""
    team, grid, persons = further
    there = sum(p for t, g, p in moves if (t, g) == (team, grid))
    return [*((t, g, p) for t, g, p in moves if (t, g) != (team, grid)), (team, grid, persons + there)]
