"""The roster as a model for the solver, places pooled by home.

For each member m and slot t that somebody near may use: ``x`` (on duty or not); for each pool p (home and skill), slot
and place s (zone and skill asked for) in reach: ``y`` (heads of the pool who stand there); for each kind of seat:
``f`` (filled); for each member the load in pieces ``u`` of rising cost:

    Σ_{m in p} x_mt = Σ_s y_pts      Σ_p y_pts = Σ_k f_kst      Σ_t load_t · x_mt = Σ_j u_mj,  0 <= u_mj <= 1
    Σ_{t that exclude each other} x_mt <= 1      Σ_{t of a day, week, night, part} x_mt <= its limit

Members of one pool are interchangeable for where they stand, so a place is no variable of persons: a model with places
by person has three times the variables and no answer in the time in which this one is proven. The rows of a member are
intervals in time, which is why hardly anything is left to branch on. Pinned duties are outside: their seats are filled,
the slots they exclude are not free, limits are that much lower.
"""

from dataclasses import dataclass

import numpy as np

from geo.arrays import Flags, Floats, Ints, Positions
from geo.optimise.duties.judge import AWAY, CHANGE, LOAD, fill, heads_at, loads, most_duties
from geo.optimise.duties.problem import (
    ANY,
    Duties,
    RosterProblem,
    SeatData,
    at_choice,
    time_rules,
)
from geo.optimise.rows import RowBuilder, rest_windows
from geo.optimise.solver import Model


@dataclass(frozen=True, slots=True)
class RosterModel:
    """A model; its variables are x, y, f and u in this order."""

    model: Model
    goal: Floats
    """By how much each variable changes the cost of the pinned duties alone."""
    weight: Floats
    """Of the seats that f fills, 0 for x and y; shape (x + y + f,)."""
    member: Positions
    """Of each x, shape (x,)."""
    slot: Positions
    pool: Positions
    """Of each member, shape (m,)."""
    stand: Duties
    """Of each y: its pool for ``member``, slot, zone and skill of the place; shape (y,)."""
    owners: int
    """Members whose load is counted, in the last so many rows."""

    def without_loads(self) -> Model:
        """Return the model of the first level of the goal alone: seats and rules, no loads and no whole numbers."""
        width, count = self.weight.size, self.model.high.size - self.owners
        upper = self.model.upper[:width]
        rows = self.model.rows[:count, :width]
        return Model(rows, self.model.low[:count], self.model.high[:count], upper, np.zeros(width, dtype=np.bool_))

    def counts_of(self, values: Floats) -> tuple[Positions, Positions]:
        """Return how many are on duty in each x, and stand in each y."""
        whole = np.round(values).astype(np.intp)
        return whole[: self.member.size], whole[self.member.size :][: self.stand.slot.size]

    def duties_of(self, values: Floats) -> Duties:
        """Return the duties that values stand for: of a pool, members in order to places in order."""
        on_duty, heads = self.counts_of(values)
        member, slot = self.member[on_duty > 0], self.slot[on_duty > 0]
        places = self.stand.where(np.repeat(np.arange(heads.size), heads))
        by_pool = np.lexsort((member, slot, self.pool[member]))
        places = places.where(np.lexsort((places.slot, places.member)))
        return Duties(member[by_pool], slot[by_pool], places.zone, places.skill)


def make_model(problem: RosterProblem, price: float) -> RosterModel:
    """Return the model of a problem in which an open seat of weight 1 counts ``price``."""
    seats = _open_seats(problem)
    pools, pool = _pools(problem)
    stand = _stands(problem, seats, pools)
    has_stand = np.zeros((len(pools), problem.slots.start.size), np.bool_)
    has_stand[stand.member, stand.slot] = True
    free = at_choice(problem)
    member, slot = np.nonzero((free > 0) & has_stand[pool])
    wanted = np.zeros((problem.skills, *seats.count.shape[1:]), np.bool_)
    wanted[stand.skill, stand.zone, stand.slot] = True
    kind, zone, seat_slot = np.nonzero((seats.count > 0) & wanted[seats.skill])
    owners, owner = np.unique(member, return_inverse=True)
    pieces = most_duties(problem) * int(problem.slots.load.max(initial=1))
    x, y, f, u = member.size, stand.slot.size, kind.size, owners.size * pieces

    rows = RowBuilder()
    _balance(rows, (x, y, f), problem, (pool[member], slot), stand, (seats.skill[kind], zone, seat_slot))
    _limits(rows, problem, free, (member, slot))
    each = rows.add_block(np.zeros(owners.size), 0.0)
    rows.put(each + owner, np.arange(x), problem.slots.load[slot])
    rows.put(each + np.repeat(np.arange(owners.size), pieces), x + y + f + np.arange(u), -1.0)

    members = problem.members
    burden = members.before + loads(problem, problem.pins)
    changes = np.zeros(members.free.shape, np.int64)
    np.add.at(changes, (problem.published.member, problem.published.slot), 1)
    steps = 2 * np.arange(pieces)[None, :] + 1 + 2 * burden[owners, None]
    weight = np.concatenate([np.zeros(x + y), seats.weight[kind, zone, seat_slot]])
    goal = np.concatenate(
        [
            members.reluctance[member, slot] - CHANGE * (changes[member, slot] > 0),
            AWAY * (pools[stand.member, 0] != stand.zone),
            -price * weight[x + y :],
            LOAD * steps.ravel(),
        ]
    )
    upper = np.concatenate(
        [
            free[member, slot],
            seats.count.sum(axis=0)[stand.zone, stand.slot],
            seats.count[kind, zone, seat_slot],
            np.repeat(members.heads[owners], pieces),
        ]
    )
    is_whole = np.arange(upper.size) < x + y
    model = Model(rows.matrix(upper.size), *rows.limits(), upper.astype(np.float64), is_whole)
    return RosterModel(model, goal, weight, member, slot, pool, stand, owners.size)


