"""The posts of a handover as a table, and as cards where there is little room."""

from collections.abc import Sequence
from json import dumps

import streamlit as st

from dashboard.kit.html_table import show_table
from services.i18n import _
from services.rostering import Handover
from services.rostering.handover_texts import HEADERS, row_texts
from services.rules.roster.handover import PostHandover


def show_posts(handover: Handover, rows: Sequence[PostHandover]) -> None:
    """Show some posts: how each stands, who is there, who leaves and comes, and what is open."""
    headers = [_(header) for header in HEADERS]
    # On a telephone each cell says its header itself.
    words = "".join(f"--head{place}: {dumps(header, ensure_ascii=False)};" for place, header in enumerate(headers))
    st.html(f"<style>:root {{ {words} }}</style>")
    show_table(
        headers,
        [row_texts(handover, row) for row in rows],
        label=_("Handover"),
        kind="handover",
        tones=[row_tone(handover, row) for row in rows],
    )


def row_tone(handover: Handover, row: PostHandover) -> str:
    """Return how pressing a post is: ``bad`` without anybody now, ``warn`` without anybody soon, ``even``."""
    if row.unmanned_from is None:
        return "even"
    return "bad" if row.unmanned_from == handover.at else "warn"
