"""What is asked of the optimiser: grids, teams, who reaches whom, and which moves stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from geo.arrays import Flags, Floats, Positions
from geo.errors import ShapeMismatchError
from geo.travel import Pairs

Skills = frozenset[str]

PERSON_DECIMALS: Final = 2
"""Persons are compared to a hundredth: finer differences of expected values mean nothing."""
OUTSIDE: Final = -1
"""The home of a team that no grid of the problem lends."""
NO_SKILLS: Final[Skills] = frozenset()


@dataclass(frozen=True, slots=True)
class GridData:
    """``n`` grids in one window, before the plan; ``make_grids`` makes them. Persons, each of shape (n,)."""

    need: Floats
    """0 where nothing is known or nobody is needed."""
    supply: Floats
    floor: Floats
    """What a grid keeps when it lends: no team leaves that would take its supply below it."""
    priority: Floats
    """A person missing here counts this much."""
    skills: tuple[Skills, ...]
    """A team must have all of them to help here."""


@dataclass(frozen=True, slots=True)
class TeamData:
    """``m`` teams; ``make_teams`` makes them."""

    home: Positions
    """The grid that lends the team, ``OUTSIDE`` for none; shape (m,)."""
    size: Floats
    """Persons of the team, shape (m,)."""
    leaving: Floats
    """What the home's supply loses when the whole team goes, shape (m,); of a part sent, its share."""
    skills: tuple[Skills, ...]
    free: Floats
    """Persons not sent elsewhere in an overlapping window, shape (m,)."""
    is_divisible: Flags
    """May be sent in part, and to several grids; the others go as a whole or not at all. Shape (m,)."""


@dataclass(frozen=True, slots=True)
class Pins:
    """Moves that stay as they are, whatever rule they break: ``k`` of them, each of shape (k,)."""

    team: Positions
    grid: Positions
    persons: Floats


NO_PINS: Final = Pins(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0))


@dataclass(frozen=True, slots=True)
class ProblemData:
    """Everything a proposal follows from; ``make_problem`` makes it and checks that its parts fit."""

    grids: GridData
    teams: TeamData
    reach: Pairs
    """From team (``origin``) to grid (``destination``), cost in minutes; what is missing is out of reach."""
    pins: Pins = NO_PINS
    attendance: float = 1.0
    """Of the persons who are sent, the share that comes."""
    stood: Pins = NO_PINS
    """Who stood where until the window began, home apart: as many as are sent there again have no way to go."""


def make_grids(
    need: ArrayLike,
    supply: ArrayLike,
    *,
    floor: ArrayLike | None = None,
    priority: ArrayLike | None = None,
    skills: Sequence[Skills] | None = None,
) -> GridData:
    """Return grids; by default each keeps its own need, all count alike and no skill is asked for.

    Parameters
    ----------
    need
        Persons, shape (n,); NaN (nothing known) counts as 0.
    supply
        Persons, shape (n,), not null.
    floor
        Persons, shape (n,) or one number; ``-inf`` lets everybody go. Null where the grid keeps its own need.
    priority
        Above 0, shape (n,).
    skills
        What a team must have to help, one set for each grid.

    Raises
    ------
    ShapeMismatchError
        When the lengths differ.
    """
    wanted = np.nan_to_num(np.asarray(need, dtype=np.float64))
    count = wanted.size
    kept = wanted if floor is None else np.broadcast_to(np.asarray(floor, dtype=np.float64), wanted.shape)
    weight = np.ones(count) if priority is None else np.asarray(priority, dtype=np.float64)
    there = np.asarray(supply, dtype=np.float64)
    asked = tuple(skills) if skills is not None else (NO_SKILLS,) * count
    if not count == there.size == weight.size == len(asked):
        raise ShapeMismatchError(need=count, supply=there.size, priority=weight.size, skills=len(asked))
    return GridData(wanted, there, np.where(np.isnan(kept), wanted, kept), weight, asked)


