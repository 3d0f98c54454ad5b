"""A roster from its first day to its end, on both stores."""

from datetime import date, datetime, time, timedelta

import pytest

from geo.schema import Layer
from services import rostering
from services.catalog.actions import Action, Role
from services.context import AuditQuery, RefusedError
from services.coverage import load_inputs
from services.coverage.posts import read_posts, zone_chain
from services.export.layers import export_layer
from services.imports import count_rows
from services.people import Periods, clean_up, erase_person, export_person
from services.rostering import RosterSettings, RosterState
from services.rostering.errors import (
    DoublePostError,
    ManyShiftsError,
    NoPostsError,
    PastPeriodError,
    RosterClosedError,
    RosterEmptyError,
    UnknownRosterError,
)
from services.rules.areas import EVERYWHERE, Area, OutsideAreaError
from services.rules.roles import Actor
from services.rules.roster.duties import ROSTERS, DutyState
from services.rules.roster.free_times import FreeAnswer
from services.rules.roster.pattern import DayHours, Pattern
from services.rules.windows import Mode, Window, WindowError
from tests.acting import act
from tests.services.planning.conftest import frame, square, zone
from tests.services.rostering.conftest import BY_DAY, MONDAY
from tests.services.rostering.people import people, put

# Making


def test_a_roster_is_of_whole_days_and_named_after_the_first(office):
    made = rostering.create_roster(office, EVERYWHERE, MONDAY, 7, Mode.ROUTINE, event_id="x")
    assert (made.name, made.state, made.days) == ("11-30 起的值守表", RosterState.DRAFT, 7)
    assert made.period == Window(datetime(2026, 11, 30), datetime(2026, 12, 7))
    again = rostering.create_roster(office, EVERYWHERE, MONDAY, 7, Mode.ROUTINE, event_id="x")
    assert again.id == made.id
    assert [each.id for each in rostering.list_rosters(office)] == [made.id]


@pytest.mark.parametrize(
    ("start", "days", "error"), [(date(2026, 11, 1), 7, PastPeriodError), (MONDAY, 32, WindowError)]
)
def test_a_period_that_is_over_or_too_long_is_refused(office, start, days, error):
    with pytest.raises(error):
        rostering.create_roster(office, EVERYWHERE, start, days, Mode.ROUTINE, event_id="x")
    assert rostering.list_rosters(office, *RosterState) == []


def test_shifts_are_made_from_need_with_the_posts_they_take(office, inputs, roster, board):
    seen = board()
    assert {post.kind for post in seen.posts.values()} >= {"gate", "roaming"}
    by_shift = {}
    for shift in seen.shifts:
        by_shift[shift.window] = by_shift.get(shift.window, 0) + shift.seats
    windows, plan = sorted(by_shift), rostering.look_at_shifts(office, roster, inputs, BY_DAY)[1]
    assert len(windows) == 7 * 7
    assert sum(by_shift.values()) == plan.total
    assert plan.need <= plan.total < plan.need + len(windows)
    with act(office, Action.IMPORT) as work:
        assert set(work.tx.read_codes(Layer.POSTS)) == set(seen.posts)


def test_shifts_made_again_keep_their_people_and_what_nobody_needs_stays_while_somebody_is_in_it(
    office, inputs, roster, board, shift_at
):
    evening, morning = shift_at(0, 20), shift_at(0, 8)
    put(office, roster, inputs, evening, "M001", "a")
    put(office, roster, inputs, morning, "M002", "b")
    by_morning = RosterSettings(Pattern.TWO_HOURS, DayHours(8, 12), ())
    made = rostering.generate_shifts(office, roster, inputs, by_morning, event_id="again")
    assert made.no_longer_needed == 1
    seen = board()
    assert {duty.shift_id for duty in seen.duties} == {evening, morning}
    left = next(shift for shift in seen.shifts if shift.id == evening)
    assert (left.seats, left.needed) == (0, 0.0)
    assert {shift.window.start.hour for shift in seen.shifts if shift.seats} == {8, 10}


