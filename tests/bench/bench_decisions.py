"""What proposals decide: the figures that they are held to, on the demo, beside what the model before decided.

Run ``python tests/bench/bench_decisions.py``; five minutes on two quiet cores. ``--write`` puts the table into
``docs/benchmarks.md``.

Inputs: the demo of seed 1, sub-district and district, as a planner's proposal states it (``demo_problems``), with norms
as they were: no whole people at gates, nobody else who bears the need of a lockdown. "Goal" is what an audit of an
earlier state asked for; the demo has changed since (people who belong to groups of one or two count as one without
hours), so that the need missing before, told beside each figure, is not what it was for the audit.

The model before: a team goes as a whole or not at all, nobody is called out at home, people and ways cost nothing, all
persons missing count alike, lenders keep their whole need. It is today's with these choices.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
from demo_problems import demo_snapshot, empty_plan
from rich.console import Console
from rich.table import Table

from geo.coverage import Status
from geo.optimise import (
    OUTSIDE,
    CrewLimits,
    MoveReason,
    ProblemData,
    Proposal,
    ProposedMove,
    ShortageReason,
    WindowsProblem,
    propose,
    propose_windows,
)
from geo.schema import Layer
from geo.travel import Pairs
from services.coverage import NOBODY_SENT, find_short_parts, underserved
from services.demo import DemoSize
from services.planning import PlanSettings
from services.planning.propose import NEARLY_NOBODY, state_problem, weights_of
from services.rules.classes import LIKELY
from services.rules.norms import working_calendar
from services.rules.rest import people_at_rest, ways_to_serve
from services.rules.windows import HOUR, Mode, Window, split_by_day_part

BENCHMARKS: Final = Path(__file__).parents[2] / "docs" / "benchmarks.md"
ALIKE: Final = PlanSettings(is_rising=False, keeps_mean_share=False, person_price=0.0, minutes_per_person=0.0)
PRICED: Final = replace(ALIKE, person_price=0.1, minutes_per_person=300.0)
WINDOWS: Final = {
    "morning": Window(datetime(2026, 11, 27, 8), datetime(2026, 11, 27, 12)),
    "evening": Window(datetime(2026, 11, 26, 18), datetime(2026, 11, 26, 22)),
    "weekend": Window(datetime(2026, 11, 28, 8), datetime(2026, 11, 29, 22)),
    "Saturday": Window(datetime(2026, 11, 28, 8), datetime(2026, 11, 28, 12)),
}
FIVE_WINDOWS: Final = (
    Window(datetime(2026, 11, 26, 20), datetime(2026, 11, 27)),
    Window(datetime(2026, 11, 27, 0), datetime(2026, 11, 27, 6)),
    Window(datetime(2026, 11, 27, 8), datetime(2026, 11, 27, 12)),
    Window(datetime(2026, 11, 27, 14), datetime(2026, 11, 27, 18)),
    Window(datetime(2026, 11, 27, 18), datetime(2026, 11, 27, 22)),
)


@dataclass(frozen=True)
class Case:
    """A question, and what is to be told of its answer."""

    size: DemoSize
    mode: Mode
    when: str
    settings: PlanSettings
    goal: str
    tell: Callable[[ProblemData, Proposal], str]
    has_parts: bool = True
    """Teams may be split and called out at home."""
    least: float = 0.0
    seconds: float = 20.0

    def solve(self) -> tuple[ProblemData, Proposal]:
        window = WINDOWS[self.when]
        snapshot = demo_snapshot(self.size, self.mode, window, is_bare=True)
        problem = state_problem(snapshot, empty_plan(window, self.mode, self.settings))
        weights = replace(weights_of(self.settings), least=self.least)
        if not self.has_parts:
            problem = _whole_and_away(problem)
        return problem, propose(problem, weights, seconds=self.seconds)


def _whole_and_away(problem: ProblemData) -> ProblemData:
    """Return the problem in which teams go as a whole, and never where they live."""
    away = problem.teams.home[problem.reach.origin] != problem.reach.destination
    reach = Pairs(*(part[away] for part in (problem.reach.origin, problem.reach.destination, problem.reach.cost)))
    teams = replace(problem.teams, is_divisible=np.zeros(problem.teams.size.size, dtype=bool))
    return replace(problem, teams=teams, reach=reach)


def people(_problem: ProblemData, found: Proposal) -> str:
    return f"{found.persons:,.0f} people, {found.missing_before:,.0f} → {found.missing:,.1f} missing"


def people_and_ways(problem: ProblemData, found: Proposal) -> str:
    return f"{people(problem, found)}, {found.travel:,.0f} person-minutes"


def weak(problem: ProblemData, found: Proposal) -> str:
    return f"{found.missing_before:,.0f} → {found.missing:,.0f} missing, {count_short(problem, found):,} weak"


def bare(problem: ProblemData, found: Proposal) -> str:
    return f"{count_bare(problem, found)} grids below 10 %, {found.missing:,.0f} missing, {sent_teams(found)} teams"


def teams(_problem: ProblemData, found: Proposal) -> str:
    return f"{sent_teams(found)} teams, {found.missing_before:,.0f} → {found.missing:,.0f} missing"


def smallest(_problem: ProblemData, found: Proposal) -> str:
    closed = [move.gap_without - move.gap_with for move in found.moves]
    slow = max((move.minutes for move, gap in zip(found.moves, closed, strict=True) if gap < 1), default=0.0)
    return (
        f"{found.persons:,.0f} people, {found.missing:,.0f} missing; smallest move closes {min(closed):.2f}, "
        f"longest way for less than one {slow:.0f} min"
    )


def strangers(problem: ProblemData, found: Proposal) -> str:
    return f"{len(idle_at_home(problem, found))} grids"


def reasons(_problem: ProblemData, found: Proposal) -> str:
    stopped = sum(one.why is ShortageReason.SEARCH_STOPPED for one in found.open)
    return f"{len(found.open)} open, {stopped} of them because the search was stopped"


def proof(_problem: ProblemData, found: Proposal) -> str:
    return f"{found.seconds:.1f} s, {100 * found.cost.gap:.3f} % from the bound, {found.ended.value}"


def sent_teams(found: Proposal) -> int:
    return len({move.team for move in found.moves})


def count_short(problem: ProblemData, found: Proposal) -> int:
    """Return how many grids lack anybody after a plan, as the map counts them: a tenth of a person or more."""
    need = problem.grids.need
    return int(((need > 0) & (need - supply_after(problem, found) > 0.05)).sum())


def count_bare(problem: ProblemData, found: Proposal) -> int:
    need = problem.grids.need
    return int(((need > 0) & (supply_after(problem, found) < NEARLY_NOBODY * need)).sum())


def supply_after(problem: ProblemData, found: Proposal) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return supply_with(problem, found.moves)


def supply_with(problem: ProblemData, moves: Sequence[ProposedMove]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    supply, teams_of = problem.grids.supply.copy(), problem.teams
    for move in moves:
        supply[move.receiver] += problem.attendance * move.persons
        if move.giver != OUTSIDE:
            supply[move.giver] -= teams_of.leaving[move.team] / teams_of.size[move.team] * move.persons
    return supply


def idle_at_home(problem: ProblemData, found: Proposal) -> set[int]:
    """Return the grids to which strangers go while a team of their own, which would close as much, stays idle."""
    sent = {move.team for move in found.moves}
    own: dict[int, list[float]] = {}
    for team, (home, size, leaving, free) in enumerate(
        zip(
            *(
                part.tolist()
                for part in (problem.teams.home, problem.teams.size, problem.teams.leaving, problem.teams.free)
            ),
            strict=True,
        )
    ):
        if team not in sent and free >= size > 0:
            own.setdefault(home, []).append(problem.attendance * size - leaving)
    return {
        move.receiver
        for move in found.moves
        if move.why is not MoveReason.AT_HOME
        and any(
            min(gain, move.gap_without) >= move.gap_without - move.gap_with - 1e-6 and gain <= move.persons
            for gain in own.get(move.receiver, [])
        )
    }


def cases() -> Iterator[Case]:
    """Yield the questions in the order of the changes."""
    sub, district = DemoSize.SUBDISTRICT, DemoSize.DISTRICT
    routine, emergency, lockdown = Mode.ROUTINE, Mode.EMERGENCY, Mode.LOCKDOWN
    standard = PlanSettings()
    yield Case(district, emergency, "morning", ALIKE, "3,205; 1,649 before", weak, has_parts=False)
    yield Case(district, emergency, "morning", ALIKE, "≤ 2,520 missing, ≤ 1,155 weak", weak)
    yield Case(district, routine, "morning", ALIKE, "0 (65 before)", strangers)
    yield Case(sub, routine, "evening", ALIKE, "136 before", people, has_parts=False)
    yield Case(sub, routine, "evening", ALIKE, "≤ 60 people", people)
    yield Case(sub, routine, "morning", ALIKE, "≤ 145 people, 0 missing", people)
    yield Case(district, routine, "morning", ALIKE, "2,533; 112 before", people, has_parts=False)
    yield Case(district, routine, "morning", ALIKE, "≤ 1,310 people, ≤ 79 missing", people)
    yield Case(district, routine, "morning", PRICED, "≤ 1,010 people, ≤ 86 missing, ≤ 14,600", people_and_ways)
    yield Case(district, routine, "morning", PRICED, "no move below 0.5; nobody 26 min for 0.005", smallest, least=0.5)
    yield Case(sub, lockdown, "Saturday", replace(ALIKE, keeps_mean_share=True), "not empty", bare)
    rising = replace(ALIKE, keeps_mean_share=True, is_rising=True)
    yield Case(sub, lockdown, "Saturday", rising, "≤ 14 below 10 %, ≤ 5,706 missing", bare)
    yield Case(sub, lockdown, "Saturday", rising, "the same, whole teams, none at home", bare, has_parts=False)
    yield Case(district, emergency, "morning", standard, "more than 67 teams", teams, least=0.5)
    yield Case(district, routine, "morning", standard, "0 stopped", reasons, least=0.5)
    yield Case(district, routine, "morning", standard, "proven in ≤ 5 s", proof, least=0.5)
    yield Case(district, emergency, "weekend", standard, "proven in ≤ 10 s", proof, least=0.5)
    yield Case(district, emergency, "Saturday", standard, "proven in ≤ 10 s", proof, least=0.5)


def coverage_rows() -> Iterator[tuple[str, str, str]]:
    """Yield how many grids that are covered by the mean are unsure, what a mean over a weekend hides, and the order."""
    for size, mode, when, goal in (
        (DemoSize.SUBDISTRICT, Mode.EMERGENCY, "evening", "7 of 137"),
        (DemoSize.DISTRICT, Mode.ROUTINE, "morning", "709 of 1,191"),
    ):
        grids = demo_snapshot(size, mode, WINDOWS[when], is_bare=True).grids
        covered = grids[(grids["need"] > 0) & (grids["gap"] <= 0)]
        unsure = int((covered["chance"] < LIKELY).sum())
        yield (
            f"{size.value}, {mode.value}, {when}: covered, fewer come than needed in > 20 %",
            goal,
            f"{unsure} of {len(covered):,}",
        )
    snapshot = demo_snapshot(DemoSize.DISTRICT, Mode.EMERGENCY, WINDOWS["evening"], is_bare=True)
    ranked = underserved(snapshot.coverage_inputs, snapshot.grids, Layer.GRIDS)
    crumbs = (ranked["gap"] < 0.5).to_numpy().argmax()
    behind = int((ranked["supply"].to_numpy()[crumbs:] <= 0).sum()) if (ranked["gap"] < 0.5).any() else 0
    yield "district, emergency, evening: without anybody behind one short of < 0.5", "0 (40 before)", f"{behind} grids"
    weekend = WINDOWS["weekend"]
    snapshot = demo_snapshot(DemoSize.DISTRICT, Mode.EMERGENCY, weekend, is_bare=True)
    parts = split_by_day_part(weekend, working_calendar(snapshot.coverage_inputs.norms))
    short = find_short_parts(snapshot.coverage_inputs, Mode.EMERGENCY, parts, [NOBODY_SENT] * len(parts))
    by_mean = set(snapshot.grids.index[snapshot.grids["status"] == Status.WEAK])
    hidden = f"{len(by_mean):,}; {len(short):,}; {len(set(short.index) - by_mean):,}"
    yield "district, emergency, weekend: weak by the mean; in some part; hidden", "705; 887; 182", hidden


def cost_of_weights() -> Iterator[tuple[str, str, str]]:
    """Yield how many more persons are missing with rising weights than with weights alike, at best."""
    for share, floor in (("full floor", False), ("mean share", True)):
        worst = 0.0
        for mode, when in ((Mode.EMERGENCY, "morning"), (Mode.EMERGENCY, "evening"), (Mode.LOCKDOWN, "Saturday")):
            alike = replace(ALIKE, keeps_mean_share=floor)
            missing = [
                Case(DemoSize.SUBDISTRICT, mode, when, settings, "", people).solve()[1].missing
                for settings in (alike, replace(alike, is_rising=True))
            ]
            worst = max(worst, missing[1] / missing[0] - 1)
        yield (
            f"sub-district, 3 windows, {share}",
            "≤ 1 %" if not floor else "≤ 4 %",
            f"{100 * worst:.2f} % more missing",
        )


def windows_rows() -> Iterator[tuple[str, str, str]]:
    """Yield what five windows leave missing, planned one after the other and together, under the same rest."""
    for size, seconds in ((DemoSize.SUBDISTRICT, 10.0), (DemoSize.DISTRICT, 60.0)):
        problem = _five_windows(size)
        goal = "5,899" if size is DemoSize.SUBDISTRICT else "54,377"
        yield f"{size.value}, emergency, five windows, one after the other", goal, _in_turn(problem, seconds)
        goal = "≤ 4,600 in ≤ 10 s, nobody > 10 h" if size is DemoSize.SUBDISTRICT else "50,766 in 120 s"
        found = propose_windows(problem, weights_of(PlanSettings()), seconds=seconds)
        most = max(sum(problem.hours[nth] for nth in crew.windows) for crews in found.crews.values() for crew in crews)
        said = _hours_missing(problem, [answer.moves for answer in found.windows])
        travel = sum(answer.travel for answer in found.windows)
        yield (
            f"{size.value}, emergency, five windows together, {seconds:.0f} s",
            goal,
            (
                f"{said}, {travel:,.0f} person-minutes, at most {most:.0f} h; {found.seconds:.1f} s, "
                f"{100 * found.cost.gap:.1f} % from the bound, {found.ended.value}"
            ),
        )


def _five_windows(size: DemoSize) -> WindowsProblem:
    """Return what a proposal for the five windows asks; nobody is ordered yet."""
    snapshots = [demo_snapshot(size, Mode.EMERGENCY, window, is_bare=True) for window in FIVE_WINDOWS]
    crew_limits = [
        (position, float(people), choices)
        for position, team in enumerate(snapshots[0].teams.values())
        for choices, people in ways_to_serve([], team.size, FIVE_WINDOWS).items()
    ]
    return WindowsProblem(
        tuple(state_problem(each, empty_plan(each.window, each.mode)) for each in snapshots),
        tuple(window.length / HOUR for window in FIVE_WINDOWS),
        tuple(nth > 0 and FIVE_WINDOWS[nth - 1].end == each.start for nth, each in enumerate(FIVE_WINDOWS)),
        CrewLimits(*zip(*crew_limits, strict=True)),
    )


def _in_turn(problem: WindowsProblem, seconds: float) -> str:
    """Return what is missing when every window is planned with the rest that the windows before leave, as orders do."""
    served: dict[int, list[tuple[Window, int]]] = {}
    moves, travel = [], 0.0
    for window, one in zip(FIVE_WINDOWS, problem.problems, strict=True):
        resting = np.array([people_at_rest(served.get(team, []), window) for team in range(one.teams.size.size)])
        teams_left = replace(one.teams, free=np.maximum(one.teams.free - resting, 0))
        found = propose(replace(one, teams=teams_left), weights_of(PlanSettings()), seconds=seconds)
        for move in found.moves:
            served.setdefault(move.team, []).append((window, round(move.persons)))
        moves.append(found.moves)
        travel += found.travel
    return f"{_hours_missing(problem, moves)}, {travel:,.0f} person-minutes"


def _hours_missing(problem: WindowsProblem, moves: Sequence[Sequence[ProposedMove]]) -> str:
    """Return the person-hours missing, weighted by grid, before and after some moves of each window."""
    before = after = 0.0
    for one, hours, sent in zip(problem.problems, problem.hours, moves, strict=True):
        grids = one.grids
        supply = supply_with(one, sent)
        before += hours * float(grids.priority @ np.maximum(grids.need - grids.supply, 0))
        after += hours * float(grids.priority @ np.maximum(grids.need - supply, 0))
    return f"{before:,.0f} → {after:,.0f} weighted person-hours missing"


def main(*, write: bool) -> int:
    """Print a line for each question as it is answered, then the table."""
    console, rows = Console(width=200), []
    for case in cases():
        settings = "default" if case.settings == PlanSettings() else _name(case)
        what = f"{case.size.value}, {case.mode.value}, {case.when}, {settings}"
        rows.append((what, case.goal, case.tell(*case.solve())))
        console.print(" | ".join(rows[-1]), highlight=False)
    for row in cost_of_weights():
        rows.append(row)
        console.print(" | ".join(row), highlight=False)
    for row in windows_rows():
        rows.append(row)
        console.print(" | ".join(row), highlight=False)
    for row in coverage_rows():
        rows.append(row)
        console.print(" | ".join(row), highlight=False)
    load = f"{os.cpu_count()} cores; load {os.getloadavg()[2]:.1f} in the last 15 minutes."
    table = Table("question", "goal", "answer", title="Decisions")
    for row in rows:
        table.add_row(*row)
    console.print(table)
    console.print(load)
    if write:
        lines = ["| question | goal | answer |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]
        _write("\n".join([*lines, "", load]))
    return 0


def _name(case: Case) -> str:
    words = ["weights 1:2:3:4" if case.settings.is_rising else "weights alike"]
    words += ["prices"] if case.settings.person_price else []
    words += ["mean share kept"] if case.settings.keeps_mean_share else []
    words += [] if case.has_parts else ["whole teams, none at home"]
    return ", ".join(words)


def _write(table: str) -> None:
    """Put the table into the document, between its marks."""
    begin, end = "<!-- decisions -->", "<!-- /decisions -->"
    text = BENCHMARKS.read_text(encoding="utf-8")
    head, rest = text.split(begin)
    BENCHMARKS.write_text(f"{head}{begin}\n{table}\n{end}{rest.split(end)[1]}", encoding="utf-8")


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    sys.exit(main(write=asked.parse_args().write))
