"""Who stands in the seats of a package: a batch put in, in turn, and out again once a unit withdraws."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.context import Context, Transaction, Work
from services.coverage import CoverageInputs
from services.i18n import translate
from services.rostering.drafts import DutyRow, change_roster_once, fetch_roster, take_roster_step
from services.rostering.duties import Seating, duty_row
from services.rostering.duty_check import check_duties, ground_for
from services.rostering.ground import DutyGround
from services.rostering.model import Roster, RosterState, RosterStepKind, duty_from_row, minute, shift_from_row
from services.rostering.package_rows import fetch_package_for, unit_of_duty
from services.rules.roster.clash import DutyBreach, DutyRule, Stay
from services.rules.roster.duties import LIVE, ROSTERS, DutyState, Shift, seats_taken
from services.rules.roster.packages import Package


@dataclass(frozen=True, slots=True)
class BatchSeating:
    """What became of the seats of a package in a roster."""

    roster: Roster
    seated: int
    """Person-shifts of people of the batches put in."""
    open: int
    """Seats that stay open."""
    elsewhere: Mapping[str, DutyBreach]
    """Who of the batches has a duty at another post at the time of some seat, by code of the member."""


def seat_batches(
    context: Context, roster_id: int, number: int, inputs: CoverageInputs, *, event_id: str
) -> BatchSeating | None:
    """Put the people of the batches of a package into its open seats, each in the time of their batch.

    Whoever has had the fewest goes first; nobody is put in against a rule but that of the way there: the unit named
    them. One step, which can be undone. None where the event has come before.

    Raises
    ------
    UnknownPackageError, UnknownRosterError, OutsideAreaError, RosterClosedError
        If package or roster are not there, of others, or closed.
    """
    made: list[BatchSeating] = []

    def seat(work: Work, roster: Roster) -> None:
        package = fetch_package_for(work.context, work.tx, number)
        shifts = {shift.id: shift for shift in _shifts_to_come(work, package) if shift.roster_id == roster.id}
        named = frozenset[str]().union(*(batch.members for batch in package.batches))
        ground = ground_for(work, roster, inputs, named, shifts.values())
        there = Counter(seats_taken(map(duty_from_row, work.tx.rosters.read_duties_in(shifts))))
        rows, elsewhere = _fill(ground, package, shifts.values(), there, roster)
        if rows:
            check_duties(work, ground, shifts, rows, reason=named_by_unit())
            take_roster_step(work, roster, RosterStepKind.PUT, (), rows)
        work.note(package=number)
        seats = sum(max(shift.seats - there[shift.id], 0) for shift in shifts.values())
        made.append(BatchSeating(roster, len(rows), seats - len(rows), elsewhere))

    change_roster_once(context, roster_id, event_id, seat)
    return made[0] if made else None


def open_seats_of(work: Work, package: Package) -> int:
    """Take people of a unit out of the seats of its package that are to come; return how many duties they were."""
    rows = [row for row in _duties_to_come(work, package) if row["state"] in _LIVE]
    own = [row for row in rows if unit_of_duty(work.tx, row) == package.unit_code]
    by_roster: dict[int, list[DutyRow]] = defaultdict(list)
    for row in own:
        by_roster[row["roster_id"]].append(row)
    return sum(_cancel(work, fetch_roster(work.tx, number), taken) for number, taken in by_roster.items())


def _cancel(work: Work, roster: Roster, rows: Sequence[DutyRow]) -> int:
    if roster.state is RosterState.CLOSED:
        return 0
    left = [{**row, "state": DutyState.CANCELLED.value} for row in rows]
    take_roster_step(work, roster, RosterStepKind.TAKE_OUT, rows, left)
    work.tx.rosters.set_roster(roster.id, changed_at=work.at, changed_by=work.actor.name)
    if roster.state is RosterState.PUBLISHED:
        work.tx.touch(ROSTERS)
    return len(rows)


def shift_rows_of(tx: Transaction, package: Package) -> list[Mapping[str, Any]]:
    """Return the rows of the shifts of every roster that belong to a package, those of drafts last."""
    start, end = minute(package.period.start), minute(package.period.end)
    rows = tx.packages.read_shifts({post.post_code for post in package.posts}, start, end)
    return [row for row in rows if package.holds(row["post_code"], shift_from_row(row).window.start)]


def _shifts_to_come(work: Work, package: Package) -> Iterator[Shift]:
    """Yield the shifts of a package that have not begun and that the unit has not given back."""
    for shift in map(shift_from_row, shift_rows_of(work.tx, package)):
        if shift.window.start > work.now and package.keeps(shift.post_code, shift.window.start):
            yield shift


def _duties_to_come(work: Work, package: Package) -> list[DutyRow]:
    begins = {shift.id: shift.window.start for shift in map(shift_from_row, shift_rows_of(work.tx, package))}
    return work.tx.rosters.read_duties_in([number for number, start in begins.items() if start > work.now])


def _fill(
    ground: DutyGround, package: Package, shifts: Iterable[Shift], taken: Mapping[int, int], roster: Roster
) -> tuple[list[dict[str, Any]], dict[str, DutyBreach]]:
    """Return rows of duties for open seats, and who has a duty elsewhere then."""
    stays: dict[str, list[Stay]] = defaultdict(list)
    elsewhere: dict[str, DutyBreach] = {}
    rows = []
    for shift in sorted(shifts, key=lambda each: (each.window, each.post_code)):
        batch = package.batch_at(shift.window.start)
        people = sorted(batch.members, key=lambda code: (len(stays[code]), code)) if batch else []
        vacant = shift.seats - taken.get(shift.id, 0)
        for code in people:
            if vacant <= 0:
                break
            breaches = ground.check(code, shift.window, ground.posts[shift.post_code], besides=stays[code])
            away = [each for each in breaches if each.rule is DutyRule.ELSEWHERE]
            if away and not stays[code]:
                elsewhere.setdefault(code, away[0])
            if is_only_far(breaches):
                reason = named_by_unit() if breaches else ""
                rows.append(duty_row(roster, Seating(shift.id, code, source="package"), reason))
                stays[code].append(Stay(shift.window, shift.post_code, ground.post_name(shift.post_code)))
                vacant -= 1
    return rows, elsewhere


def is_only_far(breaches: Iterable[DutyBreach]) -> bool:
    """Return whether nothing stands against somebody but the way, which is for the unit that names them to judge."""
    return all(each.rule is DutyRule.OUT_OF_REACH for each in breaches)


def named_by_unit() -> str:
    """Return the reason for which whom a unit names may have a long way."""
    return translate("Named by the unit")


_LIVE = frozenset(state.value for state in LIVE)