def test_posts_of_a_community_that_has_some_stay_the_only_ones_but_for_the_roaming_one(office, inputs):
    with act(office, Action.IMPORT) as work:
        rows = {"P1": {"name": "北门", "community_code": "C1", "grid_code": "G2", "estate_code": "E1", "kind": "gate"}}
        work.tx.upsert(Layer.POSTS, frame(rows, [square(130, 25, 1).centroid]).assign(active=True))
    made = rostering.create_roster(office, EVERYWHERE, MONDAY, 1, Mode.EMERGENCY, event_id="x")
    rostering.generate_shifts(office, made.id, inputs, BY_DAY, event_id="y")
    assert set(rostering.read_board(office, made.id, inputs).posts) == {"P1", "roaming-C1"}


def test_kinds_of_posts_can_be_chosen(office, inputs):
    made = rostering.create_roster(office, EVERYWHERE, MONDAY, 1, Mode.EMERGENCY, event_id="x")
    gates = RosterSettings(Pattern.TWO_HOURS, DayHours(8, 22), ("gate",))
    rostering.generate_shifts(office, made.id, inputs, gates, event_id="y")
    kinds = {post.kind for post in rostering.read_board(office, made.id, inputs).posts.values()}
    assert kinds <= {"gate", "roaming"}


def test_more_shifts_than_a_roster_holds_are_refused_and_nothing_is_written(office, inputs, monkeypatch):
    monkeypatch.setattr("services.rostering.generation.MOST_SHIFTS", 10)
    made = rostering.create_roster(office, EVERYWHERE, MONDAY, 7, Mode.EMERGENCY, event_id="x")
    with pytest.raises(ManyShiftsError):
        rostering.generate_shifts(office, made.id, inputs, BY_DAY, event_id="y")
    assert rostering.read_board(office, made.id, inputs).shifts == []
    with act(office, Action.IMPORT) as work:
        assert work.tx.read_codes(Layer.POSTS) == []


# Publishing


def test_published_people_are_to_confirm_and_the_version_of_rosters_grows(office, inputs, roster, board, shift_at):
    put(office, roster, inputs, shift_at(0, 8), "M001")
    with office.look(Action.VIEW_ROSTER) as tx:
        before = tx.versions().get(ROSTERS, 0)
    done = rostering.publish_roster(office, roster, inputs, event_id="p")
    assert (done.people, done.to_confirm, done.seats) == (1, 1, board().figures.seats)
    assert people(board) == [("M001", 8, DutyState.ASKED)]
    assert done.roster.state is RosterState.PUBLISHED
    assert not done.roster.undoable
    with office.look(Action.VIEW_ROSTER) as tx:
        assert tx.versions()[ROSTERS] > before
    again = rostering.publish_roster(office, roster, inputs, event_id="p")
    assert again == done


def test_in_a_published_roster_states_are_noted_and_who_is_taken_out_stays_to_be_seen(
    office, inputs, roster, board, shift_at
):
    put(office, roster, inputs, shift_at(0, 8), "M001", "a")
    rostering.publish_roster(office, roster, inputs, event_id="p")
    (duty,) = board().duties
    rostering.set_duty_state(office, roster, [duty.id], DutyState.CONFIRMED, event_id="c")
    assert people(board) == [("M001", 8, DutyState.CONFIRMED)]
    rostering.take_out(office, roster, [duty.id], event_id="t")
    assert people(board) == [("M001", 8, DutyState.CANCELLED)]
    assert board().figures.filled == 0
    put(office, roster, inputs, shift_at(0, 8), "M001", "b")
    assert people(board) == [("M001", 8, DutyState.ASKED), ("M001", 8, DutyState.CANCELLED)]


def test_a_roster_without_shifts_is_not_published(office, inputs):
    made = rostering.create_roster(office, EVERYWHERE, MONDAY, 7, Mode.ROUTINE, event_id="x")
    with pytest.raises(RosterEmptyError):
        rostering.publish_roster(office, made.id, inputs, event_id="p")


