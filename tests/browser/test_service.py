"""服务 in a browser: a claim is made, refused, seen and ended, by a secretary on a telephone too."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from geo.schema import Layer
from services.claims import ClaimDraft, HolderKind, add_claim, read_claims
from tests.browser.demo_store import make_demo_store
from tests.browser.phone import FINGER, telephone
from tests.browser.waiting import map_frame
from tests.serving import serving

pytestmark = pytest.mark.browser
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def claim_office(tmp_path_factory):
    """Serve a demo in which a unit takes care of three blocks in the community of the secretary."""
    folder = tmp_path_factory.mktemp("service")
    url, office = make_demo_store(folder)
    overview = read_claims(office)
    place = next(each for each in overview.within(next(iter(overview.communities))).places if each.households)
    with office._store.read() as tx:
        unit = tx.read_codes(Layer.UNITS)[0]
    add_claim(office, ClaimDraft(Layer.ESTATES, place.code, "3-5栋", 20, HolderKind.UNIT, unit))
    with serving(folder, "--store", url) as running:
        yield running.address, office, place, unit


def test_a_claim_is_refused_made_and_ended_in_the_browser(page, outside, claim_office):
    address, office, place, unit = claim_office
    page.set_default_timeout(30_000)
    page.goto(f"{address}/service")
    page.locator(".gm-place").first.wait_for()
    assert not [found["id"] for found in Axe().run(page).response["violations"] if found["impact"] in SERIOUS]
    page.get_by_role("button", name="认领…", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").click()
    page.get_by_role("option", name=place.name).first.click()
    dialog.get_by_label("哪几栋").fill("5栋")
    dialog.get_by_role("spinbutton").fill("9")
    dialog.get_by_role("radio", name="单位").check(force=True)
    dialog.get_by_role("textbox", name="编号或全名").fill(unit)
    dialog.get_by_role("button", name="认领", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("5栋已有人认领")
    dialog.get_by_label("哪几栋").fill("8栋")
    dialog.get_by_role("button", name="认领", exact=True).click()
    expect(page.locator(".gm-claim", has_text="8栋")).to_have_count(1)
    page.locator(".gm-claim", has_text="8栋").get_by_role("button").click()
    page.get_by_role("dialog").get_by_role("button", name="结束", exact=True).click()
    expect(page.locator(".gm-claim", has_text="8栋")).to_have_count(0)
    assert [claim.blocks for claim in read_claims(office).claims] == [(3, 4, 5)]
    assert not outside.errors


def test_a_secretary_reads_it_on_a_telephone(browser, claim_office):
    phone = telephone(browser, claim_office[0], "demo-secretary")
    phone.set_default_timeout(30_000)
    phone.goto(f"{claim_office[0]}/service")
    phone.locator(".gm-place").first.wait_for()
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    end = phone.locator(".gm-end").first.bounding_box()
    assert end["height"] >= FINGER
    phone.context.close()


def test_an_estate_chosen_in_the_list_is_outlined_on_the_map_and_one_clicked_there_comes_first(page, claim_office):
    address, office, _place, _unit = claim_office
    page.set_default_timeout(30_000)
    page.goto(f"{address}/service")
    page.locator(".gm-place").first.wait_for()
    frame = map_frame(page)
    frame.wait_for_function("window.GM && GM.paint && GM.paint.levels.estates")
    digits = frame.evaluate("GM.paint.levels.estates.cls")
    assert digits.count("1") == sum(1 for each in read_claims(office).places if each.claims)
    assert sum(frame.evaluate("GM.paint.levels.estates.figures.filter(Boolean)")) == 20
    page.get_by_role("button", name="在地图上看").nth(1).click()
    chosen = page.locator(".gm-chosen .gm-choose")
    expect(chosen).to_have_count(1)
    frame.wait_for_function("GM.paint.choice.name === 'estates'")
    name = page.locator(".gm-choose").nth(7).inner_text()
    code = frame.evaluate("() => GM.paint.choice.code")
    assert code in {each.code for each in read_claims(office).places}
    other = next(each for each in read_claims(office).places if each.name == name)
    frame.evaluate("code => GM.report({level: 'estates', code})", other.code)
    expect(page.locator(".gm-choose").first).to_have_text(name)
    expect(chosen).to_have_text(name)
