"""Now, tonight, tomorrow morning and the weekend side by side: where it will be short, without a click."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.cache import Prospect
from dashboard.kit.html_tree import Part, choice, part, show_panel
from dashboard.streamlit import state
from geo.schema import Layer
from services.i18n import _
from services.rules.rounding import shown_text
from services.rules.windows import WINDOW_NAMES, Mode, Window
from services.wording import day_name, number, percent

_STYLE: Final = Path(__file__).with_suffix(".css")


def show_outlook(mode: Mode, window: Window, now: datetime, level: Layer | None, code: str) -> None:
    """Show the windows that have a name, each with its figures; a click makes it the window."""
    st.html(_STYLE)
    cells = [_cell(each, is_chosen=each.window == window) for each in cache.outlook(mode, now, level, code)]
    show_panel("outlook", [part("div", "gm-outlook", *cells)], _choose)


def hours_words(window: Window) -> str:
    """Return the hours of a window with a name, as short as can be: ``20:00–24:00``, ``周六–周日``."""
    last = window.end - timedelta(minutes=1)
    if last.date() != window.start.date():
        return f"{day_name(window.start)}–{day_name(last)}"
    until = "24:00" if window.end.date() != last.date() else f"{window.end:%H:%M}"
    return f"{window.start:%H:%M}–{until}"


def _cell(prospect: Prospect, *, is_chosen: bool) -> Part:
    figures, hours = prospect.figures, hours_words(prospect.window)
    missing = figures.missing.value
    return choice(
        "",
        prospect.name.value,
        part("span", "", part("b", "", _(WINDOW_NAMES[prospect.name])), part("small", "", hours)),
        part("b", "gm-met", percent(figures.met.value)),
        part(
            "span",
            "gm-told",
            part("span", "", _("{count} weak", count=number(figures.weak.value))),
            part(
                "span",
                "gm-bad" if missing else "",
                _("{number} missing", number=shown_text(missing)) if missing else _("nobody missing"),
            ),
        ),
        pressed="true" if is_chosen else "false",
    )


def _choose(name: str) -> None:
    state.change_view(window=name)
