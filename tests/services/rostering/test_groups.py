"""People of teams and units in shifts without a name, on both stores."""

from datetime import datetime

import pytest

from geo.schema import Layer
from services import planning, rostering
from services.catalog.actions import Action, Role
from services.coverage import load_inputs
from services.coverage.roster_supply import find_member_supply
from services.export.rosters import shift_words
from services.rostering import DutyRefusedError, Seating
from services.rostering.errors import GroupHeadsError, UnknownGroupError
from services.rostering.handover_texts import row_texts
from services.rules.areas import Area, OutsideAreaError
from services.rules.roster.clash import DutyRule
from services.rules.roster.duties import DutyState
from services.rules.windows import Mode, Window
from tests.acting import act
from tests.services.planning.conftest import frame, square, team, zone
from tests.services.rostering.people import broken, put
from tests.services.rostering.test_handover import as_role

AT_EIGHT = Window(datetime(2026, 11, 30, 8), datetime(2026, 11, 30, 10))


def put_team(office, roster, inputs, shift, heads, event="team", code="T1", **more):
    seating = Seating(shift, team_code=code, heads=heads)
    return rostering.put_duties(office, roster, [seating], inputs, event_id=event, **more)


def groups(board):
    return sorted((duty.team_code or duty.unit_code, duty.heads, duty.state) for duty in board().duties)


@pytest.fixture
def wide(board, shift_at):
    """The number of a shift with three seats or more."""
    shift = shift_at(0, 8, "roaming")
    assert next(each for each in board().shifts if each.id == shift).seats >= 3
    return shift


def send_team(office, people, code="T1"):
    plan = planning.create_plan(office, AT_EIGHT, Mode.EMERGENCY, event_id="plan")
    planning.send(office, plan.id, planning.Move(code, "G3", people), event_id="send")
    return planning.commit_plan(office, plan.id)


def test_people_of_a_team_take_as_many_seats_and_are_named_after_it(office, inputs, roster, board, wide):
    before = board().figures
    put_team(office, roster, inputs, wide, 2)
    seen = board()
    assert groups(board) == [("T1", 2, DutyState.PROPOSED)]
    assert (seen.figures.filled, seen.figures.open) == (before.filled + 2, before.open - 2)
    assert seen.seats_by_shift[wide] == 2
    assert [seen.who(duty) for duty in seen.duties] == ["一队 2 人"]
    shift = next(each for each in seen.shifts if each.id == wide)
    assert shift_words(seen, shift).startswith("一队 2 人")


def test_more_of_a_team_are_added_to_those_who_are_there_and_one_undo_takes_them_out(
    office, inputs, roster, board, wide
):
    put_team(office, roster, inputs, wide, 1, "a")
    put_team(office, roster, inputs, wide, 2, "b")
    assert groups(board) == [("T1", 3, DutyState.PROPOSED)]
    rostering.undo_roster(office, roster, inputs, event_id="u")
    assert groups(board) == [("T1", 1, DutyState.PROPOSED)]
    rostering.redo_roster(office, roster, inputs, event_id="r")
    assert groups(board) == [("T1", 3, DutyState.PROPOSED)]


def test_a_team_twice_at_once_is_one_duty_and_a_unit_another(office, inputs, roster, board, wide):
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.UNITS, frame({"U1": {"name": "财政局"}}))
    seatings = [
        Seating(wide, team_code="T1", heads=1),
        Seating(wide, team_code="T1", heads=1),
        Seating(wide, unit_code="U1", heads=1),
    ]
    rostering.put_duties(office, roster, seatings, inputs, event_id="x")
    assert groups(board) == [("T1", 2, DutyState.PROPOSED), ("U1", 1, DutyState.PROPOSED)]
    assert sorted(map(board().who, board().duties)) == ["一队 2 人", "财政局 1 人"]


def test_more_people_than_open_seats_take_a_reason(office, inputs, roster, board, wide):
    seats = next(each for each in board().shifts if each.id == wide).seats
    put(office, roster, inputs, wide, "M001", "one")
    with pytest.raises(DutyRefusedError, match=f"{seats} people, and {seats - 1} of {seats} seats are open") as refused:
        put_team(office, roster, inputs, wide, seats)
    assert broken(refused) == [DutyRule.FEW_SEATS]
    assert refused.value.may_be_overruled
    assert board().seats_by_shift[wide] == 1
    put_team(office, roster, inputs, wide, seats, "again", reason="家属陪同")
    assert board().seats_by_shift[wide] == seats + 1
    with pytest.raises(DutyRefusedError) as refused:
        put_team(office, roster, inputs, wide, 1, "more")
    assert broken(refused) == [DutyRule.SEATS_FULL]


