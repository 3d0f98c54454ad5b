"""How many people of which team go to which grid, at the least cost of need missing, people and ways."""

from geo.optimise.explain import MoveReason, OpenGrid, ProposedMove, ShortageReason
from geo.optimise.problem import (
    NO_PINS,
    OUTSIDE,
    GridData,
    Pins,
    ProblemData,
    TeamData,
    make_grids,
    make_problem,
    make_teams,
    reach_of_teams,
)
from geo.optimise.propose import Goal, Proposal, StopReason, propose
from geo.optimise.search import Progress
from geo.optimise.weights import Weights

__all__ = [
    "NO_PINS",
    "OUTSIDE",
    "Goal",
    "GridData",
    "MoveReason",
    "OpenGrid",
    "Pins",
    "ProblemData",
    "Progress",
    "Proposal",
    "ProposedMove",
    "ShortageReason",
    "StopReason",
    "TeamData",
    "Weights",
    "make_grids",
    "make_problem",
    "make_teams",
    "propose",
    "reach_of_teams",
]
