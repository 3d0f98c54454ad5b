"""A plan becomes orders in one transaction, or nothing happens and the planner is told why."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from services.catalog.actions import Action
from services.context import Context, Transaction, Work
from services.planning.drafts import fetch_plan, fetch_plan_for
from services.planning.errors import PastWindowError, PlanClosedError, PlanEmptyError
from services.planning.lookups import Team, fetch_teams
from services.planning.model import Move, Plan, PlanState, iso, versions_of_plan
from services.planning.moves import require_moves
from services.planning.orders import Order, add_order, count_released, orders_from_rows
from services.planning.review import Conflict, PlanChange, find_changes
from services.use_cases import use_case

NO_MINUTES: Final[Mapping[tuple[str, str], float]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CommitResult:
    """What came of a commit: orders, or the reasons why there are none."""

    plan: Plan
    orders: tuple[Order, ...] = ()
    obstacles: tuple[PlanChange, ...] = ()
    """What stands in the way; take these moves out with ``drop_moves`` and commit the rest."""
    released: int = 0
    """Duties of rosters that its people leave: seats that are open now."""
    outdated: tuple[str, ...] = ()
    """Parts of the data that changed since the plan was last looked at: ``review_plan``, then ``acknowledge``."""

    @property
    def is_sent(self) -> bool:
        """Whether the plan is sent."""
        return self.plan.state is PlanState.COMMITTED

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The orders of others that have teams of this plan."""
        return tuple(conflict for change in self.obstacles for conflict in change.conflicts)


@use_case(Action.COMMIT_PLAN, "plan:{plan_id}")
def commit_plan(work: Work, plan_id: int, minutes: Mapping[tuple[str, str], float] = NO_MINUTES) -> CommitResult:
    """Turn a plan into orders, all of them or none, with the history of each team.

    The writing transaction sees every order committed before it and shuts out every other, so of two plans that send
    the same people at the same time one is committed and the other refused. A plan that is committed already gives
    its orders back and writes nothing: sending it twice is safe.

    Parameters
    ----------
    work
        Who sends.
    plan_id
        Which plan.
    minutes
        Walking minutes by (team, grid) as the planner saw them, for the orders; what is missing stays unknown.

    Raises
    ------
    UnknownPlanError
        If there is no such plan.
    PlanClosedError
        If it was discarded.
    PlanEmptyError
        If it has no moves.
    PastWindowError
        If its window is over.
    OutsideAreaError
        If the plan, one of its teams or one of its grids is outside the actor's area.
    """
    scope = work.scope
    plan = fetch_plan_for(work.context, work.tx, plan_id)
    if plan.state is PlanState.COMMITTED:
        work.note(repeated=1)
        return _sent(work.tx, plan)
    _check(work.context, plan)
    refused = tuple(change for change in find_changes(work.tx, plan) if change.stops)
    outdated = _outdated(work.tx, plan)
    if refused or outdated:
        work.note(refused=len(refused), outdated=len(outdated))
        return CommitResult(plan, obstacles=refused, outdated=outdated)
    require_moves(scope, plan.moves)
    _write(work, plan, minutes)
    result = _sent(work.tx, fetch_plan(work.tx, plan_id))
    if result.released:
        work.note(duties=result.released)
    return result


def _sent(tx: Transaction, plan: Plan) -> CommitResult:
    orders = _orders(tx, plan.id)
    return CommitResult(plan, orders, released=count_released(tx, orders))


def _check(context: Context, plan: Plan) -> None:
    if plan.state is PlanState.DISCARDED:
        raise PlanClosedError(plan.name)
    if not plan.moves:
        raise PlanEmptyError(plan.name)
    if plan.window.end <= context.clock():
        raise PastWindowError


def _outdated(tx: Transaction, plan: Plan) -> tuple[str, ...]:
    now = versions_of_plan(tx.versions())
    return tuple(part for part, version in now.items() if version != plan.versions.get(part, 0))


def _write(work: Work, plan: Plan, minutes: Mapping[tuple[str, str], float]) -> None:
    teams = fetch_teams(work.tx, {move.team_code for move in plan.moves})
    for move in plan.moves:
        add_order(work, _order_row(plan, move, teams[move.team_code], minutes.get(move.key)))
    changed = {"changed_at": work.at, "changed_by": work.actor.name}
    work.tx.plans.set_plan(plan.id, state=PlanState.COMMITTED.value, **changed)
    work.note(orders=len(plan.moves), people=sum(move.people for move in plan.moves))


def _order_row(plan: Plan, move: Move, team: Team, minutes: float | None) -> dict[str, Any]:
    return {
        "plan_id": plan.id,
        "team_code": move.team_code,
        "team_name": team.name,
        "people": move.people,
        "from_code": team.home_code,
        "to_code": move.grid_code,
        "estate_code": move.estate_code,
        "start": iso(plan.window.start),
        "end": iso(plan.window.end),
        "until": iso(plan.window.end),
        "mode": plan.mode.value,
        "purpose": plan.settings.purpose,
        "bring": plan.settings.bring,
        "minutes": minutes,
        "reason": move.reason,
        "relieves": None,
    }


def _orders(tx: Transaction, plan_id: int) -> tuple[Order, ...]:
    return tuple(orders_from_rows(tx, tx.plans.read_orders(plan_id=plan_id)))
