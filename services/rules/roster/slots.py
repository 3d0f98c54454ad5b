"""Slots of a roster: its seats shift by shift, whatever the post."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.rules.roster.clash import touches_night
from services.rules.roster.duties import Shift, filled_seats
from services.rules.windows import Window


@dataclass(frozen=True, slots=True)
class SlotFigures:
    """Seats of all shifts of one stretch of time."""

    window: Window
    seats: int
    filled: int
    """Seats taken, those beyond what a shift asks for left out."""

    @property
    def open(self) -> int:
        """Seats nobody has taken."""
        return self.seats - self.filled

    @property
    def is_night(self) -> bool:
        """Whether it lies between 22 and 08 in part."""
        return touches_night(self.window)


def count_by_slot(shifts: Iterable[Shift], people: Mapping[int, int]) -> list[SlotFigures]:
    """Return seats and filled seats of each stretch of time for which there are shifts, in order of time.

    Parameters
    ----------
    people
        Seats taken by the number of the shift (``seats_taken``).
    """
    together: dict[Window, list[Shift]] = defaultdict(list)
    for shift in shifts:
        together[shift.window].append(shift)
    return [
        SlotFigures(window, sum(shift.seats for shift in own), filled_seats(own, people))
        for window, own in sorted(together.items(), key=lambda each: each[0])
    ]
