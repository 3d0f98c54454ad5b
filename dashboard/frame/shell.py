"""The frame around every page: its name, the way to the other pages, and the choice of language."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import lru_cache, partial
from html import escape
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.navigation.page import Page

from dashboard import cache
from dashboard.kit.widgets import dress_page, end_page, plain, show_heading
from dashboard.live.live_reload import wait_for_store
from dashboard.streamlit import session, state
from services.catalog.actions import ROLE_NAMES, Action
from services.context import StoreError
from services.i18n import LANGUAGES, Text, _, current_language, text, use_language

LANGUAGE_NAMES: Final = {"zh": "中文", "en": "English"}

WAYS_OUT: Final = (
    ("/password", text("Change the password")),
    ("/second", text("Set a second factor")),
    ("/sessions", text("My sessions")),
    ("/sign-out", text("Sign out")),
)


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page in the navigation."""

    file: str
    title: Text
    path: str
    action: Action
    """What a role must allow for the page to be there."""


PAGES: Final = (
    PageEntry("situation/situation.py", text("Situation"), "situation", Action.VIEW_COVERAGE),
    PageEntry("planning/reinforce.py", text("Reinforce"), "reinforce", Action.PLAN),
    PageEntry("roster/roster.py", text("Duty roster"), "roster", Action.KEEP_ROSTER),
    PageEntry("handover/handover.py", text("Handover"), "handover", Action.VIEW_ROSTER),
    PageEntry("service/service.py", text("Service"), "service", Action.VIEW_CLAIMS),
    PageEntry("orders/orders.py", text("Orders"), "orders", Action.VIEW_ORDERS),
    PageEntry("packages/packages.py", text("Packages"), "packages", Action.VIEW_PACKAGES),
    PageEntry("matters/matters.py", text("Matters"), "matters", Action.VIEW_MATTERS),
    PageEntry("briefing/briefing.py", text("Briefing"), "briefing", Action.MAKE_BRIEFING),
    PageEntry("imports/data.py", text("Data"), "data", Action.IMPORT),
    PageEntry("people/people.py", text("Persons"), "people", Action.VIEW_PEOPLE),
    PageEntry("addresses/settle.py", text("Settle addresses"), "settle", Action.SETTLE_ADDRESS),
    PageEntry("audit/audit.py", text("Audit"), "audit", Action.VIEW_AUDIT),
    PageEntry("accounts/accounts.py", text("Accounts"), "accounts", Action.MANAGE_ACCOUNTS),
)
"""In the order of the navigation, the first being what opens. To add a page, add a line."""


def run(folder: Path) -> None:
    """Draw the frame and the page that was asked for."""
    with session.one_run():
        _run(folder)
        end_page()


def _run(folder: Path) -> None:
    st.set_page_config(page_title="网格集结 gridmuster", layout="wide", initial_sidebar_state="collapsed")
    view = state.read_view()
    use_language(view.lang or browser_language())
    dress_page()
    _show_brand()
    with st.container(horizontal=True, gap="small", key="headright"):
        _show_language("language")
        _show_account()
    there = [entry for entry in PAGES if session.can(entry.action)]
    if not there:
        st.info(_("Your role has no page of its own yet."))
        return
    page = _navigate(folder, there)
    try:
        page.run()
    except StoreError as error:
        wait_for_store(error)


def _navigate(folder: Path, there: list[PageEntry]) -> Page:
    """Show the way to the pages of the role and return the one that was asked for.

    The first opens at ``/``, where Streamlit gives it no path of its own; whoever asks for it by its path is sent
    there, with all that the address holds. Pages of other roles are known too, and say that they are.
    """
    home, by_path, *others = map(copy, _pages(folder, tuple(entry.path for entry in there), current_language()))
    page = st.navigation([home, *others, by_path], position="top")
    if page is by_path:
        st.switch_page(home, query_params=st.query_params.to_dict())
    return page


@lru_cache(maxsize=64)
def _pages(folder: Path, paths: tuple[str, ...], language: str) -> tuple[Page, ...]:
    """Return the first page of a role, the same by its path, the others; to be copied: a page notes that it has run."""
    del language  # it is part of the key
    first, *others = (entry for entry in PAGES if entry.path in paths)
    home = st.Page(folder / first.file, title=_(first.title), url_path="", default=True)
    shown = [st.Page(folder / entry.file, title=_(entry.title), url_path=entry.path) for entry in others]
    by_path = _hidden(first, partial(_say_not_given, first, home))
    refused = [_hidden(entry, partial(_say_not_given, entry, home)) for entry in PAGES if entry.path not in paths]
    return (home, by_path, *shown, *refused)


def _hidden(entry: PageEntry, show: Callable[[], None]) -> Page:
    return st.Page(show, title=_(entry.title), url_path=entry.path, visibility="hidden")


def _say_not_given(entry: PageEntry, home: Page) -> None:
    """Say that a page belongs to other roles, and where to go on."""
    with st.container(key="empty"):
        role = _(ROLE_NAMES[session.actor().role])
        show_heading(_("“{page}” is not for the role {role}", page=_(entry.title), role=role))
        st.markdown(plain(_("Ask the administrator if you need it, or act in another role you hold (upper right).")))
        st.page_link(home, label=plain(_("Go to “{page}”", page=home.title)))


def browser_language() -> str:
    """Return the language the browser asks for, Chinese where it says nothing we know."""
    asked = (st.context.locale or "").lower()
    return "en" if asked and not asked.startswith("zh") else "zh"


def _show_brand() -> None:
    with st.container(key="brand"):
        st.html("<b>网格集结</b><span>gridmuster</span>")


def _show_language(key: str) -> None:
    """Show the choice of language; which of the two is in sight, the style sheet says by the width of the window."""
    state.preset(key, current_language())
    st.segmented_control(
        _("Language"),
        LANGUAGES,
        key=key,
        required=True,
        format_func=LANGUAGE_NAMES.__getitem__,
        label_visibility="collapsed",
        on_change=_change_language,
        args=(key,),
    )


def _show_account() -> None:
    """Show who is signed in and as what; the way out is a plain link, since the cookie is the door's."""
    who = session.signed_in()
    if who is None or who.grant is None:
        return
    names = cache.area_names(grant.area for grant in who.account.grants)
    parts = [_(ROLE_NAMES[who.grant.role]), *([names[who.grant.area]] if who.grant.area.layer else [])]
    own = _("In charge of {area}", area=names[who.grant.area])
    name = f"<b>{escape(who.account.display_name)}</b> <span>{escape(who.account.name)}</span><br>"
    name += f"<span>{escape(own)}</span>"
    others = [grant for grant in who.account.grants if grant.id != who.grant.id]
    with st.popover(plain(" · ".join(parts)), key="account"):
        st.html(name)
        _show_language("language-narrow")
        for grant in others:
            label = _("Act as {role} · {area}", role=_(ROLE_NAMES[grant.role]), area=names[grant.area])
            st.button(plain(label), key=f"role-{grant.id}", on_click=_switch_role, args=(grant.id,))
        st.html(_ways_out())


def _ways_out() -> str:
    return "".join(f'<a href="{way}" target="_self">{escape(_(name))}</a>' for way, name in WAYS_OUT)


def _switch_role(grant_id: int) -> None:
    """Act in another role; what was read, chosen or begun in the one before stays behind."""
    session.switch_role(grant_id)
    state.begin_anew()


def _change_language(key: str) -> None:
    state.change_view(lang=state.widget_value(key))
