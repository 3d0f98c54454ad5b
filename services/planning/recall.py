"""Teams come home early: recalled for a reason, relieved by another team, or taken back when just sent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Transaction, Work
from services.i18n import text, translate
from services.planning.drafts import add_copy, fetch_plan, fetch_plan_for
from services.planning.errors import (
    OrderOverError,
    ReasonNeededError,
    TeamBusyError,
    TooLateError,
    UnknownTeamError,
)
from services.planning.lookups import fetch_teams
from services.planning.model import Plan, iso
from services.planning.orders import (
    ORDERS,
    Order,
    OrderEvent,
    add_order,
    fetch_orders,
    fetch_orders_by_number,
    orders_from_rows,
    tell,
)
from services.rules.areas import Scope
from services.rules.windows import Window
from services.use_cases import Reason, use_case

TAKE_BACK: Final = timedelta(seconds=60)
"""How long a plan that was sent can be taken back as if it had not been."""


@use_case(
    Action.RECALL,
    "order:{order_id}",
    title=text("Recall"),
    note=text("The team comes home now; one that has not set out stays."),
    outcome=text("{team_name} is called back; the order ends {until}"),
    example="plan recall 12 --reason 任务取消",
)
def recall_order(
    work: Work, order_id: Annotated[int, text("Number of the order")], *, reason: Reason, at: datetime | None = None
) -> Order:
    """Call a team home: its order ends at an instant (by default now) instead of its end.

    An instant before the start means that it does not go at all. Recalling again changes nothing unless it is earlier.

    Raises
    ------
    UnknownOrderError
        If there is no such order.
    OrderOverError
        If it is over already, as ordered.
    ReasonNeededError
        If no reason is given.
    OutsideAreaError
        If one end of the order is outside the actor's area.
    """
    _check_reason(reason)
    order = _fetch(work.tx, order_id)
    _require_ends(work.scope, order)
    if order.end <= work.now:
        raise OrderOverError(order.team_name)
    ends = max(at or work.now, order.start)
    if ends < order.until:
        _end(work, order, ends, OrderEvent.RECALLED, reason)
        _close(work, [order])
    return _fetch(work.tx, order_id)


@dataclass(frozen=True, slots=True)
class RecallResult:
    """What came of recalling several orders."""

    orders: tuple[Order, ...]
    """As they stand, by number."""
    changed: tuple[int, ...]
    """Those that end earlier now; the others had been recalled before."""


@use_case(Action.RECALL, "orders")
def recall_orders(work: Work, order_ids: Collection[int], *, reason: str) -> RecallResult:
    """Call several teams home now for one reason, all of them or none; those recalled before stay as they are.

    Raises
    ------
    UnknownOrderError
        If there is no such order.
    OrderOverError
        If one of them is over already, as ordered.
    ReasonNeededError
        If no reason is given.
    OutsideAreaError
        If one end of an order is outside the actor's area.
    """
    _check_reason(reason)
    orders = fetch_orders_by_number(work.tx, order_ids)
    _require_ends(work.scope, *orders)
    for order in orders:
        if order.end <= work.now:
            raise OrderOverError(order.team_name)
    running = [order for order in orders if max(work.now, order.start) < order.until]
    for order in running:
        _end(work, order, max(work.now, order.start), OrderEvent.RECALLED, reason)
    _close(work, running)
    return RecallResult(tuple(fetch_orders_by_number(work.tx, order_ids)), tuple(order.id for order in running))


@use_case(Action.COMMIT_PLAN, "plan:{plan_id}")
def reopen_plan(work: Work, plan_id: int, *, event_id: str) -> Plan:
    """Take a plan back that was sent a moment ago (``TAKE_BACK``), and return a draft with its moves.

    Its orders end where they begin, and stay to be seen. Done again with the same event, it returns the same draft.

    Raises
    ------
    UnknownPlanError
        If there is no such plan.
    TooLateError
        If it was sent too long ago, or not at all.
    OutsideAreaError
        If the plan or one end of its orders is outside the actor's area.
    """
    plan = fetch_plan_for(work.context, work.tx, plan_id)
    made = work.tx.plans.find_plan(event_id)
    if made is not None:
        work.note(repeated=1)
        return fetch_plan(work.tx, made["id"])
    orders = orders_from_rows(work.tx, work.tx.plans.read_orders(plan_id=plan_id))
    if not orders or work.now - max(order.sent_at for order in orders) > TAKE_BACK:
        raise TooLateError(int(TAKE_BACK.total_seconds()))
    _require_ends(work.scope, *orders)
    standing = [order for order in orders if order.start < order.until]
    for order in standing:
        _end(work, order, order.start, OrderEvent.RECALLED, translate("Taken back right after it was sent"))
    _close(work, standing)
    copy_id = add_copy(work, plan, plan.name, event_id)
    work.note(copy=copy_id)
    return fetch_plan(work.tx, copy_id)


@use_case(Action.RECALL, "order:{order_id}")
def relieve_order(
    work: Work, order_id: int, team_code: str, *, reason: str, at: datetime | None = None
) -> tuple[Order, Order]:
    """Let another team, as a whole, take over from an instant (by default now) to the end of an order.

    Returns
    -------
    The order that ends, and the new one.

    Raises
    ------
    UnknownOrderError, UnknownTeamError
        If there is no such order or no such team with people.
    OrderOverError
        If the order is over already, recalled included.
    TeamBusyError
        If any of the relieving team is sent elsewhere in that time.
    ReasonNeededError
        If no reason is given.
    OutsideAreaError
        If one end of the order, or the relieving team, is outside the actor's area.
    """
    _check_reason(reason)
    order, now = _fetch(work.tx, order_id), work.now
    scope = work.scope
    _require_ends(scope, order)
    if fetch_teams(work.tx, [team_code]):
        scope.require(Layer.TEAMS, [team_code])
    if order.until <= max(now, order.start):
        raise OrderOverError(order.team_name)
    begin = max(at or now, order.start)
    if begin >= order.until:
        raise OrderOverError(order.team_name)
    relief = _relief(work.tx, team_code, Window(begin, order.until))
    _end(work, order, begin, OrderEvent.RELIEVED, reason)
    _close(work, [order])
    values = _row_of(order) | relief | {"start": iso(begin), "end": iso(order.until), "until": iso(order.until)}
    values |= {"relieves": order_id, "minutes": None, "reason": reason.strip()}
    new_id = add_order(work, values)
    return _fetch(work.tx, order_id), _fetch(work.tx, new_id)


def _fetch(tx: Transaction, order_id: int) -> Order:
    return fetch_orders_by_number(tx, [order_id])[0]


def _require_ends(scope: Scope, *orders: Order) -> None:
    scope.require(Layer.GRIDS, [code for order in orders for code in (order.from_code, order.to_code) if code])


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonNeededError


def _end(work: Work, order: Order, at: datetime, what: OrderEvent, reason: str) -> None:
    work.tx.plans.set_order_end(order.id, iso(at))
    tell(work, order.id, order.team_code, what, reason.strip())
    work.note(until=iso(at))


def _close(work: Work, orders: Collection[Order]) -> None:
    """Note which teams come home, and that orders are others now."""
    if orders:
        work.tx.touch(ORDERS)
        work.note(team=" ".join(order.team_code for order in orders))


def _relief(tx: Transaction, team_code: str, window: Window) -> dict[str, Any]:
    team = fetch_teams(tx, [team_code]).get(team_code)
    if team is None or team.size <= 0:
        raise UnknownTeamError(team_code)
    if any(order.team_code == team_code for order in fetch_orders(tx, window)):
        raise TeamBusyError(team.name)
    return {"team_code": team.code, "team_name": team.name, "people": team.size, "from_code": team.home_code}


def _row_of(order: Order) -> dict[str, Any]:
    kept = ("plan_id", "to_code", "estate_code", "purpose", "bring")
    return {name: getattr(order, name) for name in kept} | {"mode": order.mode.value}
