"""What a duty may break, one place for board, sign-ups, packages, imports and commands (rules C).

Windows are half open: duties that touch do not overlap. The day of a duty is the day on which it begins.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Final

from services.i18n import Param, Text, text
from services.rules.planning import overlap
from services.rules.roster.free_times import FreeAnswer
from services.rules.roster.roster_norms import RosterNorms, of_mode
from services.rules.windows import DAY, HOUR, WEEK, Mode, Window


class DutyRule(StrEnum):
    """What a duty may break, in the order in which it is told."""

    OUTSIDE_AREA = "outside_area"
    PACKAGE = "package"
    OVERLAP = "overlap"
    ELSEWHERE = "elsewhere"
    """Overlaps with a duty, where somebody comes for a unit: both places are told."""
    ORDERED = "ordered"
    NOT_IN_BATCH = "not_in_batch"
    TEAM_SIZE = "team_size"
    NOT_FREE = "not_free"
    REST = "rest"
    STINT = "stint"
    DAY = "day"
    WEEK = "week"
    NIGHT = "night"
    NIGHTS_RUNNING = "nights_running"
    OUT_OF_REACH = "out_of_reach"
    SKILL = "skill"
    PROOF = "proof"
    SEATS_FULL = "seats_full"
    FEW_SEATS = "few_seats"


HARD: Final = frozenset(
    {DutyRule.OUTSIDE_AREA, DutyRule.PACKAGE, DutyRule.OVERLAP, DutyRule.ELSEWHERE, DutyRule.ORDERED}
)
"""Nobody sets these aside: nobody is in two places at once; seats of a unit are its own until given back."""

_TEXTS: Final[Mapping[DutyRule, Text]] = {
    DutyRule.OUTSIDE_AREA: text("This post lies outside your area."),
    DutyRule.PACKAGE: text("These seats are taken over by {unit} until it gives them back."),
    DutyRule.ELSEWHERE: text("Cannot stand at {here}, {window}: has a duty at {post} then, {other}."),
    DutyRule.NOT_IN_BATCH: text("Is not in the batch {number} of the unit that comes then."),
    DutyRule.OVERLAP: text("Overlaps with {window} {post}."),
    DutyRule.ORDERED: text("Is sent with a team then, {window} (order {order})."),
    DutyRule.TEAM_SIZE: text("{heads} people of a team of {size}; {busy} of it are on duty then already."),
    DutyRule.NOT_FREE: text("Has said no for this time."),
    DutyRule.REST: text("Only {hours} h of rest to {window}; it takes {least} h."),
    DutyRule.STINT: text("{hours} h at a stretch; at most {most} h."),
    DutyRule.DAY: text("{hours} h within 24 hours; at most {most} h."),
    DutyRule.WEEK: text("{count} duties within 7 days; at most {most}."),
    DutyRule.NIGHT: text("{count} nights within 7 days; at most {most}."),
    DutyRule.NIGHTS_RUNNING: text("Two nights running."),
    DutyRule.OUT_OF_REACH: text("{minutes} minutes on foot; the limit is {most}."),
    DutyRule.SKILL: text("The open seats are for {people}."),
    DutyRule.PROOF: text("Nobody has seen a proof of {skill} that holds then."),
    DutyRule.SEATS_FULL: text("All {seats} seats are taken."),
    DutyRule.FEW_SEATS: text("{heads} people, and {open} of {seats} seats are open."),
}


@dataclass(frozen=True, slots=True)
class DutyBreach:
    """A rule that a duty breaks, with what the sentence about it needs."""

    rule: DutyRule
    params: Mapping[str, Param] = field(default_factory=dict)

    @property
    def may_be_overruled(self) -> bool:
        """Whether it may be set aside with a reason."""
        return self.rule not in HARD

    @property
    def text(self) -> Text:
        """The sentence about it."""
        return Text(_TEXTS[self.rule].id, self.params)


@dataclass(frozen=True, slots=True)
class Stay:
    """Where one person is for a time: a duty, or an order of a team."""

    window: Window
    post_code: str = ""
    post_name: str = ""
    order_id: int = 0
    """0 for a duty."""


@dataclass(frozen=True, slots=True)
class DutyLimits:
    """What one person may do, in a mode."""

    rest: timedelta
    walkable_minutes: float
    stint: timedelta
    day: timedelta
    week: int
    nights: int
    reach_minutes: float


def duty_limits(norms: RosterNorms, mode: Mode) -> DutyLimits:
    """Return the limits of a mode."""
    most = norms.most
    return DutyLimits(
        rest=norms.rest.hours.value * HOUR,
        walkable_minutes=norms.rest.walkable_minutes.value,
        stint=of_mode(most.stint_hours, mode) * HOUR,
        day=of_mode(most.day_hours, mode) * HOUR,
        week=int(of_mode(most.week_duties, mode)),
        nights=int(of_mode(most.week_nights, mode)),
        reach_minutes=norms.reach.minutes.value,
    )


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What the rules ask about the person of a duty."""

    duties: Sequence[Stay] = ()
    """Other live duties of theirs, in any order."""
    orders: Sequence[Stay] = ()
    """When a team in which they stand is sent."""
    answer: FreeAnswer = FreeAnswer.UNASKED
    minutes: float | None = None
    """On foot from home to the post; None where it is not known."""


