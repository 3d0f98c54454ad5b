"""调度 for people with aids: axe looks at the plan, the comparison, the review and the card of an order."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.phone import rest
from tests.browser.planning import PICK, WAIT_MS, drag, open_planner, press, wait_for_moves

pytestmark = pytest.mark.browser


def serious(page):
    """Return what bars people: the rule, and where."""
    rest(page)
    found = Axe().run(page).response["violations"]
    bad = [fault for fault in found if fault["impact"] in {"serious", "critical"}]
    return {fault["id"]: [node["html"][:160] for node in fault["nodes"][:3]] for fault in bad}


def test_nothing_serious_bars_people_with_aids_from_sending_a_team(page, evening):
    frame = open_planner(page, evening)
    drag(page, frame, frame.evaluate(PICK))
    wait_for_moves(page, 1)
    assert serious(page) == {}
    page.get_by_role("radio", name="比较两个方案").click()
    page.get_by_role("button", name="复制为第二个方案").click()
    expect(page.get_by_role("region", name="比较两个方案")).to_be_visible(timeout=WAIT_MS)
    assert serious(page) == {}
    page.get_by_role("radio", name="比较两个方案").click()
    expect(page.get_by_role("region", name="比较两个方案")).to_have_count(0, timeout=WAIT_MS)
    press(page, ".st-key-commit button")
    expect(page.locator(".st-key-send-out button")).to_be_enabled(timeout=WAIT_MS)
    assert serious(page) == {}
    press(page, ".st-key-send-out button")
    press(page, ".st-key-orders .gm-more")
    expect(page.get_by_role("dialog").get_by_label("理由")).to_be_visible(timeout=WAIT_MS)
    assert serious(page) == {}
