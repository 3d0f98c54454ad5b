"""How good and how fast rosters are: instances by formula, published ones, and weeks of the demo.

Run ``PYTHONPATH=. python tests/bench/bench_duties.py``; ten minutes on two quiet cores. A first argument is the limit
in seconds for a roster of the demo (default 60); ``--only WORD`` takes the instances with the word in their name,
``--write`` puts the tables into ``docs/benchmarks.md``.

Inputs. Formulas K0, K1, K2: ``tests/geo/optimise/duties/small_rosters.py``. Published: Instance1 to 3 of
schedulingbenchmarks.org (``../shared/data/opt``) with the rows of ``staff_rosters``. Demo: ``demo_rosters``, seed 1, a
week from Monday; "alone" is each community by itself. "Seats" is how many people are asked for, "level 1" what the
weight of filled seats lacks of what could be filled if nothing else counted.

1 is returned where an optimum is missed, or communities together fill less than 1.15 times what they fill alone.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from rich.console import Console
from rich.table import Table

from geo.optimise.duties import (
    NO_POST,
    DutyCaps,
    RosterProblem,
    RosterProposal,
    find_capacity,
    make_classes,
    make_roster_problem,
    place_duties,
    solve_roster,
)
from geo.optimise.solver import Deadline, minimise
from geo.schema import Layer
from services.demo import DemoSize
from services.rules.windows import Mode
from tests.bench.demo_problems import demo_coverage_inputs
from tests.bench.demo_rosters import ALL_DAY, DAYTIME, demo_community, demo_posts, demo_roster, demo_shares, demo_slots
from tests.bench.staff_rosters import OPTIMA, read_staff_roster, staff_model
from tests.geo.optimise.duties.small_rosters import K0, K1, K2, faults, score

SHARED: Final = Path(__file__).parents[2].parent / "shared" / "data" / "opt"
BENCHMARKS: Final = Path(__file__).parents[2] / "docs" / "benchmarks.md"
FORMULAS: Final = {"K0": (K0, 63_560), "K1": (K1, 2_633_714), "K2": (K2, 3_753_944)}
GATES: Final = [0]
EVERY_ITEM: Final = slice(None)
HELP: Final = 1.15
METRES_PER_MIN: Final = 80.0
EXACT_S: Final = 3600.0
"""More than an instance by formula or a published one takes on a busy machine."""


@dataclass(frozen=True)
class Week:
    """A week of the demo."""

    name: str
    size: DemoSize
    mode: Mode
    hours: range
    items: slice | list[int]
    caps: DutyCaps | None = None
    has_alone: bool = False

    def problem(self) -> RosterProblem:
        return demo_roster(self.size, self.mode, self.hours, self.items, self.caps)


WEEKS: Final = (
    Week("sub-district, routine gates 08-22", DemoSize.SUBDISTRICT, Mode.ROUTINE, DAYTIME, GATES, has_alone=True),
    Week("sub-district, routine 08-22", DemoSize.SUBDISTRICT, Mode.ROUTINE, DAYTIME, EVERY_ITEM),
    Week("sub-district, emergency gates, 3 a week", DemoSize.SUBDISTRICT, Mode.EMERGENCY, ALL_DAY, GATES, DutyCaps()),
    Week("sub-district, emergency gates", DemoSize.SUBDISTRICT, Mode.EMERGENCY, ALL_DAY, GATES),
    Week("district, routine gates 08-22", DemoSize.DISTRICT, Mode.ROUTINE, DAYTIME, GATES),
)


def optima(only: str) -> Iterator[tuple[str, int, int, bool, float, float]]:
    """Yield name, optimum, what was found, whether proven, seconds and seconds of processor."""
    for name, (formula, optimum) in FORMULAS.items():
        if only in name:
            problem, cpu = formula.problem(), time.process_time()
            found = solve_roster(problem, seconds=EXACT_S)
            spent = time.process_time() - cpu
            yield name, optimum, round(score(problem, found.cost.value)), found.cost.is_proven, found.seconds, spent
    for name, optimum in OPTIMA.items():
        if only in name:
            model, goal, granted = staff_model(read_staff_roster(SHARED / f"{name}.txt"))
            began, cpu = time.perf_counter(), time.process_time()
            answer = minimise(model, goal, Deadline(began + EXACT_S, lambda: False), EXACT_S)
            spent = time.process_time() - cpu
            yield name, optimum, round(answer.value + granted), answer.is_proven, time.perf_counter() - began, spent


def week_row(name: str, problem: RosterProblem, found: RosterProposal, cpu_s: float) -> tuple[str, ...]:
    loads = np.bincount(np.bincount(found.duties.member, minlength=problem.members.home.size))
    filled, every = int(found.score.filled.sum()), float((problem.seats.count * problem.seats.weight).sum())
    brought, most = 1000 * every - found.cost.value, 1000 * every - found.cost.bound
    return (
        name,
        f"{int(problem.seats.count.sum()):,}",
        f"{filled:,}",
        f"{found.score.away:,}",
        "/".join(map(str, loads.tolist())),
        "yes" if found.cost.is_proven else f"{100 * (most - brought) / most:.2f} %",
        f"{found.missed_weight:,.1f}" if found.weight_bound < every else "?",
        f"{found.seconds:.1f}",
        f"{cpu_s:.1f}",
        "none" if not faults(problem, found.duties) else "BROKEN",
    )


def placing_row(week: Week, problem: RosterProblem, found: RosterProposal) -> tuple[str, ...]:
    """Tell how far people walk to the grids in which they stand, in a straight line, and how long placing takes."""
    inputs = demo_coverage_inputs(week.size)
    level = inputs.levels[Layer.GRIDS]
    posts = demo_posts(inputs, week.mode, week.hours, week.items)
    metres = np.linalg.norm(level.points[:, None] - level.points[None], axis=2)
    began, cpu = time.perf_counter(), time.process_time()
    nobody = np.full(found.duties.slot.size, NO_POST)
    placed = place_duties(problem, found.duties, posts, metres / METRES_PER_MIN, level.people.group, nobody)
    took, spent = time.perf_counter() - began, time.process_time() - cpu
    way = METRES_PER_MIN * placed.minutes.mean()
    shown = f"{week.name}: at posts, {way:,.0f} m on average"
    return (shown, "", f"{int((placed.post != NO_POST).sum()):,}", "", "", "", "", f"{took:.1f}", f"{spent:.1f}", "")


def capacity_row(week: Week) -> tuple[str, ...]:
    inputs = demo_coverage_inputs(week.size)
    slots, persons = demo_slots(inputs), week.problem()
    classes = make_classes(slots, demo_community(inputs)[inputs.levels[Layer.GRIDS].people.group], demo_shares(inputs))
    problem = make_roster_problem(slots, classes, persons.seats, persons.near, caps=persons.caps)
    cpu = time.process_time()
    found = find_capacity(problem, seconds=EXACT_S)
    cpu = time.process_time() - cpu
    return (
        f"{week.name}: capacity of {classes.home.size} classes",
        f"{int(persons.seats.count.sum()):,}",
        "none" if found is None else f"{int(found.filled.sum()):,}",
        *("", ""),
        "yes" if found is not None and found.is_proven else "no",
        "",
        "" if found is None else f"{found.seconds:.1f}",
        f"{cpu:.1f}",
        "",
    )


def main(seconds: float, only: str, *, is_written: bool) -> int:
    """Print the tables; 1 where the quality is not what it must be."""
    exact, weeks = Table(title="Optima"), Table(title="Weeks of the demo")
    for heading in ("instance", "optimum", "found", "proven", "s", "CPU s"):
        exact.add_column(heading, justify="right")
    for heading in ("roster", "seats", "filled", "away", "0/1/2/… duties", "proven", "level 1", "s", "CPU s", "faults"):
        weeks.add_column(heading, justify="right")
    good, console = True, Console(width=200)

    def add(table: Table, row: tuple[str, ...]) -> None:
        table.add_row(*row)
        console.print(" | ".join(row), soft_wrap=True, highlight=False)

    for name, optimum, value, is_proven, took, cpu in optima(only):
        good &= (value, is_proven) == (optimum, True)
        add(exact, (name, f"{optimum:,}", f"{value:,}", "yes" if is_proven else "no", f"{took:.1f}", f"{cpu:.1f}"))
    for week in (week for week in WEEKS if only in week.name):
        problem, answers = week.problem(), []
        rosters = [(f"{week.name}, alone", problem.apart())] if week.has_alone else []
        for name, stated in [*rosters, (week.name, problem)]:
            cpu = time.process_time()
            answers.append(solve_roster(stated, seconds=seconds))
            add(weeks, week_row(name, stated, answers[-1], time.process_time() - cpu))
        first, last = (int(answers[nth].score.filled.sum()) for nth in (0, -1))
        good &= not week.has_alone or last >= HELP * first
        add(weeks, placing_row(week, problem, answers[-1]))
        add(weeks, capacity_row(week))
    load = os.getloadavg()
    note = f"{os.cpu_count()} cores; load {load[0]:.1f} in the last minute, {load[2]:.1f} in the last 15."
    for shown in (exact, weeks, note):
        console.print(shown)
    if is_written:
        _write(exact, weeks, note)
    return 0 if good else 1


def _write(exact: Table, weeks: Table, note: str) -> None:
    """Put the tables between their marks in ``docs/benchmarks.md``."""
    text = BENCHMARKS.read_text(encoding="utf-8")
    before, _, rest = text.partition("<!-- duties -->")
    _, _, after = rest.partition("<!-- /duties -->")
    tables = []
    for table in (exact, weeks):
        cells = [list(column.cells) for column in table.columns]
        rows = [[str(column.header) for column in table.columns], ["---"] * len(cells), *zip(*cells, strict=True)]
        tables.append("\n".join("| " + " | ".join(map(str, row)) + " |" for row in rows))
    shown = "\n\n".join([*tables, note])
    BENCHMARKS.write_text(f"{before}<!-- duties -->\n{shown}\n<!-- /duties -->{after}", encoding="utf-8")


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("seconds", nargs="?", type=float, default=60.0, help="limit for a roster of the demo")
    asked.add_argument("--only", default="", help="the instances with this word in their name")
    asked.add_argument("--write", action="store_true", help="write the tables into docs/benchmarks.md")
    given = asked.parse_args()
    sys.exit(main(given.seconds, given.only, is_written=given.write))
