"""The best whole-number values, found among few variables: those that look best when nothing need be whole.

A variable whose reduced cost is larger than optimum - relaxed optimum is 0 in every optimum (reduced cost fixing:
Dantzig, Fulkerson & Johnson 1954). The optimum is not known beforehand, so a small difference is supposed, the few
variables within it are solved (the core: Balas & Zemel 1980), and more are taken in until the optimum found lies
within what was supposed: then it is the optimum of all. On the demo's district 95,000 groups shrink to 26,000, which
takes seconds where all of them at once take more than a minute.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from geo.arrays import Flags, Floats
from geo.optimise.arcs import SAME
from geo.optimise.solver import Deadline, Model, RelaxedSolution, Solution, minimise, relax

FIRST_SHARE: Final = 0.0003
"""Of the relaxed optimum, supposed to be the difference at first."""
WIDER: Final = 4.0
"""Times as much is supposed in each step, unless the best values found say that less will do."""
_WHOLE: Final = 1e-7


@dataclass(frozen=True, slots=True)
class CoreSolution:
    """The best values found."""

    best: Solution
    is_hopeless: Flags
    """Variables that are 0 in whatever is as good as the best values, or better; shape as the values."""


def minimise_core(
    model: Model,
    goal: Floats,
    clock: Deadline,
    *,
    relaxed: RelaxedSolution | None = None,
    known_values: Floats | None = None,
    wider: float = WIDER,
) -> CoreSolution:
    """Return the best values of a model found before the clock says stop.

    Parameters
    ----------
    model
        Its rows have upper limits only.
    goal
        What to make small.
    clock
        When to stop.
    relaxed
        The relaxed optimum of the same goal, where it is known.
    known_values
        Values that keep the rows: never forgotten, and what they use is taken in from the start.
    wider
        Times as much is supposed in each step; ``inf`` where the relaxation is too far off for small steps.

    Examples
    --------
    Two of three things of weight 2, 3 and 4 fit below 5:

    >>> import time
    >>> from scipy.sparse import csr_array
    >>> model = Model(
    ...     csr_array(np.array([[2.0, 3.0, 4.0]])), np.array([-np.inf]), np.array([5.0]), np.ones(3), np.ones(3, bool)
    ... )
    >>> found = minimise_core(model, np.array([-3.0, -4.0, -6.0]), Deadline(time.perf_counter() + 9, lambda: False))
    >>> found.best.values.tolist(), found.best.value, found.best.is_proven
    ([1.0, 1.0, 0.0], -7.0, True)
    """
    relaxed = relax(model, goal, clock, clock.left()) if relaxed is None else relaxed
    if relaxed is None:
        return CoreSolution(_known(known_values, goal, -np.inf), np.zeros(goal.size, dtype=np.bool_))
    best = _known(known_values, goal, relaxed.value)
    values = np.where(model.is_whole, np.round(relaxed.values), relaxed.values)
    if (np.abs(values - relaxed.values) <= _WHOLE).all():
        best = Solution(values, float(goal @ values), relaxed.value, is_proven=True)
    near = min(FIRST_SHARE * abs(relaxed.value), best.value - relaxed.value) + SAME
    while not best.is_proven and clock.left() > 0:
        taken = (relaxed.costs <= near) & (model.upper > 0) | ~model.is_whole
        if best.values is not None:
            taken |= best.values > 0.5
        is_all = bool(taken[model.upper > 0].all())
        best = _better(best, _solve(model, goal, clock, taken), np.inf if is_all else relaxed.value + near)
        if is_all:
            break
        near = min(wider * near, best.value - relaxed.value + SAME)
    return CoreSolution(best, np.asarray(relaxed.costs > best.value - relaxed.value + 2 * SAME))


def without(model: Model, left_out: Flags) -> Model:
    """Return the model in which some variables are 0."""
    return replace(model, upper=np.where(left_out, 0.0, model.upper))


def _known(values: Floats | None, goal: Floats, bound: float) -> Solution:
    return Solution(values, np.inf if values is None else float(goal @ values), bound, is_proven=False)


def _solve(model: Model, goal: Floats, clock: Deadline, taken: Flags) -> Solution:
    """Return the best values when all variables but the taken ones are 0."""
    which = np.flatnonzero(taken)
    small = replace(model, rows=model.rows[:, which], upper=model.upper[which], is_whole=model.is_whole[which])
    found = minimise(small, goal[which], clock, clock.left())
    if found.values is None:
        return found
    values = np.zeros(goal.size)
    values[which] = found.values
    return replace(found, values=values)


def _better(best: Solution, found: Solution, supposed: float) -> Solution:
    """Return what is known after a core was solved; no values outside the core are better than ``supposed``."""
    is_better = found.values is not None and found.value < best.value
    values, value = (found.values, found.value) if is_better else (best.values, best.value)
    is_proven = found.is_proven and value <= supposed + SAME
    bound = value if is_proven else max(best.bound, min(found.bound, supposed))
    return Solution(values, value, bound, is_proven)
