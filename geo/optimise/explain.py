"""Why a move is proposed, and why a grid stays open: facts for one-line sentences, told elsewhere."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from geo.arrays import Flags, Floats, Positions
from geo.optimise.arcs import SAME, supply_before_arrivals, usable_teams
from geo.optimise.problem import OUTSIDE, STAYS, ProblemData, has_skills, sum_at


class MoveReason(StrEnum):
    """What decides a proposed move."""

    PINNED = "pinned"
    """The planner asked for it."""
    ONLY_TEAM = "only_team"
    """No other team may go there."""
    CLOSES = "closes"
    """With it the grid is no longer short."""
    HELPS_MOST = "helps_most"
    """Nowhere does the team help more with all others where they are."""


class ShortageReason(StrEnum):
    """Why a grid stays short."""

    NO_TEAM_IN_REACH = "no_team_in_reach"
    NO_SKILL = "no_skill"
    """No team in reach has the skills the grid asks for."""
    ALL_BUSY = "all_busy"
    """Every such team is already sent, pinned elsewhere or has no people."""
    LENDERS_AT_FLOOR = "lenders_at_floor"
    """Such a team would take its home below what it keeps."""
    TEAMS_HELP_ELSEWHERE = "teams_help_elsewhere"
    """Every team that may come helps more, or as much with less travel, where the plan sends it."""
    SEARCH_STOPPED = "search_stopped"
    """A team could still come: the search was stopped before the best plan was found."""


@dataclass(frozen=True, slots=True)
class ProposedMove:
    """A team sent to a grid, both as positions in the problem. Persons and minutes."""

    team: int
    giver: int
    """``OUTSIDE`` where no grid lends the team."""
    receiver: int
    persons: float
    minutes: float
    """NaN for a pinned move out of reach."""
    gap_without: float
    """Of the receiver with every other move of the plan made."""
    gap_with: float
    giver_surplus: float
    """Of the giver after the plan, below 0 where it is short; NaN without a giver."""
    why: MoveReason


@dataclass(frozen=True, slots=True)
class OpenGrid:
    """A grid that the plan leaves short."""

    grid: int
    missing: float
    """Persons."""
    why: ShortageReason
    teams: int
    """Teams in reach, whatever else is against them."""


def explain_moves(problem: ProblemData, target: Positions) -> tuple[ProposedMove, ...]:
    """Return every move of a plan, pinned ones first, then by receiver and decreasing size.

    ``target`` is the grid of each team, ``STAYS`` where it is not sent, shape (m,), pinned teams left out.
    """
    supply = supply_after(problem, target)
    minutes = _minutes(problem, target)
    comers = _comers(problem)
    moves = [
        _explain(problem, supply, minutes, comers, team, grid, persons, is_pinned=True)
        for team, grid, persons in zip(
            problem.pins.team.tolist(), problem.pins.grid.tolist(), problem.pins.persons.tolist(), strict=True
        )
    ]
    sent = np.flatnonzero(target != STAYS)
    for team in sent[np.lexsort((sent, -problem.teams.size[sent], target[sent]))].tolist():
        size = float(problem.teams.size[team])
        moves.append(_explain(problem, supply, minutes, comers, team, int(target[team]), size, is_pinned=False))
    return tuple(moves)


def explain_open(problem: ProblemData, target: Positions, *, is_best: bool) -> tuple[OpenGrid, ...]:
    """Return the grids that stay short after a plan, the largest gap (× priority) first, and why.

    The first reason that holds is given, in the order of ``ShortageReason``.
    """
    grids, teams, reach = problem.grids, problem.teams, problem.reach
    missing = grids.need - supply_after(problem, target)
    short = np.flatnonzero((missing > SAME) & (grids.need > 0))
    near = teams.home[reach.origin] != reach.destination
    skilled = near & has_skills(problem, reach.origin, reach.destination)
    free = skilled & usable_teams(problem)[reach.origin]
    fits = free & _fits(problem, np.zeros(grids.need.size))[reach.origin]
    still = fits & (target == STAYS)[reach.origin]
    could = still & _fits(problem, _leaving(problem, target))[reach.origin]
    counts = [_count(problem, flags) for flags in (near, skilled, free, fits)]
    idle, able = _count(problem, still), _count(problem, could)
    last = ShortageReason.TEAMS_HELP_ELSEWHERE if is_best else ShortageReason.SEARCH_STOPPED
    reasons = (
        ShortageReason.NO_TEAM_IN_REACH,
        ShortageReason.NO_SKILL,
        ShortageReason.ALL_BUSY,
        ShortageReason.LENDERS_AT_FLOOR,
    )
    found = []
    for grid in short[np.lexsort((short, -(missing * grids.priority)[short]))].tolist():
        why = next((reason for reason, count in zip(reasons, counts, strict=True) if not count[grid]), None)
        if why is None and idle[grid]:
            why = last if able[grid] else ShortageReason.LENDERS_AT_FLOOR
        why = why or ShortageReason.TEAMS_HELP_ELSEWHERE
        found.append(OpenGrid(grid, float(missing[grid]), why, int(counts[0][grid])))
    return tuple(found)


def supply_after(problem: ProblemData, target: Positions) -> Floats:
    """Return the supply of every grid after pinned moves and plan, shape (n,)."""
    count = problem.grids.need.size
    sent = np.flatnonzero(target != STAYS)
    came = sum_at(target[sent], problem.teams.size[sent], count)
    came += sum_at(problem.pins.grid, problem.pins.persons, count)
    return np.asarray(supply_before_arrivals(problem) + came - _leaving(problem, target))


def _leaving(problem: ProblemData, target: Positions) -> Floats:
    sent = np.flatnonzero((target != STAYS) & (problem.teams.home != OUTSIDE))
    left = sum_at(problem.teams.home[sent], problem.teams.leaving[sent], problem.grids.need.size)
    return left.astype(np.float64)


def _fits(problem: ProblemData, leaving: Floats) -> Flags:
    """Tell which teams their home may still lend, shape (m,)."""
    spare = np.maximum(supply_before_arrivals(problem) - problem.grids.floor - leaving, 0.0)
    home = problem.teams.home
    return np.asarray((home == OUTSIDE) | (problem.teams.leaving <= spare[home] + 1e-2))


def _count(problem: ProblemData, flags: Flags) -> Positions:
    return np.bincount(problem.reach.destination[flags], minlength=problem.grids.need.size)


def _comers(problem: ProblemData) -> Positions:
    """Return how many teams may come to each grid, shape (n,)."""
    team, grid = problem.reach.origin, problem.reach.destination
    may = usable_teams(problem)[team] & (problem.teams.home[team] != grid) & has_skills(problem, team, grid)
    return _count(problem, may & _fits(problem, np.zeros(problem.grids.need.size))[team])


def _minutes(problem: ProblemData, target: Positions) -> dict[tuple[int, int], float]:
    """Return the minutes between each team that goes somewhere and where it goes, and more."""
    reach = problem.reach
    goes = (target[reach.origin] == reach.destination) | np.isin(reach.origin, problem.pins.team)
    team, grid = reach.origin[goes].tolist(), reach.destination[goes].tolist()
    return dict(zip(zip(team, grid, strict=True), reach.cost[goes].tolist(), strict=True))


def _explain(
    problem: ProblemData,
    supply: Floats,
    minutes: dict[tuple[int, int], float],
    comers: Positions,
    team: int,
    grid: int,
    persons: float,
    *,
    is_pinned: bool,
) -> ProposedMove:
    short = float(problem.grids.need[grid] - supply[grid])
    giver = int(problem.teams.home[team])
    left = float(supply[giver] - problem.grids.need[giver]) if giver != OUTSIDE else float("nan")
    if is_pinned:
        why = MoveReason.PINNED
    elif comers[grid] == 1:
        why = MoveReason.ONLY_TEAM
    else:
        why = MoveReason.CLOSES if short <= SAME else MoveReason.HELPS_MOST
    without, with_it = max(short + persons, 0.0), max(short, 0.0)
    return ProposedMove(
        team, giver, grid, persons, minutes.get((team, grid), float("nan")), without, with_it, left, why
    )
