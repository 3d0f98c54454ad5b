"""Walking minutes between grids, middle to middle: along the stored roads where they lead, else by straight line."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from threading import Lock
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.arrays import Floats, Positions
from geo.roads import RoadPoints, Streets, lay_streets, minutes_from, minutes_within, put_on
from geo.travel import DETOUR, WALKING_M_PER_MINUTE, Pairs, pairs_within, walking_minutes
from services.i18n import Text, text

NO_WALKING: Final = frozenset({"motorway", "railway", "高速公路", "高速", "铁路", "轨道交通"})
"""Kinds of road nobody walks on; they cross streets on another level."""
_TABLES_KEPT: Final = 4
_WALKS_KEPT: Final = 4


class TravelSource(StrEnum):
    """How the minutes were found."""

    ROADS = "roads"
    STRAIGHT = "straight"


_NOTES: Final = {
    TravelSource.ROADS: text(
        "Walking minutes follow the stored roads at 80 m a minute; off the roads, straight line × 1.3."
    ),
    TravelSource.STRAIGHT: text(
        "Walking minutes are straight line × 1.3 at 80 m a minute: no usable roads are stored."
    ),
}


@dataclass(frozen=True)
class TravelTimes:
    """Ways between the ``n`` grids of the inputs; each is worked out once (``travel_times_between``)."""

    points: Floats
    """Middles of the grids in metres, shape (n, 2)."""
    lines: NDArray[np.object_]
    """Roads people walk on, in metres."""
    _tables: dict[tuple[float, tuple[int, ...]], Pairs] = field(default_factory=dict, repr=False, compare=False)
    _known: dict[float, tuple[Positions, Pairs]] = field(default_factory=dict, repr=False, compare=False)
    """By limit: all homes worked out so far, ascending, and the ways from them."""
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    @cached_property
    def _laid(self) -> tuple[Streets, RoadPoints]:
        streets = lay_streets(self.lines)
        return streets, put_on(streets, self.points)

    @cached_property
    def on_roads(self) -> int:
        """How many grids stand on a road that leads somewhere."""
        return int((self._laid[1].node >= 0).sum())

    @property
    def travel(self) -> TravelSource:
        """How minutes between most grids are found."""
        return TravelSource.ROADS if self.on_roads else TravelSource.STRAIGHT

    def knows(self, homes: Sequence[int], limit_minutes: float) -> bool:
        """Tell whether ``within`` answers at once."""
        if (limit_minutes, tuple(homes)) in self._tables:
            return True
        known = self._known.get(limit_minutes)
        return known is not None and bool(np.isin(homes, known[0]).all())

    def within(
        self, homes: Sequence[int], limit_minutes: float, *, report: Callable[[float], None] = lambda _: None
    ) -> Pairs:
        """Return which grids lie within so many minutes of some grids (ascending), ordered by origin; minutes.

        Only homes that were not asked for before are worked out; ``report`` is told which share of them is done.
        """
        key = (limit_minutes, tuple(homes))
        with self._lock:
            found = self._tables.pop(key, None)
            if found is None:
                found = self._extend(np.asarray(homes, dtype=np.intp), limit_minutes, report)
                if len(self._tables) >= _TABLES_KEPT:
                    self._tables.pop(next(iter(self._tables)))
            self._tables[key] = found  # the last one asked for stands last, the first goes
            return found

    def from_grid(self, home: int) -> Floats:
        """Return the minutes from a grid to every grid, shape (n,), NaN where a middle is not known."""
        return minutes_from(*self._laid, home)

    def _extend(self, homes: Positions, limit_minutes: float, report: Callable[[float], None]) -> Pairs:
        nothing = Pairs(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0))
        known, ways = self._known.get(limit_minutes, (np.empty(0, np.intp), nothing))
        fresh = np.setdiff1d(homes, known)
        if fresh.size:
            more = self._find(fresh, limit_minutes, report)
            known, ways = np.union1d(known, fresh), _merge(ways, more)
        self._known.pop(limit_minutes, None)
        self._known[limit_minutes] = (known, ways)  # as above
        if len(self._known) > _TABLES_KEPT:
            self._known.pop(next(iter(self._known)))
        if known.size == homes.size:
            return ways
        here = np.isin(ways.origin, homes)
        return Pairs(ways.origin[here], ways.destination[here], ways.cost[here])

    def _find(self, homes: Positions, limit_minutes: float, report: Callable[[float], None]) -> Pairs:
        if self.on_roads:
            return minutes_within(*self._laid, homes, limit_minutes, report=report)
        near = pairs_within(self.points, limit_minutes * WALKING_M_PER_MINUTE / DETOUR)
        which = np.isin(near.origin, homes)
        return Pairs(near.origin[which], near.destination[which], walking_minutes(near.cost[which]))


def travel_times_between(points: Floats, lines: NDArray[np.object_]) -> TravelTimes:
    """Return the ways between grids: the very object made before where neither grids nor roads changed since.

    Middles of the grids in metres, shape (n, 2), and the lines people walk on, in metres.
    """
    mark = hashlib.sha256(np.ascontiguousarray(points).tobytes())
    for line in shapely.to_wkb(lines):
        mark.update(line)
    with _LOCK:
        found = _RECENT.pop(mark.digest(), None) or TravelTimes(points, lines)
        _RECENT[mark.digest()] = found
        if len(_RECENT) > _WALKS_KEPT:
            _RECENT.popitem(last=False)
    return found


_RECENT: Final[OrderedDict[bytes, TravelTimes]] = OrderedDict()
_LOCK: Final = Lock()


def _merge(one: Pairs, other: Pairs) -> Pairs:
    """Return the ways of both, ordered by origin, each origin in the order it had."""
    origin = np.concatenate([one.origin, other.origin])
    order = np.argsort(origin, kind="stable")
    destination = np.concatenate([one.destination, other.destination])
    return Pairs(origin[order], destination[order], np.concatenate([one.cost, other.cost])[order])


def travel_note(travel: TravelSource) -> Text:
    """Return in one sentence how walking minutes are found."""
    return _NOTES[travel]


def walkable(lines: NDArray[np.object_], kinds: Sequence[object]) -> NDArray[np.object_]:
    """Return the lines that people walk on; ``kinds`` of the same length, null where nobody stated one."""
    is_line = np.isin(shapely.get_type_id(lines), [1, 5])
    travel_times = np.array([kind not in NO_WALKING for kind in kinds], dtype=np.bool_)
    return np.asarray(lines[is_line & travel_times], dtype=object)
