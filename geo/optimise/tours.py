"""Windows looked at together: who serves where, in one window or in several on end, so that a way is walked once.

A **tour** sends people of a team to a grid for one window, or for several that follow each other without a break: the
people bring what they bring in each of the windows, and walk before the first. One window alone is the plain case: its
tours are its pairs. Who serves in several windows has to rest between them; ``CrewLimits`` say in which windows people
of a team may serve.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.arrays import Flags, Floats, Positions
from geo.optimise.arcs import (
    SAME,
    Arcs,
    Sending,
    SendingTotals,
    balance_after,
    departures,
    judge_missing,
    min_closed,
    with_others_fixed,
)
from geo.optimise.crews import NO_LIMITS, Crew, CrewLimits, Stretch, WindowSet, assign_people, spare_people

SLACK: Final = 10 * SAME
"""Persons by which solvers may miss what a home may lend."""


@dataclass(frozen=True, slots=True)
class Tours:
    """All tours that are allowed, ``s`` of them, over ``K`` windows of the same ``n`` grids and ``m`` teams."""

    windows: tuple[Arcs, ...]
    pair: NDArray[np.intp]
    """The position of the pair in each window, -1 where the tour does not serve in it; shape (K, s)."""
    team: Positions
    """Shape (s,)."""
    grid: Positions
    """Shape (s,)."""
    price: Floats
    """What each person counts against the plan, shape (s,)."""
    part: Floats
    """What it counts against the plan once anybody serves it, shape (s,)."""
    minutes: Floats
    """On foot, of each person; shape (s,)."""
    most: Floats
    """Persons who can be of use at most, shape (s,)."""
    follows: tuple[bool, ...]
    """Whether a window begins when the one before it ends, shape (K,)."""
    crew_limits: CrewLimits

    @property
    def unit(self) -> Floats:
        """Persons who go together, shape (m,)."""
        return self.windows[0].unit

    @property
    def teams(self) -> int:
        """How many teams there are."""
        return self.unit.size

    @property
    def grids(self) -> int:
        """How many grids there are."""
        return self.windows[0].need.size

    @property
    def first(self) -> Positions:
        """The first window of each tour, shape (s,)."""
        return np.asarray((self.pair >= 0).argmax(axis=0), dtype=np.intp)

    @property
    def last(self) -> Positions:
        """The last window of each tour, shape (s,)."""
        return np.asarray(len(self.windows) - 1 - (self.pair[::-1] >= 0).argmax(axis=0), dtype=np.intp)


def one_window(arcs: Arcs) -> Tours:
    """Return the tours of one window: its pairs."""
    return make_tours([arcs], [False], NO_LIMITS)


def make_tours(windows: Sequence[Arcs], follows: Sequence[bool], crew_limits: CrewLimits) -> Tours:
    """Return the tours of some windows, in their order in time: first those of one window, then longer ones.

    There are longer ones where people may serve in all of their windows, and have a way to save.
    """
    lengths = [arcs.team.size for arcs in windows]
    blocks = [_of_one_window(nth, lengths) for nth in range(len(windows))]
    allowed = _allowed_stretches(crew_limits)
    for first, last in _stretches(range(len(windows)), follows):
        able = np.isin(np.arange(windows[0].free.size), [team for team, which in allowed if which == (first, last)])
        if last > first and able.any():
            blocks.append(_of_stretch(windows, first, last, able))
    pair = np.concatenate(blocks, axis=1)
    shape = pair.shape[1]
    team, grid = np.zeros(shape, dtype=np.intp), np.zeros(shape, dtype=np.intp)
    price, part, minutes, most = np.zeros(shape), np.zeros(shape), np.zeros(shape), np.full(shape, np.inf)
    for nth, arcs in enumerate(windows):
        on = np.flatnonzero(pair[nth] >= 0)
        at = pair[nth, on]
        goes_on = pair[nth - 1, on] >= 0 if nth else np.zeros(on.size, dtype=np.bool_)
        team[on], grid[on] = arcs.team[at], arcs.grid[at]
        price[on] += arcs.price[at] - np.where(goes_on, arcs.way[at], 0.0)
        part[on] += np.where(goes_on, 0.0, arcs.part[at])
        minutes[on] += np.where(goes_on, 0.0, arcs.minutes[at])
        most[on] = np.minimum(most[on], arcs.most[at])
    return Tours(tuple(windows), pair, team, grid, price, part, minutes, most, tuple(follows), crew_limits)


def take_tours(tours: Tours, which: Positions | Flags) -> Tours:
    """Return some of the tours, the windows as they are."""
    return replace(
        tours,
        pair=tours.pair[:, which],
        team=tours.team[which],
        grid=tours.grid[which],
        price=tours.price[which],
        part=tours.part[which],
        minutes=tours.minutes[which],
        most=tours.most[which],
    )


def nobody_serves(tours: Tours) -> Sending:
    """Return the plan without anybody."""
    return np.zeros(tours.team.size)


def sending_in(tours: Tours, sending: Sending, nth: int) -> Sending:
    """Return the persons along each pair of a window, shape (pairs of the window,)."""
    on = tours.pair[nth] >= 0
    count = tours.windows[nth].team.size
    return np.bincount(tours.pair[nth, on], weights=sending[on], minlength=count).astype(np.float64)


def judge_tours(tours: Tours, sending: Sending) -> SendingTotals:
    """Return what a plan is worth over all windows; persons missing and sent are summed over them."""
    sent = [sending_in(tours, sending, nth) for nth in range(len(tours.windows))]
    missing = [judge_missing(arcs, along) for arcs, along in zip(tours.windows, sent, strict=True)]
    cost = sum(weighted for weighted, _ in missing) + float(tours.price @ sending + tours.part[sending > 0].sum())
    return SendingTotals(
        cost,
        sum(persons for _, persons in missing),
        sum(float(along.sum()) for along in sent),
        float(tours.minutes @ sending),
    )


def keeps_floors(tours: Tours, sending: Sending) -> bool:
    """Tell whether no home lends more than it may in any window."""
    return all(
        bool((departures(arcs, sending_in(tours, sending, nth)) <= arcs.may_leave + SLACK).all())
        for nth, arcs in enumerate(tours.windows)
    )


def with_teams_free(tours: Tours, sending: Sending, teams: Flags) -> tuple[Tours, Positions]:
    """Return what is left to decide when only some teams are free, and the positions of its tours; ``teams`` (m,)."""
    windows, pair = [], np.full(tours.pair.shape, -1, dtype=np.intp)
    is_left = teams[tours.team]
    for nth, arcs in enumerate(tours.windows):
        small, rows = with_others_fixed(arcs, sending_in(tours, sending, nth), teams)
        place = np.full(arcs.team.size + 1, -1, dtype=np.intp)
        place[rows] = np.arange(rows.size)
        pair[nth] = place[tours.pair[nth]]
        is_left &= (tours.pair[nth] < 0) | (pair[nth] >= 0)
        windows.append(small)
    rows = np.flatnonzero(is_left)
    return replace(take_tours(replace(tours, pair=pair), rows), windows=tuple(windows)), rows


def crews_of(tours: Tours, sending: Sending) -> dict[int, list[Crew]]:
    """Return who of each team serves when in a plan (``assign_people``), in units of the team; none for one window.

    Teams for whose tours too few people were found are left out.
    """
    groups: dict[int, list[Crew]] = {team: [] for team in tours.crew_limits.team}
    crew_limits, unit = tours.crew_limits, tours.unit
    for team, people, choices in zip(crew_limits.team, crew_limits.people, crew_limits.choices, strict=True):
        groups[team].append(Crew(float(np.floor(people / max(unit[team], 1.0) + SAME)), frozenset(), choices))
    stretches: dict[int, dict[Stretch, float]] = {}
    first, last = tours.first, tours.last
    for tour in np.flatnonzero(sending > 0).tolist():
        of = stretches.setdefault(int(tours.team[tour]), {})
        which = int(first[tour]), int(last[tour])
        of[which] = of.get(which, 0.0) + float(sending[tour] / unit[tours.team[tour]])
    found = {team: assign_people(group, stretches.get(team, {})) for team, group in groups.items()}
    return {team: crews for team, crews in found.items() if crews is not None}


def free_in(tours: Tours, sending: Sending, crews: Mapping[int, Sequence[Crew]], nth: int) -> Floats:
    """Return the persons of each team who serve in a window by a plan or may do so besides, shape (m,)."""
    arcs = tours.windows[nth]
    if len(tours.windows) == 1:
        return arcs.free
    spent = np.bincount(arcs.team, weights=sending_in(tours, sending, nth), minlength=arcs.free.size)
    spare = np.zeros(arcs.free.size)
    for team, known in crews.items():
        spare[team] = spare_people(known, nth) * arcs.unit[team]
    return np.minimum(arcs.free, spent + spare)


def can_go_on(tours: Tours, sending: Sending, nth: int) -> Flags:
    """Tell for each pair of a window whether people of the team stand there in the window before, and may go on."""
    pairs = np.zeros(tours.windows[nth].team.size, dtype=np.bool_)
    longer = np.flatnonzero((tours.last == nth) & (tours.first < nth))
    before = _key(tours, tours.first, np.full(tours.team.size, nth - 1))
    served = _key(tours, tours.first, tours.last)[(sending > 0) & (tours.last == nth - 1)]
    pairs[tours.pair[nth, longer[np.isin(before[longer], served)]]] = True
    return pairs


def go_on(tours: Tours, sending: Sending, nth: int) -> Sending:
    """Return a plan in which whoever serves at one grid in a window and the one before does so on one tour.

    Left as it is where too few people are found who may serve both.
    """
    here = np.full(tours.team.size, nth)
    at = {key: tour for tour, key in enumerate(_key(tours, tours.first, tours.last).tolist())}
    before, alone = _key(tours, tours.first, here - 1).tolist(), _key(tours, here, here).tolist()
    joined = sending.copy()
    for longer in np.flatnonzero((tours.last == nth) & (tours.first < nth)).tolist():
        one, other = at.get(before[longer]), at.get(alone[longer])
        if one is not None and other is not None:
            people = min(joined[one], joined[other])
            joined[one] -= people
            joined[other] -= people
            joined[longer] += people
    found = crews_of(tours, joined)
    lost = ~np.isin(tours.team, list(found))
    return np.where(lost, sending, joined)


def without_crumbs(tours: Tours, sending: Sending) -> Sending:
    """Return a plan without the moves that close less than the least, the smallest taken back first."""
    kept = sending.copy()
    while (crumb := _smallest_crumb(tours, kept)) is not None:
        kept = _without(tours, kept, *crumb)
    return kept


def patterns_of(tours: Tours) -> Iterator[tuple[int, tuple[Stretch, ...]]]:
    """Yield each way to serve that is not part of another: the group of the limits, and its stretches of windows."""
    for group, choices in enumerate(tours.crew_limits.choices):
        for choice in choices:
            for cuts in _ways_to_cut(choice, tours.follows):
                yield group, cuts


def _key(tours: Tours, first: Positions, last: Positions) -> Positions:
    """Return a number for each tour's team, grid and way to begin, and a first and last window; shape (s,)."""
    count = len(tours.windows)
    stays = np.zeros(tours.team.size, dtype=np.intp)
    for nth, arcs in enumerate(tours.windows):
        on = np.flatnonzero((tours.first == nth) & (tours.pair[nth] >= 0))
        stays[on] = arcs.stays[tours.pair[nth, on]]
    return ((((tours.team * tours.grids + tours.grid) * 2 + stays) * count) + first) * count + last


