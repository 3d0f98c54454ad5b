"""审计 in a browser: a commander searches and checks, a planner has no such page."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.signing import let_in

pytestmark = pytest.mark.browser


@pytest.fixture
def commander(browser, browser_context_args):
    context = browser.new_context(**browser_context_args)
    yield let_in(context.new_page(), "demo-district-commander")
    context.close()


def test_a_commander_searches_the_trail_and_checks_the_chain(commander, server):
    commander.goto(f"{server}/audit")
    expect(commander.locator(".gm-audit table")).to_be_visible(timeout=30_000)
    commander.get_by_label("对象").fill("demo")
    commander.keyboard.press("Enter")
    expect(commander.locator(".gm-audit tbody tr").first).to_contain_text("生成演示数据")
    commander.get_by_role("button", name="核对审计链").click()
    expect(commander.get_by_text("行全部完好")).to_be_visible()
    violations = Axe().run(commander).response["violations"]
    assert [v["id"] for v in violations if v["impact"] in {"serious", "critical"}] == []


def test_what_a_row_is_about_keeps_its_line_on_a_narrow_screen(commander, server):
    commander.set_viewport_size({"width": 1024, "height": 768})
    commander.goto(f"{server}/audit")
    cells = commander.locator(".gm-audit tbody td:nth-child(5)")
    expect(cells.first).to_be_visible(timeout=30_000)
    assert cells.first.bounding_box()["width"] >= 100


def test_a_planner_has_no_such_page(page, server):
    page.goto(server)
    expect(page.get_by_role("link", name="调度")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("link", name="审计")).to_have_count(0)
