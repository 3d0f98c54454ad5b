"""What is written is read back: open shifts with entries below, and a roster by day."""

import os
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.i18n import translate, use_language
from services.rules.roster.sign_up.days import Period
from services.rules.roster.sign_up.entries import read_entries
from services.rules.roster.sign_up.lines import fold, parse
from services.rules.roster.sign_up.out import (
    ShiftPeople,
    find_outdated_codes,
    find_pressure,
    write_open_shifts,
    write_roster,
)
from services.rules.roster.sign_up.sign_ups import Ground, State
from services.rules.roster.sign_up.times import Timetable
from tests.services.rules.roster.chains import make_people, make_register, make_shift

MONDAY = date(2026, 11, 23)
PERIOD = Period(MONDAY, MONDAY + timedelta(days=6), posted=MONDAY)
PEOPLE = list({person.name: person for person in make_people(300, 3)}.values())
REGISTER = make_register(PEOPLE)
POSTS = ["北门岗", "南门岗", "3号门岗", "机动岗", "云港花园 东门"]
CASES = settings(max_examples=int(os.environ.get("GRIDMUSTER_TEST_CASES", "60")))


@st.composite
def rosters(draw):
    days = draw(st.lists(st.integers(0, 6), min_size=1, max_size=3, unique=True))
    starts = draw(st.lists(st.integers(0, 23), min_size=1, max_size=4, unique=True))
    posts = draw(
        st.lists(
            st.sampled_from(["北门岗", "南门岗", "3号门岗", "机动岗", "云港花园 东门"]),
            min_size=1,
            max_size=2,
            unique=True,
        )
    )
    places = [(day, start, post) for day in days for start in starts for post in posts]
    return [
        make_shift(
            f"{'ABCDEFG'[day]}{k + 1}",
            start,
            start + draw(st.sampled_from([1, 2, 2.5, 8])),
            draw(st.integers(1, 20)),
            post=post,
            day=MONDAY + timedelta(days=day),
            reserve=draw(st.integers(0, 2)),
        )
        for k, (day, start, post) in enumerate(places)
    ]


def is_double(chosen) -> bool:
    windows = sorted(shift.window for shift in chosen)
    return any(one.end > other.start for one, other in pairwise(windows))


def wide(words: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if char.isascii() and char.isalnum() else char for char in words)


@given(rosters(), st.data(), st.sampled_from(["\n", "\n\n", "\r\n"]), st.sampled_from(["zh", "en"]))
@CASES
def test_entries_below_open_shifts_are_read_as_they_were_written(shifts, data, gap, language):
    use_language(language)
    people = data.draw(st.lists(st.sampled_from(PEOPLE), unique=True, max_size=8))
    codes = [data.draw(st.lists(st.sampled_from(shifts), min_size=1, max_size=3, unique=True)) for _ in people]
    tails = data.draw(st.lists(st.sampled_from(["", " 🌹", " 辛苦大家了", "\u200b"]), min_size=8, max_size=8))
    lines = [
        f"{k}. {person.name} {' '.join(shift.code for shift in chosen)}{tail}"
        for k, (person, chosen, tail) in enumerate(zip(people, codes, tails, strict=False), 1)
    ]
    folded = [data.draw(st.sampled_from([line, wide(line)])) for line in lines]
    words = write_open_shifts(shifts, "云峰社区").removesuffix("1. ") + gap.join([*folded, f"{len(lines) + 1}. "])
    chain = parse(words)
    reading = read_entries(chain, Ground(Timetable(shifts, PERIOD), REGISTER, lambda *_: ()))
    assert [entry.number for entry in chain.entries] == list(range(1, len(people) + 1))
    assert (chain.blanks, chain.remark, len(chain.example), chain.headings) == (1, "", 1, [])
    for person, chosen, sign_up in zip(people, codes, reading.sign_ups, strict=True):
        if is_double(chosen):
            assert sign_up.state is State.DOUBT
        else:
            assert sign_up.person == person.code
            assert {seat.shift for seat in sign_up.seats} == {shift.code for shift in chosen}


@given(rosters(), st.data(), st.sampled_from(["zh", "en"]))
@CASES
def test_a_roster_is_read_as_it_was_written(shifts, data, language):
    use_language(language)
    names = st.lists(st.sampled_from([person.name for person in PEOPLE]), max_size=4, unique=True).map(tuple)
    roster = [ShiftPeople(shift, data.draw(names), data.draw(names)) for shift in shifts]
    chain = parse(write_roster(roster, "云峰社区", write_name=str))
    found = {shift.code: ([], []) for shift in shifts}
    for entry in chain.entries:
        is_reserve = entry.heading.endswith(("备勤", "reserve"))
        found[entry.heading.split()[0]][is_reserve].append(entry.text)
    assert found == {each.shift.code: (list(each.names), list(each.reserve)) for each in roster}