def check_duty(
    stay: Stay, person: PersonFacts, limits: DutyLimits, minutes_between: Callable[[str, str], float | None]
) -> tuple[DutyBreach, ...]:
    """Return what one duty more would break, in the order of ``DutyRule``.

    Parameters
    ----------
    stay
        The duty: its shift's window and post.
    minutes_between
        Minutes on foot between two posts, by their codes; None where that is not known.
    """
    breaches = [
        *_overlaps(stay, person.duties, DutyRule.OVERLAP),
        *_overlaps(stay, person.orders, DutyRule.ORDERED),
    ]
    if person.answer is FreeAnswer.NO:
        breaches.append(DutyBreach(DutyRule.NOT_FREE))
    near = stay.window.start - WEEK, stay.window.end + WEEK
    others = [
        other
        for other in person.duties
        if near[0] < other.window.end and other.window.start < near[1] and not overlap(other.window, stay.window)
    ]
    breaches += _rest_and_stint(stay, others, limits, minutes_between)
    breaches += _in_a_day(stay, others, limits)
    breaches += _in_a_week(stay, others, limits)
    if person.minutes is not None and person.minutes > limits.reach_minutes:
        breaches.append(
            DutyBreach(DutyRule.OUT_OF_REACH, {"minutes": round(person.minutes), "most": round(limits.reach_minutes)})
        )
    return tuple(breaches)


def touches_night(window: Window) -> bool:
    """Tell whether a duty lies between 22 and 08 in part.

    Examples
    --------
    >>> from datetime import datetime
    >>> touches_night(Window(datetime(2026, 11, 27, 20), datetime(2026, 11, 27, 22)))
    False
    """
    return bool(nights_of(window))


@lru_cache(maxsize=4096)
def nights_of(window: Window) -> frozenset[int]:
    """Return the nights (22 to 08) that a duty touches, each by the day on which it begins."""
    first = window.start.toordinal() - 1
    nights = []
    for day in range(first, window.end.toordinal() + 1):
        begin = window.start.replace(hour=0, minute=0, second=0) + (day - window.start.toordinal()) * DAY + 22 * HOUR
        if window.start < begin + 10 * HOUR and begin < window.end:
            nights.append(day)
    return frozenset(nights)


def overlap_breach(other: Stay, rule: DutyRule = DutyRule.OVERLAP) -> DutyBreach:
    """Return what it is to be elsewhere at the time."""
    return DutyBreach(rule, {"window": time_words(other.window), "post": other.post_name, "order": other.order_id})


def _overlaps(stay: Stay, others: Iterable[Stay], rule: DutyRule) -> list[DutyBreach]:
    return [overlap_breach(other, rule) for other in others if overlap(other.window, stay.window)]


