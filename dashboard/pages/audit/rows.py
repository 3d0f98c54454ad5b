"""The rows of the audit trail as people read them, a page at a time."""

from typing import Final

import pandas as pd

from dashboard import cache
from dashboard.kit.html_table import show_table
from dashboard.kit.pager import range_words, read_page, show_pager
from dashboard.kit.widgets import show_note
from dashboard.pages.audit.filters import LIST
from services.catalog.actions import ACTIONS, Action
from services.context import AuditQuery
from services.export.audit_words import detail_words, object_words
from services.i18n import _
from services.maintenance import search_audit_log

ROWS_SHOWN: Final = 50


def show_rows(query: AuditQuery) -> None:
    """Show the rows that are asked for, newest first, and the ways to newer and older ones."""
    log = read_page(
        LIST,
        ROWS_SHOWN,
        lambda skip: search_audit_log(cache.context(), query, limit=ROWS_SHOWN, skip=skip),
        lambda log: log.total,
    )
    if log.rows.empty:
        show_note(_("Nothing was found. Ask for less."))
        return
    headers = [_("Number"), _("When"), _("Who"), _("What"), _("Which"), _("Details")]
    show_table(headers, row_texts(log.rows), label=_("Audit"), kind="audit")
    if log.total <= ROWS_SHOWN:
        show_note(range_words(1, log.total, ROWS_SHOWN))
    show_pager(LIST, log.total, ROWS_SHOWN)


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
