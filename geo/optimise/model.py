"""Parts of the problem as models for the solver.

By groups (``geo.optimise.groups``): one yes-or-no for each group, each team and each grid at most once. By pairs: one
yes-or-no for each pair and one continuous ``missing`` for each grid, with

    missing_g + Σ min(size_t, most_missing_g) · x_tg - Σ leaving_t · x_t· (teams that leave g) >= balance_g
    missing_g >= 0

(``missing`` has no upper bound on purpose: with one, the HiGHS of SciPy 1.17 answers "solve error" to problems of two
pairs.)

Capping a team's size by what can be missing changes no whole-number answer and tightens the relaxation: without it the
relaxed bound of a random problem of 20,000 grids lay 16 % below the optimum, with it 0.4 %, by groups 0.00 %.

Each home whose teams cannot all leave has two rows: persons, and how many teams can leave at once (a valid inequality:
any larger number weighs more than may leave).
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from geo.arrays import Floats, Positions
from geo.optimise.arcs import SAME, Arcs
from geo.optimise.groups import Groups
from geo.optimise.pricing import Prices
from geo.optimise.problem import OUTSIDE, sum_at
from geo.optimise.prune import is_short_of_leave
from geo.optimise.solver import Model


@dataclass(frozen=True, slots=True)
class Form:
    """A part as a model. Its first variables stand for pairs or groups of pairs."""

    model: Model
    unmet: Floats
    """The first goal, less ``unmet_before``."""
    unmet_before: float
    travel: Floats
    variable: Positions
    """With ``pair``: pair ``pair[k]`` is chosen with variable ``variable[k]``."""
    pair: Positions

    def pairs_of(self, values: Floats) -> Positions:
        """Return the pairs chosen by values of the variables."""
        return self.pair[values[self.variable] > 0.5]


def grids_of(arcs: Arcs, pairs: Positions) -> Positions:
    """Return the grids whose unmet need these pairs can change, ascending."""
    home = arcs.home[arcs.team[pairs]]
    home = home[home != OUTSIDE]
    return np.unique(np.concatenate([arcs.grid[pairs], home[arcs.lends_its_need[home]]]))


def form_by_groups(arcs: Arcs, groups: Groups) -> Form:
    """Return the choice among groups; its rows are grids, then the rules (see ``prices_of``)."""
    grids, row = np.unique(groups.grid, return_inverse=True)
    once = _Rows(grids.size)
    once.add(row, np.arange(groups.count), np.ones(groups.count))
    rules, limits = _rules(arcs, groups.group, groups.pair, groups.count)
    rows = vstack([once.matrix(groups.count), rules], format="csr")
    high = np.concatenate([np.ones(grids.size), limits])
    travel = sum_at(groups.group, _travel(arcs, groups.pair), groups.count)
    return Form(
        Model(rows, np.full(high.size, -np.inf), high, np.ones(groups.count), np.ones(groups.count, dtype=np.bool_)),
        -groups.objective,
        float(arcs.priority[grids] @ np.maximum(arcs.balance[grids], 0.0)),
        travel,
        groups.group,
        groups.pair,
    )


def form_by_shares(arcs: Arcs, pairs: Positions) -> Form:
    """Return the choice among pairs where nobody comes to a grid beyond its gap, for the relaxation alone.

    No gap may depend on who leaves. Rows are as in ``form_by_groups``.
    """
    grids, row = np.unique(arcs.grid[pairs], return_inverse=True)
    column = np.arange(pairs.size)
    covered = np.minimum(arcs.size[arcs.team[pairs]], arcs.most_missing[arcs.grid[pairs]])
    filled = _Rows(grids.size)
    filled.add(row, column, covered)
    rules, limits = _rules(arcs, column, pairs, pairs.size)
    high = np.concatenate([arcs.most_missing[grids], limits])
    rows = vstack([filled.matrix(pairs.size), rules], format="csr")
    return Form(
        Model(rows, np.full(high.size, -np.inf), high, np.ones(pairs.size), np.ones(pairs.size, dtype=np.bool_)),
        -arcs.priority[arcs.grid[pairs]] * covered,
        float(arcs.priority[grids] @ arcs.most_missing[grids]),
        _travel(arcs, pairs),
        column,
        pairs,
    )


def prices_of(arcs: Arcs, pairs: Positions, row_prices: Floats) -> Prices:
    """Return the prices of the rules from those of all rows of a form by groups or shares of these pairs."""
    teams, grids = np.unique(arcs.team[pairs]), np.unique(arcs.grid[pairs])
    homes, _, _ = lenders(arcs, teams)
    prices = Prices(np.zeros(arcs.size.size), np.zeros(arcs.balance.size), np.zeros(arcs.balance.size))
    ends = np.cumsum([grids.size, teams.size, homes.size])
    _, prices.team[teams], prices.person[homes], prices.head[homes] = np.split(row_prices, ends)
    return prices


def form_by_pairs(arcs: Arcs, pairs: Positions) -> Form:
    """Return the choice among pairs, with a variable for what is missing in each grid."""
    grid, team = arcs.grid[pairs], arcs.team[pairs]
    size, home = arcs.size[team], arcs.home[team]
    grids, column = grids_of(arcs, pairs), np.arange(pairs.size)
    width = pairs.size + grids.size
    opens = (home != OUTSIDE) & arcs.lends_its_need[home]
    missing = _Rows(grids.size)
    missing.add(np.searchsorted(grids, grid), column, -np.minimum(size, arcs.most_missing[grid]))
    missing.add(np.searchsorted(grids, home[opens]), column[opens], arcs.leaving[team[opens]])
    missing.add(np.arange(grids.size), pairs.size + np.arange(grids.size), -np.ones(grids.size))
    rules, limits = _rules(arcs, column, pairs, width)
    return Form(
        Model(
            vstack([missing.matrix(width), rules], format="csr"),
            np.full(grids.size + limits.size, -np.inf),
            np.concatenate([-arcs.balance[grids], limits]),
            np.concatenate([np.ones(pairs.size), np.full(grids.size, np.inf)]),
            np.arange(width) < pairs.size,
        ),
        np.concatenate([np.zeros(pairs.size), arcs.priority[grids]]),
        0.0,
        np.concatenate([_travel(arcs, pairs), np.zeros(grids.size)]),
        column,
        pairs,
    )


def _travel(arcs: Arcs, pairs: Positions) -> Floats:
    """Return the travel of pairs and a little for each team, so that fewer teams win a tie."""
    return np.asarray(arcs.travel[pairs] + 0.09 / (np.unique(arcs.team[pairs]).size + 1))


def _rules(arcs: Arcs, variable: Positions, pair: Positions, width: int) -> tuple[csr_array, Floats]:
    """Return the rows that teams and lenders set to variables made of pairs, and their upper limits."""
    team = arcs.team[pair]
    teams, team_row = np.unique(team, return_inverse=True)
    once = _Rows(teams.size)
    once.add(team_row, variable, np.ones(pair.size))
    short, leave, heads = lenders(arcs, teams)
    home = arcs.home[team]
    lends = (home != OUTSIDE) & np.isin(home, short)
    row, column = np.searchsorted(short, home[lends]), variable[lends]
    persons, counts = _Rows(short.size), _Rows(short.size)
    persons.add(row, column, arcs.leaving[team[lends]])
    counts.add(row, column, np.ones(row.size))
    rows = vstack([part.matrix(width) for part in (once, persons, counts)], format="csr")
    return rows, np.concatenate([np.ones(teams.size), leave + SAME, heads])


def lenders(arcs: Arcs, teams: Positions) -> tuple[Positions, Floats, Floats]:
    """Return the homes whose teams cannot all leave, the persons and the number of teams that may."""
    every = np.unique(arcs.team)
    homes = arcs.home[teams]
    short = np.unique(homes[(homes != OUTSIDE) & is_short_of_leave(arcs)[homes]])
    heads = [
        np.searchsorted(
            np.cumsum(np.sort(arcs.leaving[every[arcs.home[every] == home]])), arcs.may_leave[home] + SAME, "right"
        )
        for home in short
    ]
    return short, arcs.may_leave[short], np.array(heads, dtype=np.float64)


@dataclass(slots=True)
class _Rows:
    """Rows of a sparse matrix while they are gathered."""

    count: int
    row: list[Positions] = field(default_factory=list)
    column: list[Positions] = field(default_factory=list)
    value: list[Floats] = field(default_factory=list)

    def add(self, row: Positions, column: Positions, value: Floats) -> None:
        self.row.append(row)
        self.column.append(column)
        self.value.append(value)

    def matrix(self, width: int) -> csr_array:
        where = (np.concatenate(self.row), np.concatenate(self.column))
        return coo_array((np.concatenate(self.value), where), shape=(self.count, width)).tocsr()
