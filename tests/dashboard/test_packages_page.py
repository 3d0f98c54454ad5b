"""承包 as a page: what those who offer and what a liaison are shown, and what typed names come to."""

from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.streamlit import session
from geo.schema import Layer
from services import rostering
from services.catalog.actions import Action, Role
from services.context import Context, open_context
from services.coverage import load_inputs
from services.rostering import PackageOffer, RosterSettings
from services.rules.areas import Area
from services.rules.roles import LOCAL_ACTOR, Actor
from services.rules.roster.packages import PackagePost, PackageState, parse_package_hours
from services.rules.roster.pattern import DayHours, Pattern
from services.rules.windows import Mode
from tests.dashboard.panels import choices, parts_of, said

PAGES = Path(__file__).parents[2] / "dashboard" / "pages"
FILE = PAGES / "packages" / "packages.py"
ROSTER = PAGES / "roster" / "roster.py"


@pytest.fixture
def office(own_demo):
    return open_context(own_demo)


@pytest.fixture
def offered(office) -> PackageOffer:
    """Offer the first post of a roster of tomorrow, by day, to a unit that has people; return the offer."""
    with office.look(Action.MAINTAIN) as tx:
        units = tx.read_codes(Layer.UNITS)
        unit = next(code for code in units if 4 <= tx.people.count(tx.people.within(units=[code])) <= 60)
    tomorrow = office.clock().date() + timedelta(days=1)
    community = next(iter(load_inputs(office).levels[Layer.COMMUNITIES].facts.index))
    area = Area(Layer.COMMUNITIES, str(community))
    made = rostering.create_roster(office, area, tomorrow, 3, Mode.ROUTINE, event_id="roster")
    settings = RosterSettings(Pattern.TWO_HOURS, DayHours(8, 22), ())
    inputs = load_inputs(office)
    rostering.generate_shifts(office, made.id, inputs, settings, event_id="shifts")
    post = next(iter(rostering.read_board(office, made.id, inputs).posts))
    offer = PackageOffer(
        unit_code=unit,
        community_code=str(community),
        start=tomorrow,
        days=3,
        posts=(PackagePost(post, *parse_package_hours("08-22")),),
    )
    rostering.offer_package(office, offer, event_id="offer")
    return offer


@pytest.fixture
def liaison(office, offered) -> Context:
    return Context(office._store, Actor("王联络", Role.LIAISON, Area(Layer.UNITS, offered.unit_code)), office.clock)


def open_as(monkeypatch, actor, file=FILE):
    monkeypatch.setattr(session, "actor", lambda: actor)
    page = AppTest.from_file(file, default_timeout=60).run()
    assert not page.exception
    return page


def names_of(office, unit, count):
    with office.look(Action.MAINTAIN) as tx:
        rows = tx.people.search(tx.people.within(units=[unit]), limit=60)
    names = [row["name"] for row in rows]
    return [row["name"] for row in rows if names.count(row["name"]) == 1][:count]


def button(page, key):
    return page.button(key=key)


def test_a_liaison_accepts_splits_and_names_people_of_the_own_unit(office, liaison, offered, monkeypatch):
    page = open_as(monkeypatch, liaison.actor)
    view = rostering.list_packages(liaison)[0]
    number = view.package.id
    assert not [each for each in page.button if each.key == "package-new"]
    page.number_input(key=f"package-people-{number}").set_value(4).run()
    assert "4 人 3 天最多 12 人次" in " ".join(each.value for each in (*page.warning, *page.info))
    button(page, "package-accept").click().run()
    assert rostering.list_packages(liaison)[0].package.people_promised == 4
    page.number_input(key=f"package-count-{number}").set_value(2).run()
    button(page, "package-split-do").click().run()
    names = names_of(office, offered.unit_code, 2)
    page.text_area[0].set_value(f"{names[0]}，没有这个人")
    page.button[[each.label for each in page.button].index("填报到这一批")].click().run()
    assert "没有这个人" in page.error[0].value
    assert page.text_area[0].value == f"{names[0]}，没有这个人"
    page.text_area[0].set_value("\n".join(names))
    page.button[[each.label for each in page.button].index("填报到这一批")].click().run()
    batch = rostering.list_packages(liaison)[0].package.batches[0]
    assert (batch.people, len(batch.members)) == (2, 2)
    chips = choices(parts_of(page, "package-people"))
    assert len(chips) == 2
    assert not any(name in said for name in names for said in chips.values())
    assert page.text_area[0].value == ""
    assert not page.exception


