"""What a plan is judged by: a person missing hurts the more, the more of the need is missing.

The need of a grid is cut into quarters. The persons missing first, up to a quarter of the need, count ``quarters[0]``
each, the next quarter ``quarters[1]``, and so on: a convex piecewise linear cost, as the value of a further unit falls
in the expected covering models (the marginal gain of the k-th unit, Daskin 1983, *Transportation Science* 17(1)).
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from geo.arrays import Floats

PERSON_PRICE: Final = 0.1
"""What every person who is sent counts, in persons missing."""
MINUTES_PER_PERSON: Final = 300.0
"""So many minutes on foot of one person count as one person missing."""
PART_PRICE: Final = 0.0
"""What every part of a team that is split counts, in persons missing: nothing, for with it proofs take long."""
LEAST: Final = 0.5
"""A move that closes fewer persons is not worth sending anybody."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts against a plan, in persons missing of the first quarter of a need."""

    quarters: tuple[float, ...] = (1.0, 2.0, 3.0, 4.0)
    """What a person missing counts, by the quarter of the need that is missing, not falling; one number: all alike."""
    person: float = PERSON_PRICE
    """What every person who is sent counts."""
    minute: float = 1 / MINUTES_PER_PERSON
    """What a minute on foot of one person counts."""
    part: float = PART_PRICE
    """What each grid counts to which people of a team that may be split are sent, however many they are."""
    least: float = LEAST
    """What is missing beside whole persons counts from so many on, and no move that closes less is proposed; 0 to 1."""

    def scaled(self, by: float) -> "Weights":
        """Return the same weights in a measure so many times finer: what is best stays the best.

        Examples
        --------
        >>> Weights().scaled(2).quarters
        (2.0, 4.0, 6.0, 8.0)
        """
        quarters = tuple(weight * by for weight in self.quarters)
        return replace(self, quarters=quarters, person=self.person * by, minute=self.minute * by, part=self.part * by)

    def pieces(self, need: ArrayLike, ignored: ArrayLike = 0.0) -> tuple[tuple[float, Floats], ...]:
        """Return the pieces of the cost of a need, shape (n,): what a person counts, and persons, ``inf`` in the last.

        The persons ``ignored`` count nothing. Quarters that count alike are one piece.
        """
        wanted, nothing = np.broadcast_arrays(np.asarray(need, dtype=np.float64), np.asarray(ignored, dtype=np.float64))
        ends = [nth / len(self.quarters) * wanted for nth in range(1, len(self.quarters))]
        found = [(0.0, nothing)] if nothing.any() else []
        begun = nothing
        for nth, weight in enumerate(self.quarters[:-1]):
            if weight != self.quarters[nth + 1]:
                found.append((weight, np.maximum(ends[nth] - begun, 0.0)))
                begun = np.maximum(begun, ends[nth])
        return (*found, (self.quarters[-1], np.full(wanted.shape, np.inf)))

    def weigh(self, missing: ArrayLike, need: ArrayLike, ignored: ArrayLike = 0.0) -> Floats:
        """Return what missing persons count against their need, all of shape (n,); nobody missing counts 0.

        Examples
        --------
        >>> Weights().weigh([1, 5, 8], [8, 8, 8]).tolist()
        [1.0, 9.0, 20.0]
        >>> Weights().weigh([1, 5, 8], [8, 8, 8], 0.25).tolist()
        [0.75, 8.75, 19.75]
        """
        left = np.maximum(np.asarray(missing, dtype=np.float64), 0.0)
        cost = np.zeros(left.shape)
        for weight, width in self.pieces(need, ignored):
            here = np.minimum(left, width)
            cost += weight * here
            left = left - here
        return cost

    def ignored(self, missing: ArrayLike) -> Floats:
        """Return what is left over of missing persons beside whole ones, where that is less than the least; (n,).

        People come as whole persons: what would be closed by the last one is not worth sending anybody.
        """
        left = np.maximum(np.asarray(missing, dtype=np.float64), 0.0)
        rest = left - np.floor(left + 1e-9)
        return np.where(rest < self.least - 1e-9, np.maximum(rest, 0.0), 0.0)
