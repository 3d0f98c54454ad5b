"""A day with five accounts: forty teams are sent, taken back, sent again, answered and recalled; all pages agree."""

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from services import planning
from services.accounts import make_demo_accounts
from services.assignment import assign_members
from services.context import Context, open_context
from services.coverage import load_inputs
from services.demo import DemoSize, fill_store, make_district
from services.planning import OrderState
from services.rules.rounding import round_gap, shown_text
from services.rules.windows import Mode, Window
from tests.browser.planning import CONFIRMED, WAIT_MS, figure, open_page, press
from tests.browser.signing import enter
from tests.serving import serving

pytestmark = pytest.mark.browser
TEAMS = 40
PHONE = {"width": 390, "height": 844}


def real_time():
    """Return the time of the server, which lives in the present: no clock of a test reaches it."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None, microsecond=0)


@dataclass(frozen=True)
class Day:
    """A server, its store as somebody at the machine sees it, and the plan of the day."""

    server: str
    query: str
    context: Context
    window: Window
    plan_id: int


def best_moves(snapshot, plan):
    """Return the moves of a proposal that close most, one a team."""
    found = planning.propose_plan(snapshot, plan, seconds=5).moves
    assert len(found) >= TEAMS
    return found[:TEAMS]


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    folder = tmp_path_factory.mktemp("day")
    url = f"sqlite:///{folder / 'day.gpkg'}"
    context = replace(open_context(url), clock=real_time)
    fill_store(context, make_district(DemoSize.SUBDISTRICT))
    assign_members(context)
    make_demo_accounts(context)
    now = context.clock()
    tomorrow = (now + timedelta(days=1)).replace(hour=20, minute=0, second=0)
    window = Window(tomorrow, tomorrow + timedelta(hours=4))
    inputs = load_inputs(context)
    snapshot = planning.load_snapshot(context, inputs, window, Mode.EMERGENCY)
    plan = planning.create_plan(context, window, Mode.EMERGENCY, event_id="day", name="今晚的方案")
    moves = best_moves(snapshot, plan)
    planning.accept_all(context, plan.id, moves[1:], event_id="accept")
    early = replace(context, clock=lambda: now - timedelta(minutes=20))
    late = planning.create_plan(early, window, Mode.EMERGENCY, event_id="late", name="先发的一支")
    planning.send(early, late.id, replace(moves[0], pinned=False), event_id="late-move")
    planning.commit_plan(early, late.id)
    query = f"window={window.start:%Y-%m-%dT%H:%M}/{window.end:%Y-%m-%dT%H:%M}&mode=emergency"
    with serving(folder, "--store", url) as running:
        yield Day(running.address, query, context, window, plan.id)


@pytest.fixture
def people(browser, day):
    """Return a function that lets somebody in, on a desk or on a telephone."""
    opened = []

    def let(account, **options):
        context = browser.new_context(locale="zh-CN", **{"viewport": {"width": 1440, "height": 900}, **options})
        opened.append(context)
        enter(context, day.server, account)
        return context.new_page()

    yield let
    for context in opened:
        context.close()


def standing(day):
    """Return the orders of the window that are not recalled, as the store has them."""
    now = day.context.clock()
    return [o for o in planning.orders_here(day.context, day.window) if o.state(now) is not OrderState.RECALLED]


def missing(day):
    """Return the people missing in the window as every page is to say it."""
    snapshot = planning.load_snapshot(day.context, load_inputs(day.context), day.window, Mode.EMERGENCY)
    return shown_text(round_gap(float(snapshot.grids["need"].sum()), float(snapshot.grids["gap"].sum())))


def count(page, label):
    """Return a figure of the board."""
    cell = page.locator(".gm-steps button", has=page.locator("small", has_text=re.compile(f"^{label}$")))
    return int(cell.locator("b").inner_text().replace(",", ""))


def expect_agreement(day, desk, commander):
    """The planner's map, the commander's page, the screen and the paper say what the store says."""
    wanted = missing(day)
    frame = open_page(desk, day, "reinforce")
    frame.wait_for_function(CONFIRMED, timeout=WAIT_MS)
    expect(figure(frame, "缺口人数")).to_have_text(f"{wanted}人", timeout=WAIT_MS)
    commander.goto(f"{day.server}/situation?{day.query}")
    tile = commander.locator(".gm-tile", has_text="缺口人数").first
    expect(tile).to_contain_text(wanted, timeout=WAIT_MS)
    told = json.loads(commander.request.get(f"{day.server}/screen/briefing.json?{day.query}").text())
    assert wanted in json.dumps(told, ensure_ascii=False)


def send_out(desk, teams):
    """Send the draft through its review sheet, which says how many go."""
    press(desk, ".st-key-commit button")
    button = desk.locator(".st-key-send-out button")
    expect(button).to_contain_text(f"下达 {teams} 支队伍", timeout=WAIT_MS)
    press(desk, ".st-key-send-out button")
    expect(desk.locator(".st-key-take-back-plan button")).to_be_visible(timeout=WAIT_MS)


def test_a_day_from_the_weak_grid_to_the_paper(day, people):
    desk, commander = people("demo-planner"), people("demo-district-commander")

    frame = open_page(desk, replace(day, query=f"{day.query}&plan={day.plan_id}"))
    frame.wait_for_function(CONFIRMED, timeout=WAIT_MS)
    send_out(desk, TEAMS - 1)
    assert len(standing(day)) == TEAMS
    press(desk, ".st-key-take-back-plan button")
    expect(desk.locator(".st-key-commit button")).to_be_visible(timeout=WAIT_MS)
    assert len(standing(day)) == 1
    send_out(desk, TEAMS - 1)
    orders = standing(day)
    assert len(orders) == TEAMS
    expect_agreement(day, desk, commander)

    desk.goto(f"{day.server}/orders?{day.query}")
    expect(desk.locator(".gm-order.gm-late")).to_have_count(1, timeout=WAIT_MS)
    assert (count(desk, "逾期"), count(desk, "已下达"), count(desk, "已结束或召回")) == (1, TEAMS, TEAMS - 1)

    phone = people("demo-secretary", viewport=PHONE)
    phone.goto(f"{day.server}/orders?{day.query}")
    phone.locator(".gm-steps").wait_for(timeout=WAIT_MS)
    sent = count(phone, "已下达")
    arrived = phone.locator(".gm-say", has_text="已到岗")
    if arrived.count():
        arrived.first.click()
        expect(phone.get_by_role("alert")).to_contain_text("1 个派单", timeout=WAIT_MS)
        assert count(phone, "已到岗") == 1
        assert count(phone, "已下达") == sent - 1
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    liaison = people("demo-liaison", viewport=PHONE)
    liaison.goto(f"{day.server}/orders?{day.query}")
    liaison.locator(".gm-steps").wait_for(timeout=WAIT_MS)
    assert liaison.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    desk.reload()
    desk.locator(".gm-steps").wait_for(timeout=WAIT_MS)
    assert count(desk, "已下达") + count(desk, "已到岗") == TEAMS

    frame = open_page(desk, day)
    frame.wait_for_function(CONFIRMED, timeout=WAIT_MS)
    press(desk, ".st-key-orders-tick-all button")
    recall = desk.locator(".st-key-orders-recall button")
    expect(recall).to_contain_text(f"{TEAMS} 个", timeout=WAIT_MS)
    press(desk, ".st-key-orders-recall button")
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("理由").fill("雨停了")
    dialog.get_by_role("button", name=re.compile(f"召回 {TEAMS} 个派单")).click()
    expect(dialog).to_have_count(0, timeout=WAIT_MS)
    assert standing(day) == []
    expect_agreement(day, desk, commander)
