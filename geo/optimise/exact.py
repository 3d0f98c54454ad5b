"""A part of the problem solved exactly, goal after goal: by groups wherever there are not too many, else by pairs."""

from dataclasses import replace
from typing import Final

import numpy as np

from geo.optimise.answer import Answer
from geo.optimise.forms import Form, form_by_groups, form_by_pairs
from geo.optimise.groups import list_groups
from geo.optimise.problem import Positions
from geo.optimise.solver import Clock, Model, minimise, relax, with_limit
from geo.optimise.terms import SAME, Terms

FIRST_GOAL_SHARE: Final = 0.6
"""Of the time for a part, so much goes to the unmet need at most."""
_SLACK: Final = 2 * SAME
"""What the first goal may lose to rounding while the second is pursued."""


def solve_part(terms: Terms, pairs: Positions, clock: Clock) -> Answer:
    """Return the lexicographic best choice among some pairs, all other teams staying where they are.

    First the unmet need, then the travel with that unmet need, then the number of teams: a tie is decided by adding
    less than a tenth of a person-minute in all for the teams.
    """
    if not pairs.size:
        return Answer(pairs, 0.0, is_unmet_proven=True, travel_bound=0.0, is_travel_proven=True)
    groups = list_groups(terms, pairs)
    form = form_by_pairs(terms, pairs) if groups is None else form_by_groups(terms, groups)
    first = minimise(form.model, form.unmet, clock, clock.left() * FIRST_GOAL_SHARE)
    bound = form.unmet_before + first.bound
    if first.values is None:
        return Answer(None, bound, is_unmet_proven=False, travel_bound=-np.inf, is_travel_proven=False)
    chosen = form.chosen(first.values)
    if not first.is_proven:
        return Answer(chosen, bound, is_unmet_proven=False, travel_bound=-np.inf, is_travel_proven=False)
    model = form.model if groups is None else _without_hopeless(form, first.value, clock)
    second = minimise(with_limit(model, form.unmet, first.value + _SLACK), form.travel, clock, clock.left())
    if second.values is not None:
        chosen = form.chosen(second.values)
    return Answer(chosen, bound, is_unmet_proven=True, travel_bound=second.bound, is_travel_proven=second.is_proven)


def _without_hopeless(form: Form, unmet: float, clock: Clock) -> Model:
    """Return the model without the groups that no choice with the least unmet need holds.

    A variable whose reduced cost is larger than optimum - relaxed optimum is 0 in every optimum (reduced cost fixing:
    Dantzig, Fulkerson & Johnson 1954).
    """
    relaxed = relax(form.model, form.unmet, clock, clock.left())
    if relaxed is None:
        return form.model
    is_hopeless = relaxed.costs > unmet - relaxed.value + _SLACK
    return replace(form.model, upper=np.where(is_hopeless, 0.0, form.model.upper))
