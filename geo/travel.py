"""Which places are within reach of each other, and how far they are apart."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial import cKDTree

from geo.arrays import Floats, Positions

WALKING_M_PER_MINUTE: Final = 80.0
"""4.8 km/h, an unhurried walk."""
DETOUR: Final = 1.3
"""Ways on streets are about this many times the straight line."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """A sparse matrix of costs as coordinates, each of shape (pairs,): from row ``origin`` to row ``destination``.

    ``cost`` is in metres or minutes, as whoever made the pairs says. A pair that is missing is out of reach.
    """

    origin: Positions
    destination: Positions
    cost: Floats


def pairs_within(points: ArrayLike, radius_m: float) -> Pairs:
    """Return every ordered pair of points at most ``radius_m`` apart in a straight line, each with itself included.

    Parameters
    ----------
    points
        Easting and northing in metres of one projected CRS, shape (n, 2). A point with a NaN is in no pair.
    radius_m
        In metres; at 0 only points at the same place are paired.

    Returns
    -------
    Costs in metres, ordered by origin, then destination.

    Examples
    --------
    >>> pairs_within([[0, 0], [30, 40], [900, 0]], 50).cost.tolist()
    [0.0, 50.0, 50.0, 0.0, 0.0]
    """
    where = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    located = np.flatnonzero(np.isfinite(where).all(axis=1))
    tree = cKDTree(where[located])
    found = tree.query_pairs(radius_m, output_type="ndarray")
    one, other = located[found[:, 0]], located[found[:, 1]]
    origin = np.concatenate([one, other, located])
    destination = np.concatenate([other, one, located])
    order = np.lexsort((destination, origin))
    origin, destination = origin[order], destination[order]
    return Pairs(origin, destination, np.hypot(*(where[origin] - where[destination]).T))


def walking_minutes(
    distance_m: ArrayLike, *, metres_per_minute: float = WALKING_M_PER_MINUTE, detour: float = DETOUR
) -> Floats:
    """Return how long a walk takes from the straight-line distance, in minutes, of the shape of ``distance_m``.

    Examples
    --------
    >>> float(walking_minutes(400))
    6.5
    """
    return np.asarray(distance_m, dtype=np.float64) * detour / metres_per_minute
