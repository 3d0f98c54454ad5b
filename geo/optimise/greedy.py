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
class _GreedyState:
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


def best_gain_first(arcs: Arcs) -> ChosenArcs:
    """Return the plan that always sends the team that lowers the unmet need most, by the least travel among equals."""
    return complete(arcs, nobody_sent(arcs))


def complete(arcs: Arcs, start: ChosenArcs) -> ChosenArcs:
    """Return a plan with teams added as long as any lowers the unmet need, the largest gain first.

    Gains shrink as grids fill up, so a pair is weighed again only when it comes to the top (Minoux 1978, lazy
    evaluation).
    """
    snapshot = _board(arcs)
    for pair in start[start != STAYS].tolist():
        snapshot.send(pair)
    is_open = (start[arcs.team] == STAYS) & (np.array(snapshot.balance)[arcs.grid] > SAME)
    travel, worth = arcs.travel.tolist(), arcs.objective.tolist()
    heap = [
        (-worth[pair], travel[pair], pair) for pair in np.flatnonzero(is_open | arcs.lends_its_need[arcs.grid]).tolist()
    ]
    heapq.heapify(heap)
    while heap:
        promised, minutes, pair = heap[0]
        gain = snapshot.gain(pair)
        if gain <= SAME:
            heapq.heappop(heap)
        elif gain >= -promised - SAME:
            heapq.heappop(heap)
            snapshot.send(pair)
        else:
            heapq.heapreplace(heap, (-gain, minutes, pair))
    return snapshot.choice


def whole_groups(arcs: Arcs, groups: Sequence[tuple[int, ...]], shares: Floats) -> ChosenArcs:
    """Return the plan made of whole groups, the one with the largest share first, as far as the rules let it.

    A group is left out when a team or its grid is taken or a home may not lend any more; teams left over are added
    (``complete``). No gap may depend on who leaves.
    """
    snapshot, taken = _board(arcs), set[int]()
    for k in np.argsort(-shares, kind="stable")[: np.count_nonzero(shares > LEAST_SHARE)].tolist():
        grid = snapshot.grid[groups[k][0]]
        if grid not in taken and snapshot.may_send(groups[k]):
            taken.add(grid)
            for pair in groups[k]:
                snapshot.send(pair)
    return complete(arcs, snapshot.choice)


def largest_share_first(arcs: Arcs, shares: Floats) -> ChosenArcs:
    """Return the plan that sends by the relaxed choice among pairs: by decreasing share while it helps, then the rest.

    ``shares`` is of shape (pairs,); teams left over are added (``complete``).
    """
    snapshot = _board(arcs)
    for pair in np.argsort(-shares, kind="stable")[: np.count_nonzero(shares > LEAST_SHARE)].tolist():
        if snapshot.gain(pair) > SAME:
            snapshot.send(pair)
    return complete(arcs, snapshot.choice)


def largest_gap_first(arcs: Arcs) -> ChosenArcs:
    """Return the plan that always helps the grid with the largest gap (× priority) by the nearest team that may go."""
    snapshot = _board(arcs)
    near_first = np.lexsort((arcs.team, arcs.travel / _positive_size(arcs), arcs.grid))
    starts = np.flatnonzero(np.diff(arcs.grid[near_first], prepend=-1))
    waiting = {int(arcs.grid[part[0]]): part.tolist() for part in np.split(near_first, starts[1:]) if part.size}
    heap = [(-snapshot.priority[grid] * snapshot.balance[grid], grid) for grid in waiting]
    heapq.heapify(heap)
    while heap:
        _, grid = heapq.heappop(heap)
        pair = next((pair for pair in waiting[grid] if snapshot.gain(pair) > SAME), None)
        if pair is not None:
            snapshot.send(pair)
            heapq.heappush(heap, (-snapshot.priority[grid] * snapshot.balance[grid], grid))
    return snapshot.choice


def nearest_team_first(arcs: Arcs) -> ChosenArcs:
    """Return the plan that goes through all pairs by travel time and sends whoever still helps."""
    snapshot = _board(arcs)
    for pair in np.lexsort((arcs.grid, arcs.team, arcs.travel / _positive_size(arcs))).tolist():
        if snapshot.gain(pair) > SAME:
            snapshot.send(pair)
    return snapshot.choice


def _positive_size(arcs: Arcs) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.maximum(arcs.size[arcs.team], SAME)


def _board(arcs: Arcs) -> _GreedyState:
    return _GreedyState(
        arcs.team.tolist(),
        arcs.grid.tolist(),
        arcs.size.tolist(),
        arcs.leaving.tolist(),
        arcs.home.tolist(),
        arcs.balance.tolist(),
        arcs.may_leave.tolist(),
        arcs.priority.tolist(),
        nobody_sent(arcs),
    )
