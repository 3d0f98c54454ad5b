"""The ways along roads are worked out once for a version of them; meanwhile the page says so, and how far it is."""

import streamlit as st

from dashboard import cache
from dashboard.kit.widgets import plain, show_heading, show_note
from dashboard.pages.planning.page_state import PlanningView
from dashboard.streamlit.fragments import show_at_work
from dashboard.streamlit.job import QUICK_S, Job
from services.i18n import _


def show_walking(planning_view: PlanningView) -> bool:
    """Show how far the ways are while they are worked out; return whether there is still anything to wait for."""
    if planning_view.snapshot.knows_walks:
        return False
    walk = cache.walk(planning_view.mode, planning_view.window)
    if walk.wait(QUICK_S):
        walk.result()
        return False
    with st.container(key="walking"):
        show_heading(_("Working out the ways along the roads"))
        show_note(_("Once after roads, grids or homes of teams changed; half a minute for a whole city."))
        show_at_work(_show_share, walk)
    return True


def _show_share(walk: Job[None, float]) -> None:
    share = walk.last_step() or 0.0
    words = _("Laying the roads …") if share == 0 else _("Opening the map …") if share == 1 else f"{100 * share:.0f}%"
    st.progress(share, text=plain(words))
    if walk.is_done:
        st.rerun()
