"""A move that breaks a rule which a planner may set aside: asked once, and the reason is kept with the move."""

import streamlit as st

from dashboard.kit.widgets import plain
from dashboard.pages.planning import page_state
from dashboard.pages.planning.move_form import effect_words
from dashboard.pages.planning.page_state import OverruleRequest, PlanningView
from dashboard.streamlit.fragments import keep_language
from services.i18n import _


def show_question(planning_view: PlanningView) -> None:
    """Ask for the reason of a move that waits for one."""
    question = page_state.question()
    if question is not None:
        st.dialog(_("Send all the same?"), on_dismiss=page_state.forget_question)(keep_language(_ask))(
            planning_view, question
        )


def _ask(planning_view: PlanningView, question: OverruleRequest) -> None:
    team = planning_view.snapshot.teams[question.move.team_code].name
    st.markdown(f"**{plain(team)}** → **{plain(planning_view.snapshot.name(question.move.grid_code))}**")
    st.caption(plain(effect_words(question.preview)))
    for said in question.preview.breach_texts:
        st.warning(plain(_(said)))
    with st.form("overrule", border=False):
        reason = st.text_input(_("Reason"), max_chars=120, placeholder=_("e.g. a bus takes them there"))
        if st.form_submit_button(_("Send all the same"), type="primary", width="stretch"):
            if not reason.strip():
                st.error(_("Please say why."))
                return
            page_state.forget_question()
            page_state.answer(planning_view, question, reason)
            st.rerun()
    if st.button(_("Leave it"), key="leave", width="stretch"):
        page_state.forget_question()
        st.rerun()
