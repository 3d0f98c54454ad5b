"""接龙 in a browser: open seats go out as a text, what comes back is looked at, decided and written by one step."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from geo.schema import Layer
from services import rostering
from services.catalog.actions import Action
from services.coverage import load_inputs
from services.rostering import RosterSettings
from services.rules.areas import Area
from services.rules.roster.pattern import DayHours, Pattern
from services.rules.windows import Mode
from tests.browser.demo_store import make_demo_store
from tests.browser.phone import telephone
from tests.serving import serving

pytestmark = pytest.mark.browser
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def chain_store(tmp_path_factory):
    """Return the folder, the address and a context of a demo in which nobody else keeps rosters."""
    folder = tmp_path_factory.mktemp("chains")
    return folder, *make_demo_store(folder)


@pytest.fixture(scope="module")
def chain_server(chain_store):
    folder, url, _context = chain_store
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
    dialog.get_by_role("button", name="外援（只计人数）").click()
    expect(dialog).to_contain_text("待定 1，外援 1")
    dialog.get_by_role("button", name="不计").click()
    expect(dialog).to_contain_text("待定 0，外援 1，不计 1")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    dialog.get_by_role("button", name="写入 1 处改动").click()
    expect(dialog).to_have_count(0)
    taken = page.locator(".gm-tile[aria-label='已排席位'] .gm-value")
    expect(taken).to_contain_text(re.compile(r"^1\b"))
    page.get_by_role("button", name="↶").click()
    expect(taken).to_contain_text(re.compile(r"^0\b"))
    page.context.close()


@pytest.fixture
def double(chain_store):
    """Make a roster with shifts of a community in which two people have the same name; return its days and the name."""
    _folder, _url, office = chain_store
    inputs = load_inputs(office)
    with office.look(Action.MAINTAIN) as tx:
        rows = tx.rosters.read_names(tx.read_codes(Layer.MEMBERS))
    homes = inputs.levels[Layer.GRIDS].facts["parent_code"]
    count = Counter((row["name"], homes.get(row["grid_code"])) for row in rows)
    overall = Counter(row["name"] for row in rows)
    name, community = next(key for key in count if count[key] == overall[key[0]] == 2 and key[1])
    start = office.clock().date() + timedelta(days=20)
    area = Area(Layer.COMMUNITIES, str(community))
    made = rostering.create_roster(office, area, start, 1, Mode.ROUTINE, event_id="double")
    settings = RosterSettings(Pattern.TWO_HOURS, DayHours(8, 22), ())
    rostering.generate_shifts(office, made.id, inputs, settings, event_id="double shifts")
    return f"{start:%m-%d}", name


def test_a_key_each_decides_doubts_and_the_next_comes_by_itself(page, chain_server, double, outside):
    day, name = double
    page.set_default_timeout(30_000)
    page.goto(f"{chain_server}/roster")
    page.locator(".st-key-rosterbar").get_by_role("combobox").click()
    page.get_by_role("option", name=day).click()
    page.get_by_role("button", name="接龙…").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[data-testid=stCode]").wait_for()
    code = re.search(r"\bA\d+\b", dialog.locator("[data-testid=stCode]").inner_text())[0]
    dialog.get_by_text("收回报名").click()
    chain = dialog.get_by_label("接龙文字")
    chain.fill(f"#接龙\n值守\n1. {name} {code}\n2. 大螃蟹 {code} 我带水\n3. 小龙虾 {code}\n")
    chain.press("Tab")
    dialog.get_by_role("button", name="预览").click()
    expect(dialog.locator("[aria-live]")).to_contain_text(f"待定 第 1 条，共 3 条1. {name} {code}")
    entries = dialog.locator(".gm-entries")
    expect(entries.locator(".gm-of-shift")).to_have_text([code] * 3)
    expect(entries).to_contain_text("没读懂：大螃蟹、我带水")
    page.keyboard.press("n")
    expect(dialog).to_contain_text("待定 第 2 条，共 3 条")
    page.keyboard.press("0")
    expect(dialog).to_contain_text("待定 2，外援 1")
    expect(dialog).to_contain_text("待定 第 2 条，共 2 条")
    page.keyboard.press("Delete")
    expect(dialog).to_contain_text("待定 1，外援 1，不计 1")
    expect(dialog).to_contain_text("待定 第 1 条，共 1 条")
    who = dialog.get_by_label("或写明是谁")
    who.press_sequentially("12")
    expect(dialog).to_contain_text("待定 第 1 条，共 1 条")
    who.fill("")
    who.press("Tab")
    page.keyboard.press("1")
    expect(dialog).to_contain_text("待定 0，外援 1，不计 1")
    expect(entries.locator(".gm-of-person")).to_have_text([name])
    assert not outside.errors
