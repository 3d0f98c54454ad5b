"""What others changed is seen within seconds: the browser hears of another version and lets the page run again.

It asks by itself (``auth/session_check.js``, ``dashboard.live.change_notifier``); nothing runs here while nothing
changes. While the store does not answer, the page keeps what it shows and the browser says how old that is.
"""

import functools
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import streamlit as st

from dashboard import cache
from dashboard.kit.widgets import plain
from dashboard.live.change_notifier import version_message, version_of
from dashboard.streamlit.fragments import keep_language
from dashboard.web.auth.request import RELOAD_KEY
from services.context import StoreError
from services.i18n import _

_NOTHING: Final = -1
_HTML: Final = '<p class="lost" role="status" hidden></p>'
_DIR: Final = Path(__file__).parent


def version_shown() -> int:
    """Return the version a page is about to show; to be asked before it reads anything."""
    return version_of(cache.versions())


def watch_changes(shown_version: int) -> None:
    """Run the page again when there is another version than the one it shows."""
    words = _(
        "The database does not answer. This is the picture of {time}, {minutes} min old; nothing can be changed now.",
        time="{time}",
        minutes="{minutes}",
    )
    st.fragment(keep_language(_look))(
        iter((True,)), {"shown": shown_version, "words": words, "told": version_message()}
    )


def watch_clock(now: datetime) -> None:
    """Run the page again at the next full minute, and at each one after, while the store answers."""
    seconds = 60 - now.second
    st.fragment(run_every=seconds)(keep_language(_tick))(iter((True,)))


def wait_for_store(error: StoreError) -> None:
    """In place of a page that cannot be drawn without the store: say why, and draw it as soon as the store answers."""
    st.warning(plain(_(error.text)), icon=":material/cloud_off:")
    st.fragment(keep_language(_look))(iter((True,)), {"shown": _NOTHING, "words": "", "told": None})


def _look(first: Iterator[bool], data: dict[str, Any]) -> None:
    """Stand by; asked for by the browser, let the whole page run.

    As a part of the page it waits for whatever runs: asked for as a whole, it would stop what somebody has just begun.
    """
    if not next(first, False):
        st.rerun()
    _component()(key=RELOAD_KEY, data=data, on_changed_change=_nothing)


def _tick(first: Iterator[bool]) -> None:
    if not next(first, False) and cache.last_seen().silent_for_s() is None:
        st.rerun()


def _nothing() -> None:
    """Do nothing: a component tells only what there is somebody to tell."""


@functools.cache
def _component() -> Any:
    script, style = ((_DIR / name).read_text(encoding="utf-8") for name in ("live_reload.js", "live_reload.css"))
    return st.components.v2.component("gm_looking", html=_HTML, css=style, js=script)
