"""Roles and what each may do: one table that pages, services, tests and the documentation read."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Action(StrEnum):
    """Everything a person can ask the program for."""

    VIEW_COVERAGE = "view_coverage"
    VIEW_PEOPLE = "view_people"
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


class Role(StrEnum):
    """Who somebody is to the program. Until there are accounts there is one: whoever sits at the machine."""

    LOCAL = "local"
    SCREEN = "screen"


ALLOWED: Final[Mapping[Role, frozenset[Action]]] = MappingProxyType(
    {Role.LOCAL: frozenset(Action), Role.SCREEN: frozenset({Action.VIEW_COVERAGE})}
)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who acts, by the name the audit trail shows."""

    name: str
    role: Role


LOCAL_ACTOR: Final = Actor("local", Role.LOCAL)


def may(actor: Actor, action: Action) -> bool:
    """Return whether an actor's role allows an action."""
    return action in ALLOWED[actor.role]
