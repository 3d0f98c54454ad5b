"""Which teams may share a grid: every group worth looking at, so that the solver chooses groups instead of pairs.

A relaxation by pairs can use half of two teams where whole ones would waste somebody; one by groups cannot, and its
bound is nearly always the optimum (set packing: Garfinkel & Nemhauser 1969). Groups are few because most are
wasteful: a member who adds less in the group than it would on a grid that is certain to be empty (see
``geo.optimise.prune``) does not belong there, and adding members only lowers what each adds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.arrays import Floats, Positions
from geo.optimise.arcs import SAME, Arcs
from geo.optimise.problem import OUTSIDE, sum_at
from geo.optimise.prune import walk_down

MOST_GROUPS_PER_PAIR: Final = 12
"""Where there are more, teams are small for the gaps, and pairs do as well."""
MOST_GROUPS: Final = 150_000
"""More take the solver too long even when nothing need be whole."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of teams for grids, flat: member ``k`` is the pair ``pair[k]`` and belongs to group ``group[k]``."""

    group: Positions
    """Shape (members,), ascending."""
    pair: Positions
    """Shape (members,)."""
    count: int
    grid: Positions
    """Of each group, shape (count,)."""
    objective: Floats
    """Priority × persons missing that the whole group covers, shape (count,)."""


def list_groups(arcs: Arcs, pairs: Positions) -> Groups | None:
    """Return every group that a best choice among these pairs (at least one) may need, single teams included.

    Null where there are too many, or where a gap depends on who leaves: at one of the grids or at a team's home.
    """
    home = arcs.home[arcs.team[pairs]]
    involved = np.concatenate([arcs.grid[pairs], home[home != OUTSIDE]])
    if arcs.lends_its_need[involved].any():
        return None
    elsewhere = certain_elsewhere(arcs)
    limit = min(MOST_GROUPS_PER_PAIR * pairs.size + 100, MOST_GROUPS)
    found: list[tuple[int, ...]] = []
    by_grid = pairs[np.lexsort((-arcs.size[arcs.team[pairs]], arcs.grid[pairs]))]
    for rows in np.split(by_grid, np.flatnonzero(np.diff(arcs.grid[by_grid])) + 1):
        for group in _groups_of_grid(arcs, rows, elsewhere):
            found.append(group)
            if len(found) > limit:
                return None
    return join_groups(arcs, found)


def join_groups(arcs: Arcs, groups: Sequence[tuple[int, ...]]) -> Groups:
    """Return groups given as the pairs of each, at least one group, each of one grid."""
    lengths = np.array([len(group) for group in groups], dtype=np.intp)
    member = np.repeat(np.arange(len(groups)), lengths)
    pair = np.array([row for group in groups for row in group], dtype=np.intp)
    persons = sum_at(member, arcs.size[arcs.team[pair]], len(groups))
    grid = arcs.grid[pair[np.cumsum(lengths) - lengths]]
    worth = np.round(arcs.priority[grid] * np.minimum(persons, arcs.most_missing[grid]), 6)
    return Groups(member, pair, len(groups), grid, worth)


def members_of(groups: Groups) -> list[Positions]:
    """Return the pairs of each group."""
    return np.split(groups.pair, np.flatnonzero(np.diff(groups.group)) + 1)


def certain_elsewhere(arcs: Arcs) -> Floats:
    """Return what each team is certain to cover on a grid other than any given one, shape (m,); 0 where unsure.

    Of the ``k`` best grids of a team at least two are empty when fewer than ``k - 1`` others reach any of them: one
    is left beside the given grid.
    """
    certain = np.zeros(arcs.size.size)
    for row, seen, rivals in walk_down(arcs):
        team = arcs.team[row]
        if certain[team] == 0 and seen > rivals:
            certain[team] = arcs.objective[row]
    return certain


def _groups_of_grid(arcs: Arcs, rows: Positions, elsewhere: Floats) -> Iterator[tuple[int, ...]]:
    """Yield the groups of the pairs of one grid, given largest team first."""
    grid = arcs.grid[rows[0]]
    team = arcs.team[rows]
    size, pair = arcs.size[team].tolist(), rows.tolist()
    least = (elsewhere[team] / arcs.priority[grid] - SAME).tolist()
    missing = float(arcs.most_missing[grid])

    def may_be(members: tuple[int, ...], persons: float) -> bool:
        return all((added := min(size[k], missing - (persons - size[k]))) > SAME and added >= least[k] for k in members)

    def grow(members: tuple[int, ...], persons: float, start: int) -> Iterator[tuple[int, ...]]:
        for k in range(start, len(pair)):
            larger = (*members, k)
            if not members or may_be(larger, persons + size[k]):
                yield tuple(pair[member] for member in larger)
                if persons + size[k] < missing - SAME:
                    yield from grow(larger, persons + size[k], k + 1)

    yield from grow((), 0.0, 0)
