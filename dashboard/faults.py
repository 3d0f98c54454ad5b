"""What people see when something breaks: a calm sentence and a number under which the log has the rest."""

import secrets

import streamlit as st
import structlog

from dashboard.widgets import plain
from services.errors import ServiceError
from services.i18n import _

log = structlog.get_logger("dashboard")


def report_fault(error: Exception) -> bool:
    """Show a fault without its traceback and log where it happened; the values in its message may be personal."""
    if isinstance(error, ServiceError):
        st.error(plain(_(error.text)))
        return True
    number = secrets.token_hex(4)
    log.error("page_failed", fault=number, kind=type(error).__name__, where=_places(error))
    st.error(
        _(
            "Something went wrong here. Your data is safe. "
            "Reload the page; if it happens again, report number {number}.",
            number=number,
        )
    )
    return True


def _places(error: BaseException) -> list[str]:
    """Return where the error passed through our files, innermost last."""
    places, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-6:]
