"""The door to the store for whoever is at this page, and the server's own, limited to an area."""

from dataclasses import replace
from typing import Final

from dashboard import session
from services.context import Context
from services.rules.areas import EVERYWHERE, Scope, parse_area
from services.rules.roles import Action

ALL: Final = str(EVERYWHERE)


def context() -> Context:
    """Return the door to the store for whoever is at this page; what is shared is made by ``session.server``."""
    return replace(session.server(), actor=session.actor())


def own_area() -> str:
    """Return of what whoever is at this page is in charge: part of the key of everything that shows figures."""
    return str(session.actor().area)


def office_of(area: str) -> Context:
    """Return the server's own context, limited to an area."""
    return session.server().within(parse_area(area))


def scope_of(area: str) -> Scope:
    """Return what of the zones an area holds."""
    return office_of(area).scope(Action.VIEW_COVERAGE)
