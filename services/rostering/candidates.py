"""Who could take an open seat, the first to ask first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.catalog.actions import Action
from services.context import Context, Transaction
from services.coverage import CoverageInputs
from services.rostering.drafts import fetch_shift_for
from services.rostering.duty_check import breaches_of
from services.rostering.generation import people_of_area
from services.rostering.ground import DutyGround, RosterMember, read_ground
from services.rostering.model import Roster
from services.rostering.norms import load_roster_norms
from services.rostering.package_rows import read_accepted
from services.rostering.shift_needs import need_breaches, read_missing
from services.rules.people import mask_name
from services.rules.roster.duties import Duty, Shift, seats_taken
from services.rules.roster.posts import Post
from services.rules.roster.ranking import EARLIER, SeatCandidate, load_of, rank_candidates


@dataclass(frozen=True, slots=True)
class RankedPerson:
    """A candidate as lists show one."""

    candidate: SeatCandidate
    name: str
    """Masked."""
    unit_code: str


def find_candidates(
    context: Context, roster_id: int, shift_id: int, inputs: CoverageInputs, *, limit: int = 20
) -> list[RankedPerson]:
    """Return the people of a roster's area who could take a seat of a shift, the first to ask first.

    Raises
    ------
    UnknownShiftError
        If there is no such shift in the roster.
    """
    with context.look(Action.KEEP_ROSTER) as tx:
        roster, shift = fetch_shift_for(context, tx, roster_id, shift_id)
        people = {*people_of_area(context, tx, roster), *_batch_members(tx, shift)}
        ground = read_ground(context, tx, roster, inputs, people, shift.window)
        missing = read_missing(tx, [shift_id], tx.rosters.read_duties_in([shift_id]))
        here = [duty for duties in ground.duties.values() for duty in duties if duty.shift_id == shift_id]
    return rank_people(ground, roster, shift, here, missing)[:limit]


def rank_people(
    ground: DutyGround, roster: Roster, shift: Shift, here: Sequence[Duty], missing: Mapping[str, int]
) -> list[RankedPerson]:
    """Return those of some people who could take a seat of a shift and are none of those here, the first first.

    ``missing``: how many of each kind of people the shift still asks for (``read_missing``).
    """
    there = {duty.member_code for duty in here}
    taken = seats_taken(here).get(shift.id, 0)
    post = ground.posts.get(shift.post_code)
    if post is None:
        return []
    weight = load_roster_norms().night_weight.factor.value
    candidates = [
        _candidate(ground, roster, shift, post, person, taken, weight, missing)
        for code, person in ground.people.items()
        if code not in there
    ]
    return [_named(ground, each) for each in rank_candidates(candidates)]


def _batch_members(tx: Transaction, shift: Shift) -> frozenset[str]:
    """Return whom a unit named for the time of a shift in its package, wherever they live."""
    own = (each for each in read_accepted(tx, shift.window) if each.holds(shift.post_code, shift.window.start))
    batches = (package.batch_at(shift.window.start) for package in own)
    return frozenset(member for batch in batches if batch for member in batch.members)


def _candidate(
    ground: DutyGround,
    roster: Roster,
    shift: Shift,
    post: Post,
    person: RosterMember,
    taken: int,
    weight: float,
    missing: Mapping[str, int],
) -> SeatCandidate:
    breaches = [
        *breaches_of(ground, shift, person.code, min(taken, shift.seats - 1)),
        *need_breaches(missing, shift.seats - taken, person.skills, shift.window.start.date()),
    ]
    duties = ground.duties.get(person.code, ())
    within = [duty for duty in duties if roster.period.start <= duty.window.start < roster.period.end]
    since = roster.period.start - EARLIER
    before = [duty for duty in duties if since <= duty.window.start < roster.period.start]
    ended = [duty.window.end for duty in duties if duty.window.end <= shift.window.start]
    return SeatCandidate(
        member_code=person.code,
        breaches=tuple(breaches),
        answer=ground.answer(person.code, shift.window),
        load=sum(load_of(duty.window, weight) for duty in within),
        earlier_load=sum(load_of(duty.window, weight) for duty in before),
        distance=_distance(ground, person, post),
        minutes=ground.minutes(person.grid_code, post),
        count=len(within),
        last_until=max(ended, default=None),
    )


def _distance(ground: DutyGround, person: RosterMember, post: Post) -> int:
    if person.grid_code == post.grid_code:
        return 0
    return 1 if ground.chain.community_of_grid.get(person.grid_code) == post.community_code else 2


def _named(ground: DutyGround, candidate: SeatCandidate) -> RankedPerson:
    person = ground.people[candidate.member_code]
    return RankedPerson(candidate, mask_name(person.name), person.unit_code)
