"""A chain (接龙) that is taken in: pasted, looked at entry by entry, what is in doubt decided, then written."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.kit.html_tree import part, show_panel
from dashboard.kit.outcome import attempt, show_refusal
from dashboard.kit.widgets import show_heading, show_note
from dashboard.pages.roster import actions
from dashboard.pages.roster.chain_doubts import decisions, find_open_doubt, forget_decisions, open_doubt, show_doubt
from dashboard.pages.roster.chain_words import entry_part
from dashboard.streamlit import state
from services import rostering
from services.i18n import _, text
from services.rostering import ChainReading, PastedChain, Roster
from services.rostering.chain_words import vanished_words
from services.rules.roster.sign_up.sign_ups import EntryDecision

_TEXT: Final = "roster-chain-text"
_POSTED: Final = "roster-chain-posted"
_WORDS: Final = "roster-chain-words"


def forget_chain() -> None:
    """Keep nothing of a chain that was pasted."""
    state.forget(_TEXT, _WORDS)
    forget_decisions()


def show_chain_entries(
    roster: Roster, community: str, beside: st.delta_generator.DeltaGenerator, close: Callable[[], None]
) -> None:
    """Show where a chain is pasted, and what it comes to.

    Parameters
    ----------
    beside
        Where it is asked when the chain was posted.
    close
        Closes the dialog once nothing is left to decide.
    """
    with beside:
        posted = _ask_posted()
    _offer_unsettled(roster, community)
    words = st.text_area(
        _("Text of the chain"), key=_TEXT, height=150, placeholder=_("Paste the whole chain from the group")
    )
    st.button(_("Look at it"), key="roster-chain-look", disabled=not words.strip(), on_click=_look)
    if state.saved_value(_WORDS):
        with show_refusal():
            pasted = PastedChain(str(state.saved_value(_WORDS)), posted, community, decisions())
            found = cache.chain_reading(roster.id, pasted)
            _show_reading(found)
            _show_write(roster, found, close)


def _ask_posted() -> date:
    if state.saved_value(_POSTED) is None:
        state.keep(_POSTED, cache.context().clock().date())
    chosen: date = st.date_input(_("Posted on"), key=_POSTED, format="YYYY-MM-DD", help=_("“Tomorrow” counts from it"))
    return chosen


def _offer_unsettled(roster: Roster, community: str) -> None:
    """Offer to go on with a chain of which something is in doubt, while no other is pasted."""
    if state.saved_value(_WORDS):
        return
    waiting = rostering.read_unsettled_chain(cache.context(), roster.id, community)
    if waiting is not None:
        show_note(
            _("Of the chain of {day}, {n} entries are still in doubt.", day=f"{waiting.at:%m-%d}", n=waiting.doubts)
        )
        st.button(_("Go on with it"), key="roster-chain-go-on", on_click=_go_on, args=(waiting.words, waiting.posted))


def _look() -> None:
    state.keep(_WORDS, state.widget_value(_TEXT))
    forget_decisions()


def _go_on(words: str, posted: date) -> None:
    state.keep(_TEXT, words)
    state.keep(_POSTED, posted)
    state.keep(_WORDS, words)
    forget_decisions()


def _show_reading(found: ChainReading) -> None:
    show_heading(_(found.summary))
    for note in found.notes:
        show_note(_(note))
    if gone := vanished_words(found):
        show_note(_("In an earlier paste and not in this one, left as they are: {names}", names=gone))
    place = find_open_doubt(found)
    with st.container(key="roster-chain-reading"):
        if place is None:
            _show_entries(found, place)
        else:
            left, right = st.columns([11, 10], gap="medium")
            with right:
                show_doubt(found, place)
            with left:
                _show_entries(found, place)
    decided = [place for place in decisions() if place < len(found.reading.sign_ups)]
    if decided:
        label = _("Decide anew ({n} decided)", n=len(decided))
        st.button(label, key="roster-chain-anew", on_click=forget_decisions)


def _show_entries(found: ChainReading, open_place: int | None) -> None:
    """Show every entry as it was written, with what was understood underlined."""
    rows = [
        entry_part(found, each, place, is_open=place == open_place) for place, each in enumerate(found.reading.sign_ups)
    ]
    show_panel("roster-chain-entries", [part("div", "gm-people gm-entries", *rows)], open_doubt)


def _show_write(roster: Roster, found: ChainReading, close: Callable[[], None]) -> None:
    """Ask for a reason where a rule is set aside, and write what is not in doubt."""
    is_against = _is_against_rules(list(decisions().values()))
    reason = st.text_input(_("Reason"), max_chars=120, placeholder=_("e.g. has agreed to it")) if is_against else ""
    label = _("Write {n} changes", n=found.changes) if found.changes else _("Write")
    if found.doubts:
        show_note(_("{n} entries in doubt are not written; they can be decided later.", n=found.doubts))
    if not st.button(label, key="roster-chain-write", type="primary", width="stretch", disabled=not found.is_new):
        return
    if is_against and not reason.strip():
        st.error(_("Please say why."))
        return
    rostering.write_chain(
        cache.context(),
        roster.id,
        found.pasted,
        cache.coverage_inputs(),
        event_id=actions.new_event(),
        reason=reason,
        shifts=found.shifts,
    )
    with attempt(actions.NAME) as tell:
        tell(text("The chain is taken in: {n} changes. ↶ takes them back.", n=found.changes))
    if not found.doubts:
        close()
    st.rerun()


def _is_against_rules(decisions: Sequence[EntryDecision]) -> bool:
    return any(decision.is_overruled for decision in decisions)
