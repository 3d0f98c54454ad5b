"""人员: one person's data, found, shown in clear with a log, corrected, exported, erased."""

import streamlit as st

from dashboard.kit.outcome import show_outcome
from dashboard.kit.widgets import show_heading, show_note
from dashboard.pages.people import actions
from dashboard.pages.people.card import show_card
from dashboard.pages.people.listing import show_list, show_search
from services.i18n import _


def main() -> None:
    """Draw the list and the card of whoever is chosen."""
    names = actions.names()
    left, right = st.columns([1.7, 1], gap="large")
    with left:
        show_search(names)
        show_list(actions.search_page(), names)
    with right, st.container(key="people-card", gap="small"):
        show_outcome(actions.NAME)
        person = actions.selected_person()
        if person is None:
            show_heading(_("Nobody is chosen"))
            show_note(_("Choose a row to see, correct, export or erase the data of one person."))
        else:
            show_card(person, names)


main()
