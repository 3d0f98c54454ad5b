"""Why a move is proposed, and why a grid stays open: facts for one-line sentences, told elsewhere.

Every reason is worked out from the solver's own terms (``geo.optimise.arcs``), so that it can be taken at its word.
"""

from collections.abc import Set
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from geo.arrays import Flags, Floats, Positions
from geo.optimise.arcs import (
    SAME,
    Arcs,
    Sending,
    balance_after,
    cost_at,
    departures,
    every_pair,
    gain_of_pins,
    min_closed,
    take,
)
from geo.optimise.problem import OUTSIDE, PERSON_DECIMALS, ProblemData, has_skills, sum_at
from geo.optimise.weights import Weights


class MoveReason(StrEnum):
    """What decides a proposed move."""

    PINNED = "pinned"
    """The planner asked for it."""
    AT_HOME = "at_home"
    """The team is called out where it lives."""
    STAYS = "stays"
    """Everybody sent stands there already."""
    ONLY_TEAM = "only_team"
    """No other team may go there."""
    CLOSES = "closes"
    """With it the grid is no longer short."""
    HELPS = "helps"
    """It closes more than its people and their way count."""


class ShortageReason(StrEnum):
    """Why a grid stays short."""

    NO_TEAM_IN_REACH = "no_team_in_reach"
    NO_SKILL = "no_skill"
    """No team in reach has the skills the grid asks for."""
    ALL_BUSY = "all_busy"
    """Every such team is already sent, pinned elsewhere or has no people."""
    ALL_PLANNED = "all_planned"
    """The plan sends everybody of every such team."""
    LENDERS_AT_FLOOR = "lenders_at_floor"
    """Everybody who is left would take the home below what it keeps."""
    TOO_LITTLE = "too_little"
    """Whoever is left and may come closes too little there for the people, the way and the loss at home."""
    SEARCH_STOPPED = "search_stopped"
    """A team could still come: the search was stopped before the best plan was found."""


