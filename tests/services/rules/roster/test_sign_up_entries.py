"""Entries come to seats, or to a doubt with its choices."""

import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.i18n import translate
from services.rules.roster.clash import DutyBreach, DutyRule
from services.rules.roster.sign_up.days import Period
from services.rules.roster.sign_up.entries import read_entries
from services.rules.roster.sign_up.lines import parse
from services.rules.roster.sign_up.names import How, RegisterPerson, plain_name
from services.rules.roster.sign_up.sign_ups import EntryDecision, FormerSignUp, Ground, State, summarise
from services.rules.roster.sign_up.times import Timetable
from tests.services.rules.roster.chains import make_register, make_shift, sha

WEEK = Period(date(2026, 11, 23), date(2026, 11, 29), posted=date(2026, 11, 24))
SHIFTS = [
    make_shift("A1", 8, 10, 2), make_shift("A2", 10, 12, 2), make_shift("A3", 20, 22, 1), make_shift("A4", 22, 24, 1),
]  # fmt: skip
PEOPLE = [
    RegisterPerson("Z1", "张伟", "财政局"),
    RegisterPerson("Z2", "张伟", "税务局"),
    RegisterPerson("L", "李娜", phone_hash=sha("13812345678")),
    RegisterPerson("W", "王芳"),
    RegisterPerson("M", "赵敏"),
    RegisterPerson("Q", "钱进"),
]
SCENARIO = """#接龙
11月28日（周六）北门值守，自愿报名
例：1. 张三 8-10

1. 张伟 8-10
2. 李娜 上午两班都行
3. 王芳 20-22、22-24
4. 赵敏取消
5."""


WORDS_THAT_TURN = [
    "8-10不行",
    "除了8-10都可以",
    "8点以后都行",
    "上午没空",
    "改到10-12",
    "8-10去不了，换成10-12",
    "8-10来不了，20-22可以",
    "8-10 如果不缺人就不来",
    "晚上有事，上午可以",
    "8-10、10-12，备勤20-22",
]


def allow(_person, _shift, _others):
    return ()


def make_ground(shifts=SHIFTS, *, find_breaches=allow, duties=None, former=(), aliases=None) -> Ground:
    register = make_register(PEOPLE, aliases)
    return Ground(Timetable(shifts, WEEK), register, find_breaches, duties or {}, former)


def chain_of(*entries: str) -> str:
    return "#接龙\n周六值守\n\n" + "\n".join(f"{k}. {entry}" for k, entry in enumerate(entries, 1))


def read(*entries: str, decisions=None, **ground):
    return read_entries(parse(chain_of(*entries)), make_ground(**ground), decisions)


def seats(sign_up) -> list[tuple]:
    return [(seat.shift, seat.person, "reserve" if seat.is_reserve else "seat", seat.heads) for seat in sign_up.seats]


def asked(sign_up) -> str:
    assert sign_up.state is State.DOUBT
    return " ".join(translate(sentence) for sentence in sign_up.doubt.sentences)


def after(reading, ground):
    """Return the ground as it is once a reading is written."""
    duties = dict(ground.duties)
    filled = {shift.code: shift.filled for shift in ground.timetable.shifts}
    for seat in reading.new_seats:
        filled[seat.shift] += 0 if seat.is_reserve else seat.heads
        if seat.person:
            duties[seat.person, seat.shift] = State.RESERVE if seat.is_reserve else State.PLACED
    for person, shift in reading.cancelled:
        filled[shift] -= duties.pop((person, shift)) is State.PLACED
    former = [
        FormerSignUp(
            each.text, plain_name(each.name), each.state, each.person, tuple(seat.shift for seat in each.seats)
        )
        for each in reading.sign_ups
    ]
    shifts = [replace(shift, filled=filled[shift.code]) for shift in ground.timetable.shifts]
    return replace(ground, timetable=Timetable(shifts, WEEK), duties=duties, former=former)


