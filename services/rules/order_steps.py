"""How far a team has come that was sent: said by somebody responsible, in steps that only go forward."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from services.i18n import Text, text


class OrderStep(StrEnum):
    """How far an order has come, in the order of its steps."""

    SENT = "sent"
    RECEIVED = "received"
    SET_OUT = "set_out"
    ARRIVED = "arrived"

    @property
    def step(self) -> int:
        """Its place among the steps, from 0."""
        return list(OrderStep).index(self)


ORDER_STEP_NAMES: Final[Mapping[OrderStep, Text]] = MappingProxyType(
    {
        OrderStep.SENT: text("sent out"),
        OrderStep.RECEIVED: text("received"),
        OrderStep.SET_OUT: text("set out"),
        OrderStep.ARRIVED: text("there"),
    }
)
_WITHDRAWN: Final = "withdrawn"


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody said of an order, and when."""

    progress: OrderStep
    at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a report is waited for before its lack shows."""

    received: timedelta = timedelta(minutes=15)
    """After the order was sent out."""
    arrived: timedelta = timedelta(minutes=15)
    """After the team could have been there."""


def valid_reports(events: Iterable[tuple[str, datetime, str]]) -> tuple[Report, ...]:
    """Return the reports that hold, from the history of an order, the oldest first.

    Parameters
    ----------
    events
        What (a step, ``withdrawn`` for the last one taken back; others are passed over), when and who, in order.

    Examples
    --------
    >>> at = datetime(2026, 11, 27, 20)
    >>> [each.progress.value for each in valid_reports(
    ...     [("sent", at, "a"), ("received", at, "b"), ("set_out", at, "b"), ("withdrawn", at, "b")])]
    ['received']
    """
    held: list[Report] = []
    steps = {step.value for step in OrderStep} - {OrderStep.SENT.value}
    for what, at, actor in events:
        if what in steps:
            held.append(Report(OrderStep(what), at, actor))
        elif what == _WITHDRAWN and held:
            held.pop()
    return tuple(held)


def overdue_since(
    progress: OrderStep, *, sent_at: datetime, start: datetime, minutes: float | None, patience: Patience
) -> datetime | None:
    """Return from when on the next report of an order is lacking; None once the team is there.

    A team may set out when it was sent and has to be there when its time begins, or once it could have walked there.

    Parameters
    ----------
    progress
        How far it has come.
    sent_at, start
        When it was sent out, and when its time begins.
    minutes
        Walking minutes; None where they are not known: then nothing is added for the way.
    patience
        How long is waited.

    Examples
    --------
    >>> at = datetime(2026, 11, 27, 20)
    >>> overdue_since(OrderStep.SENT, sent_at=at, start=at, minutes=20, patience=Patience())
    datetime.datetime(2026, 11, 27, 20, 15)
    >>> overdue_since(OrderStep.SET_OUT, sent_at=at, start=at, minutes=20, patience=Patience())
    datetime.datetime(2026, 11, 27, 20, 35)
    """
    if progress is OrderStep.ARRIVED:
        return None
    there = max(start, sent_at + timedelta(minutes=minutes or 0)) + patience.arrived
    return min(sent_at + patience.received, there) if progress is OrderStep.SENT else there
