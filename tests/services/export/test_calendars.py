"""Rosters as calendars, read back by the library."""

from datetime import UTC, datetime

import pytest
from icalendar import Calendar

from geo.schema import Layer
from services import rostering
from services.catalog.actions import Action, Role
from services.context import AuditQuery, RefusedError
from services.export.calendars import export_calendar
from services.rostering import Seating
from services.rostering.errors import UnknownGroupError, UnknownMemberError
from services.rules.roster.duties import DutyState
from tests.acting import act
from tests.services.planning.conftest import frame
from tests.services.rostering.conftest import (  # noqa: F401 - fixtures
    board,
    either_store,
    file_store,
    filled,
    filled_database,
    inputs,
    now,
    office,
    roster,
    shift_at,
    store,
)
from tests.services.rostering.test_handover import as_role


@pytest.fixture
def published(office, inputs, roster, shift_at):  # noqa: F811 - the fixtures above
    """A published roster: M001 with a yes, one of a unit to confirm, M002 in reserve, M003 taken out again."""
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.UNITS, frame({"U1": {"name": "财政局"}, "U2": {"name": "税务局"}}))
        posts = work.tx.read_layer(Layer.POSTS).drop(columns="geom", errors="ignore")
        work.tx.upsert(Layer.POSTS, posts.assign(place="北门岗亭"))
    wide = shift_at(0, 8, "roaming")
    people = [
        Seating(shift_at(0, 8), "M001"),
        Seating(wide, unit_code="U1", heads=2),
        Seating(wide, "M002", DutyState.RESERVE),
        Seating(shift_at(1, 12), "M001"),
    ]
    rostering.put_duties(office, roster, people, inputs, event_id="put", reason="x")
    rostering.publish_roster(office, roster, inputs, event_id="p")
    duties = {
        (duty.member_code, duty.window.start.day): duty.id
        for duty in rostering.read_board(office, roster, inputs).duties
    }
    rostering.set_duty_state(office, roster, [duties["M001", 30]], DutyState.CONFIRMED, event_id="c")
    rostering.take_out(office, roster, [duties["M001", 1]], event_id="t")
    return roster


def events(data):
    return list(Calendar.from_ical(data).walk("VEVENT"))


def test_a_member_gets_the_own_duties_in_utc_and_what_was_taken_out_as_cancelled(office, inputs, published):  # noqa: F811
    data = export_calendar(office, published, inputs, member_code="M001")
    first, later = events(data)
    assert first.start == datetime(2026, 11, 30, 0, tzinfo=UTC)
    assert first.end == datetime(2026, 11, 30, 2, tzinfo=UTC)
    assert b"DTSTART:20261130T000000Z" in data
    assert (first["STATUS"], later["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert first["LOCATION"] == "北门岗亭"
    assert str(first["UID"]).startswith("duty-")
    assert "@" in first["UID"]
    assert "M001" not in data.decode()
    assert "党员" not in data.decode()


def test_a_unit_gets_its_people_counted_and_nobody_elses(office, inputs, published):  # noqa: F811
    (event,) = events(export_calendar(office, published, inputs, unit_code="U1"))
    assert str(event["SUMMARY"]).endswith("2 人")
    assert event["STATUS"] == "TENTATIVE"
    assert events(export_calendar(office, published, inputs, unit_code="U2")) == []


def test_all_shifts_stand_in_the_calendar_of_the_office_with_what_is_open(office, inputs, published, board):  # noqa: F811
    told = events(export_calendar(office, published, inputs))
    shifts = [shift for shift in board().shifts if shift.seats]
    assert len(told) == len(shifts)
    assert len({str(event["UID"]) for event in told}) == len(told)
    assert sum("缺" in str(event["SUMMARY"]) for event in told) == sum(board().open_seats(each) > 0 for each in shifts)


def test_a_change_gives_the_same_entry_a_higher_sequence_and_no_change_the_same_bytes(office, inputs, published):  # noqa: F811
    before = export_calendar(office, published, inputs, member_code="M001")
    assert export_calendar(office, published, inputs, member_code="M001") == before
    first = events(before)[0]
    number = int(str(first["UID"]).split("@")[0].removeprefix("duty-"))
    rostering.set_duty_state(office, published, [number], DutyState.EXCUSED, event_id="e")
    changed = events(export_calendar(office, published, inputs, member_code="M001"))[0]
    assert changed["UID"] == first["UID"]
    assert changed["SEQUENCE"] > first["SEQUENCE"]
    assert changed["STATUS"] == "CANCELLED"


def test_a_reserve_is_told_as_one(office, inputs, published):  # noqa: F811
    (event,) = events(export_calendar(office, published, inputs, member_code="M002"))
    assert "备勤" in str(event["SUMMARY"])
    assert event["STATUS"] == "TENTATIVE"


def test_unknown_people_and_units_are_told_and_every_calendar_leaves_an_audit_row(office, inputs, published):  # noqa: F811
    with pytest.raises(UnknownMemberError):
        export_calendar(office, published, inputs, member_code="M999")
    with pytest.raises(UnknownGroupError):
        export_calendar(office, published, inputs, unit_code="U9")
    export_calendar(office, published, inputs, member_code="M001")
    export_calendar(office, published, inputs, unit_code="U1")
    with office.look(Action.VIEW_AUDIT) as tx:
        rows = tx.trail.find(AuditQuery(), limit=2)
    assert list(rows["action"]) == ["export", "export"]
    assert set(rows["object"]) == {"M001", f"roster:{published}"}


@pytest.mark.parametrize("role", [Role.SCREEN, Role.LIAISON])
def test_whoever_may_not_export_gets_none(office, inputs, published, role):  # noqa: F811
    with pytest.raises(RefusedError):
        export_calendar(as_role(office, role), published, inputs)


def test_a_commander_gets_the_shifts_and_no_persons_calendar(office, inputs, published):  # noqa: F811
    commander = as_role(office, Role.DISTRICT_COMMANDER)
    assert events(export_calendar(commander, published, inputs))
    with pytest.raises(RefusedError):
        export_calendar(commander, published, inputs, member_code="M001")
