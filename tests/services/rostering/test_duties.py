"""People put into shifts, moved, swapped, taken out, and told how far it is agreed, on both stores."""

from datetime import datetime

import pytest

from geo.schema import Layer
from services import planning, rostering
from services.catalog.actions import Action
from services.coverage import load_inputs
from services.rostering import DutyRefusedError, Seating
from services.rostering.errors import (
    UnknownDutyError,
    UnknownMemberError,
    UnknownShiftError,
)
from services.rules.areas import EVERYWHERE
from services.rules.roster.clash import DutyRule
from services.rules.roster.duties import DutyState
from services.rules.windows import Mode, Window
from tests.acting import act
from tests.services.rostering.conftest import BY_DAY, MONDAY
from tests.services.rostering.people import broken, people, put


def test_somebody_put_into_a_shift_takes_a_seat(office, inputs, roster, board, shift_at):
    shift = shift_at(0, 8)
    before = board().figures
    put(office, roster, inputs, shift, "M001")
    seen = board()
    assert people(board) == [("M001", 8, DutyState.PROPOSED)]
    assert (seen.figures.filled, seen.figures.open) == (before.filled + 1, before.open - 1)
    assert seen.names == {"M001": "党**"}
    put(office, roster, inputs, shift, "M001")
    assert len(board().duties) == 1


def test_what_cannot_be_set_aside_is_refused_with_where_and_the_draft_stays(office, inputs, roster, board, shift_at):
    put(office, roster, inputs, shift_at(0, 8), "M001", "a")
    with pytest.raises(DutyRefusedError, match="11-30 08:00–10:00") as refused:
        put(office, roster, inputs, shift_at(0, 8, "roaming"), "M001", "b", reason="本人同意")
    assert broken(refused) == [DutyRule.OVERLAP]
    assert not refused.value.may_be_overruled
    assert people(board) == [("M001", 8, DutyState.PROPOSED)]


def test_rest_is_set_aside_with_a_reason_alone(office, inputs, roster, board, shift_at):
    put(office, roster, inputs, shift_at(0, 20), "M001", "a")
    with office.look(Action.VIEW_ROSTER) as tx:
        versions = tx.versions()
    with pytest.raises(DutyRefusedError) as refused:
        put(office, roster, inputs, shift_at(0, 12), "M001", "b", reason=" ")
    assert broken(refused) == [DutyRule.REST]
    assert refused.value.may_be_overruled
    put(office, roster, inputs, shift_at(0, 12), "M001", "c", reason="本人同意")
    assert [hour for _code, hour, _state in people(board)] == [12, 20]
    with office.look(Action.VIEW_ROSTER) as tx:
        assert tx.versions() == versions  # a draft changes no figure


def test_a_full_shift_takes_one_more_for_a_reason(office, inputs, roster, board, shift_at):
    shift = shift_at(0, 8)
    seats = next(each.seats for each in board().shifts if each.id == shift)
    for number in range(seats):
        put(office, roster, inputs, shift, f"M{number:03d}", f"p{number}")
    with pytest.raises(DutyRefusedError) as refused:
        put(office, roster, inputs, shift, "M050", "more")
    assert broken(refused) == [DutyRule.SEATS_FULL]
    put(office, roster, inputs, shift, "M050", "more again", reason="家属陪同")
    assert board().seats_by_shift[shift] == seats + 1
    assert board().figures.filled == seats
    done = rostering.publish_roster(office, roster, inputs, event_id="p")
    assert (done.people, done.seats) == (seats, board().figures.seats)


def test_several_are_put_in_all_or_none_and_checked_among_themselves(office, inputs, roster, board, shift_at):
    twice = [
        Seating(shift_at(0, 8), "M001"),
        Seating(shift_at(0, 8, "roaming"), "M001"),
        Seating(shift_at(1, 8), "M002"),
    ]
    with pytest.raises(DutyRefusedError) as refused:
        rostering.put_duties(office, roster, twice, inputs, event_id="x", reason="再说")
    assert broken(refused) == [DutyRule.OVERLAP]
    assert str(refused.value).startswith("M001")
    assert board().duties == []


@pytest.mark.parametrize(
    ("shift", "member", "error"), [(None, "M999", UnknownMemberError), (999_999, "M001", UnknownShiftError)]
)
def test_unknown_people_and_shifts_are_told(office, inputs, roster, board, shift_at, shift, member, error):
    with pytest.raises(error):
        put(office, roster, inputs, shift or shift_at(0, 8), member)
    assert board().duties == []


