"""Rows of a model, put together block by block."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array, csr_array

from geo.arrays import Flags, Floats, Ints, Positions


@dataclass(slots=True)
class RowBuilder:
    """``low <= rows · x <= high``; a block has its limits first, then values are put into its rows."""

    row: list[Positions] = field(default_factory=list)
    column: list[Positions] = field(default_factory=list)
    value: list[Floats] = field(default_factory=list)
    high: list[Floats] = field(default_factory=list)
    low: list[Floats] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(len(block) for block in self.high)

    def add_block(self, high: ArrayLike, low: ArrayLike = -np.inf) -> int:
        """Add rows with these limits, ``high`` of shape (rows,); return the number of the first."""
        first, limits = self.count, np.asarray(high, dtype=np.float64)
        self.high.append(limits)
        self.low.append(np.broadcast_to(np.asarray(low, dtype=np.float64), limits.shape))
        return first

    def put(self, row: Positions, column: Positions, value: ArrayLike) -> None:
        """Put values at rows and columns, ``value`` of shape (places,) or one number; those at one place add up."""
        self.row.append(row)
        self.column.append(column)
        self.value.append(np.broadcast_to(np.asarray(value, dtype=np.float64), np.shape(row)))

    def cap(self, owner: Positions, column: Positions, most: ArrayLike, size: ArrayLike = 1.0) -> None:
        """Let the columns of each owner add up to at most ``most``: one row each, none where they cannot be more.

        Parameters
        ----------
        owner, column
            Shape (c,); a column at most once.
        most
            Whole numbers, shape (owners,).
        size
            What each column can be, a whole number of shape (c,) or one.
        """
        limit = np.asarray(most, dtype=np.float64)
        sizes = np.broadcast_to(np.asarray(size, dtype=np.float64), owner.shape)
        rows = np.flatnonzero(np.bincount(owner, weights=sizes, minlength=limit.size) > limit)
        number = np.full(limit.size, -1)
        number[rows] = self.add_block(limit[rows]) + np.arange(rows.size)
        used = number[owner] >= 0
        self.put(number[owner[used]], column[used], 1.0)

    def matrix(self, width: int) -> csr_array:
        """Return the rows as a matrix with so many columns."""
        places = np.concatenate(self.row), np.concatenate(self.column)
        return csr_array(coo_array((np.concatenate(self.value), places), shape=(self.count, width)))

    def limits(self) -> tuple[Floats, Floats]:
        """Return the lower and the upper limit of each row, shape (rows,) both."""
        return np.concatenate(self.low), np.concatenate(self.high)


def rest_windows(start: Ints, end: Ints, rest: int) -> Flags:
    """Return which stretches of time one person can have only one of, for a pause of at least ``rest`` between them.

    Two stretches exclude each other when the later begins before the earlier and its rest are over. Row t: those begun
    by the start of t whose rest is not over, t among them; every set of stretches that exclude each other is within one
    row, so that rows of a model made of them are intervals in time (and their matrix totally unimodular).

    Parameters
    ----------
    start, end
        In minutes, ordered by start, shape (t,).
    rest
        In minutes.

    Returns
    -------
    Flags of shape (t, t).
    """
    at = start[:, None]
    before = np.arange(start.size)[None, :] <= np.arange(start.size)[:, None]
    return np.asarray(before & (end[None, :] + rest > at))
