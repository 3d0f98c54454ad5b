"""What people see when something breaks: a calm sentence and a number under which the log has the rest."""

import logging
import secrets

import streamlit as st
import structlog
from streamlit import config
from streamlit.logger import get_logger

from dashboard.kit.widgets import plain
from dashboard.web.metrics import FAULTS
from services.errors import ServiceError
from services.i18n import _

log = structlog.get_logger("dashboard")


def quieten_streamlit() -> None:
    """Keep Streamlit from logging tracebacks: their last line may hold values; ``report_fault`` logs the rest."""
    get_logger("streamlit.error_util").setLevel(logging.CRITICAL)
    config.set_option("logger.enableRich", value=False)


def report_fault(error: Exception) -> bool:
    """Show a fault without its traceback and log where it happened; the values in its message may be personal."""
    if isinstance(error, ServiceError):
        st.error(plain(_(error.text)))
        return True
    FAULTS.inc()
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
