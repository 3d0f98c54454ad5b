"""How far the work is, told several times a second, with the button that stops it."""

import streamlit as st

from dashboard.kit.widgets import plain
from dashboard.pages.imports import flow
from dashboard.streamlit.fragments import show_at_work
from dashboard.streamlit.job import QUICK_S
from services.i18n import _


def show_work() -> bool:
    """Show the work under way and return True, or take what came of it and return False."""
    job = flow.job()
    if job is None:
        return False
    if job.wait(QUICK_S):
        flow.finish()
        return False
    with st.container(key="import-work"):
        show_at_work(_show_bar)
    return True


def _show_bar() -> None:
    job = flow.job()
    if job is None or job.is_done:
        st.rerun()
    name, share = job.last_step() or (None, 0.0)
    words = _("Stopping …") if job.is_cancelled else _(name) if name else _("Beginning …")
    st.progress(min(max(share, 0.0), 1.0), text=f"{plain(flow.file_name())}　{plain(words)}")
    st.button(_("Cancel"), key="import-stop", on_click=job.cancel, disabled=job.is_cancelled)