def test_an_answer_entered_by_the_office_says_so(office, offered, monkeypatch):
    page = open_as(monkeypatch, LOCAL_ACTOR)
    assert button(page, "package-decline").label == "代单位谢绝"
    button(page, "package-decline").click().run()
    assert rostering.list_packages(office)[0].state is PackageState.DECLINED
    assert "没有待答复或进行中的承包" in " ".join(each.value for each in page.get("html"))
    page.checkbox(key="packages-all").check().run()
    assert "代单位登记" in " ".join(each.value for each in page.get("html"))


def test_a_unit_withdraws_and_its_page_says_what_is_left(liaison, offered, monkeypatch):
    number = rostering.list_packages(liaison)[0].package.id
    rostering.accept_package(liaison, number)
    page = open_as(monkeypatch, liaison.actor)
    button(page, "package-release").click().run()
    spans = rostering.list_packages(liaison)[0].open_spans
    assert spans
    assert all(span.is_given_back for span in spans)
    button(page, "package-withdraw").click().run()
    assert rostering.list_packages(liaison)[0].state is PackageState.WITHDRAWN
    assert "现在没有发给本单位的承包" in " ".join(each.value for each in page.get("html"))


def test_the_board_marks_seats_of_a_unit_and_puts_in_whom_it_named(office, liaison, offered, monkeypatch):
    number = rostering.list_packages(liaison)[0].package.id
    page = open_as(monkeypatch, LOCAL_ACTOR, ROSTER)
    page.selectbox(key="roster-choice").set_value(1).run()
    page.session_state["roster-community"] = offered.community_code
    page.session_state["roster-day"] = offered.start
    page.run()
    assert "◇" not in said(parts_of(page, "roster-board"))
    rostering.accept_package(liaison, number)
    rostering.split_package(liaison, number, 4, 1)
    rostering.name_batch(liaison, number, 1, names_of(office, offered.unit_code, 2))
    page.run()
    words = said(parts_of(page, "roster-board"))
    assert "◇ 承包:" in words
    assert "0/" in words
    button(page, "roster-packages-button").click().run()
    button(page, f"package-seat-{number}").click().run()
    assert not page.exception
    assert "批次里的人排上" in page.success[0].value
    assert rostering.list_packages(liaison)[0].filled > 0


def test_a_package_is_offered_to_several_units_in_turn(office, offered, monkeypatch):
    page = open_as(monkeypatch, LOCAL_ACTOR)
    with office.look(Action.MAINTAIN) as tx:
        units = [code for code in tx.read_codes(Layer.UNITS) if code != offered.unit_code][:2]
    button(page, "package-new").click().run()
    page.multiselect[0].set_value(units).run()
    page.selectbox[0].set_value(offered.community_code).run()
    page.multiselect[1].set_value([offered.posts[0].post_code]).run()
    next(each for each in page.button if each.label == "发出").click().run()
    assert not page.exception
    made = sorted(rostering.list_packages(office), key=lambda view: view.package.id)[1:]
    assert [view.package.unit_code for view in made] == units
    assert made[0].package.period.end == made[1].package.period.start


def test_a_liaison_fills_a_shift_by_a_click_and_by_typing_and_empties_it_again(office, liaison, offered, monkeypatch):
    number = rostering.list_packages(liaison)[0].package.id
    rostering.accept_package(liaison, number)
    rostering.split_package(liaison, number, 4, 1)
    names = names_of(office, offered.unit_code, 3)
    rostering.name_batch(liaison, number, 1, names[:2])
    shift = rostering.read_package_seats(liaison, number).shifts[0].shift
    page = open_as(monkeypatch, liaison.actor)
    assert choices(parts_of(page, "package-shifts"))[str(shift.id)].endswith(f"0/{shift.seats}")
    page.session_state["package-seats-shift"] = shift.id
    page.run()
    offered_people = choices(parts_of(page, "package-candidates"))
    assert len(offered_people) == 2
    assert not any(name in said(parts_of(page, "package-candidates")) for name in names)
    page.text_input(key=f"package-seats-names-{shift.id}").set_value(names[0])
    page.text_input(key="package-seats-reason").set_value("单位安排")
    button(page, "package-seat-put").click().run()
    assert not page.exception
    (seated,) = choices(parts_of(page, "package-seated"))
    assert rostering.list_packages(office)[0].filled == 1
    page.text_input(key=f"package-seats-names-{shift.id}").set_value("没有这个人")
    button(page, "package-seat-put").click().run()
    assert "没有这个人" in page.error[0].value
    shift_id, duty = map(int, seated.split(":"))
    rostering.take_out_unit_duty(liaison, number, shift_id, duty, event_id="out")
    page.run()
    assert choices(parts_of(page, "package-seated")) == {}