def test_two_published_rosters_never_hold_a_post_at_the_same_time(office, inputs, roster):
    rostering.publish_roster(office, roster, inputs, event_id="p")
    other = rostering.create_roster(office, EVERYWHERE, date(2026, 12, 6), 7, Mode.EMERGENCY, event_id="o")
    rostering.generate_shifts(office, other.id, inputs, BY_DAY, event_id="os")
    with pytest.raises(DoublePostError, match="11-30"):
        rostering.publish_roster(office, other.id, inputs, event_id="q")
    assert rostering.read_roster(office, other.id).state is RosterState.DRAFT
    later = rostering.create_roster(office, EVERYWHERE, date(2026, 12, 7), 7, Mode.EMERGENCY, event_id="l")
    rostering.generate_shifts(office, later.id, inputs, BY_DAY, event_id="ls")
    assert rostering.publish_roster(office, later.id, inputs, event_id="r").roster.state is RosterState.PUBLISHED


def test_a_closed_roster_is_not_changed_any_more(office, inputs, roster, shift_at):
    shift = shift_at(0, 8)
    rostering.close_roster(office, roster, event_id="c")
    with pytest.raises(RosterClosedError):
        put(office, roster, inputs, shift, "M001")
    with pytest.raises(RosterClosedError):
        rostering.publish_roster(office, roster, inputs, event_id="p")
    assert rostering.list_rosters(office) == []
    assert [each.id for each in rostering.list_rosters(office, RosterState.CLOSED)] == [roster]


def test_nobody_needed_anywhere_is_told(office, store):
    with act(office, Action.IMPORT) as work:
        work.tx.delete(Layer.ESTATES, ["E1"])
        for code in ("G1", "G2", "G3", "G4"):
            work.tx.change_row(Layer.GRIDS, code, {"residents": 0, "households": 0})
    made = rostering.create_roster(office, EVERYWHERE, MONDAY, 1, Mode.ROUTINE, event_id="x")
    with pytest.raises(NoPostsError):
        rostering.generate_shifts(office, made.id, load_inputs(office), BY_DAY, event_id="y")


def test_what_is_not_there_is_told(office, inputs):
    with pytest.raises(UnknownRosterError):
        rostering.read_board(office, 99, inputs)


# Candidates


def test_candidates_are_free_near_and_not_there_already(office, inputs, roster, shift_at):
    shift = shift_at(0, 8)
    put(office, roster, inputs, shift, "M001", "a")
    put(office, roster, inputs, shift_at(0, 8, "roaming"), "M002", "b")
    found = rostering.find_candidates(office, roster, shift, inputs, limit=200)
    codes = [person.candidate.member_code for person in found]
    assert "M001" not in codes
    assert "M002" not in codes
    assert {"M000", "M003"} <= set(codes)
    assert all(person.name.startswith("党*") for person in found)
    keys = [(bool(p.candidate.breaches), p.candidate.load, p.candidate.distance) for p in found]
    assert keys == sorted(keys)


def test_one_duty_puts_somebody_behind_those_who_have_none(office, inputs, roster, shift_at):
    first = rostering.find_candidates(office, roster, shift_at(2, 8), inputs, limit=1)[0].candidate.member_code
    put(office, roster, inputs, shift_at(0, 8), first, "a")
    found = rostering.find_candidates(office, roster, shift_at(2, 8), inputs, limit=200)
    (again,) = [person.candidate for person in found if person.candidate.member_code == first]
    assert (again.count, again.load) == (1, 1.0)
    assert found[0].candidate.member_code != first


# Role and area


def as_secretary(office, code="C1", role=Role.SECRETARY):
    return office.__class__(office._store, Actor("书记", role, Area(Layer.COMMUNITIES, code)), office.clock)


