"""Orders change supply for as long as they hold; teams are recalled and relieved, and their history is kept."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.schema import Layer
from services.catalog.actions import Role
from services.context import Context, RefusedError
from services.coverage import SentPeople
from services.export.situation import look_at
from services.planning import (
    Move,
    Order,
    OrderEvent,
    OrderState,
    commit_plan,
    create_plan,
    orders_between,
    orders_version,
    people_sent,
    recall_order,
    relieve_order,
    send,
    sent_by_hour,
    team_history,
)
from services.planning.errors import (
    OrderOverError,
    ReasonNeededError,
    TeamBusyError,
    UnknownOrderError,
    UnknownTeamError,
)
from services.planning.orders import peak_people
from services.rules.roles import Actor
from services.rules.windows import Mode, Window, hours_ahead

from .conftest import EVENING, NOW

HOUR = timedelta(hours=1)
WHY = "本社区有警情"


@pytest.fixture
def order(office, event, plan):
    """The first team, sent for the evening."""
    send(office, plan.id, Move("T1", "G2", 12), event_id=event())
    return commit_plan(office, plan.id).orders[0]


def made(people, start, length, until=None, team="T1"):
    """An order from the start of the evening plus some hours."""
    begin = EVENING.start + start * HOUR
    end = begin + length * HOUR
    return Order(
        1, 1, team, team, people, "G1", "G2", "", begin, end, end if until is None else begin + until * HOUR,
        Mode.ROUTINE, "", None, "", None, NOW, "local",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "length", "persons"), [(0, 4, 12), (0, 2, 6), (3, 4, 3), (-9, 20, 12), (4, 1, 0), (-1, 1, 0)]
)
def test_an_order_counts_by_the_share_of_the_window_it_covers(start, length, persons):
    sent = people_sent([made(12, start, length)], EVENING)
    assert (sent.arriving, sent.leaving) == (({"G2": persons}, {"G1": persons}) if persons else ({}, {}))


def test_recalled_orders_count_until_they_were_recalled():
    assert people_sent([made(12, 0, 4, until=1)], EVENING).arriving == {"G2": 3}
    assert people_sent([made(12, 0, 4, until=0)], EVENING) == SentPeople({}, {})


def test_people_sent_to_an_estate_count_there_too():
    to_estate = replace(made(12, 0, 2), estate_code="E2")
    assert people_sent([to_estate, made(6, 0, 4, team="T2")], EVENING) == SentPeople(
        {"G2": 12.0}, {"G1": 12.0}, {"E2": 6.0}
    )


def test_orders_of_several_teams_add_up():
    assert people_sent([made(12, 0, 4), made(6, 0, 2, team="T2")], EVENING).arriving == {"G2": 15}


def test_the_hours_ahead_each_have_their_own():
    hours = hours_ahead(EVENING.start, 3)
    assert [sent.arriving for sent in sent_by_hour([made(12, 1, 1)], hours)] == [{}, {"G2": 12}, {}]


spans = st.tuples(st.integers(1, 9), st.integers(-6, 8), st.integers(1, 8))


@given(st.lists(spans, max_size=6))
def test_the_mean_over_a_window_is_the_mean_of_its_hours(rows):
    orders = [made(*row) for row in rows]
    hours = sent_by_hour(orders, hours_ahead(EVENING.start, 4))
    mean = sum(sent.arriving.get("G2", 0) for sent in hours) / 4
    assert people_sent(orders, EVENING).arriving.get("G2", 0) == pytest.approx(mean)


@given(st.lists(spans, max_size=6))
def test_the_peak_is_the_largest_of_the_hours(rows):
    orders = [made(*row) for row in rows]
    hours = [sent.arriving.get("G2", 0) for sent in sent_by_hour(orders, hours_ahead(EVENING.start, 4))]
    assert peak_people(orders, EVENING) == max(hours)


def test_orders_of_a_window_are_found(office, order):
    assert orders_between(office, EVENING) == [order]
    assert orders_between(office, Window(EVENING.end, EVENING.end + HOUR)) == []
    assert orders_between(office, Window(EVENING.start - HOUR, EVENING.start)) == []


def test_a_recalled_team_can_be_sent_again(office, colleague, event, order):
    version = orders_version(office)
    recalled = recall_order(office, order.id, reason=WHY)
    assert (recalled.until, recalled.end) == (EVENING.start, EVENING.end)
    assert orders_between(office, EVENING) == []
    assert orders_version(office) > version
    other = create_plan(colleague, EVENING, Mode.EMERGENCY, event_id=event())
    send(colleague, other.id, Move("T1", "G3", 12), event_id=event())
    assert commit_plan(colleague, other.id).is_sent


def test_a_team_recalled_on_duty_leaves_at_once(office, now, order):
    now[0] = EVENING.start + HOUR
    assert order.state(now[0]) is OrderState.RUNNING
    recalled = recall_order(office, order.id, reason=WHY)
    assert recalled.until == now[0]
    assert recalled.state(now[0]) is OrderState.RECALLED


def test_recalling_twice_is_recalling_once(office, now, order):
    first = recall_order(office, order.id, reason=WHY, at=EVENING.start + HOUR)
    assert recall_order(office, order.id, reason=WHY, at=EVENING.start + 2 * HOUR) == first
    assert len(team_history(office, "T1")) == 2


def test_what_is_over_cannot_be_recalled_or_relieved(office, now, order):
    now[0] = EVENING.end
    assert order.state(now[0]) is OrderState.OVER
    with pytest.raises(OrderOverError):
        recall_order(office, order.id, reason=WHY)
    with pytest.raises(OrderOverError):
        relieve_order(office, order.id, "T2", reason=WHY)


def test_a_recall_needs_a_reason_and_an_order(office, order):
    with pytest.raises(ReasonNeededError):
        recall_order(office, order.id, reason=" ")
    with pytest.raises(UnknownOrderError):
        recall_order(office, 99, reason=WHY)


def test_a_relief_takes_over_where_the_other_ends(office, now, order):
    now[0] = EVENING.start + HOUR
    ended, relief = relieve_order(office, order.id, "T3", reason="换岗", at=EVENING.start + 2 * HOUR)
    assert (ended.until, relief.start, relief.until) == (EVENING.start + 2 * HOUR, ended.until, EVENING.end)
    assert (relief.team_code, relief.people, relief.from_code, relief.to_code) == ("T3", 8, "G3", "G2")
    assert relief.relieves == order.id
    assert people_sent(orders_between(office, EVENING), EVENING).arriving == {"G2": 6 + 4}


@pytest.mark.parametrize(("team", "error"), [("T1", TeamBusyError), ("T4", UnknownTeamError), ("T9", UnknownTeamError)])
def test_a_team_that_cannot_come_relieves_nobody(office, order, team, error):
    with pytest.raises(error):
        relieve_order(office, order.id, team, reason="换岗")
    assert orders_between(office, EVENING) == [order]


def test_the_history_of_a_team_tells_what_happened_newest_first(office, colleague, now, order):
    now[0] += HOUR
    relieve_order(colleague, order.id, "T3", reason="换岗", at=EVENING.start + HOUR)
    lines = team_history(office, "T1")
    assert [(line.what, line.actor, line.reason) for line in lines] == [
        (OrderEvent.RELIEVED, "乙", "换岗"),
        (OrderEvent.SENT, "local", ""),
    ]
    assert lines[0].order.until == EVENING.start + HOUR
    assert [line.what for line in team_history(office, "T3")] == [OrderEvent.SENT]
    assert team_history(office, "T2") == []


def test_the_screen_sees_what_orders_do_to_supply_and_nothing_else(store, order):
    screen = Context(store, Actor("screen", Role.SCREEN), clock=lambda: NOW)
    assert people_sent(orders_between(screen, EVENING), EVENING).arriving == {"G2": 12}
    with pytest.raises(RefusedError):
        team_history(screen, "T1")
    with pytest.raises(RefusedError):
        recall_order(screen, order.id, reason=WHY)


def test_exports_count_the_teams_that_orders_have_sent(office, event, plan):
    before = look_at(office, EVENING, plan.mode).tables[Layer.GRIDS]
    send(office, plan.id, Move("T1", "G2", 12), event_id=event())
    commit_plan(office, plan.id)
    after = look_at(office, EVENING, plan.mode).tables[Layer.GRIDS]
    assert after.loc["G2", "supply_in"] == 12
    assert after.loc["G2", "supply"] == before.loc["G2", "supply"] + 12
