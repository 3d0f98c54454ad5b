"""What breaks is told calmly, under a number, without the values it broke on."""

import pytest
from streamlit.testing.v1 import AppTest
from structlog.testing import capture_logs


def page_that_breaks(error_name):
    from dashboard.frame import error_message
    from services.errors import ServiceError
    from services.i18n import text

    errors = {"value": ValueError("张三 13812345678"), "service": ServiceError(text("No data"))}
    error_message.report_fault(errors[error_name])


def run(kind):
    with capture_logs() as logs:
        page = AppTest.from_function(page_that_breaks, args=(kind,)).run()
    return page.error[0].value, logs


def test_a_fault_is_told_with_a_number_that_the_log_has_too():
    told, logs = run("value")
    assert logs[0]["fault"] in told
    assert logs[0]["kind"] == "ValueError"


def test_neither_page_nor_log_holds_what_it_broke_on():
    told, logs = run("value")
    assert "13812345678" not in told + str(logs)


def test_a_refusal_of_a_use_case_is_told_in_its_own_words():
    told, logs = run("service")
    assert told == "无数据"
    assert logs == []


@pytest.mark.parametrize("level", ["ERROR", "WARNING"])
def test_streamlit_logs_no_tracebacks_itself(level):
    import logging

    from streamlit.logger import get_logger

    from dashboard import server

    assert server.app
    assert not get_logger("streamlit.error_util").isEnabledFor(getattr(logging, level))
