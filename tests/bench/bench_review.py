"""The list of weak grids and the review of 500 teams: ``python tests/bench/bench_review.py``.

The store is the demo's district (2,000 grids, 1,000 teams, made up, ``services.demo``, seed 1), an evening in the
emergency mode. The plan sends 500 teams as the list advises, the largest gap first. The review is to be there within
0.5 s; the peer is what a planner's page asks anyway: the figures of the same plan.
"""

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np

from services import planning
from services.assignment import assign_members
from services.context import Context, open_context
from services.coverage import load_inputs
from services.demo import DemoSize, fill_store, make_district
from services.planning import Move, Plan, PlanningSnapshot
from services.planning.worklist import Worklist
from services.rules.windows import Mode, Window

TEAMS = 500
PAGE = 20
"""Weak grids on a page of the list."""
ROUNDS = 7


def main() -> None:
    """Print what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        context = open_context(f"sqlite:///{Path(folder) / 'bench.gpkg'}")
        fill_store(context, make_district(DemoSize.DISTRICT))
        assign_members(context)
        _measure(context)


def _measure(context: Context) -> None:
    evening = (context.clock() + timedelta(days=1)).replace(hour=20, minute=0, second=0, microsecond=0)
    window = Window(evening, evening + timedelta(hours=4))
    snapshot = planning.load_snapshot(context, load_inputs(context), window, Mode.EMERGENCY).worked_out()
    empty = planning.create_plan(context, window, Mode.EMERGENCY, event_id="bench")
    plan = _advised(snapshot, empty)
    sizes = f"{len(snapshot.grids)} grids, {len(snapshot.teams)} teams, {len(plan.moves)} moves"
    print(f"{sizes}; load {os.getloadavg()[0]:.1f}")
    peer = _tell("figures of the plan (peer)", lambda: planning.figures_of(snapshot, plan))
    _tell("review before sending", lambda: planning.review_sending(context, snapshot, plan), peer)
    _tell("weak grids, worked out", lambda: Worklist(snapshot, plan).weak_grids(), peer)
    _tell(f"who can reach {PAGE} of them", lambda: _page(snapshot, empty), peer)
    _tell("why the others stay", lambda: Worklist(snapshot, plan).count_idle(), peer)


def _advised(snapshot: PlanningSnapshot, plan: Plan) -> Plan:
    """Return the plan with the moves that the list advises, one after the other."""
    for grid in Worklist(snapshot, plan).weak_grids():
        best = Worklist(snapshot, plan).teams_for(grid.code).best
        if best is not None:
            move = Move(best.team.code, grid.code, best.people, home_code=best.team.home_code)
            plan = replace(plan, moves=(*plan.moves, move))
        if len(plan.moves) == TEAMS:
            break
    return plan


def _page(snapshot: PlanningSnapshot, plan: Plan) -> None:
    worklist = Worklist(snapshot, plan)
    for grid in worklist.weak_grids()[:PAGE]:
        worklist.teams_for(grid.code)


def _tell(what: str, act_once: Callable[[], object], peer: float = 0.0) -> float:
    times = []
    for _round in range(ROUNDS):
        begin = time.perf_counter()
        act_once()
        times.append(1_000 * (time.perf_counter() - begin))
    median = float(np.median(times))
    ratio = f", {median / peer:.1f} × the peer" if peer else ""
    print(f"{what:<28} {median:>6.0f} ms (p95 {np.percentile(times, 95):.0f} ms{ratio})")
    return median


if __name__ == "__main__":
    main()
