"""A unit seats its people in its package shift by shift, and takes them out again: own seats and own people alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from services.catalog.actions import Action
from services.context import Context, Transaction, Work
from services.coverage import CoverageInputs
from services.i18n import text
from services.rostering.candidates import RankedPerson, rank_people
from services.rostering.drafts import DutyRow, change_once, fetch_roster, take_roster_step
from services.rostering.duties import Seating, duty_row, left_of
from services.rostering.duty_check import check_duties
from services.rostering.errors import RosterError, UnknownDutyError
from services.rostering.ground import DutyGround, read_ground
from services.rostering.model import Roster, RosterState, RosterStepKind, duty_from_row, shift_from_row
from services.rostering.package_rows import fetch_package_for, units_of_duties
from services.rostering.package_seats import is_only_far, named_by_unit, shift_rows_of
from services.rostering.packages import fetch_held, find_unit_members
from services.rostering.shift_needs import read_missing
from services.rules.people import mask_name
from services.rules.roster.duties import LIVE, Duty, Shift, seats_taken
from services.rules.roster.packages import Package, one_at_a_time
from services.use_cases import use_case


class PackageShiftError(RosterError, LookupError):
    """A shift is none that a unit can fill: of another package, given back, begun, or of a closed roster."""

    def __init__(self, shift_id: int) -> None:
        super().__init__(
            text(
                "Shift {number} cannot be filled here: it is not of this package, was given back, or has begun.",
                number=shift_id,
            )
        )


@dataclass(frozen=True, slots=True)
class PackageShift:
    """A shift of a package, as its unit sees it."""

    shift: Shift
    filled: int
    """Seats that are taken, by whomever."""
    own: Sequence[Duty]
    """Of people of the unit."""
    is_open: bool
    """Whether its people can be put in and taken out now: it has not begun, and was not given back."""


@dataclass(frozen=True, slots=True)
class PackageSeats:
    """The shifts of a package with the people of the unit in them."""

    shifts: Sequence[PackageShift]
    names: Mapping[str, str]
    """Of members who stand there, masked, by code."""


def read_package_seats(context: Context, number: int) -> PackageSeats:
    """Return the shifts of a package in the order of time, each with the people of the unit who stand in it.

    Raises
    ------
    UnknownPackageError, OutsideAreaError
        If there is no such package, or it is of others.
    """
    with context.look(Action.VIEW_PACKAGES) as tx:
        package = fetch_package_for(context, tx, number)
        rows = shift_rows_of(tx, package)
        shifts = one_at_a_time(map(shift_from_row, rows))
        duties = tx.rosters.read_duties_in([shift.id for shift in shifts])
        own = list(map(duty_from_row, _own_rows(tx, package, duties)))
        taken = seats_taken(map(duty_from_row, duties))
        people = tx.people.read({duty.member_code for duty in own if duty.member_code})["name"].items()
        closed = {each for each in {shift.roster_id for shift in shifts} if _is_closed(tx, each)}
        free = {shift.id for shift in shifts if shift.roster_id not in closed and _is_open(context, package, shift)}
    found = [
        PackageShift(
            shift, taken.get(shift.id, 0), [each for each in own if each.shift_id == shift.id], shift.id in free
        )
        for shift in sorted(shifts, key=lambda each: (each.window, each.post_code))
    ]
    return PackageSeats(found, {str(code): mask_name(str(name)) for code, name in people})


def find_batch_candidates(context: Context, number: int, shift_id: int, inputs: CoverageInputs) -> list[RankedPerson]:
    """Return whom the unit named for its batches and who could take a seat of a shift, the first to ask first.

    Raises
    ------
    UnknownPackageError, OutsideAreaError
        If there is no such package, or it is of others.
    PackageShiftError
        If the shift cannot be filled by the unit.
    """
    with context.look(Action.ANSWER_PACKAGE) as tx:
        package = fetch_package_for(context, tx, number)
        shift = _fetch_shift(context, tx, package, shift_id)
        roster = fetch_roster(tx, shift.roster_id)
        named = frozenset[str]().union(*(batch.members for batch in package.batches))
        ground = read_ground(context, tx, roster, inputs, named, shift.window)
        rows = tx.rosters.read_duties_in([shift_id])
        missing = read_missing(tx, [shift_id], rows)
        here = [duty_from_row(row) for row in rows if row["state"] in _LIVE]
    return rank_people(ground, roster, shift, here, missing)


@use_case(Action.ANSWER_PACKAGE, "package:{number}")
def seat_unit_members(
    work: Work,
    number: int,
    shift_id: int,
    names: Collection[str],
    inputs: CoverageInputs,
    *,
    event_id: str,
    reason: str = "",
) -> Roster:
    """Put people of the unit into a shift of its package, as they are typed: names in full, or codes of members.

    A long way is no reason to refuse whom the unit names. One step of the roster, which can be undone there.

    Raises
    ------
    UnknownPackageError, OutsideAreaError, PackageStateError
        If there is no such package, it is of others, not accepted, or over.
    PackageShiftError, RosterClosedError
        If the unit cannot fill the shift now, or its roster is closed.
    UnknownNamesError, DoubleNameError
        If nobody of the unit is called so, or several are.
    DutyRefusedError
        If a duty breaks a rule that nobody sets aside, or any and there is no reason.
    """
    package = fetch_held(work, number)
    shift = _fetch_shift(work.context, work.tx, package, shift_id)
    members = sorted(find_unit_members(work.tx, package.unit_code, names))

    def put(work: Work, roster: Roster) -> None:
        if not members:
            return
        ground = read_ground(work.context, work.tx, roster, inputs, members, shift.window)
        why = reason.strip() or _far_reason(ground, shift, members)
        rows = [duty_row(roster, Seating(shift.id, code, source="package"), why) for code in members]
        check_duties(work, ground, {shift.id: shift}, rows, reason=why)
        take_roster_step(work, roster, RosterStepKind.PUT, (), rows)

    return change_once(work, fetch_roster(work.tx, shift.roster_id), event_id, put)


@use_case(Action.ANSWER_PACKAGE, "package:{number}")
def take_out_unit_duty(work: Work, number: int, shift_id: int, duty_id: int, *, event_id: str) -> Roster:
    """Take people of the unit out of a shift of its package: of a draft they are gone, else they stand as taken out.

    Raises
    ------
    UnknownPackageError, OutsideAreaError, PackageStateError, PackageShiftError, RosterClosedError
        As for ``seat_unit_members``.
    UnknownDutyError
        If nobody of the unit has this duty in the shift.
    """
    package = fetch_held(work, number)
    shift = _fetch_shift(work.context, work.tx, package, shift_id)
    there = work.tx.rosters.read_duties_in([shift.id])
    own = [row for row in _own_rows(work.tx, package, there) if row["id"] == duty_id]
    if not own:
        raise UnknownDutyError(duty_id)

    def take(work: Work, roster: Roster) -> None:
        take_roster_step(work, roster, RosterStepKind.TAKE_OUT, own, left_of(roster, own))

    return change_once(work, fetch_roster(work.tx, shift.roster_id), event_id, take)


def _far_reason(ground: DutyGround, shift: Shift, members: Collection[str]) -> str:
    """Return why people may be put in though their way is long; empty where anything else is broken, or nothing."""
    post = ground.posts.get(shift.post_code)
    breaches = [each for code in members if post for each in ground.check(code, shift.window, post)]
    return named_by_unit() if breaches and is_only_far(breaches) else ""


def _fetch_shift(context: Context, tx: Transaction, package: Package, shift_id: int) -> Shift:
    row = tx.rosters.read_shift(shift_id)
    if row is None or not _is_open(context, package, shift_from_row(row)):
        raise PackageShiftError(shift_id)
    return shift_from_row(row)


def _is_open(context: Context, package: Package, shift: Shift) -> bool:
    return shift.window.start > context.clock() and package.keeps(shift.post_code, shift.window.start)


def _is_closed(tx: Transaction, roster_id: int) -> bool:
    return fetch_roster(tx, roster_id).state is RosterState.CLOSED


def _own_rows(tx: Transaction, package: Package, rows: Sequence[DutyRow]) -> list[DutyRow]:
    """Return the live duties among some that people of the unit have."""
    live = [row for row in rows if row["state"] in _LIVE]
    return [row for row, unit in zip(live, units_of_duties(tx, live), strict=True) if unit == package.unit_code]


_LIVE = frozenset(state.value for state in LIVE)
