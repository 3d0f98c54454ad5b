"""Handover: who is there, leaves and comes at each post, and where nobody is."""

from collections import Counter
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from services.rules.roster.duties import FILLING, Duty, DutyState, Shift, seats_taken
from services.rules.roster.handover import SOON, count_heads, find_handovers
from services.rules.windows import HOUR, Window

MIDNIGHT = datetime(2026, 11, 30)
EIGHT = MIDNIGHT + 20 * HOUR


def window(start, end):
    return Window(MIDNIGHT + start * HOUR, MIDNIGHT + end * HOUR)


def shift(number, start, end, seats=1, post="P"):
    return Shift(id=number, post_code=post, window=window(start, end), seats=seats)


def duty(of, member, state=DutyState.CONFIRMED, **more):
    number = more.pop("id", of.id * 100 + sum(map(ord, member)))
    return Duty(
        id=number, shift_id=of.id, window=of.window, post_code=of.post_code, member_code=member, state=state, **more
    )


def only(shifts, duties, at=EIGHT):
    (row,) = find_handovers(shifts, duties, at)
    return row


def members(stints):
    return [stint.duty.member_code for stint in stints]


def test_whoever_goes_on_at_the_same_post_neither_leaves_nor_comes():
    early, late = shift(1, 20, 22, 2), shift(2, 22, 24, 2)
    row = only([early, late], [duty(early, "A"), duty(early, "B"), duty(late, "A"), duty(late, "C")])
    assert members(row.people) == ["B", "A"]
    assert members(row.departures) == ["B"]
    assert members(row.arrivals) == ["C"]
    assert row.people[1].window == window(20, 24)
    assert (row.open_seats, row.open_soon, row.unmanned_from) == (0, (), None)


def test_whoever_goes_on_at_another_post_leaves_the_one_and_comes_to_the_other():
    here, there = shift(1, 20, 22), shift(2, 22, 24, post="Q")
    rows = {row.post_code: row for row in find_handovers([here, there], [duty(here, "A"), duty(there, "A")], EIGHT)}
    assert members(rows["P"].departures) == ["A"] == members(rows["Q"].arrivals)
    assert rows["P"].unmanned_from is None


def test_whoever_comes_back_after_a_while_leaves_and_comes():
    first, pause, last = shift(1, 20, 21), shift(2, 21, 22), shift(3, 22, 24)
    row = only([first, pause, last], [duty(first, "A"), duty(last, "A")])
    assert members(row.departures) == members(row.arrivals) == ["A"]
    assert row.unmanned_from == MIDNIGHT + 21 * HOUR


def test_a_post_that_loses_its_last_person_while_people_are_needed_is_unmanned_from_then():
    early, late = shift(1, 19, 21), shift(2, 21, 23, 2)
    row = only([early, late], [duty(early, "A")])
    assert row.unmanned_from == MIDNIGHT + 21 * HOUR
    assert [each.seats for each in row.open_soon] == [2]
    closes = only([early], [duty(early, "A")])
    assert (members(closes.departures), closes.unmanned_from) == (["A"], None)


def test_whoever_stays_away_or_stands_by_is_not_there():
    now = shift(1, 20, 22, 2)
    row = only(
        [now], [duty(now, "A", DutyState.ABSENT), duty(now, "B", DutyState.RESERVE), duty(now, "C", DutyState.EXCUSED)]
    )
    assert (row.heads, row.open_seats, row.reserves, row.unmanned_from) == (0, 2, 1, EIGHT)


def test_at_the_minute_of_the_change_those_who_were_there_are_gone_and_those_after_them_there():
    early, late = shift(1, 18, 20), shift(2, 20, 22)
    row = only([early, late], [duty(early, "A"), duty(late, "B")])
    assert members(row.people) == ["B"] == members(row.departures)
    assert row.arrivals == ()


