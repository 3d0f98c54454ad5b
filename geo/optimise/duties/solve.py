"""The best roster in the time there is: exactly, and beside it neighbourhoods for what does not end in time.

Zones that are not near each other, not even by way of others, are solved apart. Each such part goes to the exact solver
as one model. Beside it, on the other core: first how many seats could be filled at all (the first level of the goal
alone, relaxed); then each zone by itself, for a roster in hand; later neighbourhoods (two zones and those around are
set free, all others stay: large neighbourhood search, Shaw 1998). A roster that is proven is the exact solver's alone
and does not depend on the machine; stopped or out of time at any moment, the best so far is the answer.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo.arrays import Flags, Positions
from geo.optimise.duties.alike import gather_classes, spread_classes
from geo.optimise.duties.judge import CHANGE, RosterCost, fill, heads_at, judge, seat_price
from geo.optimise.duties.model import RosterModel, make_model
from geo.optimise.duties.problem import Duties, RosterProblem
from geo.optimise.propose import Goal, StopReason
from geo.optimise.search import Progress
from geo.optimise.solver import Deadline, Solution, minimise, relaxed_value, run_beside

DEFAULT_SECONDS: Final = 60.0
LARGE_PAIRS: Final = 100_000
"""With more pairs of a member and a slot a roster in hand comes before how many seats could be filled."""
BESIDE_FROM_S: Final = 1.0
"""A roster in hand is looked for beside the exact solver after so long, …"""
AROUND_FROM: Final = 0.4
"""… and neighbourhoods after this share of the time."""
NEIGHBOURHOOD_PAIRS: Final = 12_000
"""Pairs of a member and a slot that are set free at once."""
NEIGHBOURHOOD_S: Final = 5.0
NEAR_BEST: Final = 5e-4
"""What a neighbourhood may be off its best, as a share."""
ALIKE_SHARE: Final = 0.5
"""So much of the time of a part is for its members as classes at most."""
LEAST_SHARE_S: Final = 1.0
"""A part gets at least so much of the time, if there is as much."""
SAME: Final = 1e-6
SEED: Final = 20_261_130


@dataclass(frozen=True, slots=True)
class RosterProposal:
    """A roster and what is known about it; positions are those of the problem."""

    duties: Duties
    """Pinned ones first."""
    score: RosterCost
    cost: Goal
    """Of open seats and of all else that counts against the roster (``judge``)."""
    weight_bound: float
    """No roster fills seats of more weight."""
    ended: StopReason
    trace: tuple[Progress, ...]
    """When the roster or the bound became better."""
    seconds: float

    @property
    def missed_weight(self) -> float:
        """Weight of seats that a roster made for nothing else might fill and this one does not; 0 where it does."""
        return max(self.weight_bound - self.score.weight, 0.0)


@dataclass(slots=True)
class _Part:
    """Members who may stand in for each other, directly or by way of others."""

    members: Flags
    form: RosterModel
    bound: float
    """No roster changes the cost of the pinned duties by less."""
    weight: float
    """Nor fills seats of more weight."""
    waiting: list[int]
    """Zones that were not yet solved by themselves."""
    is_relaxed: bool = False
    is_proven: bool = False


class _RosterSearch:
    """The state of one search: the roster so far, the bounds of the parts, the trace."""

    def __init__(self, problem: RosterProblem, clock: Deadline, report: Callable[[Progress], None]) -> None:
        self.started = time.perf_counter()
        self.problem, self.clock, self.report = problem, clock, report
        self.price = seat_price(problem)
        self.duties = problem.pins
        self.pinned = judge(problem, problem.pins)
        self.cost = self.pinned.cost
        self.looks = np.zeros(len(problem.near), dtype=np.intp)
        self.random = np.random.default_rng(SEED)
        self.trace: list[Progress] = []
        self.parts = [self.part(members) for members in _apart(problem)]
        self.note()

    def part(self, members: Flags) -> _Part:
        form = make_model(self.set_free(members), self.price)
        weight = float(form.weight @ form.model.upper[: form.weight.size])
        bound = -self.price * weight - CHANGE * self.problem.published.slot.size
        waiting = np.unique(self.problem.members.home[members]).tolist()
        return _Part(members, form, bound, weight, waiting, is_proven=not form.member.size)

    def set_free(self, members: Flags) -> RosterProblem:
        """Return the problem of some members with all others where they are."""
        return _restrict(self.problem, members, self.duties.where(~members[self.duties.member]))

    def bound(self) -> float:
        return min(self.pinned.cost + sum(part.bound for part in self.parts if part.form.member.size), self.cost)

    def note(self) -> None:
        now = Progress(time.perf_counter() - self.started, self.cost, self.bound())
        if not self.trace or (self.trace[-1].cost, self.trace[-1].bound) != (now.cost, now.bound):
            self.trace.append(now)
        self.report(now)

    def run(self) -> None:
        """Solve every part within its share of the time, then what is open within all that is left."""
        left = sum(part.form.member.size for part in self.parts)
        for part in sorted(self.parts, key=lambda part: part.form.member.size):
            seconds, size = self.clock.left(), part.form.member.size
            if not part.is_proven and seconds > 0:
                share = max(seconds * size / left, min(seconds, LEAST_SHARE_S))
                self.solve(part, replace(self.clock, until=time.perf_counter() + share))
            left -= size
        for part in self.parts:
            while not part.is_proven and self.clock.left() > 0 and self.cost - self.bound() > SAME:
                self.look_around(part, self.clock)

    def solve(self, part: _Part, clock: Deadline) -> None:
        """Solve a part as classes of alike members; where that is not enough, exactly, looking around beside."""
        if self.solve_alike(part, clock) or clock.left() <= 0:
            return
        form = part.form

        def exactly() -> Solution:
            return minimise(form.model, form.goal, clock, clock.left())

        found = run_beside(exactly, clock, self.beside(part, clock))
        if found is not None:
            part.bound, part.is_proven = max(part.bound, found.bound), found.is_proven
            if found.values is not None:
                self.put_in(part.members, form.duties_of(found.values), is_proven=found.is_proven)
        if not part.is_relaxed:
            self.relax(part, self.clock)
        self.note()

    def solve_alike(self, part: _Part, clock: Deadline) -> bool:
        """Solve a part as classes, told to persons afterwards; return whether no roster is better."""
        problem = self.set_free(part.members)
        classes = gather_classes(problem)
        if not classes.is_smaller:
            return False
        form = make_model(classes.problem, self.price)
        found = minimise(form.model, form.goal, clock, clock.left() * ALIKE_SHARE)
        part.bound = max(part.bound, found.bound)
        if found.values is None:
            return False
        self.put_in(part.members, spread_classes(problem, classes, form, found.values), is_proven=False)
        pinned = judge(problem, problem.pins).cost
        mine = self.duties.where(part.members[self.duties.member])
        numbered = replace(mine, member=(np.cumsum(part.members) - 1)[mine.member])
        part.is_proven = judge(problem, numbered).cost - pinned <= part.bound + SAME
        self.note()
        return part.is_proven

    def beside(self, part: _Part, clock: Deadline) -> Callable[[], bool]:
        """Return what is done beside the exact solver, piece by piece."""
        begun, seconds = time.perf_counter(), clock.left()
        is_large = part.form.member.size > LARGE_PAIRS

        def look() -> bool:
            passed = time.perf_counter() - begun
            if not part.is_relaxed and not (is_large and part.waiting):
                self.relax(part, clock)
            elif passed > (BESIDE_FROM_S if part.waiting else AROUND_FROM * seconds) and clock.left() > 0:
                self.look_around(part, clock)
            else:
                return False
            return True

        return look

    def relax(self, part: _Part, clock: Deadline) -> None:
        """Find how much weight the seats of a part could have that are filled, if nothing else counted."""
        part.is_relaxed = True
        value = relaxed_value(part.form.without_loads(), -part.form.weight, clock, clock.left())
        if value is not None:
            part.weight = -value
            changes = CHANGE * self.problem.published.slot.size
            part.bound = max(part.bound, -self.price * part.weight - changes)

    def look_around(self, part: _Part, clock: Deadline) -> None:
        """Solve a zone by itself that was not yet, or a neighbourhood anew."""
        homes, near = self.problem.members.home, self.problem.near
        if part.waiting:
            members = homes == part.waiting.pop()
            small = replace(self.set_free(members), near=np.eye(len(near), dtype=np.bool_))
        else:
            members = np.isin(homes, self.neighbours(part))
            small = self.set_free(members)
        form = make_model(small, self.price)
        if not form.member.size:
            return
        seconds = min(clock.left(), NEIGHBOURHOOD_S)
        found = minimise(form.model, form.goal, clock, seconds, gap=NEAR_BEST)
        if found.values is not None:
            self.put_in(members, form.duties_of(found.values), is_proven=False)

    def neighbours(self, part: _Part) -> Positions:
        """Return two near zones, the first not looked at for long, and those around as far as they are few."""
        near, homes = self.problem.near, self.problem.members.home
        zones = np.unique(homes[part.members])
        oldest = zones[self.looks[zones] == self.looks[zones].min()]
        one = self.random.choice(oldest)
        two = self.random.choice(np.intersect1d(np.flatnonzero(near[one] | near[:, one]), zones))
        around = np.setdiff1d(np.flatnonzero(near[one] | near[two]), [one, two])
        order = np.unique([one, two]).tolist() + self.random.permutation(around).tolist()
        pairs = np.bincount(homes, weights=(self.problem.members.free > 0).sum(axis=1), minlength=len(near))
        chosen = np.array(order)[: max(int(np.searchsorted(np.cumsum(pairs[order]), NEIGHBOURHOOD_PAIRS)), 2)]
        self.looks[chosen[:2]] += 1
        return chosen

    def put_in(self, members: Flags, duties: Duties, *, is_proven: bool) -> None:
        """Take over what some members do: when it is better, or proven, so that it does not depend on the machine.

        Members are numbered among those who were set free.
        """
        numbered = replace(duties, member=np.flatnonzero(members)[duties.member])
        pins = self.problem.pins
        others = self.duties.where(~members[self.duties.member])
        roster = others.and_also(pins.where(members[pins.member])).and_also(numbered)
        cost = judge(self.problem, roster).cost
        if is_proven or cost < self.cost - SAME:
            self.duties, self.cost = roster, cost
            self.note()


def solve_roster(
    problem: RosterProblem,
    *,
    seconds: float = DEFAULT_SECONDS,
    is_cancelled: Callable[[], bool] = lambda: False,
    report: Callable[[Progress], None] = lambda _: None,
) -> RosterProposal:
    """Return the best roster found in so many seconds; each zone by itself with ``problem.apart()``.

    Parameters
    ----------
    problem
        Of persons: ``heads`` 1 each. What stays as it is is pinned.
    seconds
        The answer is there half a second later at the latest, once the model is made (about a second for 100,000
        pairs of a member and a slot).
    is_cancelled
        Asked often; takes effect within about 50 ms.
    report
        Told of every step, in the calling thread. ``cost`` and ``bound`` are those of ``RosterProposal.cost``.

    Examples
    --------
    Two people, three evenings of one seat; nobody has two evenings running within 30 hours:

    >>> from geo.optimise.duties.problem import ANY, DutyCaps, SeatData, make_members, make_roster_problem, make_slots
    >>> slots = make_slots([1200, 2640, 4080], [1320, 2760, 4200])
    >>> seats = SeatData(np.ones((1, 1, 3), int), np.full((1, 1, 3), 2.0), np.array([ANY]))
    >>> members = make_members([0, 0], [[1, 1, 1], [0, 1, 0]])
    >>> found = solve_roster(make_roster_problem(slots, members, seats, [[True]], caps=DutyCaps(rest=1800)))
    >>> sorted(zip(found.duties.slot.tolist(), found.duties.member.tolist(), strict=True))
    [(0, 0), (1, 1), (2, 0)]
    >>> found.score.squares, found.missed_weight, found.cost.is_proven
    (5.0, 0.0, True)
    """
    started = time.perf_counter()
    state = _RosterSearch(problem, Deadline(started + seconds, is_cancelled), report)
    state.run()
    is_best = all(part.is_proven for part in state.parts)
    has_choice = any(part.form.member.size for part in state.parts)
    return RosterProposal(
        _pins_first(problem, state.duties),
        judge(problem, state.duties),
        Goal(state.cost, state.cost if is_best else state.bound(), is_best),
        state.pinned.weight + sum(part.weight for part in state.parts),
        _ended(has_choice=has_choice, is_best=is_best, is_cancelled=is_cancelled()),
        tuple(state.trace),
        time.perf_counter() - started,
    )


def _apart(problem: RosterProblem) -> list[Flags]:
    """Return the members of each part of the problem."""
    _, label = connected_components(csr_array(problem.near), directed=False)
    of_member = label[problem.members.home]
    return [of_member == part for part in np.unique(of_member)]


def _restrict(problem: RosterProblem, members: Flags, others: Duties) -> RosterProblem:
    """Return the problem of some members, others' duties filling their seats."""
    number = np.cumsum(members) - 1

    def of(duties: Duties) -> Duties:
        mine = duties.where(members[duties.member])
        return replace(mine, member=number[mine.member])

    count = problem.seats.count - fill(problem.seats, heads_at(problem, others))
    return replace(
        problem,
        members=problem.members.where(members),
        seats=replace(problem.seats, count=count),
        pins=of(problem.pins),
        published=of(problem.published),
    )


def _pins_first(problem: RosterProblem, duties: Duties) -> Duties:
    """Return the duties, pinned ones first, then by slot, zone and member."""
    pinned = np.zeros(problem.members.free.shape, dtype=np.bool_)
    pinned[problem.pins.member, problem.pins.slot] = True
    order = np.lexsort((duties.member, duties.zone, duties.slot, ~pinned[duties.member, duties.slot]))
    return duties.where(order)


def _ended(*, has_choice: bool, is_best: bool, is_cancelled: bool) -> StopReason:
    if not has_choice:
        return StopReason.NOTHING_TO_DO
    if is_best:
        return StopReason.PROVEN
    return StopReason.CANCELLED if is_cancelled else StopReason.TIME_LIMIT