def test_scenario_4():
    chain = parse(SCENARIO)
    reading = read_entries(chain, make_ground())
    zhang, li, wang, zhao = reading.sign_ups
    assert (len(chain.entries), chain.blanks, len(chain.example)) == (4, 1, 1)
    assert sum(len(each.seats) for each in reading.sign_ups) == len(reading.new_seats) == 3
    assert seats(li) == [("A1", "L", "seat", 1)]
    assert seats(wang) == [("A3", "W", "seat", 1), ("A4", "W", "seat", 1)]
    assert asked(zhang) == "有 2 位张伟。"
    assert [choice.decision.person for choice in zhang.doubt.choices] == ["Z1", "Z2"]
    assert [translate(choice.text) for choice in zhang.doubt.choices] == ["张* 财政局 ", "张* 税务局 "]
    assert zhao.state is State.DROPPED
    assert [translate(note) for note in zhao.notes] == ["没有可取消的班次。"]
    assert translate(summarise(chain, reading)) == "4 条：排上 2，备勤 0，待定 1，外援 0，不计 1；空位 1，示例 1"


def test_scenario_4_pasted_again_changes_nothing():
    ground = make_ground()
    chain = parse(SCENARIO)
    decisions = {0: EntryDecision(person="Z2")}
    first = read_entries(chain, ground, decisions)
    assert seats(first.sign_ups[0]) == [("A1", "Z2", "seat", 1)]
    assert first.sign_ups[0].how is How.CHOSEN
    again = read_entries(chain, after(first, ground))
    assert (again.new_seats, again.cancelled, again.vanished) == ((), (), ())
    assert [each.state for each in again.sign_ups] == [each.state for each in first.sign_ups]
    assert again.sign_ups[0].person == "Z2"


def test_a_longer_chain_adds_only_what_is_new():
    ground = make_ground()
    first = read("李娜 8-10", "王芳 20-22")
    longer = read_entries(parse(chain_of("李娜 8-10", "王芳 20-22", "赵敏 20-22", "李娜取消")), after(first, ground))
    assert [(seat.person, seat.shift, seat.is_reserve) for seat in longer.new_seats] == [("M", "A3", True)]
    assert longer.cancelled == (("L", "A1"),)


def test_the_same_chain_changes_nothing_though_the_roster_was_changed_by_hand():
    ground = after(read("李娜 8-10"), make_ground())
    moved = replace(ground, duties={("L", "A2"): State.PLACED})
    assert read_entries(parse(chain_of("李娜 8-10")), moved).new_seats == ()


def test_duties_that_are_there_from_elsewhere_are_no_change():
    reading = read("李娜 8-10", shifts=[replace(SHIFTS[0], filled=2)], duties={("L", "A1"): State.PLACED})
    assert (reading.sign_ups[0].state, reading.new_seats) == (State.PLACED, ())


def test_who_vanished_from_a_longer_chain_is_asked_for_and_not_withdrawn():
    ground = after(
        read("李娜 8-10", "王芳 20-22", "大山 A1", decisions={2: EntryDecision(is_guest=True)}), make_ground()
    )
    later = read_entries(parse(chain_of("李娜 8-10", "赵敏 10-12")), ground)
    assert [each.name for each in later.vanished] == ["王芳", "大山"]
    assert later.cancelled == ()


def test_who_writes_something_else_has_not_vanished():
    ground = after(read("李娜 8-10"), make_ground())
    later = read_entries(parse(chain_of("李娜 8-10、10-12")), ground)
    assert (later.vanished, [seat.shift for seat in later.new_seats]) == ((), ["A2"])


def test_two_entries_of_one_person_are_joined():
    first, second = read("李娜 8-10", "李娜 8-10、20-22").sign_ups
    assert (seats(first), seats(second)) == ([("A1", "L", "seat", 1)], [("A3", "L", "seat", 1)])


def test_the_same_entry_twice_counts_once():
    reading = read("李娜 8-10", "李娜 8-10")
    assert [each.state for each in reading.sign_ups] == [State.PLACED, State.DROPPED]
    assert translate(reading.sign_ups[1].notes[0]) == "前面已经报过。"


def test_who_comes_first_gets_the_seat_and_the_next_is_reserve_and_told():
    first, second = read("王芳 20-22", "李娜 20-22").sign_ups
    assert (first.state, second.state) == (State.PLACED, State.RESERVE)
    assert translate(second.notes[0]) == "已满，列为备勤：A3 北门 11-28 20–22"


def test_who_takes_any_gets_the_first_with_room():
    full = [replace(SHIFTS[0], filled=2), SHIFTS[1]]
    assert seats(read("李娜 上午都行", shifts=full).sign_ups[0]) == [("A2", "L", "seat", 1)]
    all_full = [replace(shift, filled=2) for shift in SHIFTS[:2]]
    assert seats(read("李娜 上午都行", shifts=all_full).sign_ups[0]) == [("A1", "L", "reserve", 1)]


