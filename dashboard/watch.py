"""What others changed is seen within seconds: a look at two numbers, and a new run only when they grew.

While the store does not answer, the page keeps what it shows and says how old that is.
"""

from datetime import datetime, timedelta
from typing import Final

import streamlit as st

from dashboard import cache, state
from dashboard.widgets import plain
from services.context import StoreError
from services.i18n import _, current_language, use_language

EVERY_S: Final = 4.0
_SEEN: Final = "seen-version"
_STYLE: Final = (
    "<style>.st-key-lost{position:fixed;top:.3rem;right:11rem;z-index:999999;width:auto;max-width:38vw;"
    "box-shadow:0 1px 4px #0003;border-radius:.5rem;background:#fff8dc}"
    ".st-key-lost [data-testid=stAlertContainer]{padding:.25rem .75rem;min-height:0}"
    ".st-key-lost p{font-size:.85rem;line-height:1.25}</style>"
)


def watch_changes(extra: int = 0) -> None:
    """Run the page again when data or orders change, or ``extra`` (the revision of what is open) is not the same."""
    state.keep(_SEEN, (*cache.shown_version(), extra))
    _look(extra, current_language())


@st.fragment(run_every=EVERY_S)
def _look(extra: int, language: str) -> None:
    use_language(language)  # a fragment runs without the frame that sets it
    now = (*cache.shown_version_lately(), extra)
    _show_age()
    if state.kept(_SEEN) != now:
        state.keep(_SEEN, now)
        st.rerun()


def _show_age() -> None:
    """Say in amber how old the picture is while the store is lost."""
    age_s = cache.seen().silent_for_s()
    if age_s is None:
        return
    seen = datetime.now().astimezone() - timedelta(seconds=age_s)
    words = _(
        "The database does not answer. This is the picture of {time}, {minutes} min old; nothing can be changed now.",
        time=f"{seen:%H:%M}",
        minutes=int(age_s // 60),
    )
    with st.container(key="lost"):
        st.html(_STYLE)
        st.warning(plain(words), icon=":material/cloud_off:")


def wait_for_store(error: StoreError) -> None:
    """In place of a page that cannot be drawn without the store: say why, and draw it as soon as the store answers."""
    st.warning(plain(_(error.text)), icon=":material/cloud_off:")
    _look_for_store()


@st.fragment(run_every=EVERY_S)
def _look_for_store() -> None:
    try:
        cache.versions_now()
    except StoreError:
        return
    st.rerun()
