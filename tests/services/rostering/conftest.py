"""A small district with a roster, on either store."""

from datetime import date, datetime

import pytest

from services import rostering
from services.coverage import load_inputs
from services.rostering import RosterSettings
from services.rules.areas import EVERYWHERE
from services.rules.roster.pattern import DayHours, Pattern
from services.rules.windows import Mode
from tests.services.planning.conftest import (  # noqa: F401 - fixtures
    either_store,
    file_store,
    filled,
    filled_database,
    now,
    office,
)

MONDAY = date(2026, 11, 30)
BY_DAY = RosterSettings(Pattern.TWO_HOURS, DayHours(8, 22), ())


@pytest.fixture
def store(either_store):  # noqa: F811 - the fixture above
    return either_store


@pytest.fixture
def inputs(office):  # noqa: F811 - the fixture above
    return load_inputs(office)


@pytest.fixture
def roster(office, inputs):  # noqa: F811 - the fixture above
    """A draft for a week with shifts by day."""
    made = rostering.create_roster(office, EVERYWHERE, MONDAY, 7, Mode.EMERGENCY, event_id="new")
    rostering.generate_shifts(office, made.id, inputs, BY_DAY, event_id="shifts")
    return made.id


@pytest.fixture
def board(office, inputs, roster):  # noqa: F811 - the fixture above
    """Return what stands in the roster now."""
    return lambda: rostering.read_board(office, roster, inputs)


@pytest.fixture
def shift_at(board):
    """Return the number of the shift of a kind of post at an hour of a day, the first one."""

    def find(day: int, hour: int, kind: str = "gate") -> int:
        start = datetime(2026, 11, 30 + day, hour) if day == 0 else datetime(2026, 12, day, hour)
        seen = board()
        return next(
            shift.id
            for shift in seen.shifts
            if shift.window.start == start and seen.posts[shift.post_code].kind == kind
        )

    return find
