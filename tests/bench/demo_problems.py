"""What a planner of the demo asks ``geo.optimise``, made without a store: frames to coverage to problem.

Members come to their grids as at an import (``services.assignment.assignments_of``: by point, then by address). The
problem is posed by ``services.planning`` itself with the settings of a new plan: teams at their home grid, 30 minutes
on foot along the roads, a lending grid keeps its whole need (where people are short on the whole the share of it that
is met) and loses those of a team whom it counts among its members, a person missing in a grid with mixed estates
counts 1.5 and the more the larger the share missing. Nobody is sent yet and nothing is pinned.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from geo.optimise import ProblemData, Weights
from geo.optimise.arcs import make_arcs
from geo.schema import ZONE_LAYERS, Layer
from geo.travel import Pairs
from services.assignment import COLUMNS, assignments_of
from services.coverage import CoverageInputs, LayerFrames, coverage_tables, load_norms, prepare
from services.demo import DemoData, DemoSize, make_district
from services.planning import Plan, PlanningSnapshot, PlanSettings, PlanState
from services.planning.lookups import Team, team_from_row
from services.planning.propose import state_problem
from services.rules.address import AddressBook, EstateName, Gazetteer
from services.rules.home_loss import HomeTeam, counted_shares
from services.rules.windows import Mode, NamedWindow, Window, name_window

NORMS = Path(__file__).parents[2] / "data" / "norms.toml"
NOW = datetime(2026, 11, 25, 12)
"""A Wednesday: tomorrow morning, 08 to 12, is of a workday."""


def demo_problem(size: DemoSize, when: NamedWindow) -> ProblemData:
    """Return what the demo of a size, seed 1, asks in the emergency mode for a window told from ``NOW``."""
    window = name_window(when, NOW)
    return state_problem(demo_snapshot(size, Mode.EMERGENCY, window), empty_plan(window, Mode.EMERGENCY))


def demo_snapshot(size: DemoSize, mode: Mode, window: Window, *, is_bare: bool = False) -> PlanningSnapshot:
    """Return the demo of a size, seed 1, in a window as a planner finds it; nobody is sent yet.

    Where ``is_bare``, posts are not rounded up to whole people and nobody else bears anything of the need, as in the
    norms before they could say so.
    """
    coverage_inputs, teams, home_shares = _make(size, is_bare=is_bare)
    tables = coverage_tables(coverage_inputs, mode, window)
    return PlanningSnapshot(coverage_inputs, mode, window, NOW, tables, teams, orders=(), home_shares=home_shares)


def part_of(problem: ProblemData, pairs: int) -> ProblemData:
    """Return the problem of teams around one another that have so many pairs; grids beyond their reach lack nobody."""
    arcs = make_arcs(problem, Weights())
    count = np.bincount(arcs.team, minlength=arcs.free.size)
    chosen = np.zeros(count.size, dtype=bool)
    able = np.flatnonzero(count)
    chosen[able[able.size // 2]] = True
    while (room := pairs - count[chosen].sum()) > 0:
        near = np.setdiff1d(arcs.team[np.isin(arcs.grid, arcs.grid[chosen[arcs.team]])], np.flatnonzero(chosen))
        if not near.size:
            break
        chosen[near[: np.searchsorted(np.cumsum(count[near]), room) + 1]] = True
    grids, reach = problem.grids, problem.reach
    near_grids = np.isin(np.arange(grids.need.size), arcs.grid[chosen[arcs.team]])
    need = np.where(near_grids, grids.need, np.minimum(grids.need, grids.supply))
    kept = chosen[reach.origin]
    nearer = Pairs(reach.origin[kept], reach.destination[kept], reach.cost[kept])
    return replace(problem, grids=replace(grids, need=need), reach=nearer)


def demo_coverage_inputs(size: DemoSize) -> CoverageInputs:
    """Return what coverage of the demo of a size, seed 1, is computed from, by the norms as they were at first."""
    return _make(size, is_bare=True)[0]


@cache
def _make(size: DemoSize, *, is_bare: bool = False) -> tuple[CoverageInputs, Mapping[str, Team], Mapping[str, float]]:
    data = make_district(size)
    nobody = pd.DataFrame(columns=list(COLUMNS))
    zones = {"grids": data[Layer.GRIDS], "estates": data[Layer.ESTATES]}
    assigned = assignments_of(data[Layer.MEMBERS], **zones, book=_address_book(data), before=nobody)
    frames = LayerFrames(
        {layer: data[layer] for layer in ZONE_LAYERS}, data[Layer.MEMBERS], assigned, data[Layer.ROADS]
    )
    teams = data[Layer.TEAMS].drop(columns="geom").astype(object)
    rows = teams.where(teams.notna(), None).reset_index().to_dict("records")
    known = {row["code"]: team_from_row(row) for row in rows}
    members = assigned["grid_code"].dropna().value_counts().to_dict()
    standing = [HomeTeam(team.code, team.home_code or "", team.size, None) for team in known.values()]
    norms = load_norms(NORMS)
    if is_bare:
        items = {code: replace(item, whole_persons=None) for code, item in norms.items.items()}
        norms = replace(norms, others=None, items=items)
    return prepare(frames, norms), known, counted_shares(standing, members)


def _address_book(data: DemoData) -> AddressBook:
    """Return the book that ``services.assignment`` makes from a store of this data."""
    estates = data[Layer.ESTATES].fillna({"address": ""})
    community = data[Layer.GRIDS]["parent_code"].reindex(estates["parent_code"]).fillna("")
    rows = zip(estates.index, estates["name"], estates["address"], community, strict=True)
    wider = [*data[Layer.DISTRICTS]["name"], *data[Layer.SUBDISTRICTS]["name"]]
    return AddressBook(Gazetteer([EstateName(*row) for row in rows], data[Layer.COMMUNITIES]["name"].to_dict(), wider))


def empty_plan(window: Window, mode: Mode, settings: PlanSettings | None = None) -> Plan:
    """Return a draft without moves, with the settings of a new plan unless others are given."""
    return Plan(
        id=0,
        name="",
        state=PlanState.DRAFT,
        window=window,
        mode=mode,
        settings=settings or PlanSettings(),
        versions={},
        moves=(),
        undoable=0,
        redoable=0,
        revision=0,
        created_at=NOW,
        created_by="",
        changed_at=NOW,
        changed_by="",
    )
