"""Packages offered, answered, given back and withdrawn, and what they reserve, on both stores."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pandas as pd
import pytest

from geo.schema import Layer
from services import rostering
from services.catalog.actions import Action
from services.i18n import translate
from services.rostering import DutyRefusedError, Seating
from services.rostering.drafts import change_roster_once
from services.rostering.duties import duty_row
from services.rostering.duty_check import check_duties, ground_for
from services.rostering.package_errors import (
    PackageConflictError,
    PackagedRosterError,
    PackagePostError,
    PackageStateError,
    UnknownPackageError,
    UnknownUnitError,
)
from services.rules.areas import OutsideAreaError
from services.rules.roster.clash import DutyRule
from services.rules.roster.duties import DutyState
from services.rules.roster.packages import OpenSeatNotice, PackagePost, PackageState
from services.rules.windows import DAY, HOUR, Window
from tests.acting import act
from tests.services.rostering.package_world import (
    BY_DAY,
    MONDAY,
    NORTH,
    OFFER,
    SOUTH,
    make_roster,
    only,
    shift_of,
    versions,
)
from tests.services.rostering.people import broken, put

BEGIN = datetime.combine(MONDAY, time())


def test_a_gate_by_day_is_told_to_be_too_much_for_the_unit_and_accepted_all_the_same(world, liaison, roster):
    made = rostering.offer_package(world, OFFER, event_id="offer")
    view = only(liaison)
    assert (view.state, view.seats, view.members) == (PackageState.OFFERED, 98, 23)
    assert translate(view.capacity.text) == "需 98 人次，23 人每周最多 69 人次，缺 29：至少要 33 人，或减少班次"
    assert rostering.accept_package(liaison, made.id, 33).state is PackageState.ACCEPTED
    assert only(liaison).capacity.missing == 0


def test_an_offer_that_comes_twice_is_made_once_and_reserves_nothing(world, inputs, roster, board):
    first = rostering.offer_package(world, OFFER, event_id="offer")
    assert rostering.offer_package(world, replace(OFFER, days=3), event_id="offer") == first
    assert len(rostering.list_packages(world)) == 1
    put(world, roster, inputs, shift_of(board(), NORTH, 0, 8), "M030")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"unit_code": "U9"}, UnknownUnitError),
        ({"posts": ()}, PackagePostError),
        ({"posts": (PackagePost("P9", time(8), time(22)),)}, PackagePostError),
        ({"posts": (BY_DAY, BY_DAY)}, PackagePostError),
        ({"posts": (PackagePost(NORTH, time(8), time(22), 0),)}, PackagePostError),
    ],
)
def test_what_cannot_be_taken_over_is_not_offered(world, change, error):
    with pytest.raises(error):
        rostering.offer_package(world, replace(OFFER, **change), event_id="offer")
    assert rostering.list_packages(world) == []


def test_a_name_of_a_package_keeps_no_telephone_number(world):
    made = rostering.offer_package(world, replace(OFFER, name="找 13800000000"), event_id="offer")
    assert "13800000000" not in made.name


def test_seats_of_a_package_are_for_the_unit_alone_until_given_back(world, liaison, inputs, roster, board, package):
    shift = shift_of(board(), NORTH, 0, 8)
    with pytest.raises(DutyRefusedError, match="医保办") as refused:
        put(world, roster, inputs, shift, "M030", reason="本人同意")
    assert broken(refused) == [DutyRule.PACKAGE]
    put(world, roster, inputs, shift, "M001", "own")
    put(world, roster, inputs, shift_of(board(), SOUTH, 0, 8), "M030", "beside")
    rostering.release_seats(liaison, package, Window(BEGIN, BEGIN + DAY), NORTH)
    put(world, roster, inputs, shift, "M031", "after")
    with pytest.raises(DutyRefusedError):
        put(world, roster, inputs, shift_of(board(), NORTH, 1, 8), "M031", "tomorrow")


def test_nobody_of_others_is_moved_swapped_or_brought_back_into_a_seat_of_a_unit(world, liaison, inputs, roster, board):
    north, south = (shift_of(board(), post, 0, 8) for post in (NORTH, SOUTH))
    later = shift_of(board(), SOUTH, 2, 8)
    put(world, roster, inputs, north, "M030", "before")
    rostering.publish_roster(world, roster, inputs, event_id="publish")
    early = board().duties[0].id
    rostering.take_out(world, roster, [early], event_id="out")
    number = rostering.offer_package(world, OFFER, event_id="offer").id
    rostering.accept_package(liaison, number)
    for state in (DutyState.CONFIRMED, DutyState.RESERVE):
        with pytest.raises(DutyRefusedError, match="医保办"):
            rostering.set_duty_state(world, roster, [early], state, event_id=f"back-{state}")
    with pytest.raises(DutyRefusedError, match="医保办"):
        rostering.undo_roster(world, roster, inputs, event_id="undo")
    put(world, roster, inputs, south, "M031", "south", reason="x")
    put(world, roster, inputs, shift_of(board(), NORTH, 1, 8), "M001", "own")
    stranger, own = (next(d.id for d in board().duties if d.member_code == code) for code in ("M031", "M001"))
    with pytest.raises(DutyRefusedError, match="医保办"):
        rostering.move_duty(world, roster, stranger, north, inputs, event_id="move", reason="x")
    with pytest.raises(DutyRefusedError, match="医保办"):
        rostering.swap_duties(world, roster, (stranger, own), inputs, event_id="swap", reason="x")
    rostering.move_duty(world, roster, stranger, later, inputs, event_id="away", reason="x")


def test_whoever_took_a_seat_before_the_unit_keeps_it_and_the_roster_is_published(
    world, liaison, inputs, roster, board
):
    put(world, roster, inputs, shift_of(board(), NORTH, 0, 8), "M030")
    number = rostering.offer_package(world, OFFER, event_id="offer").id
    rostering.accept_package(liaison, number)
    done = rostering.publish_roster(world, roster, inputs, event_id="publish")
    assert done.people == 1
    (duty,) = board().duties
    rostering.set_duty_state(world, roster, [duty.id], DutyState.CONFIRMED, event_id="yes")


def test_half_a_day_before_a_seat_is_the_communitys_again(world, inputs, roster, board, package, now):
    shift = shift_of(board(), NORTH, 0, 8)
    now[0] = BEGIN + 8 * HOUR - 12 * HOUR - timedelta(minutes=1)
    with pytest.raises(DutyRefusedError):
        put(world, roster, inputs, shift, "M030", "early")
    now[0] += timedelta(minutes=1)
    put(world, roster, inputs, shift, "M030", "late")


def test_open_seats_are_told_to_the_unit_and_then_to_the_community(liaison, roster, package, now):
    assert only(liaison).count_open(OpenSeatNotice.LATER) == 98
    now[0] = BEGIN - DAY + 8 * HOUR
    assert [only(liaison).count_open(notice) for notice in OpenSeatNotice] == [96, 2, 0]
    now[0] = BEGIN - 4 * HOUR
    assert [only(liaison).count_open(notice) for notice in OpenSeatNotice] == [84, 12, 2]
    now[0] = BEGIN + 8 * HOUR
    assert len(only(liaison).open_shifts) == 48


def test_two_units_never_hold_the_same_seat(world, secretary, package):
    evening = replace(OFFER, unit_code="U2", posts=(PackagePost(NORTH, time(20), time(23)),))
    other = rostering.offer_package(world, evening, event_id="other")
    with pytest.raises(PackageConflictError, match=f"医保办.*北门岗.*{package}"):
        rostering.accept_package(secretary, other.id)
    night = replace(OFFER, unit_code="U2", posts=(PackagePost(NORTH, time(22), time(6)),))
    free = rostering.offer_package(world, night, event_id="free")
    assert rostering.accept_package(secretary, free.id).state is PackageState.ACCEPTED


def test_an_answer_entered_for_the_unit_is_named_as_such(world, secretary, liaison):
    first = rostering.offer_package(world, OFFER, event_id="a")
    rostering.accept_package(secretary, first.id)
    view = only(liaison)
    assert (view.answered_by, view.is_answered_for) == ("陈书记", True)
    second = rostering.offer_package(world, replace(OFFER, posts=(replace(BY_DAY, post_code=SOUTH),)), event_id="b")
    rostering.decline_package(liaison, second.id)
    view = next(each for each in rostering.list_packages(liaison) if each.package.id == second.id)
    assert (view.answered_by, view.is_answered_for, view.state) == ("王联络", False, PackageState.DECLINED)


def test_an_answer_given_twice_is_given_once_and_one_that_is_none_is_refused(world, liaison, package):
    before = versions(world)
    rostering.accept_package(liaison, package)
    assert versions(world) == before
    with pytest.raises(PackageStateError, match="Accepted"):
        rostering.decline_package(liaison, package)
    with pytest.raises(UnknownPackageError):
        rostering.accept_package(liaison, 99)


def test_a_package_that_is_over_changes_no_more(liaison, package, now):
    now[0] = BEGIN + 7 * DAY
    for change in (
        lambda: rostering.withdraw_package(liaison, package),
        lambda: rostering.split_package(liaison, package, 23, 3),
        lambda: rostering.release_seats(liaison, package, Window(BEGIN, BEGIN + DAY)),
    ):
        with pytest.raises(PackageStateError, match="Over"):
            change()
    assert only(liaison).state is PackageState.OVER


def test_a_proposal_leaves_the_seats_of_units_alone(world, liaison, inputs, roster, board, package):
    found = rostering.propose_duties(world, roster, inputs, seconds=5)
    assert found.seats == 98
    rostering.accept_duties(world, found, inputs, event_id="accept")
    assert {duty.post_code for duty in board().duties} == {SOUTH}
    put(world, roster, inputs, shift_of(board(), NORTH, 0, 8), "M022", "own", reason="x")
    rostering.propose_duties(world, roster, inputs, seconds=5)
    south = replace(OFFER, posts=(replace(BY_DAY, post_code=SOUTH),))
    other = rostering.offer_package(world, south, event_id="south").id
    rostering.accept_package(liaison, other)
    with pytest.raises(PackagedRosterError):
        rostering.propose_duties(world, roster, inputs, seconds=5)


def test_who_could_be_asked_for_a_seat_of_a_unit_are_its_own(world, liaison, inputs, roster, board, package):
    rostering.split_package(liaison, package, 23, 3)
    rostering.name_batch(liaison, package, 1, ["党员7"])
    shift = shift_of(board(), NORTH, 0, 8)
    found = rostering.find_candidates(world, roster, shift, inputs, limit=90)
    assert found[0].candidate.member_code == "M007"
    assert {each.unit_code for each in found} == {"U1"}


def test_seats_of_units_stand_in_no_chain_until_they_fall_back(world, inputs, roster, board, package):
    words = rostering.write_open_chain(board(), inputs, "C1", MONDAY)
    assert "南门岗" in words
    assert "北门岗" not in words
    words = rostering.write_open_chain(board(), inputs, "C1", MONDAY, BEGIN - 3 * HOUR)
    assert "北门岗 08–10" in words
    assert "北门岗 10–12" not in words


def test_a_unit_that_withdraws_opens_its_seats_and_deletes_nothing(world, liaison, inputs, roster, board, package, now):
    rostering.split_package(liaison, package, 23, 3)
    rostering.name_batch(liaison, package, 1, ["党员1", "党员2", "党员3"])
    rostering.seat_batches(world, roster, package, inputs, event_id="fill")
    rostering.publish_roster(world, roster, inputs, event_id="publish")
    before = [duty for duty in board().duties if duty.post_code == NORTH]
    now[0] = BEGIN + 9 * HOUR
    part = [duty for duty in before if duty.window.start > now[0]]
    assert 0 < len(part) < len(before)
    assert rostering.withdraw_package(liaison, package) == len(part)
    states = {duty.id: duty.state for duty in board().duties}
    assert len(states) == len(before)
    assert {states[duty.id] for duty in part} == {DutyState.CANCELLED}
    assert {states[duty.id] for duty in before if duty not in part} == {DutyState.ASKED}
    view = only(liaison)
    assert (view.state, view.package.batches[0].members) == (PackageState.WITHDRAWN, {"M001", "M002", "M003"})
    assert rostering.withdraw_package(liaison, package) == 0
    put(world, roster, inputs, shift_of(board(), NORTH, 1, 8), "M030", "home again")


def test_a_package_needs_no_pairing_which_is_told(world, liaison, secretary):
    rostering.offer_package(world, OFFER, event_id="paired")
    assert only(liaison).is_paired
    rostering.offer_package(world, replace(OFFER, unit_code="U2"), event_id="unpaired")
    assert [view.is_paired for view in rostering.list_packages(secretary)] == [False, True]


def test_days_without_shifts_are_told_and_of_two_rosters_one_counts(world, liaison, roster):
    rostering.offer_package(world, replace(OFFER, days=9), event_id="longer")
    assert [f"{day:%m-%d}" for day in only(liaison).bare_days] == ["12-07", "12-08"]
    make_roster(world, "another draft")
    assert only(liaison).seats == 98


def test_a_liaison_sees_and_answers_for_the_own_unit_alone(world, liaison):
    other = rostering.offer_package(world, replace(OFFER, unit_code="U2"), event_id="other")
    assert rostering.list_packages(liaison) == []
    with pytest.raises(OutsideAreaError):
        rostering.accept_package(liaison, other.id)


def test_people_without_a_name_take_seats_of_their_own_unit_alone(world, inputs, roster, board, package):
    shift = shift_of(board(), NORTH, 0, 8)

    with act(world, Action.FORM_TEAM) as work:
        teams = {"T2": {"unit_code": "U1"}, "T3": {"unit_code": "U2"}}
        work.tx.upsert(Layer.TEAMS, pd.DataFrame.from_dict(teams, orient="index").rename_axis("code"))

    def take(unit, event, team=None):
        def write(work, found):
            whose = {"member_code": None, "unit_code": unit, "team_code": team, "heads": 2}
            row = {**duty_row(found, Seating(shift, ""), ""), **whose}
            shifts = {shift: next(each for each in board().shifts if each.id == shift)}
            check_duties(work, ground_for(work, found, inputs, set(), shifts.values()), shifts, [row])

        change_roster_once(world, roster, event, write)

    take("U1", "own")
    take(None, "own team", "T2")
    with pytest.raises(DutyRefusedError, match="医保办"):
        take(None, "another's team", "T3")
    for unit in ("U2", None):
        with pytest.raises(DutyRefusedError, match="医保办"):
            take(unit, f"of {unit}")


def test_open_shifts_that_follow_each_other_are_told_as_one(world, liaison, inputs, roster, board, package):
    put(world, roster, inputs, shift_of(board(), NORTH, 0, 12), "M001", "own")
    spans = only(liaison).open_spans
    told = [(f"{span.window.start:%d %H}-{span.window.end:%H}", span.shifts, span.open) for span in spans[:4]]
    assert told == [("30 08-12", 2, 4), ("30 12-14", 1, 1), ("30 14-22", 4, 8), ("01 08-22", 7, 14)]
    assert sum(span.open for span in spans) == 97
