"""Parts of the problem as models for the solver: whole numbers of people for each pair, continuous persons missing.

For each pair ``x`` (people, or 0 and 1 for a whole team) and for each grid the persons missing in pieces ``u`` of
rising cost (``Weights.pieces``), with

    Σ_j u_gj + Σ gain · x_tg - Σ loss · x_t· (teams that leave g) >= balance_g,        0 <= u_gj <= width_gj
    Σ_g x_tg <= free_t,        Σ loss · x_t· (teams that leave g) <= may_leave_g

Capping what a whole team brings by what can be missing changes no whole-number answer and tightens the relaxation.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.arrays import Flags, Floats, Positions
from geo.optimise.arcs import SAME, Arcs, Sending, cost_at
from geo.optimise.problem import OUTSIDE, sum_at
from geo.optimise.rows import RowBuilder
from geo.optimise.solver import Model


@dataclass(frozen=True, slots=True)
class Form:
    """Some pairs as a model. Its first variables stand for the pairs."""

    model: Model
    goal: Floats
    before: float
    """What the grids outside of the model count."""
    unit: Floats
    """Persons that one of each pair's variable stands for, shape (pairs,)."""

    def sending_of(self, values: Floats) -> Sending:
        """Return the persons of each pair chosen by values of the variables."""
        return np.asarray(np.round(values[: self.unit.size]) * self.unit)


def form_of(arcs: Arcs, pairs: Positions) -> Form:
    """Return the choice among some pairs as a model; the value of its goal is the cost of the grids it can change."""
    team, grid, home = arcs.team[pairs], arcs.grid[pairs], arcs.origin[pairs]
    unit, column = arcs.unit[team], np.arange(pairs.size)
    opens = (arcs.loss[pairs] > 0) & arcs.lends_its_need[home]
    grids = np.unique(np.concatenate([grid, home[opens]]))
    pieces = arcs.weights.pieces(arcs.need[grids], arcs.ignored[grids])
    rows = RowBuilder()
    brought = arcs.gain[pairs] * unit
    is_whole = unit >= arcs.most[pairs]
    came = np.where(is_whole, np.minimum(brought, arcs.most_missing[grid]), brought)
    missing = rows.add_block(-arcs.balance[grids])
    rows.put(missing + np.searchsorted(grids, grid), column, -came)
    rows.put(missing + np.searchsorted(grids, home[opens]), column[opens], (arcs.loss[pairs] * unit)[opens])
    for nth in range(len(pieces)):
        at = np.arange(grids.size)
        rows.put(missing + at, pairs.size + nth * grids.size + at, -np.ones(grids.size))
    teams, row = np.unique(team, return_inverse=True)
    rows.put(rows.add_block(arcs.free[teams] + SAME) + row, column, unit)
    short = np.unique(home[(arcs.loss[pairs] > 0) & is_short_of_leave(arcs)[home]])
    lends = np.isin(home, short) & (arcs.loss[pairs] > 0)
    leave = rows.add_block(arcs.may_leave[short] + SAME)
    rows.put(leave + np.searchsorted(short, home[lends]), column[lends], (arcs.loss[pairs] * unit)[lends])
    upper = np.concatenate([np.floor(arcs.most[pairs] / unit + SAME), *(width for _, width in pieces)])
    goal = [weight * arcs.priority[grids] for weight, _ in pieces]
    elsewhere = np.ones(arcs.need.size, dtype=np.bool_)
    elsewhere[grids] = False
    before = cost_at(arcs, np.arange(arcs.need.size), arcs.balance)
    return Form(
        Model(
            rows.matrix(upper.size),
            *rows.limits(),
            upper,
            np.arange(upper.size) < pairs.size,
        ),
        np.concatenate([arcs.price[pairs] * unit, *goal]),
        float(before[elsewhere].sum()),
        unit,
    )


def split(arcs: Arcs) -> list[Positions]:
    """Return the positions of the pairs of each part of the problem, largest part last.

    Two pairs belong together when they share a team, a grid, or a home whose teams cannot all leave or which
    may itself come to be short.
    """
    if not arcs.team.size:
        return []
    many, count = arcs.free.size, arcs.need.size
    linked = arcs.loss > 0
    linked[linked] = (is_short_of_leave(arcs) | arcs.lends_its_need)[arcs.origin[linked]]
    one = np.concatenate([arcs.team, arcs.team[linked]])
    other = np.concatenate([many + arcs.grid, many + arcs.origin[linked]])
    graph = coo_array((np.ones(one.size), (one, other)), shape=(many + count, many + count))
    _, label = connected_components(graph, directed=False)
    of_pair = label[arcs.team]
    order = np.argsort(of_pair, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(of_pair[order])) + 1)
    return sorted(parts, key=len)


def is_short_of_leave(arcs: Arcs) -> Flags:
    """Tell which grids could not let all their teams go at once, shape (n,)."""
    share = np.zeros(arcs.free.size)
    np.maximum.at(share, arcs.team, arcs.loss)
    lent = arcs.home != OUTSIDE
    wanted = sum_at(arcs.home[lent], (share * arcs.free)[lent], arcs.need.size)
    return np.asarray(wanted > arcs.may_leave + SAME)
