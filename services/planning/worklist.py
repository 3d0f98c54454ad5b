"""The weak grids of a plan, the worst first, and which teams can reach each: what each closes and what it costs."""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from geo.arrays import Floats
from geo.coverage import compare_need_and_supply
from geo.optimise.weights import LEAST
from geo.ranking import order_by_gap
from geo.scenario import sum_flows
from geo.schema import Layer
from services.i18n import text
from services.planning.lookups import Team
from services.planning.model import Plan
from services.planning.preview import flows_of_plan
from services.planning.snapshot import DIVISIBLE_KINDS, PlanningSnapshot, floor_of
from services.rules.rounding import round_table


class WorkOrder(StrEnum):
    """What the list of weak grids is ordered by, the most first."""

    GAP = "gap"
    RESIDENTS = "residents"
    MIXED = "mixed"
    """Grids with mixed estates before the others, by gap."""


class OpenReason(StrEnum):
    """Why nobody is advised to go to a weak grid."""

    NOBODY_NEAR = "nobody_near"
    ALL_SENT = "all_sent"
    NO_SKILL = "no_skill"
    NO_SPARE = "no_spare"


OPEN_REASON_TEXTS: Final = MappingProxyType(
    {
        OpenReason.NOBODY_NEAR: text("No team is within reach."),
        OpenReason.ALL_SENT: text("Every team within reach is sent already, or has to rest."),
        OpenReason.NO_SKILL: text("No free team within reach has the skills that are asked for."),
        OpenReason.NO_SPARE: text("The teams within reach are needed at home, or would close too little."),
    }
)


@dataclass(frozen=True, slots=True)
class WeakGrid:
    """A grid that lacks people with the plan made."""

    code: str
    name: str
    gap: float
    """Persons missing, as they are shown."""
    residents: int
    mixed_estates: int


@dataclass(frozen=True, slots=True)
class ReachableTeam:
    """A team, or some of it, that could go to a weak grid."""

    team: Team
    people: int
    """Who would go: of a team that may be split no more than are missing."""
    minutes: float
    closes: float
    """Persons fewer missing where it goes."""
    costs: float
    """Persons more missing at its home."""
    price: float
    """What its people and their way count, in persons missing."""

    @property
    def score(self) -> float:
        """What it closes less what it costs, its people and their way included, in persons."""
        return self.closes - self.costs - self.price


@dataclass(frozen=True, slots=True)
class ReachableTeams:
    """Who could go to a weak grid."""

    teams: tuple[ReachableTeam, ...]
    """The one with the highest score first."""
    reason: OpenReason | None
    """Why there is none."""

    @property
    def best(self) -> ReachableTeam | None:
        """The team that should go."""
        return self.teams[0] if self.teams else None


@dataclass(frozen=True, slots=True)
class IdleTeams:
    """How many teams stay at home, by why."""

    nobody_lacking: int
    """No grid within their reach lacks anybody."""
    needed: int
    """They are needed at home, lack the skills, or would close too little."""
    able: int
    """They could still close something by hand."""
    resting: int
    """They, or some of them, serve so shortly before or after that they need rest."""


