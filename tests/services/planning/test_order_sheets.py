"""Order sheets name places and people; persons are masked for those who need not know them."""

import pytest

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import RefusedError
from services.planning import Move, commit_plan, orders_of_plan, recall_order, send
from services.planning.order_sheets import read_order_lines
from services.rules import roles
from tests.acting import act


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


def test_an_order_recalled_before_it_began_is_not_handed_out(office, orders):
    recall_order(office, orders[0].id, reason="取消")
    left = orders_of_plan(office, orders[0].plan_id)
    assert [line.order.team_code for line in read_order_lines(office, left)] == ["T3"]
