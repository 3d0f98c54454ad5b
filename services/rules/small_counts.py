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
class MemberCounts:
    """Members of n zones, and the persons of them who can come by part of the day."""

    members: Floats
    """Shape (n,)."""
    persons: Floats
    """Shape (n, 4)."""


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


def count_groups(people: MemberCounts, availability: Floats) -> MemberCounts:
    """Return the people of the smallest groups as they count: small ones as ``STAND_IN`` who states nothing.

    Parameters
    ----------
    people
        As they are.
    availability
        Share of each part of the day in which somebody who states nothing can come, shape (4,).
    """
    usual = STAND_IN * np.broadcast_to(availability, people.persons.shape)
    return MemberCounts(
        counted_people(people.members), np.where(is_small(people.members)[:, None], usual, people.persons)
    )


def sum_groups(estates: MemberCounts, grid: Positions, rest: MemberCounts) -> MemberCounts:
    """Return the people of grids: those of their estates and those who live in none.

    Parameters
    ----------
    estates
        Of n estates, those who belong to the estate's grid.
    grid
        Position of the grid of each estate, shape (n,), -1 where it has none.
    rest
        Of m grids.
    """
    inside = grid >= 0

    def add(values: Floats, to: Floats) -> Floats:
        return to + np.bincount(grid[inside], weights=values[inside], minlength=len(to))

    persons = [add(of_part, to) for of_part, to in zip(estates.persons.T, rest.persons.T, strict=True)]
    return MemberCounts(add(estates.members, rest.members), np.column_stack(persons))


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
