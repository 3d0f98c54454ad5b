"""How good and how fast proposals are: beside two plans as people make them, the proven bound, and one plain model.

Run ``python tests/bench/bench_optimise.py``; 15 minutes on two quiet cores, a minute and a half of it to make the
demo's city of 20,000 grids, which ``--no-city`` leaves out with its parts. A first argument is the limit in seconds of
either way for a problem (default 60); ``--only WORD`` takes the problems with the word in their name.

Inputs. Random: ``random_problem`` below, seed 1 (grids of 500 m × 500 m on average, need lognormal around 12 persons,
45 % short, teams of 5 to 36 in grids with people to spare, a fifth of these homes unable to let everybody go, three in
ten grids counted twice; 30 or 60 minutes on foot at 80 m a minute and 1.3 times the straight line). Changchun:
``../shared/data/changchun``, 1,409 real estates of the 2022 lockdown and its road graph; need by ``data/norms.toml``,
lockdown, a weekday; supply 70 to 130 % of it and 300 teams of 5 to 36 in estates that can spare them are generated,
seed 1; 30 minutes along the roads. Demo: the district of ``services.demo``, seed 1, at each of its sizes, in the
emergency mode, as a planner's proposal states it (``demo_problems``): tomorrow morning 08–12 on a workday and tonight
20–24; 30 minutes on foot along the demo's roads, grids that lend keep their whole need and lose those of a team whom
they count among their members.

Parts of the city: teams around one another with so many pairs, and the grids that they reach.

Plain pairs are one call of ``scipy.optimize.milp`` on the whole problem at once, as ``geo.optimise.model`` writes it:
what ``geo.optimise`` does not do beside it is to split, to look around, and to relax first where pairs are many.

CPU seconds are of the whole process with the solver's threads: on a machine shared with others the wall seconds say
more about the others. The limit is of wall seconds all the same.

Where a proposal is not proven, ``bound`` is the cost that no plan goes below; ``gap %`` says how far the proposal is
above it at most.
"""

import argparse
import os
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from demo_problems import demo_problem, part_of
from rich.console import Console
from rich.table import Table
from scipy.spatial import cKDTree

from geo.optimise import ProblemData, Proposal, Weights, make_grids, make_problem, make_teams, propose, reach_of_teams
from geo.optimise.arcs import Arcs, judge, make_arcs, nobody_sent
from geo.optimise.greedy import largest_gap_first, nearest_team_first
from geo.optimise.model import form_of
from geo.optimise.search import EXACT
from geo.optimise.solver import Deadline, minimise
from geo.optimise.tours import one_window
from geo.road_network import link_crossings, pairs_along
from geo.travel import Pairs, pairs_within, walking_minutes
from services.demo import COUNTS, DemoSize
from services.rules.need import need_by_item, need_in_window, read_facts
from services.rules.norms import parse_norms
from services.rules.windows import DayPart, Mode, NamedWindow

ROOT = Path(__file__).parents[2]
CHANGCHUN = ROOT.parent / "shared" / "data" / "changchun"
SIZES = ((200, 20, 30.0), (2_000, 100, 30.0), (2_000, 100, 60.0), (20_000, 1_000, 30.0), (20_000, 1_000, 60.0))
CITY_PARTS = (18_000, 40_000)
CELL_M2 = 250_000.0
WALK = {"metres_per_minute": 80.0, "detour": 1.3}
WINDOWS = {NamedWindow.TOMORROW_MORNING: "morning", NamedWindow.TONIGHT: "tonight"}
RANDOM, REAL, DEMO = "generated, seed 1", "shared/data/changchun; supply, teams: seed 1", "services.demo, seed 1"
PLANS = (nobody_sent, largest_gap_first, nearest_team_first)
ALLOWED_GAP = 0.005
WEIGHTS = Weights()


@dataclass(frozen=True)
class Plain:
    """What the plain model came to; null where it found nothing in time."""

    cost: float | None
    bound: float
    is_proven: bool
    seconds: float
    cpu_s: float


