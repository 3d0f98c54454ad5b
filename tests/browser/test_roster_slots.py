"""The strip of 值守: a cell for each shift of the week, by click and by keys."""

import re
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from services import rostering
from services.clock import local_now
from services.coverage import load_inputs
from services.rostering import RosterSettings, Seating
from services.rules.areas import EVERYWHERE
from services.rules.windows import Mode
from tests.browser.demo_store import make_demo_store
from tests.browser.phone import rest
from tests.serving import serving

pytestmark = pytest.mark.browser
SERIOUS = {"serious", "critical"}
FIGURES = re.compile(r"席位 ([\d,]+) · 已排 ([\d,]+) · 空缺 ([\d,]+)")


@pytest.fixture(scope="module")
def roster_server(tmp_path_factory):
    """Serve a demo with a roster of a week in which one person has a seat."""
    folder = tmp_path_factory.mktemp("strip")
    url, office = make_demo_store(folder)
    office = replace(office, clock=local_now)  # the server has a process and a clock of its own
    inputs = load_inputs(office)
    made = rostering.create_roster(office, EVERYWHERE, office.clock().date(), 7, Mode.ROUTINE, event_id="new")
    rostering.generate_shifts(office, made.id, inputs, RosterSettings(), event_id="shifts")
    shift = next(shift for shift in rostering.read_shifts(office, made.id) if shift.seats)
    person = rostering.find_candidates(office, made.id, shift.id, inputs)[0]
    seating = Seating(shift.id, person.candidate.member_code)
    rostering.put_duties(office, made.id, [seating], inputs, event_id="put", reason="x")
    with serving(folder, "--store", url) as running:
        yield running.address


@pytest.fixture
def opened(page, roster_server):
    """Open the roster and return the page."""
    page.set_default_timeout(30_000)
    page.goto(f"{roster_server}/roster")
    page.get_by_role("combobox", name="值守").click()
    page.get_by_role("option").first.click()
    page.locator(".gm-slot").first.wait_for()
    return page


def figures(words):
    """Return seats, taken and open ones of a line."""
    return [int(count.replace(",", "")) for count in FIGURES.search(words).groups()]


def tile(page, label):
    words = page.locator(f".gm-tile[aria-label='{label}'] .gm-value").inner_text()
    return int(re.match(r"[\d,]+", words)[0].replace(",", ""))


def test_the_cells_add_up_to_the_figures_above_them(opened, outside):
    assert opened.locator(".gm-slot").count() == 84
    labels = opened.locator(".gm-slot").evaluate_all("cells => cells.map(cell => cell.ariaLabel)")
    counts = [re.search(r"共 ([\d,]+) 席，已排 ([\d,]+)，缺 ([\d,]+)", label).groups() for label in labels]
    totals = [sum(int(count.replace(",", "")) for count in column) for column in zip(*counts, strict=True)]
    assert totals == figures(opened.locator(".gm-strip-head").inner_text())
    assert totals[1:] == [tile(opened, "已排席位"), tile(opened, "空缺")] == [1, totals[0] - 1]
    assert sum("夜班" in label for label in labels) == 7 * 5
    assert not [found["id"] for found in Axe().run(opened).response["violations"] if found["impact"] in SERIOUS]
    assert not outside.errors


def test_a_click_shows_the_shift_in_every_community_and_then_in_one(opened):
    cell = opened.locator(".gm-slot").nth(12 + 4)
    seats = int(re.search(r"共 ([\d,]+) 席", cell.get_attribute("aria-label"))[1].replace(",", ""))
    cell.click()
    expect(opened.locator(".gm-head.gm-chosen").first).to_have_text("08–10", timeout=30_000)
    rest(opened)
    assert figures(opened.locator(".gm-strip-head").inner_text())[0] == seats
    column = [words.split("/")[1] for words in opened.locator(".gm-board .gm-cell").all_inner_texts()[4::12]]
    assert sum(int(count) for count in column) == seats
    opened.locator(".gm-board .gm-cell").nth(4).click()
    opened.locator("[data-choose^='shift:']").first.wait_for()
    rest(opened)
    expect(opened.locator(".gm-head.gm-chosen")).to_have_text("08–10")
    own = figures(opened.locator(".gm-strip-head").inner_text())[0]
    assert own == int(column[0])
    opened.get_by_role("button", name="不看单班").click()
    expect(opened.locator(".gm-head.gm-chosen")).to_have_count(0, timeout=30_000)


def test_the_strip_is_one_stop_of_the_tab_key_and_arrows_go_by_shift_and_day(opened):
    cells = opened.locator(".gm-slot")
    assert opened.locator(".gm-strip-days [tabindex='0']").count() == 1
    cells.first.focus()
    for key in ("ArrowRight", "ArrowDown"):
        opened.keyboard.press(key)
    starts = cells.evaluate_all("cells => cells.map(cell => cell.dataset.choose)")
    assert opened.evaluate("document.activeElement.dataset.choose") == starts[12 + 1]
    opened.keyboard.press("Enter")
    expect(cells.nth(13)).to_have_attribute("aria-pressed", "true", timeout=30_000)


def test_a_click_on_the_map_opens_a_community_and_the_shift_chosen_colours_it(opened, outside):
    frame = opened.locator(".st-key-rostermap iframe")
    legend = opened.frame_locator(".st-key-rostermap iframe").locator(".gm-legend")
    expect(legend).to_contain_text("空缺", timeout=60_000)
    expect(opened.get_by_text("全部班次", exact=True)).to_be_visible()
    before = legend.inner_text()
    opened.locator(".gm-slot").nth(12 + 4).click()
    expect(legend).not_to_have_text(before, timeout=30_000)
    rest(opened)
    expect(opened.locator(".gm-heading", has_text="各社区空缺席位")).to_contain_text("08–10")
    box = frame.bounding_box()
    opened.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    opened.locator("[data-choose^='shift:']").first.wait_for()
    rest(opened)
    heading = opened.locator(".gm-heading h3").all_inner_texts()
    assert opened.get_by_role("combobox", name="社区").input_value() in heading
    expect(opened.locator(".gm-head.gm-chosen")).to_have_text("08–10")
    assert not outside.errors
