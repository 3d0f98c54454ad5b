"""Need against supply, zone by zone, and what becomes of it one level up."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.arrays import Floats, Positions
from geo.errors import ShapeMismatchError

LEAST_GAP: Final = 0.1
"""A shortage of less than a tenth of a person makes no zone weak: it is less than what is shown."""
LEAST_SPARE: Final = 1.0
"""Part of a person helps nobody elsewhere."""
_ROUNDING: Final = 1e-9
"""Sums of shares miss whole numbers by less than this."""


class Status(StrEnum):
    """How a zone stands in a window."""

    NO_DATA = "no_data"
    """Nothing is known about people or estates."""
    NO_NEED = "no_need"
    """Known to need nobody; never shown as 0 % or 100 %."""
    WEAK = "weak"
    """A gap of at least ``LEAST_GAP``."""
    ENOUGH = "enough"
    SPARE = "spare"
    """No gap, and at least one whole person more than needed."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage of ``n`` zones, each of shape (n,), in persons; NaN is no value.

    Of every zone ``gap`` = ``need`` - ``met``. Need, met, gap and surplus of a wide zone are the sums over its grids.
    """

    need: Floats
    supply: Floats
    ratio: Floats
    """Supply ÷ need of a single grid or estate; NaN for wider zones: there a surplus would hide the gap beside it."""
    met: Floats
    """What of the need is met: min(supply, need)."""
    gap: Floats
    """What is not met."""
    surplus: Floats
    """max(supply - need, 0)."""
    share_met: Floats
    """Met ÷ need; NaN where nobody is needed."""
    status: NDArray[np.str_]


def compare_need_and_supply(need: ArrayLike, supply: ArrayLike) -> Coverage:
    """Return the coverage of single grids or estates.

    Parameters
    ----------
    need
        Persons, shape (n,); NaN where nothing is known, 0 where nobody is needed.
    supply
        Persons, shape (n,); not null. May be below 0 where more are sent away than are there.

    Returns
    -------
    Where the need is unknown, all but need and supply is NaN; where it is 0, ratio and share are NaN, nothing is met or
    missing, and whoever is there is to spare. A supply that equals the need but for rounding meets it.

    Raises
    ------
    ShapeMismatchError
        When the two differ in length.

    Examples
    --------
    >>> found = compare_need_and_supply([10, 4, 5, 0, np.nan], [1, 4, 7.5, 3, 3])
    >>> found.status.tolist()
    ['weak', 'enough', 'spare', 'no_need', 'no_data']
    >>> found.gap.tolist()
    [9.0, 0.0, 0.0, 0.0, nan]
    >>> found.surplus.tolist()
    [0.0, 0.0, 2.5, 3.0, nan]
    """
    needed, there = np.asarray(need, dtype=np.float64), np.asarray(supply, dtype=np.float64)
    if needed.shape != there.shape:
        raise ShapeMismatchError(need=needed.size, supply=there.size)
    balance = there - needed
    balance = np.where(np.abs(balance) < _ROUNDING, 0.0, balance)
    ratio = np.where(balance == 0, 1.0, _divide(there, needed))
    ratio[~(needed > 0)] = np.nan
    met = np.where(needed == 0, 0.0, needed + np.minimum(balance, 0.0))
    return _coverage(needed, there, ratio, met, np.maximum(balance, 0.0))


def is_short(gap: ArrayLike) -> NDArray[np.bool_]:
    """Return which gaps, in persons, make a zone weak: those of at least ``LEAST_GAP``."""
    return np.asarray(np.asarray(gap, dtype=np.float64) >= LEAST_GAP - _ROUNDING)


def sum_coverage(parts: Coverage, parent: Positions, count: int) -> Coverage:
    """Return the coverage of zones one level up.

    Need, supply, met, gap and surplus are the sums over the parts. **They are not netted**: people to spare in one grid
    do not hide that another is short, so a parent can show both. There is no ratio.

    Parameters
    ----------
    parts
        Coverage of m zones.
    parent
        Position of each zone's parent, shape (m,), -1 where it has none: it counts nowhere.
    count
        Number of parents.

    Returns
    -------
    Shape (count,). A parent none of whose parts has data has none; parts without data add their supply and
    nothing else.

    Examples
    --------
    >>> grids = compare_need_and_supply([10, 4], [1, 9])
    >>> street = sum_coverage(grids, np.array([0, 0]), 1)
    >>> [float(figure[0]) for figure in (street.need, street.met, street.gap, street.surplus)]
    [14.0, 5.0, 9.0, 5.0]
    """
    need, met, surplus = (sum_known(figures, parent, count) for figures in (parts.need, parts.met, parts.surplus))
    supply = np.nan_to_num(sum_known(parts.supply, parent, count))
    return _coverage(need, supply, np.full(count, np.nan), met, surplus)


def sum_known(values: ArrayLike, parent: Positions, count: int) -> Floats:
    """Return the sum over the parts of each parent of the values that are known, NaN where none is, shape (count,).

    Examples
    --------
    >>> sum_known([1, 2, np.nan, np.nan], np.array([0, 0, 0, 1]), 2).tolist()
    [3.0, nan]
    """
    given = np.asarray(values, dtype=np.float64)
    used = ~np.isnan(given) & (parent >= 0)
    sums = np.bincount(parent[used], weights=given[used], minlength=count)
    return np.where(np.bincount(parent[used], minlength=count) > 0, sums, np.nan)


def density_per_1000(members: ArrayLike, residents: ArrayLike) -> Floats:
    """Return members per 1,000 residents, shape (n,), NaN where residents are unknown or 0."""
    return np.asarray(members, dtype=np.float64) * 1000 / _positive(residents)


def density_per_km2(members: ArrayLike, area_km2: ArrayLike) -> Floats:
    """Return members per square kilometre, shape (n,), NaN where there is no area (an estate drawn as a point)."""
    return np.asarray(members, dtype=np.float64) / _positive(area_km2)


def _positive(values: ArrayLike) -> Floats:
    given = np.asarray(values, dtype=np.float64)
    return np.where(given > 0, given, np.nan)


def _coverage(need: Floats, supply: Floats, ratio: Floats, met: Floats, surplus: Floats) -> Coverage:
    gap = need - met
    return Coverage(need, supply, ratio, met, gap, surplus, _divide(met, need), _judge(need, gap, surplus))


def _divide(part: Floats, whole: Floats) -> Floats:
    share: Floats = np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
    return share


def _judge(need: Floats, gap: Floats, surplus: Floats) -> NDArray[np.str_]:
    cases: tuple[tuple[NDArray[np.bool_], Status], ...] = (
        (np.isnan(need), Status.NO_DATA),
        (need <= 0, Status.NO_NEED),
        (is_short(gap), Status.WEAK),
        (surplus >= LEAST_SPARE - _ROUNDING, Status.SPARE),
    )
    return np.select([condition for condition, _ in cases], [status.value for _, status in cases], Status.ENOUGH.value)
