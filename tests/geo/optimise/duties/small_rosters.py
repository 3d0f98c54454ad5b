"""Rosters for the tests: tiny ones of every kind, instances by formula, rules and goal written out once more."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from geo.optimise.duties import (
    NOWHERE,
    Duties,
    DutyCaps,
    RosterProblem,
    SeatData,
    make_members,
    make_roster_problem,
    make_slots,
)

DAY = 1440
PRICE = 1000


@dataclass(frozen=True)
class Formula:
    """An instance by formula: 84 slots of 2 hours, homes in turn, zones near whose numbers differ by 1 at most."""

    zones: int
    members: int
    seats: object
    """Of zone and slot."""
    free: object
    """Of member and slot."""

    def problem(self) -> RosterProblem:
        slots = np.arange(84)
        seats = np.array([[self.seats(zone, slot) for slot in slots] for zone in range(self.zones)])
        free = [[self.free(member, slot) for slot in slots] for member in range(self.members)]
        first = np.minimum(seats, 1)
        count = np.stack([first, seats - first])
        weight = np.broadcast_to(np.array([4.0, 2.0])[:, None, None], count.shape)
        numbers = np.arange(self.zones)
        return make_roster_problem(
            make_slots(slots * 120, slots * 120 + 120, is_night=(hour(slots) < 8) | (hour(slots) >= 22)),
            make_members(np.arange(self.members) % self.zones, free),
            SeatData(count, weight, np.zeros(2, dtype=int)),
            np.abs(numbers[:, None] - numbers) <= 1,
        )


def hour(slot):
    return 2 * slot % 24


K0 = Formula(
    2,
    6,
    lambda _, slot: int(hour(slot) in {18, 20}) if slot // 12 < 5 else int(8 <= hour(slot) < 22),
    lambda member, slot: (member + slot) % 3 == 0,
)
K1 = Formula(
    10,
    400,
    lambda zone, slot: (zone + slot) % 4 if 8 <= hour(slot) < 22 else int(zone * slot % 7 == 0),
    lambda member, slot: (13 * member + 7 * slot) % 11 < 2,
)
K2 = Formula(
    10,
    400,
    lambda zone, slot: (zone * (slot % 5) + slot) % 6,
    lambda member, slot: (13 * member + 7 * slot) % 11 < (1 if member % 10 < 5 else 4),
)


def score(problem: RosterProblem, cost: float) -> float:
    """What a roster brings: the weight of all seats, in thousands, less its cost."""
    return PRICE * float((problem.seats.count * problem.seats.weight).sum()) - cost


def random_roster(rng: np.random.Generator, most_members: int = 3, most_slots: int = 4) -> RosterProblem:
    """Make a roster small enough to try every other: with nights, parts, skills, pins, and something published."""
    slots, members = int(rng.integers(1, most_slots + 1)), int(rng.integers(1, most_members + 1))
    zones, kinds = int(rng.integers(1, 4)), int(rng.integers(1, 4))
    start = np.sort(rng.choice([0, 2, 4, 8, 10, 14, 18, 20, 22], slots) * 60 + DAY * rng.integers(0, 10, slots))
    if rng.random() < 0.6:
        start = np.sort(start % (2 * DAY))
    length = rng.choice([120, 120, 240, 480], slots)
    is_night = (start % DAY < 480) | (start % DAY + length > 1320)
    parts = rng.random((int(rng.integers(0, 3)), slots)) < 0.5
    free = rng.random((members, slots)) < rng.choice([0.5, 0.8, 1.0])
    people = make_members(
        rng.integers(0, zones, members),
        free,
        reluctance=np.where(rng.random(free.shape) < 0.5, 2.0, 0.0),
        before=rng.choice([0.0, 0.0, 1.5, 3.0], members),
        skill=rng.choice([0, 0, 1, 2], members),
        part_most=rng.integers(0, 3, (members, len(parts))),
    )
    count = rng.choice([0, 1, 1, 2], (kinds, zones, slots))
    weight = rng.choice([1.0, 1.25, 1.5, 2.0, 3.0], count.shape)
    caps = DutyCaps(
        week=int(rng.integers(1, 4)),
        day=int(rng.choice([1, 1, 2])),
        night=int(rng.choice([0, 1, 1, 2])),
        rest=int(rng.choice([0, 120, 240, 600, 1320])),
    )
    return make_roster_problem(
        make_slots(start, start + length, is_night=is_night, parts=parts, load=rng.choice([1, 1, 2], slots)),
        people,
        SeatData(count, weight, rng.choice([0, 0, 1, 2], kinds)),
        rng.random((zones, zones)) < 0.5,
        caps=caps,
        pins=_some_duties(rng, int(rng.choice([0, 0, 1, 2])), members, slots, zones),
        published=_some_duties(rng, int(rng.choice([0, 0, 1, 2])), members, slots, zones),
    )


def _some_duties(rng: np.random.Generator, count: int, members: int, slots: int, zones: int) -> Duties:
    pairs = rng.permutation(members * slots)[:count]
    zone = rng.integers(NOWHERE, zones, pairs.size)
    return Duties(pairs // slots, pairs % slots, zone, rng.choice([0, 0, 1], pairs.size))


def breaks_a_rule(problem: RosterProblem, member: int, taken: set[int], pinned: set[int]) -> bool:
    """Whether the slots that a member takes break a rule to which one that is not pinned adds."""
    slots, caps = problem.slots, problem.caps
    spans = {slot: (int(slots.start[slot]), int(slots.end[slot])) for slot in taken}
    for one, other in itertools.combinations(sorted(taken, key=lambda slot: (spans[slot], slot)), 2):
        if not {one, other} <= pinned and spans[other][0] < spans[one][1] + caps.rest:
            return True

    def is_over(some: Iterator[int], most: int) -> bool:
        group = set(some)
        return len(group) > most and not group <= pinned

    day = {slot: spans[slot][0] // DAY for slot in taken}
    night = {slot: (spans[slot][0] + DAY // 2) // DAY for slot in taken if slots.is_night[slot]}
    return (
        any(is_over((slot for slot in taken if day[slot] == one), caps.day) for one in range(12))
        or any(is_over((slot for slot in taken if one <= day[slot] <= one + 6), caps.week) for one in range(12))
        or any(is_over((slot for slot in night if one <= day[slot] <= one + 6), caps.night) for one in range(12))
        or (caps.night > 1 and any(is_over((s for s in night if night[s] in {one, one + 1}), 1) for one in range(12)))
        or any(
            is_over((slot for slot in taken if part[slot]), problem.members.part_most[member, nth])
            for nth, part in enumerate(slots.parts)
        )
    )


def faults(problem: RosterProblem, duties: Duties) -> list[str]:
    """What is wrong with a roster, by the rules as they stand above."""
    found = []
    pinned = set(zip(problem.pins.member.tolist(), problem.pins.slot.tolist(), strict=True))
    every = list(zip(*(part.tolist() for part in (duties.member, duties.slot, duties.zone, duties.skill)), strict=True))
    if len({(member, slot) for member, slot, _, _ in every}) < len(every):
        found.append("somebody is twice in a slot")
    if not pinned <= {(member, slot) for member, slot, _, _ in every}:
        found.append("a pinned duty is gone")
    for member in {duty[0] for duty in every}:
        taken = {slot for one, slot, _, _ in every if one == member}
        if breaks_a_rule(problem, member, taken, {slot for one, slot in pinned if one == member}):
            found.append(f"{member} breaks a rule")
    standing: dict[tuple[int, int, int], int] = {}
    for member, slot, zone, skill in every:
        standing[zone, slot, skill] = standing.get((zone, slot, skill), 0) + 1
        if (member, slot) in pinned:
            continue
        if not problem.members.free[member, slot] or not problem.near[problem.members.home[member], zone]:
            found.append(f"{member} cannot be there in {slot}")
        if skill not in {0, problem.members.skill[member]}:
            found.append(f"{member} lacks the skill in {slot}")
        asked = int(problem.seats.count[problem.seats.skill == skill][:, zone, slot].sum())
        if standing[zone, slot, skill] > asked and standing[zone, slot, skill] > _pinned_there(
            problem, zone, slot, skill
        ):
            found.append(f"no seat for {member} in {slot}")
    return found


def _pinned_there(problem: RosterProblem, zone: int, slot: int, skill: int) -> int:
    pins = problem.pins
    return int(((pins.zone == zone) & (pins.slot == slot) & (pins.skill == skill)).sum())


def least_cost(problem: RosterProblem) -> float:
    """Return the least cost of all rosters there are."""
    members, slots = problem.members.home.size, problem.slots.start.size
    pinned = [set(problem.pins.slot[problem.pins.member == member].tolist()) for member in range(members)]
    choices = []
    for member in range(members):
        open_slots = [
            slot for slot in range(slots) if problem.members.free[member, slot] and slot not in pinned[member]
        ]
        takes = [
            set(some) | pinned[member] for size in range(slots + 1) for some in itertools.combinations(open_slots, size)
        ]
        choices.append([take for take in takes if not breaks_a_rule(problem, member, take, pinned[member])])
    known: dict[tuple[int, frozenset[int]], float] = {}

    def placed(slot: int, on_duty: frozenset[int]) -> float:
        if (slot, on_duty) not in known:
            known[slot, on_duty] = _least_of_slot(problem, slot, on_duty)
        return known[slot, on_duty]

    return min(
        sum(placed(slot, frozenset(m for m in range(members) if slot in takes[m])) for slot in range(slots))
        + sum(_burden(problem, member, take) for member, take in enumerate(takes))
        for takes in itertools.product(*choices)
    )


def _burden(problem: RosterProblem, member: int, taken: set[int]) -> float:
    known = set(problem.published.slot[problem.published.member == member].tolist())
    load, before = int(problem.slots.load[list(taken)].sum()), problem.members.before[member]
    reluctance = float(problem.members.reluctance[member, list(taken)].sum())
    return 100 * len(known - taken) + 10 * ((load + before) ** 2 - before**2) + reluctance


def _least_of_slot(problem: RosterProblem, slot: int, on_duty: frozenset[int]) -> float:
    """Return what open seats and ways count at least in a slot, infinite where somebody has no seat."""
    pins, seats, members = problem.pins, problem.seats, problem.members
    here = {
        int(m): (int(z), int(s))
        for m, z, s in zip(*(p[pins.slot == slot] for p in (pins.member, pins.zone, pins.skill)), strict=True)
    }
    places: dict[tuple[int, int], list[float]] = {}
    for kind, zone in np.ndindex(seats.count.shape[:2]):
        wide = [float(seats.weight[kind, zone, slot])] * int(seats.count[kind, zone, slot])
        places.setdefault((zone, int(seats.skill[kind])), []).extend(wide)
    total = sum(map(sum, places.values()))
    comers = sorted(on_duty - set(here))
    options = [
        [(z, s) for z, s in places if problem.near[members.home[m], z] and s in {0, members.skill[m]}] for m in comers
    ]
    best = np.inf
    for chosen in itertools.product(*options):
        at = [*here.values(), *chosen]
        if any(at.count(one) > max(len(places[one]), list(here.values()).count(one)) for one in set(chosen)):
            continue
        weight = sum(sum(sorted(wide, reverse=True)[: at.count(one)]) for one, wide in places.items())
        away = sum(z not in {NOWHERE, members.home[m]} for m, (z, _) in zip([*here, *comers], at, strict=True))
        best = min(best, PRICE * (total - weight) + away)
    return best