def test_who_takes_any_stays_where_they_stand():
    duties = {("L", "A2"): State.PLACED}
    reading = read("李娜 上午都行", duties=duties)
    assert (seats(reading.sign_ups[0]), reading.new_seats) == ([("A2", "L", "seat", 1)], ())


@pytest.mark.parametrize("words", ["上午", "上午两班", "上午都来", "8-10、10-12", "A1 A2", "8-12"])
def test_all_that_is_named_is_taken(words):
    assert [seat.shift for seat in read(f"李娜 {words}").sign_ups[0].seats] == ["A1", "A2"]


def test_who_came_first_keeps_the_seat_while_it_is_asked_who_it_is():
    entries = "张伟 20-22", "李娜 20-22"
    zhang, li = read(*entries).sign_ups
    assert (zhang.state, li.state) == (State.DOUBT, State.RESERVE)
    zhang, li = read(*entries, decisions={0: EntryDecision(is_dropped=True)}).sign_ups
    assert (zhang.state, li.state) == (State.DROPPED, State.PLACED)


def breach_at(*shifts: str, rule=DutyRule.NIGHTS_RUNNING):
    def find_breaches(_person, shift, _others):
        return (DutyBreach(rule),) if shift in shifts else ()

    return find_breaches


def test_a_breach_is_a_doubt_with_its_sentence_and_may_be_overruled():
    (li,) = read("李娜 8-10", find_breaches=breach_at("A1")).sign_ups
    assert asked(li) == "连着两个夜班。"
    assert (li.seats, [choice.decision.is_overruled for choice in li.doubt.choices]) == ((), [True])
    (li,) = read("李娜 8-10", find_breaches=breach_at("A1"), decisions={0: li.doubt.choices[0].decision}).sign_ups
    assert seats(li) == [("A1", "L", "seat", 1)]


def test_nobody_overrules_being_in_two_places():
    breach = breach_at("A1", rule=DutyRule.ORDERED)
    (li,) = read("李娜 8-10", find_breaches=breach).sign_ups
    assert (li.state, li.doubt.choices) == (State.DOUBT, ())
    (li,) = read("李娜 8-10", find_breaches=breach, decisions={0: EntryDecision(is_overruled=True)}).sign_ups
    assert (li.state, li.seats) == (State.DOUBT, ())


def test_of_several_shifts_those_that_are_allowed_may_be_kept():
    entry, breach = "李娜 8-10、20-22", breach_at("A3")
    (li,) = read(entry, find_breaches=breach).sign_ups
    (li,) = read(entry, find_breaches=breach, decisions={0: li.doubt.choices[0].decision}).sign_ups
    assert seats(li) == [("A1", "L", "seat", 1)]


def test_who_takes_any_gets_one_that_is_allowed():
    assert seats(read("李娜 上午都行", find_breaches=breach_at("A1")).sign_ups[0]) == [("A2", "L", "seat", 1)]


def test_what_the_chain_gives_besides_is_told_to_whoever_checks():
    calls = []

    def record(person, shift, others):
        calls.append((person, shift, others))
        return ()

    read("王芳 20-22", "王芳 22-24、8-10", find_breaches=record)
    assert calls == [("W", "A3", ()), ("W", "A1", ("A3", "A4")), ("W", "A4", ("A3", "A1"))]


def test_a_name_borne_twice_is_told_apart_by_what_the_entry_says():
    assert read("张伟（税务局）8-10").sign_ups[0].person == "Z2"


def test_a_nickname_known_from_before_is_placed_others_are_asked_for():
    known, other = read("大螃蟹 8-10", "清川 8-10", aliases={"大螃蟹": "W"}).sign_ups
    assert (known.person, known.how) == ("W", How.ALIAS)
    assert asked(other) == "认不准“清川”是谁。"


def test_a_room_is_only_a_suggestion_though_known():
    (room,) = read("295-909 8-10", aliases={"295-909": "W"}).sign_ups
    assert [choice.decision.person for choice in room.doubt.choices] == ["W"]


def test_a_name_that_is_not_in_the_register_is_a_guest():
    (guest,) = read("王大锤 8-10").sign_ups
    assert (guest.state, seats(guest)) == (State.GUEST, [("A1", None, "seat", 1)])


