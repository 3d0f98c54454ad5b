"""Several windows planned at once: enough rest between them, a draft for each, and no way walked twice."""

from dataclasses import replace
from datetime import datetime

import pytest

from geo.optimise import StopReason
from services import planning
from services.context import RefusedError
from services.coverage import load_inputs
from services.planning import JointWindowsError, Move, PlanSettings, PlanState
from services.planning.errors import PastWindowError
from services.rules.rest import needs_rest
from services.rules.roles import Actor, Role
from services.rules.windows import Mode, Window

from .conftest import EVENING

NIGHT = Window(datetime(2026, 11, 26, 0), datetime(2026, 11, 26, 6))
LATE = Window(datetime(2026, 11, 25, 22), datetime(2026, 11, 26, 0))
MORNING = Window(datetime(2026, 11, 26, 8), datetime(2026, 11, 26, 12))
WINDOWS = (EVENING, LATE, NIGHT, MORNING)
SHARED = PlanSettings(floor_share=0.0, person_price=0.0)


@pytest.fixture
def store(either_store):
    """Run every test of this file on both stores."""
    return either_store


@pytest.fixture
def propose(office):
    """Return what proposes for windows together, by default without plans."""

    def propose_for(*windows, plans=()):
        inputs = load_inputs(office)
        snapshots = [planning.load_snapshot(office, inputs, window, Mode.EMERGENCY) for window in windows]
        sketches = plans or [planning.sketch_plan(snapshot, SHARED) for snapshot in snapshots]
        return planning.propose_windows(snapshots, sketches, seconds=10)

    return propose_for


def people_in(joint) -> dict[str, list[tuple[Window, int]]]:
    served: dict[str, list[tuple[Window, int]]] = {}
    for answer in joint.answers:
        for move in answer.proposal.moves:
            served.setdefault(move.team_code, []).append((answer.window, move.people))
    return served


def test_no_team_that_goes_as_a_whole_breaks_its_rest(propose, office):
    joint = propose(*WINDOWS)
    whole = {"T1": 12, "T2": 6, "T3": 8}
    served = people_in(joint)
    assert served
    for code in served.keys() & whole.keys():
        windows = [window for window, people in served[code] if people == whole[code]]
        assert not any(needs_rest([other for other in windows if other != window], window) for window in windows)
    assert joint.most_hours <= 10
    assert set(joint.hours) == set(served)


def test_nothing_is_missing_that_was_not_before(propose):
    joint = propose(NIGHT, MORNING)
    missing = {answer.window: (answer.missing_before, answer.missing) for answer in joint.answers}
    assert all(after <= before for before, after in missing.values())
    assert joint.ended is StopReason.PROVEN


def test_each_window_gets_a_draft_of_its_own(propose, office):
    joint = propose(*WINDOWS)
    plans = planning.accept_windows(office, joint, event_id="e", name="寒潮")
    assert [plan.window for plan in plans] == list(WINDOWS)
    assert all(plan.state is PlanState.DRAFT and plan.name.startswith("寒潮（") for plan in plans)
    assert [len(plan.moves) for plan in plans] == [len(answer.proposal.moves) for answer in joint.answers]
    assert [plan.id for plan in planning.accept_windows(office, joint, event_id="e", name="寒潮")] == [
        plan.id for plan in plans
    ]
    assert len(planning.list_plans(office)) == len(WINDOWS)
    sent = next(plan for plan in plans if plan.moves)
    assert planning.commit_plan(office, sent.id).is_sent
    others = [planning.read_plan(office, plan.id) for plan in plans if plan != sent]
    assert {plan.state for plan in others} == {PlanState.DRAFT}
    undone = planning.undo(office, others[0].id, event_id="u")
    assert undone.moves == ()


def test_a_draft_that_is_there_takes_its_part_and_its_pinned_move_counts_as_service(propose, office, event):
    draft = planning.create_plan(office, NIGHT, Mode.EMERGENCY, event_id=event(), settings=SHARED)
    planning.send(office, draft.id, Move("T1", "G2", 12), event_id=event())
    pinned = planning.pin(office, draft.id, [("T1", "G2")], event_id=event())
    morning = planning.sketch_plan(planning.load_snapshot(office, load_inputs(office), MORNING, Mode.EMERGENCY), SHARED)
    joint = propose(NIGHT, MORNING, plans=[pinned, morning])
    assert "T1" not in people_in(joint)
    first, second = planning.accept_windows(office, joint, event_id=event())
    assert first.id == draft.id
    assert first.find("T1", "G2").pinned
    assert second.window == MORNING


def test_hours_already_ordered_count(propose, office, event):
    assert "T1" in people_in(propose(MORNING))
    plan = planning.create_plan(office, NIGHT, Mode.EMERGENCY, event_id=event())
    planning.send(office, plan.id, Move("T1", "G2", 12), event_id=event())
    assert planning.commit_plan(office, plan.id).is_sent
    afternoon = replace_hours(MORNING, 14, 18)
    assert [window for window, _ in people_in(propose(MORNING, afternoon))["T1"]] == [afternoon]


def replace_hours(window: Window, start: int, end: int) -> Window:
    return Window(window.start.replace(hour=start), window.end.replace(hour=end))


def test_whoever_stood_there_before_is_proposed_to_stay(office, event):
    plan = planning.create_plan(office, EVENING, Mode.EMERGENCY, event_id=event())
    planning.send(office, plan.id, Move("T1", "G3", 12), event_id=event())
    assert planning.commit_plan(office, plan.id).is_sent
    snapshot = planning.load_snapshot(office, load_inputs(office), LATE, Mode.EMERGENCY)
    found = planning.propose_plan(snapshot, planning.sketch_plan(snapshot, SHARED), seconds=10)
    (move,) = [move for move in found.moves if move.team_code == "T1"]
    assert move.grid_code == "G3"
    assert move.why.id.startswith("Stays where it stands")
    assert found.travel == sum(
        snapshot.minutes(*other.key) * other.people for other in found.moves if other.team_code != "T1"
    )


def test_windows_that_overlap_or_are_too_many_are_refused():
    overlapping = Window(EVENING.start.replace(hour=20), EVENING.end)
    for windows in ([EVENING, overlapping], [], [*WINDOWS, *(replace_hours(MORNING, h, h + 1) for h in (13, 15))]):
        with pytest.raises(JointWindowsError):
            planning.check_windows(windows)
    assert planning.check_windows([NIGHT, EVENING, NIGHT]) == (EVENING, NIGHT)


def test_what_may_not_be_planned_is_refused(propose, office):
    joint = propose(EVENING, NIGHT)
    with pytest.raises(RefusedError):
        planning.accept_windows(replace(office, actor=Actor("丙", Role.SCREEN)), joint, event_id="x")
    late = replace(office, clock=lambda: datetime(2026, 11, 27))
    with pytest.raises(PastWindowError):
        planning.accept_windows(late, joint, event_id="y")