def random_problem(grids: int, teams: int, minutes: float, seed: int = 1) -> ProblemData:
    """Return a problem as described above."""
    rng = np.random.default_rng(seed)
    points = rng.random((grids, 2)) * np.sqrt(grids * CELL_M2)
    need = np.round(rng.lognormal(np.log(12), 0.6, grids), 1)
    is_short = rng.random(grids) < 0.45
    supply = np.round(need * np.where(is_short, rng.uniform(0.1, 0.95, grids), rng.uniform(1, 1.5, grids)), 1)
    home = rng.choice(np.flatnonzero(~is_short), teams)
    size = rng.integers(5, 37, teams)
    lent = np.bincount(home, weights=size, minlength=grids)
    share = rng.choice([0.7, 1.0, 1.3], grids, p=[0.2, 0.4, 0.4])
    supply = np.where(lent > 0, np.round(need + lent * share, 1), supply)
    priority = np.where(rng.random(grids) < 0.3, 2.0, 1.0)
    near = pairs_within(points, minutes * WALK["metres_per_minute"] / WALK["detour"])
    reach = Pairs(near.origin, near.destination, walking_minutes(near.cost, **WALK))
    return make_problem(
        make_grids(need, supply, priority=priority), make_teams(home, size), reach_of_teams(reach, home)
    )


def changchun_problem(minutes: float = 30.0, seed: int = 1) -> ProblemData:
    """Return the real estates with generated supply and teams."""
    rng = np.random.default_rng(seed)
    estates = pd.read_csv(CHANGCHUN / "小区数据.csv")
    norms = parse_norms(tomllib.loads((ROOT / "data" / "norms.toml").read_text(encoding="utf-8")))
    known = {"小区户数（户）": "households", "小区人口数（人）": "residents", "小区栋数": "blocks"}
    facts = read_facts(estates.rename(columns=known), norms)
    weekday = np.array([part is DayPart.WORKDAY for part in DayPart], dtype=float)
    need = need_in_window(need_by_item(facts, norms, Mode.LOCKDOWN), norms, weekday).sum(axis=1)
    supply = need * rng.uniform(0.7, 1.3, need.size)
    size = rng.integers(5, 37, 300)
    home = np.array([rng.choice(np.flatnonzero(supply - need >= persons)) for persons in size])
    return make_problem(
        make_grids(need, supply), make_teams(home, size), reach_of_teams(_by_road(estates, minutes), home)
    )


def _by_road(estates: pd.DataFrame, minutes: float) -> Pairs:
    crossings, roads = pd.read_csv(CHANGCHUN / "路口数据.csv"), pd.read_csv(CHANGCHUN / "道路数据.csv")
    number = pd.Index(crossings["节点编号"])
    start, end = number.get_indexer(roads["路线起点"]), number.get_indexer(roads["路线终点"])
    network = link_crossings(start, end, roads["路线距离(m)"], len(crossings))
    where = crossings[["路口横坐标", "路口纵坐标"]]
    at = cKDTree(where).query(estates[["小区横坐标", "小区纵坐标"]])[1]
    found = pairs_along(network, at, at, minutes * WALK["metres_per_minute"])
    return Pairs(found.origin, found.destination, found.cost / WALK["metres_per_minute"])


def solve_plainly(arcs: Arcs, seconds: float) -> Plain:
    """Return what one call of ``milp`` on all pairs comes to in so many seconds."""
    begun, cpu = time.perf_counter(), time.process_time()
    form = form_of(one_window(arcs), np.arange(arcs.team.size))
    found = minimise(form.model, form.goal, Deadline(begun + seconds, lambda: False), seconds, gap=EXACT)
    has_plan = np.isfinite(found.value)
    cost = judge(arcs, form.sending_of(np.asarray(found.values))).cost if has_plan else None
    spent = time.perf_counter() - begun, time.process_time() - cpu
    return Plain(cost, max(found.bound + form.before, 0.0), found.is_proven, *spent)


def problems(demo_sizes: Sequence[DemoSize]) -> Iterator[tuple[str, str, Callable[[], ProblemData]]]:
    """Yield the name of each problem, where its inputs are from, and how it is made."""
    for grids, teams, minutes in SIZES:
        yield (
            f"random {grids:,}/{teams:,}, {minutes:.0f} min",
            RANDOM,
            lambda g=grids, t=teams, m=minutes: random_problem(g, t, m),
        )
    if CHANGCHUN.is_dir():
        yield "Changchun 1,409/300, 30 min", REAL, changchun_problem
    for pairs in CITY_PARTS if DemoSize.CITY in demo_sizes else ():
        yield (
            f"demo city part, {pairs:,} pairs",
            DEMO,
            lambda n=pairs: part_of(demo_problem(DemoSize.CITY, NamedWindow.TONIGHT), n),
        )
    for size in demo_sizes:
        for window, name in WINDOWS.items():
            yield (
                f"demo {COUNTS[size].grids:,}/{COUNTS[size].teams:,}, {name}",
                DEMO,
                lambda s=size, w=window: demo_problem(s, w),
            )


