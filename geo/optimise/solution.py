"""What a solver says about a part of the problem."""

from collections.abc import Callable
from dataclasses import dataclass

from geo.arrays import Positions

OnIncumbent = Callable[[Positions, float], None]
"""Told of a choice that keeps every rule (positions of pairs in the terms) and of a bound as soon as they are known."""


@dataclass(frozen=True, slots=True)
class PartSolution:
    """What came out for a part. Nulls are ``None``."""

    pairs: Positions | None
    """Positions of the chosen pairs in the terms, null where none was found in time."""
    unmet_bound: float
    """No choice leaves less unmet in the grids of the part; ``-inf`` where nothing was learnt."""
    is_unmet_proven: bool
    travel_bound: float
    """No choice with that little unmet travels less; ``-inf`` where nothing was learnt."""
    is_travel_proven: bool


def unproven(pairs: Positions | None, unmet_bound: float) -> PartSolution:
    """Return a choice that may not have the least unmet need."""
    return PartSolution(pairs, unmet_bound, is_unmet_proven=False, travel_bound=float("-inf"), is_travel_proven=False)


def tell_nobody(_pairs: Positions, _bound: float) -> None:
    """Keep a choice to oneself."""
