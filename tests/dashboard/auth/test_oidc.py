"""The office's own sign-in, against a provider on loopback: who it vouches for gets in, and nothing else does."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.web.auth.oidc import Provider as Ours
from dashboard.web.auth.oidc import ProviderError
from services import accounts
from services.catalog.actions import Role
from services.context import open_context
from services.rules.areas import EVERYWHERE
from tests.dashboard.auth.knocking import Browser
from tests.dashboard.auth.provider import CLIENT_ID, CLIENT_SECRET, Lies, providing
from tests.serving import serving


@pytest.fixture(scope="module")
def provider():
    with providing() as running:
        yield running


@pytest.fixture(autouse=True)
def honest(provider):
    """Let every test begin with a provider that tells the truth."""
    provider.lies, provider.subject = Lies(), "sub-of-lan"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return f"sqlite:///{tmp_path_factory.mktemp('oidc') / 'oidc.gpkg'}"


@pytest.fixture(scope="module")
def office(store):
    context = open_context(store)
    accounts.create_account(context, "lan")
    accounts.grant_role(context, "lan", Role.PLANNER, EVERYWHERE)
    accounts.change_own_password(context, "lan", "seven quiet herons")
    accounts.link_subject(context, "lan", "sub-of-lan")
    return context


@pytest.fixture(scope="module")
def address(office, store, provider, tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    secret = folder / "secret"
    secret.write_text(CLIENT_SECRET + "\n")
    settings = {"ISSUER": provider.address, "CLIENT_ID": CLIENT_ID, "CLIENT_SECRET_FILE": str(secret)}
    with serving(
        folder, "--store", store, **{f"GRIDMUSTER_OIDC_{name}": value for name, value in settings.items()}
    ) as running:
        yield running.address


@pytest.fixture
def browser(address):
    return Browser(address)


def go_away(browser, wanted="/"):
    """Return the cookie of the way, and the address that the provider sends the browser back to."""
    left = browser.ask(f"/sign-in/oidc?next={wanted}")
    assert left.status == 303, left.text
    parts = urlsplit(left.headers["Location"])
    back = Browser(f"{parts.scheme}://{parts.netloc}").ask(f"{parts.path}?{parts.query}")
    arrived = urlsplit(back.headers["Location"])
    return left.cookie, f"{arrived.path}?{arrived.query}"


def come_back(browser, wanted="/"):
    cookie, path = go_away(browser, wanted)
    return browser.ask(path, Cookie=cookie, Sec_Fetch_Site="cross-site")


def session(answer):
    return next((part for part in answer.cookie.split("; ") if part.startswith("gm=") and len(part) > 10), "")


def test_whoever_the_office_vouches_for_gets_in_and_goes_on_from_a_page_of_ours(browser):
    answer = come_back(browser, "/reinforce")
    assert answer.status == 200
    assert answer.headers["Refresh"] == "0;url=/reinforce"
    inside = Browser(browser.address, {"Cookie": session(answer)})
    assert inside.ask("/").status == 200
    assert inside.is_let_in()


def test_the_cookie_of_the_way_is_short_lived_lax_and_tells_nothing(browser):
    given = browser.ask("/sign-in/oidc").headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=lax", "Max-Age=600"} <= set(given.split("; "))
    assert given.startswith(("gm-away=s1:", 'gm-away="s1:'))


def test_the_provider_is_asked_with_proof_of_the_key_exchange(browser):
    asked = parse_qs(urlsplit(browser.ask("/sign-in/oidc").headers["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"code_challenge", "nonce", "state"} <= set(asked)
    assert asked["redirect_uri"] == [f"{browser.address}/sign-in/oidc/callback"]


LIES = {
    "another nonce": Lies({"nonce": "x"}),
    "no nonce": Lies(dropped=("nonce",)),
    "another audience": Lies({"aud": "other"}),
    "two audiences, not for us": Lies({"aud": ["other", "another"]}),
    "for another party": Lies({"aud": [CLIENT_ID, "other"], "azp": "other"}),
    "another issuer": Lies({"iss": "https://evil.example"}),
    "run out": Lies({"exp": int(time.time()) - 3_600}),
    "no end": Lies(dropped=("exp",)),
    "no subject": Lies(dropped=("sub",)),
    "a forged signature": Lies(forged=True),
    "no signature": Lies(algorithm="none"),
    "keys from elsewhere": Lies(discovery={"jwks_uri": "http://127.0.0.2:9/keys"}),
    "tokens from elsewhere": Lies(discovery={"token_endpoint": "http://127.0.0.2:9/token"}),
    "the description of another": Lies(discovery={"issuer": "https://evil.example"}),
}


@pytest.mark.parametrize("lie", LIES)
def test_an_answer_that_is_wrong_anywhere_lets_nobody_in(browser, provider, lie):
    cookie, path = go_away(browser)
    provider.lies = LIES[lie]
    answer = browser.ask(path, Cookie=cookie)
    assert answer.status == 403
    assert not session(answer)
    assert "单位统一登录没有成功" in answer.text


@pytest.mark.parametrize(
    "change", [lambda path: path.replace("state=", "state=x"), lambda path: path.split("&state")[0]]
)
def test_a_wrong_state_lets_nobody_in(browser, change):
    cookie, path = go_away(browser)
    answer = browser.ask(change(path), Cookie=cookie)
    assert (answer.status, session(answer)) == (403, "")


@pytest.mark.parametrize("cookie", ["", 'gm-away={"state":"x"}', "gm-away=s1:AAAA", "gm-away=x"])
def test_without_the_cookie_of_the_way_nobody_gets_in(browser, cookie):
    _, path = go_away(browser)
    answer = browser.ask(path, Cookie=cookie)
    assert (answer.status, session(answer)) == (403, "")


def test_the_cookie_of_another_way_does_not_fit(browser):
    _, path = go_away(browser)
    cookie, _ = go_away(browser)
    assert browser.ask(path, Cookie=cookie).status == 403


def test_a_code_works_once(browser):
    cookie, path = go_away(browser)
    assert session(browser.ask(path, Cookie=cookie))
    assert browser.ask(path, Cookie=cookie).status == 403


def test_somebody_without_an_account_is_told_what_to_give_the_administrator(browser, provider):
    provider.subject = "sub-<b>unknown"
    answer = come_back(browser)
    assert (answer.status, session(answer)) == (403, "")
    assert "sub-&lt;b&gt;unknown" in answer.text


def test_a_disabled_account_does_not_get_in_this_way_either(office, browser):
    accounts.disable_account(office, "lan")
    try:
        assert come_back(browser).status == 403
    finally:
        accounts.enable_account(office, "lan")


def test_it_leads_to_no_other_site(browser):
    assert come_back(browser, "https://evil.example/").headers["Refresh"] == "0;url=/"


def test_the_sign_in_page_offers_it_and_still_takes_passwords(browser):
    assert "/sign-in/oidc?next=" in browser.ask("/sign-in").text
    assert browser.sign_in("lan", "seven quiet herons").is_let_in()


def test_a_provider_that_is_away_is_told_calmly():
    away = Ours("http://127.0.0.1:9", CLIENT_ID, CLIENT_SECRET)
    with pytest.raises(ProviderError):
        away.begin("http://127.0.0.1/back", "/", 0.0)
    assert CLIENT_SECRET not in repr(away)
