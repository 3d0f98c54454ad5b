"""The question and its answer: how many people of which team to send where, how good that is, and what stays open.

Goal: the least cost, that is persons missing, weighted by grid (priority) and by the share of the need that is missing
(``geo.optimise.weights``), a price for everybody who is sent, and one for every minute of theirs on foot. A grid's
missing persons are max(0, need - supply after the plan).

Subject to: a team goes within reach and with the skills the grid asks for, as a whole to one grid or, where it may be
split, in parts; a grid lends no more than its supply above its floor, people who only arrive by the plan not counted;
pinned moves stay. Of those sent the ``attendance`` comes; their home loses what it counted of them (``leaving``). A
team may be called out at its home, where it adds its attendance less what was counted.

Over several windows the costs are added up, each by its hours; whoever stays at a grid from one window to the next has
no way to go, and nobody serves in more windows than the limits allow.

This package reads the clock of the process, and only to stop in time.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from geo.arrays import Floats
from geo.optimise.arcs import Arcs, Sending, judge, judge_missing, make_arcs, nobody_sent
from geo.optimise.crews import NO_LIMITS, Crew, CrewLimits
from geo.optimise.explain import OpenGrid, ProposedMove, explain
from geo.optimise.problem import ProblemData
from geo.optimise.search import Progress, search
from geo.optimise.solver import Deadline
from geo.optimise.tours import (
    Tours,
    crews_of,
    free_in,
    judge_tours,
    make_tours,
    nobody_serves,
    sending_in,
    without_crumbs,
)
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


@dataclass(frozen=True, slots=True)
class WindowsProblem:
    """What is asked of several windows, in their order in time: each about the same grids and the same teams."""

    problems: tuple[ProblemData, ...]
    hours: tuple[float, ...]
    """By which the cost of each window counts."""
    follows: tuple[bool, ...]
    """Whether a window begins when the one before it ends."""
    crew_limits: CrewLimits
    """Of every team that may be sent in any of them."""

    @property
    def scales(self) -> Floats:
        """By what each window's cost is multiplied: its hours against the mean of all, so that one window counts 1."""
        hours = np.asarray(self.hours)
        return np.asarray(hours / hours.mean())


@dataclass(frozen=True, slots=True)
class WindowsProposal:
    """A plan over several windows and what is known about it."""

    windows: tuple[Proposal, ...]
    """What it does in each; a bound is known of all together only."""
    before: float
    """The cost with the pinned moves only: the mean over the windows' hours, times the number of windows."""
    cost: Goal
    crews: Mapping[int, Sequence[Crew]]
    """Who of each team serves when, in units of the team: persons, or the whole team."""
    ended: StopReason
    trace: tuple[Progress, ...]
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
    whole = propose_windows(
        WindowsProblem((problem,), (1.0,), (False,), NO_LIMITS),
        weights,
        seconds=seconds,
        is_cancelled=is_cancelled,
        report=report,
    )
    return replace(whole.windows[0], cost=whole.cost)


def propose_windows(
    problem: WindowsProblem,
    weights: Weights = DEFAULT_WEIGHTS,
    *,
    seconds: float = DEFAULT_SECONDS,
    is_cancelled: Callable[[], bool] = lambda: False,
    report: Callable[[Progress], None] = lambda _: None,
) -> WindowsProposal:
    """Return the best plan over several windows found in so many seconds; all else as ``propose`` has it."""
    started = time.perf_counter()
    scales = problem.scales
    arcs = [make_arcs(one, weights.scaled(by)) for one, by in zip(problem.problems, scales, strict=True)]
    tours = make_tours(arcs, problem.follows, problem.crew_limits)
    stated = time.perf_counter() - started
    clock = Deadline(started + seconds - EXPLAINED * stated, is_cancelled)
    found = search(tours, clock, report)
    sending = without_crumbs(tours, found.sending)
    ended = _ended(tours.team.size, is_best=found.is_proven, is_cancelled=is_cancelled())
    crews = crews_of(tours, sending)
    answers = tuple(
        replace(
            _of_window(problem, weights, tours, sending, crews, nth, is_best=found.is_proven),
            ended=ended,
            trace=found.trace,
        )
        for nth in range(len(arcs))
    )
    worth = judge_tours(tours, sending).cost
    seconds_taken = time.perf_counter() - started
    return WindowsProposal(
        windows=tuple(replace(one, seconds=seconds_taken) for one in answers),
        before=judge_tours(tours, nobody_serves(tours)).cost,
        cost=Goal(worth, worth if found.is_proven else found.bound, found.is_proven),
        crews=crews,
        ended=ended,
        trace=found.trace,
        seconds=seconds_taken,
    )


def _of_window(
    problem: WindowsProblem,
    weights: Weights,
    tours: Tours,
    sending: Sending,
    crews: Mapping[int, Sequence[Crew]],
    nth: int,
    *,
    is_best: bool,
) -> Proposal:
    """Return what a plan does in one of its windows, its costs by the weights of that window alone."""
    scale, one = problem.scales[nth], problem.problems[nth]
    arcs = replace(tours.windows[nth], free=free_in(tours, sending, crews, nth))
    along, walking = sending_in(tours, sending, nth), _walking(tours, sending, nth)
    moves, open_grids = explain(one, weights.scaled(scale), arcs, along, walking, is_best=is_best)
    hurt, missing = judge_missing(arcs, along)
    parts = float(tours.part[(tours.first == nth) & (sending > 0)].sum())
    cost = (hurt + parts + float(arcs.price @ along) - float(arcs.way @ (along - walking))) / scale
    before = judge(arcs, nobody_sent(arcs))
    return Proposal(
        moves=moves,
        open=open_grids,
        before=before.cost / scale,
        cost=Goal(cost, cost if is_best else 0.0, is_best),
        missing_before=before.missing,
        missing=missing,
        persons=float(along.sum()),
        travel=float(arcs.minutes @ walking),
        ended=StopReason.PROVEN,
        trace=(),
        seconds=0.0,
    )


def _walking(tours: Tours, sending: Sending, nth: int) -> Sending:
    """Return who along each pair of a window was not there before, shape (pairs,)."""
    arcs: Arcs = tours.windows[nth]
    begins = np.where(tours.first == nth, sending, 0.0)
    return np.where(arcs.stays, 0.0, sending_in(tours, begins, nth))


def _ended(pairs: int, *, is_best: bool, is_cancelled: bool) -> StopReason:
    if not pairs:
        return StopReason.NOTHING_TO_DO
    if is_best:
        return StopReason.PROVEN
    return StopReason.CANCELLED if is_cancelled else StopReason.TIME_LIMIT
