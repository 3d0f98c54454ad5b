"""What of the audit trail is asked for: days, account, action, object."""

from datetime import date, datetime, time, timedelta
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.kit.pager import to_first_page
from services.catalog.actions import ACTIONS, Action
from services.context import AuditQuery
from services.export.audit_words import object_asked
from services.i18n import _
from services.maintenance import audit_actors

ANY: Final = ""
LIST: Final = "audit"


def ask() -> AuditQuery:
    """Show what can be asked for, and return what is."""
    with st.container(key="audit-asked"):
        first, last, who, what, which = st.columns([1, 1, 1.2, 1.4, 1.6], gap="small")
        since = first.date_input(_("From (day)"), None, format="YYYY-MM-DD", key="audit-since", on_change=to_newest)
        until = last.date_input(_("To (day)"), None, format="YYYY-MM-DD", key="audit-until", on_change=to_newest)
        actor = who.selectbox(
            _("Who"),
            [ANY, *audit_actors(cache.context())],
            format_func=lambda name: name or _("Everybody"),
            key="audit-actor",
            on_change=to_newest,
        )
        action = what.selectbox(
            _("What"),
            [ANY, *(action.value for action in ACTIONS)],
            format_func=lambda name: _(ACTIONS[Action(name)].title) if name else _("Everything"),
            key="audit-action",
            on_change=to_newest,
        )
        target = which.text_input(
            _("Which"), key="audit-object", max_chars=80, placeholder=_("e.g. plan 12"), on_change=to_newest
        )
    return make_query(_day(since), _day(until), actor=str(actor), action=str(action), target=object_asked(target))


def make_query(since: date | None, until: date | None, *, actor: str, action: str, target: str) -> AuditQuery:
    """Return the query for some days, both included.

    >>> make_query(None, date(2026, 11, 23), actor="", action="", target="").until
    '2026-11-24T00:00:00'
    """
    return AuditQuery(
        since=_midnight(since) if since else "",
        until=_midnight(until + timedelta(days=1)) if until else "",
        actor=actor,
        action=action,
        object=target,
    )


def to_newest() -> None:
    """Show the newest rows again."""
    to_first_page(LIST)


def _midnight(day: date) -> str:
    return datetime.combine(day, time()).isoformat(timespec="seconds")


def _day(given: object) -> date | None:
    return given if isinstance(given, date) else None
