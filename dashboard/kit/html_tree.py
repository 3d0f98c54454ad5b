"""A part of a page with many things to choose from as one element: twenty buttons of Streamlit are most of a run.

It is a tree of plain parts that the browser builds as text, never as markup. What is chosen comes back as a word.
"""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import streamlit as st

from dashboard.streamlit import state

Part = str | list[Any]
"""Text, or tag, class, parts inside, and what else there is to it: ``choose enter label hint list columns pressed``,
``width height drag drop``.

``enter`` is the word that the Enter key tells in place of ``choose``; a ``list`` is one stop of the Tab key, its arrows
go in so many ``columns``. What has ``drag`` can be dragged onto what has ``drop``, of this panel or another, and tells
``drop:drag>drop`` then."""
_SCRIPT: Final = Path(__file__).with_suffix(".js")


def part(tag: str, style: str, *inside: Part, **more: str) -> Part:
    """Return a part with others inside."""
    return [tag, style, list(inside), more] if more else [tag, style, list(inside)]


def choice(style: str, word: str, *inside: Part, **more: str) -> Part:
    """Return a button; pressed, it tells the word."""
    return part("button", style, *inside, choose=word, **more)


def show_panel(key: str, parts: Sequence[Part], on_choose: Callable[[str], None], *, is_live: bool = False) -> None:
    """Show a panel; ``on_choose`` is given the word of the button that was pressed, once for each time it was pressed.

    A press comes with a number of its own, which the browser tells again when a connection that was gone is back.

    Parameters
    ----------
    is_live
        Whether whoever listens to the page is told when it changes.
    """
    taken = f"{key}-taken"

    def take() -> None:
        number, _bar, word = str(getattr(state.widget_value(key), "chosen", None) or "").partition("|")
        if word and number != state.saved_value(taken):
            state.keep(taken, number)
            on_choose(word)

    data = {"parts": list(parts), "taken": str(state.saved_value(taken) or ""), "live": is_live}
    _component()(key=key, data=data, on_chosen_change=take)


@cache
def _component() -> Any:
    script = _SCRIPT.read_text(encoding="utf-8")
    return st.components.v2.component("gm_panel", html="<div></div>", js=script, isolate_styles=False)
