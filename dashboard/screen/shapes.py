"""Outlines that the screen's maps draw, kept in memory under the token of their content."""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from threading import Lock
from typing import Final

import geopandas as gpd

from dashboard.leaflet.packing import pack

MAX_BYTES: Final = 64 << 20
"""When more is kept, what was not asked for the longest goes."""
MAX_FRAMES: Final = 64
"""Frames of which it is remembered what they were packed into."""


@dataclass(frozen=True, slots=True)
class _Known:
    frame: gpd.GeoDataFrame
    token: str


class ShapeShelf:
    """Binaries by the token of their content: the same outlines are kept once, however often they are put."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._lock = Lock()
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._known: OrderedDict[int, _Known] = OrderedDict()

    def put(self, frame: gpd.GeoDataFrame) -> str:
        """Return the token under which the outlines of a frame (``name geom``, EPSG:4326) can be fetched."""
        with self._lock:
            known = self._known.get(id(frame))
            if known and known.frame is frame and known.token in self._bodies:
                self._bodies.move_to_end(known.token)
                self._known.move_to_end(id(frame))
                return known.token
        packed = pack(frame)
        with self._lock:
            self._bodies[packed.token] = packed.body
            self._bodies.move_to_end(packed.token)
            self._known[id(frame)] = _Known(frame, packed.token)
            self._drop_oldest()
        return packed.token

    def get(self, token: str) -> bytes | None:
        """Return the binary of a token, or nothing if it was never there or is gone."""
        with self._lock:
            if token in self._bodies:
                self._bodies.move_to_end(token)
            return self._bodies.get(token)

    def holds(self, tokens: Collection[str]) -> bool:
        """Tell whether all of these are there, and keep them longer than what nobody asks for."""
        with self._lock:
            there = [token for token in tokens if token in self._bodies]
            for token in there:
                self._bodies.move_to_end(token)
        return len(there) == len(tokens)

    def __len__(self) -> int:
        """Return how many binaries are kept."""
        return len(self._bodies)

    def _drop_oldest(self) -> None:
        while sum(map(len, self._bodies.values())) > self._max_bytes and len(self._bodies) > 1:
            self._bodies.popitem(last=False)
        while len(self._known) > MAX_FRAMES:
            self._known.popitem(last=False)


SHAPES: Final = ShapeShelf()
