"""What a move of a team must satisfy, what a planner may overrule, and how a plan is told in sentences.

Windows are half open: a team whose duty ends at 20:00 is free for one that starts at 20:00.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from geo.optimise import MoveReason, ShortageReason
from services.i18n import Param, Text, text
from services.rules.rest import people_at_rest
from services.rules.windows import Window

_ROUNDING: Final = 1e-9


class Rule(StrEnum):
    """What a move may break, in the order in which it is told."""

    UNKNOWN_TEAM = "unknown_team"
    UNKNOWN_GRID = "unknown_grid"
    NO_PEOPLE = "no_people"
    TOO_MANY = "too_many"
    NOT_DIVISIBLE = "not_divisible"
    WINDOW_PAST = "window_past"
    ALREADY_SENT = "already_sent"
    NEEDS_REST = "needs_rest"
    OUT_OF_REACH = "out_of_reach"
    SKILL_MISSING = "skill_missing"
    BELOW_FLOOR = "below_floor"
    NO_NEED = "no_need"


OVERRULABLE: Final = frozenset({Rule.NEEDS_REST, Rule.OUT_OF_REACH, Rule.SKILL_MISSING, Rule.BELOW_FLOOR, Rule.NO_NEED})
"""A planner may know better (a bus, a doctor who is not in the file, a neighbour who agreed): asked once, with a
reason. The others would write down what cannot happen: people who do not exist, or are in two places at once."""

_TEXTS: Final[Mapping[Rule, Text]] = {
    Rule.UNKNOWN_TEAM: text("There is no team {team} any more."),
    Rule.UNKNOWN_GRID: text("There is no grid {grid} any more."),
    Rule.NO_PEOPLE: text("{team} has no people."),
    Rule.TOO_MANY: text("{team} has {size} people; {persons} cannot be sent."),
    Rule.NOT_DIVISIBLE: text("{team} is only sent as a whole ({size} people)."),
    Rule.WINDOW_PAST: text("This window ended at {end}."),
    Rule.ALREADY_SENT: text("{team} is already sent to {grid}, {window}."),
    Rule.NEEDS_REST: text(
        "{people} of the {size} people of {team} have to rest: they serve shortly before or after "
        "(at most 10 hours in 26, no morning after a night)."
    ),
    Rule.OUT_OF_REACH: text("{grid} is {minutes} minutes away; the limit is {limit}."),
    Rule.SKILL_MISSING: text("{grid} asks for {skills}; {team} does not have it."),
    Rule.BELOW_FLOOR: text("{giver} would keep {left} people and must keep {floor}."),
    Rule.NO_NEED: text("{grid} needs nobody in this window."),
}
_OUT_OF_REACH_UNKNOWN: Final = text("{grid} is more than {limit} minutes away.")


@dataclass(frozen=True, slots=True)
class Overrule:
    """A rule that the planner set aside for one move, and why."""

    rule: Rule
    reason: str


@dataclass(frozen=True, slots=True)
class PlannedMove:
    """People of a team sent from their home grid to another for a window. Codes as in the store."""

    team: str
    giver: str | None
    """Home grid; null where no grid lends the team."""
    receiver: str
    persons: int
    window: Window
    is_pinned: bool = False
    overruled: tuple[Overrule, ...] = ()
    counted_share: float = 1.0
    """The share of the team whom the giver counts among its members (``services.rules.home_loss``)."""

    @property
    def counted(self) -> float:
        """How many of those sent the giver counts among its members."""
        return self.persons * self.counted_share


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """What the rules ask about a team."""

    name: str
    home: str | None
    size: int
    skills: frozenset[str] = frozenset()
    is_divisible: bool = False
    """Its type may be sent in part."""


@dataclass(frozen=True, slots=True)
class GridFacts:
    """What the rules ask about a grid in the window of the move. Persons; null where nothing is known."""

    name: str
    need: float | None
    supply: float
    """Before the plan: its members and people already sent by orders."""
    floor: float
    """What it keeps when it lends; by default its need."""
    skills: frozenset[str] = frozenset()
    presence: float = 1.0
    """What a member counts as in the supply of the window, 0 to 1: so much is lost when one leaves."""


@dataclass(frozen=True, slots=True)
class MoveFacts:
    """What moves are checked against."""

    teams: Mapping[str, TeamFacts]
    grids: Mapping[str, GridFacts]
    limit_minutes: float
    now: datetime
    others: Sequence[PlannedMove] = ()
    """The other moves of the plan, and moves ordered by other plans."""
    orders: frozenset[int] = frozenset()
    """Positions in ``others`` of moves already ordered: they are in ``GridFacts.supply``."""
    services: Sequence[tuple[Window, int]] = ()
    """When people of the team that moves serve by orders around the window, and how many."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a move breaks, with what the sentence about it needs."""

    rule: Rule
    params: Mapping[str, Param] = field(default_factory=dict)

    @property
    def may_be_overruled(self) -> bool:
        """Whether a planner may set it aside with a reason."""
        return self.rule in OVERRULABLE


