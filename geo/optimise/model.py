"""Parts of the problem as models for the solver: whole numbers of people for each pair, continuous persons missing.

For each pair ``x`` (people, or 0 and 1 for a whole team) and for each grid the persons missing in pieces ``u`` of
rising cost (``Weights.pieces``), with

    Σ_j u_gj + Σ gain · x_tg - Σ loss · x_t· (teams that leave g) >= balance_g,        0 <= u_gj <= width_gj
    Σ_g x_tg <= free_t,        Σ loss · x_t· (teams that leave g) <= may_leave_g

In several windows there is an ``x`` for each tour (``geo.optimise.tours``), which counts in the rows of all its
windows, pieces ``u`` and rows of grids for each window, and in place of free_t for each team the people ``z`` of each
way to serve that leaves enough rest: Σ_g x over a stretch <= Σ z whose way holds the stretch, Σ z <= people.

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
from geo.optimise.tours import Tours, patterns_of, take_tours


@dataclass(frozen=True, slots=True)
class Form:
    """Some tours as a model. Its first variables stand for the tours."""

    model: Model
    goal: Floats
    before: float
    """What the grids outside of the model count."""
    unit: Floats
    """Persons that one of each tour's variable stands for, shape (tours,)."""

    def sending_of(self, values: Floats) -> Sending:
        """Return the persons of each tour chosen by values of the variables."""
        return np.asarray(np.round(values[: self.unit.size]) * self.unit)


@dataclass(frozen=True, slots=True)
class _WindowPart:
    """What of a model belongs to one window."""

    arcs: Arcs
    column: Positions
    """The tours that serve in the window."""
    pair: Positions
    """The pair of each of them."""
    unit: Floats
    """Persons of a unit of each of them."""
    grids: Positions
    """The grids whose cost can change."""

    @property
    def loss(self) -> Floats:
        return self.arcs.loss[self.pair]

    @property
    def home(self) -> Positions:
        return self.arcs.origin[self.pair]

    @property
    def opens(self) -> Flags:
        """Whether a tour may open a gap at home."""
        return (self.loss > 0) & self.arcs.lends_its_need[self.home]

    @property
    def pieces(self) -> tuple[tuple[float, Floats], ...]:
        return self.arcs.weights.pieces(self.arcs.need[self.grids], self.arcs.ignored[self.grids])

    @property
    def before(self) -> float:
        """What all other grids of the window count."""
        elsewhere = np.ones(self.arcs.need.size, dtype=np.bool_)
        elsewhere[self.grids] = False
        return float(cost_at(self.arcs, np.arange(self.arcs.need.size), self.arcs.balance)[elsewhere].sum())


def form_of(tours: Tours, which: Positions) -> Form:
    """Return the choice among some tours as a model; the value of its goal is the cost of the grids it can change."""
    some = take_tours(tours, which)
    unit = some.unit[some.team]
    parts = [_window_part(some, nth) for nth in range(len(some.windows))]
    rows = RowBuilder()
    upper, goal = [np.floor(some.most / unit + SAME)], [some.price * unit]
    width = which.size
    for part in parts:
        missing = _put_missing(rows, part)
        for weight, most in part.pieces:
            at = np.arange(part.grids.size)
            rows.put(missing + at, width + at, -np.ones(at.size))
            upper.append(most)
            goal.append(weight * part.arcs.priority[part.grids])
            width += at.size
    whole = _put_people(rows, some, unit, width)
    upper.append(whole)
    goal.append(np.zeros(whole.size))
    for part in parts:
        _put_leave(rows, part)
    charged = np.flatnonzero(some.part > 0)
    once = rows.add_block(np.full(charged.size, SAME))
    columns = width + whole.size + np.arange(charged.size)
    rows.put(once + np.arange(charged.size), charged, np.ones(charged.size))
    rows.put(once + np.arange(charged.size), columns, -upper[0][charged])
    upper.append(np.ones(charged.size))
    goal.append(some.part[charged])
    upper_limits, size = np.concatenate(upper), width + whole.size + charged.size
    is_whole = (np.arange(size) < which.size) | (np.arange(size) >= width)
    return Form(
        Model(rows.matrix(size), *rows.limits(), upper_limits, is_whole),
        np.concatenate(goal),
        sum(part.before for part in parts),
        unit,
    )


def _window_part(tours: Tours, nth: int) -> _WindowPart:
    arcs, column = tours.windows[nth], np.flatnonzero(tours.pair[nth] >= 0)
    pair = tours.pair[nth, column]
    home = arcs.origin[pair]
    opens = (arcs.loss[pair] > 0) & arcs.lends_its_need[home]
    grids = np.unique(np.concatenate([arcs.grid[pair], home[opens]]))
    return _WindowPart(arcs, column, pair, arcs.unit[arcs.team[pair]], grids)


