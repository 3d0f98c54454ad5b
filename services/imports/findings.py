"""What was found in rows: a problem, and what was done about it."""

from dataclasses import dataclass
from enum import StrEnum

from geo.errors import Problem


class Treatment(StrEnum):
    """What was done about a fault."""

    REJECTED = "rejected"
    """The row was not taken."""
    LEFT_OUT = "left_out"
    """The row was taken without this value."""
    KEPT = "kept"
    """The row was taken without this value; what is stored stays."""
    NOTED = "noted"
    """The row was taken; the user should know how it was understood."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault and what was done about it."""

    problem: Problem
    action: Treatment
