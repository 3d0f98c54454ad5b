"""A part of the problem solved exactly, goal after goal.

By groups (``geo.optimise.groups``) wherever there are not too many: one yes-or-no for each group, each team and each
grid at most once. Otherwise by pairs: one yes-or-no for each pair and one continuous ``missing`` for each grid, with

    missing_g + Σ min(size_t, most_missing_g) · x_tg - Σ leaving_t · x_t· (teams that leave g) >= balance_g
    missing_g >= 0

(``missing`` has no upper bound on purpose: with one, the HiGHS of SciPy 1.17 answers "solve error" to problems of two
pairs.)

Capping a team's size by what can be missing changes no whole-number answer and tightens the relaxation: without it the
relaxed bound of a random problem of 20,000 grids lay 16 % below the optimum, with it 0.4 %, by groups 0.00 %.

Each home whose teams cannot all leave has two rows: persons, and how many teams can leave at once (a valid inequality:
any larger number weighs more than may leave).
"""

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from geo.optimise.groups import Groups, list_groups
from geo.optimise.problem import OUTSIDE, Floats, Positions, sum_at
from geo.optimise.prune import is_short_of_leave
from geo.optimise.solver import Clock, Model, minimise, reduced_costs, with_limit
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


@dataclass(frozen=True, slots=True)
class _Form:
    """A part as a model. Its first variables stand for pairs or groups of pairs."""

    model: Model
    unmet: Floats
    """The first goal, less ``unmet_before``."""
    unmet_before: float
    travel: Floats
    variable: Positions
    """With ``pair``: pair ``pair[k]`` is chosen with variable ``variable[k]``."""
    pair: Positions

    def chosen(self, values: Floats) -> Positions:
        """Return the pairs chosen by values of the variables."""
        return self.pair[values[self.variable] > 0.5]


def solve_part(terms: Terms, pairs: Positions, clock: Clock) -> Answer:
    """Return the lexicographic best choice among some pairs, all other teams staying where they are.

    First the unmet need, then the travel with that unmet need, then the number of teams: a tie is decided by adding
    less than a tenth of a person-minute in all for the teams.
    """
    if not pairs.size:
        return Answer(pairs, 0.0, is_unmet_proven=True, travel_bound=0.0, is_travel_proven=True)
    groups = list_groups(terms, pairs)
    form = _form_by_pairs(terms, pairs) if groups is None else _form_by_groups(terms, groups)
    first = minimise(form.model, form.unmet, clock, clock.left() * FIRST_GOAL_SHARE)
    bound = form.unmet_before + first.bound
    if first.values is None:
        return Answer(None, bound, is_unmet_proven=False, travel_bound=-np.inf, is_travel_proven=False)
    chosen = form.chosen(first.values)
    if not first.is_proven:
        return Answer(chosen, bound, is_unmet_proven=False, travel_bound=-np.inf, is_travel_proven=False)
    model = form.model if groups is None else _without_hopeless(form, first.value, clock)
    second = minimise(with_limit(model, form.unmet, first.value + _SLACK), form.travel, clock, clock.left())
    if second.values is not None:
        chosen = form.chosen(second.values)
    return Answer(chosen, bound, is_unmet_proven=True, travel_bound=second.bound, is_travel_proven=second.is_proven)


def grids_of(terms: Terms, pairs: Positions) -> Positions:
    """Return the grids whose unmet need these pairs can change, ascending."""
    home = terms.home[terms.team[pairs]]
    home = home[home != OUTSIDE]
    return np.unique(np.concatenate([terms.grid[pairs], home[terms.lends_its_need[home]]]))


def _without_hopeless(form: _Form, unmet: float, clock: Clock) -> Model:
    """Return the model without the groups that no choice with the least unmet need holds.

    A variable whose reduced cost is larger than optimum - relaxed optimum is 0 in every optimum (reduced cost fixing:
    Dantzig, Fulkerson & Johnson 1954).
    """
    relaxed = reduced_costs(form.model, form.unmet, clock, clock.left())
    if relaxed is None:
        return form.model
    value, costs = relaxed
    return replace(form.model, upper=np.where(costs > unmet - value + _SLACK, 0.0, form.model.upper))