def first_within(proposal: Proposal, share: float) -> float | None:
    """Return when a plan within a share of the final bound was first known to exist, None where none was found."""
    limit = proposal.cost.bound * (1 + share)
    return next((step.seconds for step in proposal.trace if step.cost <= limit + 1e-6), None)


def main(seconds: float, demo_sizes: Sequence[DemoSize], only: str = "") -> int:
    """Print a line for each problem as it is solved, then the tables; 1 where the quality is not what it must be."""
    quality, beside = Table(title="Quality: weighted persons"), Table(title="Beside plain pairs")
    for name in ("problem", "before", "largest gap", "nearest team", "proposal", "bound", "gap %", "missing", "inputs"):
        quality.add_column(name, justify="right")
    for name in ("problem", "pairs", "to 1 %"):
        beside.add_column(name, justify="right")
    for way in ("", "plain: "):
        for name in ("cost", "bound", "proven", "s", "CPU s"):
            beside.add_column(way + name, justify="right")
    for name in ("cost ÷", "CPU ÷"):
        beside.add_column(name, justify="right")
    good, console = True, Console(width=230)
    for name, source, make in problems(demo_sizes):
        if only not in name:
            continue
        problem = make()
        arcs = make_arcs(problem, WEIGHTS)
        before, *peers = [judge(arcs, plan(arcs)).cost for plan in PLANS]
        cpu = time.process_time()
        proposal = propose(problem, WEIGHTS, seconds=seconds)
        cpu = time.process_time() - cpu
        good &= proposal.cost.gap <= ALLOWED_GAP and proposal.cost.value <= min(peers)
        quality.add_row(
            name,
            f"{before:,.1f}",
            *(f"{peer:,.1f}" for peer in peers),
            f"{proposal.cost.value:,.1f}",
            f"{proposal.cost.bound:,.1f}",
            f"{100 * proposal.cost.gap:.3f}",
            f"{proposal.missing_before:,.1f} → {proposal.missing:,.1f}",
            source,
        )
        row = _beside_row(name, arcs.team.size, proposal, cpu, solve_plainly(arcs, seconds))
        beside.add_row(*row)
        console.print(" | ".join(row), soft_wrap=True, highlight=False)
    load = os.getloadavg()
    console.print(f"{os.cpu_count()} cores; load {load[0]:.1f} in the last minute, {load[2]:.1f} in the last 15.")
    console.print(quality)
    console.print(beside)
    return 0 if good else 1


def _beside_row(name: str, pairs: int, proposal: Proposal, cpu_s: float, plain: Plain) -> tuple[str, ...]:
    near, cost = first_within(proposal, 0.01), proposal.cost
    return (
        name,
        f"{pairs:,}",
        "never" if near is None else f"{near:.1f}",
        f"{cost.value:,.2f}",
        f"{cost.bound:,.2f}",
        "yes" if cost.is_proven else "no",
        f"{proposal.seconds:.1f}",
        f"{cpu_s:.1f}",
        "none" if plain.cost is None else f"{plain.cost:,.2f}",
        f"{plain.bound:,.2f}",
        "yes" if plain.is_proven else "no",
        f"{plain.seconds:.1f}",
        f"{plain.cpu_s:.1f}",
        "–" if plain.cost is None else f"{plain.cost / cost.value:.4f}",
        f"{plain.cpu_s / max(cpu_s, 0.01):.1f}",
    )


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("seconds", nargs="?", type=float, default=60.0, help="limit of either way for a problem")
    asked.add_argument("--no-city", action="store_true", help="without the demo's city of 20,000 grids")
    asked.add_argument("--only", default="", help="the problems with this word in their name")
    given = asked.parse_args()
    left_out = (DemoSize.CITY,) if given.no_city else ()
    sys.exit(main(given.seconds, [size for size in DemoSize if size not in left_out], given.only))
