"""Drops while the connection is gone: each is in the plan once when it is back, or the page says that it is not."""

import pytest
from playwright.sync_api import expect

from tests.browser.planning import PICK, WAIT_MS, Evening, drag, figure, open_planner, wait_for_moves
from tests.browser.signing import enter
from tests.line import lined

pytestmark = pytest.mark.browser


@pytest.fixture
def line(evening):
    """Return a line to the server that can be cut, and made deaf to what the server says."""
    with lined(evening.server) as line:
        yield line


@pytest.fixture
def far_evening(evening, line):
    """Return an evening that is planned for over that line."""
    return Evening(line.address, evening.query)


def steps_back(page):
    """Undo once; that was all there was."""
    page.locator(".st-key-undo button").click()
    wait_for_moves(page, 0)
    expect(page.locator(".st-key-undo button")).to_be_disabled()


def test_a_drop_made_offline_is_shown_as_waiting_and_sent_once_when_the_line_is_back(page, line, far_evening):
    frame = open_planner(page, far_evening)
    pick = frame.evaluate(PICK)
    line.cut()
    drag(page, frame, pick)
    expect(figure(frame, "本方案派出")).to_have_text(f"{pick['people']}人")
    expect(frame.locator(".gm-notice")).to_contain_text("连接", timeout=WAIT_MS)
    line.mend()
    frame = wait_for_moves(page, 1)
    expect(frame.locator(".gm-notice")).to_have_count(0)
    steps_back(page)


def test_a_drop_whose_answer_was_lost_is_not_made_twice(page, line, far_evening):
    frame = open_planner(page, far_evening)
    pick = frame.evaluate(PICK)
    line.deafen()
    drag(page, frame, pick)
    frame.wait_for_function("map.gmBoard.pending.length === 1")
    line.cut()
    line.mend()
    wait_for_moves(page, 1)
    steps_back(page)


def test_a_page_that_a_lost_line_left_without_its_end_is_loaded_anew(page, line, far_evening):
    frame = open_planner(page, far_evening)
    pick = frame.evaluate(PICK)
    frame.evaluate("GM.report = () => {}")
    drag(page, frame, pick)
    page.evaluate("document.querySelector('[data-gm=whole]').remove()")
    line.cut()
    line.mend()
    wait_for_moves(page, 1)
    expect(page.locator("[data-gm=whole]")).to_have_count(1)
    steps_back(page)


def test_a_page_that_is_whole_stays_when_the_line_is_back(page, line, far_evening):
    frame = open_planner(page, far_evening)
    page.evaluate("window.isOld = true")
    line.cut()
    expect(page.locator(".gm-line")).to_be_visible(timeout=WAIT_MS)
    line.mend()
    expect(page.locator(".gm-line")).to_be_hidden(timeout=WAIT_MS)
    drag(page, frame, frame.evaluate(PICK))
    wait_for_moves(page, 1)
    steps_back(page)
    assert page.evaluate("window.isOld")


def test_a_drop_the_server_never_heard_of_survives_a_reload(page, evening):
    frame = open_planner(page, evening)
    pick = frame.evaluate(PICK)
    frame.evaluate("GM.report = () => {}")
    drag(page, frame, pick)
    frame.wait_for_function("map.gmBoard.pending.length === 1")
    frame = open_planner(page, evening)
    wait_for_moves(page, 1)
    expect(page.locator(".st-key-movesbox")).to_contain_text(pick["name"])
    steps_back(page)
    frame = open_planner(page, evening)
    wait_for_moves(page, 0)


def test_a_drop_that_was_never_sent_is_not_made_by_the_next_to_sign_in(page, evening):
    frame = open_planner(page, evening)
    pick = frame.evaluate(PICK)
    frame.evaluate("GM.report = () => {}")
    drag(page, frame, pick)
    frame.wait_for_function("map.gmBoard.pending.length === 1")
    assert page.evaluate("sessionStorage.getItem('gm-unsaved')")
    enter(page.context, evening.server, "demo-district-commander")
    frame = open_planner(page, evening)
    assert frame.evaluate("map.gmBoard.plan.by") == "demo-district-commander"
    wait_for_moves(page, 0)
    assert page.evaluate("sessionStorage.getItem('gm-unsaved')") is None
    expect(page.locator(".st-key-undo button")).to_be_disabled()


def test_what_another_planner_did_before_signing_out_is_dealt_with_and_left_undone(page, evening):
    frame = open_planner(page, evening)
    pick = frame.evaluate(PICK)
    frame.evaluate("map.gmBoard.plan.by = 'somebody else'")
    drag(page, frame, pick)
    wait_for_moves(page, 0)
    expect(page.locator(".st-key-undo button")).to_be_disabled()


def test_a_drop_that_comes_late_goes_into_the_window_it_was_made_for(page, evening):
    frame = open_planner(page, evening)
    pick = frame.evaluate(PICK)
    frame.evaluate("window.told = GM.report; GM.report = () => {}")
    drag(page, frame, pick)
    frame.wait_for_function("map.gmBoard.pending.length === 1")
    page.get_by_role("button", name="平时").or_(page.get_by_role("radio", name="平时")).first.click()
    frame.wait_for_function("map.gmBoard.plan.desk.startsWith('routine')", timeout=WAIT_MS)
    frame.evaluate("GM.report = window.told; GM.report({})")
    wait_for_moves(page, 0)
    frame = open_planner(page, evening)
    wait_for_moves(page, 1)
