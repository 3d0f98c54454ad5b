"""事项 as a page: what waits, what can be done to it, a sheet filled in and signed, nothing waiting."""

from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.pages.matters import actions
from dashboard.streamlit import session
from geo.schema import Layer
from services import matters
from services.catalog.actions import Action, Role
from services.context import Context, open_context
from services.matters import MatterDraft
from services.modes import declare_mode
from services.rules.areas import Area
from services.rules.matters.clock import Urgency
from services.rules.matters.machine import MatterState
from services.rules.roles import Actor
from services.rules.windows import DAY, Mode
from tests.dashboard.panels import choices, parts_of, said

FILE = Path(__file__).parents[2] / "dashboard" / "pages" / "matters" / "matters.py"
AWAY = {"away": 41, "away_risk": 1, "left_today": 3, "back_today": 2}


@pytest.fixture
def office(own_demo):
    return open_context(own_demo)


@pytest.fixture
def people(office):
    """Return whoever acts, by short names: for the first community, and for its sub-district."""
    with office.look(Action.MAINTAIN) as tx:
        community = tx.read_codes(Layer.COMMUNITIES)[0]
        street = str(tx.plans.read_rows(Layer.COMMUNITIES, [community])[community]["parent_code"])
    actors = {
        "secretary": Actor("书记", Role.SECRETARY, Area(Layer.COMMUNITIES, community)),
        "street": Actor("街道", Role.PLANNER, Area(Layer.SUBDISTRICTS, street)),
    }
    return {name: Context(office._store, actor, office.clock) for name, actor in actors.items()}


@pytest.fixture
def emergency(office):
    declare_mode(office, Mode.EMERGENCY, reason="疫情", approver="指挥", until=office.clock() + 20 * DAY)


def open_as(monkeypatch, context, tab=None):
    monkeypatch.setattr(session, "actor", lambda: context.actor)
    page = AppTest.from_file(str(FILE), default_timeout=60)
    if tab:
        page.session_state[actions.TAB] = tab
    page.run()
    assert not page.exception
    return page


def words(page):
    return " ".join(element.proto.body for element in page.get("html"))


def whistle(context, **changes):
    place = str(context.actor.area)
    draft = {"kind": "whistle", "subject": place, "title": "缺 6 人守门", "urgency": Urgency.DAY, "cause": "emergency"}
    return matters.ask_matter(context, MatterDraft(**{**draft, **changes}), event_id="page")


def test_where_nothing_waits_the_page_says_so(people, monkeypatch):
    assert "没有要您办的事。" in words(open_as(monkeypatch, people["secretary"]))


def test_a_whistle_is_asked_from_the_dialog_and_stands_in_the_own_list(people, monkeypatch):
    page = open_as(monkeypatch, people["secretary"], actions.Tab.OWN)
    page.button(key="matter-new").click().run()
    assert page.button(key="ask-do").disabled
    page.text_input(key="ask-title").set_value("缺 6 人守门").run()
    page.number_input(key="ask-whistle-people").set_value(6).run()
    page.button(key="ask-do").click().run()
    (view,) = matters.read_matters(people["secretary"]).own
    assert (view.title, view.kind.code, view.values) == ("缺 6 人守门", "whistle", {"people": 6})
    assert "缺 6 人守门" in said(parts_of(page, "matters-list"))


def test_a_text_with_a_telephone_number_is_refused_in_words(people, monkeypatch):
    page = open_as(monkeypatch, people["secretary"])
    page.button(key="matter-new").click().run()
    page.text_input(key="ask-title").set_value("打 13800001234").run()
    page.button(key="ask-do").click().run()
    assert "不写" in " ".join(each.value for each in page.error)
    assert matters.read_matters(people["secretary"]).matters == ()


