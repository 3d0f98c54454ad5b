"""What published rosters ask for and how far it is taken in the hours ahead, by kind of post and part of the day."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.context import Context, Transaction
from services.coverage import CoverageInputs
from services.coverage.posts import read_posts, zone_chain
from services.rostering.model import RosterState, minute, shift_from_row
from services.rostering.package_rows import read_accepted
from services.rules.norms import working_calendar
from services.rules.roster.duties import FILLING, DutyState
from services.rules.roster.packages import find_holding
from services.rules.roster.posts import PostKind
from services.rules.windows import DAY, DayPart, Window, share_by_day_part

KindAndPart = tuple[PostKind, DayPart]


@dataclass(frozen=True, slots=True)
class PackageTotals:
    """Person-shifts that units have taken over, among others."""

    units: int = 0
    seats: int = 0
    filled: int = 0
    """Seats that are taken, by whomever; people beyond what a shift asks for are left out."""


@dataclass(frozen=True, slots=True)
class DutySummary:
    """Person-shifts of the shifts that run or begin in a window, at posts in use of an area."""

    rosters: int
    """How many published rosters have such shifts."""
    seats: Mapping[KindAndPart, int]
    """By kind of post, and the part of the day in which most of a shift lies."""
    filled: Mapping[KindAndPart, int]
    """Seats that are taken; people beyond what a shift asks for are left out."""
    to_confirm: int
    """People on duty who have not confirmed."""
    empty: int
    """Shifts with seats and without anybody."""
    packages: PackageTotals = PackageTotals()
    """What units hold of these seats."""

    def count(self, kind: PostKind | None = None, part: DayPart | None = None) -> tuple[int, int]:
        """Return seats and how many of them are taken, of a kind of post and a part of the day or of all."""
        cells = [cell for cell in self.seats if kind in {None, cell[0]} and part in {None, cell[1]}]
        return sum(self.seats[cell] for cell in cells), sum(self.filled.get(cell, 0) for cell in cells)


def read_duty_summary(context: Context, tx: Transaction, inputs: CoverageInputs, window: Window) -> DutySummary:
    """Return what published rosters say of a window inside the actor's area."""
    start, end = minute(window.start), minute(window.end)
    stored = tx.rosters.read_rosters([RosterState.PUBLISHED.value], minute(window.start - DAY), end)
    rosters = [row["id"] for row in stored]
    near = [row for row in tx.rosters.read_shifts_between(rosters, start, end) if row["start"] < end and row["seats"]]
    posts = read_posts(tx, zone_chain(inputs), context.scope_in(tx)) if near else {}
    shifts = [shift_from_row(row) for row in near if row["post_code"] in posts]
    people: Counter[tuple[int, str, str]] = Counter()
    waiting: Counter[tuple[int, str, str]] = Counter()
    there = {shift.roster_id for shift in shifts}
    for row in tx.roster_counts.count_standing(there, [state.value for state in FILLING]):
        key = row["roster_id"], row["post_code"], row["start"]
        people[key] += row["heads"]
        waiting[key] += row["heads"] * (row["state"] == DutyState.ASKED)
    calendar = working_calendar(inputs.norms)
    seats: Counter[KindAndPart] = Counter()
    filled: Counter[KindAndPart] = Counter()
    keys = []
    held: list[tuple[str, int, int]] = []
    accepted = read_accepted(tx, Window(window.start - DAY, window.end)) if shifts else ()
    for shift in shifts:
        key = shift.roster_id, shift.post_code, minute(shift.window.start)
        part = list(DayPart)[int(share_by_day_part(shift.window, calendar).argmax())]
        cell = posts[shift.post_code].kind, part
        seats[cell] += shift.seats
        filled[cell] += min(people[key], shift.seats)
        keys.append(key)
        if package := find_holding(accepted, shift):
            held.append((package.unit_code, shift.seats, min(people[key], shift.seats)))
    empty = sum(not people[key] for key in keys)
    return DutySummary(len(there), seats, filled, sum(waiting[key] for key in keys), empty, _total(held))


def _total(held: Sequence[tuple[str, int, int]]) -> PackageTotals:
    """Return the totals of shifts that units hold: unit, seats, how many of them are taken."""
    return PackageTotals(
        units=len({unit for unit, _seats, _filled in held}),
        seats=sum(seats for _unit, seats, _filled in held),
        filled=sum(filled for _unit, _seats, filled in held),
    )
