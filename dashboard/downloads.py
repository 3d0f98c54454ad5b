"""Files to take away. Export makers are asked for when a button is drawn, and run only when the file is fetched."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard.routes import issue_download
from dashboard.state import View
from services.i18n import Text, _
from services.rules.windows import Mode, Window


@dataclass(frozen=True, slots=True)
class Export:
    """A kind of file: what its button says, its name without folder, its media type, and what makes it."""

    label: Text
    name: str
    media_type: str
    make: Callable[[View, Mode, Window], bytes]


EXPORTS: tuple[Export, ...] = ()
"""To add a file, add an ``Export``; its maker gets what the page shows."""


def show_downloads(view: View, mode: Mode, window: Window) -> None:
    """Show a button for each file; its address works once."""
    with st.container(horizontal=True, key="downloads"):
        for export in EXPORTS:
            address = issue_download(
                export.name, export.media_type, lambda maker=export.make: maker(view, mode, window)
            )
            st.link_button(_(export.label), address)
