"""The norms of ``data/roster.toml`` as checked values: rest, how much one person does, how many stand by."""

from collections.abc import Mapping
from typing import Final

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

from services.rules.norms import ByMode, NormShare, Positive, PositiveByMode, check_norms
from services.rules.windows import Mode

_CHECKED: Final = ConfigDict(extra="forbid")


@dataclass(frozen=True, config=_CHECKED)
class RestNorms:
    """Between the stints of one person."""

    hours: Positive
    walkable_minutes: Positive
    """Posts this near on foot may follow each other without a pause."""


@dataclass(frozen=True, config=_CHECKED)
class MostNorms:
    """The most that one person does."""

    stint_hours: PositiveByMode
    day_hours: PositiveByMode
    """Of duties that begin within any 24 hours."""
    week_duties: PositiveByMode
    week_nights: ByMode


@dataclass(frozen=True, config=_CHECKED)
class ReachNorms:
    """How far people go to a post."""

    minutes: Positive


@dataclass(frozen=True, config=_CHECKED)
class ReserveNorms:
    """How many stand by."""

    absent: NormShare
    certainty: NormShare


@dataclass(frozen=True, config=_CHECKED)
class NightWeight:
    """How much the hours from 02 to 08 count when load is shared."""

    factor: Positive


@dataclass(frozen=True, config=_CHECKED)
class ClaimNorms:
    """How many households one member takes care of."""

    guide: Positive
    most: Positive
    """More takes a reason."""


@dataclass(frozen=True, config=_CHECKED)
class RosterNorms:
    """All of them; ``parse_roster_norms`` makes them."""

    rest: RestNorms
    most: MostNorms
    reach: ReachNorms
    reserve: ReserveNorms
    night_weight: NightWeight
    claim: ClaimNorms


_ADAPTER: Final = TypeAdapter(RosterNorms)


def parse_roster_norms(data: Mapping[str, object]) -> RosterNorms:
    """Return the norms of a parsed TOML file.

    Raises
    ------
    NormsError
        When anything is missing, misspelt, out of range or without a source; it names every fault.
    """
    return check_norms(_ADAPTER, data)


def of_mode(number: ByMode | PositiveByMode, mode: Mode) -> float:
    """Return the number of a mode."""
    return float(getattr(number, mode.value).value)
