"""调度: drag teams onto weak grids, let a plan be proposed, send the orders."""

from pathlib import Path
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.frame.toolbar import is_ready, read_mode, read_window, show_mode_switch, show_window_picker
from dashboard.kit.widgets import bring_into_view, plain
from dashboard.live.live_reload import version_shown, watch_changes
from dashboard.pages.planning import page_state
from dashboard.pages.planning.map import show_planning_map
from dashboard.pages.planning.move_form import show_form, team_in_part
from dashboard.pages.planning.moves import show_moves
from dashboard.pages.planning.orders import show_orders
from dashboard.pages.planning.page_state import PlanningView
from dashboard.pages.planning.plan_comparison import show_comparison
from dashboard.pages.planning.plan_toolbar import show_plan_bar
from dashboard.pages.planning.proposal import proposed_moves, show_proposal
from dashboard.pages.planning.question_dialog import show_question
from dashboard.pages.planning.recruitment_calls import show_calls
from dashboard.pages.planning.sending import show_sending
from dashboard.pages.planning.team_form import show_forming
from dashboard.pages.planning.travel_times import show_walking
from dashboard.pages.planning.worklist import show_worklist
from dashboard.streamlit import session, state
from dashboard.streamlit.stale_cache import one_look
from dashboard.streamlit.state import View
from services.catalog.actions import Action
from services.i18n import _, text
from services.modes import Declaration

SECTIONS = {
    "compare": text("Compare two plans"),
    "calls": text("Calls for volunteers"),
    "forming": text("Form a team"),
}
_SECTION: Final = "reinforce-section"
STYLE = Path(__file__).with_name("planning.css")


def main() -> None:
    """Draw the page."""
    if not is_ready(STYLE):
        return
    shown, view, declared = version_shown(), state.read_view(), cache.declared_mode()
    mode = read_mode(view, declared)
    window = read_window(view)
    planning_view = page_state.open_view(mode, window)
    if show_walking(planning_view):
        return
    if page_state.take_map(cache.planning_map().key, planning_view):
        planning_view = page_state.open_view(mode, window)
    with one_look():
        show_planning(view, declared, planning_view)
    show_sections(planning_view)
    show_question(planning_view)
    watch_changes(shown)


def show_planning(view: View, declaration: Declaration, planning_view: PlanningView) -> None:
    """Show the tools, the map, and what stands beside it."""
    # The map is told first: whoever has dropped a team waits for it.
    toolbar = st.container(horizontal=True, key="toolbar", vertical_alignment="center")
    left, right = st.columns([1.9 if _is_comparing() else 2.9, 1], gap="small")
    with left, st.container(key="planmap"):
        show_planning_map(view, planning_view, proposed_moves(planning_view), team_in_part(planning_view.snapshot))
    with toolbar:
        show_plan_bar(planning_view)
        show_window_picker(view, planning_view.window)
        show_mode_switch(declaration, planning_view.mode)
    with right, st.container(key="planside"):
        show_side(view, planning_view)


def show_side(view: View, planning_view: PlanningView) -> None:
    """Show what stands beside the map."""
    if _is_comparing():
        show_comparison(planning_view)
        bring_into_view("comparison", "compare")
    notice = page_state.notice()
    for said in notice.texts:
        (st.success if notice.tone == "good" else st.warning)(plain(_(said)))
    show_worklist(view, planning_view)
    show_form(view, planning_view)
    show_moves(planning_view)
    show_sending(planning_view)
    show_proposal(planning_view)
    show_orders(planning_view)


def show_sections(planning_view: PlanningView) -> None:
    """Show what lies below the map; only what is open is made."""
    with st.container(key="sections"):
        section = _choose_section()
        if section == "calls":
            show_calls(planning_view)
        elif section == "forming":
            show_forming(planning_view)
    if section and not _is_comparing():
        bring_into_view("sections", section)


def _is_comparing() -> bool:
    """Return whether two plans are compared: they stand beside the map, the other sections below it."""
    return bool(state.widget_value(_SECTION) == "compare")


def _choose_section() -> str | None:
    return st.segmented_control(
        _("More"),
        [name for name in SECTIONS if name != "forming" or session.can(Action.FORM_TEAM)],
        key=_SECTION,
        format_func=lambda name: _(SECTIONS[name]),
        label_visibility="collapsed",
    )


main()
