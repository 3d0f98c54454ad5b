"""Packages (承包): posts and hours that a unit takes over as a whole, who of it comes when, and when it falls back.

A shift belongs to a package, and to a batch of it, by the instant at which it begins (rules P).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from math import ceil, floor
from typing import Final

from services.i18n import Text, text
from services.rules.planning import overlap
from services.rules.roster.duties import Shift
from services.rules.roster.pattern import HoursError
from services.rules.windows import DAY, HOUR, WEEK, Window

PACKAGES: Final = "packages"
"""The part whose version grows with every change of a package (``Transaction.versions``)."""
EVERY_DAY: Final = 0b1111111
TELL_UNIT: Final = 24 * HOUR
"""So long before it begins the unit is told of a shift of its package that is open."""
EVER: Final = datetime(1, 1, 1)
"""Long before any seat falls back."""
FALL_BACK: Final = 12 * HOUR
"""So long before it begins what is open in it is the community's again: a gate is not empty because two sides wait."""
_DAYS_OF_WEEK: Final = 7


class PackageState(StrEnum):
    """How far a package is agreed; ``RUNNING`` and ``OVER`` follow from the time."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    RUNNING = "running"
    OVER = "over"
    WITHDRAWN = "withdrawn"


PACKAGE_STATE_NAMES: Final[Mapping[PackageState, Text]] = {
    PackageState.OFFERED: text("Offered"),
    PackageState.ACCEPTED: text("Accepted"),
    PackageState.DECLINED: text("Declined"),
    PackageState.RUNNING: text("Running"),
    PackageState.OVER: text("Over"),
    PackageState.WITHDRAWN: text("Withdrawn"),
}
OPEN_STATES: Final = frozenset({PackageState.OFFERED, PackageState.ACCEPTED, PackageState.RUNNING})
"""States in which something may still come of it."""


class OpenSeatNotice(StrEnum):
    """Who has to see to a seat of a package that nobody has taken."""

    LATER = "later"
    UNIT = "unit"
    COMMUNITY = "community"


@dataclass(frozen=True, slots=True)
class PackagePost:
    """A post with the hours of a day and the days of a week that are taken over."""

    post_code: str
    from_time: time
    to_time: time
    """Midnight is the end of the day; one before the beginning lies on the next day."""
    weekdays: int = EVERY_DAY
    """Bits, that of Monday the lowest; hours beyond midnight belong to the day on which they begin."""

    def hours(self, period: Window) -> Iterator[Window]:
        """Yield the hours of each of its days that lie in a period, in order."""
        length = _length(self.from_time, self.to_time)
        for number in range(-1, (period.end - period.start).days + 2):
            begin = datetime.combine(period.start.date(), self.from_time) + number * DAY
            start, end = max(begin, period.start), min(begin + length, period.end)
            if start < end and self.weekdays >> begin.weekday() & 1:
                yield Window(start, end)

    def holds(self, start: datetime, period: Window) -> bool:
        """Return whether something that begins at an instant begins in its hours."""
        length = _length(self.from_time, self.to_time)
        begins = (datetime.combine(start.date(), self.from_time) - number * DAY for number in (0, 1))
        return period.start <= start < period.end and any(
            begin <= start < begin + length and self.weekdays >> begin.weekday() & 1 for begin in begins
        )


@dataclass(frozen=True, slots=True)
class SeatRelease:
    """Shifts of a package that the unit has given back: those that begin in a time, at a post or at all of them."""

    window: Window
    post_code: str = ""

    def holds(self, post_code: str, start: datetime) -> bool:
        """Return whether a shift is one of them."""
        return self.post_code in {"", post_code} and self.window.start <= start < self.window.end


@dataclass(frozen=True, slots=True)
class Batch:
    """Who of a unit comes in a part of its package."""

    number: int
    period: Window
    people: int
    """How many are meant to come."""
    members: frozenset[str] = frozenset()
    """Who was named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """Posts and hours that were offered to a unit."""

    id: int = 0
    unit_code: str
    community_code: str
    period: Window
    posts: tuple[PackagePost, ...]
    name: str = ""
    state: PackageState = PackageState.OFFERED
    """As agreed; ``state_at`` says what it is at a time."""
    people_promised: int | None = None
    releases: tuple[SeatRelease, ...] = ()
    batches: tuple[Batch, ...] = field(default=())

    def state_at(self, now: datetime) -> PackageState:
        """Return how far it is at a time."""
        if self.state is not PackageState.ACCEPTED or now < self.period.start:
            return self.state
        return PackageState.RUNNING if now < self.period.end else PackageState.OVER

    def holds(self, post_code: str, start: datetime) -> bool:
        """Return whether a shift is one of its own, given back or not."""
        return any(post.post_code == post_code and post.holds(start, self.period) for post in self.posts)

    def reserves(self, post_code: str, start: datetime, now: datetime) -> bool:
        """Return whether a shift is for people of the unit alone: accepted, not given back, not about to begin."""
        return now < start - FALL_BACK and self.keeps(post_code, start)

    def keeps(self, post_code: str, start: datetime) -> bool:
        """Return whether the unit has accepted a shift and not given it back."""
        given_back = any(release.holds(post_code, start) for release in self.releases)
        return self.state is PackageState.ACCEPTED and not given_back and self.holds(post_code, start)

    def batch_at(self, start: datetime) -> Batch | None:
        """Return the batch in which a shift begins; None where there is none."""
        return next((batch for batch in self.batches if batch.period.start <= start < batch.period.end), None)


