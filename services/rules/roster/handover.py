"""Handover: post by post who is there at an instant, who leaves and who comes soon, and where nobody is (rule H1)."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.rules.roster.duties import Duty, DutyState, Shift, seats_taken
from services.rules.windows import HOUR, Window

SOON: Final = 2 * HOUR
"""So far ahead a handover looks: the length of the shortest shifts there are."""


@dataclass(frozen=True, slots=True)
class Stint:
    """Somebody at a post for a time: duties that touch are one."""

    duty: Duty
    """The one that runs, else the first one."""
    window: Window


@dataclass(frozen=True, slots=True)
class NextShift:
    """A shift with open seats."""

    window: Window
    seats: int


@dataclass(frozen=True, slots=True)
class PostHandover:
    """A post at an instant, and what changes there soon."""

    post_code: str
    seats: int
    """Of the shifts that run."""
    people: tuple[Stint, ...]
    """Who is there, by the end of their time."""
    departures: tuple[Stint, ...]
    """Those of them whose time ends soon; who goes on at the same post does not leave."""
    arrivals: tuple[Stint, ...]
    """Whose time begins soon; who is there already does not come."""
    open_seats: int
    """Of the shifts that run."""
    open_soon: tuple[NextShift, ...]
    """Shifts that begin soon."""
    reserves: int
    """People who stand by for the shifts that run."""
    unmanned_from: datetime | None
    """When people are needed and nobody is there, now or soon, for the first time; None for never."""

    @property
    def heads(self) -> int:
        """How many people are there."""
        return count_heads(self.people)


def count_heads(stints: Iterable[Stint]) -> int:
    """Return how many people some stints are of."""
    return sum(stint.duty.heads for stint in stints)


def find_handovers(
    shifts: Iterable[Shift], duties: Iterable[Duty], at: datetime, span: timedelta = SOON
) -> list[PostHandover]:
    """Return the posts where somebody is needed or stands at an instant or soon, the most pressing first.

    Posts without anybody come first, the sooner the earlier; then those with the most open seats; then by code.

    Parameters
    ----------
    shifts, duties
        At least those that run at ``at`` or begin until ``at + span``; others change nothing.
    span
        How far ahead ``soon`` reaches, its last instant included.
    """
    soon = Window(at, at + span)
    shifts_of: dict[str, list[Shift]] = defaultdict(list)
    duties_of: dict[str, list[Duty]] = defaultdict(list)
    for shift in shifts:
        if at < shift.window.end and shift.window.start <= soon.end:
            shifts_of[shift.post_code].append(shift)
    for duty in duties:
        if at < duty.window.end and duty.window.start <= soon.end:
            duties_of[duty.post_code].append(duty)
    rows = [_handover(code, shifts_of[code], duties_of[code], soon) for code in shifts_of]
    later = soon.end + span

    def urgency(row: PostHandover) -> tuple[datetime, int, str]:
        return row.unmanned_from or later, -row.open_seats, row.post_code

    return sorted((row for row in rows if row is not None), key=urgency)


def _handover(code: str, shifts: Sequence[Shift], duties: Sequence[Duty], soon: Window) -> PostHandover | None:
    """Return a post from its shifts and duties near the time; None where nobody is needed or stands."""
    filling = [duty for duty in duties if duty.fills]
    if not filling and not any(shift.seats for shift in shifts):
        return None
    taken = seats_taken(filling)
    in_order = sorted(shifts, key=_when)
    open_shifts = [NextShift(each.window, max(each.seats - taken.get(each.id, 0), 0)) for each in in_order]
    stints = sorted(_stints(filling, soon.start), key=_when)
    people = sorted((each for each in stints if each.window.start <= soon.start), key=_until)
    return PostHandover(
        post_code=code,
        seats=sum(shift.seats for shift in shifts if shift.window.start <= soon.start),
        people=tuple(people),
        departures=tuple(each for each in people if each.window.end <= soon.end),
        arrivals=tuple(each for each in stints if each.window.start > soon.start),
        open_seats=sum(each.seats for each in open_shifts if each.window.start <= soon.start),
        open_soon=tuple(each for each in open_shifts if each.seats and each.window.start > soon.start),
        reserves=sum(_stands_by(duty) * duty.heads for duty in duties if duty.window.start <= soon.start),
        unmanned_from=_unmanned_from(shifts, filling, soon),
    )


def _stands_by(duty: Duty) -> bool:
    return duty.state is DutyState.RESERVE


def _when(each: Shift | Stint) -> Window:
    return each.window


def _until(stint: Stint) -> datetime:
    return stint.window.end


def _stints(duties: Iterable[Duty], at: datetime) -> Iterator[Stint]:
    """Yield the stints of one post; of people without a name those of the same team or unit and number go on."""
    by_person: dict[Hashable, list[Duty]] = defaultdict(list)
    for duty in sorted(duties, key=lambda duty: (duty.window, duty.id)):
        group = duty.team_code or duty.unit_code
        by_person[duty.member_code or ((group, duty.heads) if group else duty.id)].append(duty)
    for own in by_person.values():
        chain = [own[0]]
        for duty in own[1:]:
            if duty.window.start > chain[-1].window.end:
                yield _stint(chain, at)
                chain = []
            chain.append(duty)
        yield _stint(chain, at)


def _stint(chain: Sequence[Duty], at: datetime) -> Stint:
    """Return duties that follow on each other as one."""
    runs = [duty for duty in chain if duty.window.start <= at]
    return Stint((runs or chain[:1])[-1], Window(chain[0].window.start, chain[-1].window.end))


def _unmanned_from(shifts: Sequence[Shift], duties: Sequence[Duty], soon: Window) -> datetime | None:
    edges = {soon.start} | {edge for shift in shifts for edge in (shift.window.start, shift.window.end)}
    needing = [shift for shift in shifts if shift.seats]
    for moment in sorted(edge for edge in edges if soon.start <= edge <= soon.end):
        if _run_at(needing, moment) and not _run_at(duties, moment):
            return moment
    return None


def _run_at(each_of: Iterable[Shift | Duty], moment: datetime) -> bool:
    return any(each.window.start <= moment < each.window.end for each in each_of)
