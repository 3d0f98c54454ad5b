"""What the screen is answered: the JSON of a briefing, made once and kept for those who ask again."""

import gzip
import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import geopandas as gpd

from dashboard.screen.past import PastDay, day_payload
from dashboard.screen.payload import briefing_payload
from dashboard.screen.shapes import SHAPES, ShapeShelf
from services.briefing.model import Briefing

MOST_KEPT: Final = 16
"""Answers at hand: screens that show different things, in both languages."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A body (JSON, gzip) and the tag that changes with it."""

    body: bytes
    tag: str
    shapes: frozenset[str] = frozenset()
    """Tokens of the outlines that its maps name."""


@dataclass(frozen=True, slots=True)
class _Made:
    told: "Briefing | PastDay"
    answer: Answer


class Answers:
    """The answer for each of the last briefings; the same briefing is never written twice."""

    def __init__(self, release: str, shelf: ShapeShelf = SHAPES, most: int = MOST_KEPT) -> None:
        self._release, self._shelf, self._most = release, shelf, most
        self._lock = Lock()
        self._made: OrderedDict[int, _Made] = OrderedDict()

    def of(self, told: Briefing | PastDay, area: str = "") -> Answer:
        """Return the answer for a briefing or a past day; its outlines can be fetched from now on.

        ``area`` is what the part it tells of is called; empty where that is everything or not known.
        """
        with self._lock:
            made = self._made.get(id(told))
            if made and made.told is told and self._shelf.holds(made.answer.shapes):
                self._made.move_to_end(id(told))
                return made.answer
        named: set[str] = set()
        put = _noting(self._shelf.put, named)
        payload = briefing_payload(told, put) if isinstance(told, Briefing) else day_payload(told, put)
        answer = write_answer(payload | {"release": self._release, "area": area}, frozenset(named))
        with self._lock:
            self._made[id(told)] = _Made(told, answer)
            self._made.move_to_end(id(told))
            while len(self._made) > self._most:
                self._made.popitem(last=False)
        return answer

    def __len__(self) -> int:
        """Return how many answers are kept."""
        return len(self._made)


def write_answer(payload: dict[str, Any], shapes: frozenset[str] = frozenset()) -> Answer:
    """Return a payload as it is sent."""
    raw = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return Answer(gzip.compress(raw, 5, mtime=0), f'"{hashlib.sha256(raw).hexdigest()[:20]}"', shapes)


def _noting(put: Callable[[gpd.GeoDataFrame], str], named: set[str]) -> Callable[[gpd.GeoDataFrame], str]:
    def noted(frame: gpd.GeoDataFrame) -> str:
        token = put(frame)
        named.add(token)
        return token

    return noted
