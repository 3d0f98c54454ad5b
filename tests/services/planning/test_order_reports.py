"""An order is answered once, by the side that can know it, and everybody sees who said so."""

from dataclasses import replace
from datetime import timedelta

import pytest

from geo.schema import Layer
from services.catalog.actions import Action, Role
from services.context import AuditQuery
from services.planning import (
    Move,
    OrderEvent,
    OrderState,
    commit_plan,
    read_progress,
    recall_order,
    report_orders,
    send,
    team_history,
    withdraw_reports,
)
from services.planning.errors import OrderOverError, UnknownOrderError
from services.rules.areas import Area, OutsideAreaError
from services.rules.order_steps import OrderStep, Patience
from services.rules.roles import Actor
from tests.acting import act

from .conftest import EVENING, NOW, frame

PATIENCE = Patience()


@pytest.fixture
def store(either_store):
    return either_store


@pytest.fixture
def orders(office, event, plan):
    """Return the numbers of two orders: the first team to the second grid, the third team to it too."""
    send(office, plan.id, Move("T1", "G2", 12), event_id=event())
    send(office, plan.id, Move("T3", "G2", 8), event_id=event())
    return [order.id for order in commit_plan(office, plan.id).orders]


def of_grid(office, code, name="书记"):
    return replace(office, actor=Actor(name, Role.SECRETARY, Area(Layer.GRIDS, code)))


def progress_of(context):
    return {one.order.id: one.progress for one in read_progress(context, EVENING, PATIENCE)}


def test_an_order_that_nobody_answered_is_sent_out(office, orders):
    assert progress_of(office) == dict.fromkeys(orders, OrderStep.SENT)


def test_several_are_reported_at_once_and_tell_who_said_it_and_when(office, now, orders):
    now[0] = NOW + timedelta(minutes=4)
    result = report_orders(of_grid(office, "G2"), orders, OrderStep.ARRIVED)
    assert result.changed == tuple(orders)
    [one, _other] = read_progress(office, EVENING, PATIENCE)
    assert [(each.progress, each.at, each.actor) for each in one.reports] == [(OrderStep.ARRIVED, now[0], "书记")]


def test_the_later_of_two_sees_what_the_earlier_said(office, orders):
    report_orders(of_grid(office, "G2", "甲"), orders[:1], OrderStep.ARRIVED)
    result = report_orders(of_grid(office, "G2", "乙"), orders, OrderStep.ARRIVED)
    assert result.changed == (orders[1],)
    assert result.earlier[orders[0]].actor == "甲"
    assert len(team_history(office, "T1")) == 2, "sent, and there"


def test_steps_only_go_forward(office, orders):
    report_orders(office, orders, OrderStep.SET_OUT)
    assert report_orders(office, orders, OrderStep.RECEIVED).changed == ()
    assert set(progress_of(office).values()) == {OrderStep.SET_OUT}


def test_a_report_is_taken_back_and_the_one_before_holds(office, orders):
    report_orders(office, orders, OrderStep.RECEIVED)
    report_orders(office, orders[:1], OrderStep.ARRIVED)
    assert withdraw_reports(office, orders[:1], OrderStep.ARRIVED).changed == (orders[0],)
    assert set(progress_of(office).values()) == {OrderStep.RECEIVED}
    assert [line.what for line in team_history(office, "T1")] == [
        OrderEvent.WITHDRAWN,
        OrderEvent.ARRIVED,
        OrderEvent.RECEIVED,
        OrderEvent.SENT,
    ]


def test_what_somebody_reported_meanwhile_is_not_taken_back_for_it(office, orders):
    report_orders(office, orders[:1], OrderStep.RECEIVED)
    report_orders(office, orders[:1], OrderStep.ARRIVED)
    result = withdraw_reports(office, orders[:1], OrderStep.RECEIVED)
    assert result.changed == ()
    assert result.earlier[orders[0]].progress is OrderStep.ARRIVED


