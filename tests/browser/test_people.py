"""The page of people in a browser: what stands beside the list can be read by everybody."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect


def test_the_list_of_people_and_its_pager_can_be_read(page, server):
    page.goto(f"{server}/people")
    expect(page.get_by_role("button", name="下一页")).to_be_visible(timeout=30_000)
    page.get_by_role("navigation", name="翻页").get_by_role("button", name="第 2 页", exact=True).click()
    expect(page.get_by_text("第 51–100 行")).to_be_visible()
    violations = Axe().run(page).response["violations"]
    assert [v["id"] for v in violations if v["impact"] in {"serious", "critical"}] == []
