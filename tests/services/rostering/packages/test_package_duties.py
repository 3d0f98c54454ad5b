"""A unit fills its package shift by shift: own seats, own people, the rules of every duty, on both stores."""

from datetime import datetime, time

import pytest

from geo.schema import Layer
from services import rostering
from services.catalog.actions import Role
from services.context import Context
from services.rostering import DutyRefusedError
from services.rostering.errors import UnknownDutyError
from services.rostering.package_duties import PackageShiftError
from services.rostering.package_errors import PackageStateError, UnknownNamesError
from services.rules.areas import Area, OutsideAreaError
from services.rules.roles import Actor
from services.rules.roster.clash import DutyRule
from services.rules.roster.duties import DutyState
from services.rules.windows import DAY, HOUR, Window
from tests.services.rostering.package_world import MONDAY, NORTH, SOUTH, only, shift_of
from tests.services.rostering.people import broken, put

BEGIN = datetime.combine(MONDAY, time())


@pytest.fixture
def board(world, roster, inputs):
    return lambda: rostering.read_board(world, roster, inputs)


@pytest.fixture
def first(board):
    """Return the first shift of the package, with two seats."""
    return shift_of(board(), NORTH, 0, 8)


@pytest.fixture
def seat(liaison, package, inputs):
    """Return a function that puts people of the unit into a shift, as the liaison."""

    def put_in(shift, *names, event="seat", **more):
        return rostering.seat_unit_members(liaison, package, shift, names, inputs, event_id=event, **more)

    return put_in


def of(context, package, shift):
    return next(each for each in rostering.read_package_seats(context, package).shifts if each.shift.id == shift)


def test_a_liaison_puts_people_in_by_name_and_the_community_sees_them(liaison, secretary, package, first, seat, board):
    seat(first, "党员1", "M002")
    here = of(liaison, package, first)
    assert (here.filled, sorted(duty.member_code for duty in here.own)) == (2, ["M001", "M002"])
    assert set(rostering.read_package_seats(liaison, package).names.values()) == {"党**"}
    assert only(secretary).filled == 2
    assert sorted(duty.member_code for duty in board().duties) == ["M001", "M002"]


def test_the_same_event_puts_nobody_in_twice(liaison, package, first, seat):
    seat(first, "M001", event="once")
    seat(first, "M001", event="once")
    assert of(liaison, package, first).filled == 1


def test_people_are_taken_out_again_and_the_community_may_undo_it(
    liaison, secretary, package, first, seat, roster, inputs
):
    seat(first, "M001", "M002")
    duty = of(liaison, package, first).own[0]
    rostering.take_out_unit_duty(liaison, package, first, duty.id, event_id="out")
    assert of(liaison, package, first).filled == 1
    rostering.undo_roster(secretary, roster, inputs, event_id="undo")
    assert of(liaison, package, first).filled == 2


def test_of_a_published_roster_they_are_asked_and_stand_as_taken_out(
    world, liaison, package, first, seat, roster, inputs, board
):
    rostering.publish_roster(world, roster, inputs, event_id="publish")
    seat(first, "M001")
    (duty,) = of(liaison, package, first).own
    assert duty.state is DutyState.ASKED
    rostering.take_out_unit_duty(liaison, package, first, duty.id, event_id="out")
    assert of(liaison, package, first).own == []
    assert [each.state for each in board().duties] == [DutyState.CANCELLED]


def test_the_rules_of_every_duty_hold(world, liaison, package, seat, roster, inputs, board):
    home = shift_of(board(), SOUTH, 0, 8)
    put(world, roster, inputs, home, "M001", "home")
    here = shift_of(board(), NORTH, 0, 8)
    with pytest.raises(DutyRefusedError) as refused:
        seat(here, "M001")
    assert DutyRule.ELSEWHERE in broken(refused)
    seat(here, "M002", event="one")
    later = shift_of(board(), NORTH, 0, 12)
    with pytest.raises(DutyRefusedError) as refused:
        seat(later, "M002", event="two")
    assert broken(refused) == [DutyRule.REST]
    assert refused.value.may_be_overruled
    seat(later, "M002", event="three", reason="本人同意")
    assert of(liaison, package, later).filled == 1


