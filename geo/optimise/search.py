"""From the terms to the best plan in the time there is: part after part exactly, then neighbourhood by neighbourhood.

A plan made in one pass is there first. Then every part of the pruned problem is solved exactly, small ones first. A
wide part whose groups are too many to list is solved by columns (``geo.optimise.columns``), which gives a bound and a
plan near it within seconds; by pairs it is proven, before or after, unless they are too many for that (ADR 32). What
could not be proven in its share of the time is improved by large neighbourhood search (Shaw 1998): some teams that
compete for the same grids are set free, all others stay, and that small problem is solved exactly. Cancelled or out of
time at any moment, the best plan so far is the answer.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np

from geo.arrays import Flags, Floats, Positions
from geo.optimise.arcs import (
    SAME,
    Arcs,
    ChosenArcs,
    Objective,
    arrivals,
    departures,
    judge,
    most_missing,
    nobody_sent,
    round_persons,
    take,
)
from geo.optimise.columns import relax_by_shares, solve_by_columns
from geo.optimise.exact import solve_by_groups, solve_by_pairs, solve_part
from geo.optimise.greedy import best_gain_first, largest_gap_first, nearest_team_first
from geo.optimise.groups import list_groups
from geo.optimise.model import grids_of
from geo.optimise.problem import OUTSIDE, STAYS
from geo.optimise.prune import prune, split
from geo.optimise.solution import PartSolution, unproven
from geo.optimise.solver import Deadline

BATCH_PAIRS: Final = 600
"""Parts are solved together up to so many pairs: calling the solver costs about a millisecond."""
WIDE_PAIRS: Final = 5_000
"""A part of more pairs is wide."""
FEW_PAIRS: Final = 12_000
"""A part of no more pairs is tried by pairs before the columns."""
PAIRS_SHARE: Final = 0.4
"""Of the time for such a part, so much goes to trying."""
MOST_PAIRS: Final = 20_000
"""A part of no more pairs, but more than few, is solved by pairs after the columns."""
COLUMNS_SHARE: Final = 0.8
"""Of the time for such a part, so much goes to the columns at most; they are done long before on a quiet machine."""
NEAR: Final = 0.001
"""By columns, a bound or a plan is good enough when it is so near to the best (share of the unmet need)."""
WIDE_SHARE: Final = 0.8
"""Of the time, so much goes to wide parts at most."""
LEAST_SHARE_S: Final = 1.0
"""A batch gets at least so much of the time, if there is as much."""
NEIGHBOURHOOD_TEAMS: Final = 24
NEIGHBOURHOOD_S: Final = 2.0
SEED: Final = 20_261_127


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is."""

    seconds: float
    unmet: float
    """Of the best plan so far, priority × persons."""
    bound: float
    """No plan leaves less."""


@dataclass(frozen=True, slots=True)
class Incumbent:
    """The best plan found."""

    arcs: Arcs
    """What the positions in ``choice`` mean."""
    choice: ChosenArcs
    objective: Objective
    unmet_bound: float
    is_unmet_proven: bool
    travel_bound: float
    """Of plans with this unmet need; 0 where the unmet need is not proven."""
    is_travel_proven: bool
    trace: tuple[Progress, ...]
    """One entry for each time the plan or the bound became better."""
    pruned_pairs: int
    parts: int


@dataclass(slots=True)
class _Batch:
    pairs: Positions
    before: float
    """Unmet in its grids when nobody is sent."""
    bound: float
    answer: PartSolution | None = None

    @property
    def is_proven(self) -> bool:
        return self.answer is not None and self.answer.is_unmet_proven and self.answer.is_travel_proven


