from datetime import datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.travel import Pairs
from services.i18n import translate, use_language
from services.rules.recruitment import CallFacts, call_text, plan_calls
from services.rules.windows import Window

ZONES = 5
counts = st.lists(st.integers(0, 30), min_size=ZONES, max_size=ZONES)


def everywhere(minutes=lambda giver, receiver: float(abs(giver - receiver))) -> Pairs:
    ends = np.argwhere(np.ones((ZONES, ZONES)))
    return Pairs(ends[:, 0], ends[:, 1], np.array([minutes(*pair) for pair in ends.tolist()]))


@given(counts, counts, counts)
def test_nobody_is_asked_for_more_than_is_to_spare_or_missing(surplus, gap, asked):
    calls = plan_calls(surplus, gap, everywhere(), asked)
    for zone in range(ZONES):
        assert sum(call.persons for call in calls if call.giver == zone) <= surplus[zone]
        assert sum(call.persons for call in calls if call.receiver == zone) <= gap[zone]
    assert all(0 < call.persons <= 7 and call.giver != call.receiver for call in calls)


@given(counts, counts)
def test_what_can_be_covered_is_asked_for(surplus, gap):
    calls = plan_calls(surplus, gap, everywhere(), [0] * ZONES)
    left = np.array(surplus) - np.bincount([c.giver for c in calls], [c.persons for c in calls], ZONES)
    short = np.array(gap) - np.bincount([c.receiver for c in calls], [c.persons for c in calls], ZONES)
    assert not any(left[i] > 0 and short[j] > 0 for i in range(ZONES) for j in range(ZONES) if i != j)


def test_who_was_asked_least_is_asked_first_then_the_nearest():
    reach = Pairs(np.array([1, 2, 3]), np.array([0, 0, 0]), np.array([5.0, 9.0, 7.0]))
    calls = plan_calls([0, 30, 30, 30], [21, 0, 0, 0], reach, [0, 1, 0, 0])
    assert [call.giver for call in calls] == [3, 2, 1]


def test_of_those_asked_as_often_the_one_asked_longest_ago_is_asked_first_and_never_before_all():
    reach = Pairs(np.array([1, 2, 3]), np.array([0, 0, 0]), np.array([5.0, 9.0, 7.0]))
    surplus, gap = [0, 30, 30, 30], [21, 0, 0, 0]
    calls = plan_calls(surplus, gap, reach, [0] * 4, last_asked=[np.nan, 20.0, 10.0, np.nan])
    assert [call.giver for call in calls] == [3, 2, 1]
    calls = plan_calls(surplus, gap, reach, [0, 1, 2, 2], last_asked=[np.nan, 20.0, 10.0, 5.0])
    assert [call.giver for call in calls] == [1, 3, 2]


@given(st.integers(1, 30))
def test_a_year_of_calls_asks_every_grid_about_as_often(rounds):
    """Four grids alike within reach of one that is short: given out again and again, nobody is asked twice more."""
    reach = Pairs(np.array([1, 2, 3, 4]), np.zeros(4, int), np.array([3.0, 5.0, 7.0, 9.0]))
    times, last = np.zeros(ZONES, int), np.full(ZONES, np.nan)
    for day in range(rounds):
        for call in plan_calls([0, 9, 9, 9, 9], [7, 0, 0, 0, 0], reach, times, last_asked=last):
            times[call.giver] += 1
            last[call.giver] = day
    assert times[1:].max() - times[1:].min() <= 1


def test_the_largest_gap_is_served_first_and_priority_counts():
    reach = Pairs(np.array([2, 2]), np.array([0, 1]), np.array([5.0, 5.0]))
    assert [c.receiver for c in plan_calls([0, 0, 7], [5, 6, 0], reach, [0] * 3)] == [1, 0]
    assert [c.receiver for c in plan_calls([0, 0, 7], [5, 6, 0], reach, [0] * 3, priority=[2, 1, 1])] == [0, 1]


def test_a_part_of_a_person_is_missing_but_not_to_spare():
    reach = Pairs(np.array([1]), np.array([0]), np.array([5.0]))
    assert plan_calls([np.nan, 0.9], [3, 0], reach, [0, 0]) == ()
    assert [call.persons for call in plan_calls([0, 4.9], [2.1, np.nan], reach, [0, 0])] == [3]


def test_nobody_far_away_is_asked():
    assert plan_calls([9, 0], [0, 9], Pairs(np.empty(0, int), np.empty(0, int), np.empty(0)), [0, 0]) == ()


FACTS = CallFacts(
    giver="云港花园",
    receiver="雅瑶社区第三网格",
    meeting_point="南门岗亭",
    window=Window(datetime(2026, 11, 27, 20), datetime(2026, 11, 28)),
    persons=7,
    skill="测温",
    task="门岗值守",
    report_to="值班室 020-00000000",
    minutes=12.4,
)


def test_a_call_says_where_when_how_many_which_skill_and_whom_to_report_to():
    assert [translate(line) for line in call_text(FACTS)] == [
        "【志愿者招募】云港花园",
        "地点：雅瑶社区第三网格 南门岗亭（步行约 12 分钟）",
        "时间：2026-11-27 20:00–24:00",
        "人数：7 人",
        "任务：门岗值守",
        "所需特长：测温",
        "报到联系人：值班室 020-00000000",
        "自愿参加，请在群内回复，满额即止。",
    ]


def test_a_call_is_complete_in_english():
    use_language("en")
    said = [translate(line) for line in call_text(FACTS)]
    use_language("zh")
    assert said[2:4] == ["When: 2026-11-27 20:00–24:00", "How many: 7"]


def test_what_is_not_asked_for_is_not_said():
    facts = CallFacts("甲", "乙", "", FACTS.window, 3, "", "", "值班室", 5)
    assert [line.id.split(":")[0] for line in call_text(facts)][3:5] == ["How many", "Report to"]