def test_somebody_is_moved_and_a_full_seat_elsewhere_is_told(office, inputs, roster, board, shift_at):
    put(office, roster, inputs, shift_at(0, 8), "M001")
    (duty,) = board().duties
    rostering.move_duty(office, roster, duty.id, shift_at(2, 10), inputs, event_id="m")
    (moved,) = board().duties
    assert (moved.id, moved.window.start) == (duty.id, datetime(2026, 12, 2, 10))
    with pytest.raises(UnknownDutyError):
        rostering.move_duty(office, roster, 999, shift_at(2, 10), inputs, event_id="n")


def test_two_people_swap_and_one_undo_brings_both_back(office, inputs, roster, board, shift_at):
    put(office, roster, inputs, shift_at(0, 8), "M001", "a")
    put(office, roster, inputs, shift_at(2, 10), "M002", "b")
    before = people(board)
    one, other = sorted(duty.id for duty in board().duties)
    rostering.swap_duties(office, roster, (one, other), inputs, event_id="s")
    assert people(board) == [("M001", 10, DutyState.PROPOSED), ("M002", 8, DutyState.PROPOSED)]
    assert {duty.replaces for duty in board().duties} == {one, other}
    rostering.undo_roster(office, roster, inputs, event_id="u")
    assert people(board) == before


def test_a_swap_that_would_put_somebody_into_two_places_is_refused(office, inputs, roster, board, shift_at):
    put(office, roster, inputs, shift_at(0, 8), "M001", "a")
    put(office, roster, inputs, shift_at(0, 8, "roaming"), "M002", "b")
    put(office, roster, inputs, shift_at(2, 8), "M001", "c")
    third = next(duty.id for duty in board().duties if duty.window.start.day == 2)
    second = next(duty.id for duty in board().duties if duty.member_code == "M002")
    before = people(board)
    with pytest.raises(DutyRefusedError) as refused:
        rostering.swap_duties(office, roster, (second, third), inputs, event_id="s")
    assert DutyRule.OVERLAP in broken(refused)
    assert people(board) == before


def test_taken_out_of_a_draft_is_gone_and_undo_brings_the_same_duty_back(office, inputs, roster, board, shift_at):
    put(office, roster, inputs, shift_at(0, 8), "M001")
    (duty,) = board().duties
    rostering.take_out(office, roster, [duty.id], event_id="t")
    assert board().duties == []
    rostering.undo_roster(office, roster, inputs, event_id="u1")
    assert board().duties == [duty]
    rostering.redo_roster(office, roster, inputs, event_id="r1")
    assert board().duties == []
    rostering.undo_roster(office, roster, inputs, event_id="u2")
    rostering.undo_roster(office, roster, inputs, event_id="u3")
    assert board().duties == []
    assert rostering.read_roster(office, roster).redoable == 2
    rostering.undo_roster(office, roster, inputs, event_id="u4")  # there is nothing before
    assert rostering.read_roster(office, roster).undoable == 0


def test_undo_is_refused_where_somebody_has_gone_elsewhere_meanwhile(office, inputs, roster, board, shift_at):
    put(office, roster, inputs, shift_at(0, 8), "M001", "a")
    (duty,) = board().duties
    rostering.take_out(office, roster, [duty.id], event_id="t")
    other = rostering.create_roster(office, EVERYWHERE, MONDAY, 1, Mode.EMERGENCY, event_id="o")
    rostering.generate_shifts(office, other.id, inputs, BY_DAY, event_id="os")
    seen = rostering.read_board(office, other.id, inputs)
    there = next(shift.id for shift in seen.shifts if shift.window.start.hour == 8)
    put(office, other.id, inputs, there, "M001", "b")
    with pytest.raises(DutyRefusedError) as refused:
        rostering.undo_roster(office, roster, inputs, event_id="u")
    assert broken(refused) == [DutyRule.OVERLAP]
    assert board().duties == []


def test_a_team_that_is_sent_keeps_its_people_from_other_places(office, inputs, roster, shift_at):
    with act(office, Action.FORM_TEAM) as work:
        work.tx.teams.add_members("T1", [("M001", "member")])
    window = Window(datetime(2026, 11, 30, 8), datetime(2026, 11, 30, 12))
    plan = planning.create_plan(office, window, Mode.EMERGENCY, event_id="p")
    planning.send(office, plan.id, planning.Move("T1", "G3", 12), event_id="s")
    planning.commit_plan(office, plan.id)
    with pytest.raises(DutyRefusedError) as refused:
        put(office, roster, inputs, shift_at(0, 10), "M001")
    assert broken(refused) == [DutyRule.ORDERED]
    put(office, roster, inputs, shift_at(0, 12), "M001", "later")


def test_a_reserve_takes_no_seat_but_the_time(office, inputs, roster, board, shift_at):
    shift = shift_at(0, 8)
    reserve = [Seating(shift, "M001", DutyState.RESERVE, rank=1)]
    rostering.put_duties(office, roster, reserve, inputs, event_id="r")
    assert board().figures.filled == 0
    assert board().figures.reserves == 1
    with pytest.raises(DutyRefusedError):
        put(office, roster, inputs, shift_at(0, 8, "roaming"), "M001", "x")


