"""派单: orders are counted by step, reported one by one or several at once, and narrowed; who came first is told."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.streamlit import session
from geo.schema import Layer
from services import planning
from services.catalog.actions import Action, Role
from services.context import open_context
from services.planning import Move, report_orders
from services.rules import roles
from services.rules.areas import Area
from services.rules.order_steps import OrderStep, Patience
from services.rules.roles import LOCAL_ACTOR, Actor
from services.rules.windows import Mode, Window

FILE = Path(__file__).parents[2] / "dashboard" / "pages" / "orders" / "orders.py"


@pytest.fixture
def office(own_demo):
    return open_context(own_demo)


@pytest.fixture
def orders(office):
    """Return three orders into one grid."""
    with office.look(Action.PLAN) as tx:
        teams = tx.read_layer(Layer.TEAMS)
        community = tx.read_layer(Layer.GRIDS, columns=["parent_code"])["parent_code"]
    sized = teams[teams["size"].fillna(0) > 0]
    grid = next(code for code in community.index if code not in set(sized["parent_code"]))
    now = office.clock().replace(minute=0, second=0, microsecond=0)
    window = Window(now, now.replace(hour=23))
    plan = planning.create_plan(office, window, Mode.EMERGENCY, event_id="p")
    for number, (code, row) in enumerate(sized.head(3).iterrows()):
        move = Move(str(code), grid, int(row["size"]), reason="试验")
        planning.send(office, plan.id, move, event_id=f"s{number}")
    return list(planning.commit_plan(office, plan.id).orders)


def open_page(actor, monkeypatch):
    monkeypatch.setattr(session, "actor", lambda: actor)
    app = AppTest.from_file(FILE, default_timeout=60)
    app.run()
    assert not app.exception
    return app


def panel(app, key):
    found = next(one for one in app.get("bidi_component") if one.proto.id.endswith(key))
    return json.dumps(json.loads(found.proto.json), ensure_ascii=False)


def figures(app):
    """Return the counts of the row of figures, in its order."""
    [[_tag, _style, cells, *_]] = json.loads(panel(app, "orders-figures"))
    return [int(cell[2][1][2][0]) for cell in cells]


def test_orders_are_counted_by_step_and_shown_as_cards(orders, monkeypatch):
    app = open_page(LOCAL_ACTOR, monkeypatch)
    assert figures(app) == [0, 3, 0, 0, 0, 0]
    cards = panel(app, "orders-cards")
    for order in orders:
        assert order.team_name in cards
        assert f"arrived:{order.id}" in cards


def test_several_are_reported_at_once(orders, office, monkeypatch):
    app = open_page(LOCAL_ACTOR, monkeypatch)
    assert app.button("orders-say-arrived").disabled
    app.button("orders-all").click().run()
    app.button("orders-say-arrived").click().run()
    assert not app.exception
    assert figures(app) == [0, 0, 0, 0, 3, 0]
    assert "已到岗" in app.success[0].value
    assert {one.progress for one in board_of(office)} == {OrderStep.ARRIVED}


def board_of(office):
    now = office.clock()
    return planning.read_progress(office, Window(now - timedelta(hours=24), now + timedelta(hours=24)), Patience())


def test_who_comes_second_is_told_what_the_first_said(orders, office, monkeypatch):
    app = open_page(LOCAL_ACTOR, monkeypatch)
    report_orders(replace(office, actor=replace(LOCAL_ACTOR, name="银港书记")), [orders[0].id], OrderStep.ARRIVED)
    app.button("orders-all").click().run()
    app.button("orders-say-received").click().run()
    assert not app.exception
    assert "银港书记" in app.success[0].value


def test_the_side_that_sends_cannot_say_that_a_team_is_there(orders, monkeypatch):
    home = Actor("书记", Role.SECRETARY, Area(Layer.GRIDS, orders[0].from_code))
    app = open_page(home, monkeypatch)
    cards = panel(app, "orders-cards")
    assert f"set_out:{orders[0].id}" in cards
    assert f"arrived:{orders[0].id}" not in cards
    app.button("orders-all").click().run()
    app.button("orders-say-arrived").click().run()
    assert not app.exception
    assert app.error


def test_a_screen_sees_no_page_of_orders_and_nobody_without_the_right_a_button(orders, monkeypatch):
    monkeypatch.setattr(roles, "ALLOWED", {Role.LOCAL: frozenset(Action) - {Action.REPORT_ORDER}})
    app = open_page(LOCAL_ACTOR, monkeypatch)
    assert "received:" not in panel(app, "orders-cards")
    assert not [button for button in app.button if (button.key or "").startswith("orders-")]
