"""Which zones are short of people, in the order in which to help, and who is nearest with people to spare."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from geo.arrays import Floats, Positions
from geo.coverage import LEAST_SPARE

MIXED_WEIGHT: Final = 1.5
"""How much a person missing in a mixed estate, or in a grid that holds one, counts; elsewhere it is 1."""
LITTLE: Final = 0.5
"""Half a person missing, or less, is nothing to send anybody for."""
_SAME_DISTANCE_M: Final = 1e-6
_FIRST_LOOK: Final = 4
"""So many nearest givers are looked at before ties are followed further."""
_DECIMALS: Final = 1
"""Gaps are compared in tenths of a person: what people see as equal is not put in order by what they do not see."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest zone with people to spare of each zone, shape (n,): its position (-1: none) and metres to it."""

    position: Positions
    distance_m: Floats


def rank_underserved(
    ratio: ArrayLike,
    gap: ArrayLike,
    residents: ArrayLike,
    codes: ArrayLike,
    *,
    is_mixed: ArrayLike,
    is_unmanaged: ArrayLike | None = None,
) -> Positions:
    """Return the positions of the zones whose coverage ratio is below 1, those to help first in front.

    The order is that of ``order_by_gap``. NaN ratios (no need, no data) are left out. All inputs have shape (n,).

    Examples
    --------
    >>> rank_underserved([0.5, 0.2, 1, 0.9], [2, 9, 0, 1.5], [90, 50, 70, 10], list("abcd"), is_mixed=[0, 0, 0, 1])
    array([1, 3, 0])
    """
    order = order_by_gap(gap, residents, codes, ratio=ratio, is_mixed=is_mixed, is_unmanaged=is_unmanaged)
    return order[np.asarray(ratio, dtype=np.float64)[order] < 1]


def order_by_gap(
    gap: ArrayLike,
    residents: ArrayLike,
    codes: ArrayLike,
    *,
    ratio: ArrayLike | None = None,
    is_mixed: ArrayLike | None = None,
    is_unmanaged: ArrayLike | None = None,
) -> Positions:
    """Return the positions of all zones, the largest gap first; of mixed estates it counts ``MIXED_WEIGHT`` times.

    Who lacks half a person or less comes last, unless nobody at all is there.
    Of equal gaps the one with the lower coverage ratio (in whole per cent) comes first: who has nobody at all stands
    before who lacks as many of more. Then the one that concerns more residents, then the one without property
    management, and only then the lower code (as text), so that the order is the same every time. Unknown gaps come
    last, an unknown ratio behind those that are known, unknown residents count as none. All inputs have shape (n,).

    Examples
    --------
    >>> order_by_gap([2, 2, np.nan, 5], [300, 900, 5000, 10], ["a", "b", "c", "d"])
    array([3, 1, 0, 2])
    >>> order_by_gap([2, 2], [300, 300], ["a", "b"], is_unmanaged=[False, True])
    array([1, 0])
    >>> order_by_gap([2, 3, 3], [300, 300, 300], ["a", "b", "c"], ratio=[0.5, 0.4, 0], is_mixed=[True, False, False])
    array([2, 1, 0])
    """
    missing, people = np.asarray(gap, dtype=np.float64), np.asarray(residents, dtype=np.float64)
    names = np.asarray(codes, dtype=np.str_)
    rounded = np.round(np.where(np.isnan(missing), -np.inf, missing), _DECIMALS)
    weight = np.where(_flags(is_mixed, names.shape), MIXED_WEIGHT, 1.0)
    weighted = np.round(rounded * weight, _DECIMALS + 1)
    share = np.zeros(names.shape) if ratio is None else np.asarray(ratio, dtype=np.float64)
    has_most = (share > 0) & (rounded <= LITTLE)
    managed = ~_flags(is_unmanaged, names.shape)
    order: Positions = np.lexsort((names, managed, -np.nan_to_num(people), np.round(share, 2), -weighted, has_most))
    return order


def find_nearest_surplus(points: ArrayLike, surplus: ArrayLike, codes: ArrayLike) -> Nearest:
    """Return for each zone the nearest other zone with at least one person to spare, in a straight line.

    Parameters
    ----------
    points
        Easting and northing in metres of one projected CRS, shape (n, 2); a zone with a NaN is nobody's nearest
        and has none.
    surplus
        Persons, shape (n,), NaN counts as none.
    codes
        Shape (n,). Of zones at the same distance (to a micrometre) the lowest code is taken.

    Examples
    --------
    >>> found = find_nearest_surplus([[0, 0], [300, 400], [-500, 0]], [0, 2, 1], ["c", "b", "a"])
    >>> found.position.tolist(), found.distance_m.tolist()
    ([2, 2, 1], [500.0, 894.4271909999159, 894.4271909999159])
    """
    where = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    names = np.asarray(codes, dtype=np.str_)
    located = np.isfinite(where).all(axis=1)
    givers = np.flatnonzero((np.asarray(surplus, dtype=np.float64) >= LEAST_SPARE) & located)
    givers = givers[np.argsort(names[givers], kind="stable")]
    nearest = Nearest(np.full(len(where), -1, dtype=np.intp), np.full(len(where), np.nan))
    asking = np.flatnonzero(located)
    unanswered = np.ones(asking.size, dtype=np.bool_)
    looked_at = _FIRST_LOOK
    while unanswered.any() and givers.size:
        asking = asking[unanswered]
        unanswered = _answer(nearest, where, asking, givers, looked_at) & (looked_at < givers.size)
        looked_at *= _FIRST_LOOK
    return nearest


def _flags(flags: ArrayLike | None, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    return np.zeros(shape, dtype=np.bool_) if flags is None else np.asarray(flags, dtype=np.bool_)


def _answer(nearest: Nearest, where: Floats, asking: Positions, givers: Positions, looked_at: int) -> NDArray[np.bool_]:
    """Fill in the answers of some zones from their ``looked_at`` nearest givers; tell whose tie may go on."""
    tree = cKDTree(where[givers])
    distance, found = tree.query(where[asking], k=list(range(1, min(looked_at, givers.size) + 1)))
    other = givers[found] != asking[:, None]
    shortest = np.where(other, distance, np.inf).min(axis=1)
    tied = other & (distance <= shortest[:, None] + _SAME_DISTANCE_M)
    answered = np.isfinite(shortest)
    lowest = np.where(tied, found, givers.size).min(axis=1)
    nearest.position[asking[answered]] = givers[lowest[answered]]
    nearest.distance_m[asking[answered]] = shortest[answered]
    unsure: NDArray[np.bool_] = tied[:, -1] | ~answered
    return unsure
