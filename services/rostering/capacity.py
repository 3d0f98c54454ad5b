"""What a roster asks for against what people can give, before anybody is named."""

from dataclasses import dataclass

from services.rostering.model import Roster
from services.rostering.norms import load_roster_norms
from services.rules.roster.clash import duty_limits


@dataclass(frozen=True, slots=True)
class RosterCapacity:
    """Person-shifts."""

    seats: int
    people: int
    week_duties: int
    """The most that one person does in seven days."""
    most: int
    """What all of them give at most in the period."""

    @property
    def percent(self) -> int:
        """Which share of the seats can be filled at most, rounded down."""
        return min(100, 100 * self.most // self.seats) if self.seats else 100


def capacity_of(roster: Roster, seats: int, people: int) -> RosterCapacity:
    """Return what people give at most in the period of a roster: each the most for every week begun.

    Examples
    --------
    Of 16,681 seats 4,408 people fill 79 % if each does 3 a week:

    >>> RosterCapacity(16_681, 4_408, 3, 13_224).percent
    79
    """
    week = duty_limits(load_roster_norms(), roster.mode).week
    weeks = -(-roster.days // 7)
    return RosterCapacity(seats, people, week, people * week * weeks)
