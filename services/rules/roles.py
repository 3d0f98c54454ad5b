"""Roles and what each may do: one table that pages, services, tests and the documentation read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from services.errors import ServiceError
from services.i18n import Text, text
from services.rules.areas import EVERYWHERE, Area


class Action(StrEnum):
    """Everything a person can ask the program for."""

    VIEW_COVERAGE = "view_coverage"
    VIEW_PEOPLE = "view_people"
    UNMASK = "unmask"
    CORRECT_PERSON = "correct_person"
    ERASE_PERSON = "erase_person"
    IMPORT = "import"
    TAKE_BACK = "take_back"
    ASSIGN = "assign"
    SETTLE_ADDRESS = "settle_address"
    DECLARE_MODE = "declare_mode"
    EXPORT = "export"
    MAKE_DEMO = "make_demo"
    VIEW_AUDIT = "view_audit"
    PLAN = "plan"
    FORM_TEAM = "form_team"
    COMMIT_PLAN = "commit_plan"
    RECALL = "recall"
    VIEW_ORDERS = "view_orders"
    VIEW_BRIEFING = "view_briefing"
    MAKE_BRIEFING = "make_briefing"
    MANAGE_ACCOUNTS = "manage_accounts"
    SIGN_IN = "sign_in"
    MAINTAIN = "maintain"


class Role(StrEnum):
    """Who somebody is to the program."""

    DISTRICT_COMMANDER = "district_commander"
    SUBDISTRICT_COMMANDER = "subdistrict_commander"
    PLANNER = "planner"
    SECRETARY = "secretary"
    LIAISON = "liaison"
    SCREEN = "screen"
    ADMINISTRATOR = "administrator"
    LOCAL = "local"
    """Whoever sits at the machine: the command line, and the server itself."""


ROLE_NAMES: Final[Mapping[Role, Text]] = MappingProxyType(
    {
        Role.DISTRICT_COMMANDER: text("District commander"),
        Role.SUBDISTRICT_COMMANDER: text("Sub-district commander"),
        Role.PLANNER: text("Planner"),
        Role.SECRETARY: text("Community secretary"),
        Role.LIAISON: text("Unit liaison"),
        Role.SCREEN: text("Screen"),
        Role.ADMINISTRATOR: text("Administrator"),
        Role.LOCAL: text("At this machine"),
    }
)

_SHOWN: Final = frozenset({Action.VIEW_COVERAGE, Action.VIEW_BRIEFING})
_COMMANDED: Final = _SHOWN | {
    Action.DECLARE_MODE,
    Action.EXPORT,
    Action.PLAN,
    Action.COMMIT_PLAN,
    Action.RECALL,
    Action.VIEW_ORDERS,
    Action.MAKE_BRIEFING,
}
_PEOPLE: Final = frozenset({Action.VIEW_PEOPLE, Action.UNMASK, Action.CORRECT_PERSON, Action.ERASE_PERSON})

ALLOWED: Final[Mapping[Role, frozenset[Action]]] = MappingProxyType(
    {
        Role.DISTRICT_COMMANDER: _COMMANDED | {Action.VIEW_AUDIT},
        Role.SUBDISTRICT_COMMANDER: _COMMANDED | {Action.VIEW_AUDIT},
        Role.PLANNER: (_COMMANDED - {Action.DECLARE_MODE})
        | _PEOPLE
        | {Action.IMPORT, Action.TAKE_BACK, Action.ASSIGN, Action.SETTLE_ADDRESS, Action.FORM_TEAM},
        Role.SECRETARY: _SHOWN
        | _PEOPLE
        | {Action.IMPORT, Action.TAKE_BACK, Action.ASSIGN, Action.SETTLE_ADDRESS, Action.VIEW_ORDERS, Action.EXPORT},
        Role.LIAISON: frozenset({Action.VIEW_PEOPLE, Action.VIEW_ORDERS}),
        Role.SCREEN: _SHOWN,
        Role.ADMINISTRATOR: frozenset({Action.MANAGE_ACCOUNTS, Action.VIEW_AUDIT}),
        Role.LOCAL: frozenset(Action),
    }
)


OF_THE_WHOLE: Final = frozenset(
    {
        Action.DECLARE_MODE,
        Action.VIEW_AUDIT,
        Action.MANAGE_ACCOUNTS,
        Action.MAKE_DEMO,
        Action.SIGN_IN,
        Action.MAINTAIN,
    }
)
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
