"""Shifts and duties: who stands at a post for one stretch of time, and how far that is agreed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from geo.schema import Layer
from services.i18n import Text, text
from services.rules.windows import Window


class DutyState(StrEnum):
    """How far a duty is agreed."""

    PROPOSED = "proposed"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    DONE = "done"
    RESERVE = "reserve"
    """It counts only when called."""
    ABSENT = "absent"
    EXCUSED = "excused"
    RELEASED = "released"
    """Went away with a team."""
    CANCELLED = "cancelled"


DUTY_STATE_NAMES: Final[Mapping[DutyState, Text]] = {
    DutyState.PROPOSED: text("Proposed"),
    DutyState.ASKED: text("To be confirmed"),
    DutyState.CONFIRMED: text("Confirmed"),
    DutyState.DONE: text("Done"),
    DutyState.RESERVE: text("Reserve"),
    DutyState.ABSENT: text("Absent"),
    DutyState.EXCUSED: text("Excused"),
    DutyState.RELEASED: text("Sent with a team"),
    DutyState.CANCELLED: text("Taken out"),
}
ROSTERS: Final = "rosters"
"""The part whose version grows with every change of a published roster (``Transaction.versions``)."""
FILLING: Final = frozenset({DutyState.PROPOSED, DutyState.ASKED, DutyState.CONFIRMED, DutyState.DONE})
"""States in which a duty takes a seat."""
LIVE: Final = FILLING | {DutyState.RESERVE}
"""States in which a person's time is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A post for one stretch of time."""

    id: int
    post_code: str
    window: Window
    seats: int
    roster_id: int = 0
    needed: float | None = None
    """What the seats stand for, before whole people were made of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Somebody in a shift: a member, or some people of a team or unit who are not named."""

    id: int = 0
    shift_id: int
    window: Window
    post_code: str
    member_code: str = ""
    team_code: str = ""
    unit_code: str = ""
    heads: int = 1
    state: DutyState = DutyState.PROPOSED
    pinned: bool = False
    rank: int = 0
    """Of reserves: who is called first."""
    replaces: int | None = None
    """The duty in whose place it is."""

    @property
    def group(self) -> tuple[Layer, str] | None:
        """The team or unit whose people they are; None where it is of neither."""
        if self.team_code:
            return Layer.TEAMS, self.team_code
        return (Layer.UNITS, self.unit_code) if self.unit_code else None

    @property
    def fills(self) -> int:
        """How many seats it takes."""
        return self.heads if self.state in FILLING else 0


def seats_taken(duties: Iterable[Duty]) -> dict[int, int]:
    """Return how many seats are taken in each shift, by its number; shifts without anybody are left out."""
    taken: dict[int, int] = {}
    for duty in duties:
        if duty.fills:
            taken[duty.shift_id] = taken.get(duty.shift_id, 0) + duty.fills
    return taken


def filled_seats(shifts: Iterable[Shift], people: Mapping[int, int]) -> int:
    """Return how many seats of some shifts are filled; whoever is one too many in a shift fills none.

    Parameters
    ----------
    people
        Seats taken by the number of the shift (``seats_taken``).
    """
    return sum(min(people.get(shift.id, 0), shift.seats) for shift in shifts)
