"""Norms as they might be as well: what is assumed, drawn at random around what stands in the file."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

import numpy as np

from services.rules.norms import Attendance, Availability, DayFactors, Norms, ShareByMode, Sourced
from services.rules.windows import DayPart

ASSUMED: Final = "假定"
"""How the source begins of a number that no public source states."""
SPREAD: Final = 0.3
"""A number that is assumed may be so much smaller or larger."""
_LARGEST_FACTOR: Final = 10.0
_SHARES: Final = frozenset({"more_than", "false_discovery_rate"})


def is_assumed(norm: Sourced | DayFactors) -> bool:
    """Tell whether no public source states a norm."""
    return norm.source.startswith(ASSUMED)


def count_assumed(norms: Norms) -> int:
    """Return how many numbers are assumed; of an item's day factors each counts."""
    return sum(len(DayPart) if isinstance(norm, DayFactors) else 1 for norm in _assumed(norms))


def draw_norms(norms: Norms, rng: np.random.Generator) -> Norms:
    """Return norms in which every number that is assumed is multiplied by its own factor, 1 ± ``SPREAD`` evenly.

    Shares stay at most 1.
    """
    drawn: Norms = _draw(norms, rng, is_share=False)
    return drawn


def _assumed(node: Any) -> Iterator[Sourced | DayFactors]:
    if isinstance(node, Sourced | DayFactors):
        if is_assumed(node):
            yield node
    elif isinstance(node, dict):
        for child in node.values():
            yield from _assumed(child)
    elif is_dataclass(node):
        for each in fields(node):
            yield from _assumed(getattr(node, each.name))


def _draw(node: Any, rng: np.random.Generator, *, is_share: bool) -> Any:
    if isinstance(node, Sourced):
        return replace(node, value=_vary(node.value, rng, 1.0 if is_share else np.inf)) if is_assumed(node) else node
    if isinstance(node, DayFactors):
        parts: dict[str, Any] = {part: _vary(getattr(node, part), rng, _LARGEST_FACTOR) for part in DayPart}
        return replace(node, **parts) if is_assumed(node) else node
    if isinstance(node, dict):
        return {code: _draw(child, rng, is_share=False) for code, child in node.items()}
    if not is_dataclass(node) or isinstance(node, type):
        return node
    has_shares = isinstance(node, Attendance | Availability | ShareByMode)
    children = {each.name: getattr(node, each.name) for each in fields(node)}
    return replace(
        node,
        **{name: _draw(child, rng, is_share=has_shares or name in _SHARES) for name, child in children.items()},
    )


def _vary(value: float, rng: np.random.Generator, most: float) -> float:
    return float(min(value * rng.uniform(1 - SPREAD, 1 + SPREAD), most))
