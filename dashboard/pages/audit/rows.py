"""The rows of the audit trail as people read them, a page at a time."""

from typing import Final

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.kit.html_table import show_table
from dashboard.kit.widgets import show_note
from dashboard.pages.audit.filters import PAGE
from dashboard.streamlit import state
from services.catalog.actions import ACTIONS, Action
from services.context import AuditQuery
from services.export.audit_words import detail_words, object_words
from services.i18n import _
from services.maintenance import search_audit_log
from services.wording import number

ROWS_SHOWN: Final = 50


def show_rows(query: AuditQuery) -> None:
    """Show the rows that are asked for, newest first, and the ways to newer and older ones."""
    page = int(state.saved_value(PAGE) or 0)
    found = search_audit_log(cache.context(), query, limit=ROWS_SHOWN, skip=page * ROWS_SHOWN)
    if found.rows.empty:
        show_note(_("Nothing was found. Ask for less."))
        return
    headers = [_("Number"), _("When"), _("Who"), _("What"), _("Which"), _("Details")]
    show_table(headers, row_texts(found.rows), label=_("Audit"), kind="audit")
    _show_pager(page, len(found.rows), found.total)


def row_texts(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return rows of the trail as texts: number, time, who, what, which, details."""
    return [
        (
            str(key),
            str(row["at"]).replace("T", " "),
            str(row["actor"]),
            action_name(str(row["action"])),
            object_words(str(row["object"])),
            detail_words(str(row["detail"])),
        )
        for key, row in rows.iterrows()
    ]


def action_name(action: str) -> str:
    """Return what is said of an action; one of another version of the program stays as it is."""
    return _(ACTIONS[Action(action)].title) if action in set(Action) else action


def _show_pager(page: int, shown: int, total: int) -> None:
    first = page * ROWS_SHOWN + 1
    with st.container(key="audit-pager", horizontal=True):
        show_note(
            _("{first}–{last} of {total}", first=number(first), last=number(first + shown - 1), total=number(total))
        )
        with st.container(horizontal=True, width="content"):
            st.button(_("Newer"), key="audit-newer", disabled=not page, on_click=_turn, args=(page - 1,))
            is_last = first + shown > total
            st.button(_("Older"), key="audit-older", disabled=is_last, on_click=_turn, args=(page + 1,))


def _turn(page: int) -> None:
    state.keep(PAGE, page)
