"""Plans made in one pass: two as people would make them, and one that always takes the largest gain.

All of them keep every rule, and none sends a team that helps nobody.
"""

import heapq
from dataclasses import dataclass

import numpy as np

from geo.optimise.problem import OUTSIDE, STAYS
from geo.optimise.terms import SAME, Choice, Terms, nobody_sent


@dataclass(slots=True)
class _Board:
    """Where things stand while a plan is being made; plain lists, because single numbers are read and written."""

    team: list[int]
    grid: list[int]
    size: list[float]
    leaving: list[float]
    home: list[int]
    balance: list[float]
    may_leave: list[float]
    priority: list[float]
    choice: Choice

    def gain(self, pair: int) -> float:
        """Return by how much the pair would lower the unmet need; 0 where a rule forbids it now."""
        team, grid = self.team[pair], self.grid[pair]
        home, size, leaving = self.home[team], self.size[team], self.leaving[team]
        if self.choice[team] != STAYS or (home != OUTSIDE and leaving > self.may_leave[home] + SAME):
            return 0.0
        covered = self.priority[grid] * (max(self.balance[grid], 0.0) - max(self.balance[grid] - size, 0.0))
        if home == OUTSIDE:
            return covered
        return covered - self.priority[home] * (max(self.balance[home] + leaving, 0.0) - max(self.balance[home], 0.0))

    def send(self, pair: int) -> None:
        """Send the team of a pair."""
        team = self.team[pair]
        self.choice[team] = pair
        self.balance[self.grid[pair]] -= self.size[team]
        if self.home[team] != OUTSIDE:
            self.balance[self.home[team]] += self.leaving[team]
            self.may_leave[self.home[team]] -= self.leaving[team]


def best_gain_first(terms: Terms) -> Choice:
    """Return the plan that always sends the team that lowers the unmet need most, with the least travel among equals.

    Gains shrink as grids fill up, so a pair is weighed again only when it comes to the top (Minoux 1978, lazy
    evaluation).
    """
    board = _board(terms)
    travel = terms.travel.tolist()
    heap = [(-worth, travel[pair], pair) for pair, worth in enumerate(terms.worth.tolist())]
    heapq.heapify(heap)
    while heap:
        promised, minutes, pair = heap[0]
        gain = board.gain(pair)
        if gain <= SAME:
            heapq.heappop(heap)
        elif gain >= -promised - SAME:
            heapq.heappop(heap)
            board.send(pair)
        else:
            heapq.heapreplace(heap, (-gain, minutes, pair))
    return board.choice


def largest_gap_first(terms: Terms) -> Choice:
    """Return the plan that always helps the grid with the largest gap (× priority) by the nearest team that may go."""
    board = _board(terms)
    near_first = np.lexsort((terms.team, terms.travel / _positive_size(terms), terms.grid))
    starts = np.flatnonzero(np.diff(terms.grid[near_first], prepend=-1))
    waiting = {int(terms.grid[part[0]]): part.tolist() for part in np.split(near_first, starts[1:]) if part.size}
    heap = [(-board.priority[grid] * board.balance[grid], grid) for grid in waiting]
    heapq.heapify(heap)
    while heap:
        _, grid = heapq.heappop(heap)
        pair = next((pair for pair in waiting[grid] if board.gain(pair) > SAME), None)
        if pair is not None:
            board.send(pair)
            heapq.heappush(heap, (-board.priority[grid] * board.balance[grid], grid))
    return board.choice


def nearest_team_first(terms: Terms) -> Choice:
    """Return the plan that goes through all pairs by travel time and sends whoever still helps."""
    board = _board(terms)
    for pair in np.lexsort((terms.grid, terms.team, terms.travel / _positive_size(terms))).tolist():
        if board.gain(pair) > SAME:
            board.send(pair)
    return board.choice


def _positive_size(terms: Terms) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.maximum(terms.size[terms.team], SAME)


def _board(terms: Terms) -> _Board:
    return _Board(
        terms.team.tolist(),
        terms.grid.tolist(),
        terms.size.tolist(),
        terms.leaving.tolist(),
        terms.home.tolist(),
        terms.balance.tolist(),
        terms.may_leave.tolist(),
        terms.priority.tolist(),
        nobody_sent(terms),
    )
