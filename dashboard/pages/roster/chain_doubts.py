"""The doubt of a chain (接龙) that is open: its answers, one key each, and the next doubt by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from dashboard.kit.html_tree import part, show_panel
from dashboard.kit.widgets import plain
from dashboard.pages.roster.chain_words import entry_head
from dashboard.streamlit import state
from services.i18n import _
from services.rostering import ChainReading
from services.rostering.chain_words import shift_words
from services.rules.roster.sign_up.drafts import MOST_CHOICES
from services.rules.roster.sign_up.sign_ups import EntryDecision, EntryDoubt

DECISIONS: Final = "roster-chain-decisions"
_OPEN: Final = "roster-chain-doubt"
_WHEN: Final = "roster-chain-when"
_WHO: Final = "roster-chain-who"


def decisions() -> dict[int, EntryDecision]:
    """Return what was decided, by place of the entry."""
    kept: dict[int, EntryDecision] = state.saved_value(DECISIONS) or {}
    return kept


def forget_decisions() -> None:
    """Decide nothing about entries, as when the chain is of another community."""
    state.forget(DECISIONS, _OPEN)


def open_doubt(place: str | int) -> None:
    """Open the doubt of an entry."""
    state.keep(_OPEN, int(place))


def find_open_doubt(reading: ChainReading) -> int | None:
    """Return the place of the entry that is asked about: the one that was opened, else the next one in doubt."""
    places = _places(reading)
    opened = state.saved_value(_OPEN) or 0
    return next((place for place in places if place >= opened), places[0] if places else None)


def show_doubt(reading: ChainReading, place: int) -> None:
    """Ask what is meant by an entry: 1 to 9 choose, 0 is a guest, Delete leaves it out, N goes to the next."""
    sign_up = reading.reading.sign_ups[place]
    doubt = sign_up.doubt
    if doubt is None:
        return
    places = _places(reading)
    count = _("Doubt {n} of {total}", n=places.index(place) + 1, total=len(places))
    sentences = " ".join(_(sentence) for sentence in doubt.sentences)
    head = [part("p", "gm-quiet", count), entry_head(sign_up), part("p", "", sentences)]
    show_panel("roster-chain-doubt", [part("div", "gm-people", *head)], open_doubt, is_live=True)
    answers = _answers(place, doubt)
    mark = f"{place}-{hash(tuple(label for label, _decision in answers.values()))}"
    for key, (label, decision) in answers.items():
        _show_answer(label, key, decision, place=place, mark=mark)
    if len(places) > 1:
        later = next((each for each in places if each > place), places[0])
        label = _("Later, the next one")
        st.button(label, key=f"roster-chain-next-{mark}", shortcut="N", on_click=open_doubt, args=(later,))
    if sign_up.how is None:
        _ask_who(reading, place)
    elif not 0 < len(doubt.choices) < MOST_CHOICES:
        _ask_when(reading, place)


def _show_answer(label: str, key: str, decision: EntryDecision, *, place: int, mark: str) -> None:
    """Show an answer as a button with its key; one of a doubt that is no longer asked does nothing."""
    st.button(
        plain(label), key=f"roster-chain-choice-{key}-{mark}", shortcut=key, width="stretch", wrap=True,
        on_click=_keep_decision, args=(place, decision),
    )  # fmt: skip


def _places(reading: ChainReading) -> Sequence[int]:
    return [place for place, each in enumerate(reading.reading.sign_ups) if each.doubt]


def _answers(place: int, doubt: EntryDoubt) -> Mapping[str, tuple[str, EntryDecision]]:
    """Return what may be decided, by its key; a guest and leaving it out are possible always."""
    before = decisions().get(place, EntryDecision())
    answers = {str(k): (_(each.text), each.decision) for k, each in enumerate(doubt.choices[:MOST_CHOICES], start=1)}
    answers["0"] = _("A guest, without a name"), replace(before, is_guest=True, person=None)
    answers["Delete"] = _("Leave it out"), replace(before, is_dropped=True)
    return answers


def _ask_who(reading: ChainReading, place: int) -> None:
    """Ask for somebody by code or name; the next time the nickname tells who it is."""
    words = st.text_input(
        _("Or who it is: code or full name"), key=f"{_WHO}-{place}", placeholder=_("e.g. D0000123"), max_chars=40
    )
    if words.strip():
        code = reading.find_person(words)
        if code is None:
            st.warning(plain(_("The register does not tell who “{words}” is; give the code.", words=words)))
        else:
            label = _("It is {name}", name=f"{reading.names.get(code, '')} {code}".strip())
            before = decisions().get(place, EntryDecision())
            decision = replace(before, person=code, is_guest=False)
            st.button(plain(label), key=f"{_WHO}-{place}-take", on_click=_keep_decision, args=(place, decision))


def _ask_when(reading: ChainReading, place: int) -> None:
    """Ask for shifts by their codes, where those to choose from are none or more than are shown."""
    words = st.text_input(
        _("Or which shifts: their codes"), key=f"{_WHEN}-{place}", placeholder=_("e.g. A1 A3"), max_chars=40
    )
    codes = tuple(dict.fromkeys(words.upper().replace("，", " ").replace("、", " ").replace(",", " ").split()))
    if unknown := [code for code in codes if code not in reading.open_shifts]:
        st.warning(plain(_("There is no shift with the code {code}.", code=unknown[0])))
    elif codes:
        label = _("Take {shifts}", shifts="、".join(shift_words(reading, code) for code in codes))
        decision = replace(decisions().get(place, EntryDecision()), shifts=codes)
        st.button(plain(label), key=f"{_WHEN}-{place}-take", on_click=_keep_decision, args=(place, decision))


def _keep_decision(place: int, decision: EntryDecision) -> None:
    state.keep(DECISIONS, {**decisions(), place: decision})
    state.keep(_OPEN, place)