def _form_by_groups(terms: Terms, groups: Groups) -> _Form:
    grids, row = np.unique(groups.grid, return_inverse=True)
    once = _Rows(grids.size)
    once.add(row, np.arange(groups.count), np.ones(groups.count))
    rules, limits = _rules(terms, groups.group, groups.pair, groups.count)
    rows = vstack([once.matrix(groups.count), rules], format="csr")
    high = np.concatenate([np.ones(grids.size), limits])
    travel = sum_at(groups.group, _travel(terms, groups.pair), groups.count)
    return _Form(
        Model(rows, np.full(high.size, -np.inf), high, np.ones(groups.count), np.ones(groups.count, dtype=np.bool_)),
        -groups.worth,
        float(terms.priority[grids] @ np.maximum(terms.balance[grids], 0.0)),
        travel,
        groups.group,
        groups.pair,
    )


def _form_by_pairs(terms: Terms, pairs: Positions) -> _Form:
    grid, team = terms.grid[pairs], terms.team[pairs]
    size, home = terms.size[team], terms.home[team]
    grids, column = grids_of(terms, pairs), np.arange(pairs.size)
    width = pairs.size + grids.size
    opens = (home != OUTSIDE) & terms.lends_its_need[home]
    missing = _Rows(grids.size)
    missing.add(np.searchsorted(grids, grid), column, np.minimum(size, terms.most_missing[grid]))
    missing.add(np.searchsorted(grids, home[opens]), column[opens], -terms.leaving[team[opens]])
    missing.add(np.arange(grids.size), pairs.size + np.arange(grids.size), np.ones(grids.size))
    rules, limits = _rules(terms, column, pairs, width)
    return _Form(
        Model(
            vstack([missing.matrix(width), rules], format="csr"),
            np.concatenate([terms.balance[grids], np.full(limits.size, -np.inf)]),
            np.concatenate([np.full(grids.size, np.inf), limits]),
            np.concatenate([np.ones(pairs.size), np.full(grids.size, np.inf)]),
            np.arange(width) < pairs.size,
        ),
        np.concatenate([np.zeros(pairs.size), terms.priority[grids]]),
        0.0,
        np.concatenate([_travel(terms, pairs), np.zeros(grids.size)]),
        column,
        pairs,
    )


def _travel(terms: Terms, pairs: Positions) -> Floats:
    """Return the travel of pairs and a little for each team, so that fewer teams win a tie."""
    return np.asarray(terms.travel[pairs] + 0.09 / (np.unique(terms.team[pairs]).size + 1))


def _rules(terms: Terms, variable: Positions, pair: Positions, width: int) -> tuple[csr_array, Floats]:
    """Return the rows that teams and lenders set to variables made of pairs, and their upper limits."""
    team = terms.team[pair]
    teams, team_row = np.unique(team, return_inverse=True)
    once = _Rows(teams.size)
    once.add(team_row, variable, np.ones(pair.size))
    short, leave, heads = _lenders(terms, teams)
    home = terms.home[team]
    lends = (home != OUTSIDE) & np.isin(home, short)
    row, column = np.searchsorted(short, home[lends]), variable[lends]
    persons, counts = _Rows(short.size), _Rows(short.size)
    persons.add(row, column, terms.leaving[team[lends]])
    counts.add(row, column, np.ones(row.size))
    rows = vstack([part.matrix(width) for part in (once, persons, counts)], format="csr")
    return rows, np.concatenate([np.ones(teams.size), leave + SAME, heads])


def _lenders(terms: Terms, teams: Positions) -> tuple[Positions, Floats, Floats]:
    """Return the homes whose teams cannot all leave, the persons and the number of teams that may."""
    homes = terms.home[teams]
    short = np.unique(homes[(homes != OUTSIDE) & is_short_of_leave(terms)[homes]])
    heads = [
        np.searchsorted(np.cumsum(np.sort(terms.leaving[teams[homes == home]])), terms.may_leave[home] + SAME, "right")
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