def find_holding(packages: Iterable[Package], shift: Shift) -> Package | None:
    """Return the package that a shift is of and that has not given it back; None where there is none."""
    return next((package for package in packages if package.keeps(shift.post_code, shift.window.start)), None)


def find_reserving(packages: Iterable[Package], post_code: str, start: datetime, now: datetime) -> Package | None:
    """Return the package whose unit alone may take the seats of a shift; None where everybody may."""
    return next((package for package in packages if package.reserves(post_code, start, now)), None)


def find_conflict(package: Package, others: Iterable[Package]) -> tuple[Package, str] | None:
    """Return the first accepted package that holds a seat of another one too, and the post; None without any (P3)."""
    for other in others:
        if other.id == package.id or other.state is not PackageState.ACCEPTED:
            continue
        for own in package.posts:
            theirs = [post for post in other.posts if post.post_code == own.post_code]
            spans = [span for post in theirs for span in post.hours(other.period)]
            if any(overlap(mine, span) for mine in own.hours(package.period) for span in spans):
                return other, own.post_code
    return None


def find_double(batch: Batch, others: Iterable[Batch]) -> str | None:
    """Return somebody who is in two batches whose times overlap; None without anybody (P3)."""
    for other in others:
        if overlap(batch.period, other.period) and (both := batch.members & other.members):
            return min(both)
    return None


@dataclass(frozen=True, slots=True)
class PackageCapacity:
    """Whether a unit can carry a package (P1): told, never a reason to refuse."""

    needed: int
    """Person-shifts."""
    people: int
    days: int
    each: int
    """Person-shifts of one person in the time, at most."""

    @property
    def most(self) -> int:
        """Person-shifts of all of them, at most."""
        return self.people * self.each

    @property
    def least_people(self) -> int:
        """How many people it takes."""
        return ceil(self.needed / self.each)

    @property
    def missing(self) -> int:
        """Person-shifts beyond what they can carry."""
        return max(self.needed - self.most, 0)

    @property
    def text(self) -> Text:
        """What is said of it."""
        params = {"needed": self.needed, "people": self.people, "most": self.most, "days": self.days}
        if not self.missing:
            return Text((_ENOUGH_WEEK if self.days == _DAYS_OF_WEEK else _ENOUGH_DAYS).id, params)
        short = _SHORT_WEEK if self.days == _DAYS_OF_WEEK else _SHORT_DAYS
        return Text(short.id, params | {"missing": self.missing, "least": self.least_people})


_SHORT_WEEK: Final = text(
    "{needed} person-shifts are needed, {people} people carry {most} a week at most, {missing} are missing: it takes"
    " {least} people at least, or fewer shifts"
)
_SHORT_DAYS: Final = text(
    "{needed} person-shifts are needed, {people} people carry {most} in {days} days at most, {missing} are missing: it"
    " takes {least} people at least, or fewer shifts"
)
_ENOUGH_WEEK: Final = text("{needed} person-shifts are needed, {people} people carry {most} a week at most: enough")
_ENOUGH_DAYS: Final = text(
    "{needed} person-shifts are needed, {people} people carry {most} in {days} days at most: enough"
)