def _open_seats(problem: RosterProblem) -> SeatData:
    """Return the seats that pinned duties leave."""
    seats = problem.seats
    return SeatData(seats.count - fill(seats, heads_at(problem, problem.pins)), seats.weight, seats.skill)


def _pools(problem: RosterProblem) -> tuple[Positions, Positions]:
    """Return home and skill of each pool, shape (pools, 2), and the pool of each member."""
    homes = np.column_stack([problem.members.home, problem.members.skill])
    pools, pool = np.unique(homes, axis=0, return_inverse=True)
    return pools, pool.reshape(-1)


def _stands(problem: RosterProblem, seats: SeatData, pools: Positions) -> Duties:
    """Return where heads of each pool may stand, and when."""
    asked = np.zeros((problem.skills, *seats.count.shape[1:]), np.int64)
    np.add.at(asked, seats.skill, seats.count)
    able = np.zeros((len(pools), problem.skills), np.bool_)
    able[:, ANY] = True
    able[np.arange(len(pools)), pools[:, 1]] = True
    pool, skill, zone = np.nonzero(able[:, :, None] & problem.near[pools[:, 0]][:, None, :])
    place, slot = np.nonzero(asked[skill, zone])
    return Duties(pool[place], slot, zone[place], skill[place])


def _balance(
    rows: RowBuilder,
    sizes: tuple[int, int, int],
    problem: RosterProblem,
    on_duty: tuple[Positions, Positions],
    stand: Duties,
    seat: tuple[Positions, Positions, Positions],
) -> None:
    """Let everybody on duty stand somewhere, and fill a seat there."""
    (x, y, f), slots = sizes, problem.slots.start.size
    standing, (pool, slot), (skill, zone, seat_slot) = x + np.arange(y), on_duty, seat
    at, row = np.unique(stand.member * slots + stand.slot, return_inverse=True)
    first = rows.add_block(np.zeros(at.size), 0.0)
    rows.put(first + np.searchsorted(at, pool * slots + slot), np.arange(x), 1.0)
    rows.put(first + row, standing, -1.0)
    zones = problem.seats.count.shape[1]
    at, row = np.unique((stand.skill * zones + stand.zone) * slots + stand.slot, return_inverse=True)
    first = rows.add_block(np.zeros(at.size), 0.0)
    rows.put(first + row, standing, 1.0)
    rows.put(first + np.searchsorted(at, (skill * zones + zone) * slots + seat_slot), x + y + np.arange(f), -1.0)


def _limits(rows: RowBuilder, problem: RosterProblem, free: Ints, on_duty: tuple[Positions, Positions]) -> None:
    """Hold rest and the limits of day, week, night and part; rows of rest that others imply are left out."""
    slots, (member, slot) = problem.slots, on_duty
    size = free[member, slot]

    def cap(chosen: Flags, most: Ints) -> None:
        rows.cap(member[chosen], np.flatnonzero(chosen), most, size[chosen])

    windows = rest_windows(slots.start, slots.end, problem.caps.rest)
    binds = _binding_windows(problem, windows, free > 0)
    for newest, window in enumerate(windows):
        cap(window[slot] & binds[member, newest], problem.members.heads)
    for rule in time_rules(problem):
        cap(rule.slots[slot], np.maximum(rule.most, 0))


def _binding_windows(problem: RosterProblem, windows: Flags, is_free: Flags) -> Flags:
    """Tell which windows of rest say something for each member, shape (m, t).

    Said already: by a window that begins later what holds all the same slots in which the member is free, and by the
    limit of a day what lies within one.
    """
    day = problem.slots.day
    binds = is_free.copy()
    following = np.full(len(is_free), -1)
    for newest in reversed(range(day.size)):
        inside = np.flatnonzero(windows[newest])
        free = is_free[:, inside]
        leaves = (free & ~windows[following][:, inside]).any(axis=1) | (following < 0)
        earliest = day[inside[free.argmax(axis=1)]]
        binds[:, newest] &= leaves & ((earliest < day[newest]) | (problem.caps.day > 1))
        following[is_free[:, newest]] = newest
    return binds
