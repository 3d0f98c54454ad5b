"""Who of a team may serve in which windows, and who is left for a window when others are manned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, permutations, product
from typing import Final

Stretch = tuple[int, int]
"""The first and the last of windows on end."""
WindowSet = frozenset[int]

_MOST_ORDERS: Final = 120


@dataclass(frozen=True, slots=True)
class CrewLimits:
    """Who may serve when: groups of people of one team who may serve in the same windows; each of shape (r,)."""

    team: tuple[int, ...]
    people: tuple[float, ...]
    choices: tuple[tuple[WindowSet, ...], ...]
    """The largest sets of windows in which each of the group may serve; any part of one is allowed too."""

    def rows_of(self, team: int) -> tuple[int, ...]:
        """Return the groups of a team."""
        return tuple(row for row, other in enumerate(self.team) if other == team)


NO_LIMITS: Final = CrewLimits((), (), ())
"""Of one window: whoever is free may serve."""


@dataclass(frozen=True, slots=True)
class Crew:
    """People of a team who serve in the same windows."""

    people: float
    windows: WindowSet
    choices: tuple[WindowSet, ...]

    def may_serve(self, further: WindowSet) -> bool:
        """Tell whether each of them may serve in further windows besides."""
        wanted = self.windows | further
        return not self.windows & further and any(wanted <= choice for choice in self.choices)


def assign_people(groups: Sequence[Crew], stretches: Mapping[Stretch, float]) -> list[Crew] | None:
    """Return who serves when, so that so many serve each stretch: as few people as possible, the same ones first.

    Where that finds too few, those who serve least are taken first, and stretches in another order. Null where no order
    finds enough.

    Examples
    --------
    >>> four = Crew(4, frozenset(), (frozenset({0, 2}), frozenset({1})))
    >>> found = assign_people([four], {(0, 0): 3, (2, 2): 2, (1, 1): 1}) or []
    >>> [(crew.people, sorted(crew.windows)) for crew in found]
    [(2, [0, 2]), (1, [0]), (1, [1])]
    """
    orders = islice(permutations(sorted(stretches.items())), _MOST_ORDERS)
    for order, busiest in product(orders, (-1, 1)):
        crews = _assign(groups, order, busiest)
        if crews is not None:
            return sorted(
                (crew for crew in crews if crew.people > 0), key=lambda each: (-len(each.windows), *each.windows)
            )
    return None


def _assign(groups: Sequence[Crew], stretches: Sequence[tuple[Stretch, float]], busiest: int) -> list[Crew] | None:
    """Return who serves when, stretch after stretch; ``busiest`` is -1 where those who serve most are taken first."""
    crews = list(groups)
    for (first, last), people in stretches:
        wanted, left = frozenset(range(first, last + 1)), people
        for crew in sorted(crews, key=lambda each: busiest * len(each.windows)):
            taken = min(left, crew.people)
            if taken > 0 and crew.may_serve(wanted):
                crews.remove(crew)
                crews += _cut(crew, taken, wanted)
                left -= taken
        if left > 0:
            return None
    return crews


def spare_people(crews: Sequence[Crew], window: int) -> float:
    """Return how many people may serve in a window besides what they do already."""
    return sum(crew.people for crew in crews if crew.may_serve(frozenset({window})))


def _cut(crew: Crew, people: float, further: WindowSet) -> list[Crew]:
    return [
        Crew(people, crew.windows | further, crew.choices),
        Crew(crew.people - people, crew.windows, crew.choices),
    ]
