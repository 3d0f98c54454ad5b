"""Steps of an order go forward, one taken back leaves the one before, and what is lacking shows after a while."""

from datetime import datetime, timedelta

import pytest

from services.rules.order_steps import OrderStep, Patience, overdue_since, valid_reports

AT = datetime(2026, 11, 27, 20)
QUICK = Patience(timedelta(minutes=5), timedelta(minutes=10))


def minutes(count):
    return timedelta(minutes=count)


def steps(*told):
    return [report.progress for report in valid_reports((what, AT, "a") for what in told)]


def test_steps_stand_in_the_order_in_which_a_team_does_them():
    assert [step.step for step in (OrderStep.SENT, OrderStep.RECEIVED, OrderStep.SET_OUT, OrderStep.ARRIVED)] == [
        0,
        1,
        2,
        3,
    ]


@pytest.mark.parametrize(
    ("told", "held"),
    [
        ((), []),
        (("sent",), []),
        (("sent", "received", "set_out"), [OrderStep.RECEIVED, OrderStep.SET_OUT]),
        (("sent", "received", "set_out", "withdrawn"), [OrderStep.RECEIVED]),
        (("sent", "withdrawn", "arrived", "recalled"), [OrderStep.ARRIVED]),
        (("sent", "received", "withdrawn", "withdrawn", "received"), [OrderStep.RECEIVED]),
    ],
)
def test_the_reports_that_hold_are_those_that_nobody_took_back(told, held):
    assert steps(*told) == held


def due(progress, *, start=AT, way=20.0, patience=QUICK):
    return overdue_since(progress, sent_at=AT, start=start, minutes=way, patience=patience)


def test_receipt_is_waited_for_from_the_sending():
    assert due(OrderStep.SENT) == AT + minutes(5)
    assert due(OrderStep.SENT, start=AT + minutes(600)) == AT + minutes(5)


def test_arrival_is_waited_for_from_the_begin_or_from_when_the_way_is_done():
    assert due(OrderStep.RECEIVED) == due(OrderStep.SET_OUT) == AT + minutes(30)
    assert due(OrderStep.SET_OUT, start=AT + minutes(600)) == AT + minutes(610)
    assert due(OrderStep.SET_OUT, way=None) == AT + minutes(10)


def test_who_has_to_be_there_at_once_is_not_waited_for_longer_than_that():
    assert due(OrderStep.SENT, way=0, patience=Patience(minutes(30), minutes(10))) == AT + minutes(10)


def test_nothing_is_waited_for_once_a_team_is_there():
    assert due(OrderStep.ARRIVED) is None
