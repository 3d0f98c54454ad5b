"""派单: orders are counted by step, reported one by one or several at once, and narrowed; who came first is told."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.streamlit import session
from geo.schema import Layer
from services import planning, rostering
from services.catalog.actions import Action, Role
from services.context import open_context
from services.coverage import load_inputs
from services.planning import MeetingPoint, Move, note_meeting_points, report_orders
from services.rules import roles
from services.rules.areas import EVERYWHERE, Area
from services.rules.order_steps import OrderStep, Patience
from services.rules.roles import LOCAL_ACTOR, Actor
from services.rules.windows import DAY, Mode, Window
from tests.acting import act

FILE = Path(__file__).parents[2] / "dashboard" / "pages" / "orders" / "orders.py"


@pytest.fixture
def office(own_demo):
    return open_context(own_demo)


@pytest.fixture
def orders(office):
    """Return three orders into one grid."""
    return send_three(office)


def send_three(office):
    with office.look(Action.PLAN) as tx:
        teams = tx.read_layer(Layer.TEAMS)
        community = tx.read_layer(Layer.GRIDS, columns=["parent_code"])["parent_code"]
    sized = teams[teams["size"].fillna(0) > 0]
    grid = next(code for code in community.index if code not in set(sized["parent_code"]))
    now = office.clock().replace(minute=0, second=0, microsecond=0)
    window = Window(now, now + timedelta(hours=6))
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
    [[_tag, _style, cells, *_]] = json.loads(panel(app, "orders-figures"))["parts"]
    return [int(cell[2][1][2][0]) for cell in cells]


def test_orders_are_counted_by_step_and_shown_as_cards(orders, monkeypatch):
    app = open_page(LOCAL_ACTOR, monkeypatch)
    assert figures(app) == [0, 3, 0, 0, 0, 0]
    cards = panel(app, "orders-cards")
    for order in orders:
        assert order.team_name in cards
        assert f"arrived:{order.id}" in cards


def test_a_late_order_says_which_report_is_lacking(office, monkeypatch):
    at = office.clock()
    first, *_ = send_three(replace(office, clock=lambda: at - timedelta(minutes=45)))
    report_orders(replace(office, clock=lambda: at - timedelta(minutes=44)), [first.id], OrderStep.SET_OUT)
    app = open_page(LOCAL_ACTOR, monkeypatch)
    assert figures(app)[0] >= 2
    assert panel(app, "orders-cards").count("“已收到”逾期 30 分钟") == 2


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


def heading(app):
    return next(one.proto.body for one in app.get("html") if "已下达" in one.proto.body)


def test_people_are_counted_and_the_map_has_a_line_for_each_order(orders, office, monkeypatch):
    people = sum(order.people for order in orders)
    report_orders(office, [orders[0].id], OrderStep.ARRIVED)
    app = open_page(LOCAL_ACTOR, monkeypatch)
    assert f"3 项 · 已下达 {people} 人 · 已到岗 {orders[0].people} 人" in heading(app)
    lines = lines_of(app)
    assert {(line[3], line[4]) for line in lines} == {(order.id, order.people) for order in orders}
    assert {line[3]: line[2] for line in lines} == {order.id: 3 if order == orders[0] else 0 for order in orders}


def lines_of(app):
    """Return the lines that the map is told."""
    [drawn] = app.get("component_instance")
    script = json.loads(drawn.proto.json_args)["feature_group"]
    found = re.search(r'"lines": (\[\[.*?\]\])', script)
    return json.loads(found[1])


def test_a_window_narrows_the_board_and_its_counts(orders, office, monkeypatch):
    app = open_page(LOCAL_ACTOR, monkeypatch)
    app.selectbox("orders-window").select("tomorrow-morning").run()
    assert not app.exception
    assert figures(app) == [0, 0, 0, 0, 0, 0]
    assert "0 项" in heading(app)
    app.selectbox("orders-window").select("now").run()
    assert figures(app)[1] == 3


def test_a_place_narrows_the_board_and_is_left_again(orders, monkeypatch):
    app = open_page(LOCAL_ACTOR, monkeypatch)
    app.session_state["orders-place"] = orders[0].from_code
    app.run()
    assert figures(app) == [0, 0, 0, 0, 0, 0]
    app.button("orders-place-off").click().run()
    assert figures(app) == [0, 3, 0, 0, 0, 0]


def test_a_liaison_reads_what_the_own_unit_has_and_where_it_is_asked_to_be(orders, office, monkeypatch):
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.UNITS, pd.DataFrame({"name": ["区水务局"]}, index=pd.Index(["U9"], name="code")))
        work.tx.change_row(Layer.TEAMS, orders[0].team_code, {"unit_code": "U9"})
    app = open_page(Actor("联络员", Role.LIAISON, Area(Layer.UNITS, "U9")), monkeypatch)
    place = board_of(office)[0].to_name
    people = orders[0].people
    assert f"1 支队伍 {people} 人" in app.info[0].value.replace("\\", "")
    assert f"被派 {people} 人，去：{place} {people} 人。" in app.info[0].value.replace("\\", "")
    assert [line[3] for line in lines_of(app)] == [orders[0].id]


def test_a_liaison_reads_the_duties_of_the_own_unit_to_come_without_names(orders, office, monkeypatch):
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.UNITS, pd.DataFrame({"name": ["区水务局"]}, index=pd.Index(["U9"], name="code")))
    inputs = load_inputs(office)
    start = office.clock().date() + DAY
    made = rostering.create_roster(office, EVERYWHERE, start, 1, Mode.EMERGENCY, event_id="new")
    rostering.generate_shifts(office, made.id, inputs, rostering.RosterSettings(), event_id="shifts")
    shift = max(rostering.read_shifts(office, made.id), key=lambda each: each.seats)
    of_unit = rostering.Seating(shift.id, unit_code="U9", heads=1)
    rostering.put_duties(office, made.id, [of_unit], inputs, event_id="put")
    liaison = Actor("联络员", Role.LIAISON, Area(Layer.UNITS, "U9"))
    assert "本单位的值守" not in html_of(open_page(liaison, monkeypatch))
    rostering.publish_roster(office, made.id, inputs, event_id="publish")
    told = html_of(open_page(liaison, monkeypatch))
    assert "本单位的值守" in told
    assert "1 人 · 待确认" in told


def html_of(app):
    return "".join(element.proto.body for element in app.get("html"))


def test_a_meeting_point_is_changed_where_the_team_is_awaited_and_the_board_shows_it(orders, office, monkeypatch):
    grid = orders[0].to_code
    note_meeting_points(office, {(Layer.GRIDS, grid): MeetingPoint("服务站", "李四 13900004321")})
    app = open_page(Actor("书记", Role.SECRETARY, Area(Layer.GRIDS, grid)), monkeypatch)
    assert "服务站" in panel(app, "orders-cards")
    app.session_state["orders-meeting"] = orders[0].id  # as a press on it in the card does
    app.run()
    assert app.text_input(f"contact-grids-{grid}").value == "李四 13900004321"
    app.text_input(f"place-grids-{grid}").set_value("北门岗亭")
    next(button for button in app.button if button.label == "保存集合地点").click().run()
    assert not app.exception
    assert "集合地点已保存" in app.success[0].value
    assert "北门岗亭" in panel(app, "orders-cards")


def test_the_side_that_sends_reads_where_people_meet_and_cannot_change_it(orders, office, monkeypatch):
    note_meeting_points(office, {(Layer.GRIDS, orders[0].to_code): MeetingPoint("服务站", "李四 13900004321")})
    home = Actor("书记", Role.SECRETARY, Area(Layer.GRIDS, orders[0].from_code))
    app = open_page(home, monkeypatch)
    app.session_state["orders-meeting"] = orders[0].id
    app.run()
    assert not app.exception
    assert any("李四 13900004321" in one.proto.body for one in app.get("html"))
    assert not app.text_input


def test_a_screen_sees_no_page_of_orders_and_nobody_without_the_right_a_button(orders, monkeypatch):
    monkeypatch.setattr(roles, "ALLOWED", {Role.LOCAL: frozenset(Action) - {Action.REPORT_ORDER}})
    app = open_page(LOCAL_ACTOR, monkeypatch)
    assert "received:" not in panel(app, "orders-cards")
    assert not [button for button in app.button if (button.key or "").startswith("orders-")]
