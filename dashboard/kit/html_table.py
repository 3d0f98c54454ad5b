"""Tables that are read, not edited: real HTML, so that long sentences wrap and every reader finds rows and headers."""

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Final

import streamlit as st

from dashboard.kit.widgets import name_uploader
from services.i18n import _

_STYLE: Final = Path(__file__).with_suffix(".css")


def dress_data() -> None:
    """Give the page the style of the parts in this folder."""
    most = _("or drop it here, {size} MB at most", size=st.get_option("server.maxUploadSize"))
    words = {"upload-button": _("Choose a file"), "upload-hint": most}
    said = "".join(f"--{name}: {json.dumps(words[name], ensure_ascii=False)};" for name in words)
    st.html(f"<style>{_STYLE.read_text(encoding='utf-8')} :root {{ {said} }}</style>")
    name_uploader(words["upload-button"])


def show_table(
    headers: Sequence[str], rows: Sequence[Sequence[str]], *, label: str, kind: str, tones: Sequence[str] = ()
) -> None:
    """Show rows of text under headers.

    Parameters
    ----------
    headers, rows
        Plain texts; nothing in them is taken for HTML.
    label
        What a screen reader calls the table.
    kind
        Word for the style sheet (``gm-<kind>``).
    tones
        ``bad``, ``warn`` or ``even`` for each row; empty is even for all.
    """
    head = "".join(f'<th scope="col">{escape(header)}</th>' for header in headers)
    toned = tones or ["even"] * len(rows)
    body = "".join(_row(row, tone) for row, tone in zip(rows, toned, strict=True))
    st.html(
        f'<div class="gm-scroll gm-{kind}" role="region" tabindex="0" aria-label="{escape(label)}">'
        f'<table class="gm-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _row(cells: Sequence[str], tone: str) -> str:
    return f'<tr class="gm-{tone}">' + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
