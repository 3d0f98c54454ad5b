"""帐号: who may sign in and as what; for administrators, who see no personal data."""

import streamlit as st

from dashboard import cache
from dashboard.frame.view_limits import show_limits_reached
from dashboard.kit.outcome import show_outcome
from dashboard.kit.widgets import show_heading, show_note
from dashboard.pages.accounts import actions
from dashboard.pages.accounts.card import show_card
from dashboard.pages.accounts.listing import show_list, show_new
from services.accounts import list_accounts
from services.i18n import _


def main() -> None:
    """Draw the list and the card of the account that is chosen."""
    found = list_accounts(cache.context())
    names = actions.names_of(found)
    left, right = st.columns([1.7, 1], gap="large")
    with left:
        show_outcome(actions.PAGE, once=True)
        show_limits_reached()
        show_list(found, names)
        show_new()
    with right, st.container(key="accounts-card", gap="small"):
        account = actions.selected_account(found)
        if account is None:
            show_heading(_("No account is chosen"))
            show_note(_("Choose a row to give or take roles, set a new password, or disable the account."))
        else:
            show_card(account, names)


main()
