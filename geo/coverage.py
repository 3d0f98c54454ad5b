"""Need against supply, zone by zone, and what becomes of it one level up."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import ShapeMismatchError

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]

_ROUNDING: Final = 1e-9
"""Sums of shares miss whole numbers by less than this."""


class Status(StrEnum):
    """How a zone stands in a window."""

    NO_DATA = "no_data"
    """Nothing is known about people or estates."""
    NO_NEED = "no_need"
    """Known to need nobody; never shown as 0 % or 100 %."""
    WEAK = "weak"
    """Supply below need."""
    ENOUGH = "enough"
    SPARE = "spare"
    """At least one whole person more than needed."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage of ``n`` zones, each of shape (n,), in persons; NaN in ``ratio``, ``gap``, ``surplus`` is no value."""

    need: Floats
    supply: Floats
    ratio: Floats
    gap: Floats
    surplus: Floats
    status: NDArray[np.str_]


def compare_need_and_supply(need: ArrayLike, supply: ArrayLike) -> Coverage:
    """Return ratio = supply ÷ need, gap = need - supply and surplus = supply - need where positive, else 0.

    Parameters
    ----------
    need
        Persons, shape (n,); NaN where nothing is known, 0 where nobody is needed.
    supply
        Persons, shape (n,); not null. May be below 0 where more are sent away than are there.

    Returns
    -------
    Ratio, gap and surplus are NaN where the need is unknown or 0, whatever the supply. A supply that equals the
    need but for rounding is enough.

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
    [9.0, 0.0, 0.0, nan, nan]
    """
    wanted, there = np.asarray(need, dtype=np.float64), np.asarray(supply, dtype=np.float64)
    if wanted.shape != there.shape:
        raise ShapeMismatchError(need=wanted.size, supply=there.size)
    needed = np.where(wanted > 0, wanted, np.nan)
    balance = there - needed
    balance = np.where(np.abs(balance) < _ROUNDING, 0.0, balance)
    return Coverage(
        need=wanted,
        supply=there,
        ratio=np.where(balance == 0, 1.0, there / needed),
        gap=np.maximum(-balance, 0.0),
        surplus=np.maximum(balance, 0.0),
        status=_judge(wanted, balance),
    )


def sum_coverage(parts: Coverage, parent: Positions, count: int) -> Coverage:
    """Return the coverage of zones one level up.

    Need and supply are the sums over the parts, ratio is supply ÷ need. **Gap and surplus are the sums of the
    parts' gaps and surpluses, not netted**: people to spare in one grid do not hide that another is short, so a
    parent can show both, and a gap at a ratio above 1. The status goes by the sums: weak where the ratio is
    below 1, spare where supply exceeds need by at least one person.

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
    Shape (count,). A parent none of whose parts has data has none; parts without data add no need, but their
    supply counts.
    """
    totals = compare_need_and_supply(
        sum_known(parts.need, parent, count), np.nan_to_num(sum_known(parts.supply, parent, count))
    )
    needed = totals.need > 0
    return Coverage(
        need=totals.need,
        supply=totals.supply,
        ratio=totals.ratio,
        gap=np.where(needed, sum_known(parts.gap, parent, count), np.nan),
        surplus=np.where(needed, sum_known(parts.surplus, parent, count), np.nan),
        status=totals.status,
    )


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


def _judge(need: Floats, balance: Floats) -> NDArray[np.str_]:
    cases: tuple[tuple[NDArray[np.bool_], Status], ...] = (
        (np.isnan(need), Status.NO_DATA),
        (need <= 0, Status.NO_NEED),
        (balance < 0, Status.WEAK),
        (balance >= 1 - _ROUNDING, Status.SPARE),
    )
    return np.select([condition for condition, _ in cases], [status.value for _, status in cases], Status.ENOUGH.value)
