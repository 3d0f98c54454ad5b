"""The door in Chromium: every page obeys its policy, the sign-in page fits a screen, links from elsewhere arrive."""

import pytest

from services.accounts import DEMO_PASSWORD
from tests.browser.signing import enter

PAGES = {
    "demo-planner": ["situation", "reinforce", "orders", "briefing", "data", "people", "settle", "screen"],
    "demo-administrator": ["accounts", "audit"],
}
SHOWN = '[data-testid="stMainBlockContainer"] [data-testid="stHtml"], #stage, main'


@pytest.mark.parametrize(("account", "path"), [(who, path) for who, paths in PAGES.items() for path in paths])
def test_a_page_breaks_no_rule_of_its_policy(server, context, account, path):
    enter(context, server, account)
    broken = []
    page = context.new_page()
    page.on("console", lambda said: broken.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto(f"{server}/{path}")
    page.wait_for_selector(SHOWN)
    page.wait_for_load_state("networkidle")
    assert broken == []


def test_a_script_that_got_into_a_page_does_not_run(server, context):
    enter(context, server)
    page = context.new_page()
    page.goto(f"{server}/data")
    page.wait_for_selector(SHOWN)
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">')")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    )
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.ran") is None


@pytest.mark.parametrize("size", [(1440, 900), (1920, 1080)])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sign_in_page_fits_a_screen(server, context, size, language):
    page = context.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{server}/sign-in?lang={language}")
    assert page.evaluate("document.documentElement.scrollHeight") <= size[1]


def test_the_sign_in_page_is_not_wider_than_a_telephone(server, context):
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(f"{server}/sign-in")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("path", ["sessions", "second", "password"])
def test_the_pages_of_an_account_are_not_wider_than_a_telephone(server, context, path):
    enter(context, server)
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(f"{server}/{path}")
    assert page.locator("main h1").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_account_menu_leads_to_the_own_sessions_and_ends_one(server, context, browser):
    account = "demo-subdistrict-commander"  # as whom no other test here is signed in
    enter(context, server, account)
    elsewhere = browser.new_context()
    enter(elsewhere, server, account)
    page = context.new_page()
    page.goto(f"{server}/situation")
    page.locator(".st-key-account button").click(timeout=30_000)
    page.get_by_role("link", name="我的登录").click()
    page.wait_for_url("**/sessions")
    page.get_by_label("登录密码").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="结束其他全部登录").click()
    assert page.get_by_role("status").inner_text().startswith("已结束")
    assert elsewhere.request.get(f"{server}/whoami", headers={"Sec-Fetch-Dest": "empty"}).status == 401
    elsewhere.close()


def test_a_demo_account_is_one_press_away_and_signing_out_leads_back(server, context):
    page = context.new_page()
    page.goto(f"{server}/situation")
    page.get_by_role("button", name="社区书记").click()
    page.wait_for_selector(SHOWN)
    page.locator(".st-key-account button").click(timeout=30_000)
    page.get_by_role("link", name="退出").click()
    page.wait_for_url("**/sign-in")
    page.goto(f"{server}/situation")
    assert "/sign-in" in page.url


def test_whoever_signs_out_lands_at_the_door_even_if_the_page_hears_first_that_the_session_is_over(server, context):
    enter(context, server, "demo-secretary")
    page, held = context.new_page(), []
    page.goto(f"{server}/situation")
    page.locator(".st-key-account button").click(timeout=30_000)
    page.route("**/sign-out", lambda route: held.append((route, route.fetch(max_redirects=0))))
    page.get_by_role("link", name="退出").click(no_wait_after=True)
    for _look in range(2):  # of the page, after the server has ended the session; its answer is on the way all the time
        with page.expect_response("**/whoami") as told:
            pass
    assert told.value.status == 401
    route, answer = held[0]
    route.fulfill(response=answer)
    page.wait_for_url("**/sign-in")


def test_a_link_on_another_site_leads_whoever_is_signed_in_to_the_page(server, context):
    enter(context, server)
    page = context.new_page()
    page.route("http://portal.example/", lambda route: route.fulfill(body=f'<a href="{server}/data">x</a>'))
    page.goto("http://portal.example/")
    page.get_by_role("link").click()
    page.wait_for_url(f"{server}/data**")
    page.wait_for_selector(SHOWN)


def test_a_page_leads_back_to_the_door_when_its_session_ends_elsewhere(server, context):
    enter(context, server)
    page = context.new_page()
    page.goto(f"{server}/data")
    page.wait_for_selector(SHOWN)
    assert context.request.post(f"{server}/sign-out", max_redirects=0).status == 303
    page.wait_for_url("**/sign-in?next=%2Fdata")
