"""Who is on duty when: rosters as arrays in, duties as arrays out; nothing here knows a place, a name or a store."""

from geo.optimise.duties.capacity import Capacity, find_capacity, make_classes
from geo.optimise.duties.explain import BLOCKS, DutyReasons, OpenSeatReason, OpenSeats, explain_duties, explain_open
from geo.optimise.duties.judge import RosterCost, judge
from geo.optimise.duties.place import NO_POST, Placement, PostData, place_duties, pool_posts
from geo.optimise.duties.problem import (
    ANY,
    NO_DUTIES,
    NOT_YES,
    NOWHERE,
    Duties,
    DutyCaps,
    MemberData,
    RosterProblem,
    SeatData,
    SlotData,
    make_members,
    make_roster_problem,
    make_slots,
)
from geo.optimise.duties.solve import RosterProposal, solve_roster

__all__ = [
    "ANY",
    "BLOCKS",
    "NOT_YES",
    "NOWHERE",
    "NO_DUTIES",
    "NO_POST",
    "Capacity",
    "Duties",
    "DutyCaps",
    "DutyReasons",
    "MemberData",
    "OpenSeatReason",
    "OpenSeats",
    "Placement",
    "PostData",
    "RosterCost",
    "RosterProblem",
    "RosterProposal",
    "SeatData",
    "SlotData",
    "explain_duties",
    "explain_open",
    "find_capacity",
    "judge",
    "make_classes",
    "make_members",
    "make_roster_problem",
    "make_slots",
    "place_duties",
    "pool_posts",
    "solve_roster",
]
