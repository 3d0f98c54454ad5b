"""How likely it is that enough of those come who may come."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from geo.arrays import Floats, Positions
from geo.errors import ShapeMismatchError

_ROUNDING: Final = 1e-9


def chance_of_enough(needed: ArrayLike, chance: ArrayLike, zone: Positions) -> Floats:
    """Return the chance that at least the whole heads that a zone needs come, shape (n,), 0 to 1.

    How many of a zone's people come is Poisson binomial: each comes by a chance of his own, whatever the others do.
    Its distribution is convolved exactly, person by person, up to the heads that are needed (direct convolution:
    Biscarri, Zhao & Brunner 2018, doi:10.1016/j.csda.2018.01.007). Where people stay away together (a holiday, one
    employer), shortages are likelier than this says.

    Parameters
    ----------
    needed
        Persons, shape (n,); a part of one takes a whole head. NaN where nothing is known.
    chance
        With which each person comes, 0 to 1, shape (m,).
    zone
        Position of the zone of each person, shape (m,); -1 counts nowhere.

    Returns
    -------
    NaN where ``needed`` is NaN, 1 where nobody is needed.

    Raises
    ------
    ShapeMismatchError
        When chances and zones differ in number.

    Examples
    --------
    Three people, each there every other time; at least two of them:

    >>> chance_of_enough([2], [0.5, 0.5, 0.5], np.array([0, 0, 0])).tolist()
    [0.5]
    >>> chance_of_enough([1.2, 0, np.nan], [0.5, 0.75], np.array([0, 0])).tolist()
    [0.375, 1.0, nan]
    """
    heads = whole_heads(needed)
    each, where = np.asarray(chance, dtype=np.float64), np.asarray(zone, dtype=np.intp)
    if each.shape != where.shape:
        raise ShapeMismatchError(chance=each.size, zone=where.size)
    counts = (where >= 0) & (np.append(np.nan_to_num(heads), 0.0)[where] > 0)
    by_count = _count_heads(each[counts], where[counts], heads.size, int(np.nanmax(heads, initial=0.0)))
    too_few = np.arange(by_count.shape[1]) < np.nan_to_num(heads)[:, None]
    enough = np.clip(1.0 - by_count.sum(axis=1, where=too_few), 0.0, 1.0)
    return np.where(np.isnan(heads), np.nan, enough)


def whole_heads(persons: ArrayLike) -> Floats:
    """Return persons as whole heads: a part of one takes one more. NaN stays.

    Examples
    --------
    >>> whole_heads([0.0, 0.3, 2.0, 2.0000000001]).tolist()
    [0.0, 1.0, 2.0, 2.0]
    """
    return np.ceil(np.asarray(persons, dtype=np.float64) - _ROUNDING) + 0.0


def _count_heads(chance: Floats, zone: Positions, zones: int, most: int) -> Floats:
    """Return the chance that exactly so many come to each zone, shape (zones, most + 1); beyond the most none is told.

    Zones stand by how many people they have, so that each round goes on with the first of them alone.
    """
    people = np.bincount(zone, minlength=zones)
    first = np.cumsum(people) - people
    order = np.argsort(-people, kind="stable")
    in_zone = chance[np.argsort(zone, kind="stable")]
    counts = np.zeros((zones, most + 1))
    counts[:, 0] = 1.0
    for k in range(int(people.max(initial=0))):
        going = order[: np.searchsorted(-people[order], -k, side="left")]
        comes = in_zone[first[going] + k][:, None]
        before = counts[: going.size]
        moved = before * comes
        before -= moved
        before[:, 1:] += moved[:, :-1]
    by_zone = np.empty_like(counts)
    by_zone[order] = counts
    return by_zone