def test_a_nickname_may_be_made_a_guest():
    (guest,) = read("清川 8-10", decisions={0: EntryDecision(is_guest=True)}).sign_ups
    assert (guest.state, seats(guest)) == (State.GUEST, [("A1", None, "seat", 1)])


@pytest.mark.parametrize(
    ("words", "count"), [("+1", 1), ("带1人", 1), ("2人", 1), ("带两个人", 2), ("3个人", 2), ("+2", 2)]
)
def test_who_brings_people_takes_seats_for_them(words, count):
    (li,) = read(f"李娜 8-10 {words}", shifts=[make_shift("A1", 8, 10, 5)]).sign_ups
    assert seats(li) == [("A1", "L", "seat", 1), ("A1", None, "seat", count)]


def test_a_hospital_is_no_number_of_people():
    assert seats(read("李娜 第2人民医院 8-10").sign_ups[0]) == [("A1", "L", "seat", 1)]


def test_people_beyond_the_seats_are_reserve():
    (li,) = read("李娜 8-10 +2").sign_ups
    assert seats(li) == [("A1", "L", "seat", 1), ("A1", None, "seat", 1), ("A1", None, "reserve", 1)]


@pytest.mark.parametrize("words", ["8-10 待定", "8-10 如果缺人", "8-10 备勤", "8-10 候补"])
def test_who_comes_if_needed_is_reserve(words):
    (li,) = read(f"李娜 {words}").sign_ups
    assert (seats(li), li.notes) == ([("A1", "L", "reserve", 1)], ())


@pytest.mark.parametrize("words", ["取消", "来不了", "请假", "✗", "❌ 来不了了", "8-10取消", "不来了", "不参加了"])
def test_a_withdrawal_ends_the_duty(words):
    reading = read(f"李娜 {words}", duties={("L", "A1"): State.PLACED})
    assert reading.cancelled == (("L", "A1"),)
    assert reading.sign_ups[0].state is State.DROPPED


def test_a_withdrawal_of_one_shift_leaves_the_other():
    duties = {("L", "A1"): State.PLACED, ("L", "A3"): State.PLACED}
    assert read("李娜 20-22取消", duties=duties).cancelled == (("L", "A3"),)


def test_a_withdrawal_opens_the_seat_for_who_comes_next():
    full = [replace(SHIFTS[2], filled=1)]
    reading = read("王芳取消", "李娜 20-22", shifts=full, duties={("W", "A3"): State.PLACED})
    assert seats(reading.sign_ups[1]) == [("A3", "L", "seat", 1)]


def test_who_withdraws_further_down_takes_no_seat():
    reading = read("王芳 20-22", "李娜 20-22", "王芳取消")
    assert [each.state for each in reading.sign_ups] == [State.DROPPED, State.PLACED, State.DROPPED]
    assert translate(reading.sign_ups[0].notes[0]) == "后面已取消。"
    assert (reading.sign_ups[2].notes, reading.cancelled) == ((), ())


@pytest.mark.parametrize("words", ["替李四 8-10", "和李四换 8-10", "8-10 和王芳一起", "8-10 王芳", "换班 8-10"])
def test_in_somebodys_place_is_always_asked(words):
    (li,) = read(f"李娜 {words}").sign_ups
    assert asked(li) == "写的是替班、换班或和别人一起，请定怎么排。"
    assert [choice.decision.shifts for choice in li.doubt.choices] == [("A1",)]


@pytest.mark.parametrize("words", WORDS_THAT_TURN)
def test_what_can_be_read_in_two_ways_is_asked(words):
    assert asked(read(f"李娜 {words}").sign_ups[0]) == "这句话可以有两种理解。"


def test_a_telephone_number_is_used_and_masked():
    placed, unknown = read("小李 138 1234 5678 8-10", "13900000000 8-10").sign_ups
    assert (placed.person, placed.how, placed.text) == ("L", How.PHONE, "小李 138****5678 8-10")
    shown = [unknown.text, unknown.name, asked(unknown), *map(str, unknown.doubt.sentences)]
    assert not any("13900000000" in words for words in shown)


def test_who_says_no_time_gets_the_shift_of_the_heading():
    chain = parse("#接龙\n周六\n【8:00-10:00】\n1. 李娜\n【20-22】\n1. 王芳\n备勤 22-24：赵敏")
    reading = read_entries(chain, make_ground())
    assert [seats(each)[0][:3] for each in reading.sign_ups] == [
        ("A1", "L", "seat"), ("A3", "W", "seat"), ("A4", "M", "reserve"),
    ]  # fmt: skip


