"""What a claim is: buildings of an estate, or of a grid outside estates, that somebody takes care of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from geo.schema import Layer
from services.i18n import Text, text


class HolderKind(StrEnum):
    """What takes care of buildings."""

    MEMBER = "member"
    TEAM = "team"
    UNIT = "unit"


HOLDER_NAMES: Final[Mapping[HolderKind, Text]] = {
    HolderKind.MEMBER: text("Member"),
    HolderKind.TEAM: text("Team"),
    HolderKind.UNIT: text("Unit"),
}


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """A claim as it is asked for."""

    layer: Layer
    """Estates, or grids where the buildings belong to no estate."""
    place_code: str
    blocks: str
    """As people write them: ``3-5栋``."""
    households: int
    kind: HolderKind
    holder: str
    """The code or the whole name."""
    is_shared: bool = False
    """Whether buildings may be somebody else's too; households are this one's share."""
    reason: str = ""
    """Why one member takes care of more households than is usual."""


@dataclass(frozen=True, slots=True)
class ClaimHolder:
    """Who takes care of buildings, as whoever looks may know."""

    kind: HolderKind
    code: str = ""
    """Empty for a member who is not told."""
    name: str = ""
    """Of a member masked."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A live claim."""

    id: int
    blocks: tuple[int, ...]
    households: int
    holder: ClaimHolder
    is_shared: bool
    reason: str
    since: date


@dataclass(frozen=True, slots=True)
class ClaimPlace:
    """An estate, or a grid with buildings outside estates, with its claims in the order of their first buildings."""

    layer: Layer
    code: str
    name: str
    grid_code: str
    """Of a grid its own."""
    community_code: str
    households: int | None
    """None where nobody knows."""
    claims: tuple[Claim, ...]

    @property
    def claimed_households(self) -> int:
        """How many households somebody takes care of."""
        return sum(claim.households for claim in self.claims)