def test_a_reserve_of_a_team_takes_no_seat_and_counts_by_heads(office, inputs, roster, board, wide):
    seating = Seating(wide, "", DutyState.RESERVE, team_code="T1", heads=4)
    rostering.put_duties(office, roster, [seating], inputs, event_id="r")
    assert (board().figures.filled, board().figures.reserves) == (0, 4)


def test_a_team_that_stands_in_an_order_is_refused_with_the_order(office, inputs, roster, board, wide, shift_at):
    came = send_team(office, 12)
    with pytest.raises(DutyRefusedError, match=f"order {came.orders[0].id}") as refused:
        put_team(office, roster, inputs, wide, 1, reason="再说")
    assert broken(refused) == [DutyRule.ORDERED]
    assert board().duties == []
    put_team(office, roster, inputs, shift_at(0, 10), 1, "later")


def test_no_more_of_a_team_stand_at_once_than_it_has_but_for_a_reason(office, inputs, roster, board, shift_at):
    with act(office, Action.FORM_TEAM) as work:
        work.tx.teams.add_members("T2", [("M001", "member")])
    put(office, roster, inputs, shift_at(0, 8), "M001", "one")
    gate, roaming = shift_at(0, 8), shift_at(0, 8, "roaming")
    put_team(office, roster, inputs, gate, 3, "a", code="T2", reason="x")
    with pytest.raises(DutyRefusedError) as refused:
        put_team(office, roster, inputs, roaming, 3, "b", code="T2")
    assert broken(refused) == [DutyRule.TEAM_SIZE]
    assert "3 people of a team of 6; 4 of it are on duty then already" in str(refused.value)
    put_team(office, roster, inputs, roaming, 2, "c", code="T2")


@pytest.mark.parametrize(
    ("seating", "error"),
    [
        ({"team_code": "T99", "heads": 1}, UnknownGroupError),
        ({"unit_code": "U99", "heads": 1}, UnknownGroupError),
        ({"team_code": "T1", "heads": 0}, GroupHeadsError),
    ],
)
def test_unknown_teams_and_units_and_nobody_of_them_are_told(office, inputs, roster, board, wide, seating, error):
    with pytest.raises(error):
        rostering.put_duties(office, roster, [Seating(wide, **seating)], inputs, event_id="x")
    assert board().duties == []


def test_a_secretary_puts_teams_of_the_own_community_only(office, inputs, board):
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.COMMUNITIES, frame({"C2": zone("邻社区", "S")}, [square(0, 5000, 100)]))
        work.tx.upsert(Layer.GRIDS, frame({"G9": zone("九格", "C2", residents=100, households=40)}, [square(0, 5000)]))
        work.tx.upsert(Layer.TEAMS, frame({"T9": team("邻队", "G9", 5)}))
    secretary = as_role(office, Role.SECRETARY, Area(Layer.COMMUNITIES, "C1"))
    own = rostering.create_roster(
        secretary, Area(Layer.COMMUNITIES, "C1"), datetime(2026, 11, 30).date(), 1, Mode.EMERGENCY, event_id="own"
    )
    fresh = load_inputs(office)
    rostering.generate_shifts(secretary, own.id, fresh, rostering.RosterSettings(), event_id="g")
    shift = next(each for each in rostering.read_shifts(secretary, own.id) if each.seats)
    with pytest.raises(OutsideAreaError):
        put_team(secretary, own.id, fresh, shift.id, 1, code="T9")
    put_team(secretary, own.id, fresh, shift.id, 1, "own team")


@pytest.fixture
def team_on_duty(office, inputs, roster, wide):
    """A published roster in which two of the first team serve on Monday at 8."""
    put_team(office, roster, inputs, wide, 2)
    rostering.publish_roster(office, roster, inputs, event_id="p")
    return roster


def test_publishing_and_confirming_count_people_and_not_duties(office, inputs, roster, board, wide):
    put_team(office, roster, inputs, wide, 2)
    assert rostering.publish_roster(office, roster, inputs, event_id="p").to_confirm == 2
    assert board().figures.to_confirm == 2


def test_a_team_that_goes_leaves_its_seats_open_and_may_come_back(office, inputs, team_on_duty, board):
    came = send_team(office, 12)
    assert came.released == 1
    assert groups(board) == [("T1", 2, DutyState.RELEASED)]
    (duty,) = board().duties
    with pytest.raises(DutyRefusedError, match="order 1") as refused:
        rostering.set_duty_state(office, team_on_duty, [duty.id], DutyState.CONFIRMED, event_id="no")
    assert broken(refused) == [DutyRule.ORDERED]
    planning.recall_order(office, came.orders[0].id, reason="够了")
    rostering.set_duty_state(office, team_on_duty, [duty.id], DutyState.CONFIRMED, event_id="yes")
    assert groups(board) == [("T1", 2, DutyState.CONFIRMED)]


