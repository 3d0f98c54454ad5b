"""承包 in a browser: offered by the office, answered and named by a liaison with a finger, marked on the board."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from services import rostering
from services.catalog.actions import Action
from services.coverage import load_inputs
from tests.browser.demo_store import make_demo_store
from tests.browser.phone import foreign, rest, telephone, too_small
from tests.serving import serving

pytestmark = pytest.mark.browser
SERIOUS = {"serious", "critical"}
UNIT = "U00001"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Return a folder with a demo, its address and the door to it."""
    folder = tmp_path_factory.mktemp("packages")
    url, context = make_demo_store(folder)
    return folder, url, context


@pytest.fixture(scope="module")
def packages_server(office):
    folder, url, _context = office
    with serving(folder, "--store", url) as running:
        yield running.address


def names_of(context):
    """Return a name that one person of the unit has alone, and one that nobody there has."""
    with context.look(Action.MAINTAIN) as tx:
        names = [row["name"] for row in tx.people.search(tx.people.within(units=[UNIT]), limit=500)]
    return next(name for name in names if names.count(name) == 1), "查无此人"


def serious(page):
    return [found["id"] for found in Axe().run(page).response["violations"] if found["impact"] in SERIOUS]


def choose(page, label, words):
    page.get_by_role("combobox", name=label).first.click()
    page.get_by_role("option").filter(has_text=words).first.click()
    page.keyboard.press("Tab")
    rest(page)


def fill_a_shift(phone):
    """Put whom the unit named into a shift with a finger, and take them out again."""
    phone.locator(".gm-shift").first.tap()
    phone.locator(".gm-candidates .gm-say").first.tap()
    out = phone.locator(".gm-person .gm-order-head .gm-say")
    expect(out).to_have_count(1)
    expect(phone.locator(".gm-shift").first).to_contain_text("1/")
    rest(phone)
    assert too_small(phone, ".gm-shift, .gm-person button") == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious(phone) == []
    out.tap()
    expect(phone.get_by_text("这一班还没有本单位的人")).to_be_visible()


def read_pairings(phone):
    """Read with which communities the unit is paired; a liaison changes nothing there."""
    phone.get_by_role("radio", name="结对").tap()
    phone.locator(".gm-pairing").first.wait_for()
    rest(phone)
    expect(phone.locator(".gm-pairing button")).to_have_count(0)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious(phone) == []


def test_a_package_goes_from_the_office_to_a_liaison_and_onto_the_board(
    page, browser, outside, office, packages_server
):
    _folder, _url, context = office
    page.set_default_timeout(30_000)
    page.goto(f"{packages_server}/roster")
    page.get_by_role("button", name="新建值守表…").click()
    page.get_by_role("button", name="新建", exact=True).click()
    page.get_by_role("button", name="生成班次…").click()
    page.get_by_role("button", name=re.compile(r"生成 [\d,]+ 个席位")).click()
    page.locator("[data-choose^='cell:']").first.wait_for()
    inputs = load_inputs(context)
    board = rostering.read_board(context, 1, inputs)
    unit, community = rostering.read_unit_names(context)[UNIT], next(iter(rostering.community_names(board, inputs)))
    post = next(post for post in board.posts.values() if post.community_code == community)

    page.goto(f"{packages_server}/packages")
    page.get_by_role("button", name="新承包…").click()
    choose(page, "单位", unit)
    choose(page, "社区", rostering.community_names(board, inputs)[community])
    choose(page, "岗位", post.name)
    page.get_by_role("button", name="发出", exact=True).click()
    expect(page.locator(".gm-package")).to_contain_text("待答复")
    assert serious(page) == []

    phone = telephone(browser, packages_server, "demo-liaison", "packages")
    phone.get_by_role("button", name="接受", exact=True).tap()
    expect(phone.locator(".gm-package")).to_contain_text("已接受")
    phone.get_by_role("button", name="分批", exact=True).tap()
    name, nobody = names_of(context)
    typed = phone.get_by_role("textbox", name="写全名")
    typed.fill(f"{name}，{nobody}")
    phone.get_by_role("button", name="填报到这一批").tap()
    expect(phone.get_by_role("alert").filter(has_text=nobody)).to_be_visible()
    expect(typed).to_have_value(f"{name}，{nobody}")
    typed.fill(name)
    phone.get_by_role("button", name="填报到这一批").tap()
    expect(phone.locator(".gm-batch button")).to_have_count(1)
    assert name not in phone.locator(".gm-batch").inner_text()
    rest(phone)
    assert too_small(phone, ".gm-batch button, .gm-package") == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert [words for words in foreign(phone) if "D0" not in words] == []
    assert serious(phone) == []
    fill_a_shift(phone)
    read_pairings(phone)
    phone.context.close()

    page.goto(f"{packages_server}/roster")
    choose(page, "值守", "草稿")
    page.locator(f"[data-choose^='cell:{community}:']").first.click()
    expect(page.locator(".gm-board .gm-name").filter(has_text=f"承包:{unit}")).to_have_count(1)
    page.get_by_role("button", name="承包（1）…").click()
    page.get_by_role("button", name="排上名单").click()
    expect(page.get_by_role("status").filter(has_text="批次里的人排上 3 人次")).to_be_visible(timeout=30_000)
