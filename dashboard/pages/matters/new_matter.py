"""The dialog in which something is asked for."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.kit.outcome import show_refusal
from dashboard.kit.widgets import show_note
from dashboard.kit.words import tell_apart
from dashboard.pages.matters import actions
from dashboard.pages.matters.forms import ask_value
from dashboard.streamlit import state
from dashboard.streamlit.fragments import keep_language
from services import matters
from services.i18n import _
from services.matters import MatterDraft
from services.rules.matters.clock import URGENCY_NAMES, Urgency
from services.rules.matters.forms import FieldValue, local_name
from services.rules.matters.kinds import MatterKind

_OPEN: Final = "matters-ask"
_HOUR: Final = 18


def open_dialog() -> None:
    """Ask for something when the page is drawn next."""
    state.keep(_OPEN, value=True)


def show_dialog() -> None:
    """Show the dialog where it is open."""
    if state.saved_value(_OPEN):
        st.dialog(_("Ask for something"), width="large", on_dismiss=_close)(keep_language(_ask))()


def _close() -> None:
    state.forget(_OPEN)


def _ask() -> None:
    with show_refusal():
        choices = matters.read_choices(cache.context())
        kind = st.selectbox(_("What"), choices.kinds, format_func=lambda each: each.title, key="ask-kind")
        if kind is None:
            return
        if kind.explanation:
            show_note(kind.explanation)
        _ask_rest(kind, choices.subjects[kind.code], choices.owners[kind.code])


def _ask_rest(kind: MatterKind, subjects: Mapping[str, str], owners: Mapping[str, str]) -> None:
    left, right = st.columns(2)
    with left:
        subject = _choose(_("About"), subjects, f"ask-subject-{kind.code}")
        cause = _ask_cause(kind)
    with right:
        owner = _choose(_("Who is asked"), owners, f"ask-owner-{kind.code}")
        urgency, due = _ask_time(kind)
    title = st.text_input(_("In a few words; no names, telephone numbers or doors"), max_chars=60, key="ask-title")
    values = _ask_fields(kind)
    body = st.text_area(_("More (may be left empty)"), max_chars=500, height=80, key="ask-body")
    is_ready = bool(subject and owner and title.strip() and (cause or not kind.causes))
    if st.button(_("Ask"), type="primary", width="stretch", disabled=not is_ready, key="ask-do"):
        draft = MatterDraft(
            kind=kind.code,
            subject=subject,
            title=title,
            owner=owner,
            body=body,
            urgency=urgency,
            due=due,
            cause=cause,
            values=values,
        )
        _close()
        actions.ask(draft)
        st.rerun()


def _choose(label: str, names: Mapping[str, str], key: str) -> str:
    apart = tell_apart(names)
    return st.selectbox(label, list(apart), format_func=lambda word: apart[word], key=key) or ""


def _ask_cause(kind: MatterKind) -> str:
    if not kind.causes:
        return ""
    names = {cause.code: local_name(cause) for cause in kind.causes}
    return st.selectbox(_("Cause"), list(names), format_func=lambda code: names[code], key="ask-cause") or ""


def _ask_time(kind: MatterKind) -> tuple[Urgency, datetime | None]:
    if kind.clock == "urgency":
        names = URGENCY_NAMES
        urgency = st.selectbox(_("Urgency"), list(Urgency), format_func=lambda each: _(names[each]), key="ask-urgency")
        return urgency or Urgency.NORMAL, None
    if kind.clock == "normal":
        return Urgency.NORMAL, None
    tomorrow = cache.context().clock().date() + timedelta(days=1)
    day = st.date_input(_("To be done by"), tomorrow, format="YYYY-MM-DD", key="ask-due")
    return Urgency.NORMAL, datetime.combine(day, time(_HOUR))


def _ask_fields(kind: MatterKind) -> dict[str, FieldValue | None]:
    fields = kind.typed_fields
    columns = st.columns(max(len(fields), 1))
    values: dict[str, FieldValue | None] = {}
    for column, field in zip(columns, fields, strict=False):
        with column:
            values[field.code] = ask_value(field, None, f"ask-{kind.code}-{field.code}")
    return values
