"""How many people of which team go to which grid, at the least cost of need missing, people and ways."""

from geo.optimise.crews import Crew, CrewLimits
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
from geo.optimise.propose import (
    Goal,
    Proposal,
    StopReason,
    WindowsProblem,
    WindowsProposal,
    propose,
    propose_windows,
)
from geo.optimise.search import Progress
from geo.optimise.weights import Weights

__all__ = [
    "NO_PINS",
    "OUTSIDE",
    "Crew",
    "CrewLimits",
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
    "WindowsProblem",
    "WindowsProposal",
    "make_grids",
    "make_problem",
    "make_teams",
    "propose",
    "propose_windows",
    "reach_of_teams",
]
