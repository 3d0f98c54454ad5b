"""What planning looks at: coverage of the window with everybody already sent, and the teams that can still be sent."""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from geo.arrays import Floats, Positions
from geo.schema import Layer
from geo.travel import Pairs
from services.catalog.actions import Action
from services.context import Context
from services.coverage import CoverageInputs, SentPeople, coverage_tables, inputs_within
from services.planning.lookups import Team, team_from_row
from services.planning.model import Move, Plan, PlanSettings
from services.planning.orders import (
    Order,
    fetch_orders_between,
    orders_by_team,
    peak_people,
    people_sent,
    touching,
)
from services.planning.team_membership import read_membership
from services.rules.norms import attendance_in_window, working_calendar
from services.rules.planning import GridFacts, MoveFacts, Overrule, PlannedMove, TeamFacts
from services.rules.rest import around, people_at_rest
from services.rules.windows import Mode, Window, share_by_day_part

DIVISIBLE_KINDS: Final = frozenset({"志愿服务队"})
"""Teams of these kinds may be sent in part; the others are trained to work together and go as a whole."""
FAR_MINUTES: Final = 60.0
NEAR_MINUTES: Final = 30.0
MANY_HOMES: Final = 1500
"""With more home grids than this, ways are only worked out ahead to ``NEAR_MINUTES``; longer ones when asked for."""
_TEAM_COLUMNS: Final = (
    "name",
    "parent_code",
    "kind",
    "size",
    "unit_code",
    "leader",
    "leader_role",
    "phone",
    "skills",
)


