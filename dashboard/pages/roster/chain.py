"""Chains (接龙) on the page 值守: open shifts as a text to paste into a chat, and the way to what comes back."""

from datetime import date
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.kit.outcome import show_refusal
from dashboard.kit.widgets import show_note
from dashboard.kit.words import tell_apart
from dashboard.pages.roster import actions
from dashboard.pages.roster.board import day_words
from dashboard.pages.roster.chain_doubts import forget_decisions
from dashboard.pages.roster.chain_entries import forget_chain, show_chain_entries
from dashboard.streamlit import session, state
from dashboard.streamlit.fragments import keep_language
from services import rostering
from services.catalog.actions import Action
from services.i18n import _
from services.rostering import RosterBoard, RosterState

_OPEN: Final = "roster-chain"
_SIDE: Final = "roster-chain-side"
_OUT, _IN = "out", "in"
_WHAT: Final = "roster-chain-what"
_SEATS, _PEOPLE = "seats", "people"
_COMMUNITY: Final = "roster-chain-community"
_DAY: Final = "roster-chain-day"


def show_chain_button() -> None:
    """Show what opens the dialog of chains."""
    st.button(_("Chain…"), key="roster-chain-button", help=_("Sign-ups in chat groups"), on_click=_open)


def show_chain() -> None:
    """Show the dialog of chains where it is open and nothing else is asked."""
    roster_id = actions.shown_roster()
    if roster_id is not None and state.saved_value(_OPEN) and actions.question() is None:
        board = cache.roster_board(roster_id)
        st.dialog(_("Chains of sign-ups"), width="large", on_dismiss=_close)(keep_language(_draw))(board)


def _open() -> None:
    state.keep(_OPEN, _OUT)
    state.keep(_COMMUNITY, state.saved_value(actions.COMMUNITY))
    state.keep(_DAY, state.saved_value(actions.DAY))


def _close() -> None:
    state.forget(_OPEN)
    forget_chain()


def _draw(board: RosterBoard) -> None:
    sides = {_OUT: _("Send out open seats")}
    if session.can(Action.KEEP_ROSTER) and board.roster.state is not RosterState.CLOSED:
        sides[_IN] = _("Take in sign-ups")
    if state.saved_value(_SIDE) not in sides:
        state.keep(_SIDE, _OUT)
    if len(sides) > 1:
        st.segmented_control(
            _("What for"),
            list(sides),
            key=_SIDE,
            required=True,
            format_func=lambda side: sides[side],
            label_visibility="collapsed",
        )
    side = state.saved_value(_SIDE)
    left, right = st.columns(2)
    with left:
        community = _choose_community(board)
    if not community:
        return
    if side == _IN:
        show_chain_entries(board.roster, community, right, _close)
    else:
        _show_out(board, community, right)


def _choose_community(board: RosterBoard) -> str:
    """Return of which community the chain is; empty where none is chosen."""
    names = tell_apart(rostering.community_names(board, cache.coverage_inputs()))
    if len(names) == 1:
        return next(iter(names))
    if state.saved_value(_COMMUNITY) not in names:
        state.keep(_COMMUNITY, next(iter(names), None))
    chosen = st.selectbox(
        _("Community"),
        list(names),
        key=_COMMUNITY,
        format_func=lambda code: names.get(code, str(code)),
        on_change=forget_decisions,
    )
    return chosen if chosen in names else ""


def _show_out(board: RosterBoard, community: str, beside: st.delta_generator.DeltaGenerator) -> None:
    with beside:
        day = _choose_day(board)
    texts = {_SEATS: _("Open seats, to sign up"), _PEOPLE: _("Who is on duty")}
    if not board.names:
        del texts[_PEOPLE]
    what = st.radio(
        _("Which text"), list(texts), key=_WHAT, format_func=texts.__getitem__, horizontal=True,
        label_visibility="collapsed",
    ) if len(texts) > 1 else _SEATS  # fmt: skip
    with show_refusal():
        if what == _PEOPLE:
            show_note(_("Names are masked; open seats stand beside them."))
            words = rostering.write_duty_text(board, cache.coverage_inputs(), community, day)
        else:
            show_note(_("Copy it into the group. There is no name in it; people go on with it below."))
            words = rostering.write_open_chain(board, cache.coverage_inputs(), community, day, cache.context().clock())
        st.code(words, language=None, wrap_lines=True)


def _choose_day(board: RosterBoard) -> date | None:
    days: list[date | None] = [*board.roster.dates, None]
    if state.saved_value(_DAY) not in days:
        state.keep(_DAY, days[0])
    return st.selectbox(
        _("Day"), days, key=_DAY, format_func=lambda day: day_words(day) if day else _("The whole roster")
    )
