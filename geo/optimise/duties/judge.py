"""What a roster is worth, worked out from its duties alone: the model must come to the same (``model``).

Goal: as many seats as possible, each by its weight; then few changes to what people know, loads shared out (least
squares), willing people, and people near home. One weighted sum in thousands, hundreds, tens and units.
"""

from dataclasses import dataclass
from math import ceil
from typing import Final

import numpy as np

from geo.arrays import Floats, Ints
from geo.optimise.duties.problem import WEEK_DAYS, Duties, RosterProblem, SeatData

SEAT: Final = 1000.0
"""What an open seat of weight 1 counts at least."""
CHANGE: Final = 100.0
LOAD: Final = 10.0
"""What the square of a load counts."""
AWAY: Final = 1.0
"""What a duty outside the home zone counts."""


@dataclass(frozen=True, slots=True)
class RosterCost:
    """How good a roster is."""

    filled: Ints
    """Seats, shape (k, z, t)."""
    weight: float
    """Of the seats that are filled."""
    changes: int
    """Duties published that are not kept."""
    squares: float
    """Σ (load before + load)² - (load before)²."""
    reluctance: float
    away: int
    """Duties outside the home zone."""
    cost: float
    """Of the open seats, and of all the above."""


def judge(problem: RosterProblem, duties: Duties) -> RosterCost:
    """Return what duties are worth, pinned ones among them; whether they keep the rules is not looked at."""
    members, seats = problem.members, problem.seats
    filled = fill(seats, heads_at(problem, duties))
    weight, every = float((filled * seats.weight).sum()), float((seats.count * seats.weight).sum())
    kept = np.zeros(members.free.shape, np.bool_)
    kept[duties.member, duties.slot] = True
    changes = int((~kept[problem.published.member, problem.published.slot]).sum())
    load = loads(problem, duties)
    squares = float((load * (load + 2 * members.before)).sum())
    reluctance = float(members.reluctance[duties.member, duties.slot].sum())
    away = int(((duties.zone >= 0) & (duties.zone != members.home[duties.member])).sum())
    cost = seat_price(problem) * (every - weight) + CHANGE * changes + LOAD * squares + reluctance + AWAY * away
    return RosterCost(filled, weight, changes, squares, reluctance, away, cost)


def seat_price(problem: RosterProblem) -> float:
    """Return what a seat of weight 1 counts: more than any one duty can, so that no seat stays open for its price."""
    members, seats = problem.members, problem.seats
    load = float(problem.slots.load.max(initial=1))
    highest = float(members.before.max(initial=0.0)) + load * most_duties(problem)
    dearest = LOAD * 2 * load * highest + float(members.reluctance.max(initial=0.0)) + AWAY
    return max(SEAT, ceil(dearest / float(seats.weight[seats.count > 0].min(initial=np.inf))))


def most_duties(problem: RosterProblem) -> int:
    """Return how many duties anybody can have."""
    days = np.unique(problem.slots.day)
    span = days[-1] - days[0] + 1 if days.size else 0
    return min(ceil(span / WEEK_DAYS) * problem.caps.week, days.size * problem.caps.day)


def heads_at(problem: RosterProblem, duties: Duties) -> Ints:
    """Return how many stand in seats by the skill asked for, zone and slot, shape (skills, z, t)."""
    heads = np.zeros((problem.skills, *problem.seats.count.shape[1:]), np.int64)
    here = duties.zone >= 0
    np.add.at(heads, (duties.skill[here], duties.zone[here], duties.slot[here]), 1)
    return heads


def loads(problem: RosterProblem, duties: Duties) -> Floats:
    """Return what each member bears of the roster, shape (m,)."""
    return np.bincount(duties.member, problem.slots.load[duties.slot], problem.members.home.size).astype(np.float64)


def fill(seats: SeatData, heads: Ints) -> Ints:
    """Return how many seats of each kind so many people fill, those that count most first; shape (k, z, t)."""
    filled = np.zeros_like(seats.count)
    for skill in np.unique(seats.skill):
        kinds = seats.skill == skill
        count = seats.count[kinds]
        order = np.argsort(-seats.weight[kinds], axis=0, kind="stable")
        wide = np.take_along_axis(count, order, axis=0)
        taken = np.clip(heads[skill][None] - (np.cumsum(wide, axis=0) - wide), 0, wide)
        ranked = np.zeros_like(count)
        np.put_along_axis(ranked, order, taken, axis=0)
        filled[kinds] = ranked
    return filled