@given(rosters(), st.data())
@CASES
def test_a_roster_pasted_into_another_gives_the_same_duties(shifts, data):
    people = data.draw(st.lists(st.sampled_from(PEOPLE), unique=True, min_size=len(shifts), max_size=len(shifts)))
    roster = [ShiftPeople(shift, (person.name,)) for shift, person in zip(shifts, people, strict=True)]
    chain = parse(write_roster(roster, "云峰社区", write_name=str))
    reading = read_entries(chain, Ground(Timetable(shifts, PERIOD), REGISTER, lambda *_: ()))
    duties = {(seat.person, seat.shift) for each in reading.sign_ups for seat in each.seats}
    assert duties == {(person.code, shift.code) for shift, person in zip(shifts, people, strict=True)}


SHIFTS = [
    make_shift("A1", 8, 10, 2, post="北门"),
    make_shift("A2", 10, 12, 2, post="北门", filled=1),
    make_shift("A3", 20, 22, 1, post="南门", reserve=1),
    make_shift("A4", 22, 24, 1, post="南门", filled=1),
]


def test_open_shifts_are_a_chain_to_go_on_with():
    assert write_open_shifts(SHIFTS, "云峰社区") == (
        "#接龙\n"
        "云峰社区 11月28日（周六）值守，自愿报名，来不了也没关系\n"
        "A1 北门 08–10 缺2｜A2 北门 10–12 缺1｜A3 南门 20–22 缺1（备勤1）\n"
        "写法：姓名 空格 班次号，如：1. 张三 A1 A2\n"
        "1. "
    )


def test_open_shifts_of_several_days_have_a_line_each():
    sunday = make_shift("B1", 22, 30, 1, day=date(2026, 11, 29))
    lines = write_open_shifts([SHIFTS[3], sunday, SHIFTS[2]], "云峰社区").splitlines()
    assert lines[1] == "云峰社区 11月28日（周六）、11月29日（周日）值守，自愿报名，来不了也没关系"
    assert lines[2:4] == ["11月28日（周六） A3 南门 20–22 缺1（备勤1）", "11月29日（周日） B1 北门 22–06 缺1"]


def test_names_of_a_roster_are_masked_unless_asked_for_in_clear():
    roster = [ShiftPeople(SHIFTS[0], ("张伟",), ("欧阳娜娜",)), ShiftPeople(SHIFTS[3], ("李娜",))]
    assert write_roster(roster, "云峰社区").splitlines() == [
        "云峰社区值守表",
        "11月28日（周六）",
        "A1 北门 08–10（缺1）：张*",
        "A1 北门 08–10 备勤：欧***",
        "A4 南门 22–24：李*",
    ]
    assert "欧阳娜娜" in write_roster(roster, "云峰社区", write_name=str)


def test_names_of_posts_cannot_break_a_line():
    assert "值守\n1. 张三" not in write_open_shifts([make_shift("A1", 8, 10, post="值守\n1. 张三")], "云峰\n1. 李四")


@pytest.mark.parametrize("word", ["必须", "务必", "不接龙", "限时", "通报"])
def test_a_text_that_presses_gets_a_hint(word):
    assert translate(find_pressure(f"请{word}今晚")) == f"接龙是自愿的，建议去掉：{word}"


def test_our_own_texts_do_not_press():
    assert find_pressure(write_open_shifts(SHIFTS, "云峰社区")) is None
    assert "自愿" in write_open_shifts(SHIFTS, "云峰社区")


def test_dangerous_names_stay_plain_text():
    roster = [ShiftPeople(SHIFTS[0], ("=cmd|'/C calc'!A0", "<script>"))]
    assert "=cmd|'/C calc'!A0、<script>" in write_roster(roster, "云峰社区", write_name=str)


def test_many_shifts_of_a_day_stand_in_a_line_for_each_beginning_in_the_order_of_their_codes():
    shifts = [make_shift(f"A{k}", 8 if k < 12 else 10, 10 if k < 12 else 12, post=f"{k}号门") for k in range(1, 14)]
    first, second = write_open_shifts(shifts, "云峰社区").splitlines()[2:4]
    assert [part.split()[0] for part in first.split("｜")] == [f"A{k}" for k in range(1, 12)]
    assert [part.split()[0] for part in second.split("｜")] == ["A12", "A13"]


def outdated(words, shifts):
    return find_outdated_codes(fold(parse(words).title), shifts)


def test_codes_that_a_chain_gives_to_the_same_shifts_still_hold():
    shifts = [*SHIFTS, make_shift("B1", 8, 10, post="北门岗 (东)", day=MONDAY)]
    assert outdated(write_open_shifts(shifts, "云峰社区"), shifts) == frozenset()


def test_codes_that_stand_for_other_hours_posts_or_days_by_now_are_told():
    words = write_open_shifts([make_shift("A1", 8, 10), make_shift("A2", 10, 12), make_shift("A3", 12, 14)], "云峰社区")
    now = [make_shift("A1", 8, 10), make_shift("A2", 10, 13), make_shift("A3", 12, 14, post="南门")]
    assert outdated(words, now) == {"A2", "A3"}
    assert outdated(words, [make_shift("A1", 8, 10, day=MONDAY)]) == {"A1"}
    assert outdated("#接龙\n周六值守\n1. 张三 A1", now) == frozenset()
