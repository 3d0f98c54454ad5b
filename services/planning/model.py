"""What a plan is: moves of teams to grids in a window, the steps that made it, and what it was made on."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from geo.optimise.weights import MINUTES_PER_PERSON, PART_PRICE, PERSON_PRICE
from geo.ranking import MIXED_WEIGHT
from services.i18n import Text
from services.rules.areas import EVERYWHERE, Area, parse_area
from services.rules.windows import Mode, Window


class PlanState(StrEnum):
    """Where a plan stands."""

    DRAFT = "draft"
    COMMITTED = "committed"
    DISCARDED = "discarded"


class StepKind(StrEnum):
    """What a planner did, as the list of steps names it."""

    SEND = "send"
    TAKE_BACK = "take_back"
    CLEAR = "clear"
    PIN = "pin"
    UNPIN = "unpin"
    ACCEPT = "accept"
    DROP = "drop"
    SETTINGS = "settings"


class Source(StrEnum):
    """Who thought of a move."""

    HAND = "hand"
    PROPOSAL = "proposal"


@dataclass(frozen=True, slots=True)
class SeenFigures:
    """What the planner saw at both ends of a move when it was made, with everybody already sent; persons.

    None stands for a grid that was not there, and for a need nobody knew.
    """

    need: float | None
    supply: float | None
    home_need: float | None
    home_supply: float | None
    size: int
    """People of the team."""
    ground: str
    """Window and mode the figures are of."""


@dataclass(frozen=True, slots=True)
class Move:
    """Some or all people of a team sent to a grid, perhaps to one estate of it, for the window of the plan."""

    team_code: str
    grid_code: str
    people: int
    estate_code: str = ""
    pinned: bool = False
    source: Source = Source.HAND
    overruled: tuple[str, ...] = ()
    """The rules (``services.rules.planning.Rule``) that the planner set aside for it."""
    reason: str = ""
    """Why they were set aside."""
    why: Text | None = None
    """The one line that a proposal gives for the move."""
    home_code: str = ""
    """Where the team had its home when the move was made; empty for none. Filled in when the move is put in."""
    need: float | None = None
    """What the grid needed when the move was made; None where that was not known."""
    seen: SeenFigures | None = None
    """Need and supply at both ends when the move was made; None for moves put in without a look at the snapshot."""

    @property
    def key(self) -> tuple[str, str]:
        """What a move is known by: a team goes to a grid once in a plan."""
        return self.team_code, self.grid_code


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """What a planner allows and what counts, for moves by hand and by proposal alike."""

    reach_minutes: float = 30.0
    floor_share: float = 1.0
    """The share of its own need that a lending grid keeps; 0 lets it give more people than it has to spare."""
    mixed_priority: float = MIXED_WEIGHT
    """How much a person missing in a grid with mixed estates counts in a proposal; elsewhere it is 1."""
    is_rising: bool = True
    """A person missing counts the more, the larger the share of a grid's need that is missing; else all count alike."""
    keeps_mean_share: bool = True
    """Where people are short in total, a lender keeps no more than the share of its need that is met on the whole."""
    person_price: float = PERSON_PRICE
    """What every person who is sent has to bring at least, in persons missing."""
    part_price: float = PART_PRICE
    """What every part of a team that is split has to bring besides, in persons missing."""
    minutes_per_person: float = MINUTES_PER_PERSON
    """So many minutes on foot count as much as one person missing; 0 where ways count nothing."""
    skills: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What teams must be able to do to help in a grid, by its code."""
    purpose: str = ""
    """What for, as it stands in the orders."""
    bring: str = ""
    """What the people are to bring along."""

    @property
    def minute_price(self) -> float:
        """What a minute of one person on the way counts, in persons missing."""
        return 1 / self.minutes_per_person if self.minutes_per_person > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a plan: the moves it took out and those it put in, or its settings before and after."""

    kind: StepKind
    removed: tuple[Move, ...] = ()
    added: tuple[Move, ...] = ()
    settings: "tuple[PlanSettings, PlanSettings] | None" = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it stands."""

    id: int
    name: str
    state: PlanState
    window: Window
    mode: Mode
    settings: PlanSettings
    versions: Mapping[str, int]
    """The version of each part of the data that the plan rests on, when it was last looked at."""
    moves: tuple[Move, ...]
    """In the order in which they were put in."""
    undoable: int
    """How many steps can be undone."""
    redoable: int
    """How many undone steps can be done again."""
    revision: int
    """Grows with every change, by whomever."""
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str
    copied_from: int | None = None
    area: Area = EVERYWHERE
    """What whoever made it was in charge of."""

    def find(self, team_code: str, grid_code: str) -> Move | None:
        """Return the move of a team to a grid, or None."""
        return next((move for move in self.moves if move.key == (team_code, grid_code)), None)

    def moves_of(self, team_code: str) -> tuple[Move, ...]:
        """Return the moves of a team: several only where it is split."""
        return tuple(move for move in self.moves if move.team_code == team_code)


def moves_by_team(plan: Plan) -> dict[str, tuple[Move, ...]]:
    """Return the moves of every team of a plan (``Plan.moves_of``), the teams in the order of their first moves."""
    moves: dict[str, list[Move]] = defaultdict(list)
    for move in plan.moves:
        moves[move.team_code].append(move)
    return {code: tuple(of) for code, of in moves.items()}


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """A plan in a list of plans."""

    id: int
    name: str
    state: PlanState
    window: Window
    mode: Mode


ENTRY_COLUMNS: Final = ("id", "name", "state", "window_start", "window_end", "mode")
"""Columns of a plan from which ``entry_from_row`` makes an entry."""
RESTS_ON: Final = ("subdistricts", "communities", "grids", "estates", "members", "teams", "assignments")
"""The parts of the data that a plan's figures are made from."""


