"""The matrix of burdens: every feature in every mode, by hand."""

from datetime import datetime, timedelta

import pytest

from services.rules.burden import (
    RULES,
    BurdenError,
    DeclaredTime,
    Feature,
    Leave,
    allowed_spans,
    declared_spans,
    leave_for,
    require,
)
from services.rules.windows import DAY, Mode, Window

START = datetime(2026, 11, 1)
FAR = datetime(2100, 1, 1)
EMERGENCY = DeclaredTime(Mode.EMERGENCY, START, START + 5 * DAY)
LOCKDOWN = DeclaredTime(Mode.LOCKDOWN, START + 5 * DAY, START + 9 * DAY)
YES, NO, SPAN, OUT = Leave.YES, Leave.NO, Leave.IN_SPAN, Leave.NEVER
MATRIX = {
    Feature.KEEP_HOURS: (YES, YES, YES),
    Feature.OWN_RECORD: (YES, YES, YES),
    Feature.LIST_POINTS: (NO, SPAN, SPAN),
    Feature.LIST_SHORT: (NO, YES, YES),
    Feature.COMPARE: (NO, SPAN, SPAN),
    Feature.FREQUENT_SHEET: (NO, YES, NO),
    Feature.UNFOUNDED_SHEET: (NO, NO, NO),
    Feature.VOICE: (NO, YES, NO),
    Feature.REMIND: (YES, YES, YES),
    Feature.REMIND_OFTEN: (NO, NO, NO),
    Feature.MANY_WHISTLES: (NO, YES, NO),
    Feature.TRACK: (OUT, OUT, OUT),
    Feature.AUTOMATIC_GRADE: (OUT, OUT, OUT),
}


def test_the_matrix_has_no_open_cell():
    assert set(MATRIX) == set(RULES) == set(Feature)


@pytest.mark.parametrize("feature", Feature)
@pytest.mark.parametrize(
    ("column", "stretches", "now"),
    [
        (0, [], START),
        (1, [EMERGENCY], START),
        (1, [LOCKDOWN], START + 6 * DAY),
        (2, [EMERGENCY], START + 5 * DAY),
        (2, [EMERGENCY], START + 35 * DAY - timedelta(seconds=1)),
        (0, [EMERGENCY], START + 35 * DAY),
    ],
    ids=["routine", "emergency", "lockdown", "just after", "29 days after", "30 days after"],
)
def test_a_feature_in_a_mode(feature, column, stretches, now):
    assert leave_for(feature, stretches, now) is MATRIX[feature][column]
    if MATRIX[feature][column] is YES:
        require(feature, stretches, now)
    else:
        with pytest.raises(BurdenError) as refusal:
            require(feature, stretches, now)
        assert refusal.value.text == RULES[feature].reason


def test_modes_back_to_back_are_one_stretch_and_separate_ones_are_two():
    later = DeclaredTime(Mode.EMERGENCY, START + 20 * DAY, START + 21 * DAY)
    assert declared_spans([later, LOCKDOWN, EMERGENCY]) == [
        Window(START, START + 9 * DAY),
        Window(later.since, later.until),
    ]


def test_a_declaration_ends_where_the_next_begins():
    ended = DeclaredTime(Mode.ROUTINE, START + 2 * DAY, FAR)
    assert declared_spans([EMERGENCY, ended]) == [Window(START, START + 2 * DAY)]


def test_lists_are_limited_to_the_declared_part_of_a_time():
    now = START + 12 * DAY
    whole = Window(START - 3 * DAY, now)
    assert allowed_spans([EMERGENCY, LOCKDOWN], whole, now) == [Window(START, START + 9 * DAY)]
    assert allowed_spans([EMERGENCY, LOCKDOWN], whole, START + 39 * DAY) == []
    require(Feature.COMPARE, [EMERGENCY, LOCKDOWN], now, Window(START + DAY, START + 8 * DAY))
    with pytest.raises(BurdenError):
        require(Feature.COMPARE, [EMERGENCY, LOCKDOWN], now, whole)
