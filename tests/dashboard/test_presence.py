"""态势 by people sent or by people there: tiles, list, map and totals agree, and reports matter only for the second."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import cache
from dashboard.cache import view_models
from dashboard.cache.store_versions import of_shown
from dashboard.streamlit import session
from dashboard.streamlit.state import View
from geo.schema import Layer
from services import planning
from services.accounts import create_account
from services.catalog.actions import Role
from services.context import open_context
from services.export.facts import facts_rows
from services.export.situation import look_at
from services.i18n import translate
from services.planning import Presence, report_orders
from services.rules.order_steps import OrderStep
from services.rules.roles import Actor
from services.rules.windows import Mode, NamedWindow, name_window
from tests.many_orders import add_orders

FILE = Path(__file__).parents[2] / "dashboard" / "pages" / "situation" / "situation.py"
MODE = Mode.EMERGENCY


@pytest.fixture
def office(own_demo):
    return open_context(own_demo)


@pytest.fixture
def orders(office):
    """Return orders of which every other one is reported there."""
    return add_orders(office, 40)


@pytest.fixture
def now(office):
    return name_window(NamedWindow.NOW, office.clock())


def open_page(**query):
    app = AppTest.from_file(FILE, default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def row(app):
    return next((one.proto.body for one in app.get("html") if "已到岗" in one.proto.body), "")


def test_the_page_tells_how_many_were_sent_and_are_there(orders, office, now):
    people = planning.count_order_people(planning.read_order_steps(office, now))
    assert 0 < people.arrived < people.sent
    assert f"已下达 {people.sent} 人 · 已到岗 {people.arrived} 人" in row(open_page())


def test_nothing_is_told_where_nobody_was_sent(office):
    assert row(open_page()) == ""


def test_the_switch_is_in_the_address_and_nothing_is_compared(orders):
    app = open_page()
    app.segmented_control(key="presence-switch").set_value("arrived").run()
    assert not app.exception
    assert app.query_params["presence"] in ("arrived", ["arrived"])
    assert open_page(presence="arrived").segmented_control(key="presence-switch").value == "arrived"
    assert open_page(presence="x").segmented_control(key="presence-switch").value == "sent"


def test_figures_list_map_and_hours_are_of_one_count(orders, office, now):
    with cache.counted_by(Presence.ARRIVED):
        view = cache.coverage_view(MODE, now)
        expected = planning.people_present(planning.read_order_steps(office, now), now)
        grids = view.tables[Layer.GRIDS]
        arriving = grids.loc[grids["supply_in"] > 0, "supply_in"]
        assert arriving.to_dict() == pytest.approx(expected.arriving)
        headlines = view_models.headlines(MODE, now, None, "")
        assert headlines.missing.value == pytest.approx(float(view.tables[Layer.DISTRICTS]["gap"].sum()), abs=0.51)
        prospect = next(each for each in cache.outlook(MODE, office.clock()) if each.name is NamedWindow.NOW)
        assert prospect.figures.missing.value == headlines.missing.value
        assert prospect.figures.weak.value == headlines.weak.value
        assert cache.weak_by_hour(MODE, office.clock())["weak"].iloc[0] == headlines.weak.value
        painted = view_models.paint(MODE, now, View(), {})
    assert painted != view_models.paint(MODE, now, View(), {})


def test_a_report_makes_only_what_counts_arrivals_anew(orders, office, now):
    sent = cache.coverage_view(MODE, now)
    with cache.counted_by(Presence.ARRIVED):
        there, version = cache.coverage_view(MODE, now), of_shown()
    withdrawn = next(number for number in orders if number % 2 == orders[0] % 2)
    planning.withdraw_reports(office, [withdrawn], OrderStep.ARRIVED)
    assert cache.coverage_view(MODE, now) is sent
    with cache.counted_by(Presence.ARRIVED):
        assert of_shown() != version
        assert cache.coverage_view(MODE, now) is not there
    report_orders(office, [withdrawn], OrderStep.ARRIVED)
    assert cache.presence() is Presence.SENT


def test_what_is_taken_away_tells_how_many_were_sent_and_are_there(orders, office, now):
    people = cache.people_counts(now)
    facts = dict(facts_rows(look_at(office, now, MODE).facts))
    assert facts["派出人数"] == f"已下达 {people.sent:,} 人，已到岗 {people.arrived:,} 人；可用力量按已下达计"


def test_papers_name_the_maker_as_the_account_is_called_now(own_demo, office, monkeypatch):
    monkeypatch.setattr(session, "actor", lambda: Actor("wang", Role.PLANNER))
    assert translate(cache.imprint().maker) == "wang"
    create_account(office, "wang", "王主任")
    assert translate(cache.imprint().maker) == "王主任"
