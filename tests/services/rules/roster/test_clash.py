"""What a duty may break, by the examples that were worked out by hand."""

from datetime import datetime

import pytest

from services.rostering.norms import load_roster_norms
from services.rules.roster.clash import DutyRule, PersonFacts, Stay, check_duty, duty_limits, nights_of
from services.rules.roster.free_times import FreeAnswer
from services.rules.windows import Mode, Window
from tests.bench.demo_problems import NORMS

ROUTINE = duty_limits(load_roster_norms(NORMS.with_name("roster.toml")), Mode.ROUTINE)
LOCKDOWN = duty_limits(load_roster_norms(NORMS.with_name("roster.toml")), Mode.LOCKDOWN)


def at(day: int, start: int, end: int, post: str = "P") -> Stay:
    """Return a stay on a day of the week that begins on Monday, 2026-11-23; hours may go beyond 24."""
    begin = datetime(2026, 11, 23 + day)
    return Stay(Window(hour(begin, start), hour(begin, end)), post, post)


def hour(day, number):
    return day.replace(hour=number % 24, day=day.day + number // 24)


def rules(stay, *others, limits=ROUTINE, minutes=0.0, **facts):
    person = PersonFacts(duties=others, **facts)
    return [breach.rule for breach in check_duty(stay, person, limits, lambda _one, _other: minutes)]


def test_eight_hours_of_rest_are_too_few_and_ten_are_enough():
    friday_night = at(4, 22, 24)
    assert rules(at(5, 8, 10), friday_night) == [DutyRule.REST]
    assert rules(at(5, 10, 12), friday_night) == []


def test_the_sentence_says_how_many_hours_there_are_and_how_many_it_takes():
    (breach,) = check_duty(at(5, 8, 10), PersonFacts([at(4, 22, 24)]), ROUTINE, lambda _one, _other: 0.0)
    assert breach.params == {"hours": "8", "window": "11-27 22:00–00:00", "least": "10"}
    assert breach.may_be_overruled


def test_duties_that_touch_are_one_stint_of_four_hours_at_most():
    assert rules(at(4, 22, 24), at(4, 20, 22)) == []
    assert rules(at(4, 18, 20), at(4, 20, 22), at(4, 22, 24)) == [DutyRule.STINT, DutyRule.DAY]


def test_in_a_lockdown_six_hours_at_a_stretch_are_allowed():
    assert rules(at(4, 18, 20), at(4, 20, 22), at(4, 22, 24), limits=LOCKDOWN) == []


def test_duties_that_touch_at_posts_far_from_each_other_have_no_rest_between():
    assert rules(at(4, 22, 24, "Q"), at(4, 20, 22), minutes=16.0) == [DutyRule.REST]
    assert rules(at(4, 22, 24, "Q"), at(4, 20, 22), minutes=15.0) == []
    assert rules(at(4, 22, 24, "Q"), at(4, 20, 22), minutes=None) == [DutyRule.REST]


def test_nobody_is_in_two_places_at_once_and_touching_is_no_overlap():
    assert rules(at(4, 20, 22), at(4, 21, 23)) == [DutyRule.OVERLAP]
    assert rules(at(4, 20, 22), orders=[at(4, 21, 23)]) == [DutyRule.ORDERED]
    assert rules(at(4, 20, 22), orders=[at(4, 22, 24)]) == []


@pytest.mark.parametrize(("rule", "facts"), [(DutyRule.OVERLAP, "duties"), (DutyRule.ORDERED, "orders")])
def test_two_places_at_once_cannot_be_set_aside(rule, facts):
    person = PersonFacts(**{facts: [at(4, 20, 22)]})
    (breach,) = check_duty(at(4, 20, 22), person, ROUTINE, lambda _one, _other: 0.0)
    assert breach.rule is rule
    assert not breach.may_be_overruled


def test_three_duties_within_seven_days_and_no_fourth():
    week = [at(0, 10, 12), at(2, 10, 12), at(4, 10, 12)]
    assert rules(at(6, 10, 12), *week) == [DutyRule.WEEK]
    assert rules(at(6, 10, 12), *week[1:]) == []
    assert rules(at(7, 10, 12), *week) == []  # Monday is more than seven days before


def test_the_seven_days_may_lie_around_the_duty():
    assert rules(at(3, 10, 12), at(0, 10, 12), at(5, 10, 12), at(6, 10, 12)) == [DutyRule.WEEK]


def test_one_night_a_week_and_never_two_running():
    assert rules(at(2, 22, 24), at(0, 22, 24)) == [DutyRule.NIGHT]
    assert rules(at(1, 22, 24), at(0, 22, 24)) == [DutyRule.NIGHT, DutyRule.NIGHTS_RUNNING]
    assert rules(at(1, 22, 24), at(0, 22, 24), limits=LOCKDOWN) == [DutyRule.NIGHTS_RUNNING]


def test_friday_22_to_24_and_saturday_00_to_02_are_one_night_and_one_stint():
    assert rules(at(5, 0, 2), at(4, 22, 24)) == []
    assert nights_of(at(4, 22, 24).window) == nights_of(at(5, 0, 2).window)


def test_a_shift_from_22_to_06_touches_one_night():
    assert len(nights_of(at(4, 22, 30).window)) == 1


def test_who_said_no_and_who_lives_far_is_told():
    assert rules(at(4, 10, 12), answer=FreeAnswer.NO) == [DutyRule.NOT_FREE]
    far = PersonFacts(minutes=31.0)
    (breach,) = check_duty(at(4, 10, 12), far, ROUTINE, lambda _one, _other: 0.0)
    assert (breach.rule, breach.params) == (DutyRule.OUT_OF_REACH, {"minutes": 31, "most": 30})


def test_a_zone_with_summer_time_on_the_machine_changes_nothing(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    assert rules(at(5, 8, 10), at(4, 22, 24)) == [DutyRule.REST]