def overlap(one: Window, other: Window) -> bool:
    """Tell whether two windows share any time; windows that only touch do not."""
    return one.start < other.end and other.start < one.end


def share_of(window: Window, of: Window) -> float:
    """Return how much of ``of`` a window covers, 0 to 1.

    Examples
    --------
    >>> evening = Window(datetime(2026, 11, 27, 20), datetime(2026, 11, 28))
    >>> share_of(Window(datetime(2026, 11, 27, 18), datetime(2026, 11, 27, 21)), evening)
    0.25
    """
    common = min(window.end, of.end) - max(window.start, of.start)
    return max(common / of.length, 0.0)


def check_move(move: PlannedMove, minutes: float | None, facts: MoveFacts) -> tuple[Breach, ...]:
    """Return every rule a move breaks and has not been overruled for, in the order of ``Rule``.

    Parameters
    ----------
    move
        Not among ``facts.others``.
    minutes
        How long the team travels; null where nobody knows, which counts as out of reach.
    facts
        Facts of the move's window.

    Returns
    -------
    Empty where the move is allowed. A team or grid that is unknown is told alone: nothing else can be said.
    """
    team, grid = facts.teams.get(move.team), facts.grids.get(move.receiver)
    if team is None or grid is None:
        unknown = (
            Breach(Rule.UNKNOWN_TEAM, {"team": move.team}) if team is None else None,
            Breach(Rule.UNKNOWN_GRID, {"grid": move.receiver}) if grid is None else None,
        )
        return tuple(breach for breach in unknown if breach)
    found = (
        _check_people(move, team),
        _check_time(move, facts),
        _check_free(move, team, facts),
        _check_rest(move, team, facts),
        _check_reach(minutes, grid, facts),
        _check_skills(team, grid),
        _check_floor(move, facts),
        _check_need(grid),
    )
    waived = {overrule.rule for overrule in move.overruled if overrule.reason.strip()} & OVERRULABLE
    return tuple(breach for breach in found if breach and breach.rule not in waived)


def is_refused(breaches: Iterable[Breach]) -> bool:
    """Tell whether any of the broken rules cannot be overruled."""
    return any(not breach.may_be_overruled for breach in breaches)


def describe_breach(breach: Breach) -> Text:
    """Return one sentence about a broken rule."""
    if breach.rule is Rule.OUT_OF_REACH and "minutes" not in breach.params:
        return Text(_OUT_OF_REACH_UNKNOWN.id, breach.params)
    return Text(_TEXTS[breach.rule].id, breach.params)


def sent_in_window(moves: Iterable[PlannedMove], window: Window) -> tuple[dict[str, float], dict[str, float]]:
    """Return who arrives in and leaves each grid in a window, by grid code: means over the window.

    A move for half the window counts as half its persons; of those who leave, members of the grid count. This is what
    ``services.coverage.SentPeople`` holds.
    """
    arriving: dict[str, float] = {}
    leaving: dict[str, float] = {}
    for move in moves:
        share = share_of(move.window, window)
        if share > 0 and move.persons > 0:
            arriving[move.receiver] = arriving.get(move.receiver, 0.0) + move.persons * share
            if move.giver is not None:
                leaving[move.giver] = leaving.get(move.giver, 0.0) + move.counted * share
    return arriving, leaving


