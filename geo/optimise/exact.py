"""A part of the problem solved exactly, goal after goal: by groups wherever there are not too many, else by pairs.

By groups, the relaxed choice says which groups can be in the best one at all (``geo.optimise.core``).
"""

from typing import Final

import numpy as np

from geo.arrays import Floats, Positions
from geo.optimise.arcs import SAME, Arcs, take
from geo.optimise.core import minimise_core, without
from geo.optimise.greedy import whole_groups
from geo.optimise.groups import Groups, list_groups, members_of
from geo.optimise.model import form_by_groups, form_by_pairs
from geo.optimise.problem import STAYS
from geo.optimise.solution import OnIncumbent, PartSolution, tell_nobody, unproven
from geo.optimise.solver import Deadline, minimise, relax, with_limit

FIRST_GOAL_SHARE: Final = 0.8
"""Of the time for a part, so much goes to the unmet need at most."""
_SLACK: Final = 2 * SAME
"""What the first goal may lose to rounding while the second is pursued."""


def solve_part(arcs: Arcs, pairs: Positions, clock: Deadline) -> PartSolution:
    """Return the lexicographic best choice among some pairs, all other teams staying where they are.

    First the unmet need, then the travel with that unmet need, then the number of teams: a tie is decided by adding
    less than a tenth of a person-minute in all for the teams.
    """
    if not pairs.size:
        return PartSolution(pairs, 0.0, is_unmet_proven=True, travel_bound=0.0, is_travel_proven=True)
    groups = list_groups(arcs, pairs)
    return solve_by_pairs(arcs, pairs, clock) if groups is None else solve_by_groups(arcs, groups, clock)


def solve_by_groups(arcs: Arcs, groups: Groups, clock: Deadline, tell: OnIncumbent = tell_nobody) -> PartSolution:
    """Return the lexicographic best choice among groups."""
    form = form_by_groups(arcs, groups)
    first_clock = clock.share(FIRST_GOAL_SHARE)
    relaxed = relax(form.model, form.unmet, first_clock, first_clock.left())
    if relaxed is None:
        return unproven(None, -np.inf)
    if tell is not tell_nobody:
        tell(_rounded(arcs, groups, relaxed.values), form.unmet_before + relaxed.value)
    first = minimise_core(form.model, form.unmet, first_clock, relaxed=relaxed)
    bound = form.unmet_before + first.best.bound
    if first.best.values is None:
        return unproven(None, bound)
    chosen = form.pairs_of(first.best.values)
    if not first.best.is_proven:
        return unproven(chosen, bound)
    tell(chosen, bound)
    model = with_limit(without(form.model, first.is_hopeless), form.unmet, first.best.value + _SLACK)
    second = minimise_core(model, form.travel, clock, known_values=first.best.values).best
    if second.values is not None:
        chosen = form.pairs_of(second.values)
    return PartSolution(
        chosen, bound, is_unmet_proven=True, travel_bound=second.bound, is_travel_proven=second.is_proven
    )


def solve_by_pairs(
    arcs: Arcs,
    pairs: Positions,
    clock: Deadline,
    tell: OnIncumbent = tell_nobody,
    *,
    first_share: float = FIRST_GOAL_SHARE,
) -> PartSolution:
    """Return the lexicographic best choice among at least one pair, the unmet need in ``first_share`` of the time."""
    form = form_by_pairs(arcs, pairs)
    first = minimise(form.model, form.unmet, clock, clock.left() * first_share)
    bound = form.unmet_before + first.bound
    if first.values is None:
        return unproven(None, bound)
    chosen = form.pairs_of(first.values)
    if not first.is_proven:
        return unproven(chosen, bound)
    tell(chosen, bound)
    model = with_limit(form.model, form.unmet, first.value + _SLACK)
    second = minimise_core(model, form.travel, clock, known_values=first.values, wider=np.inf).best
    if second.values is not None:
        chosen = form.pairs_of(second.values)
    return PartSolution(
        chosen, bound, is_unmet_proven=True, travel_bound=second.bound, is_travel_proven=second.is_proven
    )


def _rounded(arcs: Arcs, groups: Groups, shares: Floats) -> Positions:
    """Return the pairs of a plan near to the relaxed choice."""
    pairs = np.unique(groups.pair)
    part = take(arcs, pairs)
    choice = whole_groups(part, [tuple(np.searchsorted(pairs, group).tolist()) for group in members_of(groups)], shares)
    rounded: Positions = pairs[choice[choice != STAYS]]
    return rounded
