"""The door to the store for whoever is at this page, and what of the zones lies in an area."""

from dataclasses import replace

from dashboard.streamlit import session
from services.catalog.actions import Action
from services.context import Context, RefusedError
from services.rules.areas import Area, Scope
from services.rules.roles import Actor, may


def context() -> Context:
    """Return the door to the store for whoever is at this page."""
    return replace(session.server(), actor=session.actor())


def acting(action: Action) -> Context:
    """Return the same for somebody whose role allows an action.

    What is kept was made for whoever asked first: every function of this package that hands out something kept asks
    here before it looks there, and has the area of whoever asks in the key.

    Raises
    ------
    RefusedError
        If it does not.
    """
    return replace(session.server(), actor=_allowed_actor(action))


def own_area(action: Action) -> Area:
    """Return of what whoever is at this page is in charge: part of the key of everything that shows figures.

    Raises
    ------
    RefusedError
        If their role does not allow an action.
    """
    return _allowed_actor(action).area


def _allowed_actor(action: Action) -> Actor:
    actor = session.actor()
    if not may(actor, action):
        raise RefusedError(action)
    return actor


def scope_of(area: Area) -> Scope:
    """Return what of the zones an area holds."""
    return session.server().within(area).scope(Action.VIEW_COVERAGE)
