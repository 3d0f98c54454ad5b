"""What was done to a matter, and its times, by its rows."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.context import Work
from services.matters.errors import RevisionError
from services.rules.matters.clock import MatterClock
from services.rules.matters.machine import Side, Verb


def clock_of(row: Mapping[str, Any]) -> MatterClock:
    """Return the times of a matter by its row."""
    respond_by = row["respond_by"] and datetime.fromisoformat(row["respond_by"])
    return MatterClock(datetime.fromisoformat(row["asked_at"]), datetime.fromisoformat(row["due"]), respond_by)


def add_event(work: Work, number: int, verb: Verb, side: Side, **detail: object) -> None:
    """Write into the history of a matter; what is empty is left out."""
    kept = {name: value for name, value in detail.items() if value not in {"", None}}
    work.tx.matters.add_event(
        matter_id=number,
        at=work.at,
        actor=work.actor.name,
        area=str(work.actor.area),
        what=verb.value,
        side=side.value,
        detail=json.dumps(kept, ensure_ascii=False),
    )


def check_revision(work: Work, row: Mapping[str, Any], revision: int) -> None:
    """Do nothing if nobody has changed a matter since its revision was read.

    Raises
    ------
    RevisionError
        If somebody has; it says who and when.
    """
    if row["revision"] != revision:
        last = work.tx.matters.read_events([row["id"]])[row["id"]][-1]
        raise RevisionError(last["actor"], last["at"])
