"""Files to take away in a browser: their names, the second click, links that are over."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.signing import PLANNER, enter

pytestmark = pytest.mark.browser


def take(page, label):
    with page.expect_download(timeout=60_000) as saved:
        page.get_by_role("link", name=label).first.click()
    return saved.value


def test_a_file_of_a_briefing_is_saved_under_its_chinese_name_and_again_at_the_second_click(page, server):
    page.goto(f"{server}/briefing?window=tonight")
    page.get_by_role("link", name="文件（PDF）").wait_for(timeout=60_000)
    first, second = take(page, "文件（PDF）"), take(page, "文件（PDF）")
    assert re.fullmatch(r"H区-力量汇报-\d+月\d+日\d+时\.pdf", first.suggested_filename)
    assert first.suggested_filename == second.suggested_filename
    assert second.path().read_bytes().startswith(b"%PDF")


def test_a_link_is_over_after_signing_out_and_says_so_in_chinese_with_a_way_back(page, server):
    page.goto(f"{server}/briefing?window=tonight")
    link = page.get_by_role("link", name="文件（PDF）")
    link.wait_for(timeout=60_000)
    address = link.get_attribute("href")
    page.context.clear_cookies()
    enter(page.context, server, PLANNER)
    page.goto(f"{server}{address}" if address.startswith("/") else address)
    expect(page.get_by_role("heading", level=1)).to_have_text("这个链接已失效")
    page.get_by_role("link", name="回到看板").click()
    page.wait_for_url(lambda url: "/download/" not in url)