def test_who_says_no_time_is_asked_where_there_are_several_shifts():
    (li,) = read("李娜").sign_ups
    assert asked(li) == "没有写时间。"
    assert translate(li.doubt.choices[0].text) == "A1 北门 11-28 08–10"
    (li,) = read("李娜", decisions={0: li.doubt.choices[1].decision}).sign_ups
    assert seats(li) == [("A2", "L", "seat", 1)]


def test_one_doubt_after_the_other_is_decided():
    (zhang,) = read("张伟").sign_ups
    (zhang,) = read("张伟", decisions={0: zhang.doubt.choices[1].decision}).sign_ups
    assert asked(zhang) == "没有写时间。"
    (zhang,) = read("张伟", decisions={0: zhang.doubt.choices[2].decision}).sign_ups
    assert seats(zhang) == [("A3", "Z2", "seat", 1)]


def test_a_number_or_a_time_is_asked_and_both_answers_are_followed():
    words = "#接龙\n周六值守\n" + "".join(f"{k}.\n" for k in range(1, 7)) + "7. 李娜\n8.00-10.00\n"
    li, line = read_entries(parse(words), make_ground()).sign_ups
    assert (asked(li), asked(line)) == ("下面一行可能是这一条的时间，请先定下面一条。", "这是编号还是时间？")
    is_time = line.doubt.choices[1].decision
    li, line = read_entries(parse(words), make_ground(), {1: is_time}).sign_ups
    assert (seats(li), line.state) == ([("A1", "L", "seat", 1)], State.DROPPED)
    li, line = read_entries(parse(words), make_ground(), {1: line.doubt or EntryDecision(is_entry=True)}).sign_ups
    assert (asked(li), asked(line)) == ("没有写时间。", "认不准“8.00-10.00”是谁。")


def test_a_number_that_goes_back_may_be_an_entry():
    words = "#接龙\n周六\n1. 李娜 8-10\n1. 王芳 8-10"
    _, wang = read_entries(parse(words), make_ground()).sign_ups
    assert asked(wang) == "编号没有接着上一条往下排。"
    _, wang = read_entries(parse(words), make_ground(), {1: wang.doubt.choices[0].decision}).sign_ups
    assert seats(wang) == [("A1", "W", "seat", 1)]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["张伟", "李娜", "王芳", "大螃蟹", "王大锤", "🌹", "钱进 13812345678"]),
            st.sampled_from(
                ["8-10", "", "上午都行", "取消", "20-22、22-24", "待定", "+2", "替李四", "7-9", "A1 A4", "8-10不行"]
            ),
        ),
        max_size=12,
    ),
    st.dictionaries(
        st.integers(0, 12),
        st.builds(
            EntryDecision,
            person=st.sampled_from([None, "L", "X"]),
            shifts=st.sampled_from([(), ("A1",), ("A9",)]),
            is_guest=st.booleans(),
            is_dropped=st.booleans(),
            is_overruled=st.booleans(),
        ),
        max_size=3,
    ),
)
def test_entries_are_the_sum_of_their_states_and_pasting_again_changes_nothing(entries, decisions):
    ground = make_ground(find_breaches=breach_at("A2"))
    chain = parse(chain_of(*(" ".join(entry) for entry in entries)))
    reading = read_entries(chain, ground, decisions)
    assert len(chain.entries) == sum(reading.count(state) for state in State)
    written = after(reading, ground)
    assert all(shift.filled <= shift.seats for shift in written.timetable.shifts)
    again = read_entries(chain, written)
    doubts = {k for k, each in enumerate(reading.sign_ups) if each.state is State.DOUBT}
    changed = {k for k, each in enumerate(again.sign_ups) if any(seat.is_new for seat in each.seats) or each.cancelled}
    assert changed <= doubts
    assert again.vanished == ()


@pytest.mark.parametrize(
    "words", ["8-10 ", "李娜", "1 ", "周一、", "1、", "和李", "（", "13812345678 ", "8点 ", " ", "A1"]
)
def test_no_entry_takes_long(words):
    begin = time.process_time()
    read("李娜 " + words * (40_000 // len(words.encode())))
    assert time.process_time() - begin < 5
