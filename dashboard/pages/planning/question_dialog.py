"""A move that is asked about: it breaks a rule that a reason sets aside, or brings more people than are missing."""

from math import ceil

import streamlit as st

from dashboard.kit.widgets import plain
from dashboard.pages.planning import page_state
from dashboard.pages.planning.move_form import effect_words, excess_words
from dashboard.pages.planning.page_state import MoveQuestion, PlanningView
from dashboard.streamlit.fragments import keep_language
from services.i18n import _
from services.planning import DIVISIBLE_KINDS


def show_question(planning_view: PlanningView) -> None:
    """Ask about a move that waits for an answer."""
    question = page_state.question()
    if question is not None:
        title = _("Send all the same?") if question.preview.needs_reason else _("More than are missing")
        st.dialog(title, on_dismiss=page_state.forget_question)(keep_language(_ask))(planning_view, question)


def _ask(planning_view: PlanningView, question: MoveQuestion) -> None:
    team = planning_view.snapshot.teams[question.move.team_code].name
    st.markdown(f"**{plain(team)}** → **{plain(planning_view.snapshot.name(question.move.grid_code))}**")
    st.caption(plain(effect_words(question.preview)))
    if question.preview.is_excessive:
        st.warning(plain(excess_words(question.preview)))
    for said in question.preview.breach_texts:
        st.warning(plain(_(said)))
    if question.preview.needs_reason:
        _ask_reason(planning_view, question)
    else:
        _ask_count(planning_view, question)
    if st.button(_("Leave it"), key="leave", width="stretch"):
        page_state.forget_question()
        st.rerun()


def _ask_reason(planning_view: PlanningView, question: MoveQuestion) -> None:
    with st.form("overrule", border=False):
        reason = st.text_input(_("Reason"), max_chars=120, placeholder=_("e.g. a bus takes them there"))
        if st.form_submit_button(_("Send all the same"), type="primary", width="stretch"):
            if not reason.strip():
                st.error(_("Please say why."))
                return
            page_state.forget_question()
            page_state.answer(planning_view, question, reason=reason)
            st.rerun()


def _ask_count(planning_view: PlanningView, question: MoveQuestion) -> None:
    """Offer to send as many as are missing, where the team may be split, or everybody."""
    fewer, all_of = ceil(question.preview.missing - 1e-9), question.move.people
    is_divisible = planning_view.snapshot.teams[question.move.team_code].kind in DIVISIBLE_KINDS
    if is_divisible and fewer >= 1:
        label = _("Send {n} people: the gap is closed", n=fewer)
        if st.button(label, key="send-fewer", type="primary", width="stretch"):
            _send(planning_view, question, fewer)
    elif not is_divisible:
        st.caption(_("This team goes as a whole; only volunteer teams may be split."))
    if st.button(_("Send all {n} people", n=all_of), key="send-all", width="stretch"):
        _send(planning_view, question, all_of)


def _send(planning_view: PlanningView, question: MoveQuestion, people: int) -> None:
    page_state.forget_question()
    page_state.answer(planning_view, question, people=people)
    st.rerun()
