"""From the terms to the best plan in the time there is: part after part exactly, beside it neighbourhoods.

A plan made in one pass is there first. Then every part of the problem is solved exactly, small ones first (plain pairs:
``geo.optimise.model``). A part of too many pairs is relaxed instead, for a bound, and the relaxed plan is rounded down
and filled up. Whatever takes long is improved meanwhile, on the other core, by large neighbourhood search (Shaw 1998):
some teams that compete for the same grids are set free, all others stay, and that small problem is solved exactly. What
is proven is the solver's answer alone, so that it does not depend on the machine; cancelled or out of time at any
moment, the best plan so far is the answer.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from geo.arrays import Flags, Positions
from geo.optimise.arcs import SAME, Sending
from geo.optimise.greedy import complete_tours
from geo.optimise.model import Form, form_of, split
from geo.optimise.solver import NOTHING_LEARNT, Deadline, RelaxedSolution, Solution, minimise, relax, run_beside
from geo.optimise.tours import Tours, judge_tours, keeps_floors, nobody_serves, with_teams_free

BATCH_PAIRS: Final = 600
"""Parts are solved together up to so many pairs: calling the solver costs about a millisecond."""
MOST_PAIRS: Final = 20_000
"""A part of more pairs is relaxed first."""
EXACT: Final = 1e-4
"""A plan is proven when no other is better by more than so large a share of its cost."""
LEAST_SHARE_S: Final = 1.0
"""A batch gets at least so much of the time, if there is as much."""
NEIGHBOURHOOD_PAIRS: Final = 1_000
NEIGHBOURHOOD_S: Final = 1.5
BESIDE_S: Final = (0.3, 4.0)
"""Neighbourhoods are solved beside the exact solver in these seconds, for a plan that is soon shown, …"""
BESIDE_FROM: Final = 0.7
"""… and in the last of its time, in case it does not end."""
BOUND_PAIRS: Final = 2_000
"""A batch of more pairs is relaxed first, for a bound in any case."""
RELAXED_SHARE: Final = 0.5
"""Of the time for a wide part, so much goes to its relaxation at most."""
WIDE_PAIRS: Final = 1_500
WIDE_S: Final = 2.0
NEAR: Final = 5e-4
"""What a neighbourhood may be off its best, as a share."""
CORE_SHARE: Final = 0.6
"""Of the time for a batch of several windows, so much goes to its core at most: …"""
CORE_GAP: Final = 2e-3
"""What the core may be off its best, as a share."""
CORE_COST: Final = 0.05
"""… the tours that would raise the cost of the relaxed plan by so many weighted persons at most."""
SEED: Final = 20_261_127


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is; weighted persons (``geo.optimise.weights``)."""

    seconds: float
    cost: float
    """Of the best plan so far."""
    bound: float
    """No plan costs less."""


@dataclass(frozen=True, slots=True)
class Incumbent:
    """The best plan found."""

    sending: Sending
    bound: float
    is_proven: bool
    trace: tuple[Progress, ...]
    """One entry for each time the plan or the bound became better."""


@dataclass(slots=True)
class _Batch:
    """Some parts, solved together."""

    pairs: Positions
    before: float
    """Cost of its grids when nobody is sent."""
    bound: float
    is_proven: bool = False


