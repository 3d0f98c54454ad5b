"""The problem as the solvers see it: the pairs worth looking at, and what sending people along them is worth."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from geo.arrays import Flags, Floats, Positions
from geo.optimise.problem import OUTSIDE, PERSON_DECIMALS, ProblemData, TeamData, has_skills, sum_at
from geo.optimise.weights import Weights
from geo.travel import Pairs

SAME: Final = 1e-6
"""Sums of persons that differ by less are equal."""
NEAR_MINUTE: Final = 1e-5
"""What a minute of one person counts beside its price, so that of equal plans the one with the shorter ways wins."""
FEW_TEAMS: Final = 1e-4
"""What sending a team counts beside its people, so that of equal plans the one with fewer teams wins."""

Sending = Floats
"""The persons who are sent along each pair, whole numbers of shape (pairs,)."""


@dataclass(frozen=True, slots=True)
class Arcs:
    """Pairs of team and grid that are allowed, over ``n`` grids and ``m`` teams; ordered by team, then grid.

    A pair of a team and its home stands for calling the team out where it lives.
    """

    team: Positions
    """Shape (pairs,)."""
    grid: Positions
    """Shape (pairs,)."""
    minutes: Floats
    """Shape (pairs,)."""
    stays: Flags
    """For those of the team who stand at the grid already: no way, and no more than they are. Shape (pairs,)."""
    gain: Floats
    """By how much each person sent lowers what the grid lacks, shape (pairs,): at home less what is counted there."""
    loss: Floats
    """Persons whom the home loses by each person sent, shape (pairs,); 0 at home and from ``OUTSIDE``."""
    price: Floats
    """What each person sent counts against the plan, shape (pairs,)."""
    part: Floats
    """What the pair counts against the plan once anybody is sent along it, shape (pairs,)."""
    most: Floats
    """Persons who can be of use at most, shape (pairs,); of a whole team its size."""
    unit: Floats
    """Persons who go together, shape (m,): the whole team, or 1 where it may be sent in part."""
    free: Floats
    """Persons who may be sent, shape (m,)."""
    home: Positions
    """Shape (m,)."""
    need: Floats
    """Shape (n,)."""
    balance: Floats
    """Need - supply after the pinned moves, below 0 where there is a surplus; shape (n,)."""
    most_missing: Floats
    """What can be missing at most, if everybody who may leave does; shape (n,)."""
    may_leave: Floats
    """Persons the grid may lend, shape (n,)."""
    ignored: Floats
    """Persons missing that count nothing (``Weights.ignored``), shape (n,)."""
    priority: Floats
    """Shape (n,)."""
    weights: Weights

    @property
    def lends_its_need(self) -> Flags:
        """Grids whose floor is below their need: a team that leaves may open a gap at home. Shape (n,)."""
        return np.asarray(self.most_missing > np.maximum(self.balance, 0.0) + SAME)

    @property
    def way(self) -> Floats:
        """What the way of each person counts, in ``price``; shape (pairs,)."""
        return (self.weights.minute + NEAR_MINUTE) * self.minutes

    @property
    def origin(self) -> Positions:
        """The home of each pair's team, shape (pairs,)."""
        return self.home[self.team]


@dataclass(frozen=True, slots=True)
class SendingTotals:
    """What a plan is worth."""

    cost: float
    """Weighted persons missing, people and ways: what is to be as low as possible."""
    missing: float
    """Persons, each counted once."""
    persons: float
    """Who are sent."""
    travel: float
    """Person-minutes."""


def make_arcs(problem: ProblemData, weights: Weights) -> Arcs:
    """Return the pairs that keep every rule on their own and are worth their price where nobody else comes.

    Left out: teams with nobody who may be sent, grids out of reach, without the need or asking for a skill the team
    lacks, teams that take more than their home may lend, and moves that would close too little.
    """
    arcs = every_pair(problem, weights)
    keep = has_skills(problem, arcs.team, arcs.grid) & (arcs.free[arcs.team] > 0)
    keep &= arcs.most >= np.where(arcs.stays, arcs.unit[arcs.team], 0.0)
    keep &= arcs.loss * arcs.unit[arcs.team] <= _may_leave_of(arcs) + SAME
    keep &= worth_alone(arcs) > SAME
    found = take(arcs, keep)
    return take(found, np.lexsort((found.stays, found.grid, found.team)))


