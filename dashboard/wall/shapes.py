"""Outlines that the screen's maps draw, kept in memory under the token of their content."""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from threading import Lock
from typing import Final

import geopandas as gpd

from dashboard.cache.server_context import ALL
from dashboard.map.packing import pack

MAX_BYTES: Final = 64 << 20
"""When more is kept, what was not asked for the longest goes."""
MAX_FRAMES: Final = 64
"""Frames of which it is remembered what they were packed into."""


@dataclass(frozen=True, slots=True)
class _Known:
    frame: gpd.GeoDataFrame
    token: str


@dataclass(slots=True)
class _KeptShape:
    body: bytes
    areas: set[str]


class ShapeStore:
    """Binaries by the token of their content: the same outlines are kept once, for every area that was shown them."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._lock = Lock()
        self._kept: OrderedDict[str, _KeptShape] = OrderedDict()
        self._known: OrderedDict[int, _Known] = OrderedDict()

    def put(self, frame: gpd.GeoDataFrame, area: str = ALL) -> str:
        """Return the token under which somebody of an area can fetch the outlines of a frame.

        Parameters
        ----------
        frame
            ``name geom``, EPSG:4326.
        area
            ``services.rules.areas``, as text.
        """
        with self._lock:
            known = self._known.get(id(frame))
            if known and known.frame is frame and known.token in self._kept:
                self._kept[known.token].areas.add(area)
                self._kept.move_to_end(known.token)
                self._known.move_to_end(id(frame))
                return known.token
        packed = pack(frame)
        with self._lock:
            self._kept.setdefault(packed.token, _KeptShape(packed.body, set())).areas.add(area)
            self._kept.move_to_end(packed.token)
            self._known[id(frame)] = _Known(frame, packed.token)
            self._drop_oldest()
        return packed.token

    def get(self, token: str, area: str = ALL) -> bytes | None:
        """Return the binary of a token, or nothing if it was never shown to this area or is gone."""
        with self._lock:
            kept = self._kept.get(token)
            if kept is None or area not in kept.areas:
                return None
            self._kept.move_to_end(token)
            return kept.body

    def holds(self, tokens: Collection[str]) -> bool:
        """Tell whether all of these are there, and keep them longer than what nobody asks for."""
        with self._lock:
            there = [token for token in tokens if token in self._kept]
            for token in there:
                self._kept.move_to_end(token)
        return len(there) == len(tokens)

    def __len__(self) -> int:
        """Return how many binaries are kept."""
        return len(self._kept)

    def _drop_oldest(self) -> None:
        while sum(len(kept.body) for kept in self._kept.values()) > self._max_bytes and len(self._kept) > 1:
            self._kept.popitem(last=False)
        while len(self._known) > MAX_FRAMES:
            self._known.popitem(last=False)


SHAPES: Final = ShapeStore()
