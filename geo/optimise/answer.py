"""What a solver says about a part of the problem."""

from dataclasses import dataclass

from geo.optimise.problem import Positions


@dataclass(frozen=True, slots=True)
class Answer:
    """What came out for a part. Nulls are ``None``."""

    pairs: Positions | None
    """Positions of the chosen pairs in the terms, null where none was found in time."""
    unmet_bound: float
    """No choice leaves less unmet in the grids of the part; ``-inf`` where nothing was learnt."""
    is_unmet_proven: bool
    travel_bound: float
    """No choice with that little unmet travels less; ``-inf`` where nothing was learnt."""
    is_travel_proven: bool