def test_a_secretary_keeps_the_roster_of_the_own_community(office, inputs):
    secretary = as_secretary(office)
    made = rostering.create_roster(secretary, Area(Layer.COMMUNITIES, "C1"), MONDAY, 1, Mode.EMERGENCY, event_id="x")
    rostering.generate_shifts(secretary, made.id, inputs, BY_DAY, event_id="y")
    shift = rostering.read_board(secretary, made.id, inputs).shifts[0].id
    put(secretary, made.id, inputs, shift, "M001")
    with pytest.raises(OutsideAreaError):
        rostering.create_roster(secretary, EVERYWHERE, MONDAY, 1, Mode.EMERGENCY, event_id="z")


def test_rosters_of_wider_areas_and_people_from_elsewhere_stay_outside(office, inputs, roster):
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.COMMUNITIES, frame({"C2": zone("邻社区", "S")}, [square(0, 5000, 100)]))
        work.tx.upsert(Layer.GRIDS, frame({"G9": zone("九格", "C2", residents=100, households=40)}, [square(0, 5000)]))
        parts = dict.fromkeys(f"available_{part}" for part in ("workday", "evening", "weekend", "night"))
        work.tx.upsert(Layer.MEMBERS, frame({"M900": {"name": "邻居"} | parts}))
        there = {"grid_code": "G9", "estate_code": None, "method": "inside", "distance_m": 0.0}
        work.tx.put_assignment("M900", **there, confidence=1.0, ambiguous=False)
    secretary = as_secretary(office)
    with pytest.raises(OutsideAreaError):
        rostering.read_board(secretary, roster, inputs)
    own = rostering.create_roster(secretary, Area(Layer.COMMUNITIES, "C1"), MONDAY, 1, Mode.EMERGENCY, event_id="x")
    rostering.generate_shifts(secretary, own.id, inputs, BY_DAY, event_id="y")
    board = rostering.read_board(secretary, own.id, inputs)
    assert {post.community_code for post in board.posts.values()} == {"C1"}
    with pytest.raises(OutsideAreaError):
        put(secretary, own.id, inputs, board.shifts[0].id, "M900")
    with pytest.raises(OutsideAreaError):
        rostering.read_board(as_secretary(office, "C2"), own.id, inputs)


@pytest.mark.parametrize("role", [Role.SCREEN, Role.DISTRICT_COMMANDER])
def test_who_only_looks_changes_nothing_and_sees_no_names(office, inputs, roster, shift_at, role):
    put(office, roster, inputs, shift_at(0, 8), "M001")
    viewer = office.__class__(office._store, Actor("屏", role), office.clock)
    seen = rostering.read_board(viewer, roster, inputs)
    assert seen.figures.filled == 1
    assert seen.names == {}
    with pytest.raises(RefusedError):
        rostering.take_out(viewer, roster, [seen.duties[0].id], event_id="t")


def test_every_change_leaves_an_audit_row(office, inputs, roster, shift_at):
    put(office, roster, inputs, shift_at(0, 8), "M001")
    rostering.publish_roster(office, roster, inputs, event_id="p")
    with office.look(Action.VIEW_AUDIT) as tx:
        rows = tx.trail.find(AuditQuery(), limit=10)
    assert {"keep_roster", "publish_roster"} <= set(rows["action"])
    assert "M001" not in "".join(rows["detail"])


def test_posts_of_another_area_are_neither_exported_nor_counted(office, inputs, roster):
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.COMMUNITIES, frame({"C2": zone("邻社区", "S")}, [square(0, 5000, 100)]))
    secretary = as_secretary(office, "C2")
    assert count_rows(secretary)[Layer.POSTS] == 0
    assert count_rows(as_secretary(office))[Layer.POSTS] == count_rows(office)[Layer.POSTS] > 0
    assert export_layer(secretary, Layer.POSTS).empty
    assert "roaming-C1" in export_layer(as_secretary(office), Layer.POSTS).index


