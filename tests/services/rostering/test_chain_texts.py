"""Rosters as texts for chat groups: open shifts with codes, and who is on duty."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from services import rostering
from services.rostering import Seating
from services.rostering.errors import ChainCommunityError, NoOpenSeatsError
from services.rostering.shift_codes import open_shifts
from services.rules.roster.duties import DutyState, Shift
from services.rules.roster.posts import Post, PostKind
from services.rules.windows import Window
from tests.services.rostering.people import put

POSTS = {"P": Post("P", "北门", PostKind.GATE, "C1"), "Q": Post("Q", "南门", PostKind.GATE, "C2")}


def shifts(count, *, day=0, first=1, post="P", seats=2):
    start = datetime(2026, 11, 30) + timedelta(days=day)
    return [
        Shift(id=first + k, post_code=post, window=Window(start, start + timedelta(hours=2)), seats=seats)
        for k in range(count)
    ]


def codes(made):
    return [shift.code for shift in open_shifts(made, POSTS, [], "C1").values()]


def test_codes_begin_anew_with_each_day():
    assert codes([*shifts(3), *shifts(2, day=1, first=4)]) == ["A1", "A2", "A3", "B1", "B2"]


def test_past_99_shifts_of_a_day_the_next_letter_goes_on():
    made = codes([*shifts(100), *shifts(1, day=1, first=200)])
    assert [made[98], made[99], made[100]] == ["A99", "B1", "C1"]


def test_no_two_shifts_share_a_code_where_letters_end():
    made = codes(shifts(26 * 99 + 2))
    assert made[-3:] == ["Z99", "#2575", "#2576"]
    assert len(set(made)) == len(made)


def test_shifts_of_other_communities_and_without_seats_have_no_code():
    assert codes([*shifts(1, post="Q"), *shifts(1, first=5, seats=0), *shifts(1, first=9)]) == ["A1"]


def test_open_shifts_of_a_day_are_a_chain_without_names(board, inputs):
    words = rostering.write_open_chain(board(), inputs, "C1", date(2026, 12, 1))
    header, title, shifts, *_more, hint, end = words.split("\n")
    assert (header, end) == ("#接龙", "1. ")
    assert "12月1日（周二）" in title
    assert "自愿" in title
    assert shifts.startswith("B1 ")
    assert "写法" in hint


def test_a_filled_shift_is_left_out_and_keeps_its_code(office, board, inputs, roster, shift_at):
    before = open_shifts(board().shifts, board().posts, board().duties, "C1")
    shift = next(number for number in before if before[number].code == "A1")
    for number in range(before[shift].seats):
        seating = Seating(shift, f"M00{number + 1}")
        rostering.put_duties(office, roster, [seating], inputs, event_id=f"p{number}", reason="x")
    words = rostering.write_open_chain(board(), inputs, "C1", date(2026, 11, 30))
    assert "A1 " not in words.split("\n")[2]
    after = open_shifts(board().shifts, board().posts, board().duties, "C1")
    assert {number: each.code for number, each in after.items()} == {n: each.code for n, each in before.items()}


def test_a_roster_by_day_masks_names_and_says_what_is_open(office, board, inputs, roster, shift_at):
    shift = shift_at(0, 8)
    put(office, roster, inputs, shift, "M001", reason="x")
    rostering.put_duties(office, roster, [Seating(shift, "M002", DutyState.RESERVE)], inputs, event_id="r", reason="x")
    words = rostering.write_duty_text(board(), inputs, "C1", date(2026, 11, 30))
    names = {board().names[code] for code in ("M001", "M002")}
    assert all(name in words and "*" in name for name in names)
    assert "备勤" in words


def test_a_chain_of_several_communities_asks_which(board, inputs):
    seen = board()
    first, *others = seen.posts.values()
    of_two = replace(seen, posts={each.code: each for each in (replace(first, community_code="C2"), *others)})
    with pytest.raises(ChainCommunityError) as refused:
        rostering.write_open_chain(of_two, inputs)
    assert "C1 雅瑶社区" in str(refused.value)
    assert rostering.write_open_chain(of_two, inputs, "C1")


def test_a_community_without_posts_has_no_chain(board, inputs):
    with pytest.raises(ChainCommunityError):
        rostering.write_open_chain(board(), inputs, "C9")


def test_where_nothing_is_open_there_is_no_chain(board, inputs):
    with pytest.raises(NoOpenSeatsError):
        rostering.write_open_chain(board(), inputs, "C1", date(2027, 1, 1))
