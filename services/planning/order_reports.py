"""Orders are answered: received, set out, there; each said once, by somebody responsible, and taken back by one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, Transaction, Work
from services.planning.errors import OrderOverError, UnknownOrderError
from services.planning.orders import Order, OrderEvent, fetch_orders, orders_from_rows, tell, touching
from services.rules.areas import OutsideAreaError, Scope
from services.rules.order_steps import OrderStep, Patience, Report, overdue_since, valid_reports
from services.rules.windows import Window
from services.use_cases import use_case

REPORTS: Final = "reports"
"""The part of the data that grows with every report; figures of coverage do not depend on it."""


@dataclass(frozen=True, slots=True)
class OrderProgress:
    """An order, and what was said of it."""

    order: Order
    reports: tuple[Report, ...]
    """Those that hold, the oldest first; none while nobody has answered."""
    overdue_since: datetime | None
    """From when on the next report is lacking; None where none is waited for."""

    @property
    def progress(self) -> OrderStep:
        """How far it has come."""
        return self.reports[-1].progress if self.reports else OrderStep.SENT

    def is_overdue(self, now: datetime) -> bool:
        """Return whether the next report is lacking at an instant."""
        return self.overdue_since is not None and self.overdue_since <= now


@dataclass(frozen=True, slots=True)
class ReportResult:
    """What came of reporting some orders."""

    changed: tuple[int, ...]
    """Orders whose progress is another now, by number."""
    earlier: Mapping[int, Report]
    """What somebody had said before of those that had come as far already."""


def read_progress(context: Context, window: Window, patience: Patience) -> list[OrderProgress]:
    """Return the orders of a window that touch the actor's area or unit, those that lack a report first.

    Then come those with the least progress, by begin and number.

    Raises
    ------
    RefusedError
        If the actor's role may not read orders.
    """
    now = context.clock()
    with context.look(Action.VIEW_ORDERS) as tx:
        orders = touching(context.scope_in(tx), fetch_orders(tx, window))
        reports = _reports_of(tx, [order.id for order in orders])
    found = [_progress_of(order, reports.get(order.id, ()), patience) for order in orders]
    return sorted(found, key=lambda one: (not one.is_overdue(now), one.progress.step, one.order.start, one.order.id))


@use_case(Action.REPORT_ORDER, "orders")
def report_orders(work: Work, order_ids: Collection[int], progress: OrderStep) -> ReportResult:
    """Say of some orders how far their teams are, of all or of none; what is known already stays as it was said.

    That a team is there is said where it is awaited, everything before it also where it comes from.

    Raises
    ------
    UnknownOrderError
        If there is no such order.
    OrderOverError
        If one of them is over, or was recalled.
    OutsideAreaError
        If one is none of the actor's, or it is for the other side to say.
    """
    orders = _fetch(work.tx, order_ids)
    before = _reports_of(work.tx, order_ids)
    known: dict[int, Report] = {}
    for order in orders:
        _require_say(work.scope, order, progress)
        if order.until <= max(work.now, order.start):
            raise OrderOverError(order.team_name)
        held = before.get(order.id, ())
        if held and held[-1].progress.step >= progress.step:
            known[order.id] = held[-1]
    changed = [order for order in orders if order.id not in known]
    _write(work, changed, OrderEvent(progress.value))
    work.note(progress=progress.value, numbers=_numbers(changed), **({"repeated": len(known)} if known else {}))
    return ReportResult(tuple(order.id for order in changed), known)


@use_case(Action.REPORT_ORDER, "orders")
def withdraw_reports(work: Work, order_ids: Collection[int], progress: OrderStep) -> ReportResult:
    """Take back that some orders have come as far as this, all of them or none; those that stand elsewhere by now stay.

    Raises
    ------
    UnknownOrderError
        If there is no such order.
    OutsideAreaError
        If one is none of the actor's, or it was for the other side to say.
    """
    orders = _fetch(work.tx, order_ids)
    before = _reports_of(work.tx, order_ids)
    for order in orders:
        _require_say(work.scope, order, progress)
    held = {order.id: before[order.id][-1] for order in orders if before.get(order.id)}
    changed = [order for order in orders if order.id in held and held[order.id].progress is progress]
    _write(work, changed, OrderEvent.WITHDRAWN)
    work.note(undone="yes", progress=progress.value, numbers=_numbers(changed))
    kept = {number: report for number, report in held.items() if report.progress is not progress}
    return ReportResult(tuple(order.id for order in changed), kept)


def _fetch(tx: Transaction, order_ids: Collection[int]) -> list[Order]:
    orders = orders_from_rows(tx, tx.plans.read_orders(order_ids=order_ids))
    missing = set(order_ids) - {order.id for order in orders}
    if missing:
        raise UnknownOrderError(min(missing))
    return orders


def _require_say(scope: Scope, order: Order, progress: OrderStep) -> None:
    awaits = scope.holds(Layer.GRIDS, order.to_code)
    sends = scope.holds(Layer.TEAMS, order.team_code) or scope.holds(Layer.GRIDS, order.from_code)
    if not awaits and not (sends and progress is not OrderStep.ARRIVED):
        raise OutsideAreaError([f"#{order.id}"])


def _write(work: Work, orders: Iterable[Order], what: OrderEvent) -> None:
    for order in orders:
        tell(work, order.id, order.team_code, what)
        work.tx.touch(REPORTS)


def _reports_of(tx: Transaction, order_ids: Collection[int]) -> Mapping[int, tuple[Report, ...]]:
    events: dict[int, list[tuple[str, datetime, str]]] = defaultdict(list)
    for row in tx.plans.read_order_events(order_ids):
        events[row["order_id"]].append((row["what"], datetime.fromisoformat(row["at"]), row["actor"]))
    return {number: valid_reports(told) for number, told in events.items()}


def _progress_of(order: Order, reports: tuple[Report, ...], patience: Patience) -> OrderProgress:
    progress = reports[-1].progress if reports else OrderStep.SENT
    due = overdue_since(progress, sent_at=order.sent_at, start=order.start, minutes=order.minutes, patience=patience)
    return OrderProgress(order, reports, due if due is not None and due < order.until else None)


def _numbers(orders: Sequence[Order]) -> str:
    return " ".join(str(order.id) for order in orders)
