"""What the clerk sees of one member, and the estates to choose from."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

import streamlit as st

from dashboard.kit.widgets import plain, show_heading, show_note
from dashboard.pages.addresses import actions
from dashboard.pages.addresses.queue import Queue, chosen_by_key, find_estates, place_words
from services.i18n import _
from services.manual_assignment import Doubt
from services.rules.address import Candidate
from services.rules.people import mask_name
from services.wording import number

LETTERS: Final = "ABCDE"
"""Signs of what was searched for, on its buttons and on the map."""


def show_progress(at: Queue) -> None:
    """Show how many are left and how many are done."""
    settled = _("{count} settled in this session", count=number(at.assigned_count)) if at.assigned_count else ""
    show_heading(_("{count} persons left", count=number(len(at.waiting))), settled)


def show_member(doubt: Doubt) -> None:
    """Show what is known of the member: the name masked, the address as it was given."""
    communities = actions.frames()[2]["name"]
    community = str(communities.get(doubt.community_code, ""))
    where = _("registered with {community}", community=community) if community else ""
    st.html(
        f'<div class="gm-doubt"><span>{escape(mask_name(doubt.name))}　{escape(where)}</span>'
        f"<b>{escape(doubt.address)}</b></div>"
    )


def show_offers(doubt: Doubt) -> None:
    """Show the best candidates as buttons; the keys 1, 2, 3 choose."""
    if not doubt.candidates:
        show_note(_("No estate has a name like this. Search for it below, or put it off."))
    for key, candidate in chosen_by_key(doubt.candidates).items():
        label = f"**{plain(candidate.name)}** `{100 * candidate.score:.0f}%`  \n"
        label += plain(place_words(candidate.code, *actions.frames()))
        st.button(
            label,
            key=f"offer-{key}",
            width="stretch",
            shortcut=key,
            on_click=actions.choose,
            args=(candidate.code,),
            wrap=True,
        )
    with st.container(horizontal=True, key="settle-other"):
        st.button(_("None of these, later"), key="put-off", shortcut="0", on_click=actions.put_off)
        decided = actions.queue().decided
        st.button(_("Undo the last one"), key="undo", shortcut="Z", on_click=actions.undo, disabled=not decided)


def show_search() -> list[Candidate]:
    """Show the search by name and what it finds; returns what was found."""
    wanted = st.text_input(
        _("Search for the estate by name"), key=actions.SEARCH, placeholder=_("part of the name is enough, then Enter")
    )
    if not wanted:
        return []
    found = find_estates(actions.frames()[0]["name"], wanted)
    if not found:
        show_note(_("No estate has a name like “{name}”.", name=wanted))
    for letter, candidate in zip(LETTERS, found, strict=False):
        label = f"**{letter}　{plain(candidate.name)}**  \n{plain(place_words(candidate.code, *actions.frames()))}"
        st.button(
            label, key=f"found-{letter}", width="stretch", on_click=actions.choose, args=(candidate.code,), wrap=True
        )
    return found


def shown_on_map(doubt: Doubt, candidates: Sequence[Candidate]) -> Mapping[str, Candidate]:
    """Return what the map shows, by its sign: what was searched for, else what is offered."""
    return dict(zip(LETTERS, candidates, strict=False)) or chosen_by_key(doubt.candidates)
