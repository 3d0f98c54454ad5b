"""Rows as the store hands them out, and how many are asked for by their keys at once."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

Row = Mapping[str, Any]
"""Values by column."""

_AT_ONCE: Final = 500
"""A statement takes so many values; more keys are asked for in several."""


def in_parts(codes: Collection[str]) -> Iterator[list[str]]:
    """Yield the distinct codes, sorted, in parts that one statement takes.

    Examples
    --------
    >>> list(in_parts(["B", "A", "B"]))
    [['A', 'B']]
    """
    distinct = sorted(set(codes))
    return (distinct[start : start + _AT_ONCE] for start in range(0, len(distinct), _AT_ONCE))
