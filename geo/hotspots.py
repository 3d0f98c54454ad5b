"""Cold and hot spots: zones whose neighbourhood has less or more than chance would give (Getis-Ord Gi*).

The statistic is that of Ord & Getis (1995), Geographical Analysis 27, eq. 14, with binary weights, the zone itself
included. Its p-value comes from conditional permutation (Anselin 1995): the zone keeps its value, the neighbours get
values drawn without replacement from all others. As many zones are tested at once, spots are called by the
false-discovery rate (Benjamini & Hochberg 1995; for local statistics Caldas de Castro & Singer 2006).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from geo.arrays import Floats, Positions

PERMUTATIONS: Final = 99_999
"""The smallest p is 2 / (permutations + 1): with few, no single small spot among 20,000 zones could pass."""
_DRAWS_AT_ONCE: Final = 20_000_000
_TIE: Final = 1e-9


class Spot(StrEnum):
    """What a zone is; ``NONE`` also where it was not tested."""

    COLD = "cold"
    HOT = "hot"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Spots:
    """Of each zone, shape (n,): the z value, the two-sided p-value (NaN where not tested) and the ``Spot``."""

    z: Floats
    p: Floats
    spot: NDArray[np.str_]


def adjacency(one: ArrayLike, other: ArrayLike, count: int) -> csr_array:
    """Return the symmetric 0/1 matrix, shape (count, count), of neighbours given as pairs of positions.

    Pairs may come in one order, in both, or twice; a zone is never its own neighbour.
    """
    left, right = np.asarray(one, dtype=np.intp), np.asarray(other, dtype=np.intp)
    apart = left != right
    left, right = left[apart], right[apart]
    ends = (np.concatenate([left, right]), np.concatenate([right, left]))
    matrix = csr_array((np.ones(ends[0].size), ends), shape=(count, count))
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return matrix


def gi_star(values: ArrayLike, neighbours: csr_array) -> Floats:
    """Return the z value of Gi* of each zone.

    z_i = (Σ_j w_ij x_j - W_i x̄) / (s √((n W_i - W_i²) / (n - 1))), where w_ij is 1 for the zone and its
    neighbours, W_i their number, x̄ and s the mean and standard deviation (divisor n) of all zones with data.

    Parameters
    ----------
    values
        Shape (n,). Zones with NaN are left out altogether: they are nobody's neighbour.
    neighbours
        From ``adjacency``, shape (n, n).

    Returns
    -------
    Shape (n,), NaN for zones without data, for islands (no neighbour with data), for zones next to every other
    one, and throughout where all values are equal. An island still counts in the mean and the deviation of the
    others.

    Examples
    --------
    The worked example of PySAL's esda: six points, neighbours within 15.

    >>> near = adjacency([0, 0, 1, 1, 2, 3, 4], [1, 3, 3, 4, 4, 4, 5], 6)
    >>> gi_star([2, 3, 3.2, 5, 8, 7], near).round(3).tolist()
    [-1.397, -0.289, 0.651, -0.289, 1.235, 2.024]
    """
    given = np.asarray(values, dtype=np.float64)
    known = np.flatnonzero(~np.isnan(given))
    z = np.full(given.size, np.nan)
    z[known] = _gi_star_known(given[known], neighbours[known][:, known])
    return z


def find_spots(
    values: ArrayLike,
    neighbours: csr_array,
    rng: np.random.Generator,
    *,
    false_discovery_rate: float = 0.05,
    permutations: int = PERMUTATIONS,
) -> Spots:
    """Return the cold and hot spots of a value, at most the given share of them false.

    Null and tied values are treated as in ``gi_star``. The p-value is two-sided: twice the smaller of the shares of
    permuted sums at most and at least as large as the observed one, itself included (esda's ``p_sim`` is half of it).
    All zones look at the same draws, as in esda; each is conditional on its own value.

    Parameters
    ----------
    values
        Shape (n,), NaN for zones without data.
    neighbours
        From ``adjacency``, shape (n, n). Time and memory grow with permutations × the largest number of neighbours,
        hardly with n; where that product is very large, fewer permutations are drawn.
    rng
        Decides the draws: the same generator state gives the same p.
    false_discovery_rate
        Expected share of the called spots that are false.
    permutations
        Number of draws.
    """
    given = np.asarray(values, dtype=np.float64)
    z = gi_star(given, neighbours)
    known = np.flatnonzero(~np.isnan(given))
    p = np.full(given.size, np.nan)
    tested = ~np.isnan(z[known])
    if tested.any():
        p[known] = _permutation_p(given[known], neighbours[known][:, known], tested, rng, permutations)
    significant = control_false_discoveries(p, false_discovery_rate)
    spot = np.where(significant, np.where(z < 0, Spot.COLD, Spot.HOT), Spot.NONE)
    return Spots(z, p, spot)


def control_false_discoveries(p: ArrayLike, rate: float) -> NDArray[np.bool_]:
    """Tell which of several tests stand when at most ``rate`` of those called may be false.

    Benjamini & Hochberg 1995: the largest k with p_(k) <= k/m × rate is found, and the k smallest stand. NaN is no
    test and never stands.

    Examples
    --------
    >>> control_false_discoveries([0.01, 0.04, 0.03, 0.9], 0.05).tolist()
    [True, False, False, False]
    """
    given = np.asarray(p, dtype=np.float64)
    ordered = np.sort(given[~np.isnan(given)])
    passing = np.flatnonzero(ordered <= np.arange(1, ordered.size + 1) / max(ordered.size, 1) * rate)
    limit = ordered[passing[-1]] if passing.size else -1.0
    return np.nan_to_num(given, nan=np.inf) <= limit


def _gi_star_known(x: Floats, near: csr_array) -> Floats:
    count = x.size
    if count < 2 or np.ptp(x) == 0:
        return np.full(count, np.nan)
    neighbours = near.sum(axis=1)
    members = neighbours + 1.0
    spread = x.std() * np.sqrt(np.maximum(count * members - members**2, 0) / (count - 1))
    testable = (neighbours > 0) & (spread > 0)
    beyond: Floats = near @ x + x - members * x.mean()
    z: Floats = np.divide(beyond, spread, out=np.full(count, np.nan), where=testable)
    return z


def _permutation_p(
    x: Floats, near: csr_array, tested: NDArray[np.bool_], rng: np.random.Generator, permutations: int
) -> Floats:
    """Return two-sided p of the tested zones, NaN of the others.

    The own value is the same in every permutation, so that only the sums over neighbours are compared. Draws
    are made from all zones; for zone i with k neighbours the first k drawn zones other than i count: where i
    itself is among the first k, it is taken out and the next one moves up. So all zones with k neighbours share
    one sorted column, but for those few rows.
    """
    degree = near.sum(axis=1).astype(np.intp)
    most = int(degree[tested].max())
    draws = _draw_distinct(x.size, most + 1, min(permutations, max(_DRAWS_AT_ONCE // (most + 1), 99)), rng)
    sums = np.cumsum(x[draws], axis=1)
    observed = near @ x
    tie = _TIE * np.abs(x).max() * (most + 1)
    at_least, at_most = _count_beyond(sums, degree, tested, observed, tie)
    at_least += _own_value_correction(draws, sums, x, degree, tested, observed - tie, 1.0)
    at_most += _own_value_correction(draws, sums, x, degree, tested, -observed - tie, -1.0)
    p = 2.0 * (np.minimum(at_least, at_most) + 1) / (len(draws) + 1)
    return np.where(tested, np.minimum(p, 1.0), np.nan)


def _count_beyond(
    sums: Floats, degree: Positions, tested: NDArray[np.bool_], observed: Floats, tie: float
) -> tuple[Floats, Floats]:
    """Return how many sums of as many draws as a zone has neighbours are at least, and at most, its observed sum."""
    at_least, at_most = np.zeros(degree.size), np.zeros(degree.size)
    for k in np.unique(degree[tested]):
        zones = np.flatnonzero(tested & (degree == k))
        column = np.sort(sums[:, k - 1])
        at_least[zones] = column.size - np.searchsorted(column, observed[zones] - tie, side="left")
        at_most[zones] = np.searchsorted(column, observed[zones] + tie, side="right")
    return at_least, at_most


def _own_value_correction(
    draws: Positions,
    sums: Floats,
    x: Floats,
    degree: Positions,
    tested: NDArray[np.bool_],
    limit: Floats,
    sign: float,
) -> Floats:
    """Return what to add to the count of ``sign`` × sums >= ``limit`` for the rows in which a zone drew itself."""
    place = np.arange(draws.shape[1])
    row, column = np.nonzero((place[None, :] < degree[draws]) & tested[draws])
    zone = draws[row, column]
    before = sums[row, degree[zone] - 1]
    after = before - x[zone] + x[draws[row, degree[zone]]]
    change = (sign * after >= limit[zone]).astype(np.float64) - (sign * before >= limit[zone])
    return np.bincount(zone, weights=change, minlength=x.size).astype(np.float64)


def _draw_distinct(count: int, size: int, rows: int, rng: np.random.Generator) -> Positions:
    """Return ``rows`` ordered draws of ``size`` different numbers below ``count``, each equally likely."""
    draws = np.empty((rows, size), dtype=np.intp)
    for k in range(size):
        again = np.arange(rows)
        while again.size:
            draws[again, k] = rng.integers(count, size=again.size)
            again = again[(draws[again, :k] == draws[again, k, None]).any(axis=1)]
    return draws
