"""What a move would do is the same as what it does; rules are told before anything is written."""

from dataclasses import replace

import numpy as np
import pytest

from geo.optimise import StopReason
from geo.schema import Layer
from services.context import Context
from services.coverage import coverage_tables, load_inputs
from services.i18n import translate
from services.planning import (
    Move,
    PlanSettings,
    accept_all,
    change_plan,
    commit_plan,
    copy_plan,
    create_plan,
    drop,
    figures_of,
    load_snapshot,
    people_sent,
    pin,
    preview,
    propose_plan,
    read_plan,
    send,
    tables_with_plan,
    team_table,
    travel_minutes,
)
from services.rules.planning import Rule
from services.rules.windows import Mode
from services.store import Store

from .conftest import EVENING, NOW

T1 = Move("T1", "G2", 12)
EVENING_SHARE = 0.5
"""What a member counts as in the evening of a weekday where nobody states otherwise."""


@pytest.fixture
def snapshot(office):
    return load_snapshot(office, load_inputs(office), EVENING, Mode.EMERGENCY)


def rules(seen):
    return [breach.rule for breach in seen.breaches]


def test_a_preview_shows_both_ends_before_and_after(snapshot, plan):
    seen = preview(snapshot, plan, T1)
    grids = snapshot.grids
    assert seen.receiver.gap_before == pytest.approx(grids.loc["G2", "gap"])
    assert seen.receiver.gap_after == pytest.approx(grids.loc["G2", "gap"] - 12)
    assert seen.giver.surplus_after == pytest.approx(grids.loc["G1", "surplus"] - 12 * EVENING_SHARE)
    assert (seen.giver_code, seen.is_allowed, seen.move.home_code) == ("G1", True, "G1")
    assert seen.minutes == pytest.approx(102 * 1.3 / 80, rel=0.02)


def test_what_a_preview_says_is_what_the_tables_show_after_the_drop(office, event, snapshot, plan):
    send(office, plan.id, Move("T2", "G2", 6), event_id=event())
    seen = drop(office, snapshot, plan.id, T1, event_id=event())
    after = tables_with_plan(snapshot, seen.plan)[Layer.GRIDS]
    assert after.loc["G2", "gap"] == pytest.approx(seen.preview.receiver.gap_after)
    assert after.loc["G1", "surplus"] == pytest.approx(seen.preview.giver.surplus_after)
    assert after.loc["G1", "supply_out"] == pytest.approx(18 * EVENING_SHARE)
    assert after.loc["G2", "supply_in"] == 18


def test_a_team_dragged_on_is_not_counted_twice(office, event, snapshot, plan):
    there = drop(office, snapshot, plan.id, T1, event_id=event()).plan
    seen = preview(snapshot, there, Move("T1", "G3", 12))
    assert seen.giver.supply_before == pytest.approx(snapshot.grids.loc["G1", "supply"])
    assert seen.is_allowed


def test_a_part_sent_on_is_seen_as_if_it_had_not_gone_before(office, event, snapshot, plan):
    there = send(office, plan.id, Move("T1", "G2", 7), event_id=event())
    on = Move("T1", "G3", 7)
    assert Rule.ALREADY_SENT in rules(preview(snapshot, there, on))
    assert preview(snapshot, there, on, instead_of="G2") == preview(snapshot, plan, on)


@pytest.mark.parametrize(
    ("move", "rule", "needs_reason"),
    [
        (Move("T4", "G2", 1), Rule.NO_PEOPLE, False),
        (Move("T1", "G2", 5), Rule.NOT_DIVISIBLE, False),
        (Move("T9", "G2", 5), Rule.UNKNOWN_TEAM, False),
        (Move("T1", "G9", 12), Rule.UNKNOWN_GRID, False),
        (Move("T1", "G4", 12), Rule.NO_NEED, True),
        (Move("T3", "G2", 8), Rule.BELOW_FLOOR, True),
    ],
)
def test_a_drop_that_breaks_a_rule_changes_nothing_and_says_which(
    office, event, snapshot, plan, move, rule, needs_reason
):
    dropped = drop(office, snapshot, plan.id, move, event_id=event())
    assert rules(dropped.preview) == [rule]
    assert dropped.preview.needs_reason is needs_reason
    assert all(translate(said) for said in dropped.preview.breach_texts)
    assert dropped.plan == plan == read_plan(office, plan.id)


def test_a_rule_is_overruled_once_with_a_reason_that_is_kept(office, event, snapshot, plan):
    move = Move("T3", "G2", 8)
    broken = tuple(breach.rule for breach in preview(snapshot, plan, move).breaches)
    assert not drop(office, snapshot, plan.id, replace(move, overruled=broken), event_id=event()).preview.is_allowed
    done = drop(office, snapshot, plan.id, replace(move, overruled=broken, reason="邻格同意"), event_id=event())
    assert (done.plan.moves[0].reason, done.plan.moves[0].overruled) == ("邻格同意", ("below_floor",))
    assert commit_plan(office, plan.id).orders[0].reason == "邻格同意"


def test_the_floor_and_the_reach_are_the_planners(office, event, snapshot, plan):
    free = change_plan(office, plan.id, event_id=event(), settings=PlanSettings(floor_share=0, reach_minutes=0.5))
    assert rules(preview(snapshot, free, Move("T3", "G2", 8))) == [Rule.OUT_OF_REACH]


