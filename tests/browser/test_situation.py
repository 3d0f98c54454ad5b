"""The commander's page in a browser: it appears, it answers, it asks nobody else, and it runs nobody's names."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from geo.datum import convert
from geo.schema import Datum
from tests.browser.signing import let_in
from tests.browser.waiting import map_frame, until
from tests.serving import serving

pytestmark = pytest.mark.browser
SHOWN = "window.GM && window.map && map.gmZones && map.gmZones.state.level && GM.paint"


def open_map(page, address):
    """Open a page and return the frame of its map once the map shows zones."""
    page.goto(address)
    page.locator("iframe").wait_for(timeout=30_000)
    frame = map_frame(page)
    until(frame, SHOWN)
    return frame


def classes(frame):
    return frame.evaluate("GM.paint.levels.grids.cls")


def pixels(frame):
    """Return how many dots of the map are painted."""
    return frame.evaluate(
        """() => { const c = document.querySelector("canvas");
            const dots = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
            let painted = 0; for (let i = 3; i < dots.length; i += 4) painted += dots[i] > 0; return painted; }"""
    )


@pytest.mark.parametrize("path", ["situation", "data", "settle"])
def test_no_page_asks_another_machine_for_anything(page, server, outside, path):
    page.goto(f"{server}/{'' if path == 'situation' else path}")
    expect(page.locator(".st-key-brand")).to_be_visible(timeout=30_000)
    page.wait_for_load_state("networkidle")
    assert outside.requests == []
    assert outside.errors == []


def test_the_map_appears_with_zones_on_it(page, server, outside):
    frame = open_map(page, server)
    assert pixels(frame) > 50_000
    assert frame.locator(".gm-legend .gm-row").count() >= 8
    assert outside.requests == []


def test_a_row_opens_the_card_and_the_map_goes_there(page, server):
    frame = open_map(page, server)
    row = page.locator(".gm-ranking button").first
    name = row.locator("b").inner_text().split(maxsplit=1)[1]
    row.click()
    expect(page.locator(".gm-card")).to_contain_text(name)
    until(frame, "map.gmZones.state.chosen && map.gmZones.state.level?.name === 'estates'")
    assert re.search(r"zone=estates(%3A|:)\d+", page.url)


def test_a_row_of_a_wide_zone_leads_into_it_and_its_list_to_the_table(page, server):
    open_map(page, server)
    row = page.locator(".gm-parts button").first
    name = row.locator("b").inner_text().split(maxsplit=1)[1]
    expect(page.locator(".gm-worst")).to_contain_text(f"三个街道：{name}（缺")
    row.click()
    expect(page.locator(".gm-card")).to_contain_text(name)
    expect(page.locator(".gm-worst")).to_contain_text("三个社区：")
    page.locator(".gm-more").last.click()
    expect(page.locator(".st-key-table-level [aria-checked=true]")).to_have_text("小区")
    expect(page.locator(".st-key-sections")).to_be_in_viewport()
    page.locator(".st-key-section-close button").click()
    expect(page.locator(".st-key-sections")).to_have_count(0)


def test_a_click_on_the_map_opens_the_card_and_the_map_keeps_its_place(page, server):
    frame = open_map(page, f"{server}/?level=grids")
    before = frame.evaluate("[map.getCenter().lat, map.getZoom()]")
    spot = frame.evaluate(
        "(() => { const s = map.gmZones.state.level.shapes; const i = 120;"
        "const p = map.latLngToContainerPoint(s.anchor(i)); return [p.x, p.y, s.zones.names[i], i]; })()"
    )
    box = page.locator("iframe").bounding_box()
    hit = frame.evaluate("([x, y]) => map.gmZones.find(map.containerPointToLatLng([x, y]))", spot[:2])
    assert hit == spot[3]
    frame.evaluate("GM.paint.marks.length = 0; GM.emit('paint', GM.paint)")
    page.mouse.click(box["x"] + spot[0], box["y"] + spot[1])
    expect(page.locator(".gm-card")).to_contain_text(spot[2])
    assert frame.evaluate("[map.getCenter().lat, map.getZoom()]") == before


def test_another_mode_recolours_the_same_map(page, server):
    frame = open_map(page, server)
    frame.evaluate("window.sameMap = true")
    before = classes(frame)
    page.get_by_role("radio", name="封控").or_(page.get_by_role("button", name="封控")).first.click()
    until(frame, "before => GM.paint.levels.grids.cls !== before", before)
    assert frame.evaluate("window.sameMap")
    assert "mode=lockdown" in page.url


def test_an_hour_of_the_strip_becomes_the_window(page, server):
    open_map(page, server)
    hour = page.locator(".hour").nth(30)
    start = hour.get_attribute("data-start")
    hour.click()
    expect(page.locator(f'.hour[data-start="{start}"]')).to_have_attribute("aria-pressed", "true")
    assert f"window={start.replace(':', '%3A')}" in page.url.replace(":", "%3A").replace("http%3A", "http:")


def test_a_window_at_the_top_is_chosen_with_keys_alone(page, server):
    frame = open_map(page, f"{server}?window=tonight")  # now may be a morning like tomorrow's
    before = classes(frame)
    tomorrow = page.locator('.gm-outlook [data-choose="tomorrow-morning"]')
    expect(page.locator('.gm-outlook [aria-pressed="true"]')).to_contain_text("今晚")
    tomorrow.focus()
    page.keyboard.press("Enter")
    expect(tomorrow).to_have_attribute("aria-pressed", "true")
    until(frame, "before => GM.paint.levels.grids.cls !== before", before)
    expect(tomorrow).to_be_focused()
    expect(tomorrow).to_contain_text(page.locator(".gm-tile .gm-value").first.inner_text().split()[0])
    assert "window=tomorrow-morning" in page.url


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1920, 1080), (1024, 768), (390, 844)])
def test_the_windows_at_the_top_leave_the_map_in_sight(page, server, width, height):
    page.set_viewport_size({"width": width, "height": height})
    open_map(page, server)
    cells = page.locator(".gm-outlook button")
    for k in range(4):
        box = cells.nth(k).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert cells.nth(k).evaluate("e => e.scrollWidth <= e.clientWidth")
    assert page.locator("iframe").first.bounding_box()["y"] < height * 0.55


def test_zooming_in_goes_from_grids_to_estates_and_out_to_wider_zones(page, server):
    frame = open_map(page, server)
    assert frame.evaluate("map.gmZones.state.level?.name") == "grids"
    frame.evaluate("map.setZoom(17, {animate: false})")
    until(frame, "map.gmZones.state.level?.name === 'estates'")
    frame.evaluate("map.setZoom(10, {animate: false})")
    until(frame, "['districts', 'subdistricts'].includes(map.gmZones.state.level?.name)")


def test_the_map_can_be_used_with_keys_alone(page, server):
    frame = open_map(page, f"{server}/?level=grids")
    frame.evaluate("map.setView(map.gmZones.state.level.shapes.anchor(100), 15, {animate: false})")
    name = frame.evaluate("map.gmZones.state.level.shapes.zones.names[100]")
    frame.evaluate("map.getContainer().focus()")
    expect(frame.locator(".gm-voice")).to_contain_text(name)
    page.keyboard.press("Enter")
    expect(page.locator(".gm-card")).to_contain_text(name)


def test_the_place_of_the_map_is_in_the_address(page, server):
    frame = open_map(page, f"{server}/?at=23.41,113.21,16")
    assert frame.evaluate("map.getZoom()") == 16
    assert frame.evaluate("map.getCenter().lat") == pytest.approx(23.41, abs=1e-4)


def test_the_language_follows_the_browser(browser, server):
    context = browser.new_context(locale="en-GB", viewport={"width": 1440, "height": 900})
    page = let_in(context.new_page())
    open_map(page, server)
    expect(page.locator(".gm-tiles")).to_contain_text("Weak grids")
    assert page.evaluate("document.documentElement.lang") == "en"
    context.close()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1920, 1080), (1024, 768)])
def test_map_figures_and_ranking_are_in_one_look(page, server, width, height):
    page.set_viewport_size({"width": width, "height": height})
    open_map(page, server)
    for part in (".gm-outlook", ".gm-tiles", "iframe", ".st-key-section", ".gm-worst", ".gm-parts button", ".strip"):
        box = page.locator(part).first.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] < height - 40
    switch = page.locator(".st-key-section").bounding_box()
    assert switch["y"] + switch["height"] < height / 2
    assert page.evaluate("document.querySelector('.stMain').scrollHeight") <= height
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_nothing_serious_bars_people_with_aids(page, server):
    from axe_playwright_python.sync_playwright import Axe

    open_map(page, server)
    violations = Axe().run(page).response["violations"]
    serious = {
        v["id"]: [node["html"][:140] for node in v["nodes"][:3]]
        for v in violations
        if v["impact"] in {"serious", "critical"}
    }
    assert serious == {}


@pytest.mark.parametrize("datum", ["wgs84", "gcj02"])
def test_tiles_of_either_datum_lie_where_they_belong(page, tmp_path, datum):
    """Where the centre of the map lies on the tile below it, the tile's own datum taken into account."""
    address = "/assets/leaflet/images/layers.png?{z}/{x}/{y}"
    with serving(tmp_path, "--demo", GRIDMUSTER_TILES=address, GRIDMUSTER_TILES_DATUM=datum) as running:
        frame = open_map(page, f"{running.address}/?at=23.41,113.21,16")
        until(frame, "document.querySelectorAll('.leaflet-tile-loaded').length > 8")
        found = frame.evaluate(
            """() => { const c = map.getContainer().getBoundingClientRect();
                const x = c.left + c.width / 2, y = c.top + c.height / 2;
                for (const tile of document.querySelectorAll(".leaflet-tile")) {
                    const b = tile.getBoundingClientRect();
                    if (x >= b.left && x < b.right && y >= b.top && y < b.bottom) {
                        const [z, i, j] = tile.src.split("?")[1].split("/").map(Number);
                        const part = [(x - b.left) / b.width, (y - b.top) / b.height];
                        return map.unproject([(i + part[0]) * 256, (j + part[1]) * 256], z);
                    } } }"""
        )
    ((lon, lat),) = convert(np.array([[113.21, 23.41]]), Datum.WGS84, Datum(datum))
    assert (found["lng"], found["lat"]) == pytest.approx((lon, lat), abs=5e-5)


