"""How long a matter may take, how many levels above it has come into the lists by being late, and when to remind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from services.i18n import Text, text
from services.rules.matters.machine import LIVE, MatterError, MatterState
from services.rules.windows import DAY, HOUR


class Urgency(StrEnum):
    """How much time a matter has."""

    INSTANT = "instant"
    DAY = "day"
    NORMAL = "normal"
    HARD = "hard"


TIME_ALLOWED: Final[Mapping[Urgency, timedelta]] = {
    Urgency.INSTANT: 2 * HOUR,
    Urgency.DAY: DAY,
    Urgency.NORMAL: 7 * DAY,
    Urgency.HARD: 15 * DAY,
}
"""Natural time, no calendar: draft standard of Beijing's 12345 (2 h, 24 h, 7 and 15 days), read in a mirror only."""
URGENCY_NAMES: Final[Mapping[Urgency, Text]] = {
    Urgency.INSTANT: text("at once, 2 hours"),
    Urgency.DAY: text("within 24 hours"),
    Urgency.NORMAL: text("within 7 days"),
    Urgency.HARD: text("difficult, 15 days"),
}
RESPONSE_SHARE: Final = 4
"""A matter is taken on within a quarter of its time (assumed)."""
READ_AFTER: Final = 7 * DAY
"""An answer that nobody confirms for so long stands as read."""
_REMIND_EVERY: Final = DAY


class GivenDateError(MatterError):
    """A date by which nothing can be done any more."""

    def __init__(self) -> None:
        super().__init__(text("Say until when it is to be done; the time must lie in the future."))


class ReminderError(MatterError):
    """A reminder before its time."""

    def __init__(self, earliest: datetime) -> None:
        super().__init__(
            text(
                "Reminding is possible from {time}: not before half the time is over, and once in 24 hours.",
                time=f"{earliest:%m-%d %H:%M}",
            )
        )


@dataclass(frozen=True, slots=True)
class MatterClock:
    """The times of a matter."""

    asked_at: datetime
    due: datetime
    respond_by: datetime | None = None
    """By when somebody takes it on; None where only the end counts."""

    def level(self, state: MatterState, now: datetime) -> int:
        """Return how many levels above who asked have it in their lists: 0 while it is in time or answered.

        Examples
        --------
        >>> clock = start_clock(datetime(2026, 11, 27, 17, 30), Urgency.DAY)
        >>> [clock.level(MatterState.OPEN, datetime(2026, 11, *when)) for when in ((27, 23, 29), (27, 23, 31))]
        [0, 1]
        """
        if state not in LIVE:
            return 0
        is_untaken = state is MatterState.OPEN and self.respond_by is not None and now > self.respond_by
        return is_untaken + (now > self.due) + (now > self.due + (self.due - self.asked_at))

    def deadline(self, state: MatterState) -> datetime:
        """Return what has to be kept next."""
        return self.respond_by if state is MatterState.OPEN and self.respond_by is not None else self.due

    def check_reminder(self, reminders: Sequence[datetime], now: datetime) -> None:
        """Do nothing if somebody may remind now.

        Raises
        ------
        ReminderError
            If half of the time is not over, or there was a reminder in the last 24 hours.
        """
        earliest = max([self.asked_at + (self.due - self.asked_at) / 2, *(at + _REMIND_EVERY for at in reminders)])
        if now < earliest:
            raise ReminderError(earliest)


def start_clock(asked_at: datetime, urgency: Urgency) -> MatterClock:
    """Return the times of a matter by its urgency."""
    allowed = TIME_ALLOWED[urgency]
    return MatterClock(asked_at, asked_at + allowed, asked_at + allowed / RESPONSE_SHARE)


def clock_until(asked_at: datetime, due: datetime | None) -> MatterClock:
    """Return the times of a matter with a given date.

    Raises
    ------
    GivenDateError
        If there is none, or it is over.
    """
    if due is None or due <= asked_at:
        raise GivenDateError
    return MatterClock(asked_at, due)


def is_read(state: MatterState, answered_at: datetime | None, now: datetime) -> bool:
    """Return whether an answer stands as read: nobody confirmed it in time, and nobody is said to be satisfied."""
    return state is MatterState.ANSWERED and answered_at is not None and now >= answered_at + READ_AFTER
