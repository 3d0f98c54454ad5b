"""A day with five accounts: forty teams are sent, taken back, sent again, answered and recalled; all pages agree."""

import json
import re
import subprocess
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from services import planning
from services.accounts import make_demo_accounts
from services.assignment import assign_members
from services.catalog.actions import Action
from services.context import Context, open_context
from services.coverage import load_inputs
from services.demo import DemoSize, fill_store, make_district
from services.planning import Move, OrderState
from services.rules.areas import parse_area
from services.rules.rounding import round_gap, shown_text
from services.rules.windows import Mode, Window
from tests.browser.planning import CONFIRMED, WAIT_MS, figure, open_page, press
from tests.browser.signing import enter
from tests.browser.waiting import map_frame
from tests.serving import serving

pytestmark = pytest.mark.browser
TEAMS = 40
FEW = 3
"""People; of fewer, papers do not tell how many."""
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


def moves_of_the_day(snapshot, plan, community):
    """Return the moves of a proposal that close most, one a team, the last of them into a community."""
    proposed = planning.propose_plan(snapshot, plan, seconds=5).moves
    found = list({move.team_code: move for move in reversed(proposed)}.values())[::-1]
    assert len(found) >= TEAMS
    chosen = found[: TEAMS - 1]
    grid = snapshot.grids.index[snapshot.grids["parent_code"] == community][0]
    taken = {move.team_code for move in chosen}
    free = (team for team in snapshot.teams.values() if team.code not in taken and team.home_code != grid)
    team = next(team for team in free if team.size > FEW)
    return [*chosen, Move(team.code, grid, team.size, home_code=team.home_code)]


def community_of(context, account):
    """Return the community that an account of the demo is in charge of."""
    with context.look(Action.SIGN_IN) as tx:
        [grant] = tx.accounts.read_grants(tx.accounts.find(account)["id"])
    return parse_area(grant["area"]).code


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
    moves = moves_of_the_day(snapshot, plan, community_of(context, "demo-secretary"))
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


def people_of(day):
    """Return how many people are sent for the window and how many of them are there, as the store has them."""
    return planning.count_order_people(planning.read_order_steps(day.context, day.window))


def paper(page, day, program, tmp_path):
    """Return the text of the briefing as PDF, without blanks."""
    page.goto(f"{day.server}/briefing?{day.query}")
    link = page.get_by_role("link", name=re.compile("PDF")).first
    expect(link).to_be_visible(timeout=WAIT_MS)
    answer = page.request.get(urljoin(day.server, link.get_attribute("href")))
    assert answer.status == 200
    (tmp_path / "paper.pdf").write_bytes(answer.body())
    told = subprocess.run([program("pdftotext"), "-raw", tmp_path / "paper.pdf", "-"], capture_output=True, check=True)
    return re.sub(r"\s", "", told.stdout.decode())


def expect_agreement(day, desk, commander, read_paper):
    """The planner's map, the board, the commander's page, the screen and the paper say what the store says."""
    wanted, people = missing(day), people_of(day)
    frame = open_page(desk, day, "reinforce")
    frame.wait_for_function(CONFIRMED, timeout=WAIT_MS)
    expect(figure(frame, "缺口人数")).to_have_text(f"{wanted}人", timeout=WAIT_MS)
    commander.goto(f"{day.server}/situation?{day.query}")
    tile = commander.locator(".gm-tile", has_text="缺口人数").first
    expect(tile).to_contain_text(wanted, timeout=WAIT_MS)
    both = f"已下达 {people.sent:,} 人 · 已到岗 {people.arrived:,} 人"
    if people.teams:
        expect(commander.locator(".st-key-presence")).to_contain_text(both, timeout=WAIT_MS)
    told = commander.request.get(f"{day.server}/screen/briefing.json?{day.query}").json()
    screen, printed = json.dumps(told, ensure_ascii=False), read_paper(commander)
    desk.goto(f"{day.server}/orders?{day.query}")
    expect(desk.locator(".gm-heading", has_text="已到岗")).to_contain_text(both, timeout=WAIT_MS)
    assert wanted in screen
    assert f"缺{wanted}人" in printed
    if people.teams:
        assert f"已到岗 {people.arrived:,} 人" in screen
        assert f"已到岗{people.arrived:,}人" in printed
        assert f"派出人数{people.sent:,}" in printed or f"{people.sent:,}人" in printed


def send_out(desk, teams):
    """Send the draft through its review sheet, which says how many go."""
    press(desk, ".st-key-commit button")
    button = desk.locator(".st-key-send-out button")
    expect(button).to_contain_text(f"下达 {teams} 支队伍", timeout=WAIT_MS)
    press(desk, ".st-key-send-out button")
    expect(desk.locator(".st-key-take-back-plan button")).to_be_visible(timeout=WAIT_MS)


def test_a_day_from_the_weak_grid_to_the_paper(day, people, program, tmp_path):
    desk, commander = people("demo-planner"), people("demo-district-commander")

    def read_paper(page):
        return paper(page, day, program, tmp_path)

    frame = open_page(desk, replace(day, query=f"{day.query}&plan={day.plan_id}"))
    frame.wait_for_function(CONFIRMED, timeout=WAIT_MS)
    frame.evaluate("window.isThisMap = true")
    send_out(desk, TEAMS - 1)
    assert len(standing(day)) == TEAMS
    press(desk, ".st-key-take-back-plan button")
    expect(desk.locator(".st-key-take-back-plan")).to_have_count(0, timeout=WAIT_MS)
    expect(desk.locator(".st-key-commit button")).to_be_visible(timeout=WAIT_MS)
    assert len(standing(day)) == 1
    send_out(desk, TEAMS - 1)
    orders = standing(day)
    assert len(orders) == TEAMS
    assert map_frame(desk).evaluate("window.isThisMap")
    expect_agreement(day, desk, commander, read_paper)

    desk.goto(f"{day.server}/orders?{day.query}")
    expect(desk.locator(".gm-order.gm-late")).to_have_count(1, timeout=WAIT_MS)
    assert (count(desk, "逾期"), count(desk, "已下达"), count(desk, "已结束或召回")) == (1, TEAMS, TEAMS - 1)

    phone = people("demo-secretary", viewport=PHONE)
    phone.goto(f"{day.server}/orders?{day.query}")
    phone.locator(".gm-steps").wait_for(timeout=WAIT_MS)
    sent = count(phone, "已下达")
    phone.locator(".gm-say", has_text="已到岗").first.click()
    expect(phone.get_by_role("status").filter(has_text="1 个派单")).to_be_visible(timeout=WAIT_MS)
    assert count(phone, "已到岗") == 1
    assert count(phone, "已下达") == sent - 1
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    liaison = people("demo-liaison", viewport=PHONE)
    liaison.goto(f"{day.server}/orders?{day.query}")
    liaison.locator(".gm-steps").wait_for(timeout=WAIT_MS)
    assert liaison.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    expect_agreement(day, desk, commander, read_paper)
    assert people_of(day).arrived > 0
    assert (count(desk, "已下达"), count(desk, "已到岗")) == (TEAMS - 1, 1)

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
    expect_agreement(day, desk, commander, read_paper)