def make_teams(
    home: ArrayLike,
    size: ArrayLike,
    *,
    leaving: ArrayLike | None = None,
    skills: Sequence[Skills] | None = None,
    free: ArrayLike | None = None,
    is_divisible: ArrayLike = False,
) -> TeamData:
    """Return teams; by default without skills, free and whole. A null size counts as nobody.

    Parameters
    ----------
    home
        Positions of grids, shape (m,).
    size
        Persons, shape (m,).
    leaving
        Persons whom the home's supply loses, shape (m,); by default, and where null, the size. Less than the size
        where the home does not count on everybody at all times.
    skills
        One set for each team.
    free
        Persons who are not sent elsewhere, shape (m,); by default everybody.
    is_divisible
        Shape (m,) or one flag.

    Raises
    ------
    ShapeMismatchError
        When the lengths differ.
    """
    at = np.asarray(home, dtype=np.intp)
    persons = np.maximum(np.nan_to_num(np.asarray(size, dtype=np.float64)), 0.0)
    lost = persons if leaving is None else np.asarray(leaving, dtype=np.float64)
    left = persons if free is None else np.asarray(free, dtype=np.float64)
    parts = np.broadcast_to(np.asarray(is_divisible, dtype=np.bool_), at.shape)
    known = tuple(skills) if skills is not None else (NO_SKILLS,) * at.size
    if not at.size == persons.size == lost.size == left.size == len(known):
        raise ShapeMismatchError(home=at.size, size=persons.size, leaving=lost.size, free=left.size, skills=len(known))
    lost = np.maximum(np.where(np.isnan(lost), persons, lost), 0.0)
    return TeamData(at, persons, lost, known, np.clip(left, 0.0, persons), parts)


def make_problem(
    grids: GridData,
    teams: TeamData,
    reach: Pairs,
    pins: Pins = NO_PINS,
    *,
    attendance: float = 1.0,
    stood: Pins = NO_PINS,
) -> ProblemData:
    """Return the problem. A team reaches its home in no time, whatever ``reach`` says.

    Raises
    ------
    IndexError
        When a home, a pair, a pin or who stood somewhere names a grid or a team that is not there.
    """
    count, many = grids.need.size, teams.home.size
    _check(teams.home, OUTSIDE, count, "home")
    _check(np.concatenate([reach.origin, pins.team, stood.team]), 0, many, "team")
    _check(np.concatenate([reach.destination, pins.grid, stood.grid]), 0, count, "grid")
    own = np.flatnonzero(teams.home != OUTSIDE)
    away = teams.home[reach.origin] != reach.destination
    ends = (reach.origin[away], own), (reach.destination[away], teams.home[own])
    team, grid = (np.concatenate(both) for both in ends)
    return ProblemData(
        grids, teams, Pairs(team, grid, np.append(reach.cost[away], np.zeros(own.size))), pins, attendance, stood
    )


def reach_of_teams(between_grids: Pairs, home: ArrayLike) -> Pairs:
    """Return which grids each team reaches, from the pairs of grids within reach of each other.

    Parameters
    ----------
    between_grids
        From grid to grid, ordered by origin as ``geo.travel.pairs_within`` returns them.
    home
        Grid of each team, shape (m,); a team from ``OUTSIDE`` reaches none.

    Examples
    --------
    >>> pairs = Pairs(np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([0.0, 7.0, 0.0]))
    >>> reach_of_teams(pairs, [0, 0, -1]).destination.tolist()
    [0, 1, 0, 1]
    """
    at = np.asarray(home, dtype=np.intp)
    first = np.searchsorted(between_grids.origin, at, side="left")
    last = np.searchsorted(between_grids.origin, at, side="right")
    counts = np.where(at >= 0, last - first, 0)
    team = np.repeat(np.arange(at.size), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    row = np.repeat(first, counts) + within
    return Pairs(team, between_grids.destination[row], between_grids.cost[row])


def has_skills(problem: ProblemData, team: Positions, grid: Positions) -> Flags:
    """Tell for each pair whether the team has every skill the grid asks for, shape (pairs,)."""
    of_team, team_kind = _number(problem.teams.skills)
    of_grid, grid_kind = _number(problem.grids.skills)
    fits = np.array([[asked <= has for asked in of_grid] for has in of_team], dtype=np.bool_)
    return fits.reshape(len(of_team), len(of_grid))[team_kind[team], grid_kind[grid]]


def sum_at(position: Positions, persons: Floats, count: int) -> Floats:
    """Return the sum of persons at each of ``count`` positions, shape (count,), floats even where there is none."""
    return np.bincount(position, weights=persons, minlength=count).astype(np.float64)


def _number(skills: tuple[Skills, ...]) -> tuple[list[Skills], Positions]:
    kinds: dict[Skills, int] = {}
    of = np.array([kinds.setdefault(one, len(kinds)) for one in skills], dtype=np.intp)
    return list(kinds), of


def _check(positions: Positions, low: int, high: int, what: str) -> None:
    if positions.size and not (low <= positions.min() and positions.max() < high):
        raise IndexError(f"{what} {positions.min()}..{positions.max()} is outside {low}..{high - 1}")