class _Search:
    """The state of one search: the plan so far, the bounds of the batches, the trace."""

    def __init__(self, arcs: Arcs, clock: Deadline, report: Callable[[Progress], None]) -> None:
        self.started = time.perf_counter()
        self.clock, self.report = clock, report
        self.trace: list[Progress] = []
        self.terms, self.choice, self.parts = arcs, largest_gap_first(arcs), 1
        self.untouched = judge(arcs, nobody_sent(arcs)).unmet
        self.batches = [self._batch(np.arange(arcs.team.size))] if arcs.team.size else []
        self.fallback = arcs, self.choice
        self.note()
        self.fallback = min((self.fallback, (arcs, nearest_team_first(arcs))), key=lambda pair: judge(*pair))
        self.terms = prune(arcs)
        parts = split(self.terms)
        self.parts = len(parts)
        self.choice = best_gain_first(self.terms)
        self.batches = [self._batch(pairs) for pairs in _gather(parts)]
        self.note()

    def _batch(self, pairs: Positions) -> _Batch:
        """Return a batch with the bound known at once: nobody covers more than on the best grid alone."""
        grids = grids_of(self.terms, pairs)
        before = float(self.terms.priority[grids] @ np.maximum(self.terms.balance[grids], 0.0))
        best = pairs[np.flatnonzero(np.diff(self.terms.team[pairs], prepend=-1))]
        return _Batch(pairs, before, max(before - float(self.terms.objective[best].sum()), 0.0))

    def worth(self) -> Objective:
        return min(judge(self.terms, self.choice), judge(*self.fallback))

    def bound(self) -> float:
        bound = self.untouched + sum(batch.bound - batch.before for batch in self.batches)
        return min(max(round(bound, 6), 0.0), self.worth().unmet)

    def note(self) -> None:
        now = Progress(time.perf_counter() - self.started, self.worth().unmet, self.bound())
        if not self.trace or (self.trace[-1].unmet, self.trace[-1].bound) != (now.unmet, now.bound):
            self.trace.append(now)
        self.report(now)

    def offer(self, choice: ChosenArcs) -> bool:
        """Take a plan over when it is better."""
        is_better = judge(self.terms, choice) < judge(self.terms, self.choice)
        if is_better:
            self.choice = choice
        return is_better

    def solve_batches(self) -> None:
        """Solve every batch; where some are wide, the others get little of the time before them and the rest after."""
        wide = [batch for batch in self.batches if self.is_wide(batch)]
        others = [batch for batch in self.batches if not self.is_wide(batch)]
        if wide:
            self.solve_in_turn(others, replace(self.clock, until=self.clock.until - WIDE_SHARE * self.clock.left()))
        for batch in wide:
            self.solve(batch, self.clock.left() * WIDE_SHARE / len(wide))
        self.solve_in_turn([batch for batch in others if batch.answer is None], self.clock)

    def solve_in_turn(self, batches: Sequence[_Batch], clock: Deadline) -> None:
        """Solve batches exactly until the clock says stop, each within its share of the time by number of pairs."""
        left = sum(batch.pairs.size for batch in batches)
        for batch in batches:
            seconds = clock.left()
            if seconds <= 0:
                return
            share = max(seconds * batch.pairs.size / left, min(seconds, LEAST_SHARE_S))
            left -= batch.pairs.size
            self.solve(batch, share)

    def solve(self, batch: _Batch, seconds: float) -> None:
        """Solve a batch within so many seconds."""
        clock = replace(self.clock, until=time.perf_counter() + seconds)
        wide = self.is_wide(batch)
        answer = self.solve_wide(batch, clock) if wide else solve_part(self.terms, batch.pairs, clock)
        batch.answer = answer
        self.learn(batch, answer.pairs, answer.unmet_bound)

    def solve_wide(self, batch: _Batch, clock: Deadline) -> PartSolution:
        """Return the answer for a wide batch: by groups where they can be listed, else by columns and by pairs."""
        groups = list_groups(self.terms, batch.pairs)
        if groups is not None:
            return solve_by_groups(self.terms, groups, clock, partial(self.learn, batch))
        by_pairs = partial(solve_by_pairs, self.terms, batch.pairs, clock, partial(self.learn, batch))
        if batch.pairs.size <= FEW_PAIRS:
            answer = by_pairs(first_share=PAIRS_SHARE)
            if answer.is_unmet_proven:
                return answer
            self.learn(batch, answer.pairs, answer.unmet_bound)
        if not FEW_PAIRS < batch.pairs.size <= MOST_PAIRS:
            return self.solve_columns(batch, clock)
        near = self.solve_columns(batch, clock.share(COLUMNS_SHARE))
        self.learn(batch, near.pairs, near.unmet_bound)
        return by_pairs()

    def solve_columns(self, batch: _Batch, clock: Deadline) -> PartSolution:
        """Return a plan near the best for a wide batch, and a bound."""
        start = relax_by_shares(self.terms, batch.pairs, clock)
        if start is None:
            return unproven(None, -np.inf)
        known = self.choice[self.choice != STAYS]
        known = known[np.isin(known, batch.pairs)]
        near = NEAR * self.worth().unmet
        return solve_by_columns(self.terms, batch.pairs, known, start, near, clock, partial(self.learn, batch))

    def learn(self, batch: _Batch, pairs: Positions | None, bound: float) -> None:
        """Take over what was found out about a batch: a choice for its teams and a bound."""
        batch.bound = max(batch.bound, bound)
        if pairs is not None:
            self.offer(_put(self.terms, self.choice, batch.pairs, pairs))
        self.note()

    def search_neighbourhoods(self) -> None:
        """Improve the batches that are not proven until the time is up; those of few teams are solved once more."""
        rng = np.random.default_rng(SEED)
        for batch in self.batches:
            if not batch.is_proven and self.is_small(batch) and self.clock.left() > 0:
                self.solve(batch, self.clock.left())
        large = [batch for batch in self.batches if not batch.is_proven and not self.is_small(batch)]
        while large and self.clock.left() > 0:
            batch = large[int(rng.integers(len(large)))]
            teams = _rivals(self.terms, batch.pairs, NEIGHBOURHOOD_TEAMS, rng)
            until = min(self.clock.until, time.perf_counter() + NEIGHBOURHOOD_S)
            if self.offer(improve(self.terms, self.choice, teams, replace(self.clock, until=until))):
                self.note()

    def is_wide(self, batch: _Batch) -> bool:
        """Tell whether a batch is large, and may be solved by groups and columns: no gap depends on who leaves."""
        return batch.pairs.size > WIDE_PAIRS and not self.terms.lends_its_need[grids_of(self.terms, batch.pairs)].any()

    def is_small(self, batch: _Batch) -> bool:
        """Tell whether a batch is no larger than a neighbourhood."""
        return np.unique(self.terms.team[batch.pairs]).size <= NEIGHBOURHOOD_TEAMS

    def found(self) -> Incumbent:
        own = (self.terms, self.choice)
        arcs, choice = min((own, self.fallback), key=lambda pair: judge(*pair))
        worth, bound = judge(arcs, choice), self.bound()
        unmet_proven = worth.unmet <= bound + SAME * (1 + len(self.batches))
        answers = [batch.answer for batch in self.batches]
        travel_proven = unmet_proven and all(batch.is_proven for batch in self.batches)
        known = [answer.travel_bound for answer in answers if answer is not None]
        travel = sum(max(bound, 0.0) for bound in known) if unmet_proven else 0.0
        travel_bound = worth.travel if travel_proven else min(travel, worth.travel)
        return Incumbent(
            arcs,
            choice,
            worth,
            worth.unmet if unmet_proven else bound,
            unmet_proven,
            travel_bound,
            travel_proven,
            tuple(self.trace),
            self.terms.team.size,
            self.parts,
        )


