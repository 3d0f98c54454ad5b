"""Pairings (结对): which unit helps which community, since when, until when. Pure: the day is passed in."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from services.errors import ServiceError
from services.i18n import Text, text


class PairingKind(StrEnum):
    """In what way a unit and a community belong together."""

    PAIRED = "paired"
    """结对共建: by agreement of two party organisations."""
    REPORTED = "reported"
    """报到: the unit has reported for service."""


PAIRING_KIND_NAMES: Final[Mapping[PairingKind, Text]] = {
    PairingKind.PAIRED: text("Paired by agreement"),
    PairingKind.REPORTED: text("Reported for service"),
}


class PairingDayError(ServiceError, ValueError):
    """A pairing would begin or end on a day that is to come, or end before it began."""

    def __init__(self, first: date | None) -> None:
        super().__init__(
            text("Give a day up to today: a pairing that is to begin or end later is entered then.")
            if first is None
            else text("The pairing began on {day}; it cannot end before.", day=f"{first:%Y-%m-%d}")
        )


def check_first_day(since: date | None, today: date) -> None:
    """Do nothing if a pairing may have begun on a day; None where nobody knows it.

    Raises
    ------
    PairingDayError
        If the day is to come.
    """
    if since is not None and since > today:
        raise PairingDayError(None)


def check_last_day(until: date, since: date | None, today: date) -> None:
    """Do nothing if a pairing may end on a day.

    Raises
    ------
    PairingDayError
        If the day is to come, or before it began.
    """
    if until > today:
        raise PairingDayError(None)
    if since is not None and until < since:
        raise PairingDayError(since)
