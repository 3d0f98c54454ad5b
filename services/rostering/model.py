"""What a roster is: an area and a period with its shifts and the people in them."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from services.i18n import Text, text
from services.rules.areas import Area, parse_area
from services.rules.roster.duties import Duty, DutyState, Shift
from services.rules.roster.pattern import WHOLE_DAY, DayHours, Pattern
from services.rules.windows import DAY, Mode, Window


class RosterState(StrEnum):
    """Where a roster stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"


ROSTER_STATE_NAMES: Final[Mapping[RosterState, Text]] = {
    RosterState.DRAFT: text("Draft"),
    RosterState.PUBLISHED: text("Published"),
    RosterState.CLOSED: text("Closed"),
}


class RosterStepKind(StrEnum):
    """What somebody did to the duties of a roster."""

    PUT = "put"
    TAKE_OUT = "take_out"
    MOVE = "move"
    SWAP = "swap"
    STATE = "state"
    PROPOSAL = "proposal"
    PUBLISH = "publish"
    SIGN_UP = "sign_up"


@dataclass(frozen=True, slots=True)
class RosterSettings:
    """How the shifts of a roster were made last."""

    pattern: Pattern = Pattern.TWO_HOURS
    hours: DayHours = WHOLE_DAY
    kinds: tuple[str, ...] = ()
    """Kinds of posts; none means all."""


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster as it stands, without its shifts."""

    id: int
    name: str
    area: Area
    period: Window
    state: RosterState
    mode: Mode
    settings: RosterSettings
    undoable: int
    """How many steps can be undone."""
    redoable: int
    """How many undone steps can be done again."""
    revision: int
    changed_at: datetime
    changed_by: str
    published_at: datetime | None = None

    @property
    def days(self) -> int:
        """How many days it holds."""
        return (self.period.end - self.period.start).days

    @property
    def dates(self) -> list[date]:
        """The days it holds."""
        return [self.period.start.date() + number * DAY for number in range(self.days)]


def settings_json(settings: RosterSettings) -> str:
    """Return settings as the store keeps them."""
    return json.dumps(asdict(settings), ensure_ascii=False)


def roster_from_row(row: Mapping[str, Any], steps: int) -> Roster:
    """Return a roster from its row and the number of its steps."""
    stored = json.loads(row["settings"])
    settings = RosterSettings(Pattern(stored["pattern"]), DayHours(**stored["hours"]), tuple(stored["kinds"]))
    published = row["published_at"]
    return Roster(
        id=row["id"],
        name=row["name"],
        area=parse_area(row["area"]),
        period=window_of_row(row),
        state=RosterState(row["state"]),
        mode=Mode(row["mode"]),
        settings=settings,
        undoable=row["position"],
        redoable=steps - row["position"],
        revision=row["revision"],
        changed_at=datetime.fromisoformat(row["changed_at"]),
        changed_by=row["changed_by"],
        published_at=datetime.fromisoformat(published) if published else None,
    )


def shift_from_row(row: Mapping[str, Any]) -> Shift:
    """Return a shift from its row."""
    return Shift(
        id=row["id"],
        post_code=row["post_code"],
        window=window_of_row(row),
        seats=row["seats"],
        roster_id=row["roster_id"],
        needed=row["needed"],
    )


def duty_from_row(row: Mapping[str, Any]) -> Duty:
    """Return a duty from its row, which has ``post_code start end`` of its shift too."""
    return Duty(
        id=row["id"],
        shift_id=row["shift_id"],
        window=window_of_row(row),
        post_code=row["post_code"],
        member_code=row["member_code"] or "",
        team_code=row["team_code"] or "",
        unit_code=row["unit_code"] or "",
        heads=row["heads"],
        state=DutyState(row["state"]),
        pinned=bool(row["pinned"]),
        rank=row["rank"],
        replaces=row["replaces"],
    )


def window_of_row(row: Mapping[str, Any]) -> Window:
    """Return the window of a row with ``start`` and ``end``."""
    return _window(row["start"], row["end"])


@lru_cache(maxsize=4096)
def _window(start: str, end: str) -> Window:
    """Return a window, kept: the shifts of thousands of duties have a few."""
    return Window(datetime.fromisoformat(start), datetime.fromisoformat(end))


def minute(moment: datetime) -> str:
    """Return an instant as rosters keep it: ISO 8601 to the minute, so that texts sort as instants do."""
    return moment.isoformat(timespec="minutes")
