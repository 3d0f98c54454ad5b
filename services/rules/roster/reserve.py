"""How many stand by, so that seats are filled though some do not come (rule R1)."""

from functools import lru_cache

import numpy as np
from scipy.stats import binom


@lru_cache(maxsize=4096)
def reserve_size(seats: int, absent: float, certainty: float) -> int:
    """Return the fewest people to stand by, so that no more than so many of all of them stay away, with a certainty.

    The smallest r with P(Bin(n + r, q) ≤ r) ≥ certainty: of n who are due and r who stand by each stays away with the
    chance q, independently of the others.

    Examples
    --------
    >>> [reserve_size(seats, 0.1, 0.9) for seats in (1, 2, 4, 6, 12, 20, 40)]
    [0, 1, 1, 2, 3, 4, 7]
    """
    if seats <= 0 or absent <= 0:
        return 0
    reserves = np.arange(10 * seats + 20)
    suffices = binom.cdf(reserves, seats + reserves, absent) >= certainty
    return int(reserves[suffices.argmax()]) if suffices.any() else int(reserves[-1])
