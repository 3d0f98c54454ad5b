"""The page that makes briefings in a browser: the screen stands in it, files come out of it."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def open_page(page, server):
    page.goto(f"{server}/briefing?window=tonight")
    page.frame_locator(".st-key-preview iframe").locator(".figure").first.wait_for(timeout=30_000)


def test_the_screen_stands_in_the_page_and_asks_nobody_else(page, server, outside):
    open_page(page, server)
    expect(page.frame_locator(".st-key-preview iframe").locator("#head h2")).not_to_be_empty()
    assert (outside.requests, outside.errors) == ([], [])


def test_a_section_that_is_chosen_is_looked_at(page, server):
    open_page(page, server)
    page.get_by_role("radio", name="分社区").click()
    inside = page.frame_locator(".st-key-preview iframe")
    expect(inside.locator("#dots button").nth(5)).to_have_attribute("aria-current", "true", timeout=20_000)


def test_files_are_taken_away(page, server):
    open_page(page, server)
    for label, start in [("幻灯片（PPTX）", b"PK"), ("文件（PDF）", b"%PDF"), ("本节图片（PNG）", b"\x89PNG")]:
        address = page.get_by_role("link", name=label).get_attribute("href")
        assert page.request.get(f"{server}{address}", timeout=60_000).body().startswith(start)