CROSS = "getComputedStyle(document.querySelector('.gm-cross')).display"


def test_the_cross_of_the_keys_goes_with_the_mouse_and_comes_back_with_a_key(page, server):
    frame = open_map(page, f"{server}/?level=grids")
    assert frame.evaluate(CROSS) == "none"
    box = page.locator("iframe").bounding_box()
    spot = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(*spot)
    assert frame.evaluate(CROSS) == "none"
    page.keyboard.press("ArrowLeft")
    assert frame.evaluate(CROSS) == "block"
    page.mouse.click(*spot)
    assert frame.evaluate(CROSS) == "none"


def test_the_place_stays_in_the_address_when_the_server_answers(page, server):
    frame = open_map(page, f"{server}/?at=23.40000,113.21000,15")
    frame.evaluate("map.gmMoved = true; map.setView([23.405, 113.212], 15.5, {animate: false})")
    until(page, "location.search.includes('at=23.40500,113.21200,15.5')")
    page.get_by_role("radio", name="封控").or_(page.get_by_role("button", name="封控")).first.click()
    until(page, "location.search.includes('mode=lockdown')")
    assert "at=23.40500,113.21200,15.5" in page.url.replace("%2C", ",")


def test_an_address_without_a_place_shows_everything_whatever_was_looked_at_before(page, server):
    frame = open_map(page, server)
    everything = frame.evaluate("map.getZoom()")
    frame.evaluate("map.gmMoved = true; map.setView([23.405, 113.212], 17, {animate: false})")
    until(page, "location.search.includes('at=')")
    frame = open_map(page, server)
    assert frame.evaluate("map.getZoom()") == everything
    assert "at=" not in page.url


def test_everything_has_no_place_in_the_address(page, server):
    frame = open_map(page, f"{server}/?at=23.40500,113.21200,16")
    page.locator(".gm-crumbs button").first.click()
    until(page, "!location.search.includes('at=')")
    until(frame, "map.getZoom() < 15")
