"""Who stands where by rosters that were published, as means over stretches of time. Arrays in, arrays out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np

from geo.arrays import Flags, Floats, Positions
from geo.schema import Layer
from services.rules.windows import HOUR, Window

_MIDNIGHT: Final = datetime(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class StandingPeople:
    """People in zones for a time: ``d`` groups of them."""

    heads: Floats
    """Shape (d,)."""
    start: Floats
    """Hours since some midnight, in order, shape (d,)."""
    end: Floats
    zone: Positions
    """Position of their zone, shape (d,)."""
    longest: float
    """Hours that any of them is there at a stretch."""

    def mean_over(self, window: Window, parts: Iterable[Window], count: int) -> Floats:
        """Return the people of each zone who are there in some parts of a window, as a mean over it, shape (count,).

        Examples
        --------
        >>> day = datetime(2026, 11, 30)
        >>> window = Window(day.replace(hour=8), day.replace(hour=12))
        >>> there = standing_people([(3, window.start, day.replace(hour=10), 1)])
        >>> there.mean_over(window, [window], 2).tolist()
        [0.0, 1.5]
        """
        near = self._near(window)
        start, end = self.start[near], self.end[near]
        hours = np.zeros(start.size)
        for part in parts:
            since, until = _hours(part.start), _hours(part.end)
            hours += np.maximum(np.minimum(end, until) - np.maximum(start, since), 0.0)
        weights = self.heads[near] * hours / (window.length / HOUR)
        return np.bincount(self.zone[near], weights=weights, minlength=count).astype(np.float64)

    def _near(self, window: Window) -> slice:
        """Return where those stand who may be there in a window: an hour is asked for of the shifts of weeks."""
        first = np.searchsorted(self.start, _hours(window.start) - self.longest)
        return slice(int(first), int(np.searchsorted(self.start, _hours(window.end))))

    def within(self, inside: Flags) -> "StandingPeople":
        """Return those in the zones that are inside, by their positions among them."""
        here = inside[self.zone]
        place = np.cumsum(inside) - 1
        return StandingPeople(self.heads[here], self.start[here], self.end[here], place[self.zone[here]], self.longest)


def standing_people(groups: Sequence[tuple[float, datetime, datetime, int]]) -> StandingPeople:
    """Return groups of people, each ``(heads, start, end, position of the zone)``; -1 is no zone, and left out."""
    known = sorted((group for group in groups if group[3] >= 0), key=lambda group: group[1])
    start = np.array([_hours(start) for _, start, _, _ in known], dtype=np.float64)
    end = np.array([_hours(end) for _, _, end, _ in known], dtype=np.float64)
    return StandingPeople(
        np.array([heads for heads, *_ in known], dtype=np.float64),
        start,
        end,
        np.array([zone for *_, zone in known], dtype=np.intp),
        float((end - start).max(initial=0.0)),
    )


def common_parts(window: Window, stretches: Iterable[Window]) -> list[Window]:
    """Return the parts of a window that some stretches hold, in order; none overlap, and those that touch are one."""
    parts: list[Window] = []
    for each in sorted(stretches):
        start, end = max(each.start, window.start), min(each.end, window.end)
        if start >= end:
            continue
        if parts and start <= parts[-1].end:
            parts[-1] = Window(parts[-1].start, max(end, parts[-1].end))
        else:
            parts.append(Window(start, end))
    return parts


def other_parts(window: Window, parts: Sequence[Window]) -> list[Window]:
    """Return what ``common_parts`` leave of a window, in order."""
    edges = [window.start, *(edge for part in parts for edge in (part.start, part.end)), window.end]
    return [Window(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]


def _hours(moment: datetime) -> float:
    return (moment - _MIDNIGHT) / HOUR


@dataclass(frozen=True, slots=True)
class RosterTime:
    """When and where one published roster says who stands there."""

    stretches: tuple[Window, ...]
    """Its shifts, in time."""
    holds: Mapping[Layer, Flags]
    """Which grids and estates lie in its area, each of shape (n,)."""


@dataclass(frozen=True, slots=True)
class RosterSupply:
    """What the published rosters say, of grids and estates."""

    times: tuple[RosterTime, ...] = ()
    on_duty: Mapping[Layer, StandingPeople] = field(default_factory=dict)
    """Who said yes, where they stand."""
    to_confirm: Mapping[Layer, StandingPeople] = field(default_factory=dict)
    """Who has not answered yet, where they are to stand."""
    on_duty_homes: Mapping[Layer, StandingPeople] = field(default_factory=dict)
    """Members who said yes, where they live."""
    to_confirm_homes: Mapping[Layer, StandingPeople] = field(default_factory=dict)
    """Members who have not answered yet, where they live."""

    def __bool__(self) -> bool:
        """Return whether there is any."""
        return bool(self.times)


NO_ROSTERS: Final = RosterSupply()
