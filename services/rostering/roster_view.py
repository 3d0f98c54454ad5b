"""A roster as people look at it: posts, shifts, who stands in them, and what is open."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context
from services.coverage import CoverageInputs
from services.coverage.posts import read_posts, zone_chain
from services.rostering.drafts import fetch_roster_for, roster_scope
from services.rostering.duty_words import duty_text
from services.rostering.groups import DutyGroup, groups_of, read_group_names
from services.rostering.model import Roster, duty_from_row, shift_from_row
from services.rostering.norms import load_roster_norms
from services.rostering.package_rows import read_accepted
from services.rules.people import mask_name
from services.rules.roles import may
from services.rules.roster.clash import touches_night
from services.rules.roster.duties import Duty, DutyState, Shift, filled_seats, seats_taken
from services.rules.roster.packages import Package, find_holding
from services.rules.roster.posts import Post
from services.rules.roster.reserve import reserve_size
from services.rules.roster.slots import SlotFigures, count_by_slot


@dataclass(frozen=True)
class RosterBoard:
    """A roster with all that stands in it."""

    roster: Roster
    posts: Mapping[str, Post]
    """Those that its shifts name, by code."""
    shifts: Sequence[Shift]
    """Those at posts in use, by beginning and post."""
    duties: Sequence[Duty]
    """Without codes of members for whoever may see counts alone."""
    names: Mapping[str, str]
    """Of members, masked, by code; empty for whoever may see counts alone."""
    groups: Mapping[DutyGroup, str] = field(default_factory=dict)
    """Names of the teams and units whose people stand in it."""
    packages: Sequence[Package] = ()
    """Those that units have accepted in its period."""
    units: Mapping[str, str] = field(default_factory=dict)
    """What their units are called, by code."""
    left_out: int = 0
    """Shifts at posts that are no longer in use; they count in no figure."""

    @cached_property
    def seats_by_shift(self) -> Mapping[int, int]:
        """Seats taken in each shift, by its number; without any left out."""
        return seats_taken(self.duties)

    @cached_property
    def by_shift(self) -> Mapping[int, Sequence[Duty]]:
        """Duties that are not taken out, by the number of their shift."""
        grouped: dict[int, list[Duty]] = defaultdict(list)
        for duty in self.duties:
            if duty.state is not DutyState.CANCELLED:
                grouped[duty.shift_id].append(duty)
        return grouped

    @cached_property
    def slots(self) -> Mapping[str, Sequence[SlotFigures]]:
        """Seats shift by shift, by the code of the community, and all of them without one."""
        grouped: dict[str, list[Shift]] = defaultdict(list)
        for shift in self.shifts:
            grouped[self._community(shift)].append(shift)
        by_community = {code: count_by_slot(own, self.seats_by_shift) for code, own in grouped.items()}
        return by_community | {"": count_by_slot(self.shifts, self.seats_by_shift)}

    @cached_property
    def figures(self) -> "RosterFigures":
        """What stands above the board."""
        seats = sum(shift.seats for shift in self.shifts)
        filled = filled_seats(self.shifts, self.seats_by_shift)
        nights = [shift for shift in self.shifts if touches_night(shift.window)]
        return RosterFigures(
            seats=seats,
            filled=filled,
            open_by_night=sum(self.open_seats(shift) for shift in nights),
            to_confirm=sum(duty.heads for duty in self.duties if duty.state is DutyState.ASKED),
            reserves=sum(duty.heads for duty in self.duties if duty.state is DutyState.RESERVE),
            empty=sum(shift.seats > 0 and not self.seats_by_shift.get(shift.id) for shift in self.shifts),
        )

    def to_confirm(self, community: str = "", day: date | None = None) -> list[Duty]:
        """Return who is to confirm, of a community and a day or of all; a duty belongs to the day it begins on."""
        return [
            duty
            for duty in self.duties
            if duty.state is DutyState.ASKED
            and (not community or self.posts[duty.post_code].community_code == community)
            and day in {None, duty.window.start.date()}
        ]

    def reserve(self, shift: Shift) -> "ReserveFigures":
        """Return how many should stand by in the community of a shift at its time, and how many do."""
        here = {code for code, post in self.posts.items() if post.community_code == self._community(shift)}
        beside = [each for each in self.shifts if each.window == shift.window and each.post_code in here]
        norms = load_roster_norms().reserve
        seats = sum(each.seats for each in beside)
        around = [duty for each in beside for duty in self.by_shift.get(each.id, ())]
        there = sum(duty.heads for duty in around if duty.state is DutyState.RESERVE)
        return ReserveFigures(seats, reserve_size(seats, norms.absent.value, norms.certainty.value), there)

    def _community(self, shift: Shift) -> str:
        post = self.posts.get(shift.post_code)
        return post.community_code if post else ""

    def package_of(self, shift: Shift) -> Package | None:
        """Return the package that a shift is of and that has not given it back; None where there is none."""
        return find_holding(self.packages, shift)

    def who(self, duty: Duty) -> str:
        """Return who has a duty: a name, a team or unit with how many of it, or how many."""
        return duty_text(duty, self.names, self.groups)

    def open_seats(self, shift: Shift) -> int:
        """Return how many seats of a shift nobody has taken."""
        return max(shift.seats - self.seats_by_shift.get(shift.id, 0), 0)


@dataclass(frozen=True, slots=True)
class ReserveFigures:
    """People of a community at one time."""

    seats: int
    enough: int
    """So many should stand by (rule R1)."""
    there: int
    """So many do."""


@dataclass(frozen=True, slots=True)
class RosterFigures:
    """Person-shifts of a roster."""

    seats: int
    filled: int
    """Seats taken, those beyond what a shift asks for left out."""
    open_by_night: int
    """Open ones between 22 and 08."""
    to_confirm: int
    reserves: int
    empty: int
    """Shifts with seats and without anybody."""

    @property
    def open(self) -> int:
        """Seats nobody has taken."""
        return self.seats - self.filled


def community_names(board: RosterBoard, inputs: CoverageInputs) -> dict[str, str]:
    """Return the communities in which a roster has posts, by code, with their names."""
    names = inputs.levels[Layer.COMMUNITIES].facts["name"]
    codes = sorted({post.community_code for post in board.posts.values()})
    return {code: str(names.get(code, code)) for code in codes}


def mark_roster(context: Context, roster_id: int) -> tuple[int, tuple[int, int, int]]:
    """Return what changes with a roster, and with its shifts alone (``read_shifts``)."""
    with context.look(Action.VIEW_ROSTER) as tx:
        return fetch_roster_for(context, tx, roster_id).revision, tx.rosters.mark_shifts(roster_id)


def read_shifts(context: Context, roster_id: int) -> tuple[Shift, ...]:
    """Return the shifts of a roster by beginning and post."""
    with context.look(Action.VIEW_ROSTER) as tx:
        fetch_roster_for(context, tx, roster_id)
        return tuple(shift_from_row(row) for row in tx.rosters.read_shifts(roster_id))


def read_board(
    context: Context, roster_id: int, inputs: CoverageInputs, shifts: Sequence[Shift] | None = None
) -> RosterBoard:
    """Return a roster with its shifts (``read_shifts``, where they are at hand) and people.

    Raises
    ------
    UnknownRosterError
        If there is no such roster.
    OutsideAreaError
        If it was made for a wider or another area than the actor's.
    """
    with context.look(Action.VIEW_ROSTER) as tx:
        roster = fetch_roster_for(context, tx, roster_id)
        if shifts is None:
            shifts = [shift_from_row(row) for row in tx.rosters.read_shifts(roster_id)]
        duties = [duty_from_row(row) for row in tx.rosters.read_duties(roster_id)]
        stored = read_posts(tx, zone_chain(inputs), roster_scope(context, tx, roster))
        packages = read_accepted(tx, roster.period)
        units = tx.plans.read_rows(Layer.UNITS, {package.unit_code for package in packages})
        names: dict[str, str] = {}
        if may(context.actor, Action.VIEW_PEOPLE):
            people = tx.people.read({duty.member_code for duty in duties if duty.member_code})
            names = {str(code): mask_name(str(name)) for code, name in people["name"].items()}
        else:
            duties = [replace(duty, member_code="") for duty in duties]
        groups = read_group_names(tx, groups_of(duties))
    known = [shift for shift in shifts if shift.post_code in stored]
    codes = {shift.post_code for shift in known}
    posts = {code: post for code, post in stored.items() if code in codes}
    there = {shift.id for shift in known}
    return RosterBoard(
        roster,
        posts,
        known,
        [duty for duty in duties if duty.shift_id in there],
        names,
        groups,
        packages,
        {code: str(row["name"]) for code, row in units.items()},
        left_out=len(shifts) - len(known),
    )
