"""What a plan would change: coverage before and after, for giver and receiver, without anything being written.

A plan is here what moves of persons between zones it comes to in one window; teams, windows and rules are
``services.rules.planning``.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from geo.arrays import Floats, Positions
from geo.coverage import Coverage, Status, compare_need_and_supply
from geo.errors import ShapeMismatchError

NOWHERE: Final = -1
"""The giver of people whom no zone lends, and the receiver of people who only leave."""


@dataclass(frozen=True, slots=True)
class Flows:
    """Persons who go from zone to zone, ``k`` moves, each of shape (k,); ``flows_of`` makes them."""

    giver: Positions
    """``NOWHERE`` where no zone lends them."""
    receiver: Positions
    persons: Floats
    """Who go. A part of a team counts as its persons, a move for half the window as half of them."""
    arriving: Floats
    """Of those, who are expected to come."""
    leaving: Floats
    """What the supply of the giver loses: less than ``persons`` where it does not count on everybody at all times."""
    minutes: Floats
    """NaN where not known."""


@dataclass(frozen=True, slots=True)
class CoverageChange:
    """Coverage before and after a plan."""

    before: Coverage
    after: Coverage
    arriving: Floats
    """Persons, shape (n,)."""
    leaving: Floats
    zones: Positions
    """Zones that send or receive, ascending."""


@dataclass(frozen=True, slots=True)
class ZoneEffect:
    """One zone before and after a move. Gap and surplus are NaN where nobody is needed or nothing is known."""

    need: float
    supply_before: float
    supply_after: float
    gap_before: float
    gap_after: float
    surplus_before: float
    surplus_after: float


@dataclass(frozen=True, slots=True)
class MoveEffect:
    """What one more move does at both ends; null where that end is ``NOWHERE``."""

    giver: ZoneEffect | None
    receiver: ZoneEffect | None
    gap_change: float
    """Of all zones together, in persons; below 0 is better."""


@dataclass(frozen=True, slots=True)
class Totals:
    """A plan in five figures, to be compared side by side."""

    unmet: float
    """Sum of the gaps, in persons."""
    weighted_unmet: float
    """Sum of priority × gap."""
    travel: float
    """Person-minutes of the moves whose time is known."""
    moves: int
    weak: int
    """Zones below their need."""
    worst: int
    """Zone with the lowest coverage ratio, the first of equal ones; ``NOWHERE`` where none has a ratio."""
    worst_ratio: float
    """NaN where none has a ratio."""


def flows_of(
    giver: ArrayLike,
    receiver: ArrayLike,
    persons: ArrayLike,
    minutes: ArrayLike | None = None,
    *,
    leaving: ArrayLike | None = None,
    attendance: float = 1.0,
) -> Flows:
    """Return the moves as arrays; by default the giver loses as many as go. Of those who go the ``attendance`` comes.

    Raises
    ------
    ShapeMismatchError
        When the lengths differ.
    """
    one, other = np.asarray(giver, dtype=np.intp), np.asarray(receiver, dtype=np.intp)
    many = np.asarray(persons, dtype=np.float64)
    time = np.full(many.size, np.nan) if minutes is None else np.asarray(minutes, dtype=np.float64)
    lost = many if leaving is None else np.asarray(leaving, dtype=np.float64)
    if not one.size == other.size == many.size == time.size == lost.size:
        raise ShapeMismatchError(
            giver=one.size, receiver=other.size, persons=many.size, minutes=time.size, leaving=lost.size
        )
    return Flows(one, other, many, attendance * many, lost, time)


def sum_flows(flows: Flows, count: int) -> tuple[Floats, Floats]:
    """Return the persons who arrive in and whom each of ``count`` zones loses, each of shape (count,).

    Examples
    --------
    >>> arriving, leaving = sum_flows(flows_of([0, -1], [2, 2], [5, 3]), 3)
    >>> arriving.tolist(), leaving.tolist()
    ([0.0, 0.0, 8.0], [5.0, 0.0, 0.0])
    """
    return _sum_at(flows.receiver, flows.arriving, count), _sum_at(flows.giver, flows.leaving, count)


def compare(need: ArrayLike, supply: ArrayLike, flows: Flows) -> CoverageChange:
    """Return the coverage before and after the moves.

    Parameters
    ----------
    need
        Persons, shape (n,), NaN where nothing is known (``geo.coverage``).
    supply
        Persons before the plan, shape (n,).
    flows
        Positions are those of need and supply.

    Examples
    --------
    >>> change = compare([2, 10], [10, 4], flows_of([0], [1], [5]))
    >>> change.after.gap.tolist(), change.after.surplus.tolist()
    ([0.0, 1.0], [3.0, 0.0])
    """
    there = np.asarray(supply, dtype=np.float64)
    arriving, leaving = sum_flows(flows, there.size)
    ends = np.concatenate([flows.giver, flows.receiver])
    return CoverageChange(
        compare_need_and_supply(need, there),
        compare_need_and_supply(need, there + arriving - leaving),
        arriving,
        leaving,
        np.unique(ends[ends != NOWHERE]),
    )


def effect_of_move(
    need: Floats, supply: Floats, giver: int, receiver: int, persons: float, *, leaving: float | None = None
) -> MoveEffect:
    """Return what one more move would do at both ends, from need and supply as they stand now, shape (n,) each.

    ``persons`` arrive; the giver loses ``leaving``, by default as many.

    Looks at two zones only, so that it can be asked while something is being dragged. A zone that is giver and receiver
    gains what arrives and loses what leaves.

    Examples
    --------
    >>> effect = effect_of_move(np.array([2.0, 12.0]), np.array([10.0, 0.0]), 0, 1, 7)
    >>> effect.receiver.gap_before, effect.receiver.gap_after
    (12.0, 5.0)
    >>> effect.giver.surplus_before, effect.giver.surplus_after, effect.gap_change
    (8.0, 1.0, -7.0)
    """
    ends = list(dict.fromkeys(end for end in (giver, receiver) if end != NOWHERE))
    lost = persons if leaving is None else leaving
    change = {end: persons * (end == receiver) - lost * (end == giver) for end in ends}
    there = supply[ends]
    before = compare_need_and_supply(need[ends], there)
    after = compare_need_and_supply(need[ends], there + np.array([change[end] for end in ends]))
    effects = {end: _effect(before, after, row) for row, end in enumerate(ends)}
    gaps = np.nan_to_num(after.gap - before.gap)
    return MoveEffect(effects.get(giver), effects.get(receiver), float(gaps[: len(effects)].sum()))


def total(coverage: Coverage, flows: Flows, priority: ArrayLike | None = None) -> Totals:
    """Return the figures of a plan: ``coverage`` is the one after it; without priorities all zones count alike."""
    gap = np.nan_to_num(coverage.gap)
    weight = np.ones(gap.size) if priority is None else np.asarray(priority, dtype=np.float64)
    known = ~np.isnan(coverage.ratio)
    worst = int(np.nanargmin(coverage.ratio)) if known.any() else NOWHERE
    return Totals(
        unmet=float(gap.sum()),
        weighted_unmet=float(weight @ gap),
        travel=float(np.nansum(flows.persons * flows.minutes)),
        moves=flows.persons.size,
        weak=int((coverage.status == Status.WEAK).sum()),
        worst=worst,
        worst_ratio=float(coverage.ratio[worst]) if worst != NOWHERE else float("nan"),
    )


def _sum_at(zone: Positions, persons: Floats, count: int) -> Floats:
    used = zone != NOWHERE
    return np.bincount(zone[used], weights=persons[used], minlength=count).astype(np.float64)


def _effect(before: Coverage, after: Coverage, row: int) -> ZoneEffect:
    return ZoneEffect(
        need=float(before.need[row]),
        supply_before=float(before.supply[row]),
        supply_after=float(after.supply[row]),
        gap_before=float(before.gap[row]),
        gap_after=float(after.gap[row]),
        surplus_before=float(before.surplus[row]),
        surplus_after=float(after.surplus[row]),
    )
