"""值守 in a browser: a roster is made, filled by click, drag and keys, published and answered."""

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
def roster_server(tmp_path_factory):
    """Serve a demo in which nobody else keeps rosters."""
    folder = tmp_path_factory.mktemp("rosters")
    url, _context = make_demo_store(folder)
    with serving(folder, "--store", url) as running:
        yield running.address


def tile(page, label):
    """Return the figure under a label."""
    words = page.locator(f".gm-tile[aria-label='{label}'] .gm-value").inner_text()
    return int(re.match(r"[\d,]+", words)[0].replace(",", ""))


def test_a_roster_is_made_filled_published_and_answered(page, outside, roster_server):
    page.set_default_timeout(30_000)
    page.goto(f"{roster_server}/roster")
    page.get_by_role("button", name="新建值守表…").click()
    page.get_by_role("button", name="新建", exact=True).click()
    page.get_by_role("button", name="生成班次…").click()
    button = page.get_by_role("button", name=re.compile(r"生成 [\d,]+ 个席位"))
    seats = int(re.search(r"[\d,]+", button.inner_text())[0].replace(",", ""))
    button.click()
    cells = page.locator("[data-choose^='cell:']")
    cells.first.wait_for()
    words = [cell.split("/") for cell in cells.all_inner_texts()]
    assert sum(int(of.replace(",", "")) for _filled, of in words) == seats == tile(page, "空缺")
    assert not [found["id"] for found in Axe().run(page).response["violations"] if found["impact"] in SERIOUS]

    cells.nth(1).click()
    shifts = page.locator("[data-choose^='shift:']")
    shifts.nth(2).click()
    people = page.locator(".gm-candidates .gm-person")
    people.first.wait_for()
    first = people.first.locator(".gm-quiet").first.inner_text()
    page.get_by_role("button", name="排上").first.click()
    expect(page.locator("[data-drag^='duty:']")).to_have_count(1)
    expect(page.locator(".gm-candidates")).not_to_contain_text(first)
    assert (tile(page, "已排席位"), tile(page, "空缺")) == (1, seats - 1)

    other = page.locator("[data-drop^='shift:'].gm-open").nth(4)
    drag(page, people.nth(1), other)
    expect(page.locator("[data-choose^='shift:'].gm-open")).to_have_count(shifts.count() - 2)
    assert tile(page, "已排席位") == 2
    drag(page, people.first, page.locator("[data-drop^='shift:']").nth(2))
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.get_by_role("button", name="↶").click()
    expect(page.locator(".gm-tile[aria-label='已排席位'] .gm-value")).to_contain_text(re.compile(r"^[12]\b"))

    page.get_by_role("button", name="发布…").click()
    assert not [found["id"] for found in Axe().run(page).response["violations"] if found["impact"] in SERIOUS]
    page.get_by_role("button", name="发布", exact=True).click()
    confirm = page.get_by_role("button", name="已确认")
    confirm.first.wait_for()
    waiting = tile(page, "待确认")
    assert waiting >= 1
    confirm.first.click()
    expect(page.locator(".gm-tile[aria-label='待确认'] .gm-value")).to_contain_text(re.compile(rf"^{waiting - 1}\b"))
    assert not outside.errors


def drag(page, source, target):
    """Drag one thing onto another with the mouse."""
    source.scroll_into_view_if_needed()
    one, other = source.bounding_box(), target.bounding_box()
    page.mouse.move(one["x"] + 60, one["y"] + 12)
    page.mouse.down()
    page.mouse.move(other["x"] + other["width"] / 2, other["y"] + other["height"] / 2, steps=5)
    page.mouse.up()


def test_the_board_is_one_stop_of_the_tab_key_and_arrows_walk_on_it(page, roster_server):
    page.set_default_timeout(30_000)
    page.goto(f"{roster_server}/roster")
    page.get_by_role("combobox", name="值守").click()
    page.get_by_role("option").first.click()
    cells = page.locator("[data-choose^='cell:']")
    cells.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    focused = page.evaluate("document.activeElement.dataset.choose")
    row = [cell.get_attribute("data-choose") for cell in cells.all()]
    assert row.index(focused) == 7 + 1
    assert page.locator(".gm-board [tabindex='0']").count() == 1


def test_a_secretary_keeps_the_roster_of_the_own_community_on_a_telephone(browser, roster_server):
    phone = telephone(browser, roster_server, "demo-secretary")
    phone.set_default_timeout(30_000)
    phone.goto(f"{roster_server}/roster")
    expect(phone.get_by_text("谁在哪里、什么时候值守")).to_be_visible(timeout=30_000)
    phone.get_by_role("button", name="新建值守表…").click()
    phone.get_by_role("button", name="新建", exact=True).click()
    phone.get_by_role("button", name="生成班次…").click()
    phone.get_by_role("button", name=re.compile(r"生成 [\d,]+ 个席位")).click()
    phone.locator("[data-choose^='shift:']").first.click()
    phone.locator(".gm-candidates .gm-person").first.wait_for()
    wide = phone.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    phone.context.close()
