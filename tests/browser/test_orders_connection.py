"""Reports while the connection is gone or the server is killed: each holds once, or the page says that it does not."""

import os
import signal
import time

import pytest
from playwright.sync_api import expect

from services.clock import local_now
from services.context import Context
from services.planning import OrderEvent, team_history
from tests.browser.demo_store import make_demo_store
from tests.browser.phone import rest
from tests.browser.signing import enter
from tests.line import lined
from tests.many_orders import add_orders
from tests.serving import serving

pytestmark = pytest.mark.browser
WAIT_MS = 30_000


@pytest.fixture
def office(tmp_path):
    """Return a store with two orders of which one waits for its first report."""
    _url, context = make_demo_store(tmp_path)
    context = Context(context._store, context.actor, clock=local_now)
    add_orders(context, 2)
    return context


def reports(office):
    """Return what was reported of the second order's team, in turn."""
    with office._store.read() as tx:
        code = tx.plans.read_orders()[1]["team_code"]
    return [line.what for line in reversed(team_history(office, code))][1:]


def await_report(page, office):
    """Wait until the server has a report, whatever the page is told of it."""
    end = time.monotonic() + WAIT_MS / 1000
    while not reports(office):
        assert time.monotonic() < end, "no report came"
        page.wait_for_timeout(50)


def open_card(page, address):
    enter(page.context, address)
    page.goto(f"{address}/orders")
    card = page.locator(".gm-order").filter(has=page.get_by_role("button", name="已收到", exact=True))
    expect(card).to_have_count(1, timeout=WAIT_MS)
    return card


def step(page, words):
    return page.locator(".gm-order .gm-step", has_text=words)


def test_a_report_whose_answer_was_lost_is_shown_once_when_the_line_is_back(browser, office, tmp_path):
    page = browser.new_context(locale="zh-CN").new_page()
    with serving(tmp_path, "--store", f"sqlite:///{tmp_path / 'demo.gpkg'}") as server, lined(server.address) as line:
        card = open_card(page, line.address)
        line.deafen()
        card.get_by_role("button", name="已出发", exact=True).click()
        await_report(page, office)
        line.cut()
        line.mend()
        expect(step(page, "已出发")).to_have_count(1, timeout=WAIT_MS)
    assert reports(office) == [OrderEvent.SET_OUT]
    page.context.close()


def test_a_report_made_offline_is_sent_once_when_the_line_is_back(browser, office, tmp_path):
    page = browser.new_context(locale="zh-CN").new_page()
    with serving(tmp_path, "--store", f"sqlite:///{tmp_path / 'demo.gpkg'}") as server, lined(server.address) as line:
        card = open_card(page, line.address)
        line.cut()
        card.get_by_role("button", name="已出发", exact=True).click()
        expect(step(page, "已出发")).to_have_count(0)
        line.mend()
        expect(step(page, "已出发")).to_have_count(1, timeout=WAIT_MS)
    assert reports(office) == [OrderEvent.SET_OUT]
    page.context.close()


def test_a_report_that_was_shown_survives_a_killed_server(browser, office, tmp_path):
    page = browser.new_context(locale="zh-CN").new_page()
    url = f"sqlite:///{tmp_path / 'demo.gpkg'}"
    with serving(tmp_path, "--store", url) as server:
        open_card(page, server.address).get_by_role("button", name="已到岗", exact=True).click()
        expect(step(page, "已到岗")).to_have_count(2, timeout=WAIT_MS)
        os.kill(server.pid, signal.SIGKILL)
    assert reports(office) == [OrderEvent.ARRIVED]
    with serving(tmp_path, "--store", url) as server:
        page.goto(f"{server.address}/orders")
        expect(step(page, "已到岗")).to_have_count(2, timeout=WAIT_MS)
    page.context.close()


def test_a_plain_button_cannot_be_pressed_without_a_line_and_the_page_says_so(browser, office, tmp_path):
    page = browser.new_context(locale="zh-CN").new_page()
    with serving(tmp_path, "--store", f"sqlite:///{tmp_path / 'demo.gpkg'}") as server, lined(server.address) as line:
        open_card(page, line.address)
        line.cut()
        expect(page.locator(".gm-line")).to_contain_text("连接断开了", timeout=WAIT_MS)
        expect(page.locator(".st-key-orders-all button")).to_be_disabled()
        line.mend()
        expect(page.locator(".st-key-orders-all button")).to_be_enabled(timeout=WAIT_MS)
        expect(page.locator(".gm-line")).to_be_hidden()
    page.context.close()


def test_a_plain_button_whose_answer_was_lost_is_named_and_the_page_shows_what_came_of_it(browser, office, tmp_path):
    page = browser.new_context(locale="zh-CN").new_page()
    with serving(tmp_path, "--store", f"sqlite:///{tmp_path / 'demo.gpkg'}") as server, lined(server.address) as line:
        open_card(page, line.address)
        page.locator(".st-key-orders-all button").click()
        say = page.locator(".st-key-orders-say-set_out button")
        expect(say).to_be_enabled(timeout=WAIT_MS)
        rest(page)
        line.deafen()
        say.click()
        await_report(page, office)
        line.cut()
        line.mend()
        expect(page.locator(".gm-line")).to_contain_text("已出发”没有得到回应", timeout=WAIT_MS)
        expect(step(page, "已出发").first).to_be_visible(timeout=WAIT_MS)
    assert reports(office) == [OrderEvent.SET_OUT]
    page.context.close()
