"""A clock that is put back an hour: nothing is negative, nothing breaks, and the trail stays whole."""

from datetime import timedelta

from services import accounts
from services.briefing import BriefingRequest, freeze, list_briefings
from services.context import Context
from services.modes import current_mode, declare_mode
from services.planning import Move, commit_plan, create_plan, read_plan, recall_order, send, team_history
from services.planning.orders import OrderState, orders_between
from services.rules.windows import Mode
from tests.services.planning.conftest import EVENING, NOW

BACK = timedelta(hours=1)
PASSWORD = "lantern teapot river"


def clocks(town):
    """Return the same office before and after its clock was put back."""
    return Context(town, clock=lambda: NOW), Context(town, clock=lambda: NOW - BACK)


def test_the_trail_stays_whole_and_in_the_order_of_what_was_done(town):
    before, after = clocks(town)
    for office in (before, after, before):
        declare_mode(office, Mode.ROUTINE, reason="演练", approver="书记")
    with town.read() as tx:
        found = tx.trail.examine()
    assert not found.faults
    assert found.rows == 4


def test_the_mode_declared_last_holds(town):
    before, after = clocks(town)
    declare_mode(before, Mode.EMERGENCY, reason="演练", approver="书记", until=NOW + timedelta(hours=4))
    declare_mode(after, Mode.LOCKDOWN, reason="演练", approver="书记", until=NOW + timedelta(hours=4))
    assert current_mode(after).mode is Mode.LOCKDOWN
    assert current_mode(before).mode is Mode.LOCKDOWN


def test_plans_and_orders_go_on(town):
    before, after = clocks(town)
    plan = create_plan(before, EVENING, Mode.EMERGENCY, event_id="a")
    send(before, plan.id, Move("T1", "G2", 12), event_id="b")
    send(after, plan.id, Move("T2", "G3", 6), event_id="c")
    assert len(read_plan(after, plan.id).moves) == 2
    first, second = commit_plan(after, plan.id).orders
    recalled = recall_order(before, first.id, reason="雨停了", at=EVENING.start + timedelta(hours=1))
    again = recall_order(after, first.id, reason="雨停了")
    assert recalled.start <= again.until <= recalled.until <= recalled.end
    assert second.state(after.clock()) is OrderState.AHEAD
    assert [line.what.value for line in team_history(after, "T1")][-1] == "sent"
    assert all(order.start <= order.until for order in orders_between(after, EVENING))


def test_an_order_recalled_while_it_runs_is_never_over_before_it_began(town):
    plan = create_plan(Context(town, clock=lambda: NOW), EVENING, Mode.EMERGENCY, event_id="a")
    send(Context(town, clock=lambda: NOW), plan.id, Move("T1", "G2", 12), event_id="b")
    (order,) = commit_plan(Context(town, clock=lambda: NOW), plan.id).orders
    running = Context(town, clock=lambda: EVENING.start + timedelta(minutes=30))
    put_back = Context(town, clock=lambda: EVENING.start - timedelta(minutes=30))
    recall_order(running, order.id, reason="雨停了")
    until = recall_order(put_back, order.id, reason="雨停了").until
    assert until >= order.start


def test_sessions_go_on_and_end_no_later_than_they_would(town):
    before, after = clocks(town)
    accounts.finish_setup(before, accounts.begin_setup(before), "guanli", PASSWORD)
    token = accounts.sign_in(before, "guanli", PASSWORD, address="127.0.0.1")
    seen = accounts.who_is(after, token)
    assert seen is not None
    accounts.note_seen(after, token)
    assert accounts.who_is(before, token).ends_at == seen.ends_at
    accounts.sign_out(after, token)
    assert accounts.who_is(before, token) is None


def test_a_name_that_is_closed_stays_closed_for_a_time_and_opens_again(town):
    before, after = clocks(town)
    accounts.finish_setup(before, accounts.begin_setup(before), "guanli", PASSWORD)
    for office in (before, after):
        for _ in range(10):
            try:
                accounts.sign_in(office, "guanli", "wrong", address="127.0.0.1")
            except accounts.ClosedError:
                break
            except accounts.SignInError:
                continue
    later = Context(town, clock=lambda: NOW + timedelta(hours=2))
    assert accounts.sign_in(later, "guanli", PASSWORD, address="127.0.0.1")


def test_briefings_of_both_times_are_listed(town):
    before, after = clocks(town)
    numbers = [freeze(office, BriefingRequest(EVENING, Mode.EMERGENCY)) for office in (before, after)]
    assert {head.number for head in list_briefings(after)} == set(numbers)
