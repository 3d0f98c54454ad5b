"""交接 in a browser: it shows who is where, hears of changes by itself, and fits a telephone."""

import re
from dataclasses import replace
from datetime import timedelta

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
from tests.browser.phone import telephone
from tests.serving import serving

pytestmark = pytest.mark.browser
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def duty_office(tmp_path_factory):
    """Serve a demo with a published roster of today and tomorrow in which one post has its people, now and next."""
    folder = tmp_path_factory.mktemp("handover")
    url, office = make_demo_store(folder)
    office = replace(office, clock=local_now)  # the server has a process and a clock of its own
    inputs, now = load_inputs(office), office.clock()
    made = rostering.create_roster(office, EVERYWHERE, now.date(), 2, Mode.ROUTINE, event_id="new")
    rostering.generate_shifts(office, made.id, inputs, RosterSettings(), event_id="shifts")
    near = [shift for shift in rostering.read_shifts(office, made.id) if now < shift.window.end and shift.seats]
    post = next(shift.post_code for shift in near if shift.window.start <= now)
    own = [shift for shift in near if shift.post_code == post and shift.window.start <= now + timedelta(hours=4)]
    for place, shift in enumerate(own):
        people = rostering.find_candidates(office, made.id, shift.id, inputs, limit=20)
        person = next(each for each in people if not each.candidate.breaches)
        seating = Seating(shift.id, person.candidate.member_code)
        rostering.put_duties(office, made.id, [seating], inputs, event_id=f"put{place}", reason="x")
    rostering.publish_roster(office, made.id, inputs, event_id="publish")
    with serving(folder, "--store", url) as running:
        yield running.address, office, made.id, inputs, post


def unmanned(page):
    """Return how many posts have nobody now."""
    words = page.locator(".gm-tile[aria-label='无人岗位'] .gm-value").inner_text()
    return int(re.match(r"[\d,]+", words)[0].replace(",", ""))


def test_a_screen_shows_posts_without_anybody_first_and_hears_of_whoever_leaves(page, outside, duty_office):
    address, office, number, inputs, post = duty_office
    page.set_default_timeout(30_000)
    page.goto(f"{address}/handover")
    rows = page.locator(".gm-handover tbody tr")
    rows.first.wait_for()
    expect(rows.first).to_have_class("gm-bad")
    expect(rows.first).to_contain_text("现在无人")
    before = unmanned(page)
    handover = rostering.read_handover(office, inputs, office.clock())
    assert before == handover.figures.unmanned
    assert not [found["id"] for found in Axe().run(page).response["violations"] if found["impact"] in SERIOUS]
    there = next(row for row in handover.rows if row.post_code == post)
    rostering.take_out(office, number, [there.people[0].duty.id], event_id="out")
    expect(page.locator(".gm-tile[aria-label='无人岗位'] .gm-value")).to_contain_text(
        re.compile(rf"^{before + 1:,}\b"), timeout=30_000
    )
    assert not outside.errors


def test_a_secretary_reads_it_on_a_telephone(browser, duty_office):
    phone = telephone(browser, duty_office[0], "demo-secretary")
    phone.set_default_timeout(30_000)
    phone.goto(f"{duty_office[0]}/handover")
    phone.locator(".gm-handover tbody tr").first.wait_for()
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    phone.context.close()
