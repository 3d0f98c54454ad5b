"""What changed underneath a plan since it was last looked at, and what stands in the way of sending it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import pandas as pd

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, Transaction, Work
from services.i18n import Text, text
from services.planning.drafts import change_once, fetch_plan_for, require_draft
from services.planning.lookups import PlanZone, Team, fetch_places, fetch_teams
from services.planning.model import Move, Plan, iso, moves_by_team, versions_of_plan
from services.planning.orders import Order, order_from_row, orders_by_team, peak_people
from services.rules.windows import Window
from services.wording import short_time


class ChangeKind(StrEnum):
    """What can happen to a plan from outside."""

    TEAM_GONE = "team_gone"
    TEAM_SMALLER = "team_smaller"
    TEAM_MOVED = "team_moved"
    GRID_GONE = "grid_gone"
    ESTATE_GONE = "estate_gone"
    TEAM_SENT = "team_sent"
    NEED_CHANGED = "need_changed"


TELLING = frozenset({ChangeKind.NEED_CHANGED, ChangeKind.TEAM_MOVED})
"""Changes that a planner should know of and that stop no order; all others do."""
_NEED_DIFFERS = 0.5


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else's order for the same team at the same time: who, when, where."""

    order_id: int
    team_code: str
    team_name: str
    people: int
    start: datetime
    until: datetime
    grid_code: str
    grid_name: str
    """Empty where the grid is no longer there."""
    sent_by: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class PlanChange:
    """One thing that is no longer as it was when a move was made."""

    kind: ChangeKind
    team_code: str
    grid_code: str
    text: Text
    """For people; translated at the shell."""
    conflicts: tuple[Conflict, ...] = ()
    """The orders that have the team, for ``TEAM_SENT``."""

    @property
    def stops(self) -> bool:
        """Whether the move cannot be sent as it is."""
        return self.kind not in TELLING

    @property
    def key(self) -> tuple[str, str]:
        """The move it is about, for ``drop_moves``."""
        return self.team_code, self.grid_code


@dataclass(frozen=True, slots=True)
class Review:
    """A plan held against the data as they are."""

    changes: tuple[PlanChange, ...]
    """In the order of the plan's moves."""
    changed_parts: tuple[str, ...]
    """Parts of the data that have a newer version than the plan was last looked at on; figures are made anew."""
    versions: Mapping[str, int]
    """What the review was made on, for ``acknowledge``."""

    @property
    def stopping(self) -> tuple[PlanChange, ...]:
        """The changes that keep the plan from being committed."""
        return tuple(change for change in self.changes if change.stops)


def review_plan(context: Context, plan_id: int, grids: pd.DataFrame | None = None) -> Review:
    """Return what changed underneath a plan.

    Parameters
    ----------
    context
        Who looks.
    plan_id
        Which plan.
    grids
        The coverage table of grids for the plan's window and mode as it is now; without it, changed need is not told.

    Raises
    ------
    UnknownPlanError
        If there is no such plan.
    """
    with context.look(Action.PLAN) as tx:
        plan, versions = fetch_plan_for(context, tx, plan_id), versions_of_plan(tx.versions())
        changes = find_changes(tx, plan)
    parts = tuple(part for part in versions if versions[part] != plan.versions.get(part, 0))
    need = [] if grids is None or not parts else _changed_need(plan.moves, grids)
    place = {move.key: k for k, move in enumerate(plan.moves)}
    return Review(tuple(sorted([*changes, *need], key=lambda c: place[c.key])), parts, versions)


def acknowledge(context: Context, plan_id: int, versions: Mapping[str, int], *, event_id: str) -> Plan:
    """Note that the planner has seen the changes of a review (its ``versions``): the draft now rests on those.

    Raises
    ------
    UnknownPlanError
        If there is no such plan.
    PlanClosedError
        If the plan is no draft.
    """

    def note(work: Work, plan: Plan) -> None:
        require_draft(plan)
        work.tx.plans.set_plan(plan_id, versions=json.dumps(dict(versions)))

    return change_once(context, plan_id, event_id, note)


