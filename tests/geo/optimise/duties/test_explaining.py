"""Reasons taken at their word, with the rules as the tests have them, each by itself."""

from dataclasses import replace

import numpy as np
import pytest

from geo.optimise.duties import (
    ANY,
    BLOCKS,
    Duties,
    DutyCaps,
    OpenSeatReason,
    RosterProblem,
    explain_duties,
    explain_open,
    judge,
    solve_roster,
)
from tests.geo.optimise.duties.small_rosters import breaks_a_rule, faults, random_roster

MANY = 99
NEVER = -(10**9)
SEEDS = range(200)


def with_only(problem: RosterProblem, reason: OpenSeatReason) -> RosterProblem:
    """Return the problem in which nothing holds but what a reason names."""
    caps = problem.caps
    lax = DutyCaps(week=MANY, day=MANY, night=MANY, rest=NEVER)
    no_night = replace(problem.slots, is_night=np.zeros_like(problem.slots.is_night))
    no_parts = replace(problem.members, part_most=np.full_like(problem.members.part_most, MANY))
    bare = replace(problem, slots=no_night, members=no_parts, caps=lax)
    return {
        OpenSeatReason.HELPS_ELSEWHERE: replace(bare, caps=replace(lax, rest=0)),
        OpenSeatReason.FULL_WEEK: replace(bare, caps=replace(lax, week=caps.week)),
        OpenSeatReason.FULL_NIGHT: replace(bare, slots=problem.slots, caps=replace(lax, night=caps.night)),
        OpenSeatReason.FULL_PART: replace(bare, members=problem.members),
        OpenSeatReason.FULL_DAY: replace(bare, caps=replace(lax, day=caps.day)),
        OpenSeatReason.REST: replace(bare, caps=replace(lax, rest=caps.rest)),
    }[reason]


def holds_against(problem: RosterProblem, reason: OpenSeatReason, duties: Duties, member: int, slot: int) -> bool:
    """Whether one more duty breaks what a reason names."""
    taken = set(duties.slot[duties.member == member].tolist())
    if slot in taken:
        return reason is OpenSeatReason.HELPS_ELSEWHERE
    pinned = set(problem.pins.slot[problem.pins.member == member].tolist())
    return breaks_a_rule(with_only(problem, reason), member, taken | {slot}, pinned)


def able_members(problem: RosterProblem, zone: int, slot: int, skill: int) -> list[int]:
    members = problem.members
    return [
        m
        for m in np.flatnonzero(members.free[:, slot] > 0).tolist()
        if problem.near[members.home[m], zone] and skill in {ANY, members.skill[m]}
    ]


def some_of(duties: Duties, problem: RosterProblem, rng: np.random.Generator) -> Duties:
    """Return about half of the duties, all pinned ones among them."""
    pins = set(zip(problem.pins.member.tolist(), problem.pins.slot.tolist(), strict=True))
    kept = [(m, t) in pins or rng.random() < 0.5 for m, t in zip(duties.member, duties.slot, strict=True)]
    return duties.where(np.array(kept, dtype=bool))


@pytest.mark.parametrize("is_best", [True, False])
def test_every_open_seat_has_a_reason_that_holds(is_best):
    told = set()
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        problem = random_roster(rng, most_members=6, most_slots=7)
        found = solve_roster(problem)
        duties = found.duties if is_best else some_of(found.duties, problem, rng)
        seats = explain_open(problem, duties)
        left = problem.seats.count - judge(problem, duties).filled
        assert seats.missing.sum() == left.sum()
        assert seats.weight.sum() == pytest.approx((left * problem.seats.weight).sum())
        for nth, why in enumerate(seats.why):
            place = int(seats.zone[nth]), int(seats.slot[nth]), int(seats.skill[nth])
            told.add(why)
            check_reason(problem, duties, place, why, seats.against[nth].tolist())
            assert seats.able[nth] == len(able_members(problem, *place))
    assert (OpenSeatReason.SEARCH_STOPPED in told) is not is_best
    assert is_best or told == set(OpenSeatReason)


def check_reason(problem, duties, place, why, against) -> None:
    zone, slot, skill = place
    able = able_members(problem, *place)
    anybody = np.flatnonzero(problem.members.free[:, slot] > 0)
    if not able:
        near = [m for m in anybody if problem.near[problem.members.home[m], zone]]
        far = OpenSeatReason.OUT_OF_REACH if anybody.size else OpenSeatReason.NOBODY_FREE
        assert why is (OpenSeatReason.NO_SKILL if near else far)
        return
    first = [
        next((reason for reason in BLOCKS[1:] if holds_against(problem, reason, duties, m, slot)), BLOCKS[0])
        for m in able
    ]
    assert against == [first.count(reason) for reason in BLOCKS]
    if BLOCKS[0] in first:
        assert why is OpenSeatReason.SEARCH_STOPPED
        comer = able[first.index(BLOCKS[0])]
        assert faults(problem, duties.and_also(Duties(*(np.array([one]) for one in (comer, slot, zone, skill))))) == []
    else:
        assert first.count(why) == max(against)


def test_whoever_helps_elsewhere_would_not_help_more_in_the_open_seat():
    tried = 0
    for seed in SEEDS:
        problem = random_roster(np.random.default_rng(seed), most_members=6, most_slots=5)
        found = solve_roster(problem)
        pinned = set(zip(problem.pins.member.tolist(), problem.pins.slot.tolist(), strict=True))
        seats = explain_open(problem, found.duties)
        for zone, slot, skill in zip(seats.zone.tolist(), seats.slot.tolist(), seats.skill.tolist(), strict=True):
            for member in able_members(problem, zone, slot, skill):
                at = (found.duties.member == member) & (found.duties.slot == slot)
                if at.any() and (member, slot) not in pinned:
                    moved = replace(
                        found.duties,
                        zone=np.where(at, zone, found.duties.zone),
                        skill=np.where(at, skill, found.duties.skill),
                    )
                    tried += 1
                    assert judge(problem, moved).cost >= found.cost.value - 1e-6
    assert tried > 50


def test_a_duty_tells_who_else_could_come_and_which_of_the_week_it_is():
    for seed in SEEDS:
        problem = random_roster(np.random.default_rng(seed), most_members=6, most_slots=7)
        duties = solve_roster(problem).duties
        reasons = explain_duties(problem, duties)
        known = set(zip(problem.published.member.tolist(), problem.published.slot.tolist(), strict=True))
        for nth, (member, slot, zone, skill) in enumerate(
            zip(*(part.tolist() for part in (duties.member, duties.slot, duties.zone, duties.skill)), strict=True)
        ):
            week = problem.slots.day[slot] // 7
            mine = [t for t in duties.slot[duties.member == member].tolist() if problem.slots.day[t] // 7 == week]
            assert reasons.nth[nth] == sorted(mine).index(slot) + 1
            assert reasons.able[nth] == (len(able_members(problem, zone, slot, skill)) if zone >= 0 else 0)
            assert reasons.is_published[nth] == ((member, slot) in known)
            assert reasons.is_pinned[nth] == (nth < problem.pins.slot.size)
            assert reasons.is_away[nth] == (zone not in {-1, problem.members.home[member]})