def most_at_once(moves: Iterable[PlannedMove], window: Window) -> int:
    """Return the largest number of persons of these moves who are away at one instant of a window."""
    return round(_most([(move.window, float(move.persons)) for move in moves], window))


def _most(absences: Iterable[tuple[Window, float]], window: Window) -> float:
    steps: list[tuple[datetime, float]] = []
    for away_in, persons in absences:
        if overlap(away_in, window):
            steps += [(max(away_in.start, window.start), persons), (away_in.end, -persons)]
    most = away = 0.0
    for _, change in sorted(steps):
        away += change
        most = max(most, away)
    return most


def describe_move(
    why: MoveReason, gap_without: float, gap_with: float, minutes: float | None, spare: float | None
) -> Text:
    """Return the reason for a proposed move in one line. Persons; ``spare`` of the giver, null without one."""
    figures: dict[str, Param] = {"before": _whole(gap_without), "after": _whole(gap_with)}
    if minutes is None or spare is None:
        return Text(_PLAIN_REASONS[why].id, figures)
    giver = {"minutes": round(minutes), "spare": _floor(spare)}
    return Text(_REASONS[why].id, {**figures, **giver})


def describe_open(why: ShortageReason, *, limit_minutes: float, skills: frozenset[str] = frozenset()) -> Text:
    """Return in one line why a grid stays short."""
    every: dict[str, Param] = {"limit": round(limit_minutes), "skills": "、".join(sorted(skills))}
    wanted = _OPEN[why]
    return Text(wanted.id, {name: value for name, value in every.items() if f"{{{name}}}" in wanted.id})


_REASONS: Final[Mapping[MoveReason, Text]] = {
    MoveReason.PINNED: text("Pinned: gap {before} → {after}, {minutes} min, giver keeps {spare} to spare"),
    MoveReason.AT_HOME: text("Called out at home: gap {before} → {after}, no way to go"),
    MoveReason.STAYS: text("Stays where it stands: gap {before} → {after}, no way to go"),
    MoveReason.ONLY_TEAM: text(
        "The only team that may come: gap {before} → {after}, {minutes} min, giver keeps {spare} to spare"
    ),
    MoveReason.CLOSES: text("Closes the gap of {before}: {minutes} min, giver keeps {spare} to spare"),
    MoveReason.HELPS: text("Helps here: gap {before} → {after}, {minutes} min, giver keeps {spare} to spare"),
}
_PLAIN_REASONS: Final[Mapping[MoveReason, Text]] = {
    MoveReason.PINNED: text("Pinned: gap {before} → {after}"),
    MoveReason.AT_HOME: text("Called out at home: gap {before} → {after}, no way to go"),
    MoveReason.STAYS: text("Stays where it stands: gap {before} → {after}, no way to go"),
    MoveReason.ONLY_TEAM: text("The only team that may come: gap {before} → {after}"),
    MoveReason.CLOSES: text("Closes the gap: {before} → {after}"),
    MoveReason.HELPS: text("Helps here: gap {before} → {after}"),
}
FORMER_REASONS: Final = (
    text("Helps most here: gap {before} → {after}, {minutes} min, giver keeps {spare} to spare"),
    text("Helps most here: gap {before} → {after}"),
)
"""Reasons that plans made by earlier versions hold; they are still to be read."""
_OPEN: Final[Mapping[ShortageReason, Text]] = {
    ShortageReason.NO_TEAM_IN_REACH: text("no team within {limit} minutes"),
    ShortageReason.NO_SKILL: text("no team with {skills} within {limit} minutes"),
    ShortageReason.ALL_BUSY: text("every team within {limit} minutes is already sent, or has to rest"),
    ShortageReason.ALL_PLANNED: text("the plan sends every free team within {limit} minutes already"),
    ShortageReason.LENDERS_AT_FLOOR: text("the teams left within {limit} minutes are needed at home"),
    ShortageReason.TOO_LITTLE: text(
        "the teams left within {limit} minutes would close too little for their people and way"
    ),
    ShortageReason.SEARCH_STOPPED: text("the search was stopped before this grid was settled"),
}


