"""Who was sent and who is there: figures of both add up, and people on the way count nowhere."""

from dataclasses import replace
from datetime import timedelta

import pytest

from geo.schema import Layer
from services.catalog.actions import Role
from services.coverage import SentPeople, coverage_tables, load_inputs
from services.planning import (
    Move,
    OrderSteps,
    commit_plan,
    count_order_people,
    count_progress_people,
    people_present,
    present_by_hour,
    read_order_steps,
    read_progress,
    recall_order,
    report_orders,
    send,
    sent_during,
    withdraw_reports,
)
from services.rules.areas import Area
from services.rules.order_steps import OrderStep, Patience
from services.rules.roles import Actor
from services.rules.windows import Mode, Window

from .conftest import EVENING


@pytest.fixture
def store(either_store):
    return either_store


@pytest.fixture
def orders(office, event, plan):
    """Return two orders of the whole evening: 12 people from the first grid to the second, 8 from the third to it."""
    send(office, plan.id, Move("T1", "G2", 12), event_id=event())
    send(office, plan.id, Move("T3", "G2", 8), event_id=event())
    return list(commit_plan(office, plan.id).orders)


def present(office, window=EVENING):
    return people_present(read_order_steps(office, window), window)


def counts(office, window=EVENING):
    people = count_order_people(read_order_steps(office, window))
    return people.teams, people.sent, people.arrived


def test_who_is_sent_and_not_reported_is_still_at_home(office, orders):
    assert present(office) == SentPeople({}, {})
    report_orders(office, [orders[0].id], OrderStep.RECEIVED)
    assert present(office) == SentPeople({}, {})


def test_who_set_out_is_missing_at_home_and_counts_nowhere(office, orders):
    home = sent_during(office, EVENING).leaving["G1"]
    report_orders(office, [orders[0].id], OrderStep.SET_OUT)
    assert present(office) == SentPeople({}, {"G1": home})


def test_once_all_are_there_both_ways_of_counting_agree(office, orders):
    report_orders(office, [orders[0].id], OrderStep.ARRIVED)
    assert present(office).arriving == {"G2": 12.0}
    report_orders(office, [orders[1].id], OrderStep.ARRIVED)
    assert present(office) == sent_during(office, EVENING)
    withdraw_reports(office, [orders[1].id], OrderStep.ARRIVED)
    assert present(office).arriving == {"G2": 12.0}


def test_half_a_window_counts_half(office, orders):
    report_orders(office, [order.id for order in orders], OrderStep.ARRIVED)
    twice = Window(EVENING.start, EVENING.end + EVENING.length)
    assert present(office, twice).arriving == {"G2": 10.0}
    hours = [Window(EVENING.start + timedelta(hours=k), EVENING.start + timedelta(hours=k + 1)) for k in (3, 4)]
    [last, after] = present_by_hour(read_order_steps(office, EVENING), hours)
    assert (last.arriving, after) == ({"G2": 20.0}, SentPeople({}, {}))


def test_wider_zones_are_the_sums_of_their_grids(office, orders):
    report_orders(office, [orders[0].id], OrderStep.ARRIVED)
    report_orders(office, [orders[1].id], OrderStep.SET_OUT)
    tables = coverage_tables(load_inputs(office), Mode.ROUTINE, EVENING, present(office))
    for column in ("supply", "supply_in", "supply_out", "gap"):
        sums = tables[Layer.GRIDS].groupby("parent_code")[column].sum()
        assert tables[Layer.COMMUNITIES][column].to_dict() == pytest.approx(sums.to_dict())
    assert tables[Layer.GRIDS].loc["G2", "supply_in"] == 12


def test_people_sent_and_there_are_counted_as_the_board_counts_them(office, orders):
    report_orders(office, [orders[0].id], OrderStep.ARRIVED)
    assert counts(office) == (2, 20, 12)
    recall_order(office, orders[1].id, reason="雨停了")
    board = read_progress(office, EVENING, Patience())
    assert len(board) == 2, "what was recalled stays on the board"
    assert counts(office) == (1, 12, 12), "and was sent to nobody"
    assert count_progress_people(board, EVENING) == count_order_people(read_order_steps(office, EVENING))
    later = Window(EVENING.end, EVENING.end + EVENING.length)
    assert counts(office, later) == (0, 0, 0)


def test_a_secretary_counts_what_touches_the_own_area(office, orders):
    secretary = replace(office, actor=Actor("书记", Role.SECRETARY, Area(Layer.GRIDS, "G1")))
    assert counts(secretary) == (1, 12, 0)


def test_nobody_is_nobody():
    assert people_present(OrderSteps((), {}), EVENING) == SentPeople({}, {})