def find_changes(tx: Transaction, plan: Plan) -> list[PlanChange]:
    """Return what is no longer as the moves of a plan need it, teams sent by others included."""
    teams = fetch_teams(tx, {move.team_code for move in plan.moves})
    held = tx.plans.read_orders_between(iso(plan.window.start), iso(plan.window.end))
    orders = [order_from_row(row) for row in held if row["plan_id"] != plan.id]
    theirs, own = orders_by_team(orders), moves_by_team(plan)
    grids = fetch_places(tx, Layer.GRIDS, {m.grid_code for m in plan.moves} | {o.to_code for o in orders})
    estates = fetch_places(tx, Layer.ESTATES, {move.estate_code for move in plan.moves})
    changes = []
    for move in plan.moves:
        changes += _about_place(move, grids, estates)
        team = teams.get(move.team_code)
        if team is None:
            said = text("The team {team} is no longer there.", team=move.team_code)
            changes.append(PlanChange(ChangeKind.TEAM_GONE, *move.key, said))
        else:
            planned = sum(each.people for each in own[move.team_code])
            changes += _about_team(move, team, plan.window, planned, theirs.get(move.team_code, ()), grids)
    return changes


def _about_place(move: Move, grids: Mapping[str, PlanZone], estates: Mapping[str, PlanZone]) -> list[PlanChange]:
    if move.grid_code not in grids:
        said = text("The grid {grid} is no longer there.", grid=move.grid_code)
        return [PlanChange(ChangeKind.GRID_GONE, *move.key, said)]
    estate = estates.get(move.estate_code)
    if move.estate_code and (estate is None or estate.parent_code != move.grid_code):
        said = text("The estate {estate} is no longer in this grid.", estate=move.estate_code)
        return [PlanChange(ChangeKind.ESTATE_GONE, *move.key, said)]
    return []


def _about_team(
    move: Move, team: Team, window: Window, planned: int, orders: Sequence[Order], grids: Mapping[str, PlanZone]
) -> list[PlanChange]:
    """Return what is wrong with one move of a team that is there.

    ``planned`` is how many of the team the plan sends in all, ``orders`` are the team's in the plan's window.
    """
    changes = []
    if team.home_code != move.home_code:
        said = text("{team} now has its home in {grid}.", team=team.name, grid=team.home_code or "—")
        changes.append(PlanChange(ChangeKind.TEAM_MOVED, *move.key, said))
    if planned > team.size:
        said = text(
            "{team} has {size} people now; the plan sends {people}.", team=team.name, size=team.size, people=planned
        )
        changes.append(PlanChange(ChangeKind.TEAM_SMALLER, *move.key, said))
    elif planned + peak_people(orders, window) > team.size:
        conflicts = [_conflict(order, grids) for order in orders]
        changes.append(PlanChange(ChangeKind.TEAM_SENT, *move.key, conflict_text(conflicts[0]), tuple(conflicts)))
    return changes


def conflict_text(conflict: Conflict) -> Text:
    """Return who sent the team where for when, as a text."""
    return text(
        "{team} is already sent to {grid}, {start} to {until}: by {who} at {at}.",
        team=conflict.team_name,
        grid=conflict.grid_name or conflict.grid_code,
        start=short_time(conflict.start),
        until=short_time(conflict.until),
        who=conflict.sent_by,
        at=short_time(conflict.sent_at),
    )


def _conflict(order: Order, grids: Mapping[str, PlanZone]) -> Conflict:
    place = grids.get(order.to_code)
    return Conflict(
        order_id=order.id,
        team_code=order.team_code,
        team_name=order.team_name,
        people=order.people,
        start=order.start,
        until=order.until,
        grid_code=order.to_code,
        grid_name=place.name if place else "",
        sent_by=order.sent_by,
        sent_at=order.sent_at,
    )


def _changed_need(moves: Iterable[Move], grids: pd.DataFrame) -> list[PlanChange]:
    changes = []
    for move in moves:
        now = float(grids["need"].get(move.grid_code, float("nan")))
        if move.need is None or pd.isna(now) or abs(now - move.need) < _NEED_DIFFERS:
            continue
        said = text(
            "{grid} needs {now} people, when the move was made it needed {before}.",
            grid=str(grids.loc[move.grid_code, "name"]) or move.grid_code,
            now=round(now),
            before=round(move.need),
        )
        changes.append(PlanChange(ChangeKind.NEED_CHANGED, *move.key, said))
    return changes