def every_pair(problem: ProblemData, weights: Weights) -> Arcs:
    """Return all pairs in reach, allowed or not, in the order of the problem's, then those of who stands there."""
    grids, teams = problem.grids, problem.teams
    reach, stood = _ways(problem)
    team, grid = reach.origin, reach.destination
    size = np.maximum(teams.size, SAME)
    share = _share(teams)[team]
    is_home = teams.home[team] == grid
    free = free_people(problem)
    unit = np.where(teams.is_divisible, 1.0, teams.size)
    balance = np.round(grids.need - supply_with_pins(problem), PERSON_DECIMALS)
    may_leave = np.clip(supply_before_arrivals(problem) - grids.floor, 0.0, grids.need.sum() + 1e9)
    most_missing = _most_missing(balance, may_leave, free * teams.leaving / size, teams.home)
    gain = np.maximum(problem.attendance - np.where(is_home, share, 0.0), 0.0)
    missing = np.ceil(np.divide(most_missing[grid], gain, out=np.zeros(gain.size), where=gain > 0) - SAME)
    minute = weights.minute + NEAR_MINUTE
    most = np.where(teams.is_divisible[team], np.minimum(missing, free[team]), teams.size[team])
    return Arcs(
        team,
        grid,
        reach.cost,
        np.isfinite(stood),
        gain,
        np.where(is_home | (teams.home[team] == OUTSIDE), 0.0, share),
        weights.person + minute * reach.cost + FEW_TEAMS / size[team],
        np.where(teams.is_divisible[team] & ~np.isfinite(stood), weights.part, 0.0),
        np.minimum(most, stood),
        unit,
        free,
        teams.home,
        grids.need,
        balance,
        most_missing,
        may_leave,
        weights.ignored(balance),
        grids.priority,
        weights,
    )


def worth_alone(arcs: Arcs) -> Floats:
    """Return by how much the first of each pair who go lower the cost at best, where nobody else comes; shape (pairs,).

    A move that closes less than the least is worth nothing.
    """
    unit = arcs.unit[arcs.team]
    missing = arcs.most_missing[arcs.grid]
    lowered = cost_at(arcs, arcs.grid, missing) - cost_at(arcs, arcs.grid, missing - arcs.gain * unit)
    closed = np.minimum(missing, arcs.gain * np.maximum(arcs.most, unit))
    return np.where(closed >= min_closed(arcs), lowered - arcs.price * unit, 0.0)


def min_closed(arcs: Arcs) -> float:
    """Return what a move closes at least, in persons."""
    return max(arcs.weights.least, SAME)


def take(arcs: Arcs, which: Positions | Flags) -> Arcs:
    """Return the terms with these pairs only."""
    return replace(
        arcs,
        team=arcs.team[which],
        grid=arcs.grid[which],
        minutes=arcs.minutes[which],
        stays=arcs.stays[which],
        gain=arcs.gain[which],
        loss=arcs.loss[which],
        price=arcs.price[which],
        part=arcs.part[which],
        most=arcs.most[which],
    )


def nobody_sent(arcs: Arcs) -> Sending:
    """Return the plan that sends nobody."""
    return np.zeros(arcs.team.size)


def judge(arcs: Arcs, sending: Sending) -> SendingTotals:
    """Return what a plan is worth over all grids."""
    weighted, missing = judge_missing(arcs, sending)
    cost = weighted + float(arcs.price @ sending) + float(arcs.part[sending > 0].sum())
    return SendingTotals(cost, missing, float(sending.sum()), float(arcs.minutes @ sending))


def judge_missing(arcs: Arcs, sending: Sending) -> tuple[float, float]:
    """Return what the persons missing after a plan count, and how many they are."""
    missing = np.maximum(balance_after(arcs, sending), 0.0)
    return float(cost_at(arcs, np.arange(missing.size), missing).sum()), float(missing.sum())


def cost_at(arcs: Arcs, grid: Positions, missing: Floats) -> Floats:
    """Return what persons missing in grids count; all of one shape."""
    return np.asarray(arcs.priority[grid] * arcs.weights.weigh(missing, arcs.need[grid], arcs.ignored[grid]))


def balance_after(arcs: Arcs, sending: Sending) -> Floats:
    """Return need - supply of every grid after a plan, shape (n,)."""
    return np.asarray(arcs.balance - arrivals(arcs, sending) + departures(arcs, sending))


