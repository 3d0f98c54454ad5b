"""How much one browser may ask for."""

from contextlib import ExitStack

import pytest

from dashboard.web.auth.rate_limits import AT_ONCE, MOST_A_SESSION, PER_SECOND, RateLimiter, cost_of
from dashboard.web.auth.session_check import FRESH_S, SessionCheck


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def limits(clock):
    return RateLimiter(clock)


def test_so_many_requests_may_come_at_once_and_no_more(limits):
    assert all(limits.allow("a") for _ in range(int(AT_ONCE)))
    assert not limits.allow("a")
    assert limits.allow("b")


def test_after_a_while_they_may_come_again(limits, clock):
    while limits.allow("a"):
        pass
    clock.now += 1.0
    assert sum(limits.allow("a") for _ in range(int(2 * PER_SECOND))) == int(PER_SECOND)


def test_a_session_has_room_for_so_many_pages():
    monitor = SessionCheck(lambda: None)
    for _ in range(MOST_A_SESSION):
        assert RateLimiter.has_room(monitor, "a")
        monitor.enter("a")
    assert not RateLimiter.has_room(monitor, "a")
    assert RateLimiter.has_room(monitor, "b")


def test_a_page_that_is_left_makes_room():
    monitor = SessionCheck(lambda: None)
    entered = [monitor.enter("a") for _ in range(MOST_A_SESSION)]
    monitor.leave("a", entered[0])
    assert RateLimiter.has_room(monitor, "a")


def test_an_ended_session_is_noticed_within_five_seconds():
    assert 2 * FRESH_S < 5


def test_asking_too_often_gets_a_polite_page_even_with_ever_new_cookies(stranger):
    there = {"X_Forwarded_For": "10.7.0.1"}
    answers = (stranger.ask("/sign-in/no-role", Cookie=f"gm=forged{k}", **there) for k in range(2_000))
    refused = next(answer for answer in answers if answer.status == 429)
    assert "请求太频繁" in refused.text
    assert refused.headers["Retry-After"] == "60"
    assert refused.text.startswith("<!doctype html>")


def test_one_page_too_many_gets_a_polite_page(stranger):
    browser = stranger.sign_in("demo-secretary")
    with ExitStack() as pages:
        for _ in range(MOST_A_SESSION):
            pages.enter_context(browser.open_page())
        assert "打开的页面太多" in browser.ask("/situation").text
        assert not browser.is_let_in()


def test_forms_with_a_password_and_downloads_may_come_less_often(limits, clock):
    for method, path in (("POST", "/sign-in"), ("POST", "/set-up/x"), ("POST", "/sessions"), ("GET", "/download/x")):
        passed = sum(limits.allow(path, cost_of(method, path)) for _ in range(int(AT_ONCE)))
        assert passed == AT_ONCE // cost_of(method, path) < AT_ONCE / 2
        clock.now += 1.0
        assert limits.allow(path, cost_of(method, path)) == (cost_of(method, path) <= PER_SECOND)
