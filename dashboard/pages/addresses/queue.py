"""The members whose addresses are in doubt, one after the other, and the decisions that can be undone. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from services.manual_assignment import Doubt
from services.rules.address import Candidate, normalise, similarity

FOUND_AT_MOST: Final = 5
_ALIKE: Final = 0.5
"""Likeness (0 to 1) from which an estate is shown for a name that no estate holds."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the clerk did with one member."""

    doubt: Doubt
    is_settled: bool
    """False where the member was put off."""


@dataclass(frozen=True, slots=True)
class Queue:
    """Who is left, the first being asked about, and what was decided."""

    version: tuple[int, ...]
    """The versions of the layers from which the candidates were found."""
    waiting: tuple[Doubt, ...]
    decided: tuple[Decision, ...] = ()

    @property
    def assigned_count(self) -> int:
        """How many were put into an estate."""
        return sum(decision.is_settled for decision in self.decided)

    @property
    def current(self) -> Doubt | None:
        """The member who is asked about."""
        return self.waiting[0] if self.waiting else None

    def after_settling(self) -> "Queue":
        """Return the queue without its first, who has an estate now."""
        first, *rest = self.waiting
        return replace(self, waiting=tuple(rest), decided=(*self.decided, Decision(first, is_settled=True)))

    def after_putting_off(self) -> "Queue":
        """Return the queue with its first at the end."""
        first, *rest = self.waiting
        return replace(self, waiting=(*rest, first), decided=(*self.decided, Decision(first, is_settled=False)))

    def after_undoing(self) -> "Queue":
        """Return the queue as it was before the last decision."""
        *before, last = self.decided
        others = (d for d in self.waiting if d.member_code != last.doubt.member_code)
        return replace(self, waiting=(last.doubt, *others), decided=tuple(before))


def find_estates(names: "pd.Series[str]", words: str) -> list[Candidate]:
    """Return the estates that a name may mean, best first; equal ones in the order of codes.

    Parameters
    ----------
    names
        Names of estates indexed by code.
    words
        What the clerk wrote; a part of a name is enough.

    Examples
    --------
    >>> find_estates(pd.Series({"e1": "云港花园", "e2": "东方雅苑"}), "云港")
    [Candidate(code='e1', name='云港花园', score=1.0)]
    """
    part = normalise(words)
    if not part:
        return []
    scored = [
        Candidate(str(code), name, 1.0 if part in (plain := normalise(name)) else round(similarity(part, plain), 3))
        for code, name in names.items()
    ]
    likely = [candidate for candidate in scored if candidate.score >= _ALIKE]
    return sorted(likely, key=lambda c: (-c.score, len(c.name), c.code))[:FOUND_AT_MOST]


def place_words(code: str, estates: pd.DataFrame, grids: pd.DataFrame, communities: pd.DataFrame) -> str:
    """Return in which community and grid an estate is, as far as that is known."""
    grid = estates["parent_code"].get(code)
    if not isinstance(grid, str) or grid not in grids.index:
        return ""
    community = grids["parent_code"].get(grid)
    name = _name(communities, community)
    own = str(grids["name"].get(grid) or grid)
    return " · ".join(part for part in (name, own.removeprefix(name)) if part)


def _name(frame: pd.DataFrame, code: object) -> str:
    return str(frame["name"].get(code, "")) if isinstance(code, str) else ""


def chosen_by_key(candidates: Sequence[Candidate]) -> Mapping[str, Candidate]:
    """Return the candidates by the key that chooses them."""
    return {str(number): candidate for number, candidate in enumerate(candidates, start=1)}
