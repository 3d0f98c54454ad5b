"""HiGHS by way of ``scipy.optimize.milp``, stopped by the clock or by somebody's word.

``milp`` cannot be interrupted, but lets go of the interpreter while it runs: it runs in a thread of its own, the
caller asks every 20 ms whether to go on, and leaves it alone when not. A thread left alone ends at its time limit and
is heard by nobody. The interpreter waits for it when it exits: a solver that came back into an interpreter that is gone
would bring the process down. A child process could be killed at once, but would cost half a second to start for each
problem and must not be forked from a server with threads.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp
from scipy.sparse import csr_array, vstack

from geo.arrays import Floats

Answer = TypeVar("Answer")
_LOOK_S: Final = 0.02
_LATE_S: Final = 0.3
"""A solver is told to end a little before its time, and left alone when it overruns it by so many seconds."""
_OPTIMAL: Final = 0
_GAVE_UP: Final = 4


@dataclass(frozen=True, slots=True)
class Deadline:
    """When to stop: at an instant of ``time.perf_counter``, or when somebody says so."""

    until: float
    is_cancelled: Callable[[], bool]

    def left(self) -> float:
        """Return the seconds left, 0 when stopped."""
        return 0.0 if self.is_stopped() else max(self.until - time.perf_counter(), 0.0)

    def is_stopped(self) -> bool:
        """Tell whether somebody said stop, or the program is ending."""
        return self.is_cancelled() or not threading.main_thread().is_alive()

    def share(self, share: float) -> "Deadline":
        """Return a clock that stops when a share of the time left has passed."""
        return replace(self, until=self.until - (1 - share) * self.left())


@dataclass(frozen=True, slots=True)
class Model:
    """``low <= rows · x <= high`` with ``0 <= x <= upper``; where ``is_whole``, x is a whole number."""

    rows: csr_array
    low: Floats
    high: Floats
    upper: Floats
    is_whole: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Solution:
    """What came of a model."""

    values: Floats | None
    """Null where none was found in time, or there is none."""
    value: float
    """Of the goal, ``inf`` without values."""
    bound: float
    """No values have a lower goal; ``-inf`` where nothing was learnt."""
    is_proven: bool


@dataclass(frozen=True, slots=True)
class RelaxedSolution:
    """What came of a model without whole numbers."""

    value: float
    values: Floats
    costs: Floats
    """By how much a unit of each variable that is 0 raises the value at least; not below 0."""
    prices: Floats
    """By how much a unit more of each row's limit lowers the value at most; not below 0."""


NOTHING_LEARNT: Final = Solution(None, np.inf, -np.inf, is_proven=False)


def minimise(model: Model, goal: Floats, clock: Deadline, seconds: float, *, gap: float = 0.0) -> Solution:
    """Return the best values found within so many seconds, the clock permitting; ``gap`` is a share of the goal."""
    if not goal.size:
        return Solution(np.empty(0), value=0.0, bound=0.0, is_proven=True)
    if seconds <= 0:
        return NOTHING_LEARNT

    def solve() -> OptimizeResult:
        return _call(model, goal, max(seconds - _LATE_S, seconds / 2), gap)

    found = run_beside(solve, clock)
    return NOTHING_LEARNT if found is None else _read(found)


def relax(model: Model, goal: Floats, clock: Deadline, seconds: float) -> RelaxedSolution | None:
    """Return the optimum when nothing need be a whole number.

    For models whose rows have upper limits only; null where there was no time.
    """
    if seconds <= 0:
        return None
    bounds = np.column_stack([np.zeros(goal.size), model.upper])
    options = {"time_limit": seconds}

    def solve() -> OptimizeResult:
        return linprog(goal, A_ub=model.rows, b_ub=model.high, bounds=bounds, method="highs", options=options)

    found = run_beside(solve, clock)
    if found is None or found.status != _OPTIMAL:
        return None
    costs = np.maximum(np.asarray(found.lower.marginals, dtype=np.float64), 0.0)
    return RelaxedSolution(
        float(found.fun), found.x, costs, np.maximum(-np.asarray(found.ineqlin.marginals, dtype=np.float64), 0.0)
    )


def relaxed_value(model: Model, goal: Floats, clock: Deadline, seconds: float) -> float | None:
    """Return the least value of a goal when nothing need be a whole number; null where there was no time.

    By interior points: where many optima are alike the simplex may take ten times as long.
    """
    if seconds <= 0:
        return None
    is_equal = model.low == model.high
    above, below = ~is_equal & np.isfinite(model.high), ~is_equal & np.isfinite(model.low)

    def solve() -> OptimizeResult:
        return linprog(
            goal,
            A_eq=model.rows[is_equal],
            b_eq=model.high[is_equal],
            A_ub=vstack([model.rows[above], -model.rows[below]]),
            b_ub=np.concatenate([model.high[above], -model.low[below]]),
            bounds=np.column_stack([np.zeros(goal.size), model.upper]),
            method="highs-ipm",
            options={"time_limit": seconds},
        )

    found = run_beside(solve, clock)
    return None if found is None or found.status != _OPTIMAL else float(found.fun)


def _call(model: Model, goal: Floats, seconds: float, gap: float) -> OptimizeResult:
    """Return what HiGHS says; where it gives up for a fault of its own, what it says without presolve."""
    for presolve in (True, False):
        found = milp(
            goal,
            integrality=model.is_whole.astype(np.int8),
            bounds=Bounds(np.zeros(goal.size), model.upper),
            constraints=LinearConstraint(model.rows, model.low, model.high),
            options={"time_limit": seconds, "mip_rel_gap": gap, "presolve": presolve},
        )
        if found.status != _GAVE_UP:
            break
    return found


def run_beside(
    solve: Callable[[], Answer], clock: Deadline, meanwhile: Callable[[], bool] = lambda: False
) -> Answer | None:
    """Return what a call returns that runs in a thread of its own, null when the clock says stop before it does.

    ``meanwhile`` is called again and again beside it, in the calling thread; it says whether it had anything to do.
    """
    result: Future[Answer] = Future()

    def run() -> None:
        try:
            result.set_result(solve())
        except Exception as error:  # noqa: BLE001 - a thread's error is raised where its result is asked for
            result.set_exception(error)

    thread = threading.Thread(target=run, name="milp", daemon=False)
    thread.start()
    while thread.is_alive() and not clock.is_stopped() and time.perf_counter() < clock.until + _LATE_S:
        if not meanwhile():
            thread.join(_LOOK_S)
    return result.result() if result.done() else None


def _read(found: OptimizeResult) -> Solution:
    bound = getattr(found, "mip_dual_bound", None)
    return Solution(
        values=found.x,
        value=np.inf if found.fun is None else float(found.fun),
        bound=-np.inf if bound is None else float(bound),
        is_proven=found.status == _OPTIMAL,
    )
