from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.optimise import MoveReason, ShortageReason
from services.i18n import translate, use_language
from services.rules.planning import (
    OVERRULABLE,
    GridFacts,
    MoveFacts,
    Overrule,
    PlannedMove,
    Rule,
    TeamFacts,
    check_move,
    describe_breach,
    describe_move,
    describe_open,
    is_refused,
    most_at_once,
    overlap,
    sent_in_window,
    share_of,
    span_text,
)
from services.rules.windows import Window


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour)


EVENING = Window(at(27, 18), at(27, 22))
MOVE = PlannedMove("T1", "A", "B", 5, EVENING)
GROUND = MoveFacts(
    teams={
        "T1": TeamFacts("第一突击队", "A", 5, frozenset({"医护"})),
        "T2": TeamFacts("志愿服务队", "A", 12, is_divisible=True),
        "T3": TeamFacts("空队", "A", 0),
        "T4": TeamFacts("单位队", None, 6),
    },
    grids={
        "A": GridFacts("甲网格", 10, 18, 10),
        "B": GridFacts("乙网格", 9, 2, 9),
        "C": GridFacts("丙网格", 9, 2, 9, frozenset({"医护"})),
        "D": GridFacts("丁网格", 0, 2, 0),
        "E": GridFacts("戊网格", None, 2, 0),
    },
    limit_minutes=30,
    now=at(27, 8),
)
windows = st.tuples(st.integers(0, 22), st.integers(1, 40)).map(
    lambda pair: Window(at(20 + pair[0] // 23, pair[0]), at(20 + (pair[0] + pair[1]) // 24, (pair[0] + pair[1]) % 24))
)


def rules(move: PlannedMove, minutes: float | None = 14, ground: MoveFacts = GROUND) -> list[Rule]:
    return [breach.rule for breach in check_move(move, minutes, ground)]


def test_a_move_that_keeps_every_rule_breaks_none():
    assert rules(MOVE) == []


@pytest.mark.parametrize(
    ("change", "minutes", "broken"),
    [
        ({"team": "T9"}, 14, [Rule.UNKNOWN_TEAM]),
        ({"receiver": "Z"}, 14, [Rule.UNKNOWN_GRID]),
        ({"team": "T9", "receiver": "Z"}, 14, [Rule.UNKNOWN_TEAM, Rule.UNKNOWN_GRID]),
        ({"team": "T3"}, 14, [Rule.NO_PEOPLE]),
        ({"persons": 6}, 14, [Rule.TOO_MANY]),
        ({"persons": 0}, 14, [Rule.TOO_MANY]),
        ({"persons": 4}, 14, [Rule.NOT_DIVISIBLE]),
        ({"team": "T2", "persons": 4}, 14, []),
        ({"receiver": "A"}, 0, []),
        ({"window": Window(at(26, 18), at(26, 22))}, 14, [Rule.WINDOW_PAST]),
        ({"window": Window(at(27, 6), at(27, 8))}, 14, [Rule.WINDOW_PAST]),
        ({"window": Window(at(27, 6), at(27, 9))}, 14, []),
        ({}, 30, []),
        ({}, 30.1, [Rule.OUT_OF_REACH]),
        ({}, None, [Rule.OUT_OF_REACH]),
        ({"receiver": "C"}, 14, []),
        ({"team": "T2", "receiver": "C", "persons": 4}, 14, [Rule.SKILL_MISSING]),
        ({"team": "T2", "persons": 8}, 14, []),
        ({"team": "T2", "persons": 9}, 14, [Rule.BELOW_FLOOR]),
        ({"team": "T4", "giver": None, "persons": 6}, 14, []),
        ({"receiver": "D"}, 14, [Rule.NO_NEED]),
        ({"receiver": "E"}, 14, [Rule.NO_NEED]),
        (
            {"team": "T2", "receiver": "C", "persons": 12},
            99,
            [Rule.OUT_OF_REACH, Rule.SKILL_MISSING, Rule.BELOW_FLOOR],
        ),
    ],
)
def test_each_rule_is_broken_by_what_breaks_it(change, minutes, broken):
    assert rules(replace(MOVE, **change), minutes) == broken


@pytest.mark.parametrize(
    ("start", "end", "is_free"),
    [(14, 18, True), (22, 23, True), (21, 23, False), (17, 19, False), (19, 20, False), (10, 23, False)],
)
def test_a_team_is_busy_while_its_window_runs_and_free_when_it_only_touches(start, end, is_free):
    ground = replace(GROUND, others=[replace(MOVE, receiver="C", window=Window(at(27, start), at(27, end)))])
    assert (Rule.ALREADY_SENT not in rules(MOVE, ground=ground)) == is_free


def test_who_is_already_sent_is_told_where_and_when():
    ground = replace(GROUND, others=[replace(MOVE, receiver="C")])
    said = translate(describe_breach(check_move(MOVE, 14, ground)[0]))
    assert said == "第一突击队已派往丙网格（2026-11-27 18:00–22:00）。"


def test_the_rest_of_a_divided_team_may_go_elsewhere():
    sent = replace(MOVE, team="T2", persons=7, receiver="C", giver=None)
    ground = replace(GROUND, others=[sent])
    assert rules(replace(MOVE, team="T2", persons=5), ground=ground) == []
    assert rules(replace(MOVE, team="T2", persons=6), ground=ground) == [Rule.ALREADY_SENT]


def test_the_floor_asks_what_the_giver_loses_not_who_goes():
    giver = replace(GROUND.grids["A"], presence=0.1)
    ground = replace(GROUND, grids={**GROUND.grids, "A": giver})
    most = int((giver.supply - giver.floor) / 0.1 + 1e-6)
    sizes = {**GROUND.teams, "T2": replace(GROUND.teams["T2"], size=999)}
    ground = replace(ground, teams=sizes)
    assert rules(replace(MOVE, team="T2", persons=most), ground=ground) == []
    assert rules(replace(MOVE, team="T2", persons=most + 1), ground=ground) == [Rule.BELOW_FLOOR]
    assert rules(replace(MOVE, team="T2", persons=most * 2, counted_share=0.5), ground=ground) == []


def test_whoever_is_not_counted_may_leave_a_grid_below_its_floor():
    short = replace(GROUND.grids["A"], supply=0.0)
    ground = replace(GROUND, grids={**GROUND.grids, "A": short})
    assert rules(replace(MOVE, counted_share=0.0), ground=ground) == []


def test_other_moves_of_the_plan_count_against_the_floor_and_orders_do_not_twice():
    other = replace(MOVE, team="T2", persons=4)
    assert rules(MOVE, ground=replace(GROUND, others=[other])) == [Rule.BELOW_FLOOR]
    assert rules(MOVE, ground=replace(GROUND, others=[other], orders=frozenset({0}))) == []


def test_one_may_leave_when_the_other_is_back():
    early = replace(MOVE, team="T2", persons=8, window=Window(at(27, 14), at(27, 18)))
    assert rules(MOVE, ground=replace(GROUND, others=[early])) == []


def test_a_rule_overruled_with_a_reason_is_not_told_again():
    move = replace(MOVE, receiver="D", overruled=(Overrule(Rule.NO_NEED, "书记电话确认"),))
    assert rules(move) == []
    assert rules(replace(move, overruled=(Overrule(Rule.NO_NEED, "  "),))) == [Rule.NO_NEED]


@pytest.mark.parametrize("rule", sorted(set(Rule) - OVERRULABLE))
def test_what_cannot_happen_cannot_be_overruled(rule):
    move = replace(MOVE, team="T3", overruled=(Overrule(rule, "硬要"),))
    assert rules(move) == [Rule.NO_PEOPLE]


def test_a_move_is_refused_when_any_rule_stands_firm():
    soft, hard = check_move(MOVE, 99, GROUND), check_move(replace(MOVE, persons=4), 99, GROUND)
    assert (is_refused(soft), is_refused(hard), is_refused(())) == (False, True, False)


@given(windows, windows)
def test_windows_overlap_when_one_holds_an_instant_of_the_other(one, other):
    hours = {one.start, one.end, other.start, other.end}
    shared = any(w.start <= t < w.end for w in (one,) for t in hours if other.start <= t < other.end)
    assert overlap(one, other) == overlap(other, one) == shared
    assert (share_of(one, other) > 0) == shared


@given(st.lists(st.tuples(windows, st.integers(1, 9)), max_size=6), windows)
def test_the_most_away_at_once_is_that_of_some_instant(rows, window):
    sent = [PlannedMove("T", "A", "B", persons, one) for one, persons in rows]
    instants = [window.start, *(one.start for one, _ in rows)]
    away = [
        sum(move.persons for move in sent if move.window.start <= t < move.window.end)
        for t in instants
        if window.start <= t < window.end
    ]
    assert most_at_once(sent, window) == max(away)


def test_half_the_window_is_half_the_people():
    arriving, leaving = sent_in_window([MOVE, replace(MOVE, giver=None, persons=4)], Window(at(27, 20), at(28, 0)))
    assert (arriving, leaving) == ({"B": 4.5}, {"A": 2.5})


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("rule", Rule)
def test_every_rule_has_its_sentence(rule, language):
    use_language(language)
    told = next(breach for move, minutes in CASES for breach in check_move(move, minutes, BUSY) if breach.rule is rule)
    said = translate(describe_breach(told))
    use_language("zh")
    assert "{" not in said


NIGHT = Window(at(27, 0), at(27, 6))
BUSY = replace(GROUND, others=[replace(MOVE, team="T4", persons=6, giver=None)], services=[(NIGHT, 5)])
CASES = (
    (replace(MOVE, team="T9", receiver="Z"), 1),
    (replace(MOVE, team="T3"), 1),
    (replace(MOVE, persons=9), 1),
    (replace(MOVE, persons=2), 1),
    (replace(MOVE, receiver="A"), 1),
    (replace(MOVE, window=Window(at(20, 8), at(20, 9))), 1),
    (replace(MOVE, team="T9"), 1),
    (replace(MOVE, receiver="Z"), 1),
    (replace(MOVE, team="T4", persons=6), 1),
    (replace(MOVE, window=Window(at(27, 8), at(27, 10))), 1),
    (replace(MOVE, team="T2", persons=12, receiver="C"), 31),
    (replace(MOVE, receiver="D"), None),
)


def test_an_unknown_way_is_told_without_minutes():
    assert translate(describe_breach(check_move(MOVE, None, GROUND)[0])) == "到乙网格超过 30 分钟。"


@pytest.mark.parametrize("why", MoveReason)
@pytest.mark.parametrize("spare", [3.4, None])
def test_every_move_has_its_reason_in_one_line(why, spare):
    said = translate(describe_move(why, 11.2, 4.2, 14.0, spare))
    assert "{" not in said
    assert "12" in said or why is MoveReason.CLOSES
    assert "\n" not in said


@pytest.mark.parametrize("why", ShortageReason)
def test_every_open_grid_has_its_reason_in_one_line(why):
    said = translate(describe_open(why, limit_minutes=30, skills=frozenset({"医护"})))
    assert "{" not in said


def test_no_doctor_near_is_said_as_people_say_it():
    said = translate(describe_open(ShortageReason.NO_SKILL, limit_minutes=30, skills=frozenset({"医护"})))
    assert said == "30 分钟内没有具备医护的队伍"


@pytest.mark.parametrize(
    ("window", "said"),
    [
        (EVENING, "2026-11-27 18:00–22:00"),
        (Window(at(27, 20), at(28, 0)), "2026-11-27 20:00–24:00"),
        (Window(at(27, 22), at(28, 8)), "2026-11-27 22:00–2026-11-28 08:00"),
    ],
)
def test_a_window_is_written_as_people_write_it(window, said):
    assert span_text(window) == said
