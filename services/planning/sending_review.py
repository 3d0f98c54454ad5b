"""What a planner reads before a plan is sent: who goes, who gives and gets, what was set aside, what stays open."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from geo.scenario import Totals, compare, total
from geo.schema import Layer
from services.context import Context
from services.i18n import Text
from services.planning.meeting_points import NOT_STATED, MeetingPoint, Zone, read_meeting_points
from services.planning.model import Move, Plan
from services.planning.preview import flows_of_plan, preview
from services.planning.snapshot import PlanningSnapshot, home_of, team_table


@dataclass(frozen=True, slots=True)
class CommunityShare:
    """What a community gives or gets by a plan."""

    name: str
    """Empty for teams without a home."""
    teams: int
    people: int
    need: float
    """Persons, in all its grids."""
    gap_before: float
    """Persons missing in its grids without the plan."""
    gap_after: float


@dataclass(frozen=True, slots=True)
class OverruledMove:
    """A move that breaks rules which somebody set aside."""

    team_name: str
    place: str
    breaches: tuple[Text, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class SplitTeam:
    """A team of which some people are under orders already in the window."""

    name: str
    people: int
    """Who are out already."""
    sent_to: str


@dataclass(frozen=True, slots=True)
class ReceivingPlace:
    """A grid or an estate that gets people, and where they meet."""

    zone: Zone
    """For which the meeting point is stated: the grid where nothing is stated for the estate."""
    name: str
    point: MeetingPoint


@dataclass(frozen=True, slots=True)
class SendingReview:
    """A plan before it is sent."""

    teams: int
    people: int
    giving: tuple[CommunityShare, ...]
    """By people, most first."""
    getting: tuple[CommunityShare, ...]
    overruled: tuple[OverruledMove, ...]
    split: tuple[SplitTeam, ...]
    need: float
    """Persons, in all grids."""
    before: Totals
    after: Totals
    places: tuple[ReceivingPlace, ...]
    """Each once, in the order of the moves."""

    @property
    def without_meeting_point(self) -> Mapping[Zone, str]:
        """Receiving grids and estates of which no meeting point is stated, with their names."""
        return {place.zone: place.name for place in self.places if not place.point.is_stated}

    @property
    def meeting_points(self) -> Mapping[Zone, ReceivingPlace]:
        """Receiving grids and estates of which one is stated."""
        return {place.zone: place for place in self.places if place.point.is_stated}


def review_sending(context: Context, snapshot: PlanningSnapshot, plan: Plan) -> SendingReview:
    """Return what a plan comes to, on the snapshot of its window and mode.

    Raises
    ------
    RefusedError
        If the actor's role may not read orders.
    """
    flows, grids = flows_of_plan(snapshot, plan), snapshot.grids
    change = compare(grids["need"].to_numpy(np.float64), grids["supply"].to_numpy(np.float64), flows)
    gaps = pd.DataFrame({"need": grids["need"], "before": change.before.gap, "after": change.after.gap})
    sums = gaps.fillna(0.0).groupby(grids["parent_code"].fillna("")).sum()
    return SendingReview(
        teams=len({move.team_code for move in plan.moves}),
        people=sum(move.people for move in plan.moves),
        giving=_shares(snapshot, plan, sums, [home_of(snapshot, move.team_code) or "" for move in plan.moves]),
        getting=_shares(snapshot, plan, sums, [move.grid_code for move in plan.moves]),
        overruled=tuple(_overruled(snapshot, plan, move) for move in plan.moves if move.overruled),
        split=_split(snapshot, plan),
        need=float(grids["need"].sum()),
        before=total(change.before, flows),
        after=total(change.after, flows),
        places=_places(context, snapshot, plan),
    )


def _shares(
    snapshot: PlanningSnapshot, plan: Plan, sums: pd.DataFrame, grid_codes: list[str]
) -> tuple[CommunityShare, ...]:
    """Return what the communities of some grids, one for each move, give or get."""
    parents = snapshot.grids["parent_code"].fillna("").to_dict()
    names = snapshot.tables[Layer.COMMUNITIES]["name"].to_dict()
    moves = pd.DataFrame(
        {
            "community": [parents.get(code, "") for code in grid_codes],
            "team": [move.team_code for move in plan.moves],
            "people": [move.people for move in plan.moves],
        }
    )
    counted = moves.groupby("community").agg(teams=("team", "nunique"), people=("people", "sum"))
    counted = counted.join(sums).fillna(0.0).sort_values(["people", "teams"], ascending=False, kind="stable")
    return tuple(
        CommunityShare(str(names.get(code) or code), int(teams), int(people), need, before, after)
        for code, teams, people, need, before, after in counted.itertuples()
    )


def _overruled(snapshot: PlanningSnapshot, plan: Plan, move: Move) -> OverruledMove:
    judged = preview(snapshot, plan, replace(move, overruled=(), reason=""))
    place = snapshot.place_name(move.grid_code, move.estate_code)
    team = snapshot.teams.get(move.team_code)
    return OverruledMove(team.name if team else move.team_code, place, judged.breach_texts, move.reason)


def _split(snapshot: PlanningSnapshot, plan: Plan) -> tuple[SplitTeam, ...]:
    out = [code for code in dict.fromkeys(move.team_code for move in plan.moves) if snapshot.out.get(code, 0)]
    table = team_table(snapshot) if out else pd.DataFrame()
    return tuple(
        SplitTeam(str(table.loc[code, "name"]), snapshot.out[code], str(table.loc[code, "sent_to"])) for code in out
    )


def _places(context: Context, snapshot: PlanningSnapshot, plan: Plan) -> tuple[ReceivingPlace, ...]:
    ends = dict.fromkeys((move.grid_code, move.estate_code) for move in plan.moves)
    grids = [(Layer.GRIDS, grid) for grid, _estate in ends]
    stated = read_meeting_points(context, [*grids, *((Layer.ESTATES, estate) for _grid, estate in ends if estate)])
    places: dict[Zone, ReceivingPlace] = {}
    for grid, estate in ends:
        zone = (Layer.ESTATES, estate) if estate else (Layer.GRIDS, grid)
        if zone not in stated and (Layer.GRIDS, grid) in stated:
            zone = (Layer.GRIDS, grid)
        name = snapshot.place_name(grid, estate if zone[0] is Layer.ESTATES else "")
        places[zone] = ReceivingPlace(zone, name, stated.get(zone, NOT_STATED))
    return tuple(places.values())
