"""Reachability: how much supply is within reach of a place, shared with everyone else who can reach it.

The two-step floating catchment area method (Luo & Wang 2003) in its enhanced form (Luo & Qi 2009, Health & Place 15,
eqs. 2 and 3), which weights both steps by a decay of the travel cost.
"""

import numpy as np
from numpy.typing import ArrayLike

from geo.arrays import Floats
from geo.errors import ShapeMismatchError
from geo.travel import Pairs


def binary_decay(cost: ArrayLike, catchment: float) -> Floats:
    """Return 1 up to the edge of the catchment, included, and 0 beyond; the original method of Luo & Wang (2003)."""
    return np.where(np.asarray(cost, dtype=np.float64) <= catchment, 1.0, 0.0)


def gaussian_decay(cost: ArrayLike, catchment: float) -> Floats:
    """Return a Gaussian that falls from 1 at no cost to 0 at the edge of the catchment, and stays 0 beyond.

    f(d) = (exp(-½ (d/d0)²) - exp(-½)) / (1 - exp(-½)) for d <= d0 (Dai 2010, Health & Place 16, eq. 1).

    Examples
    --------
    >>> gaussian_decay([0, 500, 1000, 1001], 1000).round(3).tolist()
    [1.0, 0.701, 0.0, 0.0]
    """
    relative = np.asarray(cost, dtype=np.float64) / catchment
    edge = np.exp(-0.5)
    return np.where(relative <= 1, (np.exp(-0.5 * relative**2) - edge) / (1 - edge), 0.0)


def cut_gaussian_decay(cost: ArrayLike, catchment: float, sigma: float) -> Floats:
    """Return exp(-½ (d/sigma)²) within the catchment, its edge included, and 0 beyond.

    This is ``access.weights.gaussian(sigma)`` of PySAL with ``max_cost``: it jumps to 0 at the edge.
    """
    given = np.asarray(cost, dtype=np.float64)
    return np.where(given <= catchment, np.exp(-0.5 * (given / sigma) ** 2), 0.0)


def two_step_reach(pairs: Pairs, weight: ArrayLike, supply: ArrayLike, demand: ArrayLike) -> Floats:
    """Return the supply per unit of demand that each place can reach, competition included.

    Step 1: R_j = supply_j / Σ_i demand_i w_ij; step 2: A_i = Σ_j R_j w_ij. With a decay as weight this is E2SFCA
    (Luo & Qi 2009), with ``binary_decay`` 2SFCA. Demand × reach sums to the supply that anybody can reach.

    Parameters
    ----------
    pairs
        From the place of demand (``origin``) to the place of supply (``destination``).
    weight
        Decay of the cost of each pair, shape (pairs,).
    supply
        At the destinations, shape (m,); NaN counts as none.
    demand
        At the origins, shape (n,); NaN counts as none.

    Returns
    -------
    Shape (n,). A place that reaches no supply gets 0. Supply that no demand reaches counts for nobody: a place
    without demand is told what the others leave it, and 0 where no one with demand is near.

    Raises
    ------
    ShapeMismatchError
        When there is not one weight for each pair.

    Examples
    --------
    Two places of 100 and 300 residents share 8 helpers who stand at the first; all is within the catchment:

    >>> pairs = Pairs(np.array([0, 1]), np.array([0, 0]), np.array([0.0, 10.0]))
    >>> two_step_reach(pairs, [1, 1], [8], [100, 300]).tolist()
    [0.02, 0.02]
    """
    offered = np.nan_to_num(np.asarray(supply, dtype=np.float64))
    wanted = np.nan_to_num(np.asarray(demand, dtype=np.float64))
    weights = np.asarray(weight, dtype=np.float64)
    if weights.shape != pairs.origin.shape:
        raise ShapeMismatchError(weight=weights.size, pairs=pairs.origin.size)
    crowd = np.bincount(pairs.destination, weights=wanted[pairs.origin] * weights, minlength=offered.size)
    rate = np.divide(offered, crowd, out=np.zeros_like(offered), where=crowd > 0)
    reached = np.bincount(pairs.origin, weights=rate[pairs.destination] * weights, minlength=wanted.size)
    return reached.astype(np.float64)
