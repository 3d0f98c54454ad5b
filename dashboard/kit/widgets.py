"""Small pieces of a page that Streamlit has not, or has in English only. All text that comes in is taken as text."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

import streamlit as st

from dashboard.streamlit.phrases import phrases
from services.i18n import _, current_language, unit_words

_STYLE: Final = Path(__file__).parent / "style.css"
_MARKDOWN: Final = re.compile(r"([!-/:-@\[-`{-~])")
_ADDRESS: Final = re.compile(r"(https?://|www(?=\.)|@)", re.IGNORECASE)
"""After which Streamlit's Markdown makes a link of what follows, escaped or not; a word joiner there prevents it."""
_HTML_LANGUAGE: Final = {"zh": "zh-CN", "en": "en"}


@dataclass(frozen=True, slots=True)
class TileNote:
    """A line beside a figure."""

    words: str
    tone: str = "even"
    """``good``, ``bad`` or ``even``: how a change is to be taken."""
    hint: str = ""
    """What is said of it when it is pointed at."""
    is_minor: bool = False
    """Whether it is left out where there is little room."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the figures at the top of a page."""

    label: str
    value: str
    unit: str
    notes: tuple[TileNote, ...] = ()
    way: str = ""
    """The address that a click leads to, with what is counted there; empty for none."""
    way_hint: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a bar list: what, how many, and the share of the longest bar (0 to 1)."""

    label: str
    value: str
    share: float
    tone: str = "plain"


def plain(content: str) -> str:
    """Return text that Streamlit's Markdown shows as it is, on one line: no links, images, formulas or icons."""
    return _MARKDOWN.sub(r"\\\1", _ADDRESS.sub("\\1\u2060", " ".join(content.split())))


def dress_page() -> None:
    """Give the page its style, its language, and words for what Streamlit says by itself."""
    language = _HTML_LANGUAGE[current_language()]
    st.html(_style())
    _ask("language", language)
    _ask("phrases", _phrases(language))
    _ask("connection", _connection_words(language))


def end_page() -> None:
    """Note that the page is drawn to its end; the browser looks for it when a lost connection is back."""
    _ask("whole", "")


@cache
def _phrases(language: str) -> str:
    del language  # it is the key
    return json.dumps(phrases(), ensure_ascii=False, separators=(",", ":"))


@cache
def _connection_words(language: str) -> str:
    del language  # it is the key
    lost = _("The line to the server is gone. What you see stays; grey buttons work again once it is back.")
    unanswered = _(
        "“{button}” had no answer before the line broke. This is how it stands now: press again if need be.",
        button="{button}",
    )
    return json.dumps({"lost": lost, "unanswered": unanswered}, ensure_ascii=False)


@cache
def _style() -> str:
    return f"<style>{_STYLE.read_text(encoding='utf-8')}</style>"


def bring_into_view(key: str, reason: str) -> None:
    """Scroll to the container with a key; it happens again only when the reason changes, not at every run."""
    _ask("view", key, reason)


def fetch_file(address: str) -> None:
    """Let the browser fetch a download (``dashboard.web.routes``) by itself, once."""
    _ask("download", address)


def name_uploader(label: str) -> None:
    """Say how screen readers call Streamlit's uploader on this page."""
    _ask("uploader", label)


def _ask(task: str, value: str, reason: str = "") -> None:
    """Let ``auth/page.js`` do something: scripts inside the page are forbidden by its policy."""
    st.html(f'<i hidden data-gm="{task}" data-value="{escape(value)}" data-reason="{escape(reason)}"></i>')


def show_figures(figures: Sequence[Tile]) -> None:
    """Show figures side by side, each with its notes."""
    tiles = "".join(
        f'<div class="gm-tile" role="group" aria-label="{escape(f.label)}">'
        f'<span class="gm-label">{_tile_label(f)}</span>'
        f'<span class="gm-value">{escape(f.value)}<small>{escape(unit_words(f.value, f.unit))}</small></span>'
        f'<span class="gm-notes">{_notes(f)}</span></div>'
        for f in figures
    )
    st.html(f'<div class="gm-tiles">{tiles}</div>')


def _tile_label(figure: Tile) -> str:
    """Return the label of a figure, as a link that fills the tile where it leads anywhere."""
    words = escape(figure.label)
    if not figure.way:
        return words
    hint = escape(figure.way_hint)
    return f'<a class="gm-way" href="{escape(figure.way)}" target="_self" title="{hint}">{words}</a>'


def _notes(figure: Tile) -> str:
    return "".join(
        f'<i class="gm-change gm-{note.tone}{" gm-minor" * note.is_minor}" title="{escape(note.hint)}">'
        f"{escape(note.words)}</i>"
        for note in figure.notes
    )


def show_bars(title: str, bars: Iterable[Bar]) -> None:
    """Show a short list of bars, e.g. need by item."""
    rows = "".join(
        f'<div class="gm-bar"><span>{escape(bar.label)}</span><i><b class="gm-{bar.tone}" '
        f'style="width:{100 * min(max(bar.share, 0.0), 1.0):.0f}%"></b></i><em>{escape(bar.value)}</em></div>'
        for bar in bars
    )
    st.html(f'<div class="gm-bars"><h4>{escape(title)}</h4>{rows}</div>')


def show_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Show pairs of a word and its value."""
    rows = "".join(f"<div><dt>{escape(word)}</dt><dd>{escape(value)}</dd></div>" for word, value in facts)
    st.html(f'<dl class="gm-facts">{rows}</dl>')


def show_heading(title: str, note: str = "") -> None:
    """Show the heading of a part of the page, with a quiet note beside it."""
    st.html(f'<div class="gm-heading"><h3>{escape(title)}</h3><span>{escape(note)}</span></div>')


def show_note(words: str) -> None:
    """Show a quiet sentence."""
    st.html(f'<p class="gm-note">{escape(words)}</p>')