def test_no_more_people_are_put_in_than_there_are_seats(seat, first):
    with pytest.raises(DutyRefusedError) as refused:
        seat(first, "M001", "M002", "M003")
    assert DutyRule.SEATS_FULL in broken(refused)


def test_whom_the_unit_named_for_another_batch_takes_a_reason(liaison, package, seat, first):
    rostering.split_package(liaison, package, 23, 2)
    rostering.name_batch(liaison, package, 1, ["M001"])
    rostering.name_batch(liaison, package, 2, ["M002"])
    with pytest.raises(DutyRefusedError) as refused:
        seat(first, "M002", event="one")
    assert broken(refused) == [DutyRule.NOT_IN_BATCH]
    seat(first, "M001", event="two")


def test_only_people_of_the_unit_and_seats_of_the_package_can_be_filled(liaison, package, seat, first, board):
    with pytest.raises(UnknownNamesError):
        seat(first, "M030")
    with pytest.raises(PackageShiftError):
        seat(shift_of(board(), SOUTH, 0, 8), "M001", event="other post")
    with pytest.raises(PackageShiftError):
        seat(99_999, "M001", event="no shift")


def test_what_was_given_back_or_has_begun_cannot_be_filled(liaison, package, seat, first, now, board):
    day = Window(BEGIN, BEGIN + DAY)
    rostering.release_seats(liaison, package, day, NORTH)
    with pytest.raises(PackageShiftError):
        seat(first, "M001")
    assert not of(liaison, package, first).is_open
    tuesday = shift_of(board(), NORTH, 1, 8)
    now[0] = BEGIN + DAY + 8 * HOUR
    with pytest.raises(PackageShiftError):
        seat(tuesday, "M001", event="begun")


def test_what_fell_back_to_the_community_can_still_be_filled(liaison, package, seat, first, now):
    now[0] = BEGIN - HOUR
    seat(first, "M001")
    assert of(liaison, package, first).filled == 1


def test_people_of_others_in_the_package_are_counted_and_stay(world, liaison, package, now, first, roster, inputs):
    now[0] = BEGIN
    put(world, roster, inputs, first, "M030", "late")
    here = of(liaison, package, first)
    assert (here.filled, here.own) == (1, [])
    duty = rostering.read_board(world, roster, inputs).duties[0]
    with pytest.raises(UnknownDutyError):
        rostering.take_out_unit_duty(liaison, package, first, duty.id, event_id="out")


def test_a_package_that_is_not_accepted_or_is_of_another_unit_is_refused(
    store, world, liaison, package, first, inputs, now
):
    other = Context(store, Actor("李联络", Role.LIAISON, Area(Layer.UNITS, "U2")), clock=lambda: now[0])
    with pytest.raises(OutsideAreaError):
        rostering.seat_unit_members(other, package, first, ["M030"], inputs, event_id="x")
    with pytest.raises(OutsideAreaError):
        rostering.read_package_seats(other, package)
    rostering.withdraw_package(liaison, package)
    with pytest.raises(PackageStateError):
        rostering.seat_unit_members(liaison, package, first, ["M001"], inputs, event_id="y")


def test_those_named_for_batches_are_offered_the_fitting_first(world, liaison, package, seat, first, inputs, board):
    rostering.split_package(liaison, package, 23, 2)
    rostering.name_batch(liaison, package, 1, ["M001", "M002", "M003"])
    rostering.name_batch(liaison, package, 2, ["M004"])
    seat(first, "M001", reason="x")
    found = rostering.find_batch_candidates(liaison, package, first, inputs)
    assert [each.candidate.member_code for each in found] == ["M002", "M003", "M004"]
    assert [breach.rule for breach in found[-1].candidate.breaches if breach.rule is DutyRule.NOT_IN_BATCH]
    assert {each.name for each in found} == {"党**"}
