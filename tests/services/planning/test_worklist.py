"""The list of weak grids: the worst first, and who could go where, held against the preview of each single move."""

from dataclasses import replace

import pytest

from services import planning
from services.coverage import load_inputs
from services.planning import Move, PlanSettings, commit_plan, preview, read_plan, send
from services.planning.worklist import OpenReason, Worklist, WorkOrder
from services.rules.windows import Mode

from .conftest import EVENING


@pytest.fixture
def snapshot(office):
    return planning.load_snapshot(office, load_inputs(office), EVENING, Mode.EMERGENCY)


def with_settings(plan, **changed):
    return replace(plan, settings=replace(plan.settings, **changed))


def test_weak_grids_come_by_gap_as_the_map_shows_it(snapshot, plan):
    grids = Worklist(snapshot, plan).weak_grids()
    assert [grid.name for grid in grids] == ["二格", "三格"]
    assert grids[0].gap > grids[1].gap > 0
    assert {grid.code: grid.residents for grid in grids} == {"G2": 3000, "G3": 1500}


def test_they_come_by_residents_or_with_mixed_estates_first_where_that_is_asked_for(snapshot, plan):
    worklist = Worklist(snapshot, plan)
    assert [grid.code for grid in worklist.weak_grids(WorkOrder.RESIDENTS)] == ["G2", "G3"]
    mixed = worklist.weak_grids(WorkOrder.MIXED)
    assert [min(grid.mixed_estates, 1) for grid in mixed] == sorted(
        (min(g.mixed_estates, 1) for g in mixed), reverse=True
    )


def test_what_a_team_closes_and_costs_is_what_its_preview_says(snapshot, plan):
    worklist = Worklist(snapshot, plan)
    teams = worklist.teams_for("G2").teams
    assert teams
    for one in teams:
        seen = preview(snapshot, plan, Move(one.team.code, "G2", one.people))
        assert seen.is_allowed
        assert one.closes == pytest.approx(seen.receiver.gap_before - seen.receiver.gap_after)
        assert one.costs == pytest.approx(seen.giver.gap_after - seen.giver.gap_before)
        assert one.minutes == pytest.approx(seen.minutes)


def test_the_best_is_the_one_that_brings_most_for_its_people_and_its_way(snapshot, plan):
    teams = Worklist(snapshot, plan).teams_for("G2").teams
    scores = [one.closes - one.costs - one.people * (0.1 + one.minutes / 300) for one in teams]
    assert scores == sorted(scores, reverse=True)


def test_a_plan_that_sends_a_team_leaves_less_to_do_and_one_team_fewer(office, snapshot, plan, event):
    before = Worklist(snapshot, plan)
    send(office, plan.id, Move("T1", "G2", 12), event_id=event())
    after = Worklist(snapshot, read_plan(office, plan.id))
    assert after.weak_grids()[0].gap < before.weak_grids()[0].gap
    assert "T1" in {one.team.code for one in before.teams_for("G2").teams}
    assert "T1" not in {one.team.code for one in after.teams_for("G2").teams}


def test_no_team_within_reach_is_said(snapshot, plan):
    far = with_settings(plan, reach_minutes=0.001)
    assert Worklist(snapshot, far).teams_for("G2").reason is OpenReason.NOBODY_NEAR


def test_teams_that_are_all_sent_are_said(office, plan, event):
    for code, people in (("T1", 12), ("T2", 6), ("T3", 8)):
        send(office, plan.id, Move(code, "G2", people), event_id=event())
    commit_plan(office, plan.id)
    snapshot = planning.load_snapshot(office, load_inputs(office), EVENING, Mode.EMERGENCY)
    empty = replace(plan, moves=())
    assert Worklist(snapshot, empty).teams_for("G2").reason is OpenReason.ALL_SENT


def test_a_skill_that_no_free_team_has_is_said(snapshot, plan):
    asked = replace(plan, settings=PlanSettings(skills={"G2": ("潜水",)}))
    assert Worklist(snapshot, asked).teams_for("G2").reason is OpenReason.NO_SKILL


def test_a_home_that_keeps_more_than_it_has_lends_nobody(snapshot, plan):
    kept = with_settings(plan, floor_share=1000.0, keeps_mean_share=False)
    assert Worklist(snapshot, kept).teams_for("G2").reason is OpenReason.NO_SPARE


def test_a_grid_that_is_not_there_is_reached_by_nobody(snapshot, plan):
    assert Worklist(snapshot, plan).teams_for("G9").reason is OpenReason.NOBODY_NEAR


def test_a_team_that_may_be_split_sends_no_more_than_are_missing(snapshot, plan):
    split = {code: replace(team, kind="志愿服务队", size=500) for code, team in snapshot.teams.items() if team.size}
    large = replace(snapshot, teams=split)
    worklist = Worklist(large, with_settings(plan, floor_share=0.0))
    gap = worklist.weak_grids()[0].gap
    assert all(one.people <= gap + 1 for one in worklist.teams_for("G2").teams)
