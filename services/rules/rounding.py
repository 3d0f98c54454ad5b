"""How persons are rounded where people read them: one rule for pages, papers, files and the command line.

Figures are added up exactly and rounded last, halves up. The figures of one zone stand in one precision: one decimal
where it needs fewer than 10 persons or lacks less than one, whole numbers otherwise. A shown gap is the shown need less
the shown met, a shown supply is what is met and the surplus together, so that whoever adds up by hand finds the same.
Parts that make up a figure are shown so that they add up to it.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo.arrays import Floats
from geo.coverage import is_short

WHOLE_FROM: Final = 10.0
"""Persons from which on whole numbers are shown."""
FIGURES: Final = ("need", "met", "gap", "surplus")
"""The columns of ``round_table``, without ``supply``."""
UNKNOWN: Final = "–"
_TENTHS: Final = 1
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Balance:
    """The figures of one zone, or of zones together, in persons as they are shown; NaN is not known."""

    need: float
    met: float
    gap: float
    surplus: float
    decimals: int

    @property
    def supply(self) -> float:
        """Of a single grid or estate: who is there."""
        return float(round_half_up(self.met + self.surplus, _TENTHS))


def round_balance(need: float, met: float, surplus: float) -> Balance:
    """Return the figures of one zone as they are shown.

    Examples
    --------
    >>> round_balance(2.0, 0.04, 0.0)
    Balance(need=2.0, met=0.0, gap=2.0, surplus=0.0, decimals=1)
    >>> round_balance(126.3, 125.8, 40.2)
    Balance(need=126.3, met=125.8, gap=0.5, surplus=40.2, decimals=1)
    """
    rounded = _round(*(np.array([figure], dtype=np.float64) for figure in (need, met, surplus)))
    shown_need, shown_met, gap, shown_surplus = (float(rounded[name][0]) for name in FIGURES)
    return Balance(shown_need, shown_met, gap, shown_surplus, int(rounded["decimals"][0]))


def round_gap(need: float, gap: float) -> float:
    """Return what is missing of a need as it is shown."""
    return round_balance(need, need - gap, 0.0).gap


def balance_of(zone: "pd.Series[Any]") -> Balance:
    """Return the figures of a row of a coverage table as they are shown."""
    return round_balance(*(float(zone[name]) for name in ("need", "met", "surplus")))


def sum_balance(zones: pd.DataFrame) -> Balance:
    """Return the figures of zones together, from the columns ``need met surplus``: added up exactly, then rounded."""
    known = zones[zones["need"].notna()]
    return round_balance(*(float(known[name].sum()) for name in ("need", "met", "surplus")))


def round_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of zones as they are shown.

    Parameters
    ----------
    table
        With ``need met surplus`` in persons; NaN where nothing is known.

    Returns
    -------
    ``need met gap surplus supply decimals``, indexed like the table: persons, each row rounded to so many ``decimals``.
    A gap below ``geo.coverage.LEAST_GAP`` is none.
    """
    rounded = _round(*(table[name].to_numpy(dtype=np.float64) for name in ("need", "met", "surplus")))
    return pd.DataFrame(rounded, index=table.index)


def round_parts(parts: ArrayLike, total: ArrayLike, decimals: ArrayLike) -> Floats:
    """Return parts rounded so that they add up to a total that is rounded: the largest remainders are rounded up.

    Parameters
    ----------
    parts
        Persons, shape (n, k): the k parts of n totals. Those that are taken off are below 0. NaN stays.
    total, decimals
        Of each, as ``round_table`` returns them, shape (n,).

    Examples
    --------
    >>> round_parts([[1.44, 1.44, 1.44], [7.5, 3.9, -1.2]], [4.3, 10.0], [1, 0]).tolist()
    [[1.5, 1.4, 1.4], [7.0, 4.0, -1.0]]
    """
    unit = (10.0 ** np.asarray(decimals, dtype=np.float64))[:, None]
    exact = np.asarray(parts, dtype=np.float64) * unit
    low = np.floor(exact + _ROUNDING)
    lacking = np.round(np.asarray(total, dtype=np.float64)[:, None] * unit - low.sum(axis=1, keepdims=True))
    place = np.argsort(np.argsort(low - exact, axis=1, kind="stable"), axis=1, kind="stable")
    rounded: Floats = (low + (place < lacking)) / unit + 0.0
    return rounded


