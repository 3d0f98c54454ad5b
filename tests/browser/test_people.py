"""The page of people in a browser: what stands beside the list can be read by everybody."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.phone import rest


def test_the_list_of_people_and_its_pager_can_be_read(page, server):
    page.goto(f"{server}/people")
    expect(page.get_by_role("button", name="下一页")).to_be_visible(timeout=30_000)
    page.get_by_role("navigation", name="翻页").get_by_role("button", name="第 2 页", exact=True).click()
    expect(page.get_by_text("第 51–100 行")).to_be_visible()
    violations = Axe().run(page).response["violations"]
    assert [v["id"] for v in violations if v["impact"] in {"serious", "critical"}] == []


def test_the_pager_shows_as_many_numbers_on_the_largest_screen(page, server):
    page.goto(f"{server}/people")
    page.get_by_label("报到社区").fill("牡丹社区")
    page.keyboard.press("Enter")
    pager = page.get_by_test_id("stPagination")
    expect(pager).to_have_text(re.compile("1.*2.*3.*4"), timeout=30_000)
    rest(page)
    shown = pager.inner_text()
    page.set_viewport_size({"width": 1920, "height": 1080})
    expect(pager.get_by_role("button").first).to_have_css("width", "34px")
    assert pager.inner_text() == shown