def test_a_team_sent_by_somebody_else_is_refused_on_the_board_already(office, colleague, event, plan):
    theirs = create_plan(colleague, EVENING, Mode.EMERGENCY, event_id=event())
    send(colleague, theirs.id, Move("T1", "G3", 12), event_id=event())
    commit_plan(colleague, theirs.id)
    snapshot = load_snapshot(office, load_inputs(office), EVENING, Mode.EMERGENCY)
    assert rules(preview(snapshot, plan, T1)) == [Rule.ALREADY_SENT]
    tray = team_table(snapshot)
    assert tray.loc["T1", ["free", "sent_to"]].tolist() == [0, "三格"]
    assert tray.loc["T2", ["free", "home_name"]].tolist() == [6, "一格"]
    assert "leader" not in tray
    assert "phone" not in tray
    assert snapshot.grids.loc["G3", "supply_in"] == 12


def test_figures_compare_two_plans_side_by_side(office, event, snapshot, plan):
    drop(office, snapshot, plan.id, T1, event_id=event())
    other = copy_plan(office, plan.id, event_id=event())
    other = drop(office, snapshot, other.id, Move("T2", "G2", 6), event_id=event()).plan
    one, two = figures_of(snapshot, read_plan(office, plan.id)), figures_of(snapshot, other)
    assert (one.people, two.people, one.after.moves, two.after.moves) == (12, 18, 1, 2)
    assert two.after.unmet == pytest.approx(one.after.unmet - 6) == pytest.approx(one.before.unmet - 18)
    assert two.after.travel == pytest.approx(18 * snapshot.minutes("T1", "G2"))
    assert two.worst_name in {"二格", "三格"}
    assert len(one.by_hour) == 4
    assert one.by_hour["before"].mean() == pytest.approx(one.before.unmet)
    np.testing.assert_allclose(one.by_hour["before"] - one.by_hour["after"], 12)


def test_what_a_plan_promised_is_what_the_orders_bring(office, event, snapshot, plan):
    drop(office, snapshot, plan.id, T1, event_id=event())
    promised = tables_with_plan(snapshot, read_plan(office, plan.id))[Layer.GRIDS]
    orders = commit_plan(office, plan.id, travel_minutes(snapshot, read_plan(office, plan.id))).orders
    now = coverage_tables(snapshot.coverage_inputs, Mode.EMERGENCY, EVENING, people_sent(orders, EVENING))[Layer.GRIDS]
    np.testing.assert_allclose(now["supply"], promised["supply"])
    assert orders[0].minutes == pytest.approx(snapshot.minutes("T1", "G2"))


def test_a_proposal_closes_gaps_by_the_rules_and_can_be_accepted(office, event, snapshot, plan):
    proposal = propose_plan(snapshot, plan, seconds=5)
    assert proposal.is_proven
    assert proposal.ended is StopReason.PROVEN
    assert [(move.team_code, move.grid_code) for move in proposal.moves] == [
        ("T1", "G2"),
        ("T2", "G2"),
        ("T3", "G3"),
    ]
    assert all(translate(move.why) for move in proposal.moves)
    figures = figures_of(snapshot, replace(plan, moves=proposal.moves))
    assert len(proposal.open) == figures.after.weak
    assert (proposal.missing_before, proposal.missing) == pytest.approx(
        (figures.before.unmet, figures.after.unmet), abs=0.02
    )
    assert proposal.cost.value < proposal.before
    assert proposal.open
    assert all(translate(line.reason) for line in proposal.open)
    assert len(accept_all(office, plan.id, proposal.moves, event_id=event()).moves) == 3
    after = accept_all(office, plan.id, proposal.moves, event_id=event())
    again = read_plan(office, plan.id)
    assert again.moves == after.moves
    assert again.moves[0].why == proposal.moves[0].why


def test_pinned_moves_stay_and_are_not_proposed_again(office, event, snapshot, plan):
    drop(office, snapshot, plan.id, Move("T1", "G3", 12), event_id=event())
    pinned = pin(office, plan.id, [("T1", "G3")], event_id=event())
    proposal = propose_plan(snapshot, pinned, seconds=5)
    assert [move.team_code for move in proposal.moves] == ["T2"]
    after = accept_all(office, plan.id, proposal.moves, event_id=event())
    assert [(move.key, move.pinned) for move in after.moves] == [(("T1", "G3"), True), (("T2", "G2"), False)]


def test_a_proposal_says_when_a_skill_is_missing(office, event, snapshot, plan):
    asking = change_plan(office, plan.id, event_id=event(), settings=PlanSettings(skills={"G2": ("心理",)}))
    lines = {line.grid_code: translate(line.reason) for line in propose_plan(snapshot, asking, seconds=5).open}
    assert "心理" in lines["G2"]


def test_a_search_that_is_stopped_at_once_still_answers(snapshot, plan):
    stopped = propose_plan(snapshot, plan, seconds=0, is_cancelled=lambda: True)
    assert stopped.ended in {StopReason.PROVEN, StopReason.CANCELLED, StopReason.TIME_LIMIT}
    assert stopped.cost.bound <= stopped.cost.value <= stopped.before


def test_an_empty_store_has_an_empty_board_and_nothing_to_propose(tmp_path, event):
    store = Store.open(f"sqlite:///{tmp_path}/empty.gpkg")
    office = Context(store, clock=lambda: NOW)
    plan = create_plan(office, EVENING, Mode.ROUTINE, event_id=event())
    snapshot = load_snapshot(office, load_inputs(office), EVENING, Mode.ROUTINE)
    assert team_table(snapshot).empty
    assert propose_plan(snapshot, plan, seconds=1).ended is StopReason.NOTHING_TO_DO
    assert rules(preview(snapshot, plan, T1)) == [Rule.UNKNOWN_TEAM, Rule.UNKNOWN_GRID]
    figures = figures_of(snapshot, plan)
    assert (figures.after.unmet, figures.worst_code) == (0, "")
    store.close()
