"""How many seats could be filled at all, before anybody is named: by classes of members who live and answer alike.

A class counts at most its stated share of its people at a time. The rows of rest, day and week are intervals in time,
so that whole numbers of a class can always be told to persons (Baum & Trotter 1981, integer decomposition); limits of
nights and parts of the day hold for the class as a whole, and make the answer an upper bound.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from geo.arrays import Ints
from geo.optimise.duties.judge import fill, heads_at, seat_price
from geo.optimise.duties.model import make_model
from geo.optimise.duties.problem import ANY, MemberData, RosterProblem, SlotData, make_members
from geo.optimise.solver import Deadline, minimise

DEFAULT_SECONDS: Final = 20.0
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Capacity:
    """What members could fill."""

    counts: Ints
    """How many of each class are on duty, shape (classes, t)."""
    filled: Ints
    """Seats, shape (k, z, t)."""
    is_proven: bool
    seconds: float


def find_capacity(
    problem: RosterProblem, *, seconds: float = DEFAULT_SECONDS, is_cancelled: Callable[[], bool] = lambda: False
) -> Capacity | None:
    """Return how many seats classes of members could fill (``make_classes``); null where nothing was found in time."""
    started = time.perf_counter()
    form = make_model(problem, seat_price(problem))
    clock = Deadline(started + seconds, is_cancelled)
    answer = minimise(form.model, form.goal, clock, clock.left())
    if answer.values is None:
        return None
    on_duty, standing = form.counts_of(answer.values)
    counts = np.zeros_like(problem.members.free)
    counts[form.member, form.slot] = on_duty
    places = form.stand.where(np.repeat(np.arange(standing.size), standing))
    filled = fill(problem.seats, heads_at(problem, places))
    return Capacity(counts, filled, answer.is_proven, time.perf_counter() - started)


def make_classes(slots: SlotData, home: ArrayLike, shares: ArrayLike, skill: ArrayLike = ANY) -> MemberData:
    """Return classes of members who live in one zone, can come alike and have one skill, as members with ``heads``.

    Of a class at most ⌊share × people⌋ are free in a slot, and each takes ⌈share × days⌉ duties in a part of the day.

    Parameters
    ----------
    slots
        With parts of the day, by which people state when they can come.
    home
        Zone of each member, shape (m,).
    shares
        Share of each part of the day in which a member can come, shape (m, p).
    skill
        Shape (m,).
    """
    at, share = np.asarray(home, dtype=np.intp), np.asarray(shares, dtype=np.float64)
    alike = np.column_stack([at, np.broadcast_to(np.asarray(skill), at.shape), share])
    kinds, heads = np.unique(alike, axis=0, return_counts=True)
    can_come = np.ones((len(kinds), slots.start.size))
    for part, stated in zip(slots.parts, kinds[:, 2:].T, strict=True):
        can_come[:, part] = np.minimum(can_come[:, part], stated[:, None])
    days = np.array([np.unique(slots.day[part]).size for part in slots.parts])
    return make_members(
        kinds[:, 0],
        np.floor(can_come * heads[:, None] + _ROUNDING),
        skill=kinds[:, 1],
        part_most=np.ceil(kinds[:, 2:] * days - _ROUNDING),
        heads=heads,
    )
