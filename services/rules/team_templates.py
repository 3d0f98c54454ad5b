"""Team templates: which roles a team formed on the spot has, who fills them, and which are still empty."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

from services.i18n import Text, text


class TeamRole(StrEnum):
    """What somebody is in a team."""

    STREET_CADRE = "street_cadre"
    COMMUNITY_CADRE = "community_cadre"
    GRID_WORKER = "grid_worker"
    PROPERTY_OR_LANDLORD = "property_or_landlord"
    DOCTOR = "doctor"
    POLICE_OFFICER = "police_officer"
    LEADER = "leader"
    MEMBER = "member"


ROLE_NAMES: Final[Mapping[TeamRole, Text]] = {
    TeamRole.STREET_CADRE: text("Street cadre"),
    TeamRole.COMMUNITY_CADRE: text("Community cadre"),
    TeamRole.GRID_WORKER: text("Grid worker"),
    TeamRole.PROPERTY_OR_LANDLORD: text("Property management or landlord"),
    TeamRole.DOCTOR: text("Doctor"),
    TeamRole.POLICE_OFFICER: text("Police officer"),
    TeamRole.LEADER: text("Group leader"),
    TeamRole.MEMBER: text("Member"),
}

_FORMED: Final = re.compile(r"F[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a team."""

    role: TeamRole


@dataclass(frozen=True, slots=True)
class TeamTemplate:
    """A kind of team."""

    name: Text
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Formation:
    """A template with people in its places."""

    template: TeamTemplate
    filled: tuple[str | None, ...]
    """Code of the person in each place, null where it is empty; in the order of the template's places."""

    @property
    def empty_roles(self) -> tuple[TeamRole, ...]:
        """The roles still empty, in the order of the places."""
        return tuple(place.role for place, code in zip(self.template.places, self.filled, strict=True) if code is None)


def one_plus_n(others: int) -> TeamTemplate:
    """Return the template 1+N: one cadre who leads, and N members (anybody), at least one.

    Raises
    ------
    ValueError
        When N is below 1.
    """
    if others < 1:
        raise ValueError(f"1+N needs at least one member beside the cadre, got {others}")
    places = (Place(TeamRole.COMMUNITY_CADRE), *_members(others))
    return TeamTemplate(text("1+{count}: one cadre and {count} members", count=others), places)


def group_of_seven() -> TeamTemplate:
    """Return the group of seven: one of each role that a neighbourhood needs, and a member."""
    roles = (
        TeamRole.STREET_CADRE,
        TeamRole.COMMUNITY_CADRE,
        TeamRole.GRID_WORKER,
        TeamRole.PROPERTY_OR_LANDLORD,
        TeamRole.DOCTOR,
        TeamRole.POLICE_OFFICER,
    )
    return TeamTemplate(text("Group of seven"), (*(Place(role) for role in roles), *_members(1)))


def group_of_five() -> TeamTemplate:
    """Return the group of five: a leader and four members."""
    return TeamTemplate(text("Group of five with a leader"), (Place(TeamRole.LEADER), *_members(4)))


def formed_code(event_id: str) -> str:
    """Return the code of the team that an event forms, the same each time the event arrives."""
    return "F" + sha256(event_id.encode()).hexdigest()[:12]


def is_formed_here(team_code: str) -> bool:
    """Return whether a team was formed on the spot, which its code tells.

    Examples
    --------
    >>> is_formed_here("F0123456789ab"), is_formed_here("FIRE-1")
    (True, False)
    """
    return _FORMED.fullmatch(team_code) is not None


def _members(count: int) -> tuple[Place, ...]:
    return (Place(TeamRole.MEMBER),) * count
