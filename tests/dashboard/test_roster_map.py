"""The map of 值守: communities by open seats, in one shift, on a day, in all."""

import pytest

from dashboard import cache
from dashboard.pages.roster.map import open_classes
from geo.schema import Layer
from services import rostering
from services.context import open_context
from services.rostering import RosterSettings, Seating
from services.rules.areas import EVERYWHERE
from services.rules.class_colours import NO_NEED
from services.rules.roster.pattern import WHOLE_DAY, Pattern
from services.rules.windows import Mode


@pytest.fixture
def board(own_demo):
    """Return a roster of two days with one person in it."""
    office = open_context(own_demo)
    inputs = cache.coverage_inputs()
    made = rostering.create_roster(office, EVERYWHERE, office.clock().date(), 2, Mode.EMERGENCY, event_id="new")
    settings = RosterSettings(Pattern.EIGHT_HOURS, WHOLE_DAY, ())
    rostering.generate_shifts(office, made.id, inputs, settings, event_id="shifts")
    shift = next(each for each in rostering.read_shifts(office, made.id) if each.seats)
    person = rostering.find_candidates(office, made.id, shift.id, inputs)[0]
    seating = Seating(shift.id, person.candidate.member_code)
    rostering.put_duties(office, made.id, [seating], inputs, event_id="put", reason="x")
    return rostering.read_board(office, made.id, inputs)


@pytest.fixture
def codes(board):
    return list(cache.layer_frame(Layer.COMMUNITIES).index)


def test_figures_of_all_shifts_add_up_to_the_open_seats_of_the_roster(board, codes):
    classes = open_classes(board, codes, {slot.window for slot in board.slots[""]})
    assert sum(classes.figures) == board.figures.open
    assert board.figures.filled == 1
    assert len(classes.digits) == len(codes)


def test_figures_of_a_shift_are_those_of_the_strip_and_many_are_darker_than_few(board, codes):
    slot = board.slots[""][1]
    classes = open_classes(board, codes, {slot.window})
    assert sum(classes.figures) == slot.open
    told = sorted((figure, digit) for figure, digit in zip(classes.figures, classes.digits, strict=True) if figure)
    assert [digit for _figure, digit in told] == sorted((digit for _figure, digit in told), reverse=True)
    assert told[0][1] > told[-1][1]


def test_one_shift_and_all_shifts_of_the_same_openness_have_the_same_colours(board, codes):
    """Limits grow with the number of shifts: a community without anybody is as dark in one as in all."""
    most = max(codes, key=lambda code: sum(slot.open for slot in board.slots.get(code, ())))
    place = codes.index(most)
    whole = open_classes(board, codes, {slot.window for slot in board.slots[""]})
    one = open_classes(board, codes, {board.slots[""][1].window})
    assert whole.digits[place] == one.digits[place] == min(whole.digits)


def test_a_community_without_posts_is_told_to_need_nobody(board, codes):
    digits = open_classes(board, [*codes, "elsewhere"], {board.slots[""][0].window}).digits
    assert digits[-1] == NO_NEED