class _Search:
    """The state of one search: the plan so far, the bounds of the batches, the trace."""

    def __init__(self, tours: Tours, clock: Deadline, report: Callable[[Progress], None]) -> None:
        self.started = time.perf_counter()
        self.clock, self.report, self.tours = clock, report, tours
        self.trace: list[Progress] = []
        self.sending = complete_tours(tours, nobody_serves(tours))
        self.cost = judge_tours(tours, self.sending).cost
        self.untouched = judge_tours(tours, nobody_serves(tours)).cost
        self.looks = np.zeros(tours.teams, dtype=np.intp)
        self.random = np.random.default_rng(SEED)
        self.batches = [self._batch(pairs) for pairs in _gather(split(tours))]
        self.note()

    def _batch(self, pairs: Positions) -> _Batch:
        form = form_of(self.tours, pairs)
        return _Batch(pairs, self.untouched - form.before, 0.0)

    def bound(self) -> float:
        known = self.untouched + sum(batch.bound - batch.before for batch in self.batches)
        return min(max(known, 0.0), self.cost)

    def note(self) -> None:
        now = Progress(time.perf_counter() - self.started, self.cost, self.bound())
        if not self.trace or (self.trace[-1].cost, self.trace[-1].bound) != (now.cost, now.bound):
            self.trace.append(now)
        self.report(now)

    def offer(self, sending: Sending) -> bool:
        """Take a plan over when it is better."""
        cost = judge_tours(self.tours, sending).cost
        is_better = cost < self.cost - SAME
        if is_better:
            self.sending, self.cost = sending, cost
            self.note()
        return is_better

    def solve_batches(self) -> None:
        """Solve every batch within its share of the time by number of pairs."""
        left = sum(batch.pairs.size for batch in self.batches)
        for batch in self.batches:
            seconds = self.clock.left()
            if seconds <= 0:
                return
            share = max(seconds * batch.pairs.size / left, min(seconds, LEAST_SHARE_S))
            left -= batch.pairs.size
            clock = replace(self.clock, until=time.perf_counter() + share)
            wide = batch.pairs.size > MOST_PAIRS
            self.solve_wide(batch, clock) if wide else self.solve(batch, clock)

    def solve(self, batch: _Batch, clock: Deadline) -> None:
        """Solve a batch exactly, and look around beside it."""
        form = form_of(self.tours, batch.pairs)
        if batch.pairs.size > BOUND_PAIRS:
            relaxed = relax(form.model, form.goal, clock, clock.left())
            batch.bound = max(batch.bound, relaxed.value if relaxed else 0.0)
            if relaxed and len(self.tours.windows) > 1:
                self.solve_core(batch, form, relaxed, clock.share(CORE_SHARE))

        def exactly() -> Solution:
            return minimise(form.model, form.goal, clock, clock.left(), gap=EXACT)

        found = run_beside(exactly, clock, self.beside(batch, clock))
        if found is None:
            return
        batch.bound, batch.is_proven = max(batch.bound, found.bound), found.is_proven
        if found.values is not None:
            sending = self.sending.copy()
            sending[batch.pairs] = form.sending_of(found.values)
            self.take_over(sending, is_proven=found.is_proven)
        self.note()

    def solve_core(self, batch: _Batch, form: Form, relaxed: RelaxedSolution, clock: Deadline) -> None:
        """Solve a batch with the tours alone that are near to being used in the relaxed plan, for a good plan soon.

        Tours of several windows leave the exact solver long without any plan.
        """
        self.offer(self.rounded(batch, form.sending_of(np.floor(relaxed.values + SAME))))
        size = batch.pairs.size
        near = np.flatnonzero((relaxed.costs[:size] <= CORE_COST) | (relaxed.values[:size] > SAME))
        core = batch.pairs[near]
        small = form_of(self.tours, core)

        def exactly() -> Solution:
            return minimise(small.model, small.goal, clock, clock.left(), gap=CORE_GAP)

        found = run_beside(exactly, clock, self.beside(batch, clock))
        if found is not None and found.values is not None:
            sending = self.sending.copy()
            sending[batch.pairs] = 0.0
            sending[core] = small.sending_of(found.values)
            self.offer(sending)

    def beside(self, batch: _Batch, clock: Deadline) -> Callable[[], bool]:
        """Return what looks around beside the exact solver: soon after it began, and when its time draws to an end."""
        begun, seconds = time.perf_counter(), clock.left()

        def look() -> bool:
            now = time.perf_counter() - begun
            is_time = BESIDE_S[0] < now < BESIDE_S[1] or now > BESIDE_FROM * seconds
            return is_time and clock.left() > 0 and self.look_around([batch])

        return look

    def take_over(self, sending: Sending, *, is_proven: bool) -> None:
        """Take a plan that is proven, so that it does not depend on what was found beside it; another if better."""
        if is_proven:
            self.sending, self.cost = sending, judge_tours(self.tours, sending).cost
        else:
            self.offer(sending)

    def solve_wide(self, batch: _Batch, clock: Deadline) -> None:
        """Find a bound and a plan near it for a batch of too many pairs, then look around in it, two places at once."""
        form = form_of(self.tours, batch.pairs)
        relaxed = relax(form.model, form.goal, clock, clock.share(RELAXED_SHARE).left())
        if relaxed is not None:
            batch.bound = max(batch.bound, relaxed.value)
            sent = form.sending_of(np.floor(relaxed.values + SAME))
            self.offer(self.rounded(batch, sent))
            self.note()
        while clock.left() > 0 and not batch.is_proven:
            self.look_around_widely(batch, clock)

    def rounded(self, batch: _Batch, sent: Sending) -> Sending:
        """Return the plan with a batch as in a relaxed plan rounded down, and moves added to it."""
        start = self.sending.copy()
        start[batch.pairs] = sent
        return complete_tours(self.tours, start)

    def look_around(self, batches: Sequence[_Batch]) -> bool:
        """Solve one neighbourhood anew; tell whether there was one."""
        batch = batches[int(self.random.integers(len(batches)))]
        teams = self.neighbours(batch.pairs, NEIGHBOURHOOD_PAIRS)
        self.put_in(teams, self.solve_anew(teams, NEIGHBOURHOOD_S, self.clock))
        return True

    def look_around_widely(self, batch: _Batch, clock: Deadline) -> None:
        """Solve two wide neighbourhoods that share no team anew, beside each other."""
        one = self.neighbours(batch.pairs, WIDE_PAIRS)
        other = self.neighbours(batch.pairs, WIDE_PAIRS) & ~one
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda teams: self.solve_anew(teams, WIDE_S, clock), (one, other)))
        for teams, rows in zip((one, other), found, strict=True):
            self.put_in(teams, rows)

    def solve_anew(self, teams: Flags, seconds: float, clock: Deadline) -> tuple[Positions, Sending]:
        """Return the best that some teams can do with all others where they are: pairs, and persons of each."""
        small, rows = with_teams_free(self.tours, self.sending, teams)
        until = replace(clock, until=min(clock.until, time.perf_counter() + seconds))
        form = form_of(small, np.arange(rows.size))
        found = minimise(form.model, form.goal, until, until.left(), gap=NEAR) if rows.size else NOTHING_LEARNT
        if found.values is None:
            return rows, self.sending[rows]
        return rows, form.sending_of(found.values)

    def put_in(self, teams: Flags, answer: tuple[Positions, Sending]) -> None:
        """Take over what some teams do, where it is better and no home lends more than it may."""
        rows, persons = answer
        sending = np.where(teams[self.tours.team], 0.0, self.sending)
        sending[rows] = persons
        if keeps_floors(self.tours, sending):
            self.offer(sending)

    def neighbours(self, pairs: Positions, count: int) -> Flags:
        """Return teams that compete for the same grids, with so many pairs: one not looked at for long, and around it.

        Shape (m,).
        """
        tours = self.tours
        teams = tours.team[pairs]
        chosen = np.zeros(tours.teams, dtype=np.bool_)
        oldest = teams[self.looks[teams] == self.looks[teams].min()]
        chosen[self.random.choice(oldest)] = True
        size = np.bincount(teams, minlength=tours.teams)
        while (room := count - size[chosen].sum()) > 0:
            reached = np.zeros(tours.grids, dtype=np.bool_)
            reached[tours.grid[pairs][chosen[teams]]] = True
            near = np.unique(teams[reached[tours.grid[pairs]]])
            near = self.random.permutation(near[~chosen[near]])
            if not near.size:
                break
            chosen[near[: max(np.searchsorted(np.cumsum(size[near]), room), 1)]] = True
        self.looks[chosen] += 1
        return chosen

    def solve_open(self) -> None:
        """Solve the batches once more whose share of the time was too small, as long as there is any left."""
        for batch in self.batches:
            if not batch.is_proven and batch.pairs.size <= MOST_PAIRS and self.clock.left() > LEAST_SHARE_S:
                self.solve(batch, self.clock)

    def polish(self) -> None:
        """Improve the batches that are not proven until the time is up or nothing worth naming is left."""
        open_batches = [batch for batch in self.batches if not batch.is_proven]
        while open_batches and self.clock.left() > 0 and self.cost - self.bound() > EXACT * self.cost:
            self.look_around(open_batches)

    def found(self) -> Incumbent:
        is_proven = all(batch.is_proven for batch in self.batches)
        bound = self.cost if is_proven else self.bound()
        return Incumbent(self.sending, bound, is_proven, tuple(self.trace))


def search(tours: Tours, clock: Deadline, report: Callable[[Progress], None]) -> Incumbent:
    """Return the best plan found before the clock says stop; ``report`` is told of every step."""
    state = _Search(tours, clock, report)
    state.solve_batches()
    state.solve_open()
    state.polish()
    return state.found()


def _gather(parts: Sequence[Positions]) -> Iterator[Positions]:
    """Yield the parts, small ones together."""
    waiting: list[Positions] = []
    for part in parts:
        if waiting and sum(map(len, waiting)) + len(part) > BATCH_PAIRS:
            yield np.sort(np.concatenate(waiting))
            waiting = []
        waiting.append(part)
    if waiting:
        yield np.sort(np.concatenate(waiting))
