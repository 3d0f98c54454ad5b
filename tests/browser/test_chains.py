"""接龙 in a browser: open seats go out as a text, what comes back is looked at, decided and written by one step."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.demo_store import make_demo_store
from tests.browser.phone import telephone
from tests.serving import serving

pytestmark = pytest.mark.browser
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def chain_server(tmp_path_factory):
    """Serve a demo in which nobody else keeps rosters."""
    folder = tmp_path_factory.mktemp("chains")
    url, _context = make_demo_store(folder)
    with serving(folder, "--store", url) as running:
        yield running.address


def test_a_chain_goes_out_and_comes_back_into_the_roster(browser, chain_server):
    page = telephone(browser, chain_server, "demo-secretary")
    page.set_default_timeout(30_000)
    page.goto(f"{chain_server}/roster")
    page.get_by_role("button", name="新建值守表…").click()
    page.get_by_role("button", name="新建", exact=True).click()
    page.get_by_role("button", name="生成班次…").click()
    page.get_by_role("button", name=re.compile(r"生成 [\d,]+ 个席位")).click()
    page.locator("[data-choose^='shift:']").first.wait_for()

    page.get_by_role("button", name="接龙…").click()
    dialog = page.get_by_role("dialog")
    out = dialog.locator("[data-testid=stCode]")
    out.wait_for()
    words = out.inner_text()
    assert words.startswith("#接龙")
    code = re.search(r"\bA\d+\b", words)[0]

    dialog.get_by_text("收回报名").click()
    chain = dialog.get_by_label("接龙文字")
    chain.fill(f"#接龙\n值守\n1. 大螃蟹 {code}\n2. 小龙虾 {code}\n3. ")
    chain.press("Tab")
    dialog.get_by_role("button", name="预览").click()
    expect(dialog).to_contain_text("2 条：排上 0，备勤 0，待定 2，外援 0，不计 0；空位 1，示例 0")
    assert not [found["id"] for found in Axe().run(page).response["violations"] if found["impact"] in SERIOUS]
    dialog.get_by_text("外援（只计人数）").first.click()
    expect(dialog).to_contain_text("待定 1，外援 1")
    dialog.get_by_text("不计", exact=True).first.click()
    expect(dialog).to_contain_text("待定 0，外援 1，不计 1")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    dialog.get_by_role("button", name="写入 1 处改动").click()
    expect(dialog).to_have_count(0)
    taken = page.locator(".gm-tile[aria-label='已排席位'] .gm-value")
    expect(taken).to_contain_text(re.compile(r"^1\b"))
    page.get_by_role("button", name="↶").click()
    expect(taken).to_contain_text(re.compile(r"^0\b"))
    page.context.close()
