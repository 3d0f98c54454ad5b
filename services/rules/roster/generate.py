"""Seats of shifts from need: whole people at the posts there are, parts of people pooled upward (rule G2).

An estate's post of an item gets the whole people of the estate's need; what is left goes to its grid, then to its
community, and what is left there of all items makes one roaming post. So in every community and shift
``need ≤ seats < need + 1``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.arrays import Floats, Positions

_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class ZoneNeed:
    """The need of the shifts of a roster, of ``e`` estates, ``g`` grids and ``c`` communities, by ``i`` items."""

    estates: Floats
    """Persons where the factor of the shift is 1, shape (e, i); nobody is needed where nothing is known."""
    grids: Floats
    """Of grids whose estates say nothing, shape (g, i), else 0."""
    grid_of_estate: Positions
    """Shape (e,)."""
    community_of_grid: Positions
    """Shape (g,)."""
    communities: int
    factors: Floats
    """Of each shift and item, shape (s, i): the mean over the shift of the day's factor."""


@dataclass(frozen=True, slots=True)
class PostsOfItem:
    """Where there are posts of an item: positions of their zones, a position as often as there are posts in it."""

    estates: Positions
    grids: Positions
    communities: Positions


@dataclass(frozen=True, slots=True)
class Seats:
    """People at once, whole numbers, by shift (first axis)."""

    estates: Sequence[Floats]
    """Of each item at the posts of ``PostsOfItem.estates``, shape (s, posts)."""
    grids: Sequence[Floats]
    communities: Sequence[Floats]
    roaming: Floats
    """Of the roaming post of each community, shape (s, c)."""
    roaming_need: Floats
    """What these stand for, before it is rounded up, shape (s, c)."""

    @property
    def total(self) -> int:
        """All of them, in person-shifts."""
        parts = (*self.estates, *self.grids, *self.communities, self.roaming)
        return round(sum(float(part.sum()) for part in parts))


def pool_seats(need: ZoneNeed, posts: Sequence[PostsOfItem]) -> Seats:
    """Return how many people stand at each post in each shift; ``posts`` are in the order of the items."""
    rest = np.zeros((len(need.factors), need.communities))
    estates, grids, communities = [], [], []
    for item, of_item in enumerate(posts):
        factor = need.factors[:, item : item + 1]
        at_estates, left = _take(factor * need.estates[:, item], of_item.estates)
        pool = factor * need.grids[:, item] + _sum(left, need.grid_of_estate, len(need.grids))
        at_grids, left = _take(pool, of_item.grids)
        at_communities, left = _take(_sum(left, need.community_of_grid, need.communities), of_item.communities)
        rest += left
        estates.append(at_estates)
        grids.append(at_grids)
        communities.append(at_communities)
    return Seats(estates, grids, communities, np.ceil(rest - _ROUNDING) + 0.0, rest)


def need_of_communities(need: ZoneNeed) -> Floats:
    """Return the people needed in each shift and community, shape (s, c)."""
    in_grids = need.grids + _sum(need.estates.T, need.grid_of_estate, len(need.grids)).T
    in_communities = _sum(in_grids.T, need.community_of_grid, need.communities).T
    return need.factors @ in_communities.T


def _take(need: Floats, zones: Positions) -> tuple[Floats, Floats]:
    """Return the whole people at each post, shared evenly by those of one zone, and what is left in every zone."""
    count = np.bincount(zones, minlength=need.shape[1])
    whole = np.where(count > 0, np.floor(need + _ROUNDING), 0.0)
    before = _rank(zones)
    share = np.floor((whole[:, zones] + count[zones] - 1 - before) / np.maximum(count[zones], 1))
    return share, np.maximum(need - whole, 0.0)


def _rank(zones: Positions) -> Positions:
    """Return how many posts of the same zone stand before each."""
    order = np.argsort(zones, kind="stable")
    ordered = zones[order]
    first = np.searchsorted(ordered, ordered)
    rank = np.empty(len(zones), dtype=np.intp)
    rank[order] = np.arange(len(zones)) - first
    return rank


def _sum(values: Floats, zone: Positions, count: int) -> Floats:
    """Return the sums by zone of values of shape (s, n), shape (s, count); zones at -1 are left out."""
    total = np.zeros((len(values), count))
    known = zone >= 0
    np.add.at(total.T, zone[known], values.T[known])
    return total
