"""Many teams come home at one word, and a plan that was sent by a slip comes back as the draft it was."""

from dataclasses import replace
from datetime import timedelta

import pytest

from geo.schema import Layer
from services.catalog.actions import Action, Role
from services.context import AuditQuery, RefusedError
from services.planning import (
    TAKE_BACK,
    Move,
    OrderState,
    PlanState,
    commit_plan,
    find_plans,
    orders_between,
    orders_of_plan,
    people_sent,
    recall_orders,
    reopen_plan,
    send,
    team_history,
)
from services.planning.errors import OrderOverError, ReasonNeededError, TooLateError, UnknownOrderError
from services.rules.areas import Area, OutsideAreaError
from services.rules.roles import Actor

from .conftest import EVENING, NOW

WHY = "雨停了"


@pytest.fixture
def store(either_store):
    return either_store


@pytest.fixture
def sent(office, event, plan):
    """Return the plan that sent two teams to the second grid."""
    send(office, plan.id, Move("T1", "G2", 12), event_id=event())
    send(office, plan.id, Move("T3", "G2", 8), event_id=event())
    return commit_plan(office, plan.id).plan


def numbers(office, sent):
    return [order.id for order in orders_of_plan(office, sent.id)]


def test_several_teams_are_recalled_for_one_reason(office, now, sent):
    now[0] = EVENING.start + timedelta(hours=1)
    result = recall_orders(office, numbers(office, sent), reason=WHY)
    assert [order.until for order in result.orders] == [now[0], now[0]]
    assert result.changed == tuple(numbers(office, sent))
    assert {line.reason for line in (team_history(office, "T1")[0], team_history(office, "T3")[0])} == {WHY}


def test_those_recalled_before_stay_as_they_were(office, now, sent):
    one, other = numbers(office, sent)
    recall_orders(office, [one], reason=WHY)
    now[0] = EVENING.start + timedelta(hours=1)
    result = recall_orders(office, [one, other], reason="别的原因")
    assert result.changed == (other,)
    assert team_history(office, "T1")[0].reason == WHY


def test_one_that_is_over_keeps_all_as_they_are(office, now, sent):
    now[0] = EVENING.end
    with pytest.raises(OrderOverError):
        recall_orders(office, numbers(office, sent), reason=WHY)
    assert {order.until for order in orders_of_plan(office, sent.id)} == {EVENING.end}


def test_one_that_is_not_there_keeps_all_as_they_are(office, sent):
    with pytest.raises(UnknownOrderError):
        recall_orders(office, [*numbers(office, sent), 99], reason=WHY)
    assert len(orders_between(office, EVENING)) == 2


def test_a_recall_has_a_reason(office, sent):
    with pytest.raises(ReasonNeededError):
        recall_orders(office, numbers(office, sent), reason=" ")


def test_a_plan_that_was_just_sent_comes_back_as_a_draft(office, now, event, sent):
    now[0] = NOW + TAKE_BACK
    draft = reopen_plan(office, sent.id, event_id=event())
    assert (draft.state, draft.name, draft.moves, draft.copied_from) == (
        PlanState.DRAFT,
        sent.name,
        sent.moves,
        sent.id,
    )
    assert orders_between(office, EVENING) == []
    assert {order.state(now[0]) for order in orders_of_plan(office, sent.id)} == {OrderState.RECALLED}


def test_it_counts_nowhere_even_where_its_time_had_begun(office, now, event, plan):
    now[0] = EVENING.start + timedelta(hours=1)
    send(office, plan.id, Move("T1", "G2", 12), event_id=event())
    sent = commit_plan(office, plan.id).plan
    now[0] += timedelta(seconds=30)
    reopen_plan(office, sent.id, event_id=event())
    assert people_sent(orders_of_plan(office, sent.id), EVENING).arriving == {}
    assert orders_of_plan(office, sent.id)[0].state(now[0]) is OrderState.RECALLED


def test_the_draft_can_be_sent_again(office, event, sent):
    draft = reopen_plan(office, sent.id, event_id=event())
    assert len(commit_plan(office, draft.id).orders) == 2
    assert len(orders_between(office, EVENING)) == 2


def test_taking_back_twice_gives_one_draft(office, event, sent):
    once = event()
    assert reopen_plan(office, sent.id, event_id=once).id == reopen_plan(office, sent.id, event_id=once).id
    assert len(find_plans(office, PlanState.DRAFT)) == 1


def test_after_a_minute_it_is_a_recall(office, now, event, sent):
    now[0] = NOW + TAKE_BACK + timedelta(seconds=1)
    with pytest.raises(TooLateError):
        reopen_plan(office, sent.id, event_id=event())
    assert len(orders_between(office, EVENING)) == 2


def test_a_draft_was_not_sent(office, event, plan):
    with pytest.raises(TooLateError):
        reopen_plan(office, plan.id, event_id=event())


def test_what_was_done_stands_in_the_trail(office, event, sent):
    draft = reopen_plan(office, sent.id, event_id=event())
    with office.look(Action.VIEW_AUDIT) as tx:
        row = tx.trail.find(AuditQuery(action="commit_plan"), limit=1).iloc[0]
    assert f'"copy": {draft.id}' in row["detail"]
    assert '"team": "T1 T3"' in row["detail"]


def test_teams_of_another_area_are_left_where_they_are(office, sent):
    elsewhere = replace(office, actor=Actor("书记", Role.SUBDISTRICT_COMMANDER, Area(Layer.GRIDS, "G3")))
    with pytest.raises((OutsideAreaError, RefusedError)):
        recall_orders(elsewhere, numbers(office, sent), reason=WHY)
    assert len(orders_between(office, EVENING)) == 2
