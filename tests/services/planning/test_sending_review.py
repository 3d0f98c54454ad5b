"""The review before a plan is sent adds up by hand."""

import json
from dataclasses import replace

import pytest

from geo.schema import Layer
from services import planning
from services.catalog.actions import Action
from services.coverage import load_inputs
from services.planning import (
    MeetingPoint,
    Move,
    commit_plan,
    create_plan,
    figures_of,
    note_meeting_points,
    read_plan,
    review_sending,
    send,
)
from services.rules.windows import Mode

from .conftest import EVENING


@pytest.fixture
def draft(office, plan, event):
    send(office, plan.id, Move("T1", "G2", 12, estate_code="E1"), event_id=event())
    send(office, plan.id, Move("T3", "G2", 8), event_id=event())
    return read_plan(office, plan.id)


@pytest.fixture
def snapshot(office):
    return planning.load_snapshot(office, load_inputs(office), EVENING, Mode.EMERGENCY)


def test_teams_people_and_gaps_are_those_of_the_plan(office, snapshot, draft):
    review = review_sending(office, snapshot, draft)
    figures = figures_of(snapshot, draft)
    assert (review.teams, review.people) == (2, 20)
    assert (review.before.unmet, review.after.unmet) == (figures.before.unmet, figures.after.unmet)
    assert (review.before.weak, review.after.weak) == (figures.before.weak, figures.after.weak)


def test_what_communities_give_and_get_adds_up(office, snapshot, draft):
    review = review_sending(office, snapshot, draft)
    for shares in (review.giving, review.getting):
        assert [(share.name, share.teams, share.people) for share in shares] == [("雅瑶社区", 2, 20)]
        assert shares[0].gap_before == pytest.approx(review.before.unmet)
        assert shares[0].gap_after == pytest.approx(review.after.unmet)


def test_a_rule_that_was_set_aside_is_named_with_its_reason(office, snapshot, draft):
    far = replace(draft, settings=replace(draft.settings, reach_minutes=0.001))
    move = replace(draft.moves[1], overruled=("out_of_reach",), reason="有班车接送")
    one = review_sending(office, snapshot, replace(far, moves=(draft.moves[0], move))).overruled
    assert [(each.team_name, each.place, each.reason) for each in one] == [("三队", "二格", "有班车接送")]
    assert one[0].breaches


def test_a_team_that_is_partly_on_duty_is_named(office, draft, event):
    commit_plan(office, draft.id)
    other = create_plan(office, EVENING, Mode.EMERGENCY, event_id=event())
    snapshot = planning.load_snapshot(office, load_inputs(office), EVENING, Mode.EMERGENCY)
    again = replace(other, moves=(Move("T1", "G3", 2, home_code="G1"),))
    assert [(one.name, one.people, one.sent_to) for one in review_sending(office, snapshot, again).split] == [
        ("一队", 12, "二格")
    ]


def test_places_without_a_meeting_point_are_asked_for_once(office, snapshot, draft):
    assert review_sending(office, snapshot, draft).without_meeting_point == {
        (Layer.ESTATES, "E1"): "云港花园（二格）",
        (Layer.GRIDS, "G2"): "二格",
    }
    note_meeting_points(office, {(Layer.GRIDS, "G2"): MeetingPoint("服务站")})
    assert review_sending(office, snapshot, draft).without_meeting_point == {}


def test_a_meeting_point_that_is_stated_stands_in_the_review_and_can_be_removed(office, snapshot, draft):
    note_meeting_points(office, {(Layer.GRIDS, "G2"): MeetingPoint("服务站", "李四 13900004321")})
    [place] = review_sending(office, snapshot, draft).meeting_points.values()
    assert (place.zone, place.name) == ((Layer.GRIDS, "G2"), "二格")
    assert place.point == MeetingPoint("服务站", "李四 13900004321")
    note_meeting_points(office, {(Layer.GRIDS, "G2"): MeetingPoint(" ", "")})
    assert review_sending(office, snapshot, draft).meeting_points == {}


def test_the_audit_trail_tells_which_meeting_points_were_changed_and_which_removed(office):
    note_meeting_points(office, {(Layer.GRIDS, "G2"): MeetingPoint("服务站"), (Layer.GRIDS, "G3"): MeetingPoint()})
    with office.look(Action.VIEW_AUDIT) as tx:
        row = tx.records.read_audit(1).iloc[0]
    assert (row["action"], json.loads(row["detail"])) == (
        "note_meeting_point",
        {"zones": "G2", "meeting_points_removed": "G3"},
    )
