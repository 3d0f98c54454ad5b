"""The pages of the door, sent as a browser would: who gets in, who does not, and what they are told."""

import base64
import re
import time
from urllib.parse import urljoin, urlsplit

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from services import accounts
from services.accounts import DEMO_PASSWORD
from services.catalog.actions import Role
from services.context import open_context
from services.rules.areas import EVERYWHERE
from tests.dashboard.auth.conftest import PASSWORD
from tests.dashboard.auth.knocking import SCRIPT, Browser, wait_until_closed
from tests.serving import serving

RIGHT = {"name": "demo-planner", "password": DEMO_PASSWORD}


def fault(answer):
    return re.search(r'role="alert">([^<]+)<', answer.text)[1]


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(stranger, newcomer):
    newcomer("known")
    known, unknown = (
        stranger.send("/sign-in", {"name": name, "password": "wrong"}, X_Forwarded_For="10.2.0.1")
        for name in ("known", "nobody-here")
    )
    assert (known.status, fault(known)) == (unknown.status, fault(unknown)) == (403, "帐号或密码不对，或动态码已过期。")
    assert known.text.replace("known", "") == unknown.text.replace("nobody-here", "")
    assert "Set-Cookie" not in known.headers


def guess(stranger, name, address, times=5):
    for _ in range(times):
        stranger.send("/sign-in", {"name": name, "password": "wrong"}, X_Forwarded_For=address)


def test_five_wrong_passwords_close_an_account_at_that_address_whatever_comes_then(stranger, newcomer):
    newcomer("target")
    guess(stranger, "target", "10.3.0.1")
    closed = stranger.send("/sign-in", {"name": "target", "password": PASSWORD}, X_Forwarded_For="10.3.0.1")
    assert closed.status == 429
    assert "输错次数太多" in fault(closed)
    assert "<form" in closed.text
    assert stranger.send("/sign-in", RIGHT, X_Forwarded_For="10.3.0.1").status == 303


def test_wrong_passwords_from_elsewhere_shut_out_neither_the_owner_nor_a_browser_they_used(stranger, newcomer):
    known = newcomer("owner")
    right = {"name": "owner", "password": PASSWORD}
    guess(stranger, "owner", "10.3.1.1")
    assert stranger.send("/sign-in", right, X_Forwarded_For="10.3.1.2").status == 303
    assert stranger.send("/sign-in", right, X_Forwarded_For="10.3.1.1").status == 429
    assert known.send("/sign-in", right, X_Forwarded_For="10.3.1.1").status == 303


def test_the_cookie_of_a_browser_opens_nothing(stranger, newcomer):
    cookie = next(part for part in newcomer("cookie").headers["Cookie"].split("; ") if part.startswith("gm-browser="))
    assert stranger.ask("/whoami", Cookie=cookie, **SCRIPT).status == 401
    assert not stranger.is_let_in(Cookie=cookie)


def test_an_address_is_closed_after_thirty_wrong_names_and_others_are_not(stranger):
    for number in range(30):
        stranger.send("/sign-in", {"name": f"nobody{number}", "password": "x"}, X_Forwarded_For="10.4.0.1")
    assert stranger.send("/sign-in", RIGHT, X_Forwarded_For="10.4.0.1").status == 429
    assert stranger.send("/sign-in", RIGHT, X_Forwarded_For="10.4.0.2").status == 303


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/%5cevil.example",
        "javascript:alert(1)",
        "/\nx: y",
    ],
)
def test_signing_in_leads_to_no_other_site(stranger, wanted):
    assert stranger.send("/sign-in", RIGHT | {"next": wanted}).headers["Location"] == "/"


@pytest.mark.parametrize(
    "path", ["//evil.example/x", "/%2f/evil.example", "///evil.example", "/%5cevil.example", "/\\evil.example"]
)
def test_a_link_elsewhere_to_a_crooked_path_leads_to_no_other_site(stranger, path):
    answer = stranger.ask(path, Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="document")
    ways = [answer.headers["Refresh"].partition("url=")[2], *re.findall(r'class="button" href="([^"]*)"', answer.text)]
    assert len(ways) == 2
    for way in ways:
        assert urlsplit(urljoin(stranger.address, way.replace("\\", "/"))).netloc == urlsplit(stranger.address).netloc


