"""Plans made in one pass: one that always takes the largest gain, and two as people would make them.

All of them keep every rule, and none sends anybody who is not worth the price.
"""

import heapq
from dataclasses import dataclass, replace
from math import ceil, floor

import numpy as np

from geo.arrays import Floats, Positions
from geo.optimise.arcs import SAME, Arcs, Sending, arrivals, departures, min_closed, nobody_sent, worth_alone
from geo.optimise.problem import OUTSIDE
from geo.optimise.tours import Tours, can_go_on, crews_of, free_in, go_on, sending_in


@dataclass(slots=True)
class _GreedyState:
    """Where things stand while a plan is being made; plain lists, because single numbers are read and written."""

    grid: list[int]
    team: list[int]
    origin: list[int]
    gain: list[float]
    loss: list[float]
    price: list[float]
    part: list[float]
    most: list[float]
    unit: list[float]
    free: list[float]
    balance: list[float]
    may_leave: list[float]
    priority: list[float]
    pieces: list[tuple[float, list[float]]]
    lends: list[bool]
    sending: Sending
    least: float

    def best(self, pair: int) -> tuple[float, float]:
        """Return by how much a pair would lower the cost at best now, and with how many persons; 0 where it cannot."""
        unit = self.unit[self.team[pair]]
        limit = min(self.free[self.team[pair]], self.most[pair])
        loss, home = self.loss[pair], self.origin[pair]
        if loss > 0:
            limit = min(limit, floor((self.may_leave[home] + SAME) / loss))
        missing = self.balance[self.grid[pair]]
        if limit < unit or min(missing, limit * self.gain[pair]) < self.least or self.sending[pair]:
            return 0.0, 0.0
        if unit > 1:
            return self._lowered(pair, unit), unit
        return max((self._lowered(pair, persons), persons) for persons in self._counts(pair, missing, limit))

    def _counts(self, pair: int, missing: float, limit: float) -> set[float]:
        """Return the numbers of persons of which one is the best: where a piece of the cost ends, and the limit."""
        counts, left = {limit}, 0.0
        for _, widths in self.pieces:
            exact = (missing - left) / self.gain[pair]
            counts |= {float(count) for count in (floor(exact), ceil(exact)) if 1 <= count <= limit}
            left += widths[self.grid[pair]]
            if left >= missing:
                break
        return counts

    def _lowered(self, pair: int, persons: float) -> float:
        grid, home = self.grid[pair], self.origin[pair]
        missing = self.balance[grid]
        after = missing - persons * self.gain[pair]
        if min(missing, missing - after) < self.least:
            return 0.0
        lowered = self._cost(grid, missing) - self._cost(grid, after) - persons * self.price[pair] - self.part[pair]
        if self.lends[home] and self.loss[pair] > 0:
            left = self.balance[home]
            lowered -= self._cost(home, left + persons * self.loss[pair]) - self._cost(home, left)
        return lowered

    def _cost(self, grid: int, missing: float) -> float:
        cost, left = 0.0, max(missing, 0.0)
        for weight, widths in self.pieces:
            here = min(left, widths[grid])
            cost += weight * here
            left -= here
        return self.priority[grid] * cost

    def send(self, pair: int, persons: float) -> None:
        """Send persons along a pair."""
        self.sending[pair] += persons
        self.free[self.team[pair]] -= persons
        self.balance[self.grid[pair]] -= persons * self.gain[pair]
        home, lost = self.origin[pair], persons * self.loss[pair]
        if home != OUTSIDE:
            self.balance[home] += lost
            self.may_leave[home] -= lost


def best_gain_first(arcs: Arcs) -> Sending:
    """Return the plan that always makes the move that lowers the cost most.

    Gains shrink as grids fill up, so a pair is weighed again only when it comes to the top (Minoux 1978, lazy
    evaluation).
    """
    return complete(arcs, nobody_sent(arcs))


def complete(arcs: Arcs, start: Sending) -> Sending:
    """Return a plan with moves added as long as any lowers the cost, the largest gain first."""
    state = _state(arcs, start)
    promised = worth_alone(arcs) * np.maximum(arcs.most / arcs.unit[arcs.team], 1.0)
    heap = [(-worth, pair) for pair, worth in enumerate(promised.tolist()) if worth > SAME]
    heapq.heapify(heap)
    while heap:
        promise, pair = heap[0]
        gain, persons = state.best(pair)
        if gain <= SAME:
            heapq.heappop(heap)
        elif gain >= -promise - SAME:
            heapq.heappop(heap)
            state.send(pair, persons)
        else:
            heapq.heapreplace(heap, (-gain, pair))
    return state.sending


def complete_tours(tours: Tours, start: Sending) -> Sending:
    """Return a plan with tours of one window added, window after window, as long as any lowers the cost there.

    What of the start nobody can be found for is left out first: rounded plans may ask for too many.
    """
    crews = crews_of(tours, start)
    if len(tours.windows) > 1:
        start = np.where(np.isin(tours.team, list(crews)), start, 0.0)
    sending = start.copy()
    for nth, arcs in enumerate(tours.windows):
        known = crews_of(tours, sending)
        before = sending_in(tours, sending, nth)
        stays = can_go_on(tours, sending, nth)
        left = replace(
            arcs, free=free_in(tours, sending, known, nth), price=arcs.price - np.where(stays, arcs.way, 0.0)
        )
        added = complete(left, before) - before
        alone = np.flatnonzero((tours.pair[nth] >= 0) & (tours.first == tours.last))
        sending[alone] += added[tours.pair[nth, alone]]
        sending = go_on(tours, sending, nth)
    return sending


def largest_gap_first(arcs: Arcs) -> Sending:
    """Return the plan that helps the grids by gap (× priority), each by the nearest teams that may go."""
    gap = arcs.priority * np.maximum(arcs.balance, 0.0)
    return _in_turn(arcs, np.lexsort((arcs.team, arcs.minutes, arcs.grid, -gap[arcs.grid])))


def nearest_team_first(arcs: Arcs) -> Sending:
    """Return the plan that goes through all pairs by minutes and sends whoever still helps."""
    return _in_turn(arcs, np.lexsort((arcs.grid, arcs.team, arcs.minutes)))


def _in_turn(arcs: Arcs, order: Positions) -> Sending:
    state = _state(arcs, nobody_sent(arcs))
    for pair in order.tolist():
        gain, persons = state.best(pair)
        if gain > SAME:
            state.send(pair, persons)
    return state.sending


def _state(arcs: Arcs, start: Sending) -> _GreedyState:
    left: Floats = departures(arcs, start)
    spent = np.bincount(arcs.team, weights=start, minlength=arcs.free.size)
    return _GreedyState(
        arcs.grid.tolist(),
        arcs.team.tolist(),
        arcs.origin.tolist(),
        arcs.gain.tolist(),
        arcs.loss.tolist(),
        arcs.price.tolist(),
        arcs.part.tolist(),
        arcs.most.tolist(),
        arcs.unit.tolist(),
        (arcs.free - spent).tolist(),
        (arcs.balance - arrivals(arcs, start) + left).tolist(),
        (arcs.may_leave - left).tolist(),
        arcs.priority.tolist(),
        [(weight, width.tolist()) for weight, width in arcs.weights.pieces(arcs.need, arcs.ignored)],
        arcs.lends_its_need.tolist(),
        start.copy(),
        min_closed(arcs) - SAME,
    )
