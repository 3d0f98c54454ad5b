"""What came of the last thing done on a page: tried, then told, a refusal as a sentence and never as a fault."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from dashboard.kit.widgets import plain
from dashboard.streamlit import state
from services.errors import ServiceError
from services.i18n import Text, _


@contextmanager
def attempt(page: str) -> Iterator[Callable[[Text], None]]:
    """Do for a page what follows, and keep why it could not be done for ``show_outcome``; the rest is left out then.

    For callbacks, which are given what keeps a message of success; what a run does itself belongs into
    ``show_refusal``.
    """
    forget_outcome(page)
    try:
        yield lambda message: state.keep(_message(page), message)
    except ServiceError as error:
        keep_refusal(page, error)


def keep_refusal(page: str, error: ServiceError) -> None:
    """Keep for ``show_outcome`` why something could not be done."""
    state.keep(_refusal(page), error.text)


def show_outcome(page: str, *, once: bool = False) -> None:
    """Tell what came of the last thing done; with ``once`` it is not told again: it may be a password."""
    for key, show in ((_refusal(page), st.error), (_message(page), st.success)):
        message: Text | None = state.saved_value(key)
        if message is not None:
            show(plain(_(message)))
    if once:
        forget_outcome(page)


def forget_outcome(page: str) -> None:
    """Tell nothing any more of what was done before."""
    state.forget(_refusal(page), _message(page))


@contextmanager
def show_refusal() -> Iterator[None]:
    """Show in place why what follows is refused; the rest of it is left out then."""
    try:
        yield
    except ServiceError as error:
        st.error(plain(_(error.text)))


def _refusal(page: str) -> str:
    return f"{page}-refusal"


def _message(page: str) -> str:
    return f"{page}-message"