@pytest.mark.parametrize(
    ("name", "whence"),
    [
        ("TARGET-TWO", "10.6.0.1"),
        (" target-two ", "10.6.0.2"),
        ("target-two\0", "10.6.0.3"),
        ("target-two\u3000", "10.6.0.4"),
        ("\u212aeeper", "10.6.0.5"),
    ],
)
def test_a_name_written_otherwise_counts_as_the_same_account(stranger, newcomer, office, name, whence):
    wanted = name.replace("\0", "").strip().lower()
    if wanted not in {account.name for account in accounts.list_accounts(office)}:
        newcomer(wanted)
    guess(stranger, name, whence)
    closed = stranger.send("/sign-in", {"name": wanted, "password": PASSWORD}, X_Forwarded_For=whence)
    assert closed.status == 429


def test_what_was_typed_as_a_name_that_nobody_has_is_not_kept(stranger, office):
    stranger.send("/sign-in", {"name": "My Secret Pass-Phrase", "password": "x"}, X_Forwarded_For="10.6.1.1")
    with office._store.read() as tx:
        assert tx.accounts.read_failures("", name="my secret pass-phrase") == []
        assert len(tx.accounts.read_failures("", address="10.6.1.1")) == 1


def test_signing_in_leads_to_the_page_that_was_asked_for(stranger):
    there = stranger.ask("/reinforce").headers["Location"]
    assert 'name="next" value="/reinforce"' in stranger.ask(there).text
    assert stranger.send("/sign-in", RIGHT | {"next": "/reinforce"}).headers["Location"] == "/reinforce"


