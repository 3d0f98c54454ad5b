"""服务: who takes care of which buildings (责任区)."""

from pathlib import Path

import streamlit as st

from dashboard import cache
from dashboard.frame.toolbar import is_ready
from dashboard.kit.community_choice import show_community_choice
from dashboard.kit.outcome import show_outcome
from dashboard.kit.pager import show_pages, to_first_page
from dashboard.kit.widgets import show_heading, show_note
from dashboard.live.live_reload import version_shown, watch_changes
from dashboard.pages.service import actions
from dashboard.pages.service.areas import ALL, STATES, show_claim_figures, show_places
from dashboard.pages.service.dialogs import show_question
from dashboard.pages.service.map import show_claims_map
from dashboard.streamlit import session
from services.catalog.actions import Action
from services.claims import ClaimOverview
from services.i18n import _

STYLE = Path(__file__).with_name("service.css")
_MOST_OFFERED = 1000
"""Estates to choose from in one list."""


def main() -> None:
    """Draw the page."""
    shown = version_shown()
    if not is_ready(STYLE):
        return
    whole = cache.claim_overview()
    may_keep = session.can(Action.KEEP_CLAIMS)
    with st.container(horizontal=True, key="service-bar", vertical_alignment="center"):
        show_heading(_("Responsibility areas"), _("Who takes care of which blocks"))
        community = show_community_choice(whole.communities, key=actions.COMMUNITY, on_choose=actions.forget_place)
        overview = whole.within(community)
        if may_keep:
            _show_new_button(is_ready=len(overview.places) <= _MOST_OFFERED)
    show_outcome(actions.NAME)
    show_claim_figures(overview)
    with st.container(key="service-columns"):
        left, right = st.columns([3, 2], gap="medium")
        with left:
            _show_list(overview, may_end=may_keep)
        with right:
            show_claims_map(whole, community)
    if may_keep:
        show_question(overview)
    watch_changes(shown)


def _show_new_button(*, is_ready: bool) -> None:
    """Show what asks for a new claim; where there are very many estates, those of one community are offered."""
    st.button(
        _("Claim…"),
        key="service-claim",
        type="primary",
        on_click=actions.open_new,
        disabled=not is_ready,
        help=None if is_ready else _("Choose a community first."),
    )


def _show_list(overview: ClaimOverview, *, may_end: bool) -> None:
    """Show the estates that are asked for, a page of them."""
    chosen = st.segmented_control(
        _("Which estates"),
        list(STATES),
        key=actions.STATE,
        default=ALL,
        required=True,
        format_func=lambda each: _(STATES[each][0]),
        label_visibility="collapsed",
        on_change=lambda: to_first_page(actions.NAME),
    )
    is_asked = STATES[str(chosen or ALL)][1]
    at = actions.chosen_place()
    asked = [place for place in overview.places if is_asked(place) or actions.is_inside(place, at)]
    is_first = at is not None and at.is_from_map
    places = sorted(asked, key=lambda place: is_first and not actions.is_inside(place, at))
    if places:
        show_places(overview, [place for _number, place in show_pages(actions.NAME, places)], may_end=may_end)
    else:
        show_note(_("There is no such estate here."))


main()