def _put_missing(rows: RowBuilder, part: _WindowPart) -> int:
    """Put in what tours bring and take in a window; return the first of the rows of its grids."""
    arcs, grid = part.arcs, part.arcs.grid[part.pair]
    brought = arcs.gain[part.pair] * part.unit
    is_whole = part.unit >= arcs.most[part.pair]
    came = np.where(is_whole, np.minimum(brought, arcs.most_missing[grid]), brought)
    missing = rows.add_block(-arcs.balance[part.grids])
    rows.put(missing + np.searchsorted(part.grids, grid), part.column, -came)
    opens = part.opens
    rows.put(
        missing + np.searchsorted(part.grids, part.home[opens]), part.column[opens], (part.loss * part.unit)[opens]
    )
    return missing


def _put_people(rows: RowBuilder, tours: Tours, unit: Floats, width: int) -> Floats:
    """Put in how many people teams have; return the upper limits of the variables that takes, from ``width`` on.

    In one window as many go as are free. In several each group of the limits is divided among its ways to serve, and
    no more serve a stretch of windows than there are whose way holds it.
    """
    if len(tours.windows) == 1:
        teams, row = np.unique(tours.team, return_inverse=True)
        free = rows.add_block(tours.windows[0].free[teams] + SAME)
        rows.put(free + row, np.arange(tours.team.size), unit)
        return np.zeros(0)
    _put_stays(rows, tours, unit)
    count = len(tours.windows)
    key = (tours.team * count + tours.first) * count + tours.last
    known, row = np.unique(key, return_inverse=True)
    served = rows.add_block(np.full(known.size, SAME))
    rows.put(served + row, np.arange(key.size), np.ones(key.size))
    here = set(tours.team.tolist())
    ways = [way for way in patterns_of(tours) if tours.crew_limits.team[way[0]] in here]
    groups, group_row = np.unique([group for group, _ in ways], return_inverse=True)
    size = np.array(
        [tours.crew_limits.people[g] / max(tours.unit[tours.crew_limits.team[g]], 1.0) for g in groups.tolist()]
    )
    divided = rows.add_block(np.floor(size + SAME) + SAME)
    rows.put(divided + group_row, width + np.arange(len(ways)), np.ones(len(ways)))
    place = {int(each): nth for nth, each in enumerate(known)}
    for nth, (group, stretches) in enumerate(ways):
        keys = [(tours.crew_limits.team[group] * count + first) * count + last for first, last in stretches]
        at = np.array([place[each] for each in keys if each in place], dtype=np.intp)
        rows.put(served + at, np.full(at.size, width + nth), -np.ones(at.size))
    return np.floor(size + SAME)[group_row]


def _put_stays(rows: RowBuilder, tours: Tours, unit: Floats) -> None:
    """Put in that no more stay at a grid than stood there before a window."""
    for nth, arcs in enumerate(tours.windows):
        column = np.flatnonzero((tours.pair[nth] >= 0) & (tours.first == nth))
        column = column[arcs.stays[tours.pair[nth, column]]]
        pairs, row = np.unique(tours.pair[nth, column], return_inverse=True)
        rows.put(rows.add_block(arcs.most[pairs] + SAME) + row, column, unit[column])


def _put_leave(rows: RowBuilder, part: _WindowPart) -> None:
    """Put in what homes may lend in a window."""
    short = np.unique(part.home[(part.loss > 0) & is_short_of_leave(part.arcs)[part.home]])
    lends = np.isin(part.home, short) & (part.loss > 0)
    leave = rows.add_block(part.arcs.may_leave[short] + SAME)
    rows.put(leave + np.searchsorted(short, part.home[lends]), part.column[lends], (part.loss * part.unit)[lends])


def split(tours: Tours) -> list[Positions]:
    """Return the positions of the tours of each part of the problem, largest part last.

    Two tours belong together when they share a team, a grid in a window, or a home whose teams cannot all leave or
    which may itself come to be short.
    """
    if not tours.team.size:
        return []
    many, count = tours.teams, tours.grids
    ends = [_links(arcs, many + nth * count) for nth, arcs in enumerate(tours.windows)]
    one, other = (np.concatenate(side) for side in zip(*ends, strict=True))
    size = many + len(tours.windows) * count
    graph = coo_array((np.ones(one.size), (one, other)), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    of_tour = label[tours.team]
    order = np.argsort(of_tour, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(of_tour[order])) + 1)
    return sorted(parts, key=len)


def _links(arcs: Arcs, offset: int) -> tuple[Positions, Positions]:
    """Return teams, and what they share with others in a window: its grids are counted from an offset on."""
    linked = arcs.loss > 0
    linked[linked] = (is_short_of_leave(arcs) | arcs.lends_its_need)[arcs.origin[linked]]
    one = np.concatenate([arcs.team, arcs.team[linked]])
    return one, offset + np.concatenate([arcs.grid, arcs.origin[linked]])


def is_short_of_leave(arcs: Arcs) -> Flags:
    """Tell which grids could not let all their teams go at once, shape (n,)."""
    share = np.zeros(arcs.free.size)
    np.maximum.at(share, arcs.team, arcs.loss)
    lent = arcs.home != OUTSIDE
    wanted = sum_at(arcs.home[lent], (share * arcs.free)[lent], arcs.need.size)
    return np.asarray(wanted > arcs.may_leave + SAME)