@pytest.mark.parametrize(
    "sent_by", [{"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}, {"Origin": "https://evil.example"}]
)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/password", "/second", "/sessions"])
def test_a_form_of_another_site_does_nothing(planner, path, sent_by):
    assert planner.send(path, RIGHT, **sent_by).status == 403
    assert planner.ask("/whoami", **SCRIPT).status == 200


def test_a_form_that_is_too_long_is_refused(stranger):
    assert stranger.send("/sign-in", RIGHT | {"code": "x" * 20_000}).status == 403


def test_what_was_typed_comes_back_as_text(stranger):
    answer = stranger.send(
        "/sign-in", {"name": '"><script>alert(1)</script>', "password": "x"}, X_Forwarded_For="10.5.0.1"
    )
    assert "<script>" not in answer.text


def test_a_first_password_leads_to_a_new_one_and_nowhere_else(office, stranger):
    first = accounts.create_account(office, "beginner")
    accounts.grant_role(office, "beginner", Role.PLANNER, EVERYWHERE)
    browser = stranger.sign_in("beginner", first)
    for path in ("/", "/situation", "/screen", "/second"):
        assert browser.ask(path).headers["Location"] == "/password"
    assert browser.ask("/geometry/grids/x.bin", **SCRIPT).status == 403
    assert not browser.is_let_in()
    wrong = browser.send("/password", {"password": "wrong", "new": PASSWORD, "again": PASSWORD})
    differing = browser.send("/password", {"password": first, "new": PASSWORD, "again": "other"})
    easy = browser.send("/password", {"password": first, "new": "1234567890", "again": "1234567890"})
    assert [answer.status for answer in (wrong, differing, easy)] == [403, 403, 403]
    assert browser.send("/password", {"password": first, "new": PASSWORD, "again": PASSWORD}).status == 303
    assert browser.ask("/whoami", **SCRIPT).status == 401
    assert stranger.sign_in("beginner", PASSWORD).is_let_in()


def shown_secret(browser):
    return re.search(r'name="secret" value="([A-Z2-7]+)"', browser.ask("/second").text)[1]


def code_of(secret, steps=0):
    """Return the code of now, or one of so many steps later: each works once."""
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(int(time.time()) + 30 * steps).decode()


def test_a_second_factor_is_set_on_its_page_and_asked_for_from_then_on(stranger, newcomer):
    browser = newcomer("careful")
    secret = shown_secret(browser)
    form, code = {"secret": secret, "password": PASSWORD}, code_of(secret)
    assert browser.send("/second", form | {"code": "000000" if code != "000000" else "000001"}).status == 403
    assert browser.send("/second", form | {"code": code}).status == 200
    right = {"name": "careful", "password": PASSWORD}
    assert stranger.send("/sign-in", right).status == 403
    assert stranger.send("/sign-in", right | {"code": code}).status == 403
    assert stranger.sign_in("careful", PASSWORD, code=code_of(secret, 1)).is_let_in()


def test_setting_a_second_factor_ends_the_pages_of_other_browsers(stranger, newcomer):
    browser = newcomer("wary")
    secret = shown_secret(browser)
    with stranger.sign_in("wary", PASSWORD).open_page() as page:
        told = browser.send("/second", {"secret": secret, "password": PASSWORD, "code": code_of(secret)})
        assert "已结束其他 1 个登录" in told.text
        assert wait_until_closed(page) == 4401
    assert browser.is_let_in()


def test_who_finds_a_page_open_cannot_put_in_a_second_factor_of_their_own(newcomer):
    browser = newcomer("away")
    first = shown_secret(browser)
    sent = {"secret": first, "code": code_of(first)}
    assert browser.send("/second", sent | {"password": "wrong"}).status == 403
    assert browser.send("/second", sent | {"password": PASSWORD}).status == 200
    other = shown_secret(browser)
    sent = {"secret": other, "code": code_of(other), "password": PASSWORD}
    assert browser.send("/second", sent | {"before": sent["code"]}).status == 403
    assert browser.send("/second", sent | {"before": code_of(first, 1)}).status == 200


def test_a_made_up_secret_is_no_second_factor(newcomer):
    answer = newcomer("inventive").send("/second", {"secret": "A" * 8, "code": "000000", "password": PASSWORD})
    assert answer.status == 403


def test_the_set_up_address_makes_one_administrator_once(tmp_path):
    store = f"sqlite:///{tmp_path / 'new.gpkg'}"
    with serving(tmp_path, "--store", store) as running:
        said = running.log.read_text()
        path = re.search(r"http://[^/\s]+(/set-up/[A-Za-z0-9_-]+)", said.replace("\n", ""))[1]
        browser = Browser(running.address)
        assert "演示帐号" not in browser.ask("/sign-in").text
        chosen = {"name": "guanli", "new": "walnut bicycle harbour", "again": "walnut bicycle harbour"}
        assert browser.send("/set-up/x", chosen).status == 403
        assert browser.send(path, chosen | {"name": "管 理"}).status == 403
        assert browser.ask(path).status == 200
        assert browser.send(path, chosen).status == 303
        assert browser.send(path, chosen | {"name": "second"}).status == 403
        assert browser.ask(path).headers["Location"] == "/sign-in"
        assert browser.sign_in("guanli", "walnut bicycle harbour").is_let_in()
    assert [account.name for account in accounts.list_accounts(open_context(store))] == ["guanli"]


def test_demo_accounts_name_their_area_in_words(stranger):
    assert "<span>全部</span>" in stranger.ask("/sign-in").text


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/no-role"])
def test_the_pages_of_the_door_speak_both_languages_and_run_no_script(stranger, path):
    chinese, english = stranger.ask(path), stranger.ask(path, Accept_Language="en-GB")
    assert '<html lang="zh' in chinese.text
    assert '<html lang="en"' in english.text
    assert "script-src" not in chinese.headers["Content-Security-Policy"]
    assert "default-src 'none'" in chinese.headers["Content-Security-Policy"]
