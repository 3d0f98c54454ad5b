"""Who is asked first for an open seat (rule C1), and how load is shared (rule F)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Final

from services.rules.roster.clash import DutyBreach
from services.rules.roster.free_times import FreeAnswer
from services.rules.windows import DAY, HOUR, WEEK, Window

EARLIER: Final = 4 * WEEK
"""So long before a roster duties count, by half, when load is shared."""
_LATE_START: Final = 2 * HOUR
_LATE_END: Final = 8 * HOUR
_WILLING: Final = (FreeAnswer.YES, FreeAnswer.IF_NEEDED, FreeAnswer.LIKELY, FreeAnswer.UNASKED, FreeAnswer.NO)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatCandidate:
    """Somebody who could take a seat, with all that ranks them."""

    member_code: str
    breaches: tuple[DutyBreach, ...]
    answer: FreeAnswer
    load: float
    """Of this period."""
    earlier_load: float = 0.0
    """Of the four weeks before."""
    distance: int
    """0 where the post lies in their own grid, 1 in their own community, 2 elsewhere."""
    minutes: float | None
    count: int = 0
    """Duties within this period."""
    last_until: datetime | None = None
    """When the last one before the shift ended."""

    @property
    def is_possible(self) -> bool:
        """Whether nothing stands against it that nobody can set aside."""
        return all(breach.may_be_overruled for breach in self.breaches)


def rank_candidates(candidates: Sequence[SeatCandidate]) -> list[SeatCandidate]:
    """Return those who can come, the first to ask first."""
    return sorted((each for each in candidates if each.is_possible), key=_key)


@lru_cache(maxsize=4096)
def load_of(window: Window, night_weight: float) -> float:
    """Return what a duty weighs when load is shared: 1 for a duty, more for its part between 02 and 08.

    Examples
    --------
    >>> night = Window(datetime(2026, 11, 27, 0), datetime(2026, 11, 27, 4))
    >>> load_of(night, 2.0)
    1.5
    """
    late = timedelta()
    midnight = datetime.combine(window.start.date(), time())
    for day in (midnight, midnight + DAY):
        late += max(min(window.end, day + _LATE_END) - max(window.start, day + _LATE_START), timedelta())
    return 1.0 + (night_weight - 1.0) * (late / window.length)


def _key(candidate: SeatCandidate) -> tuple[object, ...]:
    minutes = candidate.minutes if candidate.minutes is not None else float("inf")
    return (
        bool(candidate.breaches),
        _WILLING.index(candidate.answer),
        candidate.load + candidate.earlier_load / 2,
        candidate.distance,
        minutes,
        candidate.member_code,
    )
