"""The problem as the solvers see it: the pairs worth looking at, and what a choice of them is worth."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.arrays import Flags, Floats, Positions
from geo.optimise.problem import (
    OUTSIDE,
    PERSON_DECIMALS,
    STAYS,
    TRAVEL_DECIMALS,
    ProblemData,
    TeamData,
    has_skills,
    sum_at,
)

SAME: Final = 1e-6
"""Sums of rounded persons or minutes that differ by less are equal."""

ChosenArcs = NDArray[np.intp]
"""For each team the position of its pair in ``Arcs``, ``STAYS`` where it is not sent; shape (m,)."""


@dataclass(frozen=True, slots=True)
class Arcs:
    """Pairs of team and grid that are allowed, each of shape (pairs,), over ``n`` grids and ``m`` teams.

    Ordered by team, then by decreasing ``objective``, then ``travel``.
    """

    team: Positions
    grid: Positions
    objective: Floats
    """Priority × persons missing that the team would cover if it were there alone."""
    travel: Floats
    """Person-minutes."""
    size: Floats
    """Persons who arrive, shape (m,)."""
    leaving: Floats
    """Persons whom the home loses, shape (m,)."""
    home: Positions
    """Shape (m,)."""
    balance: Floats
    """Need - supply after the pinned moves, below 0 where there is a surplus; shape (n,)."""
    most_missing: Floats
    """What can be missing at most, if everybody who may leave does; shape (n,)."""
    may_leave: Floats
    """Persons the grid may lend, shape (n,)."""
    priority: Floats
    """Shape (n,)."""

    @property
    def lends_its_need(self) -> Flags:
        """Grids whose floor is below their need: a team that leaves may open a gap at home. Shape (n,)."""
        return np.asarray(self.most_missing > np.maximum(self.balance, 0.0) + SAME)


@dataclass(frozen=True, slots=True, order=True)
class Objective:
    """What a choice is worth, compared in this order, smaller first."""

    unmet: float
    """Priority × persons missing."""
    travel: float
    """Person-minutes."""
    teams: int


def make_arcs(problem: ProblemData) -> Arcs:
    """Return the pairs that keep every rule on their own and cover somebody missing.

    Left out: teams that are pinned, busy or without people, grids out of reach, without the need or asking for a
    skill the team lacks, and teams that take more than their home may lend.
    """
    grids, teams = problem.grids, problem.teams
    supply = supply_with_pins(problem)
    may_leave = round_persons(np.clip(supply_before_arrivals(problem) - grids.floor, 0.0, grids.need.sum() + 1e9))
    balance = round_persons(grids.need - supply)
    usable = usable_teams(problem)
    team, grid = problem.reach.origin, problem.reach.destination
    home = teams.home[team]
    leaving = _leaving(teams)
    fits = (home == OUTSIDE) | (leaving[team] <= may_leave[home] + SAME)
    keep = usable[team] & (home != grid) & fits & has_skills(problem, team, grid)
    most = most_missing(balance, may_leave, np.where(usable, leaving, 0.0), teams.home)
    keep &= most[grid] > SAME
    team, grid = team[keep], grid[keep]
    arcs = Arcs(
        team,
        grid,
        np.round(grids.priority[grid] * np.minimum(teams.size[team], most[grid]), 6),
        np.round(teams.size[team] * problem.reach.cost[keep], TRAVEL_DECIMALS),
        teams.size,
        leaving,
        teams.home,
        balance,
        most,
        may_leave,
        grids.priority,
    )
    return take(arcs, np.lexsort((arcs.grid, arcs.travel, -arcs.objective, arcs.team)))


def take(arcs: Arcs, which: Positions | Flags) -> Arcs:
    """Return the terms with these pairs only."""
    return replace(
        arcs,
        team=arcs.team[which],
        grid=arcs.grid[which],
        objective=arcs.objective[which],
        travel=arcs.travel[which],
    )


def nobody_sent(arcs: Arcs) -> ChosenArcs:
    """Return the choice that sends no team."""
    return np.full(arcs.size.size, STAYS, dtype=np.intp)


def judge(arcs: Arcs, choice: ChosenArcs) -> Objective:
    """Return what a choice is worth over all grids."""
    pair = choice[choice != STAYS]
    unmet = arcs.priority * np.maximum(balance_after(arcs, choice), 0.0)
    return Objective(round(float(unmet.sum()), 6), round(float(arcs.travel[pair].sum()), TRAVEL_DECIMALS), pair.size)


def balance_after(arcs: Arcs, choice: ChosenArcs) -> Floats:
    """Return need - supply of every grid after a choice, shape (n,)."""
    pair = choice[choice != STAYS]
    return arcs.balance - arrivals(arcs, pair) + departures(arcs, pair)


def arrivals(arcs: Arcs, pair: Positions) -> Floats:
    """Return the persons who come to each grid by these pairs, shape (n,)."""
    return sum_at(arcs.grid[pair], arcs.size[arcs.team[pair]], arcs.balance.size)


def departures(arcs: Arcs, pair: Positions) -> Floats:
    """Return the persons whom each grid loses by these pairs, shape (n,)."""
    team = arcs.team[pair]
    team = team[arcs.home[team] != OUTSIDE]
    return sum_at(arcs.home[team], arcs.leaving[team], arcs.balance.size)


def supply_with_pins(problem: ProblemData) -> Floats:
    """Return the supply of each grid when the pinned moves are made, shape (n,)."""
    came = sum_at(problem.pins.grid, problem.pins.persons, problem.grids.need.size)
    return supply_before_arrivals(problem) + came


def supply_before_arrivals(problem: ProblemData) -> Floats:
    """Return the supply less what the pinned moves take away: arrivals are not lent on."""
    pins, teams = problem.pins, problem.teams
    lent = pins.team[teams.home[pins.team] != OUTSIDE]
    share = np.divide(teams.leaving, teams.size, out=np.ones(teams.size.size), where=teams.size > 0)
    lost = pins.persons[teams.home[pins.team] != OUTSIDE] * share[lent]
    left = sum_at(teams.home[lent], lost, problem.grids.need.size)
    return problem.grids.supply - left


def usable_teams(problem: ProblemData) -> Flags:
    """Tell which teams may be sent at all: free, not pinned, with people; shape (m,)."""
    usable = problem.teams.is_free & (problem.teams.size > 0)
    usable[problem.pins.team] = False
    return usable


def most_missing(balance: Floats, may_leave: Floats, leaving: Floats, home: Positions) -> Floats:
    """Return the gap of each grid, shape (n,), if everybody leaves who wants to and may; ``leaving`` of each team."""
    lent = home != OUTSIDE
    wanted = sum_at(home[lent], leaving[lent], balance.size)
    return np.asarray(np.maximum(balance + np.minimum(wanted, may_leave), 0.0))


def round_persons(persons: Floats) -> Floats:
    """Return persons to the hundredth."""
    return np.round(persons, PERSON_DECIMALS)


def _leaving(teams: TeamData) -> Floats:
    """Return what each home loses, down to the hundredth: whoever may go together may still do so."""
    return np.floor(teams.leaving * 10.0**PERSON_DECIMALS + SAME) / 10.0**PERSON_DECIMALS
