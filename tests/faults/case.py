"""What a use case that writes is tried with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.context import Context


@dataclass(frozen=True)
class Case:
    """A use case: what has to be there, what is done then, and where in the code it writes."""

    name: str
    places: tuple[str, ...]
    """The functions that open its writing transactions."""
    prepare: Callable[[Context], Any]
    act: Callable[[Context, Any], object]
    needs_empty_store: bool = False


def nothing(_office: Context) -> None:
    """Need nothing beforehand."""
