"""Sending a plan: what changed underneath, what stands in the way, its review, and a minute to take it back."""

import streamlit as st

from dashboard import cache
from dashboard.kit.widgets import plain, show_heading, show_note
from dashboard.pages.planning import page_state
from dashboard.pages.planning.changes import show_changes
from dashboard.pages.planning.page_state import PlanningView
from dashboard.pages.planning.review_dialog import open_review, show_review
from dashboard.streamlit import state
from dashboard.streamlit.fragments import keep_language, show_at_work
from services import planning
from services.i18n import _, text
from services.planning import TAKE_BACK, Plan, PlanState, Review
from services.wording import number


def show_sending(planning_view: PlanningView) -> None:
    """Show what stands in the way of the draft, the way to its review, and after that how to take it back."""
    _show_take_back(planning_view)
    plan = planning_view.plan
    if plan is None or not planning_view.moves:
        return
    review = planning.review_plan(cache.context(), plan.id, planning_view.snapshot.grids)
    with st.container(key="sending", gap="small"):
        show_heading(_("Send the orders"), plan.name)
        for change in review.changes:
            (st.error if change.stops else st.info)(plain(_(change.text)))
        if review.changed_parts and not review.changes:
            show_note(_("The data changed since this plan was made; the figures are those of now."))
        show_changes(planning_view)
        if review.stopping:
            st.button(
                _("Take these out, keep the rest"),
                key="drop-stopping",
                width="stretch",
                on_click=page_state.edit,
                args=(planning_view, planning.drop_moves, {change.key for change in review.stopping}),
            )
        _show_review_button(planning_view, plan, review)


def _show_review_button(planning_view: PlanningView, plan: Plan, review: Review) -> None:
    """Show the button that opens the review; it is a piece of its own, so that the map is not drawn again for it."""
    st.fragment(keep_language(_draw_review_button))(planning_view, plan, review)


def _draw_review_button(planning_view: PlanningView, plan: Plan, review: Review) -> None:
    label = _("Review and send: {n} teams", n=number(len({move.team_code for move in plan.moves})))
    is_stopped = bool(review.stopping)
    st.button(label, key="commit", type="primary", width="stretch", disabled=is_stopped, on_click=open_review)
    show_review(planning_view, dict(review.versions))


def _show_take_back(planning_view: PlanningView) -> None:
    """Show for a minute that a plan which was just sent can be taken back as a whole."""
    plan = planning_view.plan
    if plan is None or plan.state is not PlanState.COMMITTED:
        return
    if _seconds_left(planning_view):
        with st.container(key="takeback"):
            show_at_work(_count_down, planning_view)


def _count_down(planning_view: PlanningView) -> None:
    left = _seconds_left(planning_view)
    if not left:
        st.rerun()
    label = _("Sent by mistake? Take all back ({seconds} s)", seconds=left)
    if st.button(label, key="take-back-plan", width="stretch"):
        _take_back(planning_view)
        st.rerun()


def _seconds_left(planning_view: PlanningView) -> int:
    """Return for how many seconds yet the plan that is open can be taken back; 0 where it cannot any more."""
    plan = planning_view.plan
    sent = [order.sent_at for order in planning_view.snapshot.orders if plan is not None and order.plan_id == plan.id]
    return max(int((max(sent) + TAKE_BACK - cache.context().clock()).total_seconds()), 0) if sent else 0


def _take_back(planning_view: PlanningView) -> None:
    plan = planning_view.plan
    with page_state.attempt():
        if plan is not None:
            draft = planning.reopen_plan(cache.context(), plan.id, event_id=f"reopen-{plan.id}")
            state.write_plan_id(draft.id)
            page_state.tell(text("Taken back: nothing is sent; the moves are in the draft again."), tone="good")
