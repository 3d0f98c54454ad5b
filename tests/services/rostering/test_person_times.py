"""The times of one person and the duties of one unit, on both stores."""

from datetime import date, datetime, time

import pytest

from geo.schema import Layer
from services import rostering
from services.catalog.actions import Action, Role
from services.context import RefusedError
from services.people import erase_person, export_person
from services.rostering import Seating
from services.rostering.errors import UnknownMemberError
from services.rostering.person_times import away_line, duty_line, free_line
from services.rules.areas import Area, OutsideAreaError
from services.rules.roster.duties import DutyState
from services.rules.roster.free_times import FreeAnswer
from tests.acting import act
from tests.services.planning.conftest import frame
from tests.services.rostering.people import put
from tests.services.rostering.test_handover import as_role

UNIT = Area(Layer.UNITS, "U1")


@pytest.fixture
def times(office, inputs, roster, shift_at):
    """M001 on Monday and Wednesday, taken out of Tuesday, free in the evening, away for a day."""
    put(office, roster, inputs, shift_at(0, 8), "M001", "a")
    put(office, roster, inputs, shift_at(2, 10), "M001", "b")
    put(office, roster, inputs, shift_at(1, 12), "M001", "c", reason="本人同意")
    rostering.publish_roster(office, roster, inputs, event_id="p")
    taken = next(duty.id for duty in rostering.read_board(office, roster, inputs).duties if duty.window.start.day == 1)
    rostering.take_out(office, roster, [taken], event_id="t")
    rostering.note_free_time(office, "M001", time(18), time(22), FreeAnswer.YES, since=date(2026, 11, 30), weekday=8)
    rostering.note_absence(office, "M001", datetime(2026, 12, 5, 8), datetime(2026, 12, 6))
    return lambda: rostering.read_person_times(office, "M001")


def test_a_person_has_duties_by_day_free_times_and_absences(times):
    seen = times()
    assert list(seen.by_day()) == [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)]
    lines = [duty_line(each) for each in seen.duties]
    assert lines[0].startswith("08:00–10:00 ")
    assert lines[0].endswith(" · 待确认")
    assert lines[1].endswith(" · 已撤下")
    assert [free_line(each) for each in seen.free_times] == ["工作日 18:00–22:00 能来"]
    assert [away_line(each) for each in seen.absences] == ["12-05 周六 08:00–24:00"]


def test_erased_with_the_person_and_before_in_the_export_of_the_own_data(office, times):
    told = export_person(office, "M001")
    stood = {duty["start"][5:10]: (duty["state"], duty["reason"]) for duty in told["duties"]}
    assert stood == {"11-30": ("asked", ""), "12-01": ("cancelled", "本人同意"), "12-02": ("asked", "")}
    assert (len(told["free_times"]), len(told["absences"])) == (1, 1)
    erase_person(office, "M001", reason="本人要求")
    with pytest.raises(UnknownMemberError):
        times()
    with office.look(Action.VIEW_PEOPLE) as tx:
        assert tx.rosters.read_of_member("M001") == {"duties": [], "free_times": [], "absences": []}


def test_where_a_duty_elsewhere_is_is_not_told(office, times):
    with act(office, Action.IMPORT) as work:
        posts = work.tx.read_layer(Layer.POSTS).drop(columns="geom", errors="ignore")
        work.tx.upsert(Layer.POSTS, posts.assign(community_code="C9", grid_code=None, estate_code=None))
    secretary = as_role(office, Role.SECRETARY, Area(Layer.COMMUNITIES, "C1"))
    seen = rostering.read_person_times(secretary, "M001")
    assert {(each.post_name, each.place) for each in seen.duties} == {("", "")}
    assert "外出值守" in duty_line(seen.duties[0])


@pytest.mark.parametrize("role", [Role.SCREEN, Role.DISTRICT_COMMANDER])
def test_whoever_may_not_look_at_people_sees_no_times(office, times, role):
    with pytest.raises(RefusedError):
        rostering.read_person_times(as_role(office, role), "M001")


def test_a_liaison_sees_the_duties_of_the_own_unit_counted(office, inputs, roster, shift_at):
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.UNITS, frame({"U1": {"name": "财政局"}, "U2": {"name": "税务局"}}))
        people = work.tx.read_layer(Layer.MEMBERS).loc[["M001"]].drop(columns="geom", errors="ignore")
        work.tx.upsert(Layer.MEMBERS, people.assign(unit_code="U1"))
        teams = work.tx.read_layer(Layer.TEAMS).loc[["T1"]].drop(columns="geom", errors="ignore")
        work.tx.upsert(Layer.TEAMS, teams.assign(unit_code="U1"))
    wide = shift_at(0, 8, "roaming")
    seatings = [
        Seating(shift_at(0, 8), "M001"),
        Seating(wide, team_code="T1", heads=1),
        Seating(wide, unit_code="U1", heads=1),
        Seating(shift_at(0, 10), "M002"),
        Seating(shift_at(0, 10, "roaming"), unit_code="U2", heads=1),
    ]
    rostering.put_duties(office, roster, seatings, inputs, event_id="put", reason="x")
    liaison = as_role(office, Role.LIAISON, UNIT)
    assert rostering.read_unit_duties(liaison, "U1") == []  # a draft is nobody's yet
    rostering.publish_roster(office, roster, inputs, event_id="p")
    seen = rostering.read_unit_duties(liaison, "U1")
    assert [(each.duty.team_code, each.duty.unit_code, each.duty.heads, each.duty.state) for each in seen] == [
        ("", "", 1, DutyState.ASKED),
        ("T1", "", 1, DutyState.ASKED),
        ("", "U1", 1, DutyState.ASKED),
    ]
    assert all(each.post_name for each in seen)
    assert "M001" not in repr(seen)
    with pytest.raises(OutsideAreaError):
        rostering.read_unit_duties(liaison, "U2")
