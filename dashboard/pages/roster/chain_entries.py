"""A chain (接龙) that is taken in: pasted, looked at entry by entry, what is in doubt decided, then written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.kit.html_tree import Part, part, show_panel
from dashboard.kit.outcome import attempt, show_refusal
from dashboard.kit.widgets import plain, show_heading, show_note
from dashboard.pages.roster import actions
from dashboard.streamlit import state
from services import rostering
from services.i18n import _, text
from services.rostering import ChainReading, PastedChain, Roster
from services.rostering.chain_words import (
    SIGN_UP_STATE_NAMES,
    person_words,
    reason_words,
    seat_words,
    shift_words,
    vanished_words,
)
from services.rules.roster.sign_up.drafts import MOST_CHOICES
from services.rules.roster.sign_up.sign_ups import EntryDecision, EntryDoubt, SignUp, State

_TEXT: Final = "roster-chain-text"
_POSTED: Final = "roster-chain-posted"
_WORDS: Final = "roster-chain-words"
_DECISIONS: Final = "roster-chain-decisions"
_CHOICE: Final = "roster-chain-choice"
_WHEN: Final = "roster-chain-when"
_WHO: Final = "roster-chain-who"
_TONES: Final[Mapping[State, str]] = {
    State.PLACED: "gm-confirmed",
    State.RESERVE: "gm-asked",
    State.GUEST: "gm-asked",
}


def forget_chain() -> None:
    """Keep nothing of a chain that was pasted."""
    state.forget(_TEXT, _WORDS, _DECISIONS)


def forget_decisions() -> None:
    """Decide nothing about entries, as when the chain is of another community."""
    state.forget(_DECISIONS)


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
            pasted = PastedChain(str(state.saved_value(_WORDS)), posted, community, _decisions())
            found = rostering.read_chain(cache.context(), roster.id, pasted, cache.coverage_inputs())
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
    state.keep(_DECISIONS, {})


def _go_on(words: str, posted: date) -> None:
    state.keep(_TEXT, words)
    state.keep(_POSTED, posted)
    state.keep(_WORDS, words)
    state.keep(_DECISIONS, {})


def _decisions() -> dict[int, EntryDecision]:
    kept: dict[int, EntryDecision] = state.saved_value(_DECISIONS) or {}
    return kept


def _show_reading(found: ChainReading) -> None:
    show_heading(_(found.summary))
    for note in found.notes:
        show_note(_(note))
    if gone := vanished_words(found):
        show_note(_("In an earlier paste and not in this one, left as they are: {names}", names=gone))
    for place, each in enumerate(found.reading.sign_ups):
        if each.doubt:
            _show_doubt(found, place, each.doubt)
    decided = [place for place in _decisions() if place < len(found.reading.sign_ups)]
    if decided:
        st.button(
            _("Decide anew ({n} decided)", n=len(decided)), key="roster-chain-anew", on_click=state.keep,
            args=(_DECISIONS, {}),
        )  # fmt: skip
    settled = [each for each in found.reading.sign_ups if not each.doubt]
    if settled:
        rows = [_entry_row(found, each) for each in settled]
        show_panel("roster-chain-entries", [part("div", "gm-people", *rows)], actions.press)


def _show_doubt(found: ChainReading, place: int, doubt: EntryDoubt) -> None:
    """Ask what is meant by an entry."""
    sign_up = found.reading.sign_ups[place]
    answers = _answers(place, doubt)
    with st.container(border=True):
        number = _("Entry {n}", n=sign_up.entry.number)
        st.markdown(f"**{plain(number)}** {plain(sign_up.text)}")
        show_note(" ".join(_(sentence) for sentence in doubt.sentences))
        key = f"{_CHOICE}-{place}-{hash(tuple(answers))}"
        st.radio(
            _("What is meant by entry {n}?", n=sign_up.entry.number),
            list(answers),
            index=None,
            format_func=plain,
            key=key,
            horizontal=True,
            label_visibility="collapsed",
            on_change=_decide,
            args=(place, key, answers),
        )
        if sign_up.how is None:
            _ask_who(found, place)
        elif not 0 < len(doubt.choices) < MOST_CHOICES:
            _ask_when(found, place)


def _ask_who(found: ChainReading, place: int) -> None:
    """Ask for somebody by code or name; the next time the nickname tells who it is."""
    words = st.text_input(
        _("Or who it is: code or full name"), key=f"{_WHO}-{place}", placeholder=_("e.g. D0000123"), max_chars=40
    )
    if words.strip():
        code = found.find_person(words)
        if code is None:
            st.warning(plain(_("The register does not tell who “{words}” is; give the code.", words=words)))
        else:
            label = _("It is {name}", name=f"{found.names.get(code, '')} {code}".strip())
            before = _decisions().get(place, EntryDecision())
            decision = replace(before, person=code, is_guest=False)
            st.button(plain(label), key=f"{_WHO}-{place}-take", on_click=_keep_decision, args=(place, decision))


def _ask_when(found: ChainReading, place: int) -> None:
    """Ask for shifts by their codes, where those to choose from are none or more than are shown."""
    words = st.text_input(
        _("Or which shifts: their codes"), key=f"{_WHEN}-{place}", placeholder=_("e.g. A1 A3"), max_chars=40
    )
    codes = tuple(dict.fromkeys(words.upper().replace("，", " ").replace("、", " ").replace(",", " ").split()))
    if unknown := [code for code in codes if code not in found.open_shifts]:
        st.warning(plain(_("There is no shift with the code {code}.", code=unknown[0])))
    elif codes:
        label = _("Take {shifts}", shifts="、".join(shift_words(found, code) for code in codes))
        decision = replace(_decisions().get(place, EntryDecision()), shifts=codes)
        st.button(plain(label), key=f"{_WHEN}-{place}-take", on_click=_keep_decision, args=(place, decision))


def _answers(place: int, doubt: EntryDoubt) -> dict[str, EntryDecision]:
    """Return what may be decided, by what it is called; a guest and leaving it out are possible always."""
    before = _decisions().get(place, EntryDecision())
    named = [(_(choice.text), choice.decision) for choice in doubt.choices]
    named.append((_("A guest, without a name"), replace(before, is_guest=True, person=None)))
    named.append((_("Leave it out"), replace(before, is_dropped=True)))
    answers: dict[str, EntryDecision] = {}
    for words, decision in named:
        label = words if words not in answers else f"{words} · {decision.person or len(answers) + 1}"
        answers[label] = decision
    return answers


def _decide(place: int, key: str, answers: Mapping[str, EntryDecision]) -> None:
    chosen = state.widget_value(key)
    if chosen in answers:
        _keep_decision(place, answers[chosen])


def _keep_decision(place: int, decision: EntryDecision) -> None:
    state.keep(_DECISIONS, {**_decisions(), place: decision})


def _entry_row(found: ChainReading, sign_up: SignUp) -> Part:
    chip = part("em", f"gm-step {_TONES.get(sign_up.state, '')}", _(SIGN_UP_STATE_NAMES[sign_up.state]))
    words = f"{sign_up.entry.number}. {sign_up.text}"
    head = part("p", "gm-order-head", part("b", "", words), chip)
    facts = (person_words(found, sign_up), seat_words(found, sign_up), reason_words(sign_up))
    return part("div", "gm-person", head, part("p", "gm-quiet", " · ".join(each for each in facts if each)))


def _show_write(roster: Roster, found: ChainReading, close: Callable[[], None]) -> None:
    """Ask for a reason where a rule is set aside, and write what is not in doubt."""
    is_against = _is_against_rules(list(_decisions().values()))
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