def _rest_and_stint(
    stay: Stay, others: Sequence[Stay], limits: DutyLimits, minutes_between: Callable[[str, str], float | None]
) -> list[DutyBreach]:
    def follow_on(one: Stay, next_one: Stay) -> bool:
        if one.window.end != next_one.window.start:
            return False
        minutes = 0.0 if one.post_code == next_one.post_code else minutes_between(one.post_code, next_one.post_code)
        return minutes is not None and minutes <= limits.walkable_minutes

    stints = _stints([*others, stay], follow_on)
    own = next(stint for stint in stints if stay in stint)
    breaches = [_rest_breach(gap, neighbour, limits) for neighbour, gap in _pauses(own, stints) if gap < limits.rest]
    length = own[-1].window.end - own[0].window.start
    if length > limits.stint:
        breaches.append(_hours_breach(DutyRule.STINT, length, limits.stint))
    return breaches


def _stints(stays: Iterable[Stay], follow_on: Callable[[Stay, Stay], bool]) -> list[list[Stay]]:
    """Return stays in order, those that follow on from each other together."""
    stints: list[list[Stay]] = []
    for stay in sorted(stays, key=lambda each: each.window):
        if stints and follow_on(stints[-1][-1], stay):
            stints[-1].append(stay)
        else:
            stints.append([stay])
    return stints


def _pauses(own: list[Stay], stints: list[list[Stay]]) -> list[tuple[Window, timedelta]]:
    """Return the stints next to one, with the pause between."""
    pauses = []
    for before, after in pairwise(stints):
        if own is after:
            pauses.append((before[-1].window, own[0].window.start - before[-1].window.end))
        elif own is before:
            pauses.append((after[0].window, after[0].window.start - own[-1].window.end))
    return pauses


def _rest_breach(gap: timedelta, neighbour: Window, limits: DutyLimits) -> DutyBreach:
    params: dict[str, Param] = {"hours": _hours(gap), "window": time_words(neighbour), "least": _hours(limits.rest)}
    return DutyBreach(DutyRule.REST, params)


def _in_a_day(stay: Stay, others: Sequence[Stay], limits: DutyLimits) -> list[DutyBreach]:
    most = max(_sum_lengths(group) for group in _groups_within(stay, others, DAY))
    return [_hours_breach(DutyRule.DAY, most, limits.day)] if most > limits.day and others else []


def _in_a_week(stay: Stay, others: Sequence[Stay], limits: DutyLimits) -> list[DutyBreach]:
    breaches = []
    weeks = list(_groups_within(stay, others, WEEK))
    count = max(len(week) for week in weeks)
    if count > limits.week:
        breaches.append(DutyBreach(DutyRule.WEEK, {"count": count, "most": limits.week}))
    if own := nights_of(stay.window):
        nights = max(len({night for each in week for night in nights_of(each.window)}) for week in weeks)
        if nights > limits.nights:
            breaches.append(DutyBreach(DutyRule.NIGHT, {"count": nights, "most": limits.nights}))
        theirs = {night for each in others for night in nights_of(each.window)}
        if any(night - 1 in theirs or night + 1 in theirs for night in own):
            breaches.append(DutyBreach(DutyRule.NIGHTS_RUNNING))
    return breaches


def _groups_within(stay: Stay, others: Sequence[Stay], span: timedelta) -> Iterable[list[Stay]]:
    """Yield, of every span of time that holds the beginning of a stay, the stays that begin in it."""
    begin = stay.window.start
    starts = {each.window.start for each in (*others, stay) if begin - span < each.window.start <= begin}
    for start in starts:
        yield [each for each in (*others, stay) if start <= each.window.start < start + span]


def _sum_lengths(stays: Iterable[Stay]) -> timedelta:
    return sum((each.window.length for each in stays), timedelta())


def _hours_breach(rule: DutyRule, length: timedelta, most: timedelta) -> DutyBreach:
    return DutyBreach(rule, {"hours": _hours(length), "most": _hours(most)})


def _hours(length: timedelta) -> str:
    return f"{length / HOUR:g}"


def time_words(window: Window) -> str:
    """Return a window as sentences about duties say it."""
    return f"{window.start:%m-%d %H:%M}–{window.end:%H:%M}"
