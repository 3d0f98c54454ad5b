"""The frozen briefing before: what the four figures were when the same kind of window was briefed last."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np

from services.context import Transaction
from services.rules.areas import EVERYWHERE, Area
from services.rules.norms import Norms, working_calendar
from services.rules.windows import Mode, Window, share_by_day_part

_LOOKED_AT: Final = 200
"""Frozen briefings among which the last of the same kind is sought."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The four figures of a window; persons are whole."""

    met: float | None
    """Share of the need that is met; None where nobody is needed."""
    weak: int
    missing: int
    spare: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """A frozen briefing of the same kind of window."""

    number: int
    made_at: datetime
    headline: Headline


def find_earlier(
    tx: Transaction, norms: Norms, mode: Mode, window: Window, now: datetime, area: Area = EVERYWHERE
) -> Earlier | None:
    """Return the last frozen briefing of the same mode, area and shares of the parts of the day in its window.

    Need and supply of two such windows differ only by the data and by who was sent. Briefings made later than ``now``
    and those that cannot be read are passed over.
    """
    calendar = working_calendar(norms)
    shares = share_by_day_part(window, calendar)
    for head in tx.briefings.read_heads(mode=mode.value, limit=_LOOKED_AT):
        made_at = datetime.fromisoformat(head["made_at"])
        if head["area"] != str(area) or made_at > now:
            continue
        if not np.allclose(share_by_day_part(window_of(head), calendar), shares, atol=1e-6):
            continue
        headline = _read_headline(tx.briefings.read_body(head["number"]))
        if headline is not None:
            return Earlier(head["number"], made_at, headline)
    return None


def window_of(row: Mapping[str, Any]) -> Window:
    """Return the window of the row of a frozen briefing."""
    return Window(datetime.fromisoformat(row["window_start"]), datetime.fromisoformat(row["window_end"]))


def _read_headline(body: str | None) -> Headline | None:
    try:
        kept = json.loads(body or "")["content"]["headline"]
        met = None if kept["met"] is None else float(kept["met"])
        return Headline(met, int(kept["weak"]), int(kept["missing"]), int(kept["spare"]))
    except (KeyError, TypeError, ValueError):
        return None
