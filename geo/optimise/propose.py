"""The question and its answer: which teams to send where, how good that is, and what stays open.

Goals, one after the other: (1) the least unmet need, priority × persons, over all grids; (2) the least travel,
person-minutes; (3) the fewest teams. A grid's unmet need is max(0, need - supply after the plan).

Subject to: a team goes to one grid at most, as a whole, within reach and with the skills the grid asks for; a grid
lends no more than its supply above its floor, people who only arrive by the plan not counted; pinned moves stay. A team
arrives with its size; its home loses what it counted on (``leaving``), which may be less.

This package reads the clock of the process, and only to stop in time.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from geo.arrays import Positions
from geo.optimise.arcs import judge, make_arcs, nobody_sent
from geo.optimise.explain import OpenGrid, ProposedMove, explain_moves, explain_open
from geo.optimise.problem import STAYS, ProblemData
from geo.optimise.search import Incumbent, Progress, search
from geo.optimise.solver import Deadline

DEFAULT_SECONDS = 20.0


class StopReason(StrEnum):
    """Why the search ended."""

    PROVEN = "proven"
    """No plan is better."""
    TIME_LIMIT = "time_limit"
    CANCELLED = "cancelled"
    NOTHING_TO_DO = "nothing_to_do"
    """Nobody is missing, or no team may go where somebody is: the plan holds the pinned moves only."""


@dataclass(frozen=True, slots=True)
class Goal:
    """How far one goal was reached."""

    value: float
    bound: float
    """No plan that is as good by the goals before has a lower value; 0 where nothing is known."""
    is_proven: bool

    @property
    def gap(self) -> float:
        """(value - bound) ÷ value, 0 where both are 0; the largest share by which a better plan could be better."""
        return (self.value - self.bound) / self.value if self.value > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan and what is known about it; positions are those of the problem."""

    moves: tuple[ProposedMove, ...]
    open: tuple[OpenGrid, ...]
    unmet_before: float
    """Priority × persons missing with the pinned moves only."""
    unmet: Goal
    travel: Goal
    """Person-minutes of the moves that are not pinned."""
    teams: int
    """Teams sent, pinned ones not counted."""
    ended: StopReason
    trace: tuple[Progress, ...]
    """When the plan or the bound became better."""
    seconds: float

    @property
    def is_proven(self) -> bool:
        """Whether no plan leaves less unmet, and none as good travels less."""
        return self.unmet.is_proven and self.travel.is_proven


def propose(
    problem: ProblemData,
    *,
    seconds: float = DEFAULT_SECONDS,
    is_cancelled: Callable[[], bool] = lambda: False,
    report: Callable[[Progress], None] = lambda _: None,
) -> Proposal:
    """Return the best plan found in so many seconds.

    A plan made in one pass is found first and is the answer when there is no time for more. Cancelling takes
    effect within about 50 ms once that plan is there; the best plan so far is returned.

    Parameters
    ----------
    problem
        From ``make_problem``.
    seconds
        At least 0. The plan made in one pass is finished even if it takes longer (0.5 s for 20,000 grids and 1,000
        teams, several seconds for 10,000 teams).
    is_cancelled
        Asked often, also from inside the solver's wait.
    report
        Told of every step, in the calling thread.

    Returns
    -------
    The same problem gives the same plan where it is proven; where the time ran out, the plan depends on how fast the
    machine was.

    Examples
    --------
    One grid lacks 6, a neighbour has 8 more than it needs and a team of 5:

    >>> from geo.travel import Pairs
    >>> from geo.optimise.problem import make_grids, make_teams, make_problem
    >>> reach = Pairs(np.array([0]), np.array([1]), np.array([14.0]))
    >>> found = propose(make_problem(make_grids([2, 10], [10, 4]), make_teams([0], [5]), reach))
    >>> [(move.team, move.receiver, move.gap_without, move.gap_with, move.giver_surplus) for move in found.moves]
    [(0, 1, 6.0, 1.0, 3.0)]
    >>> found.unmet.value, found.travel.value, found.is_proven
    (1.0, 70.0, True)
    """
    started = time.perf_counter()
    clock = Deadline(started + seconds, is_cancelled)
    arcs = make_arcs(problem)
    found = search(arcs, clock, report)
    target = targets(found, problem.teams.size.size)
    best = found.is_unmet_proven and found.is_travel_proven
    return Proposal(
        moves=explain_moves(problem, target),
        open=explain_open(problem, target, is_best=found.is_unmet_proven),
        unmet_before=judge(arcs, nobody_sent(arcs)).unmet,
        unmet=Goal(found.objective.unmet, found.unmet_bound, found.is_unmet_proven),
        travel=Goal(found.objective.travel, found.travel_bound, found.is_travel_proven),
        teams=found.objective.teams,
        ended=_ended(arcs.team.size, is_best=best, is_cancelled=is_cancelled()),
        trace=found.trace,
        seconds=time.perf_counter() - started,
    )


def targets(incumbent: Incumbent, many: int) -> Positions:
    """Return the grid of each team, ``STAYS`` where it is not sent, shape (m,)."""
    target = np.full(many, STAYS, dtype=np.intp)
    sent = incumbent.choice != STAYS
    target[sent] = incumbent.arcs.grid[incumbent.choice[sent]]
    return target


def _ended(pairs: int, *, is_best: bool, is_cancelled: bool) -> StopReason:
    if not pairs:
        return StopReason.NOTHING_TO_DO
    if is_best:
        return StopReason.PROVEN
    return StopReason.CANCELLED if is_cancelled else StopReason.TIME_LIMIT
