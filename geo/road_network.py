"""Travel along roads: shortest ways through a network of crossings, as pairs for reach and optimisation."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from geo.arrays import Floats, Positions
from geo.errors import ShapeMismatchError
from geo.travel import Pairs

_AT_ONCE: Final = 64
"""So many origins are looked at together: rows of distances to all crossings need memory."""
_SMALLEST_M: Final = 1e-6
"""A sparse matrix has no zero entries, so a road of no length gets this one."""


def link_crossings(start: ArrayLike, end: ArrayLike, length_m: ArrayLike, count: int) -> csr_array:
    """Return the network of ``count`` crossings, shape (count, count), metres; every road can be used both ways.

    Of several roads between the same crossings the shortest counts; roads without a length (null) are left out.

    Parameters
    ----------
    start, end
        Positions of crossings, shape (roads,).
    length_m
        Shape (roads,), at least 0.
    count
        Number of crossings.

    Raises
    ------
    ShapeMismatchError
        When the three differ in length.
    """
    one, other = np.asarray(start, dtype=np.intp), np.asarray(end, dtype=np.intp)
    length = np.asarray(length_m, dtype=np.float64)
    if not one.size == other.size == length.size:
        raise ShapeMismatchError(start=one.size, end=other.size, length_m=length.size)
    known = ~np.isnan(length)
    low, high = np.minimum(one, other)[known], np.maximum(one, other)[known]
    length = np.maximum(length[known], _SMALLEST_M)
    order = np.lexsort((length, high, low))
    low, high, length = low[order], high[order], length[order]
    first = np.ones(low.size, dtype=np.bool_)
    first[1:] = (np.diff(low) != 0) | (np.diff(high) != 0)
    return coo_array((length[first], (low[first], high[first])), shape=(count, count)).tocsr()


def pairs_along(network: csr_array, origin: ArrayLike, destination: ArrayLike, limit_m: float) -> Pairs:
    """Return which destinations lie within so many metres of each origin along the roads.

    Parameters
    ----------
    network
        From ``link_crossings``.
    origin, destination
        Crossing of each origin and destination; -1 is on no road and in no pair.
    limit_m
        In metres, the limit included.

    Returns
    -------
    Positions within ``origin`` and ``destination``, metres, ordered by origin, then destination. Places at one crossing
    are 0 m apart.

    Examples
    --------
    Three crossings in a row, 300 and 500 m apart:

    >>> network = link_crossings([0, 1], [1, 2], [300, 500], 3)
    >>> pairs_along(network, [0], [0, 1, 2], 800).cost.tolist()
    [0.0, 300.0, 800.0]
    """
    of_origin, of_destination = np.asarray(origin, dtype=np.intp), np.asarray(destination, dtype=np.intp)
    placed = np.flatnonzero(of_destination >= 0)
    nodes, kind = np.unique(of_origin[of_origin >= 0], return_inverse=True)
    rows, columns, costs = [], [], []
    for start in range(0, nodes.size, _AT_ONCE):
        some = nodes[start : start + _AT_ONCE]
        metres = dijkstra(network, directed=False, indices=some, limit=limit_m)[:, of_destination[placed]]
        row, column = np.nonzero(metres <= limit_m)
        rows.append(row + start)
        columns.append(placed[column])
        costs.append(metres[row, column])
    if not rows:
        return Pairs(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0))
    return _repeat(np.concatenate(rows), np.concatenate(columns), np.concatenate(costs), of_origin, kind)


def _repeat(row: Positions, column: Positions, cost: Floats, origin: Positions, kind: Positions) -> Pairs:
    """Return the pairs of crossings as pairs of origins: several may stand at one crossing."""
    first = np.searchsorted(row, np.arange(kind.max() + 2))
    placed = np.flatnonzero(origin >= 0)
    counts = np.diff(first)[kind]
    who = np.repeat(placed, counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    where = np.repeat(first[kind], counts) + within
    return Pairs(who, column[where], np.round(cost[where], 3))
