"""The frozen briefing before: what the four figures were when the same hours of another day were briefed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter

from services.briefing.errors import OtherAreaError, SnapshotDamagedError, UnknownBriefingError
from services.context import Transaction
from services.rules.areas import EVERYWHERE, Area, parse_area
from services.rules.norms import Norms, working_calendar
from services.rules.windows import Mode, Window, are_alike

_LOOKED_AT: Final = 200
"""Frozen briefings among which the last of the same kind is sought."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The four figures of a window, persons as they are shown (``services.rules.rounding``)."""

    met: float | None
    """Share of the need that is met; None where nobody is needed."""
    weak: int
    missing: float
    spare: float


_HEADLINE_FORM: Final = TypeAdapter(Headline)


@dataclass(frozen=True, slots=True)
class PreviousFigures:
    """What the figures are compared with: a frozen briefing, or the same hours of an earlier day."""

    headline: Headline
    window: Window
    mode: Mode
    number: int | None = None
    """Of the frozen briefing; None where the figures of the hours were computed."""
    made_at: datetime | None = None
    """When the briefing was frozen."""


@dataclass(frozen=True, slots=True)
class BriefingHead:
    """A frozen briefing in a list."""

    number: int
    made_at: datetime
    window: Window
    mode: Mode
    data_version: int
    area: Area
    """For which it was made: it can be compared with what is made for the same."""


def find_earlier(
    tx: Transaction, norms: Norms, mode: Mode, window: Window, now: datetime, area: Area = EVERYWHERE
) -> PreviousFigures | None:
    """Return the last frozen briefing of the same mode and area, of the same hours of an earlier day of the same kind.

    The latest day counts, of that day the briefing frozen last. Need and supply of two such windows differ only by the
    data and by who was sent. Briefings made later than ``now`` and those that cannot be read are passed over.
    """
    calendar = working_calendar(norms)
    alike = [
        head
        for head in map(head_of, tx.briefings.read_heads(mode=mode.value, limit=_LOOKED_AT))
        if head.area == area
        and head.made_at <= now
        and head.window.end <= window.start
        and are_alike(head.window, window, calendar)
    ]
    for head in sorted(alike, key=lambda head: (head.window.start, head.number), reverse=True):
        earlier = _read_earlier(tx, head)
        if earlier is not None:
            return earlier
    return None


def read_chosen(tx: Transaction, number: int, area: Area) -> PreviousFigures:
    """Return the frozen briefing of a number, to compare with.

    Raises
    ------
    UnknownBriefingError
        If there is no briefing of this number.
    OtherAreaError
        If it is of another area.
    SnapshotDamagedError
        If its figures cannot be read.
    """
    row = tx.briefings.read_head(number)
    if row is None:
        raise UnknownBriefingError(number)
    head = head_of(row)
    if head.area != area:
        raise OtherAreaError(number)
    earlier = _read_earlier(tx, head)
    if earlier is None:
        raise SnapshotDamagedError(number)
    return earlier


def head_of(row: Mapping[str, Any]) -> BriefingHead:
    """Return the head of a frozen briefing from its row."""
    made_at, start, end = (datetime.fromisoformat(row[name]) for name in ("made_at", "window_start", "window_end"))
    window, area = Window(start, end), parse_area(row["area"])
    return BriefingHead(row["number"], made_at, window, Mode(row["mode"]), row["data_version"], area)


def _read_earlier(tx: Transaction, head: BriefingHead) -> PreviousFigures | None:
    headline = _read_headline(tx.briefings.read_body(head.number))
    if headline is None:
        return None
    return PreviousFigures(headline, head.window, head.mode, head.number, head.made_at)


def _read_headline(body: str | None) -> Headline | None:
    try:
        return _HEADLINE_FORM.validate_python(json.loads(body or "")["content"]["headline"])
    except (KeyError, TypeError, ValueError):
        return None
