"""Pieces of a page that Streamlit draws again on their own, dialogs and fragments, in the language of their page."""

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

import streamlit as st

from services.i18n import current_language, use_language

_EVERY_S: Final = 0.5
_P = ParamSpec("_P")
_T = TypeVar("_T")


def keep_language(draw: Callable[_P, _T]) -> Callable[_P, _T]:
    """Return what draws a piece in the language of now, also when it is called later, without the frame that sets it.

    To be used where the piece is drawn, not as a decorator: ``st.dialog(title)(keep_language(body))(...)``.
    """
    language = current_language()

    @wraps(draw)
    def drawn(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        use_language(language)
        return draw(*args, **kwargs)

    return drawn


def show_at_work(draw: Callable[_P, object], *args: _P.args, **kwargs: _P.kwargs) -> None:
    """Show what goes on by itself, as how far some work is, drawn again twice a second."""
    st.fragment(run_every=_EVERY_S)(keep_language(draw))(*args, **kwargs)
