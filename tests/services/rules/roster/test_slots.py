"""Seats shift by shift add up to the seats of a roster."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from services.rules.roster.duties import Shift, filled_seats
from services.rules.roster.slots import count_by_slot
from services.rules.windows import HOUR, Window

MIDNIGHT = datetime(2026, 11, 30)


def shift(number, start, seats, hours=2, post="P"):
    begin = MIDNIGHT + start * HOUR
    return Shift(id=number, post_code=post, window=Window(begin, begin + hours * HOUR), seats=seats)


def test_shifts_of_one_time_are_one_slot_and_who_is_one_too_many_fills_none():
    shifts = [shift(1, 20, 2), shift(2, 20, 1, post="Q"), shift(3, 22, 4)]
    evening, night = count_by_slot(shifts, {1: 1, 2: 3, 3: 4})
    assert (evening.seats, evening.filled, evening.open, evening.is_night) == (3, 2, 1, False)
    assert (night.seats, night.filled, night.open, night.is_night) == (4, 4, 0, True)


def test_shifts_that_begin_together_and_end_apart_are_two_slots():
    assert [slot.seats for slot in count_by_slot([shift(1, 8, 3, 6), shift(2, 8, 1)], {})] == [1, 3]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5), st.integers(0, 7)), max_size=20))
def test_slots_add_up_to_the_roster(rows):
    shifts = [shift(number, start, seats) for number, (start, seats, _people) in enumerate(rows)]
    people = {number: count for number, (_start, _seats, count) in enumerate(rows) if count}
    slots = count_by_slot(shifts, people)
    assert sum(slot.seats for slot in slots) == sum(each.seats for each in shifts)
    assert sum(slot.filled for slot in slots) == filled_seats(shifts, people)
    assert [slot.window for slot in slots] == sorted({each.window for each in shifts})
