"""Whoever is ordered just before or after a window is not proposed in it where the rest between would be too short."""

from dataclasses import replace
from datetime import datetime

import pytest

from services import planning
from services.coverage import load_inputs
from services.i18n import translate
from services.planning import Move
from services.planning.sending_review import review_sending
from services.planning.worklist import OPEN_REASON_TEXTS, IdleTeams, OpenReason, Worklist
from services.rules.planning import Rule
from services.rules.windows import Mode, Window

from .conftest import EVENING

AFTERNOON = Window(datetime(2026, 11, 25, 12), datetime(2026, 11, 25, 18, 30))
SHORT = Window(datetime(2026, 11, 25, 13), datetime(2026, 11, 25, 16))
NIGHT = Window(datetime(2026, 11, 26, 0), datetime(2026, 11, 26, 2))
MORNING = Window(datetime(2026, 11, 26, 8), datetime(2026, 11, 26, 12))
TEAMS = (("T1", 12), ("T2", 6), ("T3", 8))


@pytest.fixture
def store(either_store):
    """Run every test of this file on both stores."""
    return either_store


@pytest.fixture
def order(office, event):
    """Return what orders teams to G2 in a window."""

    def order_teams(window, *teams):
        plan = planning.create_plan(office, window, Mode.EMERGENCY, event_id=event())
        for code, people in teams:
            planning.send(office, plan.id, Move(code, "G2", people), event_id=event())
        assert planning.commit_plan(office, plan.id).is_sent
        return planning.orders_of_plan(office, plan.id)

    return order_teams


@pytest.fixture
def load(office):
    return lambda window: planning.load_snapshot(office, load_inputs(office), window, Mode.EMERGENCY)


@pytest.fixture
def teams_for(office, event, load):
    """Return which teams are proposed in a window."""

    def teams_of(window):
        plan = planning.create_plan(office, window, Mode.EMERGENCY, event_id=event())
        return {move.team_code for move in planning.propose_plan(load(window), plan, seconds=5).moves}

    return teams_of


def test_a_team_that_would_serve_more_than_ten_hours_is_not_proposed(order, teams_for):
    assert "T1" in teams_for(EVENING)
    order(Window(datetime(2026, 11, 26, 0, 30), datetime(2026, 11, 26, 7)), ("T1", 12))
    assert "T1" not in teams_for(EVENING)
    assert "T2" in teams_for(EVENING)


def test_a_team_that_serves_a_few_hours_before_is_proposed_all_the_same(order, teams_for):
    order(SHORT, ("T1", 12))
    assert "T1" in teams_for(EVENING)


def test_a_team_ordered_for_the_night_is_not_proposed_for_the_morning(order, teams_for):
    assert "T1" in teams_for(MORNING)
    order(NIGHT, ("T1", 12))
    assert "T1" not in teams_for(MORNING)


def test_an_order_that_is_recalled_tires_nobody(office, order, teams_for):
    (sent,) = order(NIGHT, ("T1", 12))
    planning.recall_order(office, sent.id, reason="雨停了")
    assert "T1" in teams_for(MORNING)


def test_people_of_the_next_window_are_not_counted_into_this_one(order, load):
    order(NIGHT, ("T1", 12))
    snapshot = load(MORNING)
    assert snapshot.orders == ()
    assert snapshot.out == {}
    assert snapshot.unavailable == {"T1": 12}
    assert snapshot.grids["supply_in"].sum() == 0
    assert planning.team_table(snapshot).loc["T1", "free"] == 12


def test_who_has_to_rest_is_said_where_nobody_is_left(office, event, order, load):
    order(NIGHT, *TEAMS)
    snapshot = load(MORNING)
    plan = planning.create_plan(office, MORNING, Mode.EMERGENCY, event_id=event())
    reason = Worklist(snapshot, plan).teams_for("G2").reason
    assert reason is OpenReason.ALL_SENT
    assert "需要休息" in translate(OPEN_REASON_TEXTS[reason])
    proposal = planning.propose_plan(snapshot, plan, seconds=5)
    assert proposal.moves == ()
    assert Worklist(snapshot, plan).count_idle() == IdleTeams(0, 0, 0, resting=len(TEAMS))
    reasons = {line.grid_code: translate(line.reason) for line in proposal.open}
    assert "需要休息" in reasons["G2"]


def test_a_team_that_has_to_rest_is_sent_by_hand_for_a_reason_only(office, order, event, load):
    order(NIGHT, ("T1", 12))
    plan = planning.create_plan(office, MORNING, Mode.EMERGENCY, event_id=event())
    move = Move("T1", "G2", 12)
    asked = planning.drop(office, load(MORNING), plan.id, move, event_id=event(), may_exceed=True)
    assert asked.preview.needs_reason
    assert [breach.rule for breach in asked.preview.breaches] == [Rule.NEEDS_REST]
    assert "休息" in translate(asked.preview.breach_texts[0])
    assert asked.plan.moves == ()
    known = replace(move, overruled=(Rule.NEEDS_REST,), reason="本人同意")
    done = planning.drop(office, load(MORNING), plan.id, known, event_id=event(), may_exceed=True)
    assert [each.reason for each in done.plan.moves] == ["本人同意"]
    review = review_sending(office, load(MORNING), done.plan)
    assert review.split == ()
    assert len(review.overruled) == 1


def test_whoever_of_a_team_need_not_rest_is_sent_by_hand_without_a_question(order, load, office, event):
    order(NIGHT, ("T1", 5))
    plan = planning.create_plan(office, MORNING, Mode.EMERGENCY, event_id=event())
    rules = [
        [breach.rule for breach in planning.preview(load(MORNING), plan, Move("T1", "G2", people)).breaches]
        for people in (7, 8)
    ]
    assert [Rule.NEEDS_REST in each for each in rules] == [False, True]
