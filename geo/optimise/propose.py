"""The question and its answer: how many people of which team to send where, how good that is, and what stays open.

Goal: the least cost, that is persons missing, weighted by grid (priority) and by the share of the need that is missing
(``geo.optimise.weights``), a price for everybody who is sent, and one for every minute of theirs on foot. A grid's
missing persons are max(0, need - supply after the plan).

Subject to: a team goes within reach and with the skills the grid asks for, as a whole to one grid or, where it may be
split, in parts; a grid lends no more than its supply above its floor, people who only arrive by the plan not counted;
pinned moves stay. Of those sent the ``attendance`` comes; their home loses what it counted of them (``leaving``). A
team may be called out at its home, where it adds its attendance less what was counted.

This package reads the clock of the process, and only to stop in time.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from geo.optimise.arcs import judge, make_arcs, nobody_sent, without_crumbs
from geo.optimise.explain import OpenGrid, ProposedMove, explain
from geo.optimise.problem import ProblemData
from geo.optimise.search import Progress, search
from geo.optimise.solver import Deadline
from geo.optimise.weights import Weights

DEFAULT_SECONDS: Final = 20.0
DEFAULT_WEIGHTS: Final = Weights()
EXPLAINED: Final = 3.0
"""Explaining an answer takes up to so many times as long as stating the question."""


class StopReason(StrEnum):
    """Why the search ended."""

    PROVEN = "proven"
    """No plan is better, by more than a ten thousandth."""
    TIME_LIMIT = "time_limit"
    CANCELLED = "cancelled"
    NOTHING_TO_DO = "nothing_to_do"
    """Nobody is missing, or no team may go where somebody is: the plan holds the pinned moves only."""


@dataclass(frozen=True, slots=True)
class Goal:
    """How far the goal was reached, in weighted persons."""

    value: float
    bound: float
    """No plan has a lower value; 0 where nothing is known."""
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
    before: float
    """The cost with the pinned moves only."""
    cost: Goal
    missing_before: float
    """Persons missing with the pinned moves only, each counted once."""
    missing: float
    """Persons missing with the plan."""
    persons: float
    """Who are sent, pinned moves not counted."""
    travel: float
    """Person-minutes of the moves that are not pinned."""
    ended: StopReason
    trace: tuple[Progress, ...]
    """When the plan or the bound became better."""
    seconds: float

    @property
    def is_proven(self) -> bool:
        """Whether no plan is better."""
        return self.cost.is_proven


def propose(
    problem: ProblemData,
    weights: Weights = DEFAULT_WEIGHTS,
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
    weights
        What counts against a plan.
    seconds
        At least 0; half a second later at the latest the answer is there, but for the plan made in one pass.
    is_cancelled
        Asked often, also from inside the solver's wait.
    report
        Told of every step, in the calling thread.

    Returns
    -------
    The same problem gives the same plan where it is proven; where the time ran out, the plan depends on how fast the
    machine was. Moves that would close less than ``weights.least`` are taken out of the best plan.

    Examples
    --------
    One grid lacks 6, a neighbour has 8 more than it needs and a team of 5:

    >>> import numpy as np
    >>> from geo.travel import Pairs
    >>> from geo.optimise.problem import make_grids, make_teams, make_problem
    >>> reach = Pairs(np.array([0]), np.array([1]), np.array([14.0]))
    >>> found = propose(make_problem(make_grids([2, 10], [10, 4]), make_teams([0], [5]), reach))
    >>> [(move.team, move.receiver, move.gap_without, move.gap_with, move.giver_surplus) for move in found.moves]
    [(0, 1, 6.0, 1.0, 3.0)]
    >>> found.missing, found.travel, found.is_proven
    (1.0, 70.0, True)
    """
    started = time.perf_counter()
    arcs = make_arcs(problem, weights)
    stated = time.perf_counter() - started
    clock = Deadline(started + seconds - EXPLAINED * stated, is_cancelled)
    found = search(arcs, clock, report)
    sending = without_crumbs(arcs, found.sending)
    moves, open_grids = explain(problem, weights, arcs, sending, is_best=found.is_proven)
    worth, before = judge(arcs, sending), judge(arcs, nobody_sent(arcs))
    return Proposal(
        moves=moves,
        open=open_grids,
        before=before.cost,
        cost=Goal(worth.cost, worth.cost if found.is_proven else found.bound, found.is_proven),
        missing_before=before.missing,
        missing=worth.missing,
        persons=worth.persons,
        travel=worth.travel,
        ended=_ended(arcs.team.size, is_best=found.is_proven, is_cancelled=is_cancelled()),
        trace=found.trace,
        seconds=time.perf_counter() - started,
    )


def _ended(pairs: int, *, is_best: bool, is_cancelled: bool) -> StopReason:
    if not pairs:
        return StopReason.NOTHING_TO_DO
    if is_best:
        return StopReason.PROVEN
    return StopReason.CANCELLED if is_cancelled else StopReason.TIME_LIMIT
