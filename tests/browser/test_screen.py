"""The full-screen in a browser: it turns, it is steered, it can be read, it survives the server."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from services.accounts import disable_account, make_demo_accounts
from services.briefing import SectionName
from services.context import open_context
from tests.browser.signing import let_in
from tests.browser.waiting import until
from tests.serving import serving

pytestmark = pytest.mark.browser
SIZES = {"1080p": (1920, 1080), "2160p": (3840, 2160), "wall": (3840, 1080), "wide wall": (5120, 1440)}
SMALL_TEXT = """() => { const u = Math.min(innerWidth / 1920, innerHeight / 1080), low = [];
  const walk = document.createTreeWalker(document.querySelector("#wall"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) { const box = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || !box.getClientRects().length) continue;
    if (box.closest("#controls, .leaflet-control")) continue;
    const size = parseFloat(getComputedStyle(box).fontSize) / u, least = box.matches(".figure strong") ? 72 : 28;
    if (size < least - 0.01) low.push([box.textContent, size]); }
  return low; }"""
CUT = """() => [...document.querySelectorAll("#head h2, .figure > *, #legend, td, th, #dots, #clock time")]
  .filter(box => box.getClientRects().length).filter(box => { const r = box.getBoundingClientRect();
    return r.right > innerWidth + 1 || r.bottom > innerHeight + 1 || r.left < -1 || r.top < -1; })
  .concat([...document.querySelectorAll("#head h2, #lead, #source, #name p, #legend div, .figure strong")].filter(box =>
    box.getClientRects().length
    && (box.scrollWidth > box.clientWidth + 2 || box.scrollHeight > box.clientHeight * 1.3)))
  .map(box => box.textContent)"""


@pytest.fixture
def browser_context_args(browser_context_args):
    """Let tests look into the page, which refuses every script but its own."""
    return {**browser_context_args, "bypass_csp": True, "viewport": {"width": 1920, "height": 1080}}


def open_screen(page, server, query="paused=1"):
    page.goto(f"{server}/screen?{query}")
    page.locator(".figure").first.wait_for(timeout=30_000)


def current(page):
    return page.locator("#dots button[aria-current]").get_attribute("aria-label")


@pytest.mark.parametrize("query", ["lang=zh&theme=dark", "lang=en&theme=light"])
def test_every_section_can_be_read_at_every_size(page, server, query):
    open_screen(page, server, f"paused=1&window=tonight&{query}")
    page.mouse.move(5, 5)
    faults = {}
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        until(page, "([w, h]) => innerWidth === w && innerHeight === h", [width, height])
        expect(page.locator("#dots button")).to_have_count(len(SectionName))
        for k in range(len(SectionName)):
            page.keyboard.press(str(k + 1))
            expect(page.locator("#dots button").nth(k)).to_have_attribute("aria-current", "true")
            rows, has_table = page.locator("tbody tr:visible").count(), page.locator("#tablebox").is_visible()
            is_full = page.locator(".figure:visible").count() > 7 or rows > 12 or (has_table and rows < 5)
            found = [*page.evaluate(SMALL_TEXT), *page.evaluate(CUT), *(["rows or figures"] if is_full else [])]
            faults |= {(size, k + 1): found} if found else {}
    assert faults == {}


@pytest.mark.parametrize("query", ["theme=dark", "theme=light&lang=en"])
def test_axe_finds_nothing_serious_in_any_section(page, server, query):
    open_screen(page, server, f"paused=1&window=tonight&{query}")
    page.emulate_media(reduced_motion="reduce")
    for k in range(len(SectionName)):
        page.keyboard.press(str(k + 1))
        found = Axe().run(page).response["violations"]
        serious = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}]
        assert serious == []


def test_what_stands_on_the_screen_is_what_the_briefing_says(page, server):
    open_screen(page, server, "paused=1&window=tonight")
    told = json.loads(page.request.get(f"{server}/screen/briefing.json?window=tonight").text())
    for k, section in enumerate(told["sections"]):
        page.keyboard.press(str(k + 1))
        expect(page.locator("#head h2")).to_have_text(section["title"])
        assert page.locator(".figure strong").all_inner_texts() == [figure["value"] for figure in section["figures"]]
        rows = page.locator("tbody tr:visible").all() if section["table"] else []
        for row, cells in zip(rows, (section["table"] or {"rows": []})["rows"], strict=False):
            assert row.locator("td").all_text_contents() == cells


def test_it_turns_by_itself_and_stops_for_the_space_bar(page, server):
    open_screen(page, server, "turn=2")
    first = current(page)
    expect(page.locator("#dots button").nth(1)).to_have_attribute("aria-current", "true", timeout=40_000)
    assert current(page) != first
    page.keyboard.press(" ")
    expect(page.locator("#link b")).to_contain_text("已暂停")


def test_keys_steer(page, server):
    open_screen(page, server)
    for key, there in [
        ("ArrowRight", 1),
        ("PageDown", 2),
        ("ArrowUp", 1),
        ("End", 6),
        ("ArrowRight", 0),
        ("4", 3),
        ("Home", 0),
    ]:
        page.keyboard.press(key)
        expect(page.locator("#dots button").nth(there)).to_have_attribute("aria-current", "true")


def test_the_map_answers_a_click_and_the_screen_waits_until_nobody_uses_it(page, server):
    open_screen(page, server, "turn=60")
    until(page, "!!gmScreen.map.shown")
    at = page.evaluate(
        """() => { const {map, shown, kept} = gmScreen.map, shapes = kept.get(shown.zones);
            const spot = map.latLngToContainerPoint(shapes.anchor(0)), box = map.getContainer().getBoundingClientRect();
            return [spot.x + box.x, spot.y + box.y, shapes.zones.names[0]]; }"""
    )
    page.mouse.click(at[0], at[1])
    expect(page.locator("#zone b")).to_have_text(at[2])
    expect(page.locator("#link b")).to_contain_text("有人在看地图")
    page.evaluate("gmScreen.state.held = Date.now() - 1")
    expect(page.locator("#zone")).to_be_hidden()
    expect(page.locator("#link b")).not_to_contain_text("有人在看地图")


def test_a_lost_connection_is_told_the_picture_stays_and_it_comes_back(page, server):
    open_screen(page, server)
    title = page.locator("#head h2").inner_text()
    page.route("**/briefing.json*", lambda route: route.abort())
    expect(page.locator("#alert")).to_contain_text("连接中断", timeout=15_000)
    expect(page.locator("#head h2")).to_have_text(title)
    page.unroute("**/briefing.json*")
    expect(page.locator("#link")).to_have_class("live", timeout=30_000)


def test_an_import_that_is_overdue_or_figures_that_stand_still_bring_the_amber_bar_quiet_hours_do_not(page, server):
    open_screen(page, server)
    page.route("**/briefing.json*", lambda route: route.fulfill(status=202, json={}))
    page.evaluate("gmScreen.state.briefing.data_at = '2026-01-01T00:00:00'")
    expect(page.locator("#age")).to_contain_text("天前")
    expect(page.locator("#alert")).to_be_hidden()
    page.evaluate("gmScreen.state.briefing.import_due = '2026-01-02T08:00:00'")
    expect(page.locator("#alert")).to_have_text("新数据应在 01-02 08:00 前导入，至今未到，情况可能已有变化")
    page.evaluate("gmScreen.state.briefing.made_at = '2026-01-02T07:00:00'")
    expect(page.locator("#alert")).to_have_text("画面停在 01-02 07:00，服务器此后没有算出新数字")
    page.evaluate("gmScreen.state.briefing.number = 1")
    expect(page.locator("#alert")).to_be_hidden()


def test_light_and_dark_change_with_a_key_and_stay_in_the_address(page, server):
    open_screen(page, server)
    page.keyboard.press("t")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert "theme=light" in page.url


def test_turning_for_long_leaves_no_more_nodes_and_listeners(page, server):
    open_screen(page, server)
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable")

    def count():
        page.evaluate("for (let k = 0; k < 120; k++) gmScreen.go(k % 6)")
        cdp.send("HeapProfiler.collectGarbage")
        told = {metric["name"]: metric["value"] for metric in cdp.send("Performance.getMetrics")["metrics"]}
        return told["JSEventListeners"], page.evaluate("document.querySelectorAll('*').length")

    assert count() == count()


def test_a_day_is_stepped_through_hour_by_hour(page, server):
    open_screen(page, server, "replay=2026-01-05&paused=1")
    expect(page.locator("#dots button")).to_have_count(24)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#dots button").nth(1)).to_have_attribute("aria-current", "true")
    expect(page.locator("#link b")).to_contain_text("回放")
    expect(page.locator("#lead")).to_contain_text("按现有数据计算")


def test_the_replay_of_an_hour_stands_at_that_hour(page, server):
    open_screen(page, server, "replay=2026-01-05&hour=14&turn=2")
    expect(page.locator("#dots button")).to_have_count(24)
    expect(page.locator("#dots button").nth(14)).to_have_attribute("aria-current", "true")
    expect(page.locator("#head h2")).to_contain_text("14 时")
    expect(page.locator("#link b")).to_contain_text("已暂停")
    expect(page.locator("#chart path")).to_have_count(1)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#dots button").nth(15)).to_have_attribute("aria-current", "true")


def test_a_snapshot_that_is_not_there_is_said(page, server):
    page.goto(f"{server}/screen?snapshot=999")
    expect(page.locator("#nothing")).to_contain_text("999", timeout=20_000)
    expect(page.locator("#alert")).to_be_hidden()


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """Serve a store with accounts and nothing else; return its address and the office behind it."""
    folder = tmp_path_factory.mktemp("empty")
    url = f"sqlite:///{folder / 'empty.gpkg'}"
    office = open_context(url)
    make_demo_accounts(office)
    with serving(folder, "--store", url) as running:
        yield running.address, office


def test_a_store_without_anything_is_told_in_words(page, empty):
    page.goto(f"{empty[0]}/screen?paused=1")
    expect(page.locator("#head h2, #nothing").locator("visible=true").first).to_have_text(
        re.compile("[一-龥]{2,}"), timeout=20_000
    )
    expect(page.locator("#link")).to_have_class("live")


def test_a_screen_whose_account_is_closed_says_so_and_keeps_its_picture(browser, empty):
    address, office = empty
    page = let_in(browser.new_page(viewport={"width": 1920, "height": 1080}, locale="zh-CN"), "demo-screen")
    page.goto(f"{address}/screen?paused=1&window=tonight")
    expect(page.locator("#head h2")).not_to_be_empty(timeout=30_000)
    title = page.locator("#head h2").inner_text()
    disable_account(office, "demo-screen")
    expect(page.locator("#alert")).to_contain_text("请重新登录", timeout=20_000)
    expect(page.locator("#head h2")).to_have_text(title)
    expect(page.locator("#link")).to_have_class("lost")
    page.close()
