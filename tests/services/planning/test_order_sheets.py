"""Order sheets name places and people; persons are masked for those who need not know them."""

from datetime import timedelta

import pytest

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import RefusedError
from services.planning import (
    MeetingPoint,
    Move,
    OrderEvent,
    commit_plan,
    note_meeting_points,
    orders_of_plan,
    recall_order,
    relieve_order,
    send,
)
from services.planning.order_sheets import read_order_lines
from services.rules import roles
from tests.acting import act

from .conftest import EVENING


@pytest.fixture
def orders(office, event, plan):
    send(office, plan.id, Move("T1", "G2", 12, estate_code="E1"), event_id=event())
    send(office, plan.id, Move("T3", "G2", 8), event_id=event())
    return commit_plan(office, plan.id).orders


def allow(monkeypatch, actions):
    monkeypatch.setattr(roles, "ALLOWED", dict.fromkeys(roles.Role, frozenset(actions)))


def test_a_line_names_places_and_people(office, orders):
    first = read_order_lines(office, orders)[0]
    assert (first.community_name, first.to_name, first.estate_name, first.from_name) == (
        "雅瑶社区",
        "二格",
        "云港花园",
        "一格",
    )
    assert (first.leader, first.leader_role, first.phone) == ("张三丰", "网格长", "13800001234")


def test_persons_are_masked_without_the_right_to_see_people(office, orders, monkeypatch):
    allow(monkeypatch, {Action.VIEW_ORDERS})
    first = read_order_lines(office, orders)[0]
    assert (first.leader, first.phone) == ("张**", "138****1234")


def test_orders_are_not_for_everybody(office, orders, monkeypatch):
    allow(monkeypatch, {Action.VIEW_COVERAGE, Action.VIEW_PEOPLE})
    with pytest.raises(RefusedError):
        read_order_lines(office, orders)


def test_reading_orders_leaves_an_audit_row_without_names(office, orders):
    read_order_lines(office, orders)
    with office.look(Action.VIEW_AUDIT) as tx:
        row = tx.records.read_audit(1)[["action", "detail"]].iloc[0].tolist()
    assert row == ["view_orders", '{"orders": 2, "contacts": "T1"}']


def test_what_is_gone_goes_by_its_code(office, orders):
    with act(office, Action.IMPORT) as work:
        work.tx.delete(Layer.GRIDS, ["G2"])
        work.tx.delete(Layer.TEAMS, ["T1"])
    first = read_order_lines(office, orders)[0]
    assert (first.to_name, first.community_name, first.leader, first.order.team_name) == ("G2", "", "", "一队")


def test_a_recalled_order_stays_and_says_why(office, orders):
    recall_order(office, orders[0].id, reason="取消")
    first, second = read_order_lines(office, orders_of_plan(office, orders[0].plan_id))
    assert (first.is_held, first.ending, first.ending_reason) == (False, OrderEvent.RECALLED, "取消")
    assert first.window == EVENING
    assert (second.is_held, second.ending) == (True, None)


def test_a_relieved_order_names_the_team_that_took_over(office, now, orders):
    now[0] = EVENING.start + timedelta(hours=1)
    relieve_order(office, orders[0].id, "T2", reason="换班")
    lines = {line.order.team_code: line for line in read_order_lines(office, orders_of_plan(office, orders[0].plan_id))}
    assert (lines["T1"].ending, lines["T1"].relieved_by, lines["T1"].ending_reason) == (
        OrderEvent.RELIEVED,
        "二队",
        "换班",
    )
    assert lines["T2"].order.relieves == orders[0].id


def test_people_meet_where_the_estate_says_else_where_the_grid_says(office, orders):
    note_meeting_points(office, {(Layer.GRIDS, "G2"): MeetingPoint("网格服务站", "李四 13900004321")})
    note_meeting_points(office, {(Layer.ESTATES, "E1"): MeetingPoint("花园北门")})
    at_the_estate, in_the_grid = read_order_lines(office, orders)
    assert at_the_estate.meeting_point == MeetingPoint("花园北门")
    assert in_the_grid.meeting_point == MeetingPoint("网格服务站", "李四 13900004321")


def test_a_changed_meeting_point_stands_in_the_next_sheet_and_a_removed_one_in_none(office, orders):
    note_meeting_points(office, {(Layer.ESTATES, "E1"): MeetingPoint("花园北门")})
    note_meeting_points(office, {(Layer.ESTATES, "E1"): MeetingPoint("花园东门", "李四")})
    assert read_order_lines(office, orders)[0].meeting_point == MeetingPoint("花园东门", "李四")
    note_meeting_points(office, {(Layer.ESTATES, "E1"): MeetingPoint()})
    assert read_order_lines(office, orders)[0].meeting_point == MeetingPoint()


def test_whom_people_report_to_is_not_for_everybody(office, orders, monkeypatch):
    note_meeting_points(office, {(Layer.GRIDS, "G2"): MeetingPoint("网格服务站", "李四 13900004321")})
    allow(monkeypatch, {Action.VIEW_ORDERS})
    assert read_order_lines(office, orders)[0].meeting_point == MeetingPoint("网格服务站")
