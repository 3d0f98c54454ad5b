"""What a window is compared with: the same hours as they were staffed, and itself without the orders sent last."""

from dataclasses import replace
from datetime import timedelta

import pytest

from geo.schema import Layer
from services.coverage import (
    ComparisonKind,
    balance_tables,
    coverage_tables,
    grid_balance,
    headline_figures,
    load_inputs,
)
from services.planning import (
    Move,
    commit_plan,
    create_plan,
    orders_between,
    people_sent,
    read_precedents,
    recall_order,
    references_of,
    relieve_order,
    send,
)
from services.planning.comparison import last_orders
from services.rules.windows import DAY, Mode, Window

from .conftest import EVENING, NOW

EMERGENCY = Mode.EMERGENCY


@pytest.fixture
def store(either_store):
    """Run every test on both stores."""
    return either_store


@pytest.fixture
def sent(office, event):
    """Return a function that makes orders of moves (team, grid, people) and returns the number of their plan."""

    def make(*moves, window=EVENING):
        plan = create_plan(office, window, EMERGENCY, event_id=event(), name="今晚")
        for team, grid, people in moves:
            send(office, plan.id, Move(team, grid, people), event_id=event())
        assert commit_plan(office, plan.id).is_sent
        return plan.id

    return make


@pytest.fixture
def figures(office):
    """Return a function that gives persons missing in a window and in all it is compared with."""

    def look(window=EVENING, codes=None):
        coverage_inputs = load_inputs(office)
        past = read_precedents(office, coverage_inputs.norms, window)
        grids = grid_balance(coverage_inputs, EMERGENCY, window, people_sent(past.orders, window))
        references = references_of(coverage_inputs, EMERGENCY, past, codes)
        shown = grids if codes is None else grids.loc[codes]
        missing = headline_figures(shown, [each.grids for each in references]).missing
        by = [each.comparison.against for each in references]
        return missing.value, dict(zip(by, missing.before, strict=True))

    return look


def day_later(window, days=1):
    return Window(window.start + days * DAY, window.end + days * DAY)


def test_need_and_supply_of_the_grids_are_those_of_the_whole_table(office, sent):
    sent(("T1", "G2", 12))
    coverage_inputs, by = load_inputs(office), people_sent(orders_between(office, EVENING), EVENING)
    alone, whole = (
        grid_balance(coverage_inputs, EMERGENCY, EVENING, by),
        coverage_tables(coverage_inputs, EMERGENCY, EVENING, by),
    )
    table = whole[Layer.GRIDS][list(alone.columns)]
    assert alone.astype(table.dtypes).equals(table)


def test_the_balance_of_every_level_is_that_of_the_coverage_table(office, sent):
    sent(("T1", "G2", 12))
    coverage_inputs, by = load_inputs(office), people_sent(orders_between(office, EVENING), EVENING)
    whole = coverage_tables(coverage_inputs, EMERGENCY, EVENING, by)
    for layer, alone in balance_tables(coverage_inputs, EMERGENCY, EVENING, by).items():
        table = whole[layer][list(alone.columns)]
        assert alone.astype(table.dtypes).equals(table)


def test_tonight_is_compared_with_last_night_as_it_was_staffed_and_with_itself_before_the_orders(figures, sent):
    nobody, _compared = figures()
    sent(("T1", "G2", 12))
    tonight, compared = figures()
    assert tonight < nobody
    assert compared == {ComparisonKind.DAY: nobody, ComparisonKind.ORDERS: nobody}
    tomorrow, compared = figures(day_later(EVENING))
    assert (tomorrow, compared) == (nobody, {ComparisonKind.DAY: tonight})


def test_the_afternoon_before_counts_for_nothing(figures, sent):
    nobody, _compared = figures()
    sent(("T1", "G2", 12), window=Window(EVENING.start - timedelta(hours=4), EVENING.start))
    assert figures() == (nobody, {ComparisonKind.DAY: nobody})


def test_a_week_before_is_told_where_the_store_was_there(figures, sent):
    nobody, _compared = figures()
    sent(("T1", "G2", 12))
    then = figures()[0]
    assert figures(day_later(EVENING, 7))[1] == {ComparisonKind.DAY: nobody, ComparisonKind.WEEK: then}


def test_hours_before_the_store_was_there_are_not_compared(figures):
    first_day = Window(EVENING.start - 5 * DAY, EVENING.end - 5 * DAY)
    assert figures(first_day)[1] == {}
    assert set(figures(day_later(first_day, 3))[1]) == {ComparisonKind.DAY}


def test_a_trail_whose_begin_cannot_be_read_knows_no_earlier_day(figures, monkeypatch):
    monkeypatch.setattr("services.store.audit_log.AuditLog.read_begin", lambda _trail: "gestern")
    assert figures()[1] == {}


def test_the_last_orders_are_those_of_the_plan_sent_last(figures, sent, now):
    sent(("T1", "G2", 12))
    first = figures()[0]
    now[0] = NOW + timedelta(minutes=30)
    sent(("T2", "G2", 3))
    assert figures()[1][ComparisonKind.ORDERS] == first


def test_a_team_that_relieves_serves_by_the_plan_it_was_first_sent_by(office, figures, sent, now):
    nobody, _compared = figures()
    sent(("T1", "G2", 12))
    (order,) = orders_between(office, EVENING)
    now[0] = NOW + timedelta(minutes=30)
    relieve_order(office, order.id, "T3", reason="轮换", at=EVENING.start + timedelta(hours=2))
    assert figures()[1][ComparisonKind.ORDERS] == nobody


def test_what_was_called_home_before_it_began_was_never_sent(office, figures, sent):
    nobody, _compared = figures()
    sent(("T1", "G2", 12))
    (order,) = orders_between(office, EVENING)
    recall_order(office, order.id, reason="取消")
    assert figures() == (nobody, {ComparisonKind.DAY: nobody})


def test_the_last_orders_of_a_part_are_those_that_touch_it(office, figures, sent, now):
    first = sent(("T1", "G2", 12))
    now[0] = NOW + timedelta(minutes=30)
    last = sent(("T3", "G2", 2))
    orders = orders_between(office, EVENING)
    assert {order.plan_id for order in last_orders(orders, frozenset({"G1"}))} == {first}
    assert {order.plan_id for order in last_orders(orders, frozenset({"G2"}))} == {last}
    assert last_orders(orders, frozenset({"G4"})) == ()
    assert ComparisonKind.ORDERS not in figures(codes=load_inputs(office).levels[Layer.GRIDS].facts.index[3:])[1]


def test_the_instant_of_the_last_orders_is_told(office, sent):
    sent(("T1", "G2", 12))
    coverage_inputs = load_inputs(office)
    *_days, last = references_of(coverage_inputs, EMERGENCY, read_precedents(office, coverage_inputs.norms, EVENING))
    assert (last.comparison.against, last.comparison.sent_at) == (ComparisonKind.ORDERS, NOW)
    assert replace(last.comparison, sent_at=None).window == EVENING
