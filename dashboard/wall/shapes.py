"""Outlines that the screen's maps draw, kept in memory under the token of their content."""

from collections import OrderedDict
from threading import Lock
from typing import Final

import geopandas as gpd

from dashboard.map.packing import pack
from dashboard.web.blobs import BLOBS, BlobStore, Readers
from services.catalog.actions import Action
from services.rules.areas import EVERYWHERE, Area

MAX_FRAMES: Final = 64
"""Frames of which it is remembered what they were packed into."""


class ShapeStore:
    """What frames were packed into: the same outlines are kept once, for every area that was shown them."""

    def __init__(self, blobs: BlobStore = BLOBS) -> None:
        self.blobs = blobs
        self._lock = Lock()
        self._known: OrderedDict[int, tuple[gpd.GeoDataFrame, str]] = OrderedDict()

    def put(self, frame: gpd.GeoDataFrame, area: Area = EVERYWHERE) -> str:
        """Return the token under which somebody of an area can fetch the outlines of a frame.

        Parameters
        ----------
        frame
            ``name geom``, EPSG:4326.
        area
            Of whoever is shown it.
        """
        readers = Readers(area, Action.VIEW_BRIEFING)
        token = self._known_token(frame)
        if token and self.blobs.share(token, readers):
            return token
        packed = pack(frame)
        self.blobs.keep(packed.token, packed.body, readers)
        with self._lock:
            self._known[id(frame)] = frame, packed.token
            while len(self._known) > MAX_FRAMES:
                self._known.popitem(last=False)
        return packed.token

    def _known_token(self, frame: gpd.GeoDataFrame) -> str:
        with self._lock:
            known, token = self._known.get(id(frame), (None, ""))
            if known is not frame:
                return ""
            self._known.move_to_end(id(frame))
            return token


SHAPES: Final = ShapeStore()
