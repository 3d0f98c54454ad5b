"""Shifts made from need, and what a roster of them would ask of people."""

from dataclasses import dataclass

from geo.schema import Layer
from services.assignment import people_inside
from services.catalog.actions import Action
from services.context import Context, Transaction, Work
from services.coverage import CoverageInputs
from services.coverage.posts import post_frame, read_posts, zone_chain
from services.rostering.drafts import change_roster_once, fetch_roster_for, roster_scope
from services.rostering.errors import ManyShiftsError, NoPostsError
from services.rostering.model import Roster, RosterSettings, minute, settings_json
from services.rostering.seating import ShiftPlan, plan_shifts
from services.rules.roster.duties import LIVE
from services.rules.roster.pattern import shift_windows

MOST_SHIFTS = 100_000
"""More than a month of 200 posts by 2 hours."""


@dataclass(frozen=True, slots=True)
class Generation:
    """What became of the shifts of a roster."""

    roster: Roster
    shifts: int
    seats: int
    need: float
    new_posts: int
    no_longer_needed: int
    """Shifts that nobody needs any more, kept as somebody stands in them."""
    people: int
    """Members of the area who belong to a grid."""


def look_at_shifts(
    context: Context, roster_id: int, inputs: CoverageInputs, settings: RosterSettings
) -> tuple[Roster, ShiftPlan, int]:
    """Return a roster, the shifts that need asks for, and how many people there are, before anything is written."""
    with context.look(Action.KEEP_ROSTER) as tx:
        roster = fetch_roster_for(context, tx, roster_id)
        return roster, _plan(context, tx, roster, inputs, settings), _count_people(context, tx, roster)


def generate_shifts(
    context: Context, roster_id: int, inputs: CoverageInputs, settings: RosterSettings, *, event_id: str
) -> Generation:
    """Make the shifts that need asks for, and the posts they take where there are none.

    Shifts that are there keep their people and get the seats of now; those that nobody needs are deleted unless
    somebody stands in them.

    Raises
    ------
    ManyShiftsError
        If there would be too many.
    NoPostsError
        If nobody is needed anywhere.
    """
    done: list[Generation] = []

    def generate(work: Work, roster: Roster) -> None:
        plan = _plan(work.context, work.tx, roster, inputs, settings)
        if plan.new_posts:
            work.tx.upsert(Layer.POSTS, post_frame(plan.new_posts))
        kept = _write(work, roster, plan)
        work.tx.rosters.set_roster(roster_id, settings=settings_json(settings))
        people = _count_people(work.context, work.tx, roster)
        work.note(shifts=plan.count, seats=plan.total, posts=len(plan.new_posts))
        done.append(Generation(roster, plan.count, plan.total, plan.need, len(plan.new_posts), kept, people))

    roster = change_roster_once(context, roster_id, event_id, generate)
    if done:
        return done[0]
    _, plan, people = look_at_shifts(context, roster_id, inputs, settings)
    return Generation(roster, plan.count, plan.total, plan.need, 0, 0, people)


def _plan(
    context: Context, tx: Transaction, roster: Roster, inputs: CoverageInputs, settings: RosterSettings
) -> ShiftPlan:
    scope = roster_scope(context, tx, roster)
    facts = inputs.levels[Layer.COMMUNITIES].facts
    communities = [str(code) for code in facts.index if scope.holds(Layer.COMMUNITIES, str(code))]
    posts = read_posts(tx, zone_chain(inputs), scope)
    if settings.kinds:
        posts = {code: post for code, post in posts.items() if post.kind.value in {*settings.kinds, "roaming"}}
    windows = shift_windows(settings.pattern, roster.period.start.date(), roster.days, settings.hours)
    plan = plan_shifts(inputs, roster.mode, windows, communities, posts, settings.kinds)
    if not plan.posts:
        raise NoPostsError
    if plan.count > MOST_SHIFTS:
        raise ManyShiftsError(plan.count, MOST_SHIFTS)
    return plan


def _write(work: Work, roster: Roster, plan: ShiftPlan) -> int:
    """Write the shifts of a plan in place of those there; return how many nobody needs but somebody stands in."""
    rosters = work.tx.rosters
    rows = [
        {
            "roster_id": roster.id,
            "post_code": code,
            "start": minute(window.start),
            "end": minute(window.end),
            "seats": int(seats),
            "needed": float(plan.needed[code][place]) if code in plan.needed else float(seats),
        }
        for code in plan.posts
        for place, (window, seats) in enumerate(zip(plan.windows, plan.seats[code], strict=True))
        if seats
    ]
    fresh = {(row["post_code"], row["start"], row["end"]) for row in rows}
    old = [row for row in rosters.read_shifts(roster.id) if (row["post_code"], row["start"], row["end"]) not in fresh]
    live = {state.value for state in LIVE}
    duties = rosters.read_duties(roster.id)
    held = {duty["shift_id"] for duty in duties}
    standing = {duty["shift_id"] for duty in duties if duty["state"] in live}
    rosters.delete_shifts([row["id"] for row in old if row["id"] not in held])
    rosters.put_shifts([*rows, *({**row, "seats": 0, "needed": 0.0} for row in old if row["id"] in held)])
    return len(standing & {row["id"] for row in old})


def _count_people(context: Context, tx: Transaction, roster: Roster) -> int:
    return len(people_of_area(context, tx, roster))


def people_of_area(context: Context, tx: Transaction, roster: Roster) -> list[str]:
    """Return the members whose grid lies inside the area of a roster, by code."""
    people = people_inside(context.within(roster.area), tx, [])
    return [str(code) for code in people.index[people["grid_code"].notna().to_numpy()]]
