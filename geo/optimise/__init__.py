"""Which team goes to which grid: least unmet need first, then least travel, then fewest teams."""

from geo.optimise.explain import Open, OpenGrid, ProposedMove, Why
from geo.optimise.problem import (
    NO_PINS,
    OUTSIDE,
    Grids,
    Pins,
    Problem,
    Teams,
    make_grids,
    make_teams,
    pose,
    reach_of_teams,
)
from geo.optimise.propose import Ended, Goal, Proposal, propose
from geo.optimise.search import Progress

__all__ = [
    "NO_PINS",
    "OUTSIDE",
    "Ended",
    "Goal",
    "Grids",
    "Open",
    "OpenGrid",
    "Pins",
    "Problem",
    "Progress",
    "Proposal",
    "ProposedMove",
    "Teams",
    "Why",
    "make_grids",
    "make_teams",
    "pose",
    "propose",
    "reach_of_teams",
]