def _of_one_window(nth: int, lengths: Sequence[int]) -> NDArray[np.intp]:
    found = np.full((len(lengths), lengths[nth]), -1, dtype=np.intp)
    found[nth] = np.arange(lengths[nth])
    return found


def _of_stretch(windows: Sequence[Arcs], first: int, last: int, able: Flags) -> NDArray[np.intp]:
    """Return the pairs of the teams that can serve in all windows from one to another, and would walk; (K, count)."""
    begin = windows[first]
    ways = np.flatnonzero(able[begin.team] & ((begin.minutes > 0) | begin.stays))
    found = np.full((len(windows), ways.size), -1, dtype=np.intp)
    found[first] = ways
    key = begin.team[ways] * begin.need.size + begin.grid[ways]
    for nth in range(first + 1, last + 1):
        arcs = windows[nth]
        plain = np.flatnonzero(~arcs.stays)
        keys = arcs.team[plain] * arcs.need.size + arcs.grid[plain]
        at = np.minimum(np.searchsorted(keys, key), max(keys.size - 1, 0))
        found[nth] = np.where(keys[at] == key, plain[at], -1) if keys.size else -1
    return found[:, (found[first : last + 1] >= 0).all(axis=0)]


def _allowed_stretches(crew_limits: CrewLimits) -> set[tuple[int, Stretch]]:
    return {
        (team, (first, last))
        for team, choices in zip(crew_limits.team, crew_limits.choices, strict=True)
        for choice in choices
        for first in choice
        for last in choice
        if first < last and choice.issuperset(range(first, last + 1))
    }


