"""The best group of teams for each grid when every rule that links grids has a price.

With prices for the rules (each team once, what homes lend) the problem falls apart into one knapsack for each grid:
which teams bring more than they cost. What all knapsacks and all prices come to is a bound on what any plan covers,
whatever the prices are (Lagrangian relaxation: Geoffrion 1974).
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from geo.arrays import Flags, Floats, Positions
from geo.optimise.arcs import SAME, Arcs
from geo.optimise.problem import OUTSIDE

MOST_STEPS: Final = 96
"""A gap is counted in whole persons, or in so many steps where it is larger."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What the rules cost, none below 0."""

    team: Floats
    """For sending a team, shape (m,)."""
    person: Floats
    """For each person whom a grid lends, shape (n,)."""
    head: Floats
    """For each team that a grid lends, shape (n,)."""

    def mixed(self, other: Self, share: float) -> "Prices":
        """Return ``share`` of these prices and the rest of the others."""
        parts = ((self.team, other.team), (self.person, other.person), (self.head, other.head))
        team, person, head = (share * one + (1 - share) * two for one, two in parts)
        return Prices(team, person, head)

    def of_teams(self, arcs: Arcs) -> Floats:
        """Return what sending each team costs, shape (m,)."""
        lent = arcs.home != OUTSIDE
        at_home = self.person[arcs.home] * arcs.leaving + self.head[arcs.home]
        return np.asarray(self.team + np.where(lent, at_home, 0.0))


def best_groups(arcs: Arcs, person: Floats, cost: Floats) -> tuple[float, Positions]:
    """Return what the best group of every grid brings in all, at least, and the pairs in these groups.

    No choice of groups brings more than the first, even where teams are used several times: sizes are rounded up to
    whole steps, so that the bound holds for any size.

    Parameters
    ----------
    arcs
        The grids' gaps must not depend on who leaves.
    person
        What a person covered brings at each grid, shape (n,).
    cost
        Of each pair, shape (pairs,), at least 0.

    Examples
    --------
    A gap of 9 and teams of 5, 4 and 9 that cost 1, 1 and 3:

    >>> from geo.optimise.problem import make_grids, make_teams, make_problem
    >>> from geo.optimise.arcs import make_arcs
    >>> from geo.travel import Pairs
    >>> teams, reach = make_teams([-1] * 3, [5, 4, 9]), Pairs(np.arange(3), np.zeros(3, np.intp), np.ones(3))
    >>> arcs = make_arcs(make_problem(make_grids([9], [0]), teams, reach))
    >>> value, chosen = best_groups(arcs, np.ones(1), np.array([1.0, 1.0, 3.0]))
    >>> value, sorted(arcs.size[arcs.team[chosen]].tolist())
    (7.0, [4.0, 5.0])
    """
    most = person[arcs.grid] * np.minimum(arcs.size[arcs.team], arcs.most_missing[arcs.grid])
    rows = np.flatnonzero(most - cost > SAME * 1e-3)
    if not rows.size:
        return 0.0, rows
    stacks = _stack(arcs, rows)
    least, is_added = _least_costs(stacks, cost)
    gap, step = arcs.most_missing[stacks.grid][:, None], stacks.step[:, None]
    worth = person[stacks.grid][:, None] * np.minimum(np.arange(least.shape[1]) * step, gap) - least
    reached = worth.argmax(axis=1)
    return float(worth.max(axis=1).sum()), _trace_back(stacks, is_added, reached)


@dataclass(frozen=True, slots=True)
class KnapsackTable:
    """The pairs of each grid one upon the other, grids with most pairs first: layer ``k`` is every grid's k-th pair."""

    grid: Positions
    step: Floats
    """Persons in a step of each grid."""
    layers: tuple[Positions, ...]
    """Pairs of the first so many grids."""
    steps: tuple[Positions, ...]
    """Steps that the team of each of these pairs covers."""
    most_steps: int


def _stack(arcs: Arcs, rows: Positions) -> KnapsackTable:
    rows = rows[np.argsort(arcs.grid[rows], kind="stable")]
    grid, first, count = np.unique(arcs.grid[rows], return_index=True, return_counts=True)
    order = np.argsort(-count, kind="stable")
    grid, first, count = grid[order], first[order], count[order]
    step = np.maximum(1.0, arcs.most_missing[grid] / MOST_STEPS)
    high = np.searchsorted(-count, -np.arange(count[0]), side="left")
    layers = tuple(rows[first[:many] + k] for k, many in enumerate(high.tolist()))
    steps = tuple(np.ceil(arcs.size[arcs.team[layer]] / step[: layer.size] - SAME).astype(np.intp) for layer in layers)
    return KnapsackTable(grid, step, layers, steps, int(np.ceil(arcs.most_missing[grid] / step - SAME).max()))


def _least_costs(stacks: KnapsackTable, cost: Floats) -> tuple[Floats, list[Flags]]:
    """Return what it costs at least to cover so many steps or more, shape (grids, steps), and which layers do it."""
    least = np.full((stacks.grid.size, stacks.most_steps + 1), np.inf)
    least[:, 0] = 0.0
    column, is_added = np.arange(stacks.most_steps + 1), []
    for layer, steps in zip(stacks.layers, stacks.steps, strict=True):
        known = least[: layer.size]
        without = np.maximum(column - steps[:, None], 0)
        having = np.take_along_axis(known, without, axis=1) + cost[layer][:, None]
        is_added.append(having < known)
        np.minimum(known, having, out=known)
    return least, is_added


def _trace_back(stacks: KnapsackTable, is_added: list[Flags], reached: Positions) -> Positions:
    left, chosen = reached.copy(), []
    for layer, steps, added in zip(reversed(stacks.layers), reversed(stacks.steps), reversed(is_added), strict=True):
        taken = added[np.arange(layer.size), left[: layer.size]]
        chosen.append(layer[taken])
        left[: layer.size] -= np.where(taken, np.minimum(steps, left[: layer.size]), 0)
    return np.concatenate(chosen)