def test_people_of_a_team_go_on_where_as_many_of_it_do():
    early, late = shift(1, 20, 22, 3), shift(2, 22, 24, 3)
    same = only([early, late], [duty(early, "", team_code="T", heads=3), duty(late, "", team_code="T", heads=3)])
    assert (count_heads(same.people), same.departures, same.arrivals) == (3, (), ())
    fewer = only([early, late], [duty(early, "", team_code="T", heads=3), duty(late, "", team_code="T", heads=2)])
    assert (count_heads(fewer.departures), count_heads(fewer.arrivals)) == (3, 2)


def test_posts_without_anybody_come_first_and_nobody_needed_nowhere_is_no_row():
    shifts = [shift(1, 20, 22, 3, "A"), shift(2, 20, 22, 1, "B"), shift(3, 22, 24, 1, "C"), shift(4, 20, 22, 0, "D")]
    rows = find_handovers(shifts, [duty(shifts[0], "M")], EIGHT)
    assert [row.post_code for row in rows] == ["B", "C", "A"]


@st.composite
def days(draw):
    """Shifts of two posts of one to three hours over six hours, people who stand in one at a time, and an instant."""
    shifts, duties = [], []
    for post in "PQ":
        start = 18
        while start < 24:
            end = min(start + draw(st.integers(1, 3)), 24)
            shifts.append(shift(len(shifts) + 1, start, end, draw(st.integers(0, 3)), post))
            start = end
    for member in "ABCDE":
        free = 18
        for each in sorted(shifts, key=lambda one: (one.window, one.id)):
            if each.window.start >= MIDNIGHT + free * HOUR and draw(st.booleans()):
                state = draw(st.sampled_from([*DutyState]))
                duties.append(duty(each, member, state, id=len(duties) + 1))
                free = (each.window.end - MIDNIGHT) // HOUR
    return shifts, duties, MIDNIGHT + draw(st.integers(18 * 4, 24 * 4 - 1)) * HOUR / 4


@given(day=days())
def test_people_and_open_seats_are_the_seats_and_nobody_stands_in_two_lists(day):
    shifts, duties, at = day
    rows = find_handovers(shifts, duties, at)
    taken = seats_taken(duties)
    running = [each for each in shifts if each.window.start <= at < each.window.end]
    beyond = sum(max(taken.get(each.id, 0) - each.seats, 0) for each in running)
    seats = sum(each.seats for each in running)
    assert sum(row.seats for row in rows) == seats
    assert sum(row.heads + row.open_seats for row in rows) == seats + beyond
    there = Counter(
        each.member_code for each in duties if each.state in FILLING and each.window.start <= at < each.window.end
    )
    assert Counter(member for row in rows for member in members(row.people)) == there
    for row in rows:
        assert set(row.departures) <= set(row.people)
        assert not set(row.arrivals) & set(row.people)
        for stint in row.departures:
            own = [each for each in duties if each.member_code == stint.duty.member_code and each.state in FILLING]
            assert at < stint.window.end <= at + SOON
            assert not any((each.window.start, each.post_code) == (stint.window.end, row.post_code) for each in own)
        for stint in row.arrivals:
            own = [each for each in duties if each.member_code == stint.duty.member_code and each.state in FILLING]
            assert at < stint.window.start <= at + SOON
            assert not any((each.window.end, each.post_code) == (stint.window.start, row.post_code) for each in own)


@given(day=days())
def test_a_post_is_unmanned_from_the_first_minute_at_which_people_are_needed_and_nobody_is_there(day):
    shifts, duties, at = day
    found = {row.post_code: row.unmanned_from for row in find_handovers(shifts, duties, at)}
    for post in "PQ":
        moments = (at + step * HOUR / 4 for step in range(9))
        first = next((moment for moment in moments if is_unmanned(shifts, duties, post, moment)), None)
        assert found.get(post) == first


def is_unmanned(shifts, duties, post, moment):
    """Tell the same by looking at one instant alone."""
    needed = any(
        each.seats and each.post_code == post and each.window.start <= moment < each.window.end for each in shifts
    )
    there = any(
        each.state in FILLING and each.post_code == post and each.window.start <= moment < each.window.end
        for each in duties
    )
    return needed and not there
