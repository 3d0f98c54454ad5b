"""A part of the problem solved exactly, goal after goal.

Variables are one yes-or-no for each pair and one continuous ``missing`` for each grid, with

    missing_g + Σ min(size_t, most_missing_g) · x_tg - Σ size_t · x_t· (teams that leave g) >= balance_g
    missing_g >= 0

one row for each team (at most one grid) and two for each home whose teams cannot all leave: persons, and how many
teams can leave at once (a valid inequality: any larger number weighs more than may leave). Capping a team's size by
what can be missing changes no whole-number answer and tightens the relaxation: without it the relaxed bound of a
random problem of 20,000 grids lay 16 % below the optimum, with it 0.4 %.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from geo.optimise.problem import OUTSIDE, Floats, Positions
from geo.optimise.prune import is_short_of_leave
from geo.optimise.solver import Clock, Model, minimise, with_limit
from geo.optimise.terms import SAME, Terms

FIRST_GOAL_SHARE: Final = 0.6
"""Of the time for a part, so much goes to the unmet need at most."""
_SLACK: Final = 2 * SAME
"""What the first goal may lose to rounding while the second is pursued."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came out for a part. Nulls are ``None``."""

    pairs: Positions | None
    """Positions of the chosen pairs in the terms, null where none was found in time."""
    unmet_bound: float
    """No choice leaves less unmet in the grids of the part; ``-inf`` where nothing was learnt."""
    is_unmet_proven: bool
    travel_bound: float
    """No choice with that little unmet travels less; ``-inf`` where nothing was learnt."""
    is_travel_proven: bool


def solve_part(terms: Terms, pairs: Positions, clock: Clock) -> Answer:
    """Return the lexicographic best choice among some pairs, all other teams staying where they are.

    First the unmet need, then the travel with that unmet need, then the number of teams: a tie is decided by adding
    less than a tenth of a person-minute in all for the teams.
    """
    model, grids = _build(terms, pairs), grids_of(terms, pairs)
    unmet = np.concatenate([np.zeros(pairs.size), terms.priority[grids]])
    first = minimise(model, unmet, clock, clock.left() * FIRST_GOAL_SHARE)
    if first.values is None:
        return Answer(None, first.bound, is_unmet_proven=False, travel_bound=-np.inf, is_travel_proven=False)
    chosen = pairs[first.values[: pairs.size] > 0.5]
    if not first.is_proven:
        return Answer(chosen, first.bound, is_unmet_proven=False, travel_bound=-np.inf, is_travel_proven=False)
    tie_break = 0.09 / (np.unique(terms.team[pairs]).size + 1)
    travel = np.concatenate([terms.travel[pairs] + tie_break, np.zeros(grids.size)])
    second = minimise(with_limit(model, unmet, first.value + _SLACK), travel, clock, clock.left())
    if second.values is not None:
        chosen = pairs[second.values[: pairs.size] > 0.5]
    return Answer(
        chosen, first.bound, is_unmet_proven=True, travel_bound=second.bound, is_travel_proven=second.is_proven
    )


def grids_of(terms: Terms, pairs: Positions) -> Positions:
    """Return the grids whose unmet need these pairs can change, ascending."""
    home = terms.home[terms.team[pairs]]
    home = home[home != OUTSIDE]
    return np.unique(np.concatenate([terms.grid[pairs], home[terms.lends_its_need[home]]]))


def _build(terms: Terms, pairs: Positions) -> Model:
    team, grid = terms.team[pairs], terms.grid[pairs]
    size, home = terms.size[team], terms.home[team]
    column = np.arange(pairs.size)
    grids = grids_of(terms, pairs)
    teams, team_row = np.unique(team, return_inverse=True)
    most = terms.most_missing[grids]
    opens = (home != OUTSIDE) & terms.lends_its_need[home]
    missing_rows = _Rows(grids.size)
    missing_rows.add(np.searchsorted(grids, grid), column, np.minimum(size, terms.most_missing[grid]))
    missing_rows.add(np.searchsorted(grids, home[opens]), column[opens], -size[opens])
    missing_rows.add(np.arange(grids.size), pairs.size + np.arange(grids.size), np.ones(grids.size))
    team_rows = _Rows(teams.size)
    team_rows.add(team_row, column, np.ones(pairs.size))
    short, leave, heads = _lenders(terms, teams)
    lends = (home != OUTSIDE) & np.isin(home, short)
    leave_rows, head_rows = _Rows(short.size), _Rows(short.size)
    leave_rows.add(np.searchsorted(short, home[lends]), column[lends], size[lends])
    head_rows.add(np.searchsorted(short, home[lends]), column[lends], np.ones(int(lends.sum())))
    width = pairs.size + grids.size
    rows = vstack([part.matrix(width) for part in (missing_rows, team_rows, leave_rows, head_rows)], format="csr")
    endless = np.full(teams.size + 2 * short.size, -np.inf)
    return Model(
        rows,
        np.concatenate([terms.balance[grids], endless]),
        np.concatenate([np.full(grids.size, np.inf), np.ones(teams.size), leave + SAME, heads]),
        np.concatenate([np.ones(pairs.size), most]),
        np.arange(width) < pairs.size,
    )


def _lenders(terms: Terms, teams: Positions) -> tuple[Positions, Floats, Floats]:
    """Return the homes whose teams cannot all leave, the persons and the number of teams that may."""
    homes = terms.home[teams]
    short = np.unique(homes[(homes != OUTSIDE) & is_short_of_leave(terms)[homes]])
    heads = [
        np.searchsorted(np.cumsum(np.sort(terms.size[teams[homes == home]])), terms.may_leave[home] + SAME, "right")
        for home in short
    ]
    return short, terms.may_leave[short], np.array(heads, dtype=np.float64)


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