def test_whoever_is_to_serve_after_all_must_not_be_elsewhere_by_now(office, inputs, roster, board, shift_at):
    put(office, roster, inputs, shift_at(0, 8), "M001", "a")
    rostering.publish_roster(office, roster, inputs, event_id="p")
    (duty,) = board().duties
    rostering.set_duty_state(office, roster, [duty.id], DutyState.EXCUSED, event_id="e")
    put(office, roster, inputs, shift_at(0, 8, "roaming"), "M001", "b")
    before = people(board)
    with pytest.raises(DutyRefusedError) as refused:
        rostering.set_duty_state(office, roster, [duty.id], DutyState.CONFIRMED, event_id="c")
    assert broken(refused) == [DutyRule.OVERLAP]
    assert next(post.name for post in board().posts.values() if post.kind == "roaming") in str(refused.value)
    assert people(board) == before


def test_a_post_no_longer_in_use_counts_nowhere_and_puts_nobody_into_two_places(
    office, inputs, roster, board, shift_at
):
    put(office, roster, inputs, shift_at(0, 8), "M001", "a")
    roaming = shift_at(0, 8, "roaming")
    seen = board()
    gone = next(shift.post_code for shift in seen.shifts if shift.id == roaming)
    shifts = [shift for shift in seen.shifts if shift.post_code == gone]
    with act(office, Action.IMPORT) as work:
        row = work.tx.read_layer(Layer.POSTS).loc[[gone]].drop(columns="geom", errors="ignore")
        work.tx.upsert(Layer.POSTS, row.assign(active=False))
    left = board()
    assert (left.left_out, gone in left.posts) == (len(shifts), False)
    assert left.figures.seats == seen.figures.seats - sum(shift.seats for shift in shifts)
    with pytest.raises(DutyRefusedError) as refused:
        put(office, roster, inputs, roaming, "M001", "b", reason="本人同意")
    assert DutyRule.OVERLAP in broken(refused)
    done = rostering.publish_roster(office, roster, inputs, event_id="p")
    assert (done.people, done.seats) == (left.figures.filled, left.figures.seats)


def sent_team(office, members, people, start=8, end=12):
    """Send a team with some stored members, and return what came of it."""
    with act(office, Action.FORM_TEAM) as work:
        work.tx.teams.add_members("T1", [(member, "member") for member in members])
    window = Window(datetime(2026, 11, 30, start), datetime(2026, 11, 30, end))
    plan = planning.create_plan(office, window, Mode.EMERGENCY, event_id="plan")
    planning.send(office, plan.id, planning.Move("T1", "G3", people), event_id="send")
    return planning.commit_plan(office, plan.id)


@pytest.fixture
def morning(office, inputs, roster, shift_at):
    """A published roster in which M001 serves on Monday at 8 and on Tuesday at 12, M002 on Monday at 8."""
    put(office, roster, inputs, shift_at(0, 8), "M001", "a")
    put(office, roster, inputs, shift_at(1, 12), "M001", "b")
    put(office, roster, inputs, shift_at(0, 8, "roaming"), "M002", "c")
    rostering.publish_roster(office, roster, inputs, event_id="p")
    return roster


def test_a_team_that_is_sent_leaves_its_shifts_of_that_time_open(office, inputs, morning, board):
    seats = board().figures.filled
    before = load_inputs(office).version
    came = sent_team(office, ["M001", "M002"], 12)
    assert came.released == 2
    assert people(board) == [
        ("M001", 8, DutyState.RELEASED),
        ("M001", 12, DutyState.ASKED),
        ("M002", 8, DutyState.RELEASED),
    ]
    assert board().figures.filled == seats - 2
    assert load_inputs(office).version > before
    assert planning.commit_plan(office, came.plan.id).released == 2


def test_of_a_part_of_a_team_nobody_knows_who_goes(office, inputs, morning, board):
    assert sent_team(office, ["M001", "M002"], 1).released == 0
    assert {state for _, _, state in people(board)} == {DutyState.ASKED}


def test_who_is_away_cannot_confirm_and_who_is_back_can(office, inputs, morning, board, now):
    came = sent_team(office, ["M001"], 12)
    duty = next(each for each in board().duties if each.state is DutyState.RELEASED)
    with pytest.raises(DutyRefusedError) as refused:
        rostering.set_duty_state(office, morning, [duty.id], DutyState.CONFIRMED, event_id="no")
    assert broken(refused) == [DutyRule.ORDERED]
    planning.recall_order(office, came.orders[0].id, reason="够了")
    rostering.set_duty_state(office, morning, [duty.id], DutyState.CONFIRMED, event_id="yes")
    assert ("M001", 8, DutyState.CONFIRMED) in people(board)