def search(arcs: Arcs, clock: Deadline, report: Callable[[Progress], None]) -> Incumbent:
    """Return the best plan found before the clock says stop; ``report`` is told of every step."""
    state = _Search(arcs, clock, report)
    state.solve_batches()
    state.search_neighbourhoods()
    return state.found()


def improve(arcs: Arcs, choice: ChosenArcs, teams: Positions, clock: Deadline) -> ChosenArcs:
    """Return the plan with some teams sent anew as well as possible, all others staying where they are."""
    freed = np.zeros(arcs.size.size, dtype=np.bool_)
    freed[teams] = True
    small = prune(_with_others_fixed(arcs, choice, freed))
    pairs = np.arange(small.team.size)
    answer = solve_part(small, pairs, clock)
    if answer.pairs is None:
        return choice
    changed = choice.copy()
    changed[freed] = STAYS
    rows = np.flatnonzero(freed[arcs.team])
    row_of = dict(zip(zip(arcs.team[rows].tolist(), arcs.grid[rows].tolist(), strict=True), rows, strict=True))
    for pair in answer.pairs:
        changed[small.team[pair]] = row_of[int(small.team[pair]), int(small.grid[pair])]
    return changed


def _with_others_fixed(arcs: Arcs, choice: ChosenArcs, freed: Flags) -> Arcs:
    staying = choice[(choice != STAYS) & ~freed]
    left = departures(arcs, staying)
    balance = round_persons(arcs.balance - arrivals(arcs, staying) + left)
    may_leave = round_persons(np.maximum(arcs.may_leave - left, 0.0))
    most = most_missing(balance, may_leave, np.where(freed, arcs.leaving, 0.0), arcs.home)
    return _again(replace(arcs, balance=balance, may_leave=may_leave, most_missing=most), freed)


def _again(arcs: Arcs, freed: Flags) -> Arcs:
    """Return the pairs of the freed teams that still cover somebody, weighed anew."""
    home, leaving = arcs.home[arcs.team], arcs.leaving[arcs.team]
    fits = (home == OUTSIDE) | (leaving <= arcs.may_leave[home] + SAME)
    small = take(arcs, freed[arcs.team] & fits & (arcs.most_missing[arcs.grid] > SAME))
    worth: Floats = np.round(
        arcs.priority[small.grid] * np.minimum(arcs.size[small.team], arcs.most_missing[small.grid]), 6
    )
    return take(replace(small, objective=worth), np.lexsort((small.grid, small.travel, -worth, small.team)))


def _put(arcs: Arcs, choice: ChosenArcs, pairs: Positions, chosen: Positions) -> ChosenArcs:
    """Return the plan with the teams of a part sent as chosen."""
    changed = choice.copy()
    changed[arcs.team[pairs]] = STAYS
    changed[arcs.team[chosen]] = chosen
    return changed


def _rivals(arcs: Arcs, pairs: Positions, count: int, rng: np.random.Generator) -> Positions:
    """Return some teams of a part that compete for the same grids: a random one and who reaches what it reaches."""
    team, grid = arcs.team[pairs], arcs.grid[pairs]
    chosen = np.array([team[rng.integers(team.size)]])
    while chosen.size < count:
        reached = np.unique(grid[np.isin(team, chosen)])
        near = np.setdiff1d(np.unique(team[np.isin(grid, reached)]), chosen)
        if not near.size:
            break
        chosen = np.concatenate([chosen, rng.permutation(near)[: max(count // 3, count - chosen.size)]])
    return chosen[:count]


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
