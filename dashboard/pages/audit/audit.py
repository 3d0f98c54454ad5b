"""审计: who did what and when; codes and counts only."""

from pathlib import Path

import streamlit as st

from dashboard import cache
from dashboard.frame.view_limits import show_limits_reached
from dashboard.kit.html_table import dress_data
from dashboard.kit.widgets import show_heading, show_note
from dashboard.pages.audit.chain import show_chain, show_faults
from dashboard.pages.audit.filters import ask
from dashboard.pages.audit.rows import show_rows
from services.clock import zone_note
from services.i18n import _


def main() -> None:
    """Draw the page: what is asked for, the rows, the check of the chain."""
    dress_data()
    st.html(Path(__file__).with_name("audit.css"))
    show_heading(
        _("Audit"),
        _("Who did what and when. Only numbers and codes stand here, no names of residents or telephone numbers."),
    )
    show_note(_(zone_note(cache.context().clock())))
    show_limits_reached()
    query = ask()
    show_faults()
    show_rows(query)
    show_chain()


main()
