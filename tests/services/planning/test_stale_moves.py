"""Before and after: what changed underneath the moves of a draft, in persons."""

import pandas as pd
import pytest

from geo.schema import Layer
from services.catalog.actions import Action
from services.coverage import load_inputs
from services.i18n import translate
from services.planning import (
    Move,
    StaleKind,
    accept_all,
    change_plan,
    commit_plan,
    create_plan,
    drop,
    find_stale_moves,
    load_snapshot,
    pin,
    propose_plan,
    read_plan,
    send,
)
from services.planning.model import moves_from_json, moves_to_json
from services.rules.windows import HOUR, Mode, Window
from tests.acting import act

from .conftest import EVENING, frame, team


def board_of(context):
    return load_snapshot(context, load_inputs(context), EVENING, Mode.EMERGENCY)


def shifts_of(context, plan):
    found = find_stale_moves(board_of(context), read_plan(context, plan.id))
    return {shift.code: shift for shift in found}


def said(shift):
    return [translate(words) for words in shift.texts]


def change(context, layer, rows):
    with act(context, Action.IMPORT) as work:
        work.tx.upsert(layer, frame(rows) if isinstance(rows, dict) else rows)


def more_residents(context):
    """Double the households of the estate that makes the need of the grid G2."""
    with context.look(Action.PLAN) as tx:
        estates = tx.read_layer(Layer.ESTATES)
    change(context, Layer.ESTATES, estates.assign(residents=18000, households=6000))


@pytest.fixture
def dropped(office, plan, event):
    """Drop the second team on the weak grid."""
    move = Move("T2", "G2", 6, reason="试", overruled=("below_floor",))
    assert drop(office, board_of(office), plan.id, move, event_id=event()).preview.is_allowed
    return plan


def test_nothing_changed_is_an_empty_table(office, dropped):
    assert shifts_of(office, dropped) == {}


def test_changed_need_is_told_before_and_after_with_its_moves(office, dropped):
    before = board_of(office).figures("G2")
    more_residents(office)
    after = board_of(office).figures("G2")
    shift = shifts_of(office, dropped)["G2"]
    assert (shift.kind, shift.name, said(shift)) == (StaleKind.GRID, "二格", ["需求变了"])
    assert (shift.need.before, shift.need.after) == (before[0], after[0])
    assert not shift.supply.differs
    assert (shift.gap.before, shift.gap.after) == (before[0] - before[1], after[0] - after[1])
    assert [move.key for move in shift.moves] == [("T2", "G2")]


def test_the_giver_is_told_too(office, dropped):
    """Members of the lending grid leave the store: its people go down."""
    with office.look(Action.PLAN) as tx:
        kept = tx.read_assignments()
    with act(office, Action.IMPORT) as work:
        work.tx.replace_assignments(kept[kept["grid_code"] != "G1"])
    shift = shifts_of(office, dropped)["G1"]
    assert said(shift) == ["力量变了"]
    assert shift.supply.before > shift.supply.after


def test_an_order_of_a_colleague_is_told_as_people(office, colleague, dropped, event):
    other = create_plan(colleague, EVENING, Mode.EMERGENCY, event_id=event())
    send(colleague, other.id, Move("T3", "G2", 8), event_id=event())
    assert commit_plan(colleague, other.id).is_sent
    shift = shifts_of(office, dropped)["G2"]
    assert said(shift) == ["力量变了"]
    assert shift.supply.after - shift.supply.before == pytest.approx(8)


def test_a_team_that_shrank_moved_or_went_is_told(office, dropped):
    change(office, Layer.TEAMS, {"T2": team("二队", "G3", 4)})
    assert said(shifts_of(office, dropped)["T2"]) == ["所属网格 一格 → 三格", "人数 6 → 4"]
    with act(office, Action.IMPORT) as work:
        work.tx.delete(Layer.TEAMS, ["T2"])
    shift = shifts_of(office, dropped)["T2"]
    assert (shift.kind, said(shift), shift.need) == (StaleKind.TEAM, ["队伍已不存在"], None)


def test_a_grid_that_went_has_no_figures_now(office, dropped):
    with act(office, Action.IMPORT) as work:
        work.tx.delete(Layer.GRIDS, ["G2"])
    shift = shifts_of(office, dropped)["G2"]
    assert said(shift) == ["网格已不存在"]
    assert (shift.need.after, shift.gap.after) == (None, None)
    assert shift.need.before is not None


def test_a_move_keeps_what_was_seen_through_a_pin_and_a_proposal(office, dropped, event):
    pin(office, dropped.id, [("T2", "G2")], event_id=event())
    more_residents(office)
    assert "G2" in shifts_of(office, dropped)
    found = propose_plan(board_of(office), read_plan(office, dropped.id), seconds=2)
    plan = accept_all(office, dropped.id, found.moves, event_id=event())
    assert all(move.seen for move in plan.moves)


def test_figures_of_another_mode_or_window_are_not_compared(office, dropped, event):
    change_plan(office, dropped.id, event_id=event(), mode=Mode.LOCKDOWN)
    lockdown = load_snapshot(office, load_inputs(office), EVENING, Mode.LOCKDOWN)
    assert find_stale_moves(lockdown, read_plan(office, dropped.id)) == ()
    later = Window(EVENING.start, EVENING.end + HOUR)
    change_plan(office, dropped.id, event_id=event(), mode=Mode.EMERGENCY, window=later)
    snapshot = load_snapshot(office, load_inputs(office), later, Mode.EMERGENCY)
    assert find_stale_moves(snapshot, read_plan(office, dropped.id)) == ()


def test_a_move_kept_before_figures_were_kept_is_read_and_tells_nothing(office, plan, event):
    send(office, plan.id, Move("T2", "G2", 6), event_id=event())
    more_residents(office)
    assert shifts_of(office, plan) == {}
    old = moves_to_json([Move("T2", "G2", 6)]).replace(', "seen": null', "")
    assert "seen" not in old
    assert moves_from_json(old) == (Move("T2", "G2", 6),)


def test_what_was_seen_survives_the_store(office, dropped):
    (move,) = read_plan(office, dropped.id).moves
    assert move.seen.size == 6
    assert moves_from_json(moves_to_json([move])) == (move,)
    assert not pd.isna(move.seen.need)
