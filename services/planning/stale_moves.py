"""Before and after: what a draft's grids and teams were when its moves were made, and what they are now."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from services.i18n import Text, text
from services.planning.model import Move, Plan, SeenFigures, iso, moves_by_team
from services.planning.snapshot import PlanningSnapshot
from services.rules.windows import Mode, Window

DIFFERS: Final = 0.5
"""Persons; less is not told."""


class StaleKind(StrEnum):
    """What a line of the comparison is about."""

    GRID = "grid"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """A figure before and after, in persons; None where it was or is not known."""

    before: float | None
    after: float | None

    @property
    def differs(self) -> bool:
        """Whether it changed by half a person or more, or came to be known or unknown."""
        if self.before is None or self.after is None:
            return self.before is not self.after
        return abs(self.after - self.before) >= DIFFERS


@dataclass(frozen=True, slots=True)
class StaleMove:
    """A grid or a team that is no longer as it was when the plan's moves were made."""

    kind: StaleKind
    code: str
    name: str
    texts: tuple[Text, ...]
    """What changed, a few words each; translated at the shell."""
    need: BeforeAfter | None
    """None for teams. Figures of grids are those without the plan, with everybody already sent."""
    supply: BeforeAfter | None
    gap: BeforeAfter | None
    moves: tuple[Move, ...]
    """Those that it touches, in the order of the plan."""


def seen_now(snapshot: PlanningSnapshot, team_code: str, grid_code: str) -> SeenFigures:
    """Return what a planner sees at both ends of a move now, to be kept with it."""
    team = snapshot.teams.get(team_code)
    need, supply = _figures(snapshot, grid_code)
    home_need, home_supply = _figures(snapshot, team.home_code if team else "")
    size = team.size if team else 0
    return SeenFigures(need, supply, home_need, home_supply, size, _ground(snapshot.window, snapshot.mode))


def find_stale_moves(snapshot: PlanningSnapshot, plan: Plan) -> tuple[StaleMove, ...]:
    """Return what changed since the moves of a plan were made: grids first, each in the order of the moves.

    Of several moves that touch a grid, the one made last says what was seen. Moves that were made without a look at
    the snapshot, or for another window or mode than the plan has now, tell nothing of grids.

    Parameters
    ----------
    snapshot
        Of the plan's window and mode, as things are now.
    plan
        A draft.
    """
    grids = (_grid_shift(snapshot, plan, code, moves) for code, moves in _by_grid(plan.moves).items())
    teams = (_team_shift(snapshot, code, moves) for code, moves in moves_by_team(plan).items())
    return tuple(shift for shift in (*grids, *teams) if shift is not None)


def _by_grid(moves: Iterable[Move]) -> dict[str, tuple[Move, ...]]:
    """Return the moves that touch each grid, at either end, in their order."""
    touching: dict[str, list[Move]] = defaultdict(list)
    for move in moves:
        for code in dict.fromkeys((move.grid_code, move.home_code)):
            touching[code].append(move)
    return {code: tuple(there) for code, there in touching.items() if code}


def _grid_shift(snapshot: PlanningSnapshot, plan: Plan, code: str, moves: tuple[Move, ...]) -> StaleMove | None:
    ground = _ground(plan.window, plan.mode)
    seen = [_end(move, move.seen, code) for move in moves if move.seen and move.seen.ground == ground]
    if not seen:
        return None
    (need_before, supply_before), (need_now, supply_now) = seen[-1], _figures(snapshot, code)
    need, supply = BeforeAfter(need_before, need_now), BeforeAfter(supply_before, supply_now)
    if not need.differs and not supply.differs:
        return None
    gap = BeforeAfter(_gap(need_before, supply_before), _gap(need_now, supply_now))
    said = _grid_words(need, supply, is_there=snapshot.position(code) >= 0)
    return StaleMove(StaleKind.GRID, code, snapshot.name(code), said, need, supply, gap, moves)


def _team_shift(snapshot: PlanningSnapshot, code: str, moves: tuple[Move, ...]) -> StaleMove | None:
    team = snapshot.teams.get(code)
    if team is None:
        said = [text("team is gone")]
    else:
        last = moves[-1]
        said = []
        if last.home_code != team.home_code:
            names = {"before": snapshot.name(last.home_code) or "–", "after": snapshot.name(team.home_code) or "–"}
            said.append(text("home {before} → {after}", **names))
        if last.seen and last.seen.size != team.size:
            said.append(text("size {before} → {after}", before=last.seen.size, after=team.size))
    name = team.name if team else code
    return StaleMove(StaleKind.TEAM, code, name, tuple(said), None, None, None, moves) if said else None


def _grid_words(need: BeforeAfter, supply: BeforeAfter, *, is_there: bool) -> tuple[Text, ...]:
    if not is_there:
        return (text("grid is gone"),)
    said = []
    if need.differs:
        said.append(text("need changed"))
    if supply.differs:
        said.append(text("people changed"))
    return tuple(said)


def _end(move: Move, seen: SeenFigures, code: str) -> tuple[float | None, float | None]:
    return (seen.need, seen.supply) if code == move.grid_code else (seen.home_need, seen.home_supply)


def _figures(snapshot: PlanningSnapshot, code: str) -> tuple[float | None, float | None]:
    if snapshot.position(code) < 0:
        return None, None
    need, supply = snapshot.figures(code)
    return (None if np.isnan(need) else need), (None if np.isnan(supply) else supply)


def _gap(need: float | None, supply: float | None) -> float | None:
    return None if need is None or supply is None else max(need - supply, 0.0)


def _ground(window: Window, mode: Mode) -> str:
    return f"{iso(window.start)}/{iso(window.end)} {mode.value}"