def arrivals(arcs: Arcs, sending: Sending) -> Floats:
    """Return by how much a plan lowers what each grid lacks, shape (n,)."""
    return sum_at(arcs.grid, arcs.gain * sending, arcs.need.size)


def departures(arcs: Arcs, sending: Sending) -> Floats:
    """Return the persons whom each grid loses by a plan, shape (n,)."""
    lent = arcs.loss > 0
    return sum_at(arcs.origin[lent], (arcs.loss * sending)[lent], arcs.need.size)


def with_others_fixed(arcs: Arcs, sending: Sending, teams: Flags) -> tuple[Arcs, Positions]:
    """Return what is left to decide when only some teams are free, and the positions of its pairs; ``teams`` (m,)."""
    fixed = np.where(teams[arcs.team], 0.0, sending)
    left = departures(arcs, fixed)
    balance = arcs.balance - arrivals(arcs, fixed) + left
    may_leave = np.maximum(arcs.may_leave - left, 0.0)
    share = np.zeros(arcs.free.size)
    np.maximum.at(share, arcs.team, arcs.loss)
    most = _most_missing(balance, may_leave, np.where(teams, arcs.free * share, 0.0), arcs.home)
    rows = np.flatnonzero(teams[arcs.team] & (most[arcs.grid] > SAME))
    return take(replace(arcs, balance=balance, may_leave=may_leave, most_missing=most), rows), rows


def supply_with_pins(problem: ProblemData) -> Floats:
    """Return the supply of each grid when the pinned moves are made, shape (n,)."""
    came = gain_of_pins(problem) * problem.pins.persons
    return supply_before_arrivals(problem) + sum_at(problem.pins.grid, came, problem.grids.need.size)


def gain_of_pins(problem: ProblemData) -> Floats:
    """Return by how much each person of a pinned move lowers what the grid lacks, shape (k,)."""
    teams, pins = problem.teams, problem.pins
    counted = np.where(teams.home[pins.team] == pins.grid, _share(teams)[pins.team], 0.0)
    return np.maximum(problem.attendance - counted, 0.0)


def supply_before_arrivals(problem: ProblemData) -> Floats:
    """Return the supply less what the pinned moves take away: arrivals are not lent on."""
    pins, teams = problem.pins, problem.teams
    home = teams.home[pins.team]
    away = (home != OUTSIDE) & (home != pins.grid)
    left = sum_at(home[away], (pins.persons * _share(teams)[pins.team])[away], problem.grids.need.size)
    return problem.grids.supply - left


def free_people(problem: ProblemData) -> Floats:
    """Return the persons of each team who may be sent, shape (m,): of a whole team everybody or nobody."""
    pins, teams = problem.pins, problem.teams
    left = np.maximum(np.floor(teams.free - sum_at(pins.team, pins.persons, teams.size.size) + SAME), 0.0)
    return np.where(teams.is_divisible | (left >= teams.size - SAME), left, 0.0)


def _ways(problem: ProblemData) -> tuple[Pairs, Floats]:
    """Return who reaches whom, and by how many at most: those who stand at a grid already reach it in no time."""
    reach, stood = problem.reach, problem.stood
    away = problem.teams.home[stood.team] != stood.grid
    ends = (reach.origin, stood.team[away]), (reach.destination, stood.grid[away])
    team, grid = (np.concatenate(both) for both in ends)
    most = np.append(np.full(reach.origin.size, np.inf), stood.persons[away])
    return Pairs(team, grid, np.append(reach.cost, np.zeros(int(away.sum())))), most


def _share(teams: TeamData) -> Floats:
    """Return the share of each team whom its home had counted, shape (m,)."""
    return np.divide(teams.leaving, teams.size, out=np.ones(teams.size.size), where=teams.size > 0)


def _may_leave_of(arcs: Arcs) -> Floats:
    return np.where(arcs.origin == OUTSIDE, np.inf, arcs.may_leave[arcs.origin])


def _most_missing(balance: Floats, may_leave: Floats, leaving: Floats, home: Positions) -> Floats:
    """Return the gap of each grid, shape (n,), if everybody leaves who wants to and may; ``leaving`` of each team."""
    lent = home != OUTSIDE
    wanted = sum_at(home[lent], leaving[lent], balance.size)
    return np.asarray(np.maximum(balance + np.minimum(wanted, may_leave), 0.0))
