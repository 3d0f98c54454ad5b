"""事项 in a browser: a whistle within half a minute, a sheet filled in by keys, and both on a telephone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from services import matters
from services.modes import declare_mode
from services.rules.windows import DAY, Mode
from tests.browser.demo_store import make_demo_store
from tests.browser.phone import rest, telephone
from tests.browser.signing import enter
from tests.serving import serving

pytestmark = pytest.mark.browser
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def matters_office(tmp_path_factory):
    """Serve a demo in an emergency."""
    folder = tmp_path_factory.mktemp("matters")
    url, office = make_demo_store(folder)
    declare_mode(office, Mode.EMERGENCY, reason="疫情", approver="指挥", until=office.clock() + 20 * DAY)
    with serving(folder, "--store", url) as running:
        yield running.address, office


@pytest.fixture
def secretary(browser, matters_office):
    """Return the page of a secretary."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    enter(context, matters_office[0], "demo-secretary")
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{matters_office[0]}/matters")
    page.locator(".st-key-account").wait_for()
    rest(page)
    yield page
    context.close()


def faults(page):
    return [found["id"] for found in Axe().run(page).response["violations"] if found["impact"] in SERIOUS]


def test_a_whistle_is_blown_and_stands_in_the_own_list(secretary, matters_office):
    page, office = secretary, matters_office[1]
    page.get_by_role("button", name="发起…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("什么事").fill("缺 6 人守门")
    dialog.get_by_label("什么事").press("Enter")
    dialog.get_by_role("button", name="发起", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已发起")
    page.get_by_role("radio", name="我发出的").click()
    expect(page.locator(".gm-card", has_text="缺 6 人守门")).to_have_count(1)
    rest(page)
    assert faults(page) == []
    assert [view.title for view in matters.read_matters(office).matters] == ["缺 6 人守门"]


def test_a_sheet_is_filled_in_by_keys(secretary, matters_office):
    page = secretary
    page.get_by_role("radio", name="台账报表").click()
    page.locator(".gm-card", has_text="常住人口外出台账").click()
    for label, value in (("外出总人数", "41"), ("其中在重点地区", "1"), ("今日离开", "3"), ("今日返回", "2")):
        field = page.get_by_label(label).first
        field.fill(value)
    page.get_by_role("button", name="填报", exact=True).press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已填报")
    rest(page)
    assert faults(page) == []


def test_on_a_telephone_nothing_is_wider_than_the_screen(browser, matters_office):
    phone = telephone(browser, matters_office[0], "demo-liaison", "matters")
    expect(phone.get_by_text("没有要您办的事。")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    phone.context.close()
