"""Texts that people wrote are read on every page, never run: no dialog, no error, nothing asked of other machines."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from geo.schema import Layer
from services.briefing import BriefingRequest, freeze
from services.context import open_context
from services.imports import Options, commit, make_upload, stage_file
from services.planning import recall_order
from services.planning.orders import orders_between
from services.rules.windows import DAY, Mode, Window
from tests.browser.conftest import Outside
from tests.browser.planning import CONFIRMED, lift
from tests.browser.signing import enter
from tests.browser.waiting import map_frame
from tests.faults.poison import SCRIPTS, poison
from tests.services.planning.conftest import fill
from tests.serving import serving

pytestmark = pytest.mark.browser
WAIT_MS = 15_000
CORES = {
    "onerror": SCRIPTS[0],
    "${alert": SCRIPTS[1],
    "`+alert": SCRIPTS[2],
    "</script><script": SCRIPTS[3],
    "outside.example": SCRIPTS[4],
    "javascript:": SCRIPTS[5],
    "onload": SCRIPTS[6],
    "constructor.constructor": SCRIPTS[7],
}
"""What remains of a payload of which a page swallowed the rest."""
TAKEN = """[...document.querySelectorAll("[onerror],[onload],[src='x'],[src*='outside.example']," +
  "[href*='outside.example'],[href^='javascript'],[src^='javascript']")].map(element => element.outerHTML)"""
JOINER = "\u2060"
TEXT = "document.body ? document.body.innerText : ''"
CELLS = "[...document.querySelectorAll('canvas td, canvas th')].map(cell => cell.textContent).join('\\n')"
ANY = """() => {
  const board = map.gmBoard, size = map.getSize(), shapes = map.gmZones.levels.find(l => l.name === "grids").shapes;
  const team = board.ground.teams.find(one => one.size > 0), at = map.latLngToContainerPoint(shapes.anchor(1));
  return {team: team.code, x: at.x, y: at.y};
}"""
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory):
    """Serve a town of payloads with orders, plans, a snapshot and imports; return its address and the window."""
    folder = tmp_path_factory.mktemp("poisoned")
    office = open_context(f"sqlite:///{folder / 'town.gpkg'}")
    fill(office._store)
    start = office.clock().replace(hour=18, minute=0, second=0, microsecond=0) + DAY
    window = Window(start, start + timedelta(hours=4))
    plan = poison(office, SCRIPTS, window)
    for order in orders_between(office, window)[:1]:
        recall_order(office, order.id, reason=SCRIPTS[0])
    for name in SCRIPTS:
        cell = name.replace('"', '""')
        upload = make_upload(f"{name}.csv", f'编码,姓名,电话,地址\nM900,甲乙丙,13812345678,"{cell}"\n'.encode())
        commit(office, stage_file(office, upload, Layer.MEMBERS, Options()))
    freeze(office, BriefingRequest(window, Mode.EMERGENCY, plan_id=plan))
    with serving(folder, "--store", f"sqlite:///{folder / 'town.gpkg'}") as running:
        yield running.address, f"window={start:%Y-%m-%d}T18:00/{start:%Y-%m-%d}T22:00&mode=emergency"


class Reader:
    """Somebody at a page, who notes what went wrong."""

    def __init__(self, context, address, query):
        self.page, self.address, self.query = context.new_page(), address, query
        self.page.set_default_timeout(WAIT_MS)
        self.outside, self.broken = Outside(self.page), []
        self.page.on("console", self._said)

    def _said(self, message):
        is_error = message.type == "error" and not message.text.startswith(("Failed to load resource", "An iframe"))
        if is_error or "Content Security Policy" in message.text:
            self.broken.append(message.text)

    def open(self, path):
        self.page.goto(f"{self.address}/{path}?{self.query}")
        self.settle()
        return self.page

    def settle(self):
        self.page.locator(IDLE).wait_for(state="attached")

    def check(self):
        """Fail if anything was run or fetched; return which payloads can be read, each of them whole."""
        frames = self.page.frames
        text = "\n".join(frame.evaluate(TEXT) + frame.evaluate(CELLS) for frame in frames).replace(JOINER, "")
        assert [taken for frame in frames for taken in frame.evaluate(TAKEN)] == []
        assert self.outside.dialogs == []
        assert self.outside.requests == []
        assert self.outside.errors == []
        assert self.broken == []
        text = "\n".join(
            part for part in text.replace("\t", "\n").splitlines() if "…" not in part and "***" not in part
        )
        cut = {core: payload for core, payload in CORES.items() if text.count(core) != text.count(payload)}
        assert cut == {}, [line for line in text.splitlines() if any(core in line for core in cut)]
        return {payload for payload in SCRIPTS if payload in text}


@pytest.fixture(scope="module")
def reader(browser, browser_context_args, poisoned):
    """Return a function that seats somebody with an account at a page."""
    contexts = {}

    def seat(account):
        if account not in contexts:
            contexts[account] = browser.new_context(**browser_context_args)
            enter(contexts[account], poisoned[0], account)
        return Reader(contexts[account], *poisoned)

    yield seat
    for context in contexts.values():
        context.close()


def touch_map(reader):
    """Let the pointer rest on places all over the map and press there; return what the map told meanwhile."""
    frame, box = map_frame(reader.page), reader.page.locator("iframe").first.bounding_box()
    frame.wait_for_function("window.map && map.gmZones && map.gmZones.state.level")
    for k in range(5):
        at = box["x"] + box["width"] * (0.3 + 0.1 * k), box["y"] + box["height"] / 2
        reader.page.mouse.move(*at)
        frame.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        reader.check()
    reader.page.mouse.click(*at)
    reader.settle()


def read_situation(reader):
    touch_map(reader)
    for row in range(reader.page.locator(".gm-ranking button").count()):
        reader.page.locator(".gm-ranking button").nth(row).click()
        expect(reader.page.locator(".gm-card")).to_be_visible()
        reader.settle()
        reader.check()


def read_plans(reader):
    frame = map_frame(reader.page)
    frame.wait_for_function(CONFIRMED)
    pick = frame.evaluate(ANY)
    lift(reader.page, frame, pick)
    expect(frame.locator(".gm-ghost")).to_be_visible()
    reader.check()
    reader.page.keyboard.press("Escape")
    reader.page.mouse.up()
    for part in ("比较两个方案", "组队"):
        reader.page.get_by_role("button", name=part).or_(reader.page.get_by_role("radio", name=part)).first.click()
        reader.settle()
        reader.check()


def read_briefing(reader):
    inside = reader.page.frame_locator(".st-key-preview iframe")
    inside.locator("#head h2").wait_for()
    for name in ("分社区", "数据"):
        reader.page.get_by_role("radio", name=name).first.click()
        reader.settle()


def read_person(reader):
    canvas = reader.page.locator("[data-testid=stDataFrame] canvas").first
    canvas.click(position={"x": 15, "y": 55}, force=True)
    reader.page.locator("[class*=st-key-people-show-], [class*=st-key-people-mask-]").first.wait_for()


def read_account(reader):
    reader.page.locator("[data-testid=stDataFrame] canvas").first.click(position={"x": 15, "y": 300}, force=True)
    reader.page.locator(".st-key-accounts-buttons").wait_for()


def read_data(reader):
    reader.page.locator(".st-key-imports").get_by_text("csv").first.wait_for()


def look(reader):
    """Leave the page as it opens."""


PAGES = {
    ("demo-planner", "situation"): read_situation,
    ("demo-planner", "reinforce"): read_plans,
    ("demo-planner", "orders"): look,
    ("demo-planner", "briefing"): read_briefing,
    ("demo-planner", "data"): read_data,
    ("demo-planner", "people"): read_person,
    ("demo-planner", "settle"): look,
    ("demo-secretary", "situation"): read_situation,
    ("demo-secretary", "orders"): look,
    ("demo-secretary", "people"): read_person,
    ("demo-administrator", "accounts"): read_account,
    ("demo-administrator", "audit"): look,
}
SILENT = {"settle", "audit", "briefing"}
"""Pages on which none of the texts need stand; the briefing shows the screen, which has a test of its own."""


@pytest.mark.parametrize(("account", "path"), PAGES)
def test_what_people_wrote_is_read_and_never_run(reader, account, path):
    who = reader(account)
    page = who.open(path)
    page.locator(".st-key-account button").click()
    page.get_by_role("link", name="退出").wait_for()
    page.keyboard.press("Escape")
    PAGES[account, path](who)
    who.settle()
    if path not in SILENT:
        page.get_by_text("alert(").or_(page.get_by_text("outside.example")).first.wait_for(state="attached")
    seen = who.check()
    assert seen or path in SILENT


def test_the_screen_runs_nothing_in_a_full_turn(reader):
    who = reader("demo-planner")
    who.page.goto(f"{who.address}/screen?paused=1&{who.query}")
    who.page.locator(".figure").first.wait_for()
    seen = set()
    for k in range(who.page.locator("#dots button").count()):
        who.page.keyboard.press(str(k + 1))
        expect(who.page.locator("#dots button").nth(k)).to_have_attribute("aria-current", "true")
        seen |= who.check()
    assert seen


def test_the_sign_in_page_runs_nothing(browser, browser_context_args, poisoned):
    context = browser.new_context(**browser_context_args)
    who = Reader(context, *poisoned)
    who.page.goto(f"{poisoned[0]}/sign-in?next=/%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E")
    who.page.get_by_label("帐号").fill(SCRIPTS[0])
    who.page.locator("input[type=password]").fill(SCRIPTS[3])
    who.page.keyboard.press("Enter")
    who.page.get_by_role("alert").wait_for()
    who.check()
    context.close()
