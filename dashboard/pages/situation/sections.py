"""What opens below the map on demand: the table, how it is computed, the files to take away."""

from typing import Final

import streamlit as st

from dashboard.cache import CoverageView
from dashboard.frame.downloads import show_downloads
from dashboard.kit.widgets import bring_into_view, show_heading, show_note
from dashboard.pages.situation.method import show_method
from dashboard.pages.situation.zone_table import choose_level, show_table
from dashboard.streamlit import session, state
from dashboard.streamlit.state import View
from geo.schema import Layer
from services.catalog.actions import Action
from services.i18n import _, text
from services.rules.windows import Mode, Window

SECTIONS: Final = {
    "table": text("Table"),
    "method": text("How it is computed"),
    "downloads": text("Downloads"),
}
_KEY: Final = "section"


def show_section_switch() -> str | None:
    """Show the ways to what opens below the map, where they are in sight; return what was opened, of ``SECTIONS``."""
    return st.segmented_control(
        _("More"),
        [name for name in SECTIONS if name != "downloads" or session.can(Action.EXPORT)],
        key=_KEY,
        format_func=lambda name: _(SECTIONS[name]),
        label_visibility="collapsed",
    )


def open_table(level: Layer) -> None:
    """Open the table at a level."""
    choose_level(level)
    state.preset(_KEY, "table")


def show_section(section: str, view: View, coverage_view: CoverageView, mode: Mode, window: Window) -> None:
    """Show one of ``SECTIONS`` and scroll to it; only that is made."""
    with st.container(key="sections"):
        with st.container(horizontal=True, key="section-head", vertical_alignment="center"):
            show_heading(_(SECTIONS[section]))
            st.button(_("Close"), key="section-close", type="tertiary", on_click=state.preset, args=(_KEY, None))
        _show(section, view, coverage_view, mode, window)
    bring_into_view("sections", section)


def _show(section: str, view: View, picture: CoverageView, mode: Mode, window: Window) -> None:
    match section:
        case "table":
            show_table(view, picture)
        case "method":
            show_method(mode, window)
        case "downloads":
            show_downloads(view, mode, window)
            if view.presence:
                show_note(_("The files count people as sent, by every order, and tell how many of them are there."))
