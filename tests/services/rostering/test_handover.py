"""The handover of an area from its published rosters, on both stores."""

from datetime import datetime

import pytest

from geo.schema import Layer
from services import rostering
from services.catalog.actions import Action, Role
from services.people import erase_person
from services.rostering import RosterSettings
from services.rostering.handover_texts import row_texts
from services.rules.areas import Area
from services.rules.roles import Actor
from services.rules.roster.duties import DutyState
from services.rules.roster.pattern import WHOLE_DAY, Pattern
from services.rules.windows import Mode
from tests.acting import act
from tests.services.planning.conftest import frame, square, zone
from tests.services.rostering.conftest import MONDAY
from tests.services.rostering.people import put

NINE = datetime(2026, 11, 30, 9, 0, 40)


def as_role(office, role, area=None):
    actor = Actor("值班", role, area) if area else Actor("值班", role)
    return office.__class__(office._store, actor, office.clock)


@pytest.fixture
def published(office, inputs, roster, shift_at):
    """Publish the week with one person at a gate from 8 to 10, and another after them."""
    put(office, roster, inputs, shift_at(0, 8), "M001", "a")
    put(office, roster, inputs, shift_at(0, 10), "M002", "b")
    rostering.publish_roster(office, roster, inputs, event_id="p")
    return roster


def gate(handover):
    """Return the row of the post where somebody stands."""
    return next(row for row in handover.rows if row.people)


def test_a_draft_is_not_shown(office, inputs, roster, shift_at):
    put(office, roster, inputs, shift_at(0, 8), "M001")
    handover = rostering.read_handover(office, inputs, NINE)
    assert (handover.rows, handover.rosters) == ([], 0)


def test_figures_of_the_handover_are_those_of_the_board_at_the_time(office, inputs, published, board):
    handover = rostering.read_handover(office, inputs, NINE)
    seen = board()
    running = [shift for shift in seen.shifts if shift.window.start <= NINE < shift.window.end]
    soon = [shift for shift in seen.shifts if NINE < shift.window.start <= handover.until]
    assert running
    assert soon
    figures = handover.figures
    assert figures.seats == sum(shift.seats for shift in running)
    assert figures.open == sum(seen.open_seats(shift) for shift in running)
    assert figures.open_soon == sum(seen.open_seats(shift) for shift in soon)
    assert figures.people + figures.open == figures.seats
    assert (figures.people, figures.departures, figures.arrivals) == (1, 1, 1)
    assert (handover.at, handover.until) == (datetime(2026, 11, 30, 9), datetime(2026, 11, 30, 11))
    assert figures.unmanned == sum(shift.seats > 0 and not seen.seats_by_shift.get(shift.id) for shift in running)
    assert handover.within("C1").figures == figures
    assert handover.within("C9").rows == []


def test_names_are_masked_and_said_to_whoever_may_see_people_alone(office, inputs, published):
    handover = rostering.read_handover(office, inputs, NINE)
    assert {name[-1] for name in handover.names.values()} == {"*"}
    words = row_texts(handover, gate(handover))
    assert words[2].startswith(f"1/{gate(handover).seats} {handover.names['M001']}（待确认）")
    assert (words[3], words[4]) == (f"10:00 {handover.names['M001']}", f"10:00 {handover.names['M002']}（待确认）")
    for role in (Role.SCREEN, Role.DISTRICT_COMMANDER):
        seen = rostering.read_handover(as_role(office, role), inputs, NINE)
        assert (seen.names, seen.figures) == ({}, handover.figures)
        assert "M001" not in repr(seen)
        assert row_texts(seen, gate(seen))[3:5] == ("10:00 1 人", "10:00 1 人")


def test_a_community_sees_its_posts_of_a_wider_roster_and_names_of_its_own_people(office, inputs, roster, shift_at):
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.COMMUNITIES, frame({"C2": zone("邻社区", "S")}, [square(0, 5000, 100)]))
        work.tx.upsert(Layer.GRIDS, frame({"G9": zone("九格", "C2", residents=100, households=40)}, [square(0, 5000)]))
        parts = dict.fromkeys(f"available_{part}" for part in ("workday", "evening", "weekend", "night"))
        work.tx.upsert(Layer.MEMBERS, frame({"M900": {"name": "邻居"} | parts}))
        there = {"grid_code": "G9", "estate_code": None, "method": "inside", "distance_m": 0.0}
        work.tx.put_assignment("M900", **there, confidence=1.0, ambiguous=False)
    put(office, roster, inputs, shift_at(0, 8), "M900", "a", reason="x")
    put(office, roster, inputs, shift_at(0, 10), "M002", "b")
    rostering.publish_roster(office, roster, inputs, event_id="p")
    own = rostering.read_handover(as_role(office, Role.SECRETARY, Area(Layer.COMMUNITIES, "C1")), inputs, NINE)
    assert set(own.names) == {"M002"}
    assert row_texts(own, gate(own))[2].endswith(" 1 人（待确认）")
    assert own.figures == rostering.read_handover(office, inputs, NINE).figures
    other = rostering.read_handover(as_role(office, Role.SECRETARY, Area(Layer.COMMUNITIES, "C2")), inputs, NINE)
    assert (other.rows, other.rosters) == ([], 1)


def test_whoever_is_absent_leaves_the_post_without_anybody(office, inputs, published, board, now):
    duty = next(duty for duty in board().duties if duty.member_code == "M001")
    before = rostering.read_handover(office, inputs, NINE).figures
    rostering.set_duty_state(office, published, [duty.id], DutyState.EXCUSED, event_id="e")
    handover = rostering.read_handover(office, inputs, NINE)
    assert (handover.figures.people, handover.figures.unmanned) == (0, before.unmanned + 1)
    row = next(row for row in handover.rows if row.post_code == duty.post_code)
    assert (row.unmanned_from, row_texts(handover, row)[1]) == (handover.at, "现在无人")


def test_an_erased_person_is_no_longer_there(office, inputs, published):
    erase_person(office, "M001", reason="本人要求")
    assert rostering.read_handover(office, inputs, NINE).figures.people == 0


def test_the_last_shift_of_a_roster_is_shown_into_the_day_after_it(office, inputs):
    made = rostering.create_roster(office, Area(Layer.COMMUNITIES, "C1"), MONDAY, 1, Mode.EMERGENCY, event_id="x")
    four = RosterSettings(Pattern.FOUR_SHIFTS, WHOLE_DAY, ())
    rostering.generate_shifts(office, made.id, inputs, four, event_id="y")
    rostering.publish_roster(office, made.id, inputs, event_id="z")
    late = rostering.read_handover(office, inputs, datetime(2026, 12, 1, 0, 30))
    assert late.figures.seats > 0
    assert rostering.read_handover(office, inputs, datetime(2026, 12, 1, 1)).rows == []
