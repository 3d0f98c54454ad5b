"""What others changed is seen within seconds: a look at two numbers, and a new run only when they grew."""

from typing import Final

import streamlit as st

from dashboard import cache, state

EVERY_S: Final = 4.0
_SEEN: Final = "seen-version"


def watch_changes(extra: int = 0) -> None:
    """Run the page again when data or orders change, or ``extra`` (the revision of what is open) is not the same."""
    state.keep(_SEEN, (*cache.shown_version(), extra))
    _look(extra)


@st.fragment(run_every=EVERY_S)
def _look(extra: int) -> None:
    now = (*cache.shown_version(), extra)
    if state.kept(_SEEN) != now:
        state.keep(_SEEN, now)
        st.rerun()