def _check_people(move: PlannedMove, team: TeamFacts) -> Breach | None:
    if team.size <= 0:
        return Breach(Rule.NO_PEOPLE, {"team": team.name})
    if not 0 < move.persons <= team.size:
        return Breach(Rule.TOO_MANY, {"team": team.name, "size": team.size, "persons": move.persons})
    if move.persons < team.size and not team.is_divisible:
        return Breach(Rule.NOT_DIVISIBLE, {"team": team.name, "size": team.size})
    return None


def _check_time(move: PlannedMove, ground: MoveFacts) -> Breach | None:
    if move.window.end > ground.now:
        return None
    return Breach(Rule.WINDOW_PAST, {"end": f"{move.window.end:%Y-%m-%d %H:%M}"})


def _check_free(move: PlannedMove, team: TeamFacts, ground: MoveFacts) -> Breach | None:
    own = [other for other in ground.others if other.team == move.team and overlap(other.window, move.window)]
    if not own or most_at_once(own, move.window) + move.persons <= team.size:
        return None
    first = min(own, key=lambda other: other.window)
    there = ground.grids.get(first.receiver)
    params: dict[str, Param] = {"team": team.name, "grid": there.name if there else first.receiver}
    return Breach(Rule.ALREADY_SENT, params | {"window": span_text(first.window)})


def _check_rest(move: PlannedMove, team: TeamFacts, ground: MoveFacts) -> Breach | None:
    resting = min(people_at_rest(ground.services, move.window), team.size)
    planned = [other for row, other in enumerate(ground.others) if row not in ground.orders and other.team == move.team]
    if not resting or most_at_once(planned, move.window) + move.persons + resting <= team.size:
        return None
    return Breach(Rule.NEEDS_REST, {"team": team.name, "people": resting, "size": team.size})


def _check_reach(minutes: float | None, grid: GridFacts, ground: MoveFacts) -> Breach | None:
    limit = round(ground.limit_minutes)
    if minutes is None:
        return Breach(Rule.OUT_OF_REACH, {"grid": grid.name, "limit": limit})
    if minutes <= ground.limit_minutes:
        return None
    return Breach(Rule.OUT_OF_REACH, {"grid": grid.name, "limit": limit, "minutes": _whole(minutes)})


def _check_skills(team: TeamFacts, grid: GridFacts) -> Breach | None:
    lacking = grid.skills - team.skills
    if not lacking:
        return None
    return Breach(Rule.SKILL_MISSING, {"team": team.name, "grid": grid.name, "skills": "、".join(sorted(lacking))})


def _check_floor(move: PlannedMove, ground: MoveFacts) -> Breach | None:
    giver = ground.grids.get(move.giver) if move.giver is not None else None
    if giver is None or move.giver == move.receiver:
        return None
    planned = [
        other
        for row, other in enumerate(ground.others)
        if row not in ground.orders and other.giver == move.giver != other.receiver
    ]
    counted_away = _most([(other.window, other.counted) for other in planned], move.window)
    left = giver.supply - (counted_away + move.counted) * giver.presence
    if move.counted * giver.presence <= _ROUNDING or left >= giver.floor - _ROUNDING:
        return None
    return Breach(Rule.BELOW_FLOOR, {"giver": giver.name, "left": _floor(left), "floor": _whole(giver.floor)})


def _check_need(grid: GridFacts) -> Breach | None:
    return None if grid.need is not None and grid.need > 0 else Breach(Rule.NO_NEED, {"grid": grid.name})


def span_text(window: Window) -> str:
    """Return a window as people write it: ``2026-11-27 20:00–24:00``, with both days where it spans several."""
    start, end = f"{window.start:%Y-%m-%d %H:%M}", f"{window.end:%H:%M}"
    same_day = window.start.date() == window.end.date()
    if not same_day and end == "00:00" and window.length.days < 1:
        return f"{start}–24:00"
    return f"{start}–{end}" if same_day else f"{start}–{window.end:%Y-%m-%d %H:%M}"


def _whole(persons: float) -> int:
    """Return persons or minutes rounded up: a part of a person missing is a person missing."""
    return int(-(-(persons - _ROUNDING) // 1))


def _floor(persons: float) -> int:
    return int((persons + _ROUNDING) // 1)
