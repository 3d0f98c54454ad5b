"""Pairs that no best plan needs, and parts of the problem that do not touch each other.

A team covers at most ``worth`` at a grid, alone there. Take the ``k`` grids best for it (by worth, then travel). Other
teams stand on at most one grid each; so when fewer than ``k`` others reach any of those ``k`` grids, one of them is
empty in every plan, and the team does no worse there than at any grid further down its list: whatever it added
there, it adds as much or more on the empty one, or as much with no more travel. The list is cut after ``k``. Every
cut shortens what other teams reach, so cutting is repeated until nothing changes.

Grids whose own gap depends on who leaves them are never counted as empty.
"""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.optimise.problem import OUTSIDE, Flags, Positions
from geo.optimise.terms import SAME, Terms, departures, take


def prune(terms: Terms) -> Terms:
    """Return the terms without the pairs that no best plan needs (see the module); values and order stay."""
    while True:
        keep = _needed(terms)
        if keep.all():
            return terms
        terms = take(terms, keep)


def split(terms: Terms) -> list[Positions]:
    """Return the positions of the pairs of each part of the problem, largest part last.

    Two pairs belong together when they share a team, a grid, or a home whose teams cannot all leave or which
    may itself come to be short.
    """
    if not terms.team.size:
        return []
    many, count = terms.size.size, terms.balance.size
    home = terms.home[terms.team]
    linked = home != OUTSIDE
    linked[linked] = (is_short_of_leave(terms) | terms.lends_its_need)[home[linked]]
    one = np.concatenate([terms.team, terms.team[linked]])
    other = np.concatenate([many + terms.grid, many + home[linked]])
    graph = coo_array((np.ones(one.size), (one, other)), shape=(many + count, many + count))
    _, label = connected_components(graph, directed=False)
    of_pair = label[terms.team]
    order = np.argsort(of_pair, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(of_pair[order])) + 1)
    return sorted(parts, key=len)


def is_short_of_leave(terms: Terms) -> Flags:
    """Tell which grids could not let all their teams go at once, shape (n,)."""
    _, first = np.unique(terms.team, return_index=True)
    return np.asarray(departures(terms, first) > terms.may_leave + SAME)


def _needed(terms: Terms) -> Flags:
    by_grid = np.argsort(terms.grid, kind="stable")
    first = np.searchsorted(terms.grid[by_grid], np.arange(terms.balance.size + 1)).tolist()
    visitors = terms.team[by_grid].tolist()
    counted = (~terms.lends_its_need[terms.grid]).tolist()
    grid = terms.grid.tolist()
    keep = np.ones(terms.team.size, dtype=np.bool_)
    starts = np.flatnonzero(np.diff(terms.team, prepend=-1)).tolist()
    for start, end in zip(starts, [*starts[1:], len(grid)][: len(starts)], strict=True):
        rivals: set[int] = set()
        seen = 0
        for row in range(start, end):
            if counted[row]:
                seen += 1
                rivals.update(visitors[first[grid[row]] : first[grid[row] + 1]])
                if seen >= len(rivals):
                    keep[row + 1 : end] = False
                    break
    return keep
