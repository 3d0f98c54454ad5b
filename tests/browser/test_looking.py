"""An open page asks by itself what there is: it runs again only when that is new, says so when the store is lost."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from dashboard.web import auth

SCRIPT = (Path(auth.__file__).parent / "session_check.js").read_text(encoding="utf-8")
AT_REST = '[data-testid="stApp"][data-test-script-state="notRunning"]'
LOOK_MS = 2_000


COUNTING = """
window.told = 0;
addEventListener("gridmuster:told", () => { window.told += 1; });
Object.defineProperty(document, "hidden", {get: () => Boolean(window.away)});
"""


def open_page(page, address):
    """Open an address with a clock that the test winds."""
    page.add_init_script(COUNTING)
    page.clock.install()
    page.goto(address)


def look(page):
    """Let it be time to ask, and wait until the answer was taken."""
    before = page.evaluate("window.told")
    page.clock.fast_forward(LOOK_MS)
    page.wait_for_function("before => window.told > before", arg=before)


class Looking:
    """An open page, and what it sends to the server from then on."""

    def __init__(self, page, server):
        self.page, self.sent = page, []
        with page.expect_websocket() as opened:
            open_page(page, f"{server}/orders")
        page.locator(".lost").wait_for(state="attached")
        page.locator(AT_REST).wait_for()
        self.socket = opened.value
        self.socket.on("framesent", self._note)

    def _note(self, frame):
        self.sent.append(frame)

    def hear(self, **told):
        """Let it be told something from now on."""
        self.page.unroute_all()
        self.page.route("**/whoami", lambda route: route.fulfill(json=told))


@pytest.fixture
def looking(page, server):
    return Looking(page, server)


def test_nothing_is_sent_to_the_server_while_nothing_changes(looking):
    for _ in range(3):
        look(looking.page)
    assert looking.sent == []


def test_a_page_runs_again_when_there_is_another_version(looking):
    looking.hear(version=10**6, lost=None)
    with looking.socket.expect_event("framesent"):
        look(looking.page)


def test_a_lost_store_is_said_with_the_age_of_the_picture_until_it_is_back(looking):
    notice = looking.page.locator(".lost")
    looking.hear(version=10**6, lost={"time": "08:15", "minutes": 12})
    look(looking.page)
    expect(notice).to_have_text("数据库没有回应。这是 08:15 的画面（12 分钟前），现在不能改动。")
    assert looking.sent == []
    looking.hear(version=None, lost=None)
    look(looking.page)
    expect(notice).to_be_hidden()


@pytest.fixture
def blank(context):
    """Return a page that holds nothing but the script that asks."""
    page = context.new_page()
    page.route("**/*", lambda route: route.fulfill(content_type="text/html", body=f"<script>{SCRIPT}</script>"))
    page.route("**/whoami", lambda route: route.fulfill(json={}))
    open_page(page, "http://page.example/")
    return page


def test_a_page_that_nobody_sees_asks_less(blank):
    blank.evaluate("window.away = true")
    look(blank)
    asked = blank.evaluate("window.told")
    blank.clock.run_for(4 * LOOK_MS)
    assert blank.evaluate("window.told") == asked
    blank.clock.run_for(LOOK_MS)
    blank.wait_for_function("asked => window.told > asked", arg=asked)


def test_a_page_asks_at_once_when_it_is_seen_again(blank):
    blank.evaluate("window.away = true")
    look(blank)
    asked = blank.evaluate("window.told")
    blank.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    blank.wait_for_function("asked => window.told > asked", arg=asked)
