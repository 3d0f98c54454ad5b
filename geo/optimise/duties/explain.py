"""Why somebody is on duty, and why a seat stays open: facts for one-line sentences, told elsewhere.

Worked out from the duties and the rules of the problem (``time_rules``), not from the model, so that each can be taken
at its word.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from geo.arrays import Flags, Floats, Ints, Positions
from geo.optimise.duties.judge import fill, heads_at
from geo.optimise.duties.problem import ANY, WEEK_DAYS, Duties, RosterProblem, RuleKind, clashes, time_rules


class OpenSeatReason(StrEnum):
    """Why a seat stays open; from ``HELPS_ELSEWHERE`` on what is against most of those who could come."""

    NOBODY_FREE = "nobody_free"
    OUT_OF_REACH = "out_of_reach"
    """Everybody who is free lives too far away."""
    NO_SKILL = "no_skill"
    """Nobody in reach who is free has the skill."""
    SEARCH_STOPPED = "search_stopped"
    """Somebody could still come: the search was stopped before the best roster was found."""
    HELPS_ELSEWHERE = "helps_elsewhere"
    """They are on duty in another seat at that time."""
    FULL_WEEK = "full_week"
    """They have all the duties that one takes in a week."""
    FULL_NIGHT = "full_night"
    FULL_PART = "full_part"
    """They have as many duties in that part of the day as they have time for."""
    FULL_DAY = "full_day"
    REST = "rest"
    """They would not rest long enough before or after another duty."""


BLOCKS: Final = tuple(OpenSeatReason)[3:]
"""What may be against somebody who is free, in reach and skilled: nothing first, then the strongest first."""
_OF_RULE: Final = {
    RuleKind.DAY: OpenSeatReason.FULL_DAY,
    RuleKind.PART: OpenSeatReason.FULL_PART,
    RuleKind.NIGHT: OpenSeatReason.FULL_NIGHT,
    RuleKind.WEEK: OpenSeatReason.FULL_WEEK,
}


@dataclass(frozen=True, slots=True)
class DutyReasons:
    """What speaks for each of ``d`` duties, each of shape (d,)."""

    able: Ints
    """Members who are free then, in reach and have the skill, this one among them; 0 in a seat of another roster."""
    nth: Ints
    """The member's first, second, … duty of the week, weeks counted from the first day."""
    is_pinned: Flags
    is_published: Flags
    is_away: Flags
    """In another zone than the member's."""


@dataclass(frozen=True, slots=True)
class OpenSeats:
    """Where and when seats stay open, those of most weight first; ``o`` places, each of shape (o,)."""

    zone: Positions
    slot: Positions
    skill: Positions
    missing: Ints
    weight: Floats
    """Of the missing seats together."""
    why: tuple[OpenSeatReason, ...]
    able: Ints
    """Members who are free then, in reach and have the skill, whatever else is against them."""
    against: Ints
    """How many of them each of ``BLOCKS`` is against, shape (o, blocks)."""


def explain_duties(problem: RosterProblem, duties: Duties) -> DutyReasons:
    """Return what speaks for each duty."""
    members, slots = problem.members, problem.slots
    comers = _Comers.of(problem, duties)
    able = np.array([comers.able(*place).sum() if place[0] >= 0 else 0 for place in _places(duties)], dtype=np.int64)
    week = slots.day[duties.slot] // WEEK_DAYS
    order = np.lexsort((duties.slot, week, duties.member))
    groups = np.column_stack([duties.member, week])[order]
    begins = np.append(True, (np.diff(groups, axis=0) != 0).any(axis=1))[: order.size]
    nth = np.empty(order.size, np.int64)
    at = np.arange(order.size)
    nth[order] = at - np.maximum.accumulate(np.where(begins, at, 0)) + 1
    return DutyReasons(
        able,
        nth,
        _flags(problem, problem.pins)[duties.member, duties.slot],
        _flags(problem, problem.published)[duties.member, duties.slot],
        (duties.zone >= 0) & (duties.zone != members.home[duties.member]),
    )


