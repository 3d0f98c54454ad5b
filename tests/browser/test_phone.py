"""A telephone of 390 pixels: everything can be reached with a finger, and nothing is said in English."""

import pytest
from playwright.sync_api import expect

from tests.browser.phone import FINGER, SMALL, foreign, rest, telephone, too_small
from tests.browser.waiting import until

pytestmark = pytest.mark.browser
MENU = '[data-testid="stExpandSidebarButton"]'
LINKS = '[data-testid="stSidebarNavLink"]'
ACCOUNT = ".st-key-account button"
TITLES = {
    "demo-secretary": ["态势", "值守", "交接", "服务", "派单", "承包", "事项", "数据", "人员", "地址核对"],
    "demo-liaison": ["派单", "承包", "事项", "人员"],
    "demo-subdistrict-commander": ["态势", "调度", "交接", "服务", "派单", "事项", "汇报"],
    "demo-planner": [
        "态势",
        "调度",
        "值守",
        "交接",
        "服务",
        "派单",
        "承包",
        "事项",
        "汇报",
        "数据",
        "人员",
        "地址核对",
    ],
}


@pytest.fixture
def opened(browser, server):
    """Return a function that opens a page as somebody, closed in the end."""
    pages = []

    def open_page(account, path="orders"):
        pages.append(telephone(browser, server, account, path))
        return pages[-1]

    yield open_page
    for page in pages:
        page.context.close()


@pytest.mark.parametrize("account", TITLES)
def test_the_menu_leads_to_every_page_of_a_role(opened, account):
    page = opened(account)
    until(page, f"buttons => !({SMALL})([buttons, {FINGER}]).length", f"header button, {ACCOUNT}")  # the style comes
    for title in TITLES[account]:
        page.get_by_role("button", name="菜单").tap()
        expect(page.locator(LINKS)).to_have_text(TITLES[account])
        until(page, f"links => !({SMALL})([links, {FINGER}]).length", LINKS)  # the menu slides in
        page.get_by_role("link", name=title, exact=True).tap()
        expect(page.locator(f"{LINKS}[aria-current=page]")).to_have_text(title)
        expect(page.locator('[data-testid="stSidebar"]')).to_have_attribute("data-collapsed", "true")
        rest(page)


def test_whoever_is_signed_in_sees_who_they_are_and_signs_out(opened):
    page = opened("demo-secretary")
    expect(page.locator(ACCOUNT)).to_contain_text("社区书记")
    page.locator(ACCOUNT).tap()
    menu = page.get_by_test_id("stPopoverBody")
    expect(menu).to_contain_text("demo-secretary")
    assert too_small(page, '[data-testid="stPopoverBody"] button, [data-testid="stPopoverBody"] a') == []
    menu.get_by_role("link", name="退出").tap()
    page.wait_for_url("**/sign-in")


def test_the_language_is_changed_in_the_menu_of_the_account(opened):
    page = opened("demo-secretary")
    page.locator(ACCOUNT).tap()
    page.get_by_test_id("stPopoverBody").get_by_text("English").tap()
    expect(page.get_by_role("button", name="Menu", exact=True)).to_be_visible()
    expect(page.locator(ACCOUNT)).to_contain_text("Community secretary")
    page.get_by_test_id("stPopoverBody").get_by_text("中文").tap()
    expect(page.get_by_role("button", name="菜单", exact=True)).to_be_visible()


@pytest.mark.parametrize("path", ["orders", "situation"])
@pytest.mark.parametrize("account", TITLES)
def test_a_page_fits_and_says_nothing_in_english(opened, account, path):
    page = opened(account, path)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator(ACCOUNT).tap()
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
    assert foreign(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="菜单").tap()
    expect(page.get_by_role("button", name="收起菜单")).to_be_visible()
    assert foreign(page) == []


def test_lists_and_calendars_of_streamlit_say_nothing_in_english(opened):
    page = opened("demo-planner", "situation")
    page.locator(".st-key-toolbar [class*=st-key-any-window] button").last.tap()
    page.get_by_label("从", exact=True).get_by_role("spinbutton").first.focus()
    page.get_by_role("button", name="选择日期").first.tap()
    expect(page.get_by_role("grid")).to_be_visible()
    assert foreign(page) == []
    page.keyboard.press("Escape")
    page.locator(".st-key-level").get_by_role("button").tap()
    expect(page.get_by_role("option").first).to_be_visible()
    assert foreign(page) == []