def test_that_a_team_is_there_is_said_where_it_is_awaited(office, orders):
    first, third = orders
    at_home = of_grid(office, "G1")
    assert report_orders(at_home, [first], OrderStep.SET_OUT).changed == (first,)
    with pytest.raises(OutsideAreaError):
        report_orders(at_home, [first], OrderStep.ARRIVED)
    with pytest.raises(OutsideAreaError):
        report_orders(at_home, [first, third], OrderStep.SET_OUT)
    with pytest.raises(OutsideAreaError):
        withdraw_reports(of_grid(office, "G4"), [first], OrderStep.SET_OUT)
    assert progress_of(office) == {first: OrderStep.SET_OUT, third: OrderStep.SENT}


def test_the_unit_of_a_team_reports_that_it_sets_out(office, orders):
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.UNITS, frame({"U1": {"name": "区水务局"}, "U2": {"name": "区档案局"}}))
        work.tx.change_row(Layer.TEAMS, "T1", {"unit_code": "U1"})
    liaison, other = (
        replace(office, actor=Actor("联络员", Role.LIAISON, Area(Layer.UNITS, code))) for code in ("U1", "U2")
    )
    assert report_orders(liaison, orders[:1], OrderStep.SET_OUT).changed == (orders[0],)
    for context, step in ((liaison, OrderStep.ARRIVED), (other, OrderStep.RECEIVED)):
        with pytest.raises(OutsideAreaError):
            report_orders(context, orders[:1], step)


def test_nothing_is_reported_of_what_is_over_or_was_recalled(office, now, orders):
    recall_order(office, orders[0], reason="雨停了")
    with pytest.raises(OrderOverError):
        report_orders(office, orders, OrderStep.RECEIVED)
    now[0] = EVENING.end
    with pytest.raises(OrderOverError):
        report_orders(office, orders[1:], OrderStep.RECEIVED)
    with pytest.raises(UnknownOrderError):
        report_orders(office, [999], OrderStep.RECEIVED)


def test_those_that_lack_a_report_come_first(office, now, orders):
    now[0] = NOW + timedelta(minutes=14)
    report_orders(office, orders[:1], OrderStep.RECEIVED)
    assert [one.order.id for one in read_progress(office, EVENING, PATIENCE)] == [orders[1], orders[0]]
    assert not any(one.is_overdue(now[0]) for one in read_progress(office, EVENING, PATIENCE))
    now[0] = NOW + timedelta(minutes=15)
    assert [one.is_overdue(now[0]) for one in read_progress(office, EVENING, PATIENCE)] == [True, False]
    now[0] = EVENING.start + timedelta(minutes=15)
    assert all(one.is_overdue(now[0]) for one in read_progress(office, EVENING, PATIENCE))
    report_orders(office, orders, OrderStep.ARRIVED)
    assert not any(one.is_overdue(now[0]) for one in read_progress(office, EVENING, PATIENCE))


def test_of_what_is_over_or_recalled_no_report_is_waited_for(office, now, orders):
    now[0] = NOW + timedelta(minutes=20)
    recall_order(office, orders[0], reason="雨停了")
    recalled, other = sorted(read_progress(office, EVENING, PATIENCE), key=lambda one: one.order.id)
    assert (recalled.is_overdue(now[0]), recalled.is_over(now[0])) == (False, True), "it never began"
    assert recalled.order.state(now[0]) is OrderState.RECALLED
    assert other.is_overdue(now[0])
    now[0] = EVENING.end
    assert not any(one.is_overdue(now[0]) for one in read_progress(office, EVENING, PATIENCE))


def test_figures_of_coverage_do_not_change_with_a_report(office, orders):
    with office.look(Action.VIEW_COVERAGE) as tx:
        before = dict(tx.versions())
    report_orders(office, orders, OrderStep.RECEIVED)
    with office.look(Action.VIEW_COVERAGE) as tx:
        assert {part for part, version in tx.versions().items() if before.get(part) != version} == {"reports"}


def test_a_report_leaves_a_row_with_its_numbers(office, orders):
    report_orders(office, orders, OrderStep.RECEIVED)
    with office.look(Action.VIEW_AUDIT) as tx:
        row = tx.trail.find(AuditQuery(action="report_order"), limit=1).iloc[0]
    assert row["detail"] == f'{{"progress": "received", "numbers": "{orders[0]} {orders[1]}"}}'