def _stretches(windows: Collection[int], follows: Sequence[bool]) -> list[Stretch]:
    """Return all stretches of windows without a break among some."""
    known = sorted(windows)
    return [
        (first, last)
        for first in known
        for last in known
        if first <= last and all(nth in windows and follows[nth] for nth in range(first + 1, last + 1))
    ]


def _ways_to_cut(choice: WindowSet, follows: Sequence[bool]) -> Iterator[tuple[Stretch, ...]]:
    """Yield the ways in which windows can be served as stretches, each window in one of them."""
    order = sorted(choice)
    joints = [nth for before, nth in pairwise(order) if nth == before + 1 and follows[nth]]
    for count in range(len(joints) + 1):
        for joined in combinations(joints, count):
            begins = [nth for nth in order if nth not in joined]
            ends = [*begins[1:], len(follows)]
            yield tuple(
                (begin, max(nth for nth in order if nth < end)) for begin, end in zip(begins, ends, strict=True)
            )


def _smallest_crumb(tours: Tours, sending: Sending) -> tuple[int, int] | None:
    """Return the window and the pair of the move that closes least, where that is less than the least."""
    found: list[tuple[float, int, int]] = []
    for nth, arcs in enumerate(tours.windows):
        along = sending_in(tours, sending, nth)
        sent = np.flatnonzero(along > 0)
        if sent.size:
            missing, came = balance_after(arcs, along)[arcs.grid[sent]], arcs.gain[sent] * along[sent]
            closed = np.clip(missing + came, 0.0, None) - np.clip(missing, 0.0, None)
            least = int(np.argmin(closed))
            found.append((float(closed[least]), nth, int(sent[least])))
    smallest = min(found, default=None)
    if smallest is None or smallest[0] >= min_closed(tours.windows[0]) - 1e-3:
        return None
    return smallest[1:]


def _without(tours: Tours, sending: Sending, nth: int, pair: int) -> Sending:
    """Return a plan without a pair of a window; who serves before and after it there goes on doing so."""
    kept = sending.copy()
    for tour in np.flatnonzero((tours.pair[nth] == pair) & (sending > 0)).tolist():
        kept[tour] = 0.0
        for part in (slice(0, nth), slice(nth + 1, None)):
            served = np.full(len(tours.windows), -1, dtype=np.intp)
            served[part] = tours.pair[part, tour]
            if (served >= 0).any():
                kept[(tours.pair == served[:, None]).all(axis=0)] += sending[tour]
    return kept
