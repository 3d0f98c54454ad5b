"""A plan is sent as a whole or not at all; what changed underneath is said; nothing is lost."""

from datetime import timedelta

import pandas as pd
import pytest

from geo.schema import Layer
from services.catalog.actions import Action, Role
from services.context import Context, RefusedError
from services.i18n import translate
from services.planning import (
    ChangeKind,
    Move,
    PlanSettings,
    PlanState,
    acknowledge,
    change_plan,
    commit_plan,
    copy_plan,
    create_plan,
    discard_plan,
    drop_moves,
    orders_of_plan,
    orders_version,
    read_plan,
    review_plan,
    send,
)
from services.planning.errors import PastWindowError, PlanClosedError, PlanEmptyError
from services.rules.roles import Actor
from services.rules.windows import Mode, Window
from tests.acting import act

from .conftest import EVENING, NOW, frame, team, zone

T1 = Move("T1", "G2", 12)


@pytest.fixture
def store(either_store):
    """Run every test of this file on both stores."""
    return either_store


@pytest.fixture
def two(office, event, plan):
    """The plan with two moves."""
    send(office, plan.id, T1, event_id=event())
    return send(office, plan.id, Move("T3", "G2", 8, estate_code="E1", need=20.0), event_id=event())


def write(office, layer, rows):
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(layer, frame(rows))


def delete(office, layer, codes):
    with act(office, Action.IMPORT) as work:
        work.tx.delete(layer, codes)


def look_again(office, event, plan):
    return acknowledge(office, plan.id, review_plan(office, plan.id).versions, event_id=event())


def kinds(changes):
    return [(change.kind, change.key) for change in changes]


def test_a_plan_becomes_orders_with_all_they_need(office, event, two):
    change_plan(office, two.id, event_id=event(), settings=PlanSettings(purpose="守门"))
    done = commit_plan(office, two.id, {("T1", "G2"): 1.6})
    assert (done.is_sent, done.plan.state, done.obstacles, done.outdated) == (True, PlanState.COMMITTED, (), ())
    first, second = done.orders
    assert (first.team_name, first.people, first.from_code, first.to_code) == ("一队", 12, "G1", "G2")
    assert (first.start, first.end, first.until, first.mode) == (EVENING.start, EVENING.end, EVENING.end, two.mode)
    assert (first.minutes, first.purpose, first.sent_by, first.sent_at) == (1.6, "守门", "local", NOW)
    assert (second.estate_code, second.minutes) == ("E1", None)
    assert orders_of_plan(office, two.id) == list(done.orders)


def test_committing_twice_writes_once(office, two):
    first = commit_plan(office, two.id)
    version = orders_version(office)
    assert commit_plan(office, two.id).orders == first.orders
    assert orders_version(office) == version > 0


def test_orders_do_not_make_the_basis_of_coverage_stale(office, two):
    with office.look(Action.VIEW_COVERAGE) as tx:
        before = tx.versions()
    commit_plan(office, two.id)
    with office.look(Action.VIEW_COVERAGE) as tx:
        assert {part: n for part, n in tx.versions().items() if part != "orders"} == before


def test_a_committed_plan_is_closed_but_can_be_copied(office, event, two):
    commit_plan(office, two.id)
    with pytest.raises(PlanClosedError):
        send(office, two.id, T1, event_id=event())
    copy = copy_plan(office, two.id, event_id=event())
    assert (copy.state, len(copy.moves)) == (PlanState.DRAFT, 2)


def test_a_copy_of_what_is_sent_already_conflicts_with_it(office, event, two):
    commit_plan(office, two.id)
    answer = commit_plan(office, copy_plan(office, two.id, event_id=event()).id)
    assert kinds(answer.obstacles) == [(ChangeKind.TEAM_SENT, ("T1", "G2")), (ChangeKind.TEAM_SENT, ("T3", "G2"))]


def test_the_loser_is_told_who_when_and_where_and_keeps_the_rest(office, colleague, event, two):
    theirs = create_plan(colleague, EVENING, Mode.EMERGENCY, event_id=event())
    send(colleague, theirs.id, Move("T1", "G3", 12), event_id=event())
    commit_plan(colleague, theirs.id)
    answer = commit_plan(office, two.id)
    assert (answer.is_sent, answer.orders, len(answer.plan.moves)) == (False, (), 2)
    said = translate(answer.obstacles[0].text)
    assert said == "一队已被 乙 于 11-25 12:00 派往三格，11-25 18:00 至 11-25 22:00。"
    kept = drop_moves(office, two.id, [change.key for change in answer.obstacles], event_id=event())
    assert [move.team_code for move in kept.moves] == ["T3"]
    assert commit_plan(office, two.id).is_sent


@pytest.mark.parametrize(("shift", "done"), [(-4, True), (-3, False), (3, False), (4, True)])
def test_windows_that_only_touch_do_not_conflict(office, colleague, event, plan, shift, done):
    send(office, plan.id, T1, event_id=event())
    commit_plan(office, plan.id)
    hours = timedelta(hours=shift)
    other = create_plan(colleague, Window(EVENING.start + hours, EVENING.end + hours), plan.mode, event_id=event())
    send(colleague, other.id, T1, event_id=event())
    assert commit_plan(colleague, other.id).is_sent is done


