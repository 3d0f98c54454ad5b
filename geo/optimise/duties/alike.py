"""Members who are alike, solved as classes and told apart afterwards.

Where many members of a home can come at the same times, have one skill and bring the same load along, a model of
persons has as many ways to say the same roster as there are orders of them. A class says it once: so many of it are on
duty in each slot. It allows whatever persons could do together, so its best is a bound; told to persons slot by slot
(``spread_classes``: who bears least and rested longest first) it is a roster, the best one where nobody is lacking.
"""

from dataclasses import dataclass, replace

import numpy as np

from geo.arrays import Flags, Ints, Positions
from geo.optimise.duties.model import RosterModel
from geo.optimise.duties.problem import Duties, MemberData, RosterProblem, clashes, time_rules


@dataclass(frozen=True, slots=True)
class MemberClasses:
    """A problem of classes, and whom each holds."""

    problem: RosterProblem
    holders: tuple[Positions, ...]
    """Positions of the members of each class among those of the problem of persons."""

    @property
    def is_smaller(self) -> bool:
        """Whether anybody is like anybody else."""
        return len(self.holders) < sum(each.size for each in self.holders)


def gather_classes(problem: RosterProblem) -> MemberClasses:
    """Return members who are alike as classes; whoever has a pinned or published duty is one of his own."""
    members, own = problem.members, np.arange(problem.members.home.size)
    is_alone = np.isin(own, np.concatenate([problem.pins.member, problem.published.member]))
    facts = np.column_stack(
        [
            members.home,
            members.skill,
            members.before,
            members.part_most,
            members.free,
            members.reluctance,
            np.where(is_alone, own + 1, 0),
        ]
    )
    _, first, kind = np.unique(facts, axis=0, return_index=True, return_inverse=True)
    kind = kind.reshape(-1)
    heads = np.bincount(kind)
    order = np.split(np.argsort(kind, kind="stable"), np.cumsum(heads)[:-1])

    def of_class(duties: Duties) -> Duties:
        return replace(duties, member=kind[duties.member])

    some = MemberData(
        members.home[first],
        members.free[first] * heads[:, None],
        members.reluctance[first],
        members.before[first],
        members.skill[first],
        members.part_most[first],
        heads,
    )
    gathered = replace(problem, members=some, pins=of_class(problem.pins), published=of_class(problem.published))
    return MemberClasses(gathered, tuple(order))


def spread_classes(problem: RosterProblem, classes: MemberClasses, form: RosterModel, values: np.ndarray) -> Duties:
    """Return the duties of persons that counts of classes stand for; where nobody is left for one, it stays open.

    Parameters
    ----------
    problem
        Of persons.
    form, values
        The model of the classes, and what its variables are.
    """
    on_duty, heads = form.counts_of(values)
    counts = np.zeros((len(classes.holders), problem.slots.start.size), dtype=np.int64)
    counts[form.member, form.slot] = on_duty
    ledger = _Ledger(problem)
    member, slot = ledger.tell_all(counts, classes.holders)
    pool = form.pool[_class_of(classes)[member]]
    places = form.stand.where(np.repeat(np.arange(heads.size), heads))
    return _put_together(member, slot, pool, places)


class _Ledger:
    """What persons did so far, and what they may still do."""

    def __init__(self, problem: RosterProblem) -> None:
        slots = problem.slots
        self.rules = [(rule.slots, rule.most.copy()) for rule in time_rules(problem)]
        self.clash: Flags = clashes(slots, problem.caps.rest)
        self.load = np.zeros(problem.members.home.size)
        self.last = np.full(problem.members.home.size, -1)
        self.weight = slots.load
        self.blocked = np.zeros((problem.members.home.size, slots.start.size), dtype=np.bool_)
        pins = problem.pins
        np.logical_or.at(self.blocked, pins.member, self.clash[pins.slot])

    def tell_all(self, counts: Ints, holders: tuple[Positions, ...]) -> tuple[Positions, Positions]:
        """Return member and slot of each duty: of a class, slot by slot, who bears least and rested longest first."""
        member: list[Positions] = []
        slot: list[Positions] = []
        for people, wanted in zip(holders, counts, strict=True):
            for at in np.flatnonzero(wanted):
                chosen = self.choose(people, int(at), int(wanted[at]))
                member.append(chosen)
                slot.append(np.full(chosen.size, at, dtype=np.intp))
        nobody = np.empty(0, dtype=np.intp)
        return np.concatenate([nobody, *member]), np.concatenate([nobody, *slot])

    def choose(self, people: Positions, slot: int, count: int) -> Positions:
        rules = [most for chosen, most in self.rules if chosen[slot]]
        able = ~self.blocked[people, slot]
        for most in rules:
            able &= most[people] > 0
        free = people[able]
        order = np.lexsort((free, self.last[free], self.load[free]))
        chosen = free[order[:count]]
        for most in rules:
            most[chosen] -= 1
        self.blocked[chosen] |= self.clash[slot]
        self.load[chosen] += self.weight[slot]
        self.last[chosen] = slot
        return np.asarray(chosen, dtype=np.intp)


def _class_of(classes: MemberClasses) -> Positions:
    found = np.empty(sum(each.size for each in classes.holders), dtype=np.intp)
    for which, people in enumerate(classes.holders):
        found[people] = which
    return found


def _put_together(member: Positions, slot: Positions, pool: Positions, places: Duties) -> Duties:
    """Return people at places: of a pool and slot as many as there are of both."""
    people = np.lexsort((member, slot, pool))
    where = np.lexsort((places.zone, places.slot, places.member))
    mine, theirs = np.column_stack([pool, slot])[people], np.column_stack([places.member, places.slot])[where]
    nth_mine, nth_theirs = _nth(mine), _nth(theirs)
    key = {(*pair, nth): at for pair, nth, at in zip(map(tuple, theirs.tolist()), nth_theirs, where, strict=True)}
    pairs = [
        (person, key[(*pair, nth)])
        for pair, nth, person in zip(map(tuple, mine.tolist()), nth_mine, people, strict=True)
        if (*pair, nth) in key
    ]
    who, at = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    return Duties(member[who], slot[who], places.zone[at], places.skill[at])


def _nth(groups: np.ndarray) -> list[int]:
    """Return the place of each row within the run of rows like it."""
    nth: list[int] = []
    for place, row in enumerate(groups.tolist()):
        nth.append(nth[-1] + 1 if place and row == groups[place - 1].tolist() else 0)
    return nth
