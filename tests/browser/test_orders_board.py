"""派单 with a thousand orders in a browser: the map and the list choose each other, on a screen and on a telephone."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from services.clock import local_now
from tests.browser.demo_store import make_demo_store
from tests.browser.phone import rest, telephone, too_small
from tests.browser.waiting import map_frame, until
from tests.many_orders import add_orders
from tests.serving import serving

pytestmark = pytest.mark.browser
SERIOUS = {"serious", "critical"}
DRAWN = "window.map && map.gmOrders && map.gmOrders.places.length"


@pytest.fixture(scope="module")
def busy_server(tmp_path_factory):
    """Serve a demo with a thousand orders, every other one reported there."""
    folder = tmp_path_factory.mktemp("busy")
    url, context = make_demo_store(folder)
    add_orders(replace(context, clock=local_now), 1_000)
    with serving(folder, "--store", url) as running:
        yield running.address


def open_board(page, address):
    page.goto(f"{address}/orders")
    page.locator(".st-key-ordersmap iframe").wait_for(timeout=30_000)
    frame = map_frame(page)
    until(frame, DRAWN)
    return frame


def test_a_place_on_the_map_narrows_the_list_and_a_card_chooses_it_on_the_map(page, busy_server):
    frame = open_board(page, busy_server)
    expect(page.locator(".gm-heading").first).to_contain_text("1,000 项")
    spot = frame.evaluate(
        "(() => { const {places, anchor, code} = map.gmOrders, place = places[0];"
        "map.setView(anchor(place.row), 16, {animate: false}); const p = map.latLngToContainerPoint(anchor(place.row));"
        "return [p.x, p.y, code(place.row), place.teams]; })()"
    )
    box = page.locator(".st-key-ordersmap iframe").bounding_box()
    page.mouse.click(box["x"] + spot[0], box["y"] + spot[1])
    expect(page.locator(".gm-heading").first).to_contain_text(f"{spot[3]} 项")
    until(frame, "code => map.gmOrders.chosen === code", spot[2])
    expect(page.locator(".gm-order .gm-link[aria-pressed=true]").first).to_be_visible()
    page.locator(".gm-order .gm-link[aria-pressed]").first.click()
    until(frame, "map.gmOrders.chosen === ''")
    expect(page.locator(".gm-heading").first).to_contain_text("1,000 项")
    page.locator(".gm-order .gm-link[aria-pressed]").nth(1).click()
    until(frame, "map.gmOrders.chosen !== ''")


def test_the_map_shows_the_orders_of_the_figure_that_is_chosen(page, busy_server):
    frame = open_board(page, busy_server)
    there = page.locator(".gm-steps button").nth(4)
    many = int(there.locator("b").inner_text().replace(",", ""))
    there.click()
    until(frame, "many => map.gmOrders.places.reduce((sum, place) => sum + place.teams, 0) === many", many)
    assert frame.evaluate("map.gmOrders.places.every(place => place.there === place.people)")


@pytest.mark.parametrize("account", ["demo-secretary", "demo-liaison"])
def test_whoever_plans_nothing_sees_the_own_orders_alone_and_the_map_loads(browser, busy_server, account):
    phone = telephone(browser, busy_server, account)
    frame = map_frame(phone)
    until(frame, DRAWN)
    orders = int(re.match(r"([\d,]+) 项", phone.locator(".gm-heading span").first.inner_text())[1].replace(",", ""))
    over = int(phone.locator(".gm-steps b").nth(5).inner_text())
    assert 0 < orders < 1_000
    assert frame.evaluate("map.gmOrders.places.reduce((sum, place) => sum + place.teams, 0)") == orders - over
    assert too_small(phone, ".gm-order button, .gm-steps button") == []
    if account == "demo-liaison":
        expect(phone.get_by_text("本单位：")).to_contain_text("支队伍")
    phone.context.close()


def test_a_report_by_finger_is_shown_at_once(browser, busy_server):
    phone = telephone(browser, busy_server, "demo-secretary")
    card = phone.locator(".gm-order", has=phone.get_by_role("button", name="已出发")).first
    card.get_by_role("button", name="已出发").tap()
    expect(phone.get_by_test_id("stAlert")).to_contain_text("已出发")
    phone.context.close()


@pytest.mark.parametrize("path", ["orders", "situation"])
@pytest.mark.parametrize("size", [(390, 844), (1440, 900)])
@pytest.mark.parametrize("account", ["demo-planner", "demo-secretary"])
def test_nothing_serious_bars_people_with_aids(browser, busy_server, account, path, size):
    from axe_playwright_python.sync_playwright import Axe

    page = telephone(browser, busy_server, account, path)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.locator("iframe").first.wait_for(timeout=30_000)
    map_frame(page)
    rest(page)
    violations = Axe().run(page).response["violations"]
    serious = {v["id"]: [node["html"][:140] for node in v["nodes"][:3]] for v in violations if v["impact"] in SERIOUS}
    page.context.close()
    assert serious == {}