def test_parts_of_a_team_may_go_to_different_grids_as_long_as_there_are_people(office, colleague, event, plan):
    send(office, plan.id, Move("T1", "G2", 7), event_id=event())
    send(office, plan.id, Move("T1", "G3", 4), event_id=event())
    assert len(commit_plan(office, plan.id).orders) == 2
    other = create_plan(colleague, EVENING, plan.mode, event_id=event())
    send(colleague, other.id, Move("T1", "G2", 2), event_id=event())
    assert not commit_plan(colleague, other.id).is_sent
    send(colleague, other.id, Move("T1", "G2", 1), event_id=event())
    assert commit_plan(colleague, other.id).is_sent


def test_data_that_changed_must_be_looked_at_before_sending(office, event, two):
    write(office, Layer.GRIDS, {"G2": zone("二格", "C1", residents=5000)})
    answer = commit_plan(office, two.id)
    assert (answer.is_sent, answer.outdated, answer.obstacles) == (False, ("grids",), ())
    review = review_plan(office, two.id)
    assert (review.changed_parts, review.changes) == (("grids",), ())
    acknowledge(office, two.id, review.versions, event_id=event())
    assert commit_plan(office, two.id).is_sent


def test_what_was_looked_at_before_the_data_changed_again_does_not_count(office, event, two):
    write(office, Layer.GRIDS, {"G2": zone("二格", "C1", residents=5000)})
    review = review_plan(office, two.id)
    write(office, Layer.MEMBERS, {"M999": {"name": "新党员"}})
    acknowledge(office, two.id, review.versions, event_id=event())
    assert commit_plan(office, two.id).outdated == ("members",)


def test_a_grid_deleted_under_a_plan_is_said_and_stops_only_its_moves(office, event, two):
    send(office, two.id, Move("T1", "G3", 12), event_id=event())
    delete(office, Layer.GRIDS, ["G3"])
    review = review_plan(office, two.id)
    assert kinds(review.stopping) == [(ChangeKind.GRID_GONE, ("T1", "G3"))]
    assert translate(review.changes[0].text) == "网格 G3 已不存在。"
    look_again(office, event, two)
    assert not commit_plan(office, two.id).is_sent
    drop_moves(office, two.id, [("T1", "G3")], event_id=event())
    assert [order.team_code for order in commit_plan(office, two.id).orders] == ["T3"]


def test_everything_that_can_change_under_a_plan_is_named(office, event, two):
    delete(office, Layer.TEAMS, ["T1"])
    delete(office, Layer.ESTATES, ["E1"])
    write(office, Layer.TEAMS, {"T3": team("三队", "G4", 5)})
    grids = pd.DataFrame({"name": ["二格"], "need": [31.2]}, index=["G2"])
    review = review_plan(office, two.id, grids)
    assert kinds(review.changes) == [
        (ChangeKind.TEAM_GONE, ("T1", "G2")),
        (ChangeKind.ESTATE_GONE, ("T3", "G2")),
        (ChangeKind.TEAM_MOVED, ("T3", "G2")),
        (ChangeKind.TEAM_SMALLER, ("T3", "G2")),
        (ChangeKind.NEED_CHANGED, ("T3", "G2")),
    ]
    assert [change.stops for change in review.changes] == [True, True, False, True, False]
    assert translate(review.changes[-1].text) == "二格现需 31 人，调配时需 20 人。"


def test_a_plan_on_data_that_did_not_change_has_nothing_to_say(office, two):
    review = review_plan(office, two.id, pd.DataFrame({"name": ["二格"], "need": [31.2]}, index=["G2"]))
    assert (review.changes, review.changed_parts) == ((), ())


def test_a_committed_plan_does_not_conflict_with_its_own_orders(office, two):
    commit_plan(office, two.id)
    assert review_plan(office, two.id).changes == ()


def test_a_window_that_passed_since_cannot_be_sent(office, now, two):
    now[0] = EVENING.end
    with pytest.raises(PastWindowError):
        commit_plan(office, two.id)
    now[0] = EVENING.end - timedelta(minutes=1)
    assert commit_plan(office, two.id).is_sent


def test_an_empty_or_discarded_plan_cannot_be_sent(office, event, plan):
    with pytest.raises(PlanEmptyError):
        commit_plan(office, plan.id)
    send(office, plan.id, T1, event_id=event())
    discard_plan(office, plan.id, event_id=event())
    with pytest.raises(PlanClosedError):
        commit_plan(office, plan.id)


def test_a_commit_leaves_one_audit_row_without_names(office, two):
    commit_plan(office, two.id)
    with office.look(Action.VIEW_AUDIT) as tx:
        row = tx.records.read_audit(1).iloc[0]
    assert (row["action"], row["object"], row["detail"]) == (
        "commit_plan",
        f"plan:{two.id}",
        '{"orders": 2, "people": 20}',
    )


def test_the_screen_sends_nothing(store, two):
    with pytest.raises(RefusedError):
        commit_plan(Context(store, Actor("screen", Role.SCREEN)), two.id)


def test_a_fault_in_the_middle_of_a_commit_leaves_no_order(office, two, monkeypatch):
    written = []

    def fail(self, **values):
        written.append(values)
        if len(written) == 2:
            raise ZeroDivisionError
        return add(self, **values)

    from services.store.plans import Plans

    add = Plans.add_order
    monkeypatch.setattr(Plans, "add_order", fail)
    with pytest.raises(ZeroDivisionError):
        commit_plan(office, two.id)
    assert orders_of_plan(office, two.id) == []
    assert read_plan(office, two.id).state is PlanState.DRAFT
