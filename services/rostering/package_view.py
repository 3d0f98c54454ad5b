"""Packages as pages and commands show them: how far they are, whether the unit can carry them, what is open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, Transaction
from services.modes import declared_in, in_force
from services.rostering.model import duty_from_row, shift_from_row
from services.rostering.norms import load_roster_norms
from services.rostering.package_rows import is_of, name_in, package_from_row
from services.rostering.package_seats import shift_rows_of
from services.rules.people import mask_name
from services.rules.roster.clash import duty_limits
from services.rules.roster.duties import Duty, Shift, filled_seats, seats_taken
from services.rules.roster.packages import (
    OpenSeatNotice,
    Package,
    PackageCapacity,
    PackageState,
    find_notice,
    find_package_capacity,
    one_at_a_time,
)
from services.rules.windows import Mode, Window

PackageRow = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OpenPackageShift:
    """A shift of a package that has open seats and has not begun."""

    shift: Shift
    open: int
    notice: OpenSeatNotice
    is_given_back: bool


@dataclass(frozen=True, slots=True)
class OpenSpan:
    """Shifts of one post end to end on one day, all with as many open seats that wait for the same people."""

    window: Window
    post_code: str
    shifts: int
    open: int
    """In all of them."""
    notice: OpenSeatNotice
    is_given_back: bool


@dataclass(frozen=True, slots=True)
class PackageView:
    """A package as it stands."""

    package: Package
    state: PackageState
    """By the time."""
    unit: str
    community: str
    posts: Mapping[str, str]
    """What its posts are called, by code."""
    is_paired: bool
    """Whether the unit is paired with the community; told, no reason to refuse."""
    members: int
    """Of the unit, in the register."""
    capacity: PackageCapacity
    seats: int
    """Person-shifts of the shifts that are there."""
    filled: int
    others: int
    """Seats taken by people who are not of the unit, before it accepted or after they fell back."""
    open_shifts: Sequence[OpenPackageShift]
    bare_days: Sequence[date]
    """Days of which no roster has a shift in its hours."""
    names: Mapping[str, str]
    """Of whoever was named for batches, masked, by code."""
    answered_by: str
    is_answered_for: bool
    """Whether somebody else entered the answer of the unit."""

    @property
    def open(self) -> int:
        """Seats nobody has taken, of shifts over and to come."""
        return self.seats - self.filled

    @property
    def is_held(self) -> bool:
        """Whether the unit holds seats now or will: accepted and not over."""
        return self.state in {PackageState.ACCEPTED, PackageState.RUNNING}

    @property
    def open_spans(self) -> list[OpenSpan]:
        """What is open, by time and post, shifts that follow each other together."""
        spans: list[OpenSpan] = []
        by_post = sorted(self.open_shifts, key=lambda each: (each.shift.post_code, each.shift.window))
        for each in by_post:
            last = spans[-1] if spans else None
            if last is not None and _goes_on(last, each):
                end = each.shift.window.end
                spans[-1] = replace(
                    last,
                    window=Window(last.window.start, end),
                    shifts=last.shifts + 1,
                    open=last.open + each.open,
                )
            else:
                shift = each.shift
                spans.append(OpenSpan(shift.window, shift.post_code, 1, each.open, each.notice, each.is_given_back))
        return sorted(spans, key=lambda span: (span.window, span.post_code))

    def count_open(self, notice: OpenSeatNotice) -> int:
        """Return how many open seats wait for somebody."""
        return sum(each.open for each in self.open_shifts if each.notice is notice)


def _goes_on(span: OpenSpan, each: OpenPackageShift) -> bool:
    shift = each.shift
    return (
        (span.post_code, span.window.end, span.notice, span.is_given_back)
        == (shift.post_code, shift.window.start, each.notice, each.is_given_back)
        and span.open == each.open * span.shifts
        and span.window.start.date() == shift.window.start.date()
    )


@dataclass(frozen=True, slots=True)
class _Register:
    """What is called how, and how many people units have, read once for all packages."""

    units: Mapping[str, PackageRow]
    communities: Mapping[str, PackageRow]
    posts: Mapping[str, PackageRow]
    members: Mapping[str, int]
    """Of units, by code."""
    names: Mapping[str, str]
    """Masked, of whoever was named for a batch, by code."""
    paired: Mapping[str, frozenset[str]]
    """Units that are paired with communities now, by community."""


def list_packages(context: Context) -> list[PackageView]:
    """Return the packages of the communities, or of the unit, of whoever looks, the latest first."""
    with context.look(Action.VIEW_PACKAGES) as tx:
        scope, now = context.scope_in(tx), context.clock()
        stored_data = {row["id"]: row for row in tx.packages.read_packages()}
        every = map(package_from_row, stored_data.values())
        packages = [package for package in every if is_of(scope, package.community_code, package.unit_code)]
        register = _read_register(tx, packages)
        mode = in_force(declared_in(tx), now).mode
        return [_view(tx, each, stored_data[each.id], register, mode, now) for each in reversed(packages)]


def _read_register(tx: Transaction, packages: Sequence[Package]) -> _Register:
    units = {package.unit_code for package in packages}
    named = {member for package in packages for batch in package.batches for member in batch.members}
    names = tx.people.read(named)["name"].items() if named else ()
    communities = {package.community_code for package in packages}
    return _Register(
        units=tx.plans.read_rows(Layer.UNITS, units),
        communities=tx.plans.read_rows(Layer.COMMUNITIES, communities),
        posts=tx.plans.read_rows(Layer.POSTS, {post.post_code for package in packages for post in package.posts}),
        members={code: tx.people.count(tx.people.within(units=[code])) for code in units},
        names={str(code): mask_name(str(name)) for code, name in names},
        paired={code: frozenset(tx.pairings.read_paired(code)) for code in communities},
    )


def read_unit_names(context: Context) -> dict[str, str]:
    """Return the units that a package may be offered to, by code, with their names."""
    with context.look(Action.KEEP_PACKAGES) as tx:
        frame = tx.read_layer(Layer.UNITS, columns=["name"])
    return {str(code): str(name) for code, name in frame["name"].items()}


def read_offer_posts(context: Context, community_code: str) -> dict[str, str]:
    """Return the posts in use in a community, by code, with their names.

    Raises
    ------
    OutsideAreaError
        If the community lies outside the actor's area.
    """
    with context.look(Action.KEEP_PACKAGES) as tx:
        context.scope_in(tx).require(Layer.COMMUNITIES, [community_code])
        frame = tx.read_layer(Layer.POSTS, columns=["name", "community_code", "active"])
    here = frame[frame["community_code"].eq(community_code) & frame["active"].fillna(value=True).astype(bool)]
    return {str(code): str(name) for code, name in here["name"].items()}


def _view(
    tx: Transaction, package: Package, row: PackageRow, register: _Register, mode: Mode, now: datetime
) -> PackageView:
    rows = shift_rows_of(tx, package)
    shifts = one_at_a_time(map(shift_from_row, rows))
    duties = [duty_from_row(each) for each in tx.rosters.read_duties_in([shift.id for shift in shifts])]
    taken = seats_taken(duties)
    members = register.members[package.unit_code]
    week = duty_limits(load_roster_norms(), Mode(str(rows[0]["mode"])) if rows else mode).week
    seats = sum(shift.seats for shift in shifts)
    people = members if package.people_promised is None else package.people_promised
    named = {member for batch in package.batches for member in batch.members}
    return PackageView(
        package=package,
        state=package.state_at(now),
        unit=name_in(register.units, package.unit_code),
        community=name_in(register.communities, package.community_code),
        posts={post.post_code: name_in(register.posts, post.post_code) for post in package.posts},
        is_paired=package.unit_code in register.paired[package.community_code],
        members=members,
        capacity=find_package_capacity(seats, people, week, (package.period.end - package.period.start).days),
        seats=seats,
        filled=filled_seats(shifts, taken),
        others=_count_others(tx, package, duties),
        open_shifts=_open_shifts(package, shifts, taken, now),
        bare_days=_bare_days(package, shifts),
        names={code: register.names[code] for code in named if code in register.names},
        answered_by=str(row["answered_by"] or ""),
        is_answered_for=bool(row["is_answered_for"]),
    )


def _count_others(tx: Transaction, package: Package, duties: Sequence[Duty]) -> int:
    places = tx.people.read_places({duty.member_code for duty in duties if duty.member_code})
    units = {code: place["unit_code"] for code, place in places.items()}
    return sum(duty.fills for duty in duties if (duty.unit_code or units.get(duty.member_code)) != package.unit_code)


def _open_shifts(
    package: Package, shifts: Sequence[Shift], taken: Mapping[int, int], now: datetime
) -> list[OpenPackageShift]:
    return [
        OpenPackageShift(
            shift,
            shift.seats - taken.get(shift.id, 0),
            find_notice(shift.window.start, now),
            any(release.holds(shift.post_code, shift.window.start) for release in package.releases),
        )
        for shift in shifts
        if shift.window.start > now and shift.seats > taken.get(shift.id, 0)
    ]


def _bare_days(package: Package, shifts: Sequence[Shift]) -> list[date]:
    there = {shift.window.start.date() for shift in shifts}
    days = {span.start.date() for post in package.posts for span in post.hours(package.period)}
    return sorted(days - there)
