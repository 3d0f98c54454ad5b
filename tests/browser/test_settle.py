"""地址核对 in a browser: a clerk settles an address with the keyboard alone."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.waiting import map_frame

pytestmark = pytest.mark.browser


def open_view(page, address):
    page.goto(f"{address}/settle")
    expect(page.locator(".gm-doubt")).to_be_visible(timeout=30_000)
    expect(page.locator(".st-key-offer-1 button")).to_be_visible()


def left(page):
    return int(re.search(r"还有 (\d+) 人", page.locator(".gm-heading").first.inner_text())[1])


def frame_of(page):
    """Return the frame of the map once it shows what is offered."""
    page.locator(".st-key-settle-map iframe").wait_for()
    frame = map_frame(page)
    frame.wait_for_function("window.GM && GM.paint && GM.paint.candidates.length", timeout=30_000)
    return frame


def test_keys_choose_undo_and_put_off(page, clerk_server, outside):
    open_view(page, clerk_server)
    count, first = left(page), page.locator(".gm-doubt b").inner_text()
    page.keyboard.press("0")
    expect(page.locator(".gm-doubt b")).not_to_have_text(first)
    assert left(page) == count
    expect(page.locator(".st-key-undo button")).to_be_enabled()
    page.keyboard.press("z")
    expect(page.locator(".gm-doubt b")).to_have_text(first)
    page.keyboard.press("1")
    expect(page.locator(".gm-heading").first).to_contain_text(f"还有 {count - 1} 人")
    expect(page.locator(".gm-heading").first).to_contain_text("本次已核对 1 人")
    expect(page.locator(".st-key-undo button")).to_be_enabled()
    page.keyboard.press("z")
    expect(page.locator(".gm-heading").first).to_contain_text(f"还有 {count} 人")
    assert outside.requests == []
    assert outside.errors == []


def test_digits_in_the_search_choose_nobody(page, clerk_server):
    open_view(page, clerk_server)
    count = left(page)
    page.get_by_label("按名称找小区").press_sequentially("123")
    page.keyboard.press("Enter")
    expect(page.get_by_text("没有名称像“123”的小区")).to_be_visible()
    assert left(page) == count


def test_the_map_shows_the_offers_and_nothing_of_the_person(page, clerk_server):
    open_view(page, clerk_server)
    frame = frame_of(page)
    offered = frame.evaluate("GM.paint.candidates")
    assert [offer["label"] for offer in offered] == [str(k + 1) for k in range(len(offered))]
    assert set(frame.evaluate("Object.keys(GM.paint)")) == {"candidates", "choice"}


def test_the_next_doubt_moves_the_same_map(page, clerk_server):
    open_view(page, clerk_server)
    frame = frame_of(page)
    frame.evaluate("window.sameMap = true")
    before = frame.evaluate("GM.paint.choice.key")
    page.keyboard.press("0")
    frame.wait_for_function("before => GM.paint.choice.key !== before", arg=before)
    assert frame.evaluate("window.sameMap")


def test_nothing_serious_bars_people_with_aids_from_settling(page, clerk_server):
    open_view(page, clerk_server)
    violations = Axe().run(page).response["violations"]
    assert [v["id"] for v in violations if v["impact"] in {"serious", "critical"}] == []
