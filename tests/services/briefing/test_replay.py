"""A past day hour by hour: orders as they were sent, modes as they were declared."""

from datetime import date, datetime, timedelta

import pytest

from services.briefing import replay
from services.briefing.errors import FutureDayError
from services.briefing.replay import mode_in
from services.catalog.actions import Role
from services.context import Context, RefusedError
from services.coverage import load_inputs
from services.modes import declare_mode
from services.planning import recall_order
from services.planning.orders import orders_between
from services.rules.roles import Actor
from services.rules.windows import Mode, Window

from .conftest import EVENING, NOW

DAY = NOW.date()


def at(hour, minute=0):
    return datetime(2026, 11, 25, hour, minute)


@pytest.fixture
def sent(office, commit, now):
    """An emergency from noon on; at 12:30 a team is sent for the evening, at 21:00 it is recalled."""
    declare_mode(office, Mode.EMERGENCY, reason="演练", approver="值班", until=NOW + timedelta(days=2))
    now[0] = at(12, 30)
    commit(("T1", "G2", 12))
    now[0] = at(21)
    recall_order(office, orders_between(office, EVENING)[0].id, reason="已解除")
    now[0] = at(23, 30)


def test_a_day_that_is_running_ends_with_the_hour_that_is_running(office):
    hours = replay(office, DAY).hours
    assert [hour.start.hour for hour in hours] == list(range(12))


def test_a_past_day_has_all_its_hours(office):
    assert len(replay(office, DAY - timedelta(days=1)).hours) == 24


def test_a_day_that_has_not_begun_is_refused(office):
    with pytest.raises(FutureDayError):
        replay(office, date(2026, 11, 26))


def test_every_grid_has_a_class_in_every_hour(office):
    seen = replay(office, DAY)
    assert seen.codes == ("G1", "G2", "G3", "G4", "G5")
    assert {len(hour.digits) for hour in seen.hours} == {5}
    assert {hour.digits[4] for hour in seen.hours} == {"8"}


def test_gaps_are_closed_while_the_team_is_there(office, sent):
    hours = replay(office, DAY).hours
    assert {hour.start.hour: hour.figures[3].value for hour in hours if hour.figures[3].value != "0"} == {20: "1"}
    assert hours[20].weak == hours[19].weak - 1


def test_moves_count_from_the_hour_in_which_they_were_sent(office, sent):
    assert [hour.figures[2].value for hour in replay(office, DAY).hours[11:14]] == ["0", "1", "1"]


def test_the_mode_is_the_one_declared_then(office, sent):
    assert [hour.mode for hour in replay(office, DAY).hours[10:14]] == ["平时", "平时", "应急", "应急"]


def test_an_hour_is_told_in_a_sentence(office, sent):
    assert replay(office, DAY).hours[20].title == "20 时 2 个网格力量不足，缺 5 人；已派出 1 支队伍，补齐 1 个网格"
    assert "People, grids and estates are as they are today" in replay(office, DAY, language="en").note


def test_a_basis_at_hand_gives_the_same(office, sent):
    assert replay(office, DAY, coverage_inputs=load_inputs(office)) == replay(office, DAY)


def test_whoever_may_not_see_briefings_is_refused(store):
    with pytest.raises(RefusedError):
        replay(Context(store, Actor("a", Role.LIAISON)), DAY)


@pytest.mark.parametrize(
    ("hour", "mode"),
    [(7, Mode.ROUTINE), (8, Mode.EMERGENCY), (9, Mode.EMERGENCY), (10, Mode.LOCKDOWN), (11, Mode.ROUTINE)],
)
def test_the_last_declaration_holds_until_it_is_over(hour, mode):
    declared = [(Mode.LOCKDOWN, at(10, 30), at(11, 30)), (Mode.EMERGENCY, at(8, 30), None)]
    assert mode_in(declared, Window(at(hour), at(hour + 1))) is mode
