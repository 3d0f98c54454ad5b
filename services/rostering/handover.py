"""The handover of an area: what published rosters say of now and of the next two hours, post by post."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import pandas as pd

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, Transaction
from services.coverage import CoverageInputs
from services.coverage.posts import read_posts, zone_chain
from services.rostering.drafts import roster_scope
from services.rostering.groups import DutyGroup, groups_of, read_group_names
from services.rostering.model import Roster, RosterState, duty_from_row, minute, roster_from_row, shift_from_row
from services.rules.areas import Scope
from services.rules.people import mask_name
from services.rules.roles import may
from services.rules.roster.duties import DutyState
from services.rules.roster.handover import SOON, PostHandover, Stint, count_heads, find_handovers
from services.rules.roster.posts import Post
from services.rules.windows import DAY

MINUTE: Final = timedelta(minutes=1)
_PLACE: Final = ["grid_code", "community_code", "unit_code"]


@dataclass(frozen=True)
class Handover:
    """Every post of an area at a minute, and what changes there within two hours."""

    at: datetime
    until: datetime
    rows: Sequence[PostHandover]
    """The most pressing first; without codes of members who are not named."""
    posts: Mapping[str, Post]
    """Those of the rows, by code."""
    names: Mapping[str, str]
    """Of members who belong to the area, masked, by code; empty for whoever may see counts alone."""
    groups: Mapping[DutyGroup, str]
    """Names of the teams and units whose people stand there."""
    communities: Mapping[str, str]
    """Names of those in which the posts lie, by code."""
    rosters: int
    """How many published rosters hold at the time for this area."""

    def within(self, community: str) -> "Handover":
        """Return what lies in one community; all of it without one."""
        rows = [row for row in self.rows if community in {"", self.posts[row.post_code].community_code}]
        return replace(self, rows=rows)

    @property
    def figures(self) -> "HandoverFigures":
        """What stands above the posts."""
        return HandoverFigures(
            unmanned=sum(row.unmanned_from == self.at for row in self.rows),
            unmanned_soon=sum(row.unmanned_from is not None and row.unmanned_from > self.at for row in self.rows),
            people=sum(row.heads for row in self.rows),
            seats=sum(row.seats for row in self.rows),
            open=sum(row.open_seats for row in self.rows),
            open_soon=sum(each.seats for row in self.rows for each in row.open_soon),
            departures=sum(count_heads(row.departures) for row in self.rows),
            arrivals=sum(count_heads(row.arrivals) for row in self.rows),
            reserves=sum(row.reserves for row in self.rows),
            to_confirm=count_heads(each for row in self.rows for each in row.people if _is_to_confirm(each)),
        )


@dataclass(frozen=True, slots=True)
class HandoverFigures:
    """People, seats and posts of a handover."""

    unmanned: int
    """Posts where people are needed and nobody is."""
    unmanned_soon: int
    """Posts where it will be so within the two hours."""
    people: int
    """Who are there."""
    seats: int
    open: int
    """Seats of shifts that run and nobody has taken."""
    open_soon: int
    """Of shifts that begin within the two hours."""
    departures: int
    arrivals: int
    reserves: int
    """People who stand by for shifts that run."""
    to_confirm: int
    """Of those who are there, who has not confirmed; the map counts the others alone."""


def read_handover(context: Context, inputs: CoverageInputs, at: datetime) -> Handover:
    """Return who is where at a minute, who leaves and comes within two hours, and what is open.

    Published rosters count, those of wider areas too, and of them the posts in use inside the actor's area. Members are
    named who belong there; others are counted.
    """
    at = at.replace(second=0, microsecond=0)
    until = at + SOON
    with context.look(Action.VIEW_ROSTER) as tx:
        scope = context.scope_in(tx)
        # The last shift of a roster may go on into the day after it.
        stored = tx.rosters.read_rosters([RosterState.PUBLISHED], minute(at - DAY), minute(until + MINUTE))
        rosters = [roster for roster in (roster_from_row(row, 0) for row in stored) if _concerns(context, tx, roster)]
        near = tx.rosters.read_shifts_between([roster.id for roster in rosters], minute(at), minute(until))
        posts = read_posts(tx, zone_chain(inputs), scope) if near else {}
        shifts = [shift for shift in map(shift_from_row, near) if shift.post_code in posts]
        duties = [duty_from_row(row) for row in tx.rosters.read_duties_in([shift.id for shift in shifts])]
        rows = find_handovers(shifts, duties, at)
        names = _names(tx, scope, rows) if may(context.actor, Action.VIEW_PEOPLE) else {}
        groups = read_group_names(tx, groups_of(stint.duty for row in rows for stint in (*row.people, *row.arrivals)))
    rows = [_unname(row, names) for row in rows]
    here = {row.post_code: posts[row.post_code] for row in rows}
    known = inputs.levels[Layer.COMMUNITIES].facts["name"]
    codes = sorted({post.community_code for post in here.values()})
    communities = {code: str(known.get(code, code)) for code in codes}
    holding = sum(roster.period.start <= until and at < roster.period.end for roster in rosters)
    return Handover(at, until, rows, here, names, groups, communities, holding)


def _is_to_confirm(stint: Stint) -> bool:
    return stint.duty.state is DutyState.ASKED


def _concerns(context: Context, tx: Transaction, roster: Roster) -> bool:
    """Return whether a roster may hold posts inside the actor's area."""
    own = context.scope_in(tx)
    return own.covers(roster.area) or roster_scope(context, tx, roster).covers(own.area)


def _names(tx: Transaction, scope: Scope, rows: Sequence[PostHandover]) -> dict[str, str]:
    """Return what the people of some posts are called, masked, who belong inside an area."""
    codes = {stint.duty.member_code for row in rows for stint in (*row.people, *row.arrivals)} - {""}
    places = pd.DataFrame.from_dict(tx.people.read_places(codes), orient="index", columns=_PLACE)
    inside = scope.people(places)
    people = tx.people.read(set(inside.index[inside]))
    return {str(code): mask_name(str(name)) for code, name in people["name"].items()}


def _unname(row: PostHandover, names: Mapping[str, str]) -> PostHandover:
    """Return the same with counts in place of members who are not named."""
    people, departures, arrivals = (
        tuple(_unname_stint(stint, names) for stint in stints) for stints in (row.people, row.departures, row.arrivals)
    )
    return replace(row, people=people, departures=departures, arrivals=arrivals)


def _unname_stint(stint: Stint, names: Mapping[str, str]) -> Stint:
    if stint.duty.member_code in names:
        return stint
    return replace(stint, duty=replace(stint.duty, member_code=""))