def find_package_capacity(needed: int, people: int, week_duties: int, days: int) -> PackageCapacity:
    """Return whether so many people can carry so many person-shifts in some days.

    Parameters
    ----------
    week_duties
        The most that one person does in any 7 days; of a shorter time they do as many.

    Examples
    --------
    >>> found = find_package_capacity(98, 23, 3, 7)
    >>> found.most, found.missing, found.least_people
    (69, 29, 33)
    """
    each = floor(week_duties * max(days, _DAYS_OF_WEEK) / _DAYS_OF_WEEK)
    return PackageCapacity(needed, people, days, each)


def split(people: int, batches: int) -> tuple[int, ...]:
    """Return the sizes of so many batches: they differ by at most 1, the larger first (P2).

    Examples
    --------
    >>> split(23, 3)
    (8, 8, 7)
    """
    least, more = divmod(people, batches)
    return tuple(least + (number < more) for number in range(batches))


def split_period(period: Window, batches: int) -> tuple[Window, ...]:
    """Return the times of so many batches end to end: whole days, the longer first; no more than there are days.

    Examples
    --------
    >>> week = Window(datetime(2026, 11, 30), datetime(2026, 12, 7))
    >>> [f"{each.start:%d}-{each.end:%d}" for each in split_period(week, 3)]
    ['30-03', '03-05', '05-07']
    """
    days = split((period.end - period.start).days, min(batches, (period.end - period.start).days))
    edges = [period.start]
    for count in days:
        edges.append(edges[-1] + count * DAY)
    return tuple(Window(*edge) for edge in pairwise(edges))


def make_batches(period: Window, people: int, batches: int) -> tuple[Batch, ...]:
    """Return batches end to end, numbered from 1, without names; no more than there are days."""
    windows = split_period(period, batches)
    sizes = split(people, len(windows))
    return tuple(Batch(number, *of) for number, of in enumerate(zip(windows, sizes, strict=True), 1))


def take_turns(unit_codes: Sequence[str], start: date) -> tuple[tuple[str, Window], ...]:
    """Return a week for every unit, one after the other (P2).

    Examples
    --------
    >>> [(unit, f"{week.start:%m-%d}") for unit, week in take_turns(["U1", "U2"], date(2026, 11, 30))]
    [('U1', '11-30'), ('U2', '12-07')]
    """
    begin = datetime.combine(start, time())
    return tuple(
        (unit, Window(begin + number * WEEK, begin + (number + 1) * WEEK)) for number, unit in enumerate(unit_codes)
    )


def find_notice(start: datetime, now: datetime) -> OpenSeatNotice:
    """Return who has to see to an open seat of a package (P4).

    Examples
    --------
    >>> find_notice(datetime(2026, 11, 30, 8), datetime(2026, 11, 29, 20))
    <OpenSeatNotice.COMMUNITY: 'community'>
    """
    if now >= start - FALL_BACK:
        return OpenSeatNotice.COMMUNITY
    return OpenSeatNotice.UNIT if now >= start - TELL_UNIT else OpenSeatNotice.LATER


def one_at_a_time(shifts: Iterable[Shift]) -> list[Shift]:
    """Return shifts of several rosters, at each post and instant one: the first told goes before the others."""
    there: dict[str, list[Shift]] = {}
    for shift in shifts:
        own = there.setdefault(shift.post_code, [])
        if not any(other.roster_id != shift.roster_id and overlap(other.window, shift.window) for other in own):
            own.append(shift)
    return sorted((shift for own in there.values() for shift in own), key=lambda each: (each.window, each.post_code))


def parse_package_hours(words: str) -> tuple[time, time]:
    """Return from when to when of a day a text like ``08-22`` says; ``22-06`` goes beyond midnight, 24 is midnight.

    Raises
    ------
    HoursError
        When it is none.

    Examples
    --------
    >>> parse_package_hours("08-22")
    (datetime.time(8, 0), datetime.time(22, 0))
    """
    parts = re.fullmatch(r"\s*(\d{1,2})(?::00)?\s*[-–—~～至到]\s*(\d{1,2})(?::00)?\s*", words)
    start, end = (int(parts[1]), int(parts[2])) if parts else (-1, -1)
    if not 0 <= start < 24 or not 0 <= end <= 24 or start == end:
        raise HoursError(words)
    return time(start), time(end % 24)


def weekday_bits(weekdays: Collection[int]) -> int:
    """Return days of the week (0 Monday to 6 Sunday) as bits.

    Examples
    --------
    >>> weekday_bits([0, 2])
    5
    """
    return sum(1 << day for day in set(weekdays))


def _length(start: time, end: time) -> timedelta:
    length = datetime.combine(date.min, end) - datetime.combine(date.min, start)
    return length if length > timedelta() else length + DAY
