"""A secretary tries to see and do what belongs to other communities: by address, map event, plan, download."""

import pytest

from geo.schema import Layer
from services.planning import Move, create_plan, send
from services.rules.areas import Area
from services.rules.windows import DAY, Mode, Window
from tests.browser.demo_store import make_demo_store
from tests.browser.phone import rest
from tests.browser.signing import enter
from tests.browser.waiting import map_frame, until
from tests.serving import serving

SECRETARY, PLANNER, LIAISON = "demo-secretary", "demo-planner", "demo-liaison"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Serve the demo with a plan of another community's grids; return the address and codes of both sides."""
    folder = tmp_path_factory.mktemp("areas")
    url, context = make_demo_store(folder)
    with context._store.read() as tx:
        own = tx.read_codes(Layer.COMMUNITIES)[0]
        grids = tx.read_layer(Layer.GRIDS, columns=["name", "parent_code"])
        teams = tx.read_layer(Layer.TEAMS, columns=["parent_code", "size"])
    inside = context.within(Area(Layer.COMMUNITIES, own)).scope_in
    with context._store.read() as tx:
        scope = inside(tx)
    far = next(code for code in grids.index if not scope.holds(Layer.GRIDS, code))
    team = next(code for code in teams.index if teams.loc[code, "parent_code"] != far)
    start = context.clock() + DAY
    plan = create_plan(context, Window(start, start + DAY), Mode.ROUTINE, event_id="far", name="别处的方案")
    send(context, plan.id, Move(team, far, int(teams.loc[team, "size"])), event_id="far-move")
    with serving(folder, "--store", url) as running:
        near = next(code for code in grids.index if scope.holds(Layer.GRIDS, code))
        yield running.address, (near, grids.loc[near, "name"]), (far, grids.loc[far, "name"]), plan.id


@pytest.fixture
def secretary(browser, town):
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    enter(context, town[0], SECRETARY)
    yield context.new_page()
    context.close()


def open_situation(page, address):
    page.goto(address)
    page.wait_for_selector(".gm-ranking, .st-key-side", timeout=30_000)


def test_the_zone_of_another_community_in_the_address_opens_no_card(secretary, town):
    address, near, far, _plan = town
    open_situation(secretary, f"{address}/?zone=grids:{near[0]}")
    secretary.wait_for_selector(".gm-card", timeout=30_000)
    open_situation(secretary, f"{address}/?zone=grids:{far[0]}")
    secretary.wait_for_selector(".st-key-mapside iframe", timeout=30_000)
    assert secretary.locator(".gm-card").count() == 0
    assert str(far[1]) not in secretary.content()


def test_a_click_on_a_zone_of_another_community_told_by_the_map_opens_no_card(secretary, town):
    address, near, far, _plan = town
    open_situation(secretary, address)
    secretary.wait_for_selector(".st-key-mapside iframe", timeout=30_000)
    rest(secretary)
    frame = map_frame(secretary)
    for code, opens in ((far[0], 0), (near[0], 1)):
        told = {"last_active_drawing": {"type": "Feature", "properties": {"level": "grids", "code": code, "seq": code}}}
        until(frame, "typeof window.Streamlit?.setComponentValue === 'function'")
        frame.evaluate("value => window.Streamlit.setComponentValue(value)", told)
        until(secretary, "wanted => document.querySelectorAll('.gm-card').length === wanted", opens)


def test_the_page_of_plans_is_not_there_for_a_secretary(secretary, town):
    address, _near, _far, plan = town
    secretary.goto(f"{address}/reinforce?plan={plan}")
    secretary.get_by_text("调度").filter(has_text="开放").first.wait_for(timeout=30_000)
    assert secretary.get_by_text("别处的方案").count() == 0
    assert secretary.locator(".st-key-planmap").count() == 0


def test_a_download_link_of_another_session_is_refused(secretary, town, browser):
    address = town[0]
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    enter(context, address, PLANNER)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning] .st-key-section", timeout=30_000)
    page.locator(".st-key-section").get_by_text("下载").click(timeout=30_000)
    link = page.locator(".st-key-downloads a").last.get_attribute("href", timeout=30_000)
    assert secretary.request.get(f"{address}{link}").status == 410
    assert page.request.get(f"{address}{link}").status == 200
    context.close()


def test_the_geometry_of_everything_is_not_handed_to_a_secretary(secretary, town, browser):
    address = town[0]
    asked = []
    secretary.on("request", lambda request: asked.append(request.url))
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    enter(context, address, PLANNER)
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_request(lambda request: "/geometry/grids/" in request.url, timeout=30_000) as whole:
        page.goto(address)
    assert page.request.get(whole.value.url).status == 200
    assert secretary.request.get(whole.value.url).status == 404
    context.close()


def test_a_liaison_sees_no_page_of_figures(town, browser):
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    enter(context, town[0], LIAISON)
    page = context.new_page()
    page.goto(town[0])
    page.get_by_text("党员所在网格").wait_for(timeout=30_000)
    assert page.get_by_role("link", name="态势").count() == 0
    context.close()


def test_the_screen_answers_with_the_area_of_who_asks(secretary, town):
    address, _near, far, _plan = town
    answer = secretary.request.get(f"{address}/screen/briefing.json")
    assert answer.status == 200
    assert str(far[1]) not in answer.text()
