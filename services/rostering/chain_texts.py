"""Rosters as texts to paste into a chat: open shifts with codes as a chain (接龙) to go on with, and who is on duty."""

from datetime import date, datetime

from services.coverage import CoverageInputs
from services.rostering.errors import ChainCommunityError, NoOpenSeatsError
from services.rostering.roster_view import RosterBoard, community_names
from services.rostering.shift_codes import open_shifts
from services.rules.roster.duties import FILLING, DutyState
from services.rules.roster.packages import EVER, find_reserving
from services.rules.roster.sign_up.out import ShiftPeople, write_open_shifts, write_roster


def chain_community(board: RosterBoard, inputs: CoverageInputs, community: str = "") -> str:
    """Return of which community a chain is: the one that is asked for, else the only one of the roster.

    Raises
    ------
    ChainCommunityError
        If the roster has no posts in that community, or several communities and none is asked for.
    """
    names = community_names(board, inputs)
    chosen = community or (next(iter(names)) if len(names) == 1 else "")
    if chosen not in names:
        raise ChainCommunityError(names)
    return chosen


def write_open_chain(
    board: RosterBoard,
    inputs: CoverageInputs,
    community: str = "",
    day: date | None = None,
    now: datetime | None = None,
) -> str:
    """Return the open shifts of a community, of a day or of the whole roster, in the language in use; without names.

    Seats that are a unit's alone at an instant (by default ever) are not among them.

    Raises
    ------
    ChainCommunityError
        As for ``chain_community``.
    NoOpenSeatsError
        If no seat is open then.
    """
    chosen = chain_community(board, inputs, community)
    shifts = open_shifts(board.shifts, board.posts, board.duties, chosen)
    of_units = {
        shift.id
        for shift in board.shifts
        if find_reserving(board.packages, shift.post_code, shift.window.start, now or EVER) is not None
    }
    asked = [
        each
        for number, each in shifts.items()
        if number not in of_units and each.vacancies and day in {None, each.window.start.date()}
    ]
    if not asked:
        raise NoOpenSeatsError
    return write_open_shifts(asked, community_names(board, inputs)[chosen])


def write_duty_text(board: RosterBoard, inputs: CoverageInputs, community: str = "", day: date | None = None) -> str:
    """Return who is on duty in a community, by day, in the language in use; names as the board has them, masked.

    Raises
    ------
    ChainCommunityError
        As for ``chain_community``.
    """
    chosen = chain_community(board, inputs, community)
    shifts = open_shifts(board.shifts, board.posts, board.duties, chosen)
    people = [
        ShiftPeople(
            shift,
            _names(board, number, *FILLING),
            _names(board, number, DutyState.RESERVE),
            heads=board.seats_by_shift.get(number, 0),
        )
        for number, shift in shifts.items()
        if day in {None, shift.window.start.date()}
    ]
    return write_roster(people, community_names(board, inputs)[chosen], write_name=str)


def _names(board: RosterBoard, shift_id: int, *states: DutyState) -> tuple[str, ...]:
    """Return who is in a shift; people without a name as how many they are."""
    return tuple(board.who(duty) for duty in board.by_shift.get(shift_id, ()) if duty.state in states)
