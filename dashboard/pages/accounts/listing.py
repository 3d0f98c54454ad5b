"""The list of accounts, and the form for a new one."""

from collections.abc import Mapping
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.kit.frames import frame_height, show_choices
from dashboard.kit.widgets import show_heading
from dashboard.pages.accounts import actions
from services.accounts import Account
from services.catalog.actions import ROLE_NAMES
from services.i18n import Text, _, text
from services.rules.areas import Area

_HEADERS: Final = (text("Account"), text("Name"), text("Roles"), text("Condition"))


def show_list(accounts: list[Account], names: Mapping[Area, str]) -> None:
    """Show every account; choosing a row shows its card."""
    show_heading(
        _("{count} accounts", count=len(accounts)), _("An account is never deleted: the audit trail names it.")
    )
    rows = rows_of(accounts, names)
    show_choices(
        rows,
        key=f"accounts-{hash(tuple(rows.index))}",
        height=frame_height(rows),
        on_choose=actions.choose,
        column_config={
            _(text("Roles")): st.column_config.TextColumn(width="large"),
            _(text("Condition")): st.column_config.TextColumn(width="small"),
        },
    )


def rows_of(accounts: list[Account], names: Mapping[Area, str]) -> pd.DataFrame:
    """Return accounts as the list shows them, by name."""
    rows = [
        (account.name, account.display_name, "；".join(roles_of(account, names)) or "—", _(state_of(account)))
        for account in accounts
    ]
    return pd.DataFrame(rows, index=[account.name for account in accounts], columns=[_(header) for header in _HEADERS])


def roles_of(account: Account, names: Mapping[Area, str]) -> list[str]:
    """Return the roles of an account, each with the name of its area."""
    return [f"{_(ROLE_NAMES[grant.role])} · {names[grant.area]}" for grant in account.grants]


def state_of(account: Account) -> Text:
    """Return in a word whether an account can be used."""
    if account.is_disabled:
        return text("disabled")
    if account.is_demo:
        return text("demo")
    return text("must change the password") if account.must_change else text("may sign in")


def show_new() -> None:
    """Show the form for a new account."""
    with (
        st.expander(_("New account"), key="accounts-new"),
        st.form("accounts-new-form", border=False, clear_on_submit=True),
    ):
        left, right = st.columns(2)
        left.text_input(_("Account"), key=actions.NEW_NAME, max_chars=32, placeholder="zhang.dj")
        right.text_input(_("Name shown"), key=actions.NEW_CALLED, max_chars=40)
        st.form_submit_button(_("Make the account"), on_click=actions.create, type="primary")