@dataclass(frozen=True, slots=True)
class ProposedMove:
    """Persons of a team sent to a grid, both as positions in the problem. Persons and minutes."""

    team: int
    giver: int
    """``OUTSIDE`` where no grid lends the team."""
    receiver: int
    persons: float
    minutes: float
    """0 where everybody stands there already, NaN for a pinned move out of reach."""
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


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Every pair in reach and what is against it; flags of shape (pairs,)."""

    arcs: Arcs
    is_skilled: Flags
    is_free: Flags
    may_come: Flags
    """With nothing else sent the home may lend somebody."""

    def of(self, which: Flags) -> "_Candidates":
        """Return some of them, by flags of shape (pairs,)."""
        return _Candidates(take(self.arcs, which), self.is_skilled[which], self.is_free[which], self.may_come[which])


def explain(
    problem: ProblemData, weights: Weights, arcs: Arcs, sending: Sending, walking: Sending, *, is_best: bool
) -> tuple[tuple[ProposedMove, ...], tuple[OpenGrid, ...]]:
    """Return what a plan does and what it leaves open.

    Every move, pinned ones first, then by receiver and decreasing number of persons; the grids that stay short, the
    largest gap (× priority) first.

    Parameters
    ----------
    arcs
        Of the problem; ``free`` may be less than the problem has, where other windows take people.
    walking
        Who of those sent along each pair has a way to go, shape (pairs,).
    """
    every = _candidates(problem, weights, arcs.free)
    moves = _moves(problem, every, arcs, sending, walking)
    return moves, _open_grids(problem, every, arcs, sending, is_best=is_best)


def _moves(
    problem: ProblemData, every: _Candidates, arcs: Arcs, sending: Sending, walking: Sending
) -> tuple[ProposedMove, ...]:
    may_come = every.may_come & ~every.arcs.stays
    comers = np.bincount(every.arcs.grid[may_come], minlength=problem.grids.need.size)
    after, pins = balance_after(arcs, sending), problem.pins
    pinned = zip(
        pins.team.tolist(),
        pins.grid.tolist(),
        pins.persons.tolist(),
        _minutes_of_pins(problem),
        gain_of_pins(problem).tolist(),
        strict=True,
    )
    proposed, staying = _sent(arcs, sending, walking)
    return (
        *(_move(problem, after, MoveReason.PINNED, *facts) for facts in pinned),
        *(_move(problem, after, _why(problem, after, comers, staying, *facts[:2]), *facts) for facts in proposed),
    )


def _sent(
    arcs: Arcs, sending: Sending, walking: Sending
) -> tuple[list[tuple[int, int, float, float, float]], set[tuple[int, int]]]:
    """Return team, grid, persons, minutes and gain of each team and grid with people sent, and where nobody walks.

    By grid and decreasing persons. Those who stand at the grid already and those who come are one move.
    """
    pairs = np.flatnonzero(sending > 0)
    key = arcs.team[pairs] * arcs.need.size + arcs.grid[pairs]
    _, first, row = np.unique(key, return_index=True, return_inverse=True)
    persons = sum_at(row, sending[pairs], first.size)
    minutes = np.zeros(first.size)
    np.maximum.at(minutes, row, np.where(walking[pairs] > 0, arcs.minutes[pairs], 0.0))
    is_there = sum_at(row, walking[pairs], first.size) <= 0
    sent = pairs[first]
    staying = set(zip(arcs.team[sent[is_there]].tolist(), arcs.grid[sent[is_there]].tolist(), strict=True))
    order = np.lexsort((arcs.team[sent], -persons, arcs.grid[sent]))
    columns = (arcs.team[sent], arcs.grid[sent], persons, minutes, arcs.gain[sent])
    return list(zip(*(column[order].tolist() for column in columns), strict=True)), staying


def _open_grids(
    problem: ProblemData, every: _Candidates, arcs: Arcs, sending: Sending, *, is_best: bool
) -> tuple[OpenGrid, ...]:
    missing = np.round(balance_after(arcs, sending), PERSON_DECIMALS)
    short = np.flatnonzero((missing > SAME) & (problem.grids.need > 0))
    count = problem.grids.need.size
    is_short = np.zeros(count, dtype=np.bool_)
    is_short[short] = True
    asked = every.of(is_short[every.arcs.grid])
    left = _left_over(asked, arcs, sending, missing)
    in_reach, skilled, free, staying, may, worth = (
        np.bincount(asked.arcs.grid[flags], minlength=count)
        for flags in (~asked.arcs.stays, asked.is_skilled, asked.is_free, *left)
    )
    last = ShortageReason.TOO_LITTLE if is_best else ShortageReason.SEARCH_STOPPED
    reasons = (
        (in_reach, ShortageReason.NO_TEAM_IN_REACH),
        (skilled, ShortageReason.NO_SKILL),
        (free, ShortageReason.ALL_BUSY),
        (staying, ShortageReason.ALL_PLANNED),
        (may, ShortageReason.LENDERS_AT_FLOOR),
        (worth, ShortageReason.TOO_LITTLE),
    )
    order = short[np.lexsort((short, -(missing * problem.grids.priority)[short]))]
    return tuple(
        OpenGrid(
            grid,
            float(missing[grid]),
            next((reason for counted, reason in reasons if not counted[grid]), last),
            int(in_reach[grid]),
        )
        for grid in order.tolist()
    )


def _candidates(problem: ProblemData, weights: Weights, free_people: Floats) -> _Candidates:
    arcs = replace(every_pair(problem, weights), free=free_people)
    skilled = has_skills(problem, arcs.team, arcs.grid)
    free = skilled & (arcs.free[arcs.team] > 0)
    return _Candidates(arcs, skilled, free, free & _may_lend(arcs, arcs.may_leave))


def _left_over(every: _Candidates, arcs: Arcs, sending: Sending, missing: Floats) -> tuple[Flags, Flags, Flags]:
    """Tell of whom somebody is left after a plan, who of them may leave, and for whom it is worth it; (pairs,) each."""
    pairs = every.arcs
    spent = np.bincount(arcs.team, weights=sending, minlength=arcs.free.size)
    spare = pairs.free - spent
    staying = every.is_free & (spare[pairs.team] >= pairs.unit[pairs.team])
    left = np.maximum(arcs.may_leave - departures(arcs, sending), 0.0)
    may = staying & _may_lend(pairs, left)
    return staying, may, may & (_lowered(pairs, missing, spare, _is_sent(pairs, arcs, sending)) > SAME)


def _is_sent(pairs: Arcs, arcs: Arcs, sending: Sending) -> Flags:
    """Tell along which pairs somebody is sent, so that further people are no further part."""
    sent = arcs.team[sending > 0] * arcs.need.size + arcs.grid[sending > 0]
    return np.isin(pairs.team * pairs.need.size + pairs.grid, sent)


def _lowered(arcs: Arcs, balance: Floats, spare: Floats, is_sent: Flags) -> Floats:
    """Return by how much the best single further move of each pair lowers the cost, shape (pairs,)."""
    part = np.where(is_sent, 0.0, arcs.part)
    unit = arcs.unit[arcs.team]
    best = np.zeros(unit.size)
    missing = np.maximum(balance, 0.0)[arcs.grid]
    exact = missing / np.maximum(arcs.gain, SAME)
    for count in (np.ceil(exact), np.floor(exact), 1.0):
        sent = np.where(unit > 1, unit, np.minimum(np.maximum(count, 1.0), spare[arcs.team]))
        after = np.maximum(missing - arcs.gain * sent, 0.0)
        lowered = cost_at(arcs, arcs.grid, missing) - cost_at(arcs, arcs.grid, after) - arcs.price * sent - part
        home = arcs.origin
        lowered -= cost_at(arcs, home, balance[home] + arcs.loss * sent) - cost_at(arcs, home, balance[home])
        best = np.maximum(best, np.where(missing - after >= min_closed(arcs) - SAME, lowered, 0.0))
    return best


def _may_lend(arcs: Arcs, may_leave: Floats) -> Flags:
    """Tell for each pair whether the home may lend the whole team, or one of a team that may be split."""
    lost = arcs.loss * arcs.unit[arcs.team]
    return np.asarray((arcs.origin == OUTSIDE) | (lost <= may_leave[arcs.origin] + SAME))


def _minutes_of_pins(problem: ProblemData) -> list[float]:
    reach, pins = problem.reach, problem.pins
    of_pin = np.isin(reach.origin, pins.team)
    ends = zip(reach.origin[of_pin].tolist(), reach.destination[of_pin].tolist(), strict=True)
    minutes = dict(zip(ends, reach.cost[of_pin].tolist(), strict=True))
    return [minutes.get(ends, float("nan")) for ends in zip(pins.team.tolist(), pins.grid.tolist(), strict=True)]


def _why(
    problem: ProblemData, after: Floats, comers: Positions, staying: Set[tuple[int, int]], team: int, grid: int
) -> MoveReason:
    if problem.teams.home[team] == grid:
        return MoveReason.AT_HOME
    if (team, grid) in staying:
        return MoveReason.STAYS
    if comers[grid] == 1:
        return MoveReason.ONLY_TEAM
    return MoveReason.CLOSES if after[grid] <= SAME else MoveReason.HELPS


def _move(
    problem: ProblemData,
    after: Floats,
    why: MoveReason,
    team: int,
    grid: int,
    persons: float,
    minutes: float,
    gain: float,
) -> ProposedMove:
    short, giver = float(after[grid]), int(problem.teams.home[team])
    left = -float(after[giver]) if giver != OUTSIDE else float("nan")
    without, with_it = max(short + gain * persons, 0.0), max(short, 0.0)
    return ProposedMove(team, giver, grid, persons, minutes, without, with_it, left, why)
