"""Plans made in one pass: two as people would make them, and one that always takes the largest gain.

All of them keep every rule, and none sends a team that helps nobody.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.arrays import Floats
from geo.optimise.arcs import SAME, Arcs, ChosenArcs, nobody_sent
from geo.optimise.problem import OUTSIDE, STAYS

LEAST_SHARE: Final = 0.05
"""Groups and pairs with a smaller share in the relaxed choice are passed over."""


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
    choice: ChosenArcs

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

    def may_send(self, group: tuple[int, ...]) -> bool:
        """Tell whether no rule forbids sending all teams of a group."""
        lost: dict[int, float] = {}
        for team in (self.team[pair] for pair in group):
            lost[self.home[team]] = lost.get(self.home[team], 0.0) + self.leaving[team]
        return all(self.choice[self.team[pair]] == STAYS for pair in group) and all(
            home == OUTSIDE or persons <= self.may_leave[home] + SAME for home, persons in lost.items()
        )

    def send(self, pair: int) -> None:
        """Send the team of a pair."""
        team = self.team[pair]
        self.choice[team] = pair
        self.balance[self.grid[pair]] -= self.size[team]
        if self.home[team] != OUTSIDE:
            self.balance[self.home[team]] += self.leaving[team]
            self.may_leave[self.home[team]] -= self.leaving[team]


def best_gain_first(terms: Arcs) -> ChosenArcs:
    """Return the plan that always sends the team that lowers the unmet need most, by the least travel among equals."""
    return complete(terms, nobody_sent(terms))


def complete(terms: Arcs, start: ChosenArcs) -> ChosenArcs:
    """Return a plan with teams added as long as any lowers the unmet need, the largest gain first.

    Gains shrink as grids fill up, so a pair is weighed again only when it comes to the top (Minoux 1978, lazy
    evaluation).
    """
    board = _board(terms)
    for pair in start[start != STAYS].tolist():
        board.send(pair)
    is_open = (start[terms.team] == STAYS) & (np.array(board.balance)[terms.grid] > SAME)
    travel, worth = terms.travel.tolist(), terms.worth.tolist()
    heap = [
        (-worth[pair], travel[pair], pair)
        for pair in np.flatnonzero(is_open | terms.lends_its_need[terms.grid]).tolist()
    ]
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


def whole_groups(terms: Arcs, groups: Sequence[tuple[int, ...]], shares: Floats) -> ChosenArcs:
    """Return the plan made of whole groups, the one with the largest share first, as far as the rules let it.

    A group is left out when a team or its grid is taken or a home may not lend any more; teams left over are added
    (``complete``). No gap may depend on who leaves.
    """
    board, taken = _board(terms), set[int]()
    for k in np.argsort(-shares, kind="stable")[: np.count_nonzero(shares > LEAST_SHARE)].tolist():
        grid = board.grid[groups[k][0]]
        if grid not in taken and board.may_send(groups[k]):
            taken.add(grid)
            for pair in groups[k]:
                board.send(pair)
    return complete(terms, board.choice)


def largest_share_first(terms: Arcs, shares: Floats) -> ChosenArcs:
    """Return the plan that sends by the relaxed choice among pairs: by decreasing share while it helps, then the rest.

    ``shares`` is of shape (pairs,); teams left over are added (``complete``).
    """
    board = _board(terms)
    for pair in np.argsort(-shares, kind="stable")[: np.count_nonzero(shares > LEAST_SHARE)].tolist():
        if board.gain(pair) > SAME:
            board.send(pair)
    return complete(terms, board.choice)


def largest_gap_first(terms: Arcs) -> ChosenArcs:
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


def nearest_team_first(terms: Arcs) -> ChosenArcs:
    """Return the plan that goes through all pairs by travel time and sends whoever still helps."""
    board = _board(terms)
    for pair in np.lexsort((terms.grid, terms.team, terms.travel / _positive_size(terms))).tolist():
        if board.gain(pair) > SAME:
            board.send(pair)
    return board.choice


def _positive_size(terms: Arcs) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.maximum(terms.size[terms.team], SAME)


def _board(terms: Arcs) -> _Board:
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
