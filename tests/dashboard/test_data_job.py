"""Work in a thread of its own: watched, stopped, and never silent."""

from threading import Event

import pytest

from dashboard.pages.imports.job import watched
from services.i18n import current_language, text, use_language
from services.imports import CancelledError

LONG = 20.0


def test_the_result_is_what_the_work_returned():
    job = watched(lambda _watch: 42).start()
    assert job.wait(LONG)
    assert job.result() == 42


def test_what_went_wrong_is_raised_where_the_result_is_asked_for():
    job = watched(lambda _watch: 1 / 0).start()
    assert job.wait(LONG)
    with pytest.raises(ZeroDivisionError):
        job.result()


def test_a_result_before_the_end_is_a_fault_of_the_caller():
    go = Event()
    job = watched(lambda _watch: go.wait(LONG)).start()
    with pytest.raises(RuntimeError):
        job.result()
    go.set()
    assert job.wait(LONG)


def test_a_step_is_seen_while_it_is_under_way():
    told, go = Event(), Event()

    def work(monitor):
        monitor.step(text("Reading the file"), 0.25)
        told.set()
        go.wait(LONG)

    job = watched(work).start()
    assert told.wait(LONG)
    assert job.last_step() == (text("Reading the file"), 0.25)
    go.set()
    assert job.wait(LONG)


def test_work_that_is_cancelled_stops_at_its_next_step():
    told, go = Event(), Event()

    def work(monitor):
        monitor.step(text("Reading the file"), 0.0)
        told.set()
        go.wait(LONG)
        monitor.step(text("Reading the rows"), 0.5)

    job = watched(work).start()
    assert told.wait(LONG)
    job.cancel()
    go.set()
    assert job.wait(LONG)
    with pytest.raises(CancelledError):
        job.result()


def test_the_thread_speaks_the_language_of_the_page():
    use_language("en")
    job = watched(lambda _watch: current_language()).start()
    assert job.wait(LONG)
    assert job.result() == "en"
