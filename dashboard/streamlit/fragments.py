"""Pieces of a page that Streamlit draws again on their own, dialogs and fragments, in the language of their page."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from services.i18n import current_language, use_language

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