def test_a_post_that_names_a_grid_of_another_community_stays_in_its_own(office, inputs):
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.COMMUNITIES, frame({"C2": zone("邻社区", "S")}, [square(0, 5000, 100)]))
        rows = {"P1": {"name": "外门", "community_code": "C2", "grid_code": "G2", "estate_code": "E1", "kind": "gate"}}
        work.tx.upsert(Layer.POSTS, frame(rows).assign(active=True))
    inputs = load_inputs(office)
    with office.look(Action.VIEW_ROSTER) as tx:
        posts = read_posts(tx, zone_chain(inputs), office.scope_in(tx))
    assert (posts["P1"].community_code, posts["P1"].zone_code) == ("C2", "C2")


def test_an_erased_person_is_gone_from_rosters_and_the_seats_to_come_are_open(
    office, inputs, roster, board, shift_at, now
):
    put(office, roster, inputs, shift_at(0, 8), "M001", "a")
    put(office, roster, inputs, shift_at(2, 10), "M001", "b")
    put(office, roster, inputs, shift_at(2, 12), "M002", "c")
    rostering.note_absence(office, "M001", datetime(2026, 12, 5), datetime(2026, 12, 6))
    rostering.note_free_time(office, "M001", time(18), time(22), FreeAnswer.YES, since=MONDAY)
    exported = export_person(office, "M001")
    assert [duty["start"] for duty in exported["duties"]] == ["2026-11-30T08:00", "2026-12-02T10:00"]
    assert {"post", "end", "state", "source", "reason"} <= exported["duties"][0].keys()
    assert (len(exported["absences"]), len(exported["free_times"])) == (1, 1)
    now[0] = datetime(2026, 12, 1)
    assert erase_person(office, "M001", reason="本人要求").duties == 2
    kept = {(duty.window.start.day, duty.member_code, duty.state) for duty in board().duties}
    assert kept == {(30, "", DutyState.PROPOSED), (2, "", DutyState.CANCELLED), (2, "M002", DutyState.PROPOSED)}
    with office._store.read() as tx:
        assert tx.rosters.read_free_times(["M001"]) == tx.rosters.read_absences(["M001"]) == []
        steps = [tx.rosters.read_step(roster, number) for number in range(1, 4)]
    assert "M001" not in "".join(step["added"] + step["removed"] for step in steps)
    for number in range(3):
        rostering.undo_roster(office, roster, inputs, event_id=f"u{number}")
    for number in range(3):
        rostering.redo_roster(office, roster, inputs, event_id=f"r{number}")
    assert {duty.member_code for duty in board().duties if duty.state is DutyState.PROPOSED} == {"M002"}


def test_a_roster_of_long_ago_tells_how_many_stood_where_and_not_who(office, inputs, roster, board, shift_at, now):
    put(office, roster, inputs, shift_at(0, 8), "M001", "a", reason="家人代班")
    put(office, roster, inputs, shift_at(2, 12), "M002", "b")
    rostering.note_absence(office, "M001", datetime(2026, 12, 5), datetime(2026, 12, 6))
    rostering.note_free_time(office, "M002", time(18), time(22), FreeAnswer.YES, since=MONDAY, until=date(2026, 12, 7))
    rostering.note_free_time(office, "M001", time(18), time(22), FreeAnswer.YES, since=MONDAY)
    before = board()
    now[0] = datetime(2026, 12, 7, 8) + timedelta(days=400)
    nothing = clean_up(office, Periods(rosters=401, free_times=500))
    assert (nothing.duties, nothing.free_times) == (0, 0)
    done = clean_up(office, Periods())
    assert (done.duties, done.free_times) == (2, 2)
    after = board()
    assert [duty.member_code for duty in after.duties] == ["", ""]
    assert after.seats_by_shift == before.seats_by_shift
    with office._store.read() as tx:
        assert tx.rosters.count_steps(roster) == tx.rosters.read_roster(roster)["position"] == 0
        assert len(tx.rosters.read_free_times(["M001", "M002"])) == 1
        assert {row["reason"] for row in tx.rosters.read_duties(roster)} == {""}
    again = clean_up(office, Periods())
    assert (again.duties, again.free_times) == (0, 0)
