"""Walking minutes between grids, middle to middle: along the stored roads where they lead, else by straight line."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from threading import Lock
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.streets import Places, Streets, lay_streets, minutes_from, minutes_within, put_on
from geo.travel import DETOUR, WALKING_M_PER_MINUTE, Pairs, pairs_within, walking_minutes
from services.i18n import Text, text

Floats = NDArray[np.float64]

NO_WALKING: Final = frozenset({"motorway", "railway", "高速公路", "高速", "铁路", "轨道交通"})
"""Kinds of road nobody walks on; they cross streets on another level."""
_TABLES_KEPT: Final = 4


class Travel(StrEnum):
    """How the minutes were found."""

    ROADS = "roads"
    STRAIGHT = "straight"


_NOTES: Final = {
    Travel.ROADS: text("Walking minutes follow the stored roads at 80 m a minute; off the roads, straight line × 1.3."),
    Travel.STRAIGHT: text("Walking minutes are straight line × 1.3 at 80 m a minute: no usable roads are stored."),
}


@dataclass(frozen=True)
class Walks:
    """Ways between the ``n`` grids of a basis; what is asked for twice is worked out once."""

    points: Floats
    """Middles of the grids in metres, shape (n, 2)."""
    lines: NDArray[np.object_]
    """Roads people walk on, in metres."""
    _tables: dict[tuple[float, tuple[int, ...]], Pairs] = field(default_factory=dict, repr=False, compare=False)
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    @cached_property
    def _laid(self) -> tuple[Streets, Places]:
        streets = lay_streets(self.lines)
        return streets, put_on(streets, self.points)

    @cached_property
    def on_roads(self) -> int:
        """How many grids stand on a road that leads somewhere."""
        return int((self._laid[1].node >= 0).sum())

    @property
    def travel(self) -> Travel:
        """How minutes between most grids are found."""
        return Travel.ROADS if self.on_roads else Travel.STRAIGHT

    def within(self, homes: Sequence[int], limit_minutes: float) -> Pairs:
        """Return which grids lie within so many minutes of some grids (ascending), ordered by origin; minutes."""
        key = (limit_minutes, tuple(homes))
        with self._lock:
            found = self._tables.pop(key, None)
            if found is None:
                found = self._find(homes, limit_minutes)
                if len(self._tables) >= _TABLES_KEPT:
                    self._tables.pop(next(iter(self._tables)))
            self._tables[key] = found  # the last one asked for stands last, the first goes
            return found

    def from_grid(self, home: int) -> Floats:
        """Return the minutes from a grid to every grid, shape (n,), NaN where a middle is not known."""
        return minutes_from(*self._laid, home)

    def _find(self, homes: Sequence[int], limit_minutes: float) -> Pairs:
        if self.on_roads:
            return minutes_within(*self._laid, homes, limit_minutes)
        near = pairs_within(self.points, limit_minutes * WALKING_M_PER_MINUTE / DETOUR)
        which = np.isin(near.origin, np.asarray(homes, dtype=np.intp))
        return Pairs(near.origin[which], near.destination[which], walking_minutes(near.cost[which]))


def travel_note(travel: Travel) -> Text:
    """Return in one sentence how walking minutes are found."""
    return _NOTES[travel]


def walkable(lines: NDArray[np.object_], kinds: Sequence[object]) -> NDArray[np.object_]:
    """Return the lines that people walk on; ``kinds`` of the same length, null where nobody stated one."""
    is_line = np.isin(shapely.get_type_id(lines), [1, 5])
    walks = np.array([kind not in NO_WALKING for kind in kinds], dtype=np.bool_)
    return np.asarray(lines[is_line & walks], dtype=object)
