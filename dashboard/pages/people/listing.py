"""The list of people, masked, with its search."""

from typing import Final

import pandas as pd
import streamlit as st

from dashboard.kit.frames import frame_height, show_choices
from dashboard.kit.pager import show_pager
from dashboard.kit.widgets import show_heading, show_note
from dashboard.pages.people import actions
from dashboard.pages.people.actions import PlaceNames
from services.i18n import _, text
from services.people import AT_ONCE, PersonPage
from services.wording import number

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
    rows = rows_of(page, names)
    show_choices(rows, key=f"people-{hash(tuple(rows.index))}", height=frame_height(rows), on_choose=actions.choose)
    show_pager(actions.NAME, page.count, AT_ONCE, on_turn=lambda: actions.choose(None))


def rows_of(page: PersonPage, names: PlaceNames) -> pd.DataFrame:
    """Return people as the list shows them, by code."""
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
    codes = [person.code for person in page.people]
    return pd.DataFrame(rows, index=codes, columns=[_(header) for header in _HEADERS])