@dataclass(frozen=True)
class PlanningSnapshot:
    """A window of the district as a planner finds it; read-only, made anew when data or orders change."""

    coverage_inputs: CoverageInputs
    mode: Mode
    window: Window
    now: datetime
    tables: Mapping[Layer, pd.DataFrame]
    """Coverage with the people already sent, by level (``services.coverage.coverage_tables``)."""
    teams: Mapping[str, Team]
    """Every team by code, in the order of codes."""
    orders: tuple[Order, ...]
    """Those that hold at some time in the window."""
    home_shares: Mapping[str, float]
    """The share of each team whom its home grid counts among its members (``services.rules.home_loss``)."""
    orders_around: tuple[Order, ...] = ()
    """Those that matter to whether people may serve in the window (``services.rules.rest``), its own among them."""

    def at(self, now: datetime) -> "PlanningSnapshot":
        """Return it at another time, with all that was worked out from it: none of that is about time."""
        other = copy(self)
        object.__setattr__(other, "now", now)
        return other

    def worked_out(self) -> "PlanningSnapshot":
        """Return this snapshot after working out what everybody asks of it, so that ``at`` takes it along."""
        for name in (
            "sent",
            "out",
            "unavailable",
            "rows",
            "persons",
            "homes",
            "presence",
            "names",
            "share_met",
            "is_short_in_total",
            "attendance",
        ):
            getattr(self, name)
        return self

    @property
    def grids(self) -> pd.DataFrame:
        """The coverage table of the grids."""
        return self.tables[Layer.GRIDS]

    @cached_property
    def sent(self) -> SentPeople:
        """Who is already sent."""
        return people_sent(self.orders, self.window)

    @cached_property
    def out(self) -> Mapping[str, int]:
        """People of each team who are out at the same time in the window, at most; teams at home are left out."""
        return {code: peak_people(orders, self.window) for code, orders in orders_by_team(self.orders).items()}

    @cached_property
    def unavailable(self) -> Mapping[str, int]:
        """People of each team who cannot be proposed: out in the window, or in need of rest; others are left out."""
        resting = {
            code: people_at_rest([(Window(order.start, order.until), order.people) for order in orders], self.window)
            for code, orders in orders_by_team(self.orders_around).items()
        }
        return {code: max(self.out.get(code, 0), resting.get(code, 0)) for code in {*self.out, *resting}}

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """The row of each grid by its code."""
        return {str(code): k for k, code in enumerate(self.grids.index)}

    @cached_property
    def persons(self) -> Floats:
        """Need and supply of the grids with the people already sent, shape (n, 2)."""
        return self.grids[["need", "supply"]].to_numpy(dtype=np.float64)

    @cached_property
    def share_met(self) -> float:
        """The share of the need of all grids together that is met, 0 to 1; 1 where nobody is needed."""
        need, supply = np.nan_to_num(self.persons.T)
        total = float(need.sum())
        return float(np.minimum(need, supply).sum()) / total if total > 0 else 1.0

    @cached_property
    def is_short_in_total(self) -> bool:
        """Whether fewer people can come than are needed in all grids together."""
        need, supply = np.nan_to_num(self.persons.T)
        return bool(supply.sum() < need.sum())

    @cached_property
    def attendance(self) -> float:
        """Of the people of an order, the share that comes in the window (norms)."""
        norms = self.coverage_inputs.norms
        return float(attendance_in_window(norms, share_by_day_part(self.window, working_calendar(norms))))

    @cached_property
    def homes(self) -> list[int]:
        """The rows of the grids that are home to a team, ascending."""
        return sorted({self.position(team.home_code) for team in self.teams.values()} - {-1})

    @property
    def travel_times(self) -> Pairs:
        """Minutes on foot from homes to the grids around, rows of grids; shorter ways where there are many homes."""
        return self.coverage_inputs.travel_times.within(self.homes, self.walks_limit)

    @cached_property
    def arrivals(self) -> tuple[Positions, Positions, Floats]:
        """``travel_times`` in the order of destinations: origin, destination, minutes."""
        ways = self.travel_times
        order = np.argsort(ways.destination, kind="stable")
        return ways.origin[order], ways.destination[order], ways.cost[order]

    @property
    def knows_walks(self) -> bool:
        """Whether ``travel_times`` answers at once; for a whole city the first answer takes half a minute."""
        return self.coverage_inputs.travel_times.knows(self.homes, self.walks_limit)

    def find_walks(self, report: Callable[[float], None]) -> None:
        """Work ``travel_times`` out ahead; ``report`` is told which share is done, 0 to 1."""
        report(0.0)
        self.coverage_inputs.travel_times.within(self.homes, self.walks_limit, report=report)

    @property
    def walks_limit(self) -> float:
        """How many minutes ``travel_times`` go."""
        return FAR_MINUTES if len(self.homes) <= MANY_HOMES else NEAR_MINUTES

    @cached_property
    def presence(self) -> Floats:
        """What a member counts as in the supply of each grid, 0 to 1 (0 without members), shape (n,)."""
        members, supply = (self.grids[name].to_numpy(dtype=np.float64) for name in ("members", "supply_members"))
        return np.asarray(np.divide(supply, members, out=np.zeros(len(members)), where=members > 0))

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The name of each grid by its code."""
        return {str(code): str(name or code) for code, name in self.grids["name"].items()}

    def position(self, grid_code: str) -> int:
        """Return the row of a grid, -1 where it is not there."""
        return self.rows.get(grid_code, -1)

    def minutes(self, team_code: str, grid_code: str) -> float | None:
        """Return how long a team walks from its home grid (``travel_times``), None where nobody knows."""
        team = self.teams.get(team_code)
        if team is None:
            return None
        ends = self.position(team.home_code), self.position(grid_code)
        if min(ends) < 0:
            return None
        if ends[0] == ends[1]:
            return 0.0
        near = self.travel_times
        first, last = np.searchsorted(near.origin, [ends[0], ends[0] + 1])
        found = first + int(np.searchsorted(near.destination[first:last], ends[1]))
        if found < last and near.destination[found] == ends[1]:
            return float(near.cost[found])
        minutes = float(self.coverage_inputs.travel_times.from_grid(ends[0])[ends[1]])
        return minutes if np.isfinite(minutes) else None

    def home_loss(self, team_code: str, people: float) -> float:
        """Return what the supply of its home grid loses when so many people of a team go, in persons.

        Those whom the grid counts among its members, by the share of the window in which its members have time.
        """
        home = self.position(home_of(self, team_code) or "")
        return 0.0 if home < 0 else float(people * self.home_shares.get(team_code, 1.0) * self.presence[home])

    def uncounted(self, team_code: str, people: int) -> int:
        """Return how many of so many people of a team its home grid does not count among its members."""
        return round(people * (1 - self.home_shares.get(team_code, 1.0)))

    def figures(self, grid_code: str) -> tuple[float, float]:
        """Return need and supply of a grid that is there, with the people already sent; persons."""
        need, supply = self.persons[self.position(grid_code)]
        return float(need), float(supply)

    def place_name(self, grid_code: str, estate_code: str) -> str:
        """Return the name of a grid, after that of the estate of it to which people go, if any."""
        estates, grid = self.tables[Layer.ESTATES], self.name(grid_code)
        if not estate_code or estate_code not in estates.index:
            return grid
        return f"{estates['name'][estate_code] or estate_code}（{grid}）"

    def minutes_to(self, grid_code: str) -> Floats:
        """Return the minutes on foot from every grid to a grid that is there, shape (n,); NaN where nobody knows."""
        return self.coverage_inputs.travel_times.from_grid(
            self.position(grid_code)
        )  # a way back is as long as the way there

    def name(self, grid_code: str) -> str:
        """Return the name of a grid, its code where it has none or is not there."""
        return self.names.get(grid_code, grid_code)


def load_snapshot(context: Context, coverage_inputs: CoverageInputs, window: Window, mode: Mode) -> PlanningSnapshot:
    """Return the snapshot of a window: teams and orders as they are now on inputs (``services.coverage.load_inputs``).

    It holds what lies inside the actor's area: grids, teams, and the orders that touch them.
    """
    with context.look(Action.PLAN) as tx:
        scope = context.scope_in(tx)
        near = tuple(touching(scope, fetch_orders_between(tx, *around(window))))
        stored_data = scope.limit(Layer.TEAMS, tx.read_layer(Layer.TEAMS, columns=_TEAM_COLUMNS))
        standing = read_membership(tx)
    orders = tuple(order for order in near if order.start < window.end and order.until > window.start)
    rows = stored_data.astype(object).where(stored_data.notna(), None).reset_index().to_dict("records")
    teams = {row["code"]: team_from_row(row) for row in rows}
    coverage_inputs = inputs_within(coverage_inputs, scope)
    tables = coverage_tables(coverage_inputs, mode, window, people_sent(orders, window))
    return PlanningSnapshot(coverage_inputs, mode, window, context.clock(), tables, teams, orders, standing.share, near)


def team_table(snapshot: PlanningSnapshot) -> pd.DataFrame:
    """Return the teams as the tray shows them, indexed by ``code``, without names of persons.

    ``name kind size leader_role skills home_code home_name free sent_to``: ``free`` is how many people can still be
    sent in the window, ``sent_to`` the names of the grids where the others are, joined by ``、``.
    """
    rows = [_tray_row(snapshot, team) for team in snapshot.teams.values()]
    columns = ["code", "name", "kind", "size", "leader_role", "skills", "home_code", "home_name", "free", "sent_to"]
    return pd.DataFrame(rows, columns=columns).set_index("code")


def move_facts(
    snapshot: PlanningSnapshot,
    settings: PlanSettings,
    others: Iterable[PlannedMove],
    team_code: str,
    grid_codes: Iterable[str],
) -> MoveFacts:
    """Return what a move of a team between some grids is checked against (``services.rules.planning``)."""
    ordered = tuple(planned_order(order) for order in snapshot.orders)
    return MoveFacts(
        teams={code: _team_facts(team) for code, team in snapshot.teams.items() if code == team_code},
        grids={code: _grid_facts(snapshot, settings, code) for code in grid_codes if snapshot.position(code) >= 0},
        limit_minutes=settings.reach_minutes,
        now=snapshot.now,
        others=(*ordered, *others),
        orders=frozenset(range(len(ordered))),
        services=[
            (Window(order.start, order.until), order.people)
            for order in snapshot.orders_around
            if order.team_code == team_code
        ],
    )


def planned_order(order: Order) -> PlannedMove:
    """Return an order as the rules know moves."""
    window = Window(order.start, order.until)
    giver, share = order.from_code or None, order.counted_share
    return PlannedMove(order.team_code, giver, order.to_code, order.people, window, counted_share=share)


def planned_moves(snapshot: PlanningSnapshot, plan: Plan) -> list[PlannedMove]:
    """Return the moves of a plan as the rules know them; those of teams that are gone have no giver."""
    return [planned_move(snapshot, move, plan.window) for move in plan.moves]


def planned_move(
    snapshot: PlanningSnapshot, move: Move, window: Window, overruled: tuple[Overrule, ...] = ()
) -> PlannedMove:
    """Return a move as the rules know it."""
    return PlannedMove(
        move.team_code,
        home_of(snapshot, move.team_code),
        move.grid_code,
        move.people,
        window,
        move.pinned,
        overruled,
        snapshot.home_shares.get(move.team_code, 1.0),
    )


def home_of(snapshot: PlanningSnapshot, team_code: str) -> str | None:
    """Return the home grid of a team, None where it has none."""
    team = snapshot.teams.get(team_code)
    return team.home_code or None if team else None


def floor_share(snapshot: PlanningSnapshot, settings: PlanSettings) -> float:
    """Return the share of its need that a grid keeps when it lends; 0 where everybody may go.

    Where people are short in total no grid keeps more than the share of the need that is met on the whole, if that is
    set: else those who have much keep it all and nobody can be sent.
    """
    if settings.keeps_mean_share and snapshot.is_short_in_total:
        return min(settings.floor_share, snapshot.share_met)
    return settings.floor_share


def floor_of(snapshot: PlanningSnapshot, settings: PlanSettings) -> Floats:
    """Return what grids keep when they lend, in persons, shape (n,) (an unknown need counts as 0)."""
    share = floor_share(snapshot, settings)
    need = snapshot.persons[:, 0]
    return np.full(need.shape, -np.inf) if share <= 0 else np.asarray(np.nan_to_num(need) * share)


def _floor_at(snapshot: PlanningSnapshot, settings: PlanSettings, need: float) -> float:
    share = floor_share(snapshot, settings)
    return -np.inf if share <= 0 else float(np.nan_to_num(need)) * share


def _team_facts(team: Team) -> TeamFacts:
    return TeamFacts(
        name=team.name,
        home=team.home_code or None,
        size=team.size,
        skills=frozenset(team.skills),
        is_divisible=team.kind in DIVISIBLE_KINDS,
    )


def _grid_facts(snapshot: PlanningSnapshot, settings: PlanSettings, code: str) -> GridFacts:
    need, supply = snapshot.figures(code)
    return GridFacts(
        name=snapshot.name(code),
        need=None if np.isnan(need) else need,
        supply=supply,
        floor=_floor_at(snapshot, settings, need),
        skills=frozenset(settings.skills.get(code, ())),
        presence=float(snapshot.presence[snapshot.position(code)]),
    )


def _tray_row(snapshot: PlanningSnapshot, team: Team) -> dict[str, object]:
    where = [snapshot.name(order.to_code) for order in snapshot.orders if order.team_code == team.code]
    return {
        "code": team.code,
        "name": team.name,
        "kind": team.kind,
        "size": team.size,
        "leader_role": team.leader_role,
        "skills": "、".join(team.skills),
        "home_code": team.home_code,
        "home_name": snapshot.name(team.home_code) if team.home_code else "",
        "free": max(team.size - snapshot.out.get(team.code, 0), 0),
        "sent_to": "、".join(dict.fromkeys(where)),
    }
