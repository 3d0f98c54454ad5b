"""Batches of packages: split, named by typing, put into seats, forgotten, on both stores."""

from dataclasses import replace
from datetime import datetime, time

import pytest

from services import people as persons
from services import rostering
from services.catalog.actions import Action
from services.i18n import translate
from services.rostering import DutyRefusedError
from services.rostering.package_errors import (
    BatchNamesError,
    BatchNumberError,
    DoubleBatchError,
    DoubleNameError,
    UnknownBatchError,
    UnknownNamesError,
)
from services.rules.areas import OutsideAreaError
from services.rules.roster.clash import DutyRule
from services.rules.windows import DAY
from tests.acting import act
from tests.services.rostering.package_world import (
    BY_DAY,
    MONDAY,
    NORTH,
    OFFER,
    SOUTH,
    only,
    shift_of,
)
from tests.services.rostering.people import broken, put

BEGIN = datetime.combine(MONDAY, time())


def test_23_people_come_in_batches_of_8_and_8_and_7(liaison, package):
    rostering.split_package(liaison, package, 23, 3)
    batches = only(liaison).package.batches
    assert [(batch.number, batch.people) for batch in batches] == [(1, 8), (2, 8), (3, 7)]
    assert [f"{batch.period.start:%m-%d}" for batch in batches] == ["11-30", "12-03", "12-05"]
    for people, number in ((23, 0), (23, 8), (2, 3)):
        with pytest.raises(BatchNumberError):
            rostering.split_package(liaison, package, people, number)


def test_people_are_named_as_they_are_typed_and_shown_masked(liaison, package):
    rostering.split_package(liaison, package, 23, 3)
    rostering.name_batch(liaison, package, 1, ["党员1", " 党员2 ", "M003", "党员1", ""])
    view = only(liaison)
    assert view.package.batches[0].members == {"M001", "M002", "M003"}
    assert set(view.names.values()) == {"党**"}
    rostering.leave_batch(liaison, package, 1, "M003")
    rostering.leave_batch(liaison, package, 1, "M003")
    assert only(liaison).package.batches[0].members == {"M001", "M002"}


def test_names_that_are_nobodys_or_of_others_or_of_two_are_refused_and_nothing_is_written(liaison, package):
    rostering.split_package(liaison, package, 23, 3)
    with pytest.raises(UnknownNamesError, match="党员30、M031、党"):
        rostering.name_batch(liaison, package, 1, ["党员1", "党员30", "M031", "党"])
    with pytest.raises(DoubleNameError, match=r"2 people.*张伟"):
        rostering.name_batch(liaison, package, 1, ["党员1", "张伟"])
    with pytest.raises(UnknownBatchError):
        rostering.name_batch(liaison, package, 4, ["党员1"])
    assert only(liaison).names == {}
    rostering.name_batch(liaison, package, 1, ["M021"])
    assert set(only(liaison).names) == {"M021"}


def test_nobody_is_in_two_batches_at_one_time(world, liaison, package):
    rostering.split_package(liaison, package, 23, 3)
    rostering.name_batch(liaison, package, 1, ["党员1"])
    rostering.name_batch(liaison, package, 2, ["党员1"])
    south = replace(OFFER, posts=(replace(BY_DAY, post_code=SOUTH),))
    other = rostering.offer_package(world, south, event_id="other").id
    rostering.accept_package(liaison, other)
    rostering.split_package(liaison, other, 23, 1)
    with pytest.raises(DoubleBatchError, match=f"党\\*\\*.*1.*{package}"):
        rostering.name_batch(liaison, other, 1, ["党员1"])
    with pytest.raises(BatchNamesError, match="2 people"):
        rostering.split_package(liaison, package, 23, 2)


def test_somebody_with_a_duty_at_home_is_refused_with_both_places(world, liaison, inputs, roster, board, package):
    saturday = 5
    put(world, roster, inputs, shift_of(board(), SOUTH, saturday, 8), "M001", "home")
    rostering.split_package(liaison, package, 23, 3)
    rostering.name_batch(liaison, package, 3, ["党员1"])
    with pytest.raises(DutyRefusedError) as refused:
        put(world, roster, inputs, shift_of(board(), NORTH, saturday, 8), "M001", "unit", reason="x")
    assert broken(refused) == [DutyRule.ELSEWHERE]
    assert (
        translate(refused.value.text)
        == "不能在北门岗值守（12-05 08:00–10:00）：同一时间在南门岗值守（12-05 08:00–10:00）"
    )


