"""Pairs that no best plan needs, and parts of the problem that do not touch each other.

A team covers at most ``worth`` at a grid, alone there. Take the ``k`` grids best for it (by worth, then travel). Other
teams stand on at most one grid each; so when fewer than ``k`` others reach any of those ``k`` grids, one of them is
empty in every plan, and the team does no worse there than at any grid further down its list: whatever it added
there, it adds as much or more on the empty one, or as much with no more travel. The list is cut after ``k``. Every
cut shortens what other teams reach, so cutting is repeated until nothing changes.

Grids whose own gap depends on who leaves them are never counted as empty.
"""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.arrays import Flags, Positions
from geo.optimise.arcs import SAME, Arcs, departures, take
from geo.optimise.problem import OUTSIDE


def prune(arcs: Arcs) -> Arcs:
    """Return the terms without the pairs that no best plan needs (see the module); values and order stay."""
    while True:
        keep = _needed(arcs)
        if keep.all():
            return arcs
        arcs = take(arcs, keep)


def split(arcs: Arcs) -> list[Positions]:
    """Return the positions of the pairs of each part of the problem, largest part last.

    Two pairs belong together when they share a team, a grid, or a home whose teams cannot all leave or which
    may itself come to be short.
    """
    if not arcs.team.size:
        return []
    many, count = arcs.size.size, arcs.balance.size
    home = arcs.home[arcs.team]
    linked = home != OUTSIDE
    linked[linked] = (is_short_of_leave(arcs) | arcs.lends_its_need)[home[linked]]
    one = np.concatenate([arcs.team, arcs.team[linked]])
    other = np.concatenate([many + arcs.grid, many + home[linked]])
    graph = coo_array((np.ones(one.size), (one, other)), shape=(many + count, many + count))
    _, label = connected_components(graph, directed=False)
    of_pair = label[arcs.team]
    order = np.argsort(of_pair, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(of_pair[order])) + 1)
    return sorted(parts, key=len)


def is_short_of_leave(arcs: Arcs) -> Flags:
    """Tell which grids could not let all their teams go at once, shape (n,)."""
    _, first = np.unique(arcs.team, return_index=True)
    return np.asarray(departures(arcs, first) > arcs.may_leave + SAME)


def walk_down(arcs: Arcs) -> Iterator[tuple[int, int, int]]:
    """Yield row after row down the list of each team: the row, the grids seen so far, the teams that reach any of them.

    Grids whose gap depends on who leaves them are passed over. The team itself is among those that reach them. A list
    ends early where more teams have been met than it has rows: no grid on it can be certain to be empty.
    """
    by_grid = np.argsort(arcs.grid, kind="stable")
    first = np.searchsorted(arcs.grid[by_grid], np.arange(arcs.balance.size + 1)).tolist()
    visitors = arcs.team[by_grid].tolist()
    grid, counted = arcs.grid.tolist(), (~arcs.lends_its_need[arcs.grid]).tolist()
    rows = np.bincount(arcs.team, minlength=arcs.size.size).tolist()
    last, rivals, seen = -1, set[int](), 0
    for row, team in enumerate(arcs.team.tolist()):
        if team != last:
            last, rivals, seen = team, set(), 0
        if counted[row] and len(rivals) <= rows[team]:
            seen += 1
            rivals.update(visitors[first[grid[row]] : first[grid[row] + 1]])
            yield row, seen, len(rivals)


def _needed(arcs: Arcs) -> Flags:
    """Tell which rows stand in the lists of their teams up to the point where one grid is certain to be empty."""
    end = np.full(arcs.size.size, arcs.team.size, dtype=np.intp)
    for row, seen, rivals in walk_down(arcs):
        team = arcs.team[row]
        if seen >= rivals and row < end[team]:
            end[team] = row
    return np.arange(arcs.team.size) <= end[arcs.team]