def explain_open(problem: RosterProblem, duties: Duties) -> OpenSeats:
    """Return which seats the duties leave open, and why."""
    seats = problem.seats
    left = seats.count - fill(seats, heads_at(problem, duties))
    missing = np.zeros((problem.skills, *left.shape[1:]), np.int64)
    weight = np.zeros(missing.shape)
    np.add.at(missing, seats.skill, left)
    np.add.at(weight, seats.skill, left * seats.weight)
    skill, zone, slot = np.nonzero(missing)
    order = np.argsort(-weight[skill, zone, slot], kind="stable")
    places = Duties(np.zeros(order.size, np.intp), slot[order], zone[order], skill[order])
    comers = _Comers.of(problem, duties)
    against = np.array([comers.able(*place) for place in _places(places)], np.int64).reshape(-1, len(BLOCKS))
    at = (places.skill, places.zone, places.slot)
    why = tuple(comers.why(*place, row) for place, row in zip(_places(places), against, strict=True))
    return OpenSeats(places.zone, places.slot, places.skill, missing[at], weight[at], why, against.sum(axis=1), against)


@dataclass(frozen=True, slots=True)
class _Comers:
    """Who is free when, by home and skill, and what is against them."""

    near: Flags
    counts: Ints
    """Free members by home, skill, slot and what is against them, shape (z, skills, t, blocks)."""

    @classmethod
    def of(cls, problem: RosterProblem, duties: Duties) -> "_Comers":
        members = problem.members
        block = _blocks(problem, duties)
        member, slot = np.nonzero(members.free > 0)
        shape = (len(problem.near), problem.skills, problem.slots.start.size, len(BLOCKS))
        at = np.ravel_multi_index((members.home[member], members.skill[member], slot, block[member, slot]), shape)
        return cls(problem.near, np.bincount(at, minlength=int(np.prod(shape))).reshape(shape))

    def able(self, zone: int, slot: int, skill: int) -> Ints:
        """Return how many are free, in reach and skilled, by what is against them; shape (blocks,)."""
        return np.asarray(self._near(zone, slot)[slice(None) if skill == ANY else [skill]].sum(axis=0))

    def why(self, zone: int, slot: int, skill: int, against: Ints) -> OpenSeatReason:
        """Return why a seat is open where so many are free, in reach and skilled."""
        if against.any():
            return BLOCKS[0 if against[0] else int(np.argmax(against))]
        if self._near(zone, slot).any():
            return OpenSeatReason.NO_SKILL
        return OpenSeatReason.OUT_OF_REACH if self.counts[:, :, slot].any() else OpenSeatReason.NOBODY_FREE

    def _near(self, zone: int, slot: int) -> Ints:
        return np.asarray(self.counts[self.near[:, zone], :, slot].sum(axis=0))


def _places(duties: Duties) -> list[tuple[int, int, int]]:
    return list(zip(duties.zone.tolist(), duties.slot.tolist(), duties.skill.tolist(), strict=True))


def _flags(problem: RosterProblem, duties: Duties) -> Flags:
    flags = np.zeros(problem.members.free.shape, np.bool_)
    flags[duties.member, duties.slot] = True
    return flags


def _blocks(problem: RosterProblem, duties: Duties) -> Ints:
    """Return what is against a further duty of each member in each slot, as positions in ``BLOCKS``; (m, t)."""
    on_duty, slots = _flags(problem, duties), problem.slots
    movable = on_duty & ~_flags(problem, problem.pins)
    block = np.zeros(on_duty.shape, np.int64)

    def against(reason: OpenSeatReason, where: Flags) -> None:
        block[where] = BLOCKS.index(reason)

    against(OpenSeatReason.REST, on_duty @ clashes(slots, problem.caps.rest))
    rules = list(time_rules(problem))
    for kind, reason in _OF_RULE.items():
        for rule in (rule for rule in rules if rule.kind is kind):
            is_full = movable[:, rule.slots].sum(axis=1) >= rule.most
            against(reason, is_full[:, None] & rule.slots)
    against(OpenSeatReason.HELPS_ELSEWHERE, on_duty @ clashes(slots, 0))
    return block
