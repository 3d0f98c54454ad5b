"""A change that no use case of the program makes, for what a test finds there."""

from contextlib import AbstractContextManager

from services.catalog.actions import Action
from services.context import Context, Work


def act(context: Context, action: Action, target: str = "") -> AbstractContextManager[Work]:
    """Give a transaction with its audit row, as a use case gets it."""
    return context._act(action, target)
