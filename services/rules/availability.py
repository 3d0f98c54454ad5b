"""How many people can come: members weighted by the time they have (DESIGN §6). Arrays in, arrays out."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.arrays import Floats
from services.rules.windows import DayPart

AVAILABLE_COLUMNS: Final = tuple(f"available_{part}" for part in DayPart)


def read_hours(members: pd.DataFrame) -> Floats:
    """Return the share of each part of the day in which each member says he can come, shape (members, 4).

    NaN where he says nothing (``available_…`` is null or not there).
    """
    columns = [
        pd.to_numeric(members[name]).to_numpy(dtype=np.float64, na_value=np.nan)
        if name in members
        else np.full(len(members), np.nan)
        for name in AVAILABLE_COLUMNS
    ]
    return np.column_stack(columns)


def fill_hours(hours: Floats, default: Floats) -> Floats:
    """Return the share of each part of the day in which each member can come, shape (members, 4).

    What a member states replaces the default of that part alone.

    Parameters
    ----------
    hours
        From ``read_hours``, or of groups as they count (``services.rules.small_counts``).
    default
        Shape (4,).
    """
    return np.where(np.isnan(hours), default, hours)


def sum_by_zone(availability: Floats, zone: NDArray[np.intp], count: int) -> Floats:
    """Return the persons of each zone by part of the day, shape (count, 4).

    ``zone`` is the position of each member's zone, shape (members,), -1 for members who are in none; they
    count nowhere.
    """
    located = zone >= 0
    where = zone[located]
    sums = [np.bincount(where, weights=part[located], minlength=count) for part in availability.T]
    return np.column_stack(sums)


def supply_in_window(persons: Floats, share: Floats) -> Floats:
    """Return the persons who can come in a window, shape (n,) or, for several windows, (n, windows).

    ``persons`` is by part of the day, shape (n, 4); ``share`` the windows' share by day part, shape (4,) or
    (4, windows).

    Examples
    --------
    >>> supply_in_window(np.array([[1.0, 5.0, 6.0, 3.0]]), np.array([0.0, 0.5, 0.0, 0.5])).tolist()
    [4.0]
    """
    return persons @ share