def persons_text(persons: float | None) -> str:
    """Return a number of persons that stands alone: one decimal below 10, whole numbers above.

    Examples
    --------
    >>> [persons_text(figure) for figure in (None, 0.0, 2.04, 9.96, 1234.5)]
    ['–', '0', '2', '10', '1,235']
    >>> persons_text(-2.5)
    '-2.5'
    """
    if persons is None or pd.isna(persons):
        return UNKNOWN
    return shown_text(round_alone(persons))


def round_alone(persons: float) -> float:
    """Return a number of persons that stands alone as it is shown."""
    tenths = float(round_half_up(abs(persons), _TENTHS))
    rounded = float(round_half_up(abs(persons), 0)) if tenths >= WHOLE_FROM else tenths
    return float(np.copysign(rounded, persons)) + 0.0


def shown_text(figure: float) -> str:
    """Return a figure that is rounded already for reading: a whole number without a decimal.

    Examples
    --------
    >>> [shown_text(figure) for figure in (float("nan"), 2.0, 0.4, 1234.0)]
    ['–', '2', '0.4', '1,234']
    """
    if pd.isna(figure):
        return UNKNOWN
    tenths = round(float(figure), _TENTHS) + 0.0
    return f"{tenths:,.{0 if tenths.is_integer() else _TENTHS}f}"


def percent_met(share: float) -> int:
    """Return a share that is known in whole per cent (``percents_met``)."""
    return int(percents_met([share])[0])


def percents_met(shares: ArrayLike) -> Floats:
    """Return shares in whole per cent, shape (n,): 100 only where all is met, 0 only where nothing is; NaN stays.

    Examples
    --------
    >>> percents_met([np.nan, 0.0, 0.001, 0.5, 0.9991, 1.0, 1.5]).tolist()
    [nan, 0.0, 1.0, 50.0, 99.0, 100.0, 150.0]
    """
    given = np.asarray(shares, dtype=np.float64)
    whole = round_half_up(100 * given, 0)
    is_some = (given > _ROUNDING) & (given < 1 - _ROUNDING)
    return np.where(is_some, np.clip(whole, 1, 99), whole)


def round_half_up(figures: ArrayLike, decimals: int) -> Floats:
    """Return numbers rounded to so many decimals, halves up, shape as given.

    Examples
    --------
    >>> round_half_up([0.25, 2.5, 3.5], 0).tolist(), float(round_half_up(0.25, 1))
    ([0.0, 3.0, 4.0], 0.3)
    """
    unit = 10.0**decimals
    rounded: Floats = np.floor(np.asarray(figures, dtype=np.float64) * unit + 0.5 + _ROUNDING) / unit + 0.0
    return rounded


def _round(need: Floats, met: Floats, surplus: Floats) -> dict[str, Floats]:
    gap = need - met
    lacks = is_short(gap)
    measure = np.where(need > 0, need, surplus)
    is_fine = (round_half_up(measure, _TENTHS) < WHOLE_FROM) | (lacks & (gap < 1.0 - _ROUNDING))
    decimals = np.where(is_fine, _TENTHS, 0)
    shown_need, shown_surplus = (_round_each(figure, decimals) for figure in (need, surplus))
    shown_met = np.where(lacks, _round_each(met, decimals), shown_need)
    return {
        "need": shown_need,
        "met": shown_met,
        "gap": round_half_up(shown_need - shown_met, _TENTHS),
        "surplus": shown_surplus,
        "supply": round_half_up(shown_met + shown_surplus, _TENTHS),
        "decimals": decimals,
    }


def _round_each(figures: Floats, decimals: NDArray[np.int_]) -> Floats:
    return np.where(decimals == _TENTHS, round_half_up(figures, _TENTHS), round_half_up(figures, 0))
