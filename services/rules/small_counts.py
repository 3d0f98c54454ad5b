"""As how many people small groups count wherever a figure is made of people (docs/adr/0022). Arrays in, arrays out.

One or two people in a zone are told to nobody but those who look after them. What they could be worked out from is
made of these counts instead, so that no figure depends on whether they are one or two. The smallest groups are the
members of an estate, those of a grid who live in none of its estates, and those of a community who belong to no grid;
what is wider is the sum of what these count.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.arrays import Floats, Positions

FEWEST_TOLD: Final = 3
"""Smaller numbers of people are told as "<3" outside the own community; none is told as 0."""
STAND_IN: Final = 1
"""As how many one or two people count: a shortage is never made smaller by it."""


@dataclass(frozen=True, slots=True)
class GroupMembers:
    """The people of some groups as they count, one by one."""

    group: Positions
    """Position of the group of each, shape (m,)."""
    hours: Floats
    """The share of each part of the day in which each can come, shape (m, 4), NaN where he has not stated it."""


def is_small(members: ArrayLike) -> NDArray[np.bool_]:
    """Return which numbers of people are too small to be told; none is none.

    Examples
    --------
    >>> is_small([0, 1, 2, 3]).tolist()
    [False, True, True, False]
    """
    count = np.asarray(members, dtype=np.float64)
    return (count > 0) & (count < FEWEST_TOLD)


def counted_people(members: ArrayLike) -> Floats:
    """Return as how many people each number of people counts.

    Examples
    --------
    >>> counted_people([0, 1, 2, 3]).tolist()
    [0.0, 1.0, 1.0, 3.0]
    """
    count = np.asarray(members, dtype=np.float64)
    return np.where(is_small(count), float(STAND_IN), count)


def count_members(group: Positions, hours: Floats) -> GroupMembers:
    """Return the people of groups as they count: of a small group one, who states nothing.

    Parameters
    ----------
    group
        Position of the group of each person, shape (m,); -1 counts nowhere.
    hours
        The share of each part of the day in which each can come, shape (m, 4), NaN where he has not stated it.

    Returns
    -------
    Those of the larger groups in their order, then the stand-ins of the small ones in the order of the groups.

    Examples
    --------
    >>> hours = np.ones((6, 4))
    >>> count_members(np.array([0, 0, 0, 1, 1, -1]), hours).group.tolist()
    [0, 0, 0, 1]
    """
    size = np.bincount(group[group >= 0])
    small = is_small(size)
    is_told = (group >= 0) & ~np.append(small, np.False_)[group]
    stand_ins = np.repeat(np.flatnonzero(small), STAND_IN)
    nothing = np.full((stand_ins.size, hours.shape[1]), np.nan)
    return GroupMembers(np.concatenate([group[is_told], stand_ins]), np.vstack([hours[is_told], nothing]))


def count_by_grid(members: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """Return as how many people each grid counts, by code.

    Parameters
    ----------
    members
        Members by the code of their grid and of their estate in it, ``""`` for those who live in none of its estates.

    Examples
    --------
    >>> count_by_grid({("G", "E1"): 5, ("G", "E2"): 2, ("G", ""): 1})
    {'G': 7}
    """
    counts: dict[str, int] = {}
    for (grid, _estate), group in zip(members, counted_people(list(members.values())).astype(int), strict=True):
        counts[grid] = counts.get(grid, 0) + int(group)
    return counts


def count_grouped(group: Iterable[Hashable]) -> int:
    """Return as how many people count together whose groups are given, one for each person.

    Examples
    --------
    >>> count_grouped(["C1", "C1", "C2", "C3", "C3", "C3"])
    5
    """
    return int(counted_people(list(Counter(group).values())).sum())
