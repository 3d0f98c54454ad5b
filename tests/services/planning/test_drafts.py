"""Drafts save themselves: every change holds, can be undone, and is made once however often it is sent."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from services.catalog.actions import Action, Role
from services.context import Context, RefusedError
from services.i18n import Text, translate
from services.planning import (
    Move,
    PlanSettings,
    PlanState,
    Source,
    accept_all,
    accept_some,
    change_plan,
    clear_plan,
    copy_plan,
    create_plan,
    discard_plan,
    drop_moves,
    find_plans,
    list_plans,
    pin,
    read_plan,
    redo,
    rename_plan,
    restore_plan,
    send,
    take_back,
    undo,
    unpin,
)
from services.planning.errors import (
    NotInPlanError,
    PastWindowError,
    PlanClosedError,
    UnknownPlanError,
    UnknownTargetError,
    UnknownTeamError,
    WrongCountError,
)
from services.planning.model import Step, StepKind, apply_steps, moves_from_json, moves_to_json
from services.rules.roles import Actor
from services.rules.windows import Mode, Window
from services.store import Store

from .conftest import EVENING, NOW

ALL_OF_T1 = Move("T1", "G2", 12)


@pytest.fixture
def store(either_store):
    """Run every test of this file on both stores."""
    return either_store


def keys(plan):
    return [move.key for move in plan.moves]


def test_a_new_plan_knows_window_mode_and_the_data_it_is_made_on(office, plan):
    assert (plan.window, plan.mode, plan.name, plan.state) == (EVENING, Mode.EMERGENCY, "今晚", PlanState.DRAFT)
    assert plan.versions["grids"] > 0 < plan.versions["teams"]
    assert "orders" not in plan.versions
    assert read_plan(office, plan.id) == plan


def test_a_plan_without_a_name_is_named_after_its_window(office, event):
    assert create_plan(office, EVENING, Mode.ROUTINE, event_id=event()).name == "11-25 18:00 的方案"


def test_a_window_that_is_over_cannot_be_planned(office, event, plan):
    over = Window(NOW - timedelta(hours=2), NOW)
    with pytest.raises(PastWindowError):
        create_plan(office, over, Mode.ROUTINE, event_id=event())
    with pytest.raises(PastWindowError):
        change_plan(office, plan.id, event_id=event(), window=over)


def test_a_move_survives_a_restart(office, event, plan, store):
    send(office, plan.id, ALL_OF_T1, event_id=event())
    store.close()
    again = Store.open(store._engine.url.render_as_string(hide_password=False))
    assert keys(read_plan(Context(again), plan.id)) == [("T1", "G2")]
    again.close()


def test_the_home_of_a_team_is_kept_with_its_move(office, event, plan):
    assert send(office, plan.id, ALL_OF_T1, event_id=event()).moves[0].home_code == "G1"


def test_the_same_drop_sent_twice_is_applied_once(office, event, plan):
    once = event()
    send(office, plan.id, ALL_OF_T1, event_id=once)
    take_back(office, plan.id, "T1", event_id=event())
    again = send(office, plan.id, ALL_OF_T1, event_id=once)
    assert (again.moves, again.undoable) == ((), 2)


@pytest.mark.parametrize("change", [undo, redo, clear_plan])
def test_whatever_is_sent_twice_is_done_once(office, event, plan, change):
    for team, people in (("T1", 12), ("T2", 6), ("T3", 8)):
        send(office, plan.id, Move(team, "G2", people), event_id=event())
    for _ in range(2):
        undo(office, plan.id, event_id=event())
    once = event()
    first = change(office, plan.id, event_id=once)
    assert change(office, plan.id, event_id=once) == first


def test_a_plan_asked_for_twice_is_made_once(office, event):
    once = event()
    first = create_plan(office, EVENING, Mode.ROUTINE, event_id=once)
    assert create_plan(office, EVENING, Mode.ROUTINE, event_id=once) == first
    again = event()
    assert copy_plan(office, first.id, event_id=again) == copy_plan(office, first.id, event_id=again)
    assert len(list_plans(office)) == 2


def test_undo_and_redo_walk_the_steps_also_after_a_reload(office, colleague, event, plan):
    send(office, plan.id, ALL_OF_T1, event_id=event())
    send(office, plan.id, Move("T2", "G3", 6), event_id=event())
    assert keys(undo(colleague, plan.id, event_id=event())) == [("T1", "G2")]
    assert keys(undo(office, plan.id, event_id=event())) == []
    assert keys(undo(office, plan.id, event_id=event())) == []
    assert keys(redo(office, plan.id, event_id=event())) == [("T1", "G2")]
    assert keys(redo(office, plan.id, event_id=event())) == [("T1", "G2"), ("T2", "G3")]
    assert keys(redo(office, plan.id, event_id=event())) == [("T1", "G2"), ("T2", "G3")]


def test_a_new_step_forgets_what_was_undone(office, event, plan):
    send(office, plan.id, ALL_OF_T1, event_id=event())
    undo(office, plan.id, event_id=event())
    after = send(office, plan.id, Move("T3", "G2", 8), event_id=event())
    assert (keys(after), after.undoable, after.redoable) == ([("T3", "G2")], 1, 0)


def test_a_whole_team_dragged_on_leaves_where_it_was_to_go(office, event, plan):
    send(office, plan.id, ALL_OF_T1, event_id=event())
    assert keys(send(office, plan.id, Move("T1", "G3", 12), event_id=event())) == [("T1", "G3")]
    assert keys(undo(office, plan.id, event_id=event())) == [("T1", "G2")]


def test_a_team_can_be_sent_in_parts(office, event, plan):
    send(office, plan.id, Move("T1", "G2", 7), event_id=event())
    after = send(office, plan.id, Move("T1", "G3", 5), event_id=event())
    assert [(m.grid_code, m.people) for m in after.moves_of("T1")] == [("G2", 7), ("G3", 5)]
    assert [m.people for m in send(office, plan.id, Move("T1", "G3", 4), event_id=event()).moves] == [7, 4]
    with pytest.raises(WrongCountError, match="5 people; 6"):
        send(office, plan.id, Move("T1", "G3", 6), event_id=event())


def test_a_part_sent_on_leaves_where_it_was_to_go_and_the_other_part_stays(office, event, plan):
    send(office, plan.id, Move("T1", "G2", 7), event_id=event())
    send(office, plan.id, Move("T1", "G3", 5), event_id=event())
    moved = send(office, plan.id, Move("T1", "G4", 7), event_id=event(), instead_of="G2")
    assert [(m.grid_code, m.people) for m in moved.moves] == [("G3", 5), ("G4", 7)]
    assert len(undo(office, plan.id, event_id=event()).moves) == 2


@pytest.mark.parametrize(
    ("move", "error", "said"),
    [
        (Move("T4", "G2", 1), WrongCountError, "空队没有人"),
        (Move("T1", "G2", 13), WrongCountError, "一队有 12 人"),
        (Move("T1", "G2", 0), WrongCountError, "一队有 12 人"),
        (Move("T9", "G2", 1), UnknownTeamError, "T9"),
        (Move("T1", "G9", 12), UnknownTargetError, "G9"),
        (Move("T1", "G3", 12, estate_code="E1"), UnknownTargetError, "E1"),
    ],
)
def test_a_move_that_cannot_be_is_refused_and_changes_nothing(office, event, plan, move, error, said):
    once = event()
    with pytest.raises(error) as caught:
        send(office, plan.id, move, event_id=once)
    assert said in translate(caught.value.text)
    assert read_plan(office, plan.id) == plan
    assert keys(send(office, plan.id, ALL_OF_T1, event_id=once)) == [("T1", "G2")]


def test_an_estate_of_the_grid_can_be_the_target(office, event, plan):
    after = send(office, plan.id, Move("T1", "G2", 12, estate_code="E1"), event_id=event())
    assert after.moves[0].estate_code == "E1"


def test_sending_what_is_there_already_is_no_step(office, event, plan):
    send(office, plan.id, ALL_OF_T1, event_id=event())
    assert send(office, plan.id, ALL_OF_T1, event_id=event()).undoable == 1


def test_taking_back_what_is_not_there_is_said(office, event, plan):
    with pytest.raises(NotInPlanError):
        take_back(office, plan.id, "T1", event_id=event())
    with pytest.raises(NotInPlanError):
        pin(office, plan.id, [("T1", "G2")], event_id=event())


def test_clearing_is_one_step(office, event, plan):
    send(office, plan.id, ALL_OF_T1, event_id=event())
    send(office, plan.id, Move("T3", "G2", 8), event_id=event())
    assert clear_plan(office, plan.id, event_id=event()).moves == ()
    assert len(undo(office, plan.id, event_id=event()).moves) == 2


def test_a_pinned_move_keeps_its_place_and_can_be_unpinned(office, event, plan):
    send(office, plan.id, ALL_OF_T1, event_id=event())
    send(office, plan.id, Move("T3", "G2", 8), event_id=event())
    pinned = pin(office, plan.id, [("T1", "G2")], event_id=event())
    assert [(m.team_code, m.pinned) for m in pinned.moves] == [("T1", True), ("T3", False)]
    assert not any(m.pinned for m in unpin(office, plan.id, [("T1", "G2")], event_id=event()).moves)


PROPOSED = [
    Move("T1", "G3", 12, source=Source.PROPOSAL),
    Move("T2", "G2", 6, source=Source.PROPOSAL, why=Text("nearest", {"minutes": 3})),
]


def test_an_accepted_proposal_takes_the_place_of_all_but_the_pinned(office, event, plan):
    send(office, plan.id, ALL_OF_T1, event_id=event())
    send(office, plan.id, Move("T3", "G2", 8), event_id=event())
    pin(office, plan.id, [("T3", "G2")], event_id=event())
    assert keys(accept_all(office, plan.id, PROPOSED, event_id=event())) == [("T3", "G2"), ("T1", "G3"), ("T2", "G2")]
    assert keys(undo(office, plan.id, event_id=event())) == [("T1", "G2"), ("T3", "G2")]


def test_an_accepted_part_of_a_proposal_leaves_other_teams_alone(office, event, plan):
    send(office, plan.id, ALL_OF_T1, event_id=event())
    send(office, plan.id, Move("T3", "G2", 8), event_id=event())
    after = accept_some(office, plan.id, PROPOSED[:1], event_id=event())
    assert keys(after) == [("T3", "G2"), ("T1", "G3")]


def test_a_proposal_that_sends_more_than_pins_leave_is_refused(office, event, plan):
    send(office, plan.id, Move("T1", "G2", 7), event_id=event())
    pin(office, plan.id, [("T1", "G2")], event_id=event())
    with pytest.raises(WrongCountError):
        accept_all(office, plan.id, PROPOSED, event_id=event())


def test_moves_that_cannot_go_are_dropped_and_the_rest_is_kept(office, event, plan):
    send(office, plan.id, ALL_OF_T1, event_id=event())
    send(office, plan.id, Move("T3", "G2", 8), event_id=event())
    assert keys(drop_moves(office, plan.id, [("T1", "G2"), ("T9", "G9")], event_id=event())) == [("T3", "G2")]


def test_a_copy_has_moves_and_steps_of_its_own(office, event, plan):
    send(office, plan.id, ALL_OF_T1, event_id=event())
    copy = copy_plan(office, plan.id, event_id=event())
    assert (copy.name, copy.copied_from, keys(copy)) == ("今晚（副本）", plan.id, [("T1", "G2")])
    undo(office, copy.id, event_id=event())
    assert keys(read_plan(office, plan.id)) == [("T1", "G2")]


def test_window_mode_settings_and_name_can_be_changed(office, event, plan):
    later = Window(EVENING.start + timedelta(days=1), EVENING.end + timedelta(days=1))
    settings = PlanSettings(reach_minutes=20, floor_share=0, purpose="守门")
    change_plan(office, plan.id, event_id=event(), window=later, settings=settings)
    after = rename_plan(office, plan.id, " 明晚 ", event_id=event())
    assert (after.window, after.mode, after.settings, after.name) == (later, plan.mode, settings, "明晚")


def test_settings_that_weigh_on_moves_are_a_step_that_is_undone_and_done_again(office, event, plan):
    send(office, plan.id, ALL_OF_T1, event_id=event())
    near = replace(plan.settings, reach_minutes=20, skills={"G2": ("医疗",)})
    change_plan(office, plan.id, event_id=event(), settings=near)
    far = change_plan(office, plan.id, event_id=event(), settings=replace(near, reach_minutes=45))
    assert (far.undoable, keys(far)) == (3, [("T1", "G2")])
    again = event()
    for _ in range(2):
        back = undo(office, plan.id, event_id=again)
        assert (back.settings, keys(back)) == (near, [("T1", "G2")])
    first = undo(office, plan.id, event_id=event())
    assert (first.settings, keys(first)) == (plan.settings, [("T1", "G2")])
    assert keys(undo(office, plan.id, event_id=event())) == []
    for settings, moves in ((plan.settings, 1), (near, 1), (replace(near, reach_minutes=45), 1)):
        after = redo(office, plan.id, event_id=event())
        assert (after.settings, len(after.moves)) == (settings, moves)


def test_what_orders_tell_is_no_step_and_outlives_undoing(office, event, plan):
    change_plan(office, plan.id, event_id=event(), settings=replace(plan.settings, reach_minutes=20))
    told = replace(plan.settings, reach_minutes=20, purpose="守门", bring="手电")
    assert change_plan(office, plan.id, event_id=event(), settings=told).undoable == 1
    assert undo(office, plan.id, event_id=event()).settings == replace(plan.settings, purpose="守门", bring="手电")
    assert redo(office, plan.id, event_id=event()).settings == told


def test_a_copy_undoes_settings_of_its_own(office, event, plan):
    change_plan(office, plan.id, event_id=event(), settings=replace(plan.settings, reach_minutes=20))
    copy = copy_plan(office, plan.id, event_id=event())
    assert undo(office, copy.id, event_id=event()).settings == plan.settings
    assert read_plan(office, plan.id).settings.reach_minutes == 20


def test_a_discarded_draft_can_be_brought_back(office, event, plan):
    discard_plan(office, plan.id, event_id=event())
    assert list_plans(office) == []
    assert list_plans(office, PlanState.DISCARDED)[0].id == plan.id
    with pytest.raises(PlanClosedError):
        send(office, plan.id, ALL_OF_T1, event_id=event())
    assert restore_plan(office, plan.id, event_id=event()).state is PlanState.DRAFT


def test_the_plan_changed_last_is_first(office, event, now, plan):
    now[0] += timedelta(minutes=1)
    other = create_plan(office, EVENING, Mode.ROUTINE, event_id=event())
    assert [p.id for p in list_plans(office)] == [other.id, plan.id]
    now[0] += timedelta(minutes=1)
    send(office, plan.id, ALL_OF_T1, event_id=event())
    assert [p.id for p in list_plans(office)] == [plan.id, other.id]


def test_every_change_has_a_revision_and_an_author(colleague, event, plan):
    after = send(colleague, plan.id, ALL_OF_T1, event_id=event())
    assert after.revision > plan.revision
    assert (after.changed_by, after.created_by, after.changed_at) == ("乙", "local", datetime(2026, 11, 25, 12))


def test_an_unknown_plan_is_said(office, event):
    with pytest.raises(UnknownPlanError):
        read_plan(office, 99)
    with pytest.raises(UnknownPlanError):
        undo(office, 99, event_id=event())


def test_the_screen_plans_nothing(store, event, plan):
    screen = Context(store, Actor("screen", Role.SCREEN), clock=lambda: NOW)
    with pytest.raises(RefusedError):
        send(screen, plan.id, ALL_OF_T1, event_id=event())


def test_planning_does_not_make_coverage_stale(office, event, plan):
    before = read_versions(office)
    send(office, plan.id, ALL_OF_T1, event_id=event())
    assert read_versions(office) == before


def read_versions(office):
    with office.look(Action.VIEW_COVERAGE) as tx:
        return tx.versions()


some_moves = st.builds(
    Move,
    st.sampled_from(["T1", "T2"]),
    st.sampled_from(["G1", "G2", "G3"]),
    st.integers(1, 9),
    pinned=st.booleans(),
    source=st.sampled_from(Source),
    reason=st.text(max_size=5),
    need=st.none() | st.floats(0, 99),
    overruled=st.lists(st.sampled_from(["below_floor", "no_need"]), max_size=2).map(tuple),
    why=st.none() | st.builds(Text, st.text(max_size=5), st.dictionaries(st.just("minutes"), st.integers())),
)


@given(st.lists(some_moves))
def test_moves_survive_the_store(moves):
    assert moves_from_json(moves_to_json(moves)) == tuple(moves)


@given(st.lists(some_moves, unique_by=lambda m: m.key), some_moves)
def test_taking_a_step_back_leaves_what_was(moves, more):
    before = tuple(moves)
    was = [m for m in before if m.key == more.key]
    steps = [Step(StepKind.SEND, added=before), Step(StepKind.SEND, tuple(was), (more,))]
    assert apply_steps(steps[:1]) == before
    assert {m.key: m for m in apply_steps(steps)} == {m.key: m for m in before} | {more.key: more}
    assert apply_steps([*steps, Step(StepKind.TAKE_BACK, (replace(more),))]) == tuple(
        m for m in before if m.key != more.key
    )


def test_a_list_of_plans_is_one_query_whatever_they_hold(office, plan, store):
    for number in range(3):
        copy_plan(office, send(office, plan.id, ALL_OF_T1, event_id=f"send-{number}").id, event_id=f"copy-{number}")
    later = Window(EVENING.start + timedelta(days=1), EVENING.end + timedelta(days=1))
    create_plan(office, later, Mode.EMERGENCY, event_id="later")
    create_plan(office, EVENING, Mode.ROUTINE, event_id="other-mode")
    statements = []
    event.listen(store.engine, "before_cursor_execute", lambda *asked: statements.append(asked[2]))
    found = find_plans(office, window=EVENING, mode=Mode.EMERGENCY)
    assert len([statement for statement in statements if "plan" in statement]) == 1
    fitting = [p for p in list_plans(office) if (p.window, p.mode) == (EVENING, Mode.EMERGENCY)]
    assert [(e.id, e.name, e.state) for e in found] == [(p.id, p.name, p.state) for p in fitting]
    assert len(found) == 4