def versions_of_plan(versions: Mapping[str, int]) -> dict[str, int]:
    """Return the versions of what a plan rests on; parts that never changed are 0.

    Examples
    --------
    >>> versions_of_plan({"grids": 3, "orders": 9})["grids"]
    3
    """
    return {part: versions.get(part, 0) for part in RESTS_ON}


def apply_steps(steps: Iterable[Step]) -> tuple[Move, ...]:
    """Return the moves that steps leave, in the order in which they were put in.

    A move that is put in again (a pin, another number of people) keeps its place.

    Examples
    --------
    >>> one, two = Move("T1", "G1", 5), Move("T2", "G1", 3)
    >>> apply_steps([Step(StepKind.SEND, added=(one,)), Step(StepKind.SEND, added=(two,)),
    ...              Step(StepKind.TAKE_BACK, removed=(one,))]) == (two,)
    True
    """
    moves: dict[tuple[str, str], Move] = {}
    for step in steps:
        kept = {move.key for move in step.added}
        for move in step.removed:
            if move.key not in kept:
                moves.pop(move.key, None)
        moves |= {move.key: move for move in step.added}
    return tuple(moves.values())


def moves_to_json(moves: Iterable[Move]) -> str:
    """Return moves as the store keeps them."""
    return json.dumps([_fields(move) for move in moves], ensure_ascii=False)


def _fields(move: Move) -> dict[str, Any]:
    why = move.why and {"id": move.why.id, "params": dict(move.why.params)}
    seen = move.seen and asdict(move.seen)
    return {name: getattr(move, name) for name in Move.__dataclass_fields__} | {"why": why, "seen": seen}


def moves_from_json(stored_text: str) -> tuple[Move, ...]:
    """Return moves from what the store kept."""
    return tuple(_move(row) for row in json.loads(stored_text))


def _move(row: dict[str, Any]) -> Move:
    why = row["why"] and Text(row["why"]["id"], row["why"]["params"])
    seen = SeenFigures(**row["seen"]) if row.get("seen") else None
    fields = {"source": Source(row["source"]), "overruled": tuple(row["overruled"]), "why": why, "seen": seen}
    return Move(**row | fields)


def step_to_row(step: Step) -> dict[str, str]:
    """Return what the store keeps of a step."""
    if step.settings is None:
        removed, added = moves_to_json(step.removed), moves_to_json(step.added)
    else:
        removed, added = map(settings_to_json, step.settings)
    return {"kind": step.kind.value, "removed": removed, "added": added}


def step_from_row(row: Mapping[str, Any]) -> Step:
    """Return a step from its row."""
    if row["kind"] == StepKind.SETTINGS:
        before, after = (settings_from_json(row[name]) for name in ("removed", "added"))
        return Step(StepKind.SETTINGS, settings=(before, after))
    return Step(StepKind(row["kind"]), moves_from_json(row["removed"]), moves_from_json(row["added"]))


def settings_to_json(settings: PlanSettings, area: Area = EVERYWHERE) -> str:
    """Return settings, and the area the plan was made for, as the store keeps them."""
    fields = {name: getattr(settings, name) for name in PlanSettings.__dataclass_fields__}
    return json.dumps(fields | {"skills": dict(settings.skills), "area": str(area)}, ensure_ascii=False)


def settings_from_json(stored_text: str) -> PlanSettings:
    """Return settings from what the store kept."""
    fields = json.loads(stored_text)
    fields.pop("area", None)
    return PlanSettings(**fields | {"skills": {code: tuple(names) for code, names in fields["skills"].items()}})


def area_from_json(stored_text: str) -> Area:
    """Return the area that the settings of a plan name; plans without one are of everything."""
    return parse_area(json.loads(stored_text).get("area", "all"))


def entry_from_row(row: Mapping[str, Any]) -> PlanEntry:
    """Return a plan as lists show it, from its row."""
    return PlanEntry(row["id"], row["name"], PlanState(row["state"]), window_of(row), Mode(row["mode"]))


def plan_from_rows(row: Mapping[str, Any], steps: list[Mapping[str, Any]]) -> Plan:
    """Return a plan from its row and the rows of its steps."""
    position = row["position"]
    return Plan(
        id=row["id"],
        name=row["name"],
        state=PlanState(row["state"]),
        window=window_of(row),
        mode=Mode(row["mode"]),
        settings=settings_from_json(row["settings"]),
        versions=json.loads(row["versions"]),
        moves=apply_steps(step_from_row(step) for step in steps[:position]),
        undoable=position,
        redoable=len(steps) - position,
        revision=row["revision"],
        created_at=datetime.fromisoformat(row["created_at"]),
        created_by=row["created_by"],
        changed_at=datetime.fromisoformat(row["changed_at"]),
        changed_by=row["changed_by"],
        copied_from=row["copied_from"],
        area=area_from_json(row["settings"]),
    )


def window_of(row: Mapping[str, Any]) -> Window:
    """Return the window of a plan's row."""
    return Window(datetime.fromisoformat(row["window_start"]), datetime.fromisoformat(row["window_end"]))


def iso(moment: datetime) -> str:
    """Return an instant as the store keeps it: ISO 8601 to the second, so that texts sort as instants do."""
    return moment.isoformat(timespec="seconds")
