"""What people see of matters and sheets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.rules.areas import Area
from services.rules.matters.clock import MatterClock, Urgency
from services.rules.matters.forms import FieldNote, FieldValue, FormField
from services.rules.matters.kinds import MatterKind
from services.rules.matters.machine import MatterState, Side, Verb
from services.rules.matters.sheets import RollUp, SheetState


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterView:
    """A matter as whoever looks may see and do it."""

    id: int
    kind: MatterKind
    title: str
    body: str
    cause: str
    subject: str
    """What it is about, by name; so are both sides."""
    asker: str
    owner: str
    owner_area: Area
    state: MatterState
    urgency: Urgency | None
    """None where the kind or a given date says how much time there is."""
    is_read: bool
    """Whether nobody confirmed the answer in time: it stands as read."""
    clock: MatterClock
    level: int
    """How many levels above who asked have it in their lists by its being late."""
    is_escalated: bool
    """Whether it has come into the list of whoever looks that way."""
    is_for_unit: bool
    """Whether it is a unit's that has no account: others answer for it."""
    answered_at: datetime | None
    satisfied: bool | None
    values: Mapping[str, FieldValue]
    verbs: frozenset[Verb]
    """What whoever looks can do to it."""
    sides: tuple[Side, ...]
    is_mine: bool
    """Whether it waits for whoever looks: to be done, or to be confirmed."""
    is_own: bool
    """Whether the area of whoever looks asked for it."""
    revision: int

    def lateness(self, now: datetime) -> timedelta:
        """Return by how much the time that has to be kept next is over; below 0 while there is time left."""
        return now - self.clock.deadline(self.state)


@dataclass(frozen=True, slots=True)
class MatterEvent:
    """Something that was done to a matter."""

    at: datetime
    actor: str
    area: str
    """For what the actor acted, by name."""
    verb: Verb
    words: str
    owner: str
    """To whom it went, by name; empty where it stayed."""


@dataclass(frozen=True, slots=True)
class MatterRecord:
    """A matter with its history, the oldest first."""

    view: MatterView
    events: tuple[MatterEvent, ...]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """The sheet of one zone in a period, whether anybody has touched it or not."""

    zone: Area
    name: str
    state: SheetState
    values: Mapping[str, FieldValue]
    matter_id: int | None
    revision: int


@dataclass(frozen=True, slots=True)
class SheetBoard:
    """The sheets of the level below an area in a period, and what they come to."""

    kind: MatterKind
    period: str
    due: datetime
    area: Area
    area_name: str
    lines: tuple[SheetLine, ...]
    roll_up: RollUp
    names: Mapping[str, str]
    """Of the zones, by code."""
    changes: Mapping[str, int]
    """By how much the totals that the area has signed differ from what is below now."""
    is_final: bool
    """Whether the area has signed."""


@dataclass(frozen=True, slots=True)
class SheetForm:
    """A sheet to be filled in."""

    kind: MatterKind
    period: str
    due: datetime
    zone: Area
    zone_name: str
    state: SheetState
    values: Mapping[str, FieldValue]
    """What was typed before, and what the program fills in, by code."""
    before: Mapping[str, FieldValue]
    """What the sheet of the period before said."""
    revision: int
    """0 where nobody has touched it."""
    matter_id: int | None
    reason: str
    """Why it was sent back, if it was last."""

    def notes(self, values: Mapping[str, FieldValue]) -> list[FieldNote]:
        """Return what there is to say of figures that are being typed."""
        return self.kind.notes({**self.values, **values}, self.before)

    @property
    def figures(self) -> tuple[FormField, ...]:
        """Fields that the program fills in."""
        return tuple(field for field in self.kind.fields if field.path)
