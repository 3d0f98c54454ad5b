"""Whether somebody has been at the audit trail: a button, and what was found."""

from typing import Final

import streamlit as st

from dashboard import cache, state
from dashboard.widgets import plain, show_note
from dashboard.words import number
from services.i18n import _
from services.upkeep import Verified, fault_text, verify_trail

_FOUND: Final = "audit-verified"


def show_chain() -> None:
    """Show the button that checks the chain and, once it was pressed, what was found."""
    with st.container(key="audit-chain", horizontal=True):
        st.button(_("Check the chain"), key="audit-verify", on_click=_verify)
        found = state.kept(_FOUND)
        if found is None:
            show_note(_("Every row is checked against the one before it."))
    if found is not None:
        _show_found(*found)


def _verify() -> None:
    context = cache.context()
    state.keep(_FOUND, (f"{context.clock():%H:%M:%S}", verify_trail(context)))


def _show_found(time: str, found: Verified) -> None:
    if found.is_whole:
        st.success(
            plain(_("Checked at {time}: all {rows} rows are as they were written.", time=time, rows=number(found.rows)))
        )
        return
    faults = [_(fault_text(fault)) for fault in found.faults]
    faults += [_("The backup “{file}” does not fit.", file=name) for name in found.disagreeing]
    said = "\n".join(f"- {plain(one)}" for one in faults)
    st.error(f"{plain(_('Checked at {time}: the trail is not whole.', time=time))}\n\n{said}")
