"""Whoever acts, and what their role allows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from services.catalog.actions import ACTIONS, Action, Role
from services.errors import ServiceError
from services.i18n import text
from services.rules.areas import EVERYWHERE, Area

ALLOWED: Final[Mapping[Role, frozenset[Action]]] = MappingProxyType(
    {
        role: frozenset(action for action, spec in ACTIONS.items() if role is Role.LOCAL or role in spec.roles)
        for role in Role
    }
)
OF_THE_WHOLE: Final = frozenset(action for action, spec in ACTIONS.items() if spec.is_of_whole)
"""Actions that concern every part of the store: besides the role they take an area outside which there is no grid."""


class RoleError(ServiceError, ValueError):
    """A name that is no role."""

    def __init__(self, name: str) -> None:
        super().__init__(
            text(
                "“{name}” is no role. In GRIDMUSTER_SECOND_FACTOR give all, or codes of roles: {roles}",
                name=name,
                roles=", ".join(role for role in Role if role is not Role.LOCAL),
            )
        )


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who acts, by the name the audit trail shows, in one role for one area."""

    name: str
    role: Role
    area: Area = EVERYWHERE


LOCAL_ACTOR: Final = Actor("local", Role.LOCAL)


def may(actor: Actor, action: Action) -> bool:
    """Return whether an actor's role allows an action."""
    return action in ALLOWED[actor.role]


def roles_of_second_factor(names: Collection[str]) -> frozenset[Role]:
    """Return the roles that a setting names: their codes, or ``all`` for every role that can be given.

    Raises
    ------
    RoleError
        If a name is no role.

    Examples
    --------
    >>> sorted(roles_of_second_factor(["planner", "administrator"]))
    [<Role.ADMINISTRATOR: 'administrator'>, <Role.PLANNER: 'planner'>]
    """
    if "all" in names:
        return frozenset(Role) - {Role.LOCAL}
    unknown = [name for name in names if name not in set(Role)]
    if unknown:
        raise RoleError(unknown[0])
    return frozenset(map(Role, names))
