"""A matter in full: what it is about, what can be done to it, and its history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.frame.use_case_button import show_use_case, show_use_cases
from dashboard.kit.html_table import show_table
from dashboard.kit.outcome import show_refusal
from dashboard.kit.widgets import show_facts, show_heading, show_note
from dashboard.kit.words import tell_apart
from dashboard.pages.matters import actions
from dashboard.streamlit import state
from services import matters
from services.i18n import _
from services.matters import MatterRecord, MatterView
from services.matters.texts import field_lines, state_text, time_words
from services.rules.matters.clock import URGENCY_NAMES
from services.rules.matters.machine import VERB_NAMES, MatterState, Verb
from services.wording import short_time

_BOXES: Final = (
    (Verb.ANSWER, matters.answer_matter),
    (Verb.RETURN, matters.return_matter),
    (Verb.DECLINE, matters.decline_matter),
    (Verb.WITHDRAW, matters.withdraw_matter),
    (Verb.REMIND, matters.remind_matter),
    (Verb.NOTE, matters.note_matter),
)
"""What takes words, or is not the first thing to do."""


def show_matter(number: int, now: datetime) -> None:
    """Show a matter."""
    with show_refusal():
        record = matters.read_matter(cache.context(), number)
        view = record.view
        show_heading(f"{view.kind.title} · {view.title}", _(state_text(view)))
        show_facts(_facts(view, now))
        if view.body:
            show_note(view.body)
        _show_verbs(view)
        _show_history(record)


def _facts(view: MatterView, now: datetime) -> list[tuple[str, str]]:
    owner = _("{owner} (answered for: it has no account)", owner=view.owner) if view.is_for_unit else view.owner
    respond_by = view.clock.respond_by if view.state is MatterState.OPEN else None
    facts = [
        (_("Asked by"), view.asker),
        (_("Done by"), owner),
        (_("About"), view.subject),
        (_("Cause"), view.cause),
        *field_lines(view),
        (_("Urgency"), _(URGENCY_NAMES[view.urgency]) if view.urgency else ""),
        (_("To be taken on by"), _with_time(respond_by, view, now) if respond_by else ""),
        (_("To be done by"), short_time(view.clock.due) if respond_by else _with_time(view.clock.due, view, now)),
        (_("In the lists of"), _("{count} levels above, as it is late", count=view.level) if view.level else ""),
    ]
    return [(word, value) for word, value in facts if value]


def _with_time(moment: datetime, view: MatterView, now: datetime) -> str:
    """Return a time that has to be kept, with how much is left of it."""
    return " · ".join(filter(None, (short_time(moment), time_words(view, now))))


def _show_verbs(view: MatterView) -> None:
    """Show what whoever looks can do: what is next as a button, the rest in boxes."""
    arguments = {"number": view.id}
    with st.container(horizontal=True, key="matter-verbs", gap="small", vertical_alignment="center"):
        if Verb.TAKE in view.verbs:
            show_use_case(matters.take_matter, actions.NAME, arguments)
        if Verb.CLOSE in view.verbs:
            _show_close(view)
        if Verb.PASS in view.verbs:
            _show_pass(view)
        show_use_cases([case for verb, case in _BOXES if verb in view.verbs], actions.NAME, arguments)


def _show_close(view: MatterView) -> None:
    click = actions.close
    st.button(_("Done, satisfied"), key="matter-satisfied", type="primary", on_click=click, args=(view.id, "yes"))
    st.button(_("Done, not satisfied"), key="matter-unsatisfied", on_click=click, args=(view.id, "no"))


def _show_pass(view: MatterView) -> None:
    owners = tell_apart(_owners(view))
    if not owners:
        return
    key = f"matter-pass-{view.id}"
    with st.popover(f"{_(matters.pass_matter.title)}…", type="tertiary", key=f"{key}-box"):
        st.selectbox(_("To whom"), list(owners), format_func=lambda word: owners[word], key=f"{key}-owner")
        st.text_input(_("Why"), key=f"{key}-reason", max_chars=120)
        st.button(_(matters.pass_matter.title), key=f"{key}-do", on_click=_pass, args=(view.id, key))


def _owners(view: MatterView) -> Mapping[str, str]:
    owners = matters.read_choices(cache.context()).owners.get(view.kind.code, {})
    return {word: name for word, name in owners.items() if word != str(view.owner_area)}


def _pass(number: int, key: str) -> None:
    owner = state.widget_value(f"{key}-owner")
    if owner is not None:
        actions.pass_on(number, str(owner), str(state.widget_value(f"{key}-reason") or ""))


def _show_history(record: MatterRecord) -> None:
    show_heading(_("History"))
    rows = [
        (
            short_time(event.at),
            event.actor,
            _(VERB_NAMES[event.verb]),
            " · ".join(filter(None, (event.words, event.owner))),
        )
        for event in reversed(record.events)
    ]
    show_table([_("When"), _("Who"), _("Step"), _("Words")], rows, label=_("History"), kind="history")