def test_somebody_of_another_batch_takes_a_reason(world, liaison, inputs, roster, board, package):
    rostering.split_package(liaison, package, 23, 3)
    rostering.name_batch(liaison, package, 1, ["党员1"])
    shift = shift_of(board(), NORTH, 0, 8)
    put(world, roster, inputs, shift, "M001", "in it")
    with pytest.raises(DutyRefusedError) as refused:
        put(world, roster, inputs, shift, "M002", "not in it")
    assert broken(refused) == [DutyRule.NOT_IN_BATCH]
    put(world, roster, inputs, shift, "M002", "all the same", reason="临时顶替")
    put(world, roster, inputs, shift_of(board(), NORTH, 6, 8), "M003", "nobody is named for that batch")


def test_batches_fill_the_seats_of_their_time_in_turn_and_the_home_duty_is_told(
    world, liaison, inputs, roster, board, package
):
    put(world, roster, inputs, shift_of(board(), SOUTH, 0, 8), "M001", "home")
    rostering.split_package(liaison, package, 6, 3)
    rostering.name_batch(liaison, package, 1, ["党员1", "党员2", "党员3", "党员4"])
    found = rostering.seat_batches(world, roster, package, inputs, event_id="fill")
    own = [duty for duty in board().duties if duty.post_code == NORTH]
    assert (found.seated, found.open) == (len(own), 98 - len(own))
    assert len(own) > 4
    assert {duty.window.start.date() for duty in own} <= {MONDAY, MONDAY + DAY, MONDAY + 2 * DAY}
    assert {duty.member_code for duty in own} == {"M001", "M002", "M003", "M004"}
    assert [breach.rule for breach in found.elsewhere.values()] == [DutyRule.ELSEWHERE]
    assert list(found.elsewhere) == ["M001"]
    assert max(board().seats_by_shift.values()) <= 2
    assert rostering.seat_batches(world, roster, package, inputs, event_id="fill") is None
    again = rostering.seat_batches(world, roster, package, inputs, event_id="again")
    assert again.seated == 0
    rostering.undo_roster(world, roster, inputs, event_id="undo")
    assert [duty.post_code for duty in board().duties] == [SOUTH]


def test_a_secretary_seats_whom_a_unit_named_wherever_they_live(world, secretary, liaison, inputs, roster, board):

    with act(world, Action.ASSIGN) as work:
        work.tx.put_assignment(
            "M001", grid_code="G9", estate_code=None, method="inside", distance_m=0.0, confidence=1.0, ambiguous=False
        )
    shift = shift_of(board(), NORTH, 0, 8)
    with pytest.raises(OutsideAreaError):
        put(secretary, roster, inputs, shift, "M001", "stranger")
    number = rostering.offer_package(world, OFFER, event_id="offer").id
    rostering.accept_package(liaison, number)
    rostering.split_package(liaison, number, 1, 1)
    rostering.name_batch(liaison, number, 1, ["党员1"])
    put(secretary, roster, inputs, shift, "M001", "named")


def test_somebody_erased_is_in_no_batch(world, liaison, package):
    rostering.split_package(liaison, package, 23, 3)
    rostering.name_batch(liaison, package, 1, ["党员1", "党员2"])
    told = persons.export_person(world, "M001")
    assert [row["package_id"] for row in told["batches"]] == [package]
    persons.erase_person(world, "M001", reason="本人要求")
    assert only(liaison).package.batches[0].members == {"M002"}


def test_names_in_batches_are_forgotten_when_those_of_rosters_are(world, liaison, package, now):
    rostering.split_package(liaison, package, 23, 3)
    rostering.name_batch(liaison, package, 1, ["党员1", "党员2"])
    now[0] = BEGIN + 408 * DAY
    persons.clean_up(world, persons.Periods())
    assert only(liaison).package.batches[0].members == frozenset()


def test_a_long_way_keeps_nobody_out_whom_the_unit_named(world, liaison, inputs, roster, board, package, monkeypatch):
    rostering.split_package(liaison, package, 1, 1)
    rostering.name_batch(liaison, package, 1, ["党员1"])
    monkeypatch.setattr("services.rostering.ground.DutyGround.minutes", lambda *_: 45.0)
    assert rostering.seat_batches(world, roster, package, inputs, event_id="fill").seated == 3
    with world.look(Action.VIEW_ROSTER) as tx:
        assert {row["reason"] for row in tx.rosters.read_duties(roster)} == {"单位报来"}
