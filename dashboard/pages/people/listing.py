"""The list of people, masked, with its search."""

from typing import Final

import pandas as pd
import streamlit as st

from dashboard.kit.frames import show_frame
from dashboard.kit.widgets import show_heading, show_note
from dashboard.pages.people import actions
from dashboard.pages.people.actions import PlaceNames
from dashboard.streamlit import state
from services.i18n import _, text
from services.people import AT_ONCE, PersonPage
from services.wording import number

_TABLE: Final = "people-table"
_HEADERS: Final = (
    text("Code"),
    text("Full name"),
    text("Phone"),
    text("Home"),
    text("Community"),
    text("Grid"),
    text("Unit organisation"),
)


def show_search(names: PlaceNames) -> None:
    """Show the field to search by and the community to search in."""
    with st.container(horizontal=True, key="people-search-bar", vertical_alignment="bottom"):
        st.text_input(
            _("Look for"),
            key=actions.SEARCH,
            max_chars=60,
            placeholder=_("Code, whole telephone number, or part of a name"),
            on_change=actions.search,
        )
        st.selectbox(
            _("Registered with"),
            ["", *names.communities],
            key=actions.COMMUNITY,
            format_func=lambda code: names.communities.get(code, _("Every community")),
            on_change=actions.search,
        )


def show_list(page: PersonPage, names: PlaceNames) -> None:
    """Show a page of people; choosing a row shows the card."""
    show_heading(_("{count} persons", count=number(page.count)), _("Names, telephones and homes are masked"))
    if not page.people:
        show_note(_("Nobody of your area is called so or has this code or number."))
        return
    key = f"{_TABLE}-{actions.page()}"
    show_frame(
        rows_of(page, names),
        key=key,
        height=min(36 * (len(page.people) + 1), 620),
        on_select=lambda: _choose(key, page),
        selection_mode="single-row",
    )
    _show_pages(page.count)


def rows_of(page: PersonPage, names: PlaceNames) -> pd.DataFrame:
    """Return people as the list shows them."""
    rows = [
        (
            person.code,
            person.name,
            person.phone,
            person.address,
            names.communities.get(person.community_code, person.community_code),
            names.grids.get(person.grid_code, person.grid_code),
            names.units.get(person.unit_code, person.unit_code),
        )
        for person in page.people
    ]
    return pd.DataFrame(rows, columns=[_(header) for header in _HEADERS])


def _choose(key: str, found: PersonPage) -> None:
    rows = state.widget_value(key)["selection"]["rows"]
    actions.choose(found.people[rows[0]].code if rows else None)


def _show_pages(count: int) -> None:
    last, at = max(count - 1, 0) // AT_ONCE, actions.page()
    if not last:
        return
    with st.container(horizontal=True, key="people-pages", vertical_alignment="center"):
        st.button(_("Previous page"), key="people-back", on_click=actions.turn, args=(at - 1,), disabled=at == 0)
        st.caption(_("Page {page} of {pages}", page=at + 1, pages=last + 1))
        st.button(_("Next page"), key="people-on", on_click=actions.turn, args=(at + 1,), disabled=at >= last)
