"""Whether somebody has been at the audit trail: a button, and what was found."""

from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.kit.widgets import plain, show_note
from dashboard.streamlit import state
from services.i18n import _
from services.maintenance import AuditCheck, fault_text, verify_audit_log
from services.wording import number

_FOUND: Final = "audit-verified"


def show_chain() -> None:
    """Show the button that checks the chain and, once it was pressed, that all is well."""
    found: tuple[str, AuditCheck] | None = state.saved_value(_FOUND)
    with st.container(key="audit-chain", horizontal=True):
        st.button(_("Check the chain"), key="audit-verify", on_click=_verify)
        if found is None:
            show_note(_("Every row is checked against the one before it."))
        elif found[1].is_whole:
            rows = number(found[1].rows)
            show_note(_("Checked at {time}: all {rows} rows are as they were written.", time=found[0], rows=rows))


def show_faults() -> None:
    """Say what is wrong with the trail, where a check has found something."""
    found: tuple[str, AuditCheck] | None = state.saved_value(_FOUND)
    if found is None or found[1].is_whole:
        return
    faults = [_(fault_text(fault)) for fault in found[1].faults]
    faults += [_("The backup “{file}” does not fit.", file=name) for name in found[1].disagreeing]
    said = "\n".join(f"- {plain(one)}" for one in faults)
    head = plain(_("Checked at {time}: the trail is not whole.", time=found[0]))
    st.error(f"{head}\n\n{said}")


def _verify() -> None:
    context = cache.context()
    state.keep(_FOUND, (f"{context.clock():%H:%M:%S}", verify_audit_log(context)))
