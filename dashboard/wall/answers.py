"""What the screen is answered: the JSON of a briefing, made once and kept for those who ask again."""

import gzip
import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import geopandas as gpd

from dashboard.payloads.briefing import briefing_payload
from dashboard.payloads.past_day import PastDay, day_payload
from dashboard.wall.shapes import SHAPES, ShapeStore
from services.accounts import Imprint
from services.briefing.model import Briefing
from services.rules.areas import EVERYWHERE, Area

MOST_KEPT: Final = 16
"""Answers at hand: screens that show different things, in both languages."""


@dataclass(frozen=True, slots=True)
class CachedBody:
    """A body (JSON, gzip) and the tag that changes with it."""

    body: bytes
    tag: str
    shapes: frozenset[str] = frozenset()
    """Tokens of the outlines that its maps name."""


@dataclass(frozen=True, slots=True)
class _Made:
    value: Briefing | PastDay
    answer: CachedBody


class BodyCache:
    """The answer for each of the last briefings; the same briefing is never written twice."""

    def __init__(self, release: str, shapes: ShapeStore = SHAPES, most: int = MOST_KEPT) -> None:
        self._release, self._shapes, self._most = release, shapes, most
        self._lock = Lock()
        self._made: OrderedDict[tuple[int, Area, str], _Made] = OrderedDict()

    def of(self, value: Briefing | PastDay, imprint: Imprint, *, area: Area = EVERYWHERE) -> CachedBody:
        """Return the answer for a briefing or a past day; its outlines can be fetched from now on.

        Parameters
        ----------
        value
            The briefing or the day.
        imprint
            Of whoever asks; a briefing has its own.
        area
            Of whoever asks: others do not get the outlines.
        """
        key = id(value), area, f"{imprint.area} {imprint.maker}"
        with self._lock:
            made = self._made.get(key)
            if made and made.value is value and self._shapes.blobs.holds(made.answer.shapes):
                self._made.move_to_end(key)
                return made.answer
        named: set[str] = set()

        def put(frame: gpd.GeoDataFrame) -> str:
            token = self._shapes.put(frame, area)
            named.add(token)
            return token

        payload = briefing_payload(value, put) if isinstance(value, Briefing) else day_payload(value, put, imprint)
        answer = write_answer(payload | {"release": self._release}, frozenset(named))
        with self._lock:
            self._made[key] = _Made(value, answer)
            self._made.move_to_end(key)
            while len(self._made) > self._most:
                self._made.popitem(last=False)
        return answer

    def __len__(self) -> int:
        """Return how many answers are kept."""
        return len(self._made)


def write_answer(payload: dict[str, Any], shapes: frozenset[str] = frozenset()) -> CachedBody:
    """Return a payload as it is sent."""
    raw = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return CachedBody(gzip.compress(raw, 5, mtime=0), f'"{hashlib.sha256(raw).hexdigest()[:20]}"', shapes)
