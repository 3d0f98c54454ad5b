"""地址核对: a clerk settles doubtful addresses, one after the other, by mouse or by keys."""

import streamlit as st

from dashboard.kit.html_table import dress_data
from dashboard.kit.outcome import show_outcome
from dashboard.kit.widgets import show_heading, show_note
from dashboard.pages.addresses import actions
from dashboard.pages.addresses.card import (
    show_member,
    show_offers,
    show_progress,
    show_search,
    shown_on_map,
)
from dashboard.pages.addresses.map import show_candidates
from dashboard.streamlit.fragments import keep_language
from services.i18n import _


def main() -> None:
    """Draw the review; a decision runs only this again."""
    with st.spinner(_("Comparing the addresses …"), show_time=False):
        at = actions.queue()
    if at.current is None:
        show_empty()
        return
    left, right = st.columns([1, 1.35], gap="medium")
    with left, st.container(key="desk", gap="small"):
        show_progress(at)
        show_outcome(actions.PAGE, once=True)
        show_member(at.current)
        with st.container(key="offers", gap="small"):
            show_offers(at.current)
            found = show_search()
    with right, st.container(key="settle-map"):
        show_candidates(shown_on_map(at.current, found))


def show_empty() -> None:
    """Say that there is nothing to do, and what comes here."""
    with st.container(key="empty"):
        show_heading(_("No address is waiting to be settled"))
        show_note(_("Members without coordinates whose address fits no estate surely come here."))
        if actions.queue().decided:
            st.button(_("Undo the last one"), key="undo", shortcut="Z", on_click=actions.undo)


dress_data()
st.fragment(keep_language(main))()
