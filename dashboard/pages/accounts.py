"""帐号: who may sign in and as what; for administrators, who see no personal data."""

import streamlit as st

from dashboard.accounts import desk
from dashboard.accounts.card import show_card
from dashboard.accounts.listing import show_list, show_new
from dashboard.looks import show_limits_reached
from dashboard.widgets import plain, show_heading, show_note
from services.i18n import _


def main() -> None:
    """Draw the list and the card of the account that is chosen."""
    found = desk.everyone()
    names = desk.names_of(found)
    left, right = st.columns([1.7, 1], gap="large")
    with left:
        for key, show in ((desk.FAULT, st.error), (desk.DONE, st.success)):
            if words := desk.take_said(key):
                show(plain(words))
        show_limits_reached()
        show_list(found, names)
        show_new()
    with right, st.container(key="accounts-card", gap="small"):
        account = desk.chosen(found)
        if account is None:
            show_heading(_("No account is chosen"))
            show_note(_("Choose a row to give or take roles, set a new password, or disable the account."))
        else:
            show_card(account, names)


main()
