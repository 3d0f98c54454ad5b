"""One account: its roles, and what can be done with it."""

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from dashboard.frame.use_case_button import show_use_case
from dashboard.kit.name_choice import show_name_choice
from dashboard.kit.widgets import plain, show_facts, show_heading, show_note
from dashboard.kit.words import LEVEL_NAMES, tell_apart
from dashboard.pages.accounts import actions
from dashboard.pages.accounts.listing import state_of
from dashboard.streamlit import state
from geo.schema import Layer
from services import accounts
from services.accounts import Account
from services.catalog.actions import ROLE_NAMES, Role
from services.i18n import _, text
from services.rules.areas import Area
from services.use_cases import UseCase

_GIVEN: Final = tuple(role for role in Role if role is not Role.LOCAL)


def show_card(account: Account, names: Mapping[Area, str]) -> None:
    """Show an account and what may be done with it."""
    show_heading(account.display_name, _("demo") if account.is_demo else "")
    second = _("set") if account.has_totp else _("not set")
    show_facts(
        [(_("Account"), account.name), (_("Condition"), _(state_of(account))), (_("Second factor"), second)]
        + ([(_("Outside identity"), account.oidc_subject)] if account.oidc_subject else [])
    )
    _show_roles(account, names)
    with st.expander(_("Give a role"), key=f"accounts-give-{account.name}", expanded=not account.grants):
        _show_grant(account)
    with st.expander(_("Link to the office's sign-in"), key=f"accounts-link-{account.name}"):
        st.text_input(_("Outside identity"), key=actions.SUBJECT, max_chars=128)
        st.button(_("Save"), key="accounts-link-save", on_click=actions.link, args=(account.name,))
    _show_buttons(account)


def _show_roles(account: Account, names: Mapping[Area, str]) -> None:
    if not account.grants:
        show_note(_("This account holds no role yet and sees nothing."))
    for grant in account.grants:
        with st.container(horizontal=True, vertical_alignment="center", key=f"accounts-held-{grant.id}"):
            st.markdown(plain(f"{_(ROLE_NAMES[grant.role])} · {names[grant.area]}"))
            label = _("Take away")
            st.button(label, key=f"accounts-take-{grant.id}", on_click=actions.revoke, args=(account.name, grant.id))


def _show_grant(account: Account) -> None:
    """Show the pickers: a role, then an area by its name."""
    offered = actions.areas()
    st.selectbox(
        _("Role"),
        _GIVEN,
        key=actions.ROLE,
        format_func=lambda role: _(ROLE_NAMES[Role(role)]),
        on_change=_suggest_layer,
    )
    kinds = [*(layer.value for layer in offered), actions.EVERYTHING]
    if state.widget_value(actions.LAYER) not in kinds:
        state.preset(actions.LAYER, None)
    names = {kind: _kind(kind) for kind in kinds}
    kind = show_name_choice(_("For"), names, key=actions.LAYER, placeholder=_("Choose"))
    if kind and kind != actions.EVERYTHING:
        places = tell_apart(offered[Layer(kind)])
        show_name_choice(_("Which one"), places, key=f"{actions.PLACE}-{kind}", placeholder=_("Choose"))
    st.button(_("Give the role"), key="accounts-give", on_click=actions.grant, args=(account.name,), type="primary")


def _suggest_layer() -> None:
    """Preset for what the role is mostly held."""
    role = state.widget_value(actions.ROLE)
    layer = actions.USUAL_LAYER.get(Role(role)) if role is not None else None
    there = layer is not None and layer in actions.areas()
    state.preset(actions.LAYER, layer.value if layer is not None and there else None)


def _kind(layer: str) -> str:
    if layer == actions.EVERYTHING:
        return _("everything")
    return _(LEVEL_NAMES[Layer(layer)]) if Layer(layer) in LEVEL_NAMES else _(text("Unit organisation"))


def _show_buttons(account: Account) -> None:
    cases: tuple[UseCase[..., Any], ...] = (
        accounts.end_sessions,
        *([accounts.remove_totp] if account.has_totp else []),
        accounts.enable_account if account.is_disabled else accounts.disable_account,
    )
    with st.container(horizontal=True, key="accounts-buttons"):
        st.button(_("New first password"), key="accounts-reset", on_click=actions.reset, args=(account.name,))
        for case in cases:
            show_use_case(case, actions.PAGE, {"name": account.name})
