"""Sending a plan: what changed underneath, what stands in the way, and the orders it becomes."""

import streamlit as st

from dashboard import cache
from dashboard.kit.widgets import plain, show_heading, show_note
from dashboard.pages.planning import page_state
from dashboard.pages.planning.changes import show_changes
from dashboard.pages.planning.page_state import PlanningView
from dashboard.streamlit import state
from services import planning
from services.i18n import _, text
from services.planning import Plan
from services.wording import number


def show_sending(planning_view: PlanningView) -> None:
    """Show what stands in the way of sending the draft, and the button that sends it."""
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
        label = _("Commit: send {n} teams", n=number(len({move.team_code for move in plan.moves})))
        st.button(
            label,
            key="commit",
            type="primary",
            width="stretch",
            disabled=bool(review.stopping),
            on_click=_commit,
            args=(planning_view, plan, dict(review.versions)),
        )


def _commit(planning_view: PlanningView, plan: Plan, versions: dict[str, int]) -> None:
    """Send the plan as the planner saw it: what changed since was shown above the button."""
    context = cache.context()
    with page_state.attempt():
        if versions != dict(plan.versions):
            planning.acknowledge(context, plan.id, versions, event_id=page_state.new_event())
        came = planning.commit_plan(context, plan.id, planning.travel_minutes(planning_view.snapshot, plan))
        if came.is_sent:
            state.write_plan_id(plan.id)
            page_state.tell(text("Sent: {n} orders.", n=number(len(came.orders))), tone="good")
        elif came.obstacles:
            page_state.tell(text("Nothing was sent; nothing is lost."), *(change.text for change in came.obstacles))
        else:
            page_state.tell(text("The data changed this moment. Look at the figures again, then send."))