@pytest.mark.parametrize(("people", "state"), [(10, DutyState.ASKED), (11, DutyState.RELEASED)])
def test_of_a_team_that_goes_in_part_those_serve_on_for_whom_enough_stay(
    office, inputs, team_on_duty, board, people, state
):
    send_team(office, people)
    assert groups(board) == [("T1", 2, state)]


def test_undo_does_not_bring_a_team_back_that_was_sent_meanwhile(office, inputs, roster, board, wide):
    put_team(office, roster, inputs, wide, 2)
    (duty,) = board().duties
    rostering.take_out(office, roster, [duty.id], event_id="t")
    send_team(office, 12)
    with pytest.raises(DutyRefusedError) as refused:
        rostering.undo_roster(office, roster, inputs, event_id="u")
    assert broken(refused) == [DutyRule.ORDERED]
    assert board().duties == []


def test_a_draft_with_a_team_that_was_sent_meanwhile_is_not_published(office, inputs, roster, board, wide):
    put_team(office, roster, inputs, wide, 2)
    send_team(office, 12)
    with pytest.raises(DutyRefusedError, match="order 1"):
        rostering.publish_roster(office, roster, inputs, event_id="p")


def test_a_team_is_moved_as_a_whole_and_swaps_with_somebody(office, inputs, roster, board, wide, shift_at):
    put_team(office, roster, inputs, wide, 2)
    (duty,) = board().duties
    other = shift_at(2, 8, "roaming")
    rostering.move_duty(office, roster, duty.id, other, inputs, event_id="m")
    assert [(each.shift_id, each.heads) for each in board().duties] == [(other, 2)]
    put(office, roster, inputs, wide, "M001", "one")
    member = next(each.id for each in board().duties if each.member_code)
    rostering.swap_duties(office, roster, (duty.id, member), inputs, event_id="s")
    assert {each.shift_id: each.team_code or each.member_code for each in board().duties} == {wide: "T1", other: "M001"}


def test_people_of_a_team_count_where_they_stand_and_no_more_where_they_live(office, inputs, team_on_duty, board):
    (duty,) = board().duties
    rostering.set_duty_state(office, team_on_duty, [duty.id], DutyState.CONFIRMED, event_id="c")
    supply = find_member_supply(load_inputs(office), Layer.GRIDS, AT_EIGHT)
    assert supply.on_duty.sum() == pytest.approx(2)
    homes = load_inputs(office).rosters.on_duty_homes[Layer.GRIDS].mean_over(AT_EIGHT, [AT_EIGHT], 4)
    assert homes.tolist() == pytest.approx([2, 0, 0, 0])


def test_people_of_a_team_with_stored_members_are_counted_where_those_live(office, inputs, roster, board, wide):
    with act(office, Action.FORM_TEAM) as work:
        work.tx.teams.add_members("T1", [("M001", "member"), ("M002", "member")])
    put_team(office, roster, inputs, wide, 2)
    rostering.publish_roster(office, roster, inputs, event_id="p")
    rosters = load_inputs(office).rosters
    waiting = rosters.to_confirm_homes[Layer.GRIDS].mean_over(AT_EIGHT, [AT_EIGHT], 4)
    with office.look(Action.VIEW_PEOPLE) as tx:
        homes = {place["grid_code"] for place in tx.people.read_places(["M001", "M002"]).values()}
    codes = load_inputs(office).levels[Layer.GRIDS].facts.index
    assert {code for code, people in zip(codes, waiting, strict=True) if people > 0} == homes
    assert waiting.sum() == pytest.approx(2)


def test_the_handover_names_teams_for_commanders_too(office, inputs, team_on_duty):
    commander = as_role(office, Role.DISTRICT_COMMANDER)
    seen = rostering.read_handover(commander, inputs, datetime(2026, 11, 30, 9))
    row = next(each for each in seen.rows if each.people)
    assert row_texts(seen, row)[2].startswith(f"2/{row.seats} 一队 2 人（待确认）")
    assert seen.figures.to_confirm == 2


def test_the_text_of_who_is_on_duty_counts_all_people_of_a_team(office, inputs, roster, board, wide):
    put_team(office, roster, inputs, wide, 2)
    seats = next(each for each in board().shifts if each.id == wide).seats
    lines = rostering.write_duty_text(board(), inputs, "C1").splitlines()
    line = next(line for line in lines if "一队 2 人" in line)
    assert f"（缺{seats - 2}）" in line or seats == 2