def test_what_waits_is_taken_answered_and_confirmed_by_buttons(people, monkeypatch):
    number = whistle(people["secretary"])
    page = open_as(monkeypatch, people["street"])
    assert list(choices(parts_of(page, "matters-list"))) == [str(number)]
    page.button(key=f"take_matter-{number}").click().run()
    page.text_input(key=f"answer_matter-{number}-words").set_value("派了 6 人").run()
    page.button(key=f"answer_matter-{number}").click().run()
    assert matters.read_matter(people["street"], number).view.state is MatterState.ANSWERED
    page = open_as(monkeypatch, people["secretary"])
    assert "派了 6 人" in words(page)
    page.button(key="matter-satisfied").click().run()
    assert matters.read_matter(people["secretary"], number).view.satisfied is True
    assert "没有要您办的事。" in words(page)


def test_a_matter_is_passed_on_to_somebody_of_the_list(office, people, monkeypatch):
    number = whistle(people["secretary"])
    page = open_as(monkeypatch, people["street"])
    box = page.selectbox(key=f"matter-pass-{number}-owner")
    assert box.options
    page.text_input(key=f"matter-pass-{number}-reason").set_value("归他们管").run()
    page.button(key=f"matter-pass-{number}-do").click().run()
    assert matters.read_matter(people["secretary"], number).events[-1].words == "归他们管"


def test_a_sheet_is_filled_in_checked_in_words_and_signed(people, emergency, monkeypatch):
    secretary, street = people["secretary"], people["street"]
    page = open_as(monkeypatch, secretary, actions.Tab.SHEETS)
    word = f"ledger_away|{secretary.actor.area}"
    assert word in choices(parts_of(page, "sheets-list"))
    actions_state = page.session_state
    actions_state["matters-sheet"] = word
    page.run()
    key = next(each.key for each in page.number_input if each.key.endswith("-away"))[: -len("away")]
    assert "来自党员名册" in words(page)
    for code, value in {**AWAY, "away_risk": 50}.items():
        page.number_input(key=f"{key}{code}").set_value(value)
    page.run()
    assert any("外出总人数" in each.value for each in page.warning)
    page.number_input(key=f"{key}away_risk").set_value(1).run()
    page.button(key="sheet-fill").click().run()
    assert matters.read_form(secretary, "ledger_away", str(secretary.actor.area)).values["away"] == 41
    page = open_as(monkeypatch, street, actions.Tab.SHEETS)
    page.session_state["matters-sheet"] = f"ledger_away|{street.actor.area}"
    page.run()
    page.button(key="sheet-sign").click().run()
    assert "≥ 41（1/" in words(page)
    board = matters.read_board(street, "ledger_away", str(street.actor.area))
    assert board.roll_up.final == {secretary.actor.area.code}


def test_somebody_who_was_quicker_is_named_on_the_page(office, people, emergency, monkeypatch):
    secretary = people["secretary"]
    code = secretary.actor.area.code
    matters.fill_sheet(secretary, "ledger_away", code, AWAY, is_draft=True)
    page = open_as(monkeypatch, secretary, actions.Tab.SHEETS)
    page.session_state["matters-sheet"] = f"ledger_away|{secretary.actor.area}"
    page.run()
    deputy = Context(office._store, Actor("副书记", Role.SECRETARY, secretary.actor.area), office.clock)
    matters.fill_sheet(deputy, "ledger_away", code, {"away": 50})
    page.button(key="sheet-fill").click().run()
    assert "刚被 副书记 改过" in " ".join(each.value.replace("\\", "") for each in page.error)
    assert next(each.value for each in page.number_input if each.key.endswith("-away")) == 50


def test_what_is_late_is_told_in_red(office, people, monkeypatch):
    past = Context(office._store, people["secretary"].actor, lambda: office.clock() - timedelta(hours=7))
    whistle(past)
    page = open_as(monkeypatch, people["street"])
    (card,) = choices(parts_of(page, "matters-list")).values()
    assert "逾期" in card
    assert "gm-broken" in str(parts_of(page, "matters-list"))
