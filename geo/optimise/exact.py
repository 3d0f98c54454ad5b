"""A part of the problem solved by HiGHS, goal after goal, and stopped between two looks at the clock.

Variables are one yes-or-no for each pair and one continuous ``missing`` for each grid, with

    missing_g + Σ min(size_t, most_missing_g) · x_tg - Σ size_t · x_t· (teams that leave g) >= balance_g,  missing_g >= 0,

one row for each team (at most one grid) and two for each home whose teams cannot all leave: persons, and how many
teams can leave at once (a valid inequality: any larger number weighs more than may leave). Capping a team's size by
what can be missing changes no whole-number answer and tightens the relaxation: without it the relaxed bound of a
random problem of 20,000 grids lay 16 % below the optimum, with it 0.4 %.

``scipy.optimize.milp`` cannot be interrupted, but lets go of the interpreter while it runs: it runs in a thread of
its own, is asked every 20 ms whether it should go on, and is left alone when not. A thread left alone ends at its
time limit.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import coo_array, csr_array, vstack

from geo.optimise.problem import OUTSIDE, Floats, Positions
from geo.optimise.prune import is_short_of_leave
from geo.optimise.terms import SAME, Terms

FIRST_GOAL_SHARE: Final = 0.6
"""Of the time for a part, so much goes to the unmet need at most."""
_LOOK_S: Final = 0.02
_OPTIMAL: Final = 0
_SLACK: Final = 2 * SAME
"""What the first goal may lose to rounding while the second is pursued."""


@dataclass(frozen=True, slots=True)
class Clock:
    """When to stop: at an instant of ``time.perf_counter``, or when somebody says so."""

    until: float
    is_cancelled: Callable[[], bool]

    def left(self) -> float:
        """Return the seconds left, 0 when cancelled."""
        return 0.0 if self.is_cancelled() else max(self.until - time.perf_counter(), 0.0)


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
class _Model:
    pairs: Positions
    rows: csr_array
    low: Floats
    high: Floats
    upper: Floats
    weight: Floats
    """Of ``missing``, shape (grids of the part,)."""
    travel: Floats
    """With a little for each team, so that fewer teams win a tie."""


def solve_part(terms: Terms, pairs: Positions, clock: Clock) -> Answer:
    """Return the lexicographic best choice among some pairs, all other teams staying where they are.

    First the unmet need, then the travel with that unmet need, then the number of teams: a tie is decided by adding
    less than a tenth of a person-minute in all for the teams.
    """
    model = _build(terms, pairs)
    goal = np.concatenate([np.zeros(pairs.size), model.weight])
    first = _run(model, goal, clock, clock.left() * FIRST_GOAL_SHARE)
    if first is None or first.x is None:
        return Answer(None, _bound(first), is_unmet_proven=False, travel_bound=-np.inf, is_travel_proven=False)
    chosen, proven = _chosen(model, first), first.status == _OPTIMAL
    if not proven:
        return Answer(chosen, _bound(first), is_unmet_proven=False, travel_bound=-np.inf, is_travel_proven=False)
    capped = _with_row(model, goal, float(first.fun) + _SLACK)
    second_goal = np.concatenate([model.travel, np.zeros(model.weight.size)])
    second = _run(capped, second_goal, clock, clock.left())
    if second is not None and second.x is not None:
        chosen = _chosen(model, second)
    done = second is not None and second.status == _OPTIMAL
    return Answer(chosen, _bound(first), True, _bound(second), done)  # noqa: FBT003 - fields of a record


def grids_of(terms: Terms, pairs: Positions) -> Positions:
    """Return the grids whose unmet need these pairs can change, ascending."""
    home = terms.home[terms.team[pairs]]
    home = home[home != OUTSIDE]
    return np.unique(np.concatenate([terms.grid[pairs], home[terms.lends_its_need[home]]]))


def _build(terms: Terms, pairs: Positions) -> _Model:
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
    return _Model(
        pairs,
        rows,
        np.concatenate([terms.balance[grids], endless]),
        np.concatenate([np.full(grids.size, np.inf), np.ones(teams.size), leave + SAME, heads]),
        np.concatenate([np.ones(pairs.size), most]),
        terms.priority[grids],
        terms.travel[pairs] + 0.09 / (teams.size + 1),
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


def _with_row(model: _Model, row: Floats, at_most: float) -> _Model:
    rows = vstack([model.rows, csr_array(row[None, :])], format="csr")
    low, high = np.append(model.low, -np.inf), np.append(model.high, at_most)
    return _Model(model.pairs, rows, low, high, model.upper, model.weight, model.travel)


def _run(model: _Model, goal: Floats, clock: Clock, seconds: float) -> OptimizeResult | None:
    """Return what HiGHS found within so many seconds, null where it was cancelled or there was no time."""
    if seconds <= 0:
        return None
    found: Future[OptimizeResult] = Future()
    thread = threading.Thread(target=_solve, args=(found, model, goal, seconds), name="milp", daemon=True)
    thread.start()
    while thread.is_alive() and not clock.is_cancelled():
        thread.join(_LOOK_S)
    return found.result() if found.done() else None


def _solve(found: Future[OptimizeResult], model: _Model, goal: Floats, seconds: float) -> None:
    try:
        result = milp(
            goal,
            integrality=np.concatenate([np.ones(model.pairs.size), np.zeros(model.weight.size)]),
            bounds=Bounds(np.zeros(goal.size), model.upper),
            constraints=LinearConstraint(model.rows, model.low, model.high),
            options={"time_limit": seconds, "mip_rel_gap": 0.0},
        )
    except Exception as error:  # noqa: BLE001 - a thread's error is raised where its result is asked for
        found.set_exception(error)
    else:
        found.set_result(result)


def _chosen(model: _Model, found: OptimizeResult) -> Positions:
    return model.pairs[np.flatnonzero(found.x[: model.pairs.size] > 0.5)]


def _bound(found: OptimizeResult | None) -> float:
    bound = getattr(found, "mip_dual_bound", None)
    return -np.inf if bound is None else float(bound)
