"""The page of one's own sessions, and what a first password and a compulsory second factor lead to."""

import re

import pytest

from services import accounts
from services.catalog.actions import Role
from services.rules.areas import EVERYWHERE
from tests.dashboard.auth.conftest import PASSWORD
from tests.dashboard.auth.knocking import SCRIPT, wait_until_closed
from tests.dashboard.auth.test_forms import code_of, fault, shown_secret
from tests.serving import serving

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def numbers(browser):
    """Return the numbers of the sessions that can be ended."""
    return re.findall(r'name="end" value="([0-9a-f]+)"', browser.ask("/sessions").text)


def test_it_lists_where_one_is_signed_in_and_marks_this_one(newcomer, stranger):
    browser = newcomer("lister")
    stranger.send("/sign-in", {"name": "lister", "password": PASSWORD}, User_Agent=FIREFOX, X_Forwarded_For="10.7.0.1")
    page = browser.ask("/sessions")
    assert "时间均为北京时间（UTC+8）" in page.text
    assert page.status == 200
    assert re.search("Firefox 128 · Linux", page.text)
    assert "10.7.0.1" in page.text
    assert page.text.count("<em>") == 1
    assert len(numbers(browser)) == 1
    assert "My sessions" in browser.ask("/sessions", Accept_Language="en").text


def test_one_ends_another_session_after_the_password_and_not_before(newcomer, stranger):
    browser = newcomer("ender")
    other = stranger.sign_in("ender", PASSWORD)
    (number,) = numbers(browser)
    refused = browser.send("/sessions", {"end": number, "password": "wrong"})
    assert refused.status == 403
    assert fault(refused)
    assert other.ask("/whoami", **SCRIPT).status == 200
    with other.open_page() as page:
        assert browser.send("/sessions", {"end": number, "password": PASSWORD}).status == 200
        assert wait_until_closed(page) == 4401
    assert browser.ask("/whoami", **SCRIPT).status == 200
    assert numbers(browser) == []


def test_all_others_end_at_once_and_those_of_other_people_do_not(newcomer, stranger, planner):
    browser = newcomer("sweeper")
    others = [stranger.sign_in("sweeper", PASSWORD) for _ in range(2)]
    assert "2" in re.search("已结束[^<]*", browser.send("/sessions", {"end": "", "password": PASSWORD}).text)[0]
    assert [other.ask("/whoami", **SCRIPT).status for other in others] == [401, 401]
    assert planner.ask("/whoami", **SCRIPT).status == 200
    (number,) = numbers(stranger.sign_in("sweeper", PASSWORD))
    assert planner.send("/sessions", {"end": number, "password": "yanshi-demo"}).status == 200
    assert browser.ask("/whoami", **SCRIPT).status == 200


def test_a_first_password_that_somebody_used_lets_nobody_else_in(office, stranger):
    first = accounts.create_account(office, "robbed")
    right = {"name": "robbed", "password": first}
    assert stranger.send("/sign-in", right, X_Forwarded_For="10.7.1.1").status == 303
    later = stranger.send("/sign-in", right, X_Forwarded_For="10.7.1.2")
    assert later.status == 403
    assert "管理员" in fault(later)


def test_a_new_password_ends_every_session(newcomer, stranger):
    browser, other = newcomer("renewed"), stranger.sign_in("renewed", PASSWORD)
    form = {"password": PASSWORD, "new": "copper window seaside", "again": "copper window seaside"}
    assert browser.send("/password", form | {"new": PASSWORD, "again": PASSWORD}).status == 403
    assert browser.send("/password", form).status == 303
    assert [one.ask("/whoami", **SCRIPT).status for one in (browser, other)] == [401, 401]


@pytest.fixture(scope="module")
def strict(office, store, tmp_path_factory):
    """Return the address of a server on which planners must have a second factor."""
    folder = tmp_path_factory.mktemp("strict")
    with serving(folder, "--store", store, GRIDMUSTER_SECOND_FACTOR="planner") as running:
        yield running.address


def test_a_role_that_takes_a_second_factor_gets_nothing_before_it_is_set(strict, office, stranger, newcomer):
    newcomer("strictly")
    here = type(stranger)(strict)
    browser = here.sign_in("strictly", PASSWORD)
    for path in ("/", "/situation", "/screen", "/sessions"):
        assert browser.ask(path).headers["Location"] == "/second"
    assert browser.ask("/geometry/grids/x.bin", **SCRIPT).status == 403
    assert not browser.is_let_in()
    assert "您的角色" in browser.ask("/second").text
    secret = shown_secret(browser)
    assert browser.send("/second", {"secret": secret, "password": PASSWORD, "code": code_of(secret)}).status == 200
    assert browser.is_let_in()
    with browser.open_page() as page:
        accounts.remove_totp(office, "strictly")
        assert wait_until_closed(page) == 4401
    assert browser.ask("/whoami", **SCRIPT).status == 401
    assert here.sign_in("strictly", PASSWORD).ask("/").headers["Location"] == "/second"


def test_other_roles_need_none(strict, office, stranger, newcomer):
    newcomer("loosely", Role.SECRETARY)
    assert type(stranger)(strict).sign_in("loosely", PASSWORD).is_let_in()
    accounts.grant_role(office, "loosely", Role.PLANNER, EVERYWHERE)
    assert not type(stranger)(strict).sign_in("loosely", PASSWORD).is_let_in()