class Worklist:
    """The weak grids of a snapshot with a plan made, worked out once; asking who could go takes about a millisecond."""

    def __init__(self, snapshot: PlanningSnapshot, plan: Plan) -> None:
        self._snapshot, self._plan = snapshot, plan
        grids = snapshot.grids
        arriving, leaving = sum_flows(flows_of_plan(snapshot, plan), len(grids))
        self._need = grids["need"].to_numpy(dtype=np.float64)
        self._supply = grids["supply"].to_numpy(dtype=np.float64) + arriving - leaving
        self._floor = floor_of(snapshot, plan.settings)
        self._shown = self._shown_figures()
        self._free = self._free_people()
        self._at_home: dict[int, list[Team]] = {}
        for team in snapshot.teams.values():
            self._at_home.setdefault(snapshot.position(team.home_code), []).append(team)

    def weak_grids(self, order: WorkOrder = WorkOrder.GAP) -> tuple[WeakGrid, ...]:
        """Return the grids that lack anybody."""
        grids, gap = self._snapshot.grids, self._shown["gap"].to_numpy(dtype=np.float64)
        residents = grids["residents"].fillna(0).to_numpy(dtype=np.float64)
        mixed = self._mixed()
        ratio = np.divide(self._supply, self._need, out=np.full(gap.size, np.nan), where=self._need > 0)
        rows = order_by_gap(self._shown["gap"], grids["residents"], grids.index, ratio=ratio, is_mixed=mixed > 0)
        rows = rows[gap[rows] > 0]
        first = {WorkOrder.RESIDENTS: -residents, WorkOrder.MIXED: -np.minimum(mixed, 1)}.get(order)
        if first is not None:
            rows = rows[np.argsort(first[rows], kind="stable")]
        codes = grids.index.to_numpy()
        return tuple(
            WeakGrid(
                str(codes[k]),
                self._snapshot.name(str(codes[k])),
                gap[k],
                int(residents[k]),
                int(mixed[k]),
            )
            for k in rows
        )

    def teams_for(self, grid_code: str) -> ReachableTeams:
        """Return the teams within reach that may go to a grid by the rules and close something there."""
        return self._judge_all(self._within_reach(grid_code), grid_code)

    def count_idle(self) -> IdleTeams:
        """Return why the teams that are free as a whole stay at home: a second or so for a district."""
        near, able = set(), set()
        for grid in self.weak_grids():
            reachable = self._within_reach(grid.code)
            near |= {team.code for team, _minutes in reachable}
            able |= {one.team.code for one in self._judge_all(reachable, grid.code).teams}
        idle = {code for code, team in self._snapshot.teams.items() if 0 < team.size <= self._free[code]}
        out, away = self._snapshot.out, self._snapshot.unavailable
        resting = sum(away.get(code, 0) > out.get(code, 0) for code in self._snapshot.teams)
        return IdleTeams(len(idle - near), len(idle & near - able), len(idle & able), resting)

    def _judge_all(self, reachable: list[tuple[Team, float]], grid_code: str) -> ReachableTeams:
        if not reachable:
            return ReachableTeams((), OpenReason.NOBODY_NEAR)
        free = [(team, minutes) for team, minutes in reachable if self._free[team.code] > 0]
        if not free:
            return ReachableTeams((), OpenReason.ALL_SENT)
        asked = set(self._plan.settings.skills.get(grid_code, ()))
        able = [(team, minutes) for team, minutes in free if asked <= set(team.skills)]
        if not able:
            return ReachableTeams((), OpenReason.NO_SKILL)
        judged = (self._judge(team, minutes, grid_code) for team, minutes in able)
        allowed = [one for one in judged if one is not None]
        teams = sorted(allowed, key=lambda one: (-one.score, one.minutes, one.team.code))
        return ReachableTeams(tuple(teams), None if teams else OpenReason.NO_SPARE)

    def _judge(self, team: Team, minutes: float, grid_code: str) -> ReachableTeam | None:
        k, home = self._snapshot.position(grid_code), self._snapshot.position(team.home_code)
        free, missing = self._free[team.code], self._gap(k)
        people = self._people(team, missing, is_home=k == home)
        if people < 1 or (team.kind not in DIVISIBLE_KINDS and free < team.size):
            return None
        lost, came = self._snapshot.home_loss(team.code, people), self._snapshot.attendance * people
        if k == home:
            lost, came = 0.0, max(came - lost, 0.0)
        if lost > 1e-9 and self._supply[home] - lost < self._floor[home] - 1e-9:
            return None
        closes = self._gap(k) - self._gap(k, came)
        costs = self._gap(home, -lost) - self._gap(home) if k != home else 0.0
        settings = self._plan.settings
        price = people * (settings.person_price + minutes * settings.minute_price)
        one = ReachableTeam(team, people, minutes, closes, costs, price)
        return one if one.closes - one.costs >= min(LEAST, missing) - 1e-9 else None

    def _gap(self, k: int, came: float = 0.0) -> float:
        """Return how many people a grid lacks with so many more."""
        need = float(self._need[k])
        return max((need if need > 0 else 0.0) - float(self._supply[k]) - came, 0.0)

    def _people(self, team: Team, missing: float, *, is_home: bool) -> int:
        """Return how many would go: of a team that may be split no more than close the gap."""
        free = self._free[team.code]
        if team.kind not in DIVISIBLE_KINDS:
            return free
        counted = self._snapshot.home_loss(team.code, 1) if is_home else 0.0
        each = self._snapshot.attendance - counted
        return 0 if each <= 1e-9 else min(free, max(ceil(missing / each - 1e-9), 1))

    def _within_reach(self, grid_code: str) -> list[tuple[Team, float]]:
        k = self._snapshot.position(grid_code)
        return [
            (team, minutes)
            for home, minutes in self._homes_around(k)
            for team in self._at_home.get(home, ())
            if team.size > 0
        ]

    def _homes_around(self, k: int) -> list[tuple[int, float]]:
        """Return the rows of the home grids from which a grid is within reach, and their minutes."""
        reach = self._plan.settings.reach_minutes
        if k < 0:
            return []
        if reach > self._snapshot.walks_limit:
            minutes = self._snapshot.minutes_to(str(self._snapshot.grids.index[k]))
            return [(home, float(minutes[home])) for home in self._snapshot.homes if minutes[home] <= reach]
        homes, grids, costs = self._snapshot.arrivals
        first, last = np.searchsorted(grids, [k, k + 1])
        near = costs[first:last] <= reach
        return list(zip(homes[first:last][near].tolist(), costs[first:last][near].tolist(), strict=True))

    def _free_people(self) -> dict[str, int]:
        planned: dict[str, int] = {}
        for move in self._plan.moves:
            planned[move.team_code] = planned.get(move.team_code, 0) + move.people
        away = self._snapshot.unavailable
        teams = self._snapshot.teams.items()
        return {code: team.size - away.get(code, 0) - planned.get(code, 0) for code, team in teams}

    def _shown_figures(self) -> pd.DataFrame:
        coverage = compare_need_and_supply(self._need, self._supply)
        met = np.minimum(self._supply, self._need)
        figures = {"need": self._need, "met": met, "surplus": np.nan_to_num(coverage.surplus)}
        return round_table(pd.DataFrame(figures, index=self._snapshot.grids.index))

    def _mixed(self) -> Floats:
        """Return how many mixed estates each grid has, shape (n,)."""
        inputs = self._snapshot.coverage_inputs
        parents = inputs.levels[Layer.ESTATES].parent[inputs.estates["mixed"].to_numpy(dtype=bool)]
        counts = np.bincount(parents[parents >= 0], minlength=len(self._need))
        return np.asarray(counts, dtype=np.float64)
