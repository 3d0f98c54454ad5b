"""People proposed for the open seats of a roster, on both stores."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest

from geo.optimise import StopReason
from services import rostering
from services.catalog.actions import Action
from services.rostering import DutyRefusedError, PastedChain, RosterSettings, Seating
from services.rostering.errors import RosterClosedError, RosterEmptyError
from services.rostering.shift_codes import open_shifts
from services.rules.areas import EVERYWHERE
from services.rules.roster.duties import DutyState
from services.rules.roster.pattern import DayHours, Pattern
from services.rules.roster.sign_up.sign_ups import EntryDecision
from services.rules.windows import Mode
from tests.acting import act
from tests.services.rostering.conftest import MONDAY

TEN_HOURS = timedelta(hours=10)


@pytest.fixture
def few(office, inputs):
    """A draft for two days with shifts in the morning."""
    made = rostering.create_roster(office, EVERYWHERE, MONDAY, 2, Mode.EMERGENCY, event_id="few")
    settings = RosterSettings(Pattern.TWO_HOURS, DayHours(8, 12), ())
    rostering.generate_shifts(office, made.id, inputs, settings, event_id="few shifts")
    return made.id


def propose(office, roster, inputs, **more):
    return rostering.propose_duties(office, roster, inputs, seconds=30, **more)


def test_a_proposal_is_written_by_one_step_and_keeps_every_rule(office, inputs, few):
    proposal = propose(office, few, inputs)
    assert proposal.is_proven
    assert proposal.ended is StopReason.PROVEN
    before = rostering.read_board(office, few, inputs)
    assert before.duties == []
    rostering.accept_duties(office, proposal, inputs, event_id="take")
    board = rostering.read_board(office, few, inputs)
    assert board.figures.filled == proposal.filled == len(board.duties)
    assert board.figures.open == proposal.open
    assert sum(proposal.reasons.values()) == proposal.open
    assert {duty.state for duty in board.duties} == {DutyState.PROPOSED}
    assert all(board.seats_by_shift.get(shift.id, 0) <= shift.seats for shift in board.shifts)
    for code in {duty.member_code for duty in board.duties}:
        times = sorted(duty.window for duty in board.duties if duty.member_code == code)
        assert all(later.start - earlier.end >= TEN_HOURS for earlier, later in pairwise(times))
    loads = Counter(Counter(duty.member_code for duty in board.duties).values())
    assert {n: people for n, people in proposal.loads.items() if n} == dict(loads)
    rostering.undo_roster(office, few, inputs, event_id="undo")
    assert rostering.read_board(office, few, inputs).duties == []


def test_who_stands_there_stays_and_is_counted(office, inputs, few):
    board = rostering.read_board(office, few, inputs)
    shift = board.shifts[0]
    rostering.put_duties(office, few, [Seating(shift.id, "M001")], inputs, event_id="put")
    proposal = propose(office, few, inputs)
    assert "M001" not in {seat.member_code for seat in proposal.seatings if seat.shift_id == shift.id}
    rostering.accept_duties(office, proposal, inputs, event_id="take")
    after = rostering.read_board(office, few, inputs)
    assert after.figures.filled == proposal.filled
    assert any(duty.member_code == "M001" and duty.shift_id == shift.id for duty in after.duties)


def test_who_said_no_or_is_away_is_not_proposed(office, inputs, few):
    free = {f"M{number:03d}" for number in range(90)} - {"M001", "M002"}
    with act(office, Action.CORRECT_PERSON) as work:
        for code in free:
            work.tx.rosters.add_free_time(
                member_code=code,
                weekday=9,
                from_time="00:00",
                to_time="00:00",
                answer="no",
                since="2026-01-01",
                until=None,
                source="hand",
            )
        work.tx.rosters.add_absence(
            member_code="M002", start="2026-11-30T00:00", end="2026-12-02T00:00", changed_by="nobody"
        )
    proposal = propose(office, few, inputs)
    assert {seat.member_code for seat in proposal.seatings} == {"M001"}


def test_a_duty_in_another_roster_keeps_somebody_from_being_proposed_near_it(office, inputs, few):
    other = rostering.create_roster(office, EVERYWHERE, MONDAY, 1, Mode.EMERGENCY, event_id="o")
    settings = RosterSettings(Pattern.TWO_HOURS, DayHours(12, 14), ())
    rostering.generate_shifts(office, other.id, inputs, settings, event_id="os")
    noon = rostering.read_board(office, other.id, inputs).shifts
    seats = [Seating(shift.id, "M001") for shift in noon[:1]]
    rostering.put_duties(office, other.id, seats, inputs, event_id="op")
    proposal = propose(office, few, inputs)
    board = rostering.read_board(office, few, inputs)
    days = {shift.id: shift.window.start.date() for shift in board.shifts}
    assert MONDAY not in {days[seat.shift_id] for seat in proposal.seatings if seat.member_code == "M001"}


def test_a_proposal_that_is_no_longer_possible_is_refused_as_a_whole(office, inputs, few):
    proposal = propose(office, few, inputs)
    taken = proposal.seatings[0]
    other = rostering.create_roster(office, EVERYWHERE, MONDAY, 2, Mode.EMERGENCY, event_id="o")
    settings = RosterSettings(Pattern.TWO_HOURS, DayHours(8, 12), ())
    rostering.generate_shifts(office, other.id, inputs, settings, event_id="os")
    start = next(
        shift.window.start for shift in rostering.read_board(office, few, inputs).shifts if shift.id == taken.shift_id
    )
    there = next(
        shift.id for shift in rostering.read_board(office, other.id, inputs).shifts if shift.window.start == start
    )
    rostering.put_duties(office, other.id, [Seating(there, taken.member_code)], inputs, event_id="op")
    with pytest.raises(DutyRefusedError):
        rostering.accept_duties(office, proposal, inputs, event_id="take")
    assert rostering.read_board(office, few, inputs).duties == []


def test_a_roster_without_shifts_or_closed_has_no_proposal(office, inputs, few):
    empty = rostering.create_roster(office, EVERYWHERE, date(2026, 12, 7), 1, Mode.ROUTINE, event_id="e")
    with pytest.raises(RosterEmptyError):
        propose(office, empty.id, inputs)
    rostering.close_roster(office, few, event_id="c")
    with pytest.raises(RosterClosedError):
        propose(office, few, inputs)


def test_seats_of_guests_are_not_proposed_again(office, inputs):
    few = rostering.create_roster(office, EVERYWHERE, MONDAY, 1, Mode.EMERGENCY, event_id="gates").id
    settings = RosterSettings(Pattern.TWO_HOURS, DayHours(8, 10), ("gate",))
    rostering.generate_shifts(office, few, inputs, settings, event_id="gate shifts")
    board = rostering.read_board(office, few, inputs)
    entries = [f"{k}. 外人{k} {shift.code}" for k, shift in enumerate(_gates(board), 1)]
    guests = {k: EntryDecision(is_guest=True) for k in range(len(entries))}
    chain = PastedChain("\n".join(["#接龙", "值守", *entries]), MONDAY, "C1", guests)
    rostering.write_chain(office, few, chain, inputs, event_id="chain")
    seats = rostering.read_board(office, few, inputs).figures.filled
    assert seats == len(entries)
    proposal = propose(office, few, inputs)
    assert proposal.left_out == 0
    rostering.accept_duties(office, proposal, inputs, event_id="take")
    board = rostering.read_board(office, few, inputs)
    assert board.figures.filled == proposal.filled == seats + len(proposal.seatings)
    assert all(board.seats_by_shift.get(shift.id, 0) <= shift.seats for shift in board.shifts)


def _gates(board):
    shifts = open_shifts(board.shifts, board.posts, board.duties, "C1").values()
    return [shift for shift in shifts if shift.post.endswith("门岗")]
