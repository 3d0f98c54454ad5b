"""A large part of the problem: groups made where prices call for them, a bound, and a plan chosen among the groups.

Where groups are too many to list, few of them matter. The relaxed choice among the groups known so far sets prices
for teams and lenders; at these prices the best group of every grid is found (``geo.optimise.pricing``) and added
(column generation: Dantzig & Wolfe 1960). Prices are held near the best ones known, which keeps them from jumping
(Wentges 1997). When bound and relaxed choice meet, the solver chooses whole groups among those that were made.

First for the unmet need alone, for the bound; then with travel counted in, so that groups that stand near are there
as well.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from geo.arrays import Floats, Positions
from geo.optimise.arcs import SAME, Arcs, arrivals, take
from geo.optimise.greedy import largest_share_first, whole_groups
from geo.optimise.groups import join_groups
from geo.optimise.model import Form, form_by_groups, form_by_shares, lenders, prices_of
from geo.optimise.pricing import Prices, best_groups
from geo.optimise.problem import STAYS
from geo.optimise.solution import OnIncumbent, PartSolution, tell_nobody
from geo.optimise.solver import Deadline, minimise, relax

PRICE_MEMORY: Final = (0.7, 0.0)
"""The share of the best prices known in the prices tried."""
MINUTES_PER_PERSON: Final = 1_000.0
"""Person-minutes of travel that stand for one person missing while groups that stand near are made."""
FEWEST_FIRST: Final = 20.0
"""Times as many when the plan is chosen: the unmet need comes first."""
_SHARES: Final = (0.5, 0.3)
"""Of the time left, for the first and the second making of groups."""


@dataclass(frozen=True, slots=True)
class _Weights:
    """How much a person missing (× priority) and a person-minute count."""

    unmet: float
    travel: float

    def goal(self, form: Form) -> Floats:
        return np.asarray(self.unmet * form.unmet + self.travel * form.travel)


_UNMET_ALONE: Final = _Weights(1.0, 0.0)
_WITH_TRAVEL: Final = _Weights(MINUTES_PER_PERSON, 1.0)
_CHOICE: Final = _Weights(FEWEST_FIRST * MINUTES_PER_PERSON, 1.0)


@dataclass(slots=True)
class _Making:
    """Groups made so far, and the best bound for some weights with the prices that lead to it."""

    part: Arcs
    before: float
    """Unmet in the grids of the part when nobody is sent."""
    near: float
    """Relaxed choice and bound have met when they differ by less (unmet need)."""
    groups: dict[tuple[int, ...], None] = field(default_factory=dict)
    prices: Prices | None = None
    bound: float = -np.inf
    shares: Floats = field(default_factory=lambda: np.empty(0))
    """Of each group in the last relaxed choice."""

    def add(self, pairs: Positions) -> None:
        """Add the groups that these pairs form."""
        order = np.lexsort((pairs, self.part.grid[pairs]))
        rows = pairs[order]
        for group in np.split(rows, np.flatnonzero(np.diff(self.part.grid[rows])) + 1):
            if group.size:
                self.groups.setdefault(tuple(group.tolist()))

    def form(self) -> Form:
        return form_by_groups(self.part, join_groups(self.part, list(self.groups)))

    def try_prices(self, prices: Prices, weights: _Weights) -> None:
        """Add the best groups at some prices and keep the prices where their bound is better."""
        cost = prices.of_teams(self.part)[self.part.team] + weights.travel * self.part.travel
        brought, pairs = best_groups(self.part, weights.unmet * self.part.priority, cost)
        self.add(pairs)
        bound = weights.unmet * self.before - brought - _price_of_limits(self.part, prices)
        if bound > self.bound:
            self.bound, self.prices = bound, prices

    def make(self, weights: _Weights, clock: Deadline) -> None:
        """Make groups until the bound and the relaxed choice meet or the clock says stop."""
        while self.prices is not None and (seconds := clock.left()) > 0:
            form = self.form()
            relaxed = relax(form.model, weights.goal(form), clock, seconds)
            if relaxed is None:
                return
            known, self.shares = len(self.groups), relaxed.values
            prices = prices_of(self.part, form.pair, relaxed.prices)
            reached = weights.unmet * self.before + relaxed.value
            for share in PRICE_MEMORY:
                self.try_prices(self.prices.mixed(prices, share), weights)
                if reached - self.bound <= weights.unmet * self.near or clock.left() <= 0:
                    return
            if len(self.groups) == known:
                return

    def rounded(self) -> Positions:
        """Return the pairs of a plan near to the last relaxed choice."""
        choice = whole_groups(self.part, list(self.groups)[: self.shares.size], self.shares)
        rounded: Positions = choice[choice != STAYS]
        return rounded

    def choose(self, clock: Deadline) -> Positions:
        """Return the pairs of the best whole groups found until the clock says stop."""
        found = [self.rounded()]
        form = self.form()
        goal = _CHOICE.goal(form)
        gap = self.near * _CHOICE.unmet / max(_CHOICE.unmet * self.before, 1.0)
        best = minimise(form.model, goal, clock, clock.left(), gap=gap)
        if best.values is not None:
            found.append(form.pairs_of(best.values))
        return min(found, key=lambda pairs: (-_covered(self.part, pairs), self.part.travel[pairs].sum()))

    def turn_to(self, weights: _Weights) -> None:
        """Go on from the best prices known with weights that count the unmet need so much more."""
        if self.prices is not None:
            factor = weights.unmet
            prices = Prices(self.prices.team * factor, self.prices.person * factor, self.prices.head * factor)
            self.bound = -np.inf
            self.try_prices(prices, weights)


@dataclass(frozen=True, slots=True)
class WarmStart:
    """What the relaxation by pairs says."""

    prices: Prices
    bound: float
    """No choice leaves less unmet in the grids of the part."""
    shares: Floats
    """Of each pair in the relaxed choice."""


def solve_by_columns(
    arcs: Arcs,
    pairs: Positions,
    known_pairs: Positions,
    start: WarmStart,
    near: float,
    clock: Deadline,
    tell: OnIncumbent = tell_nobody,
) -> PartSolution:
    """Return a good choice among some pairs and a bound, all other teams staying where they are.

    Parameters
    ----------
    arcs
        No gap of a grid of these pairs may depend on who leaves.
    pairs
        Positions in the terms, ascending.
    known_pairs
        A choice that keeps every rule, positions among ``pairs``.
    start
        From ``relax_by_shares`` of the same pairs.
    near
        Unmet need that does not matter: what is closer to the best counts as the best.
    clock
        When to stop.
    tell
        Told of the bound and of a plan near the relaxed choice before whole groups are chosen.
    """
    part = take(arcs, pairs)
    making = _Making(part, _unmet_before(part), near)
    making.add(np.searchsorted(pairs, known_pairs))
    first = largest_share_first(part, start.shares)
    first = first[first != STAYS]
    making.add(first)
    tell(pairs[first], start.bound)
    making.try_prices(start.prices, _UNMET_ALONE)
    making.make(_UNMET_ALONE, clock.share(_SHARES[0]))
    bound = max(making.bound, start.bound)
    tell(pairs[making.rounded()], bound)
    making.turn_to(_WITH_TRAVEL)
    making.make(_WITH_TRAVEL, clock.share(_SHARES[1]))
    tell(pairs[making.rounded()], bound)
    chosen = making.choose(clock)
    unmet = making.before - _covered(part, chosen)
    is_proven = unmet <= bound + SAME
    return PartSolution(pairs[chosen], bound, is_proven, travel_bound=-np.inf, is_travel_proven=False)


def relax_by_shares(arcs: Arcs, pairs: Positions, clock: Deadline) -> WarmStart | None:
    """Return what the relaxation by pairs says, null where there was no time."""
    form = form_by_shares(arcs, pairs)
    relaxed = relax(form.model, form.unmet, clock, clock.left())
    if relaxed is None:
        return None
    return WarmStart(prices_of(arcs, form.pair, relaxed.prices), form.unmet_before + relaxed.value, relaxed.values)


def _covered(part: Arcs, pairs: Positions) -> float:
    return float(part.priority @ np.minimum(arrivals(part, pairs), part.most_missing))


def _unmet_before(part: Arcs) -> float:
    grids = np.unique(part.grid)
    return float(part.priority[grids] @ part.most_missing[grids])


def _price_of_limits(part: Arcs, prices: Prices) -> float:
    """Return what all that the rules allow costs."""
    homes, persons, heads = lenders(part, np.unique(part.team))
    return float(prices.team.sum() + prices.person[homes] @ (persons + SAME) + prices.head[homes] @ heads)
