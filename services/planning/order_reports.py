"""Orders are answered: received, set out, there; each said once, by somebody responsible, and taken back by one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, Transaction, Work
from services.planning.errors import OrderOverError
from services.planning.lookups import PlanZone, Team, fetch_places, fetch_teams
from services.planning.meeting_points import MeetingPoint, Zone, fetch_meeting_points, meeting_point_of, zones_of
from services.planning.model import iso
from services.planning.orders import (
    REPORTS,
    Order,
    OrderEvent,
    OrderState,
    fetch_orders_by_number,
    order_from_row,
    tell,
    touching,
)
from services.rules.areas import OutsideAreaError, Scope
from services.rules.order_steps import OrderStep, Patience, Report, overdue_since, valid_reports
from services.rules.windows import Window
from services.use_cases import use_case


@dataclass(frozen=True, slots=True)
class OrderProgress:
    """An order, and what was said of it. Places and units that are no longer there go by their code."""

    order: Order
    """As everybody reads it: which share of the team its home counts is not looked up."""
    from_name: str
    to_name: str
    estate_name: str
    community_code: str
    """Of the grid where the team is awaited."""
    community_name: str
    meeting_place: str | None
    """Where people meet, of the estate or the grid; empty where it is only known whom they report to, None for nothing
    known."""
    unit_code: str
    """Of the team; empty where it has none."""
    unit_name: str
    is_awaited_here: bool
    """Whether the team is awaited inside the actor's area: then it is theirs to say that it is there."""
    reports: tuple[Report, ...]
    """Those that hold, the oldest first; none while nobody has answered."""
    overdue_since: datetime | None
    """From when on the next report is lacking; None where none is waited for."""

    @property
    def progress(self) -> OrderStep:
        """How far it has come."""
        return self.reports[-1].progress if self.reports else OrderStep.SENT

    def is_overdue(self, now: datetime) -> bool:
        """Return whether the next report is lacking at an instant; of what is over or recalled none is waited for."""
        return self.overdue_since is not None and self.overdue_since <= now and not self.is_over(now)

    def is_over(self, now: datetime) -> bool:
        """Return whether the order holds no more at an instant, or was recalled before it began."""
        return self.order.state(now) in {OrderState.OVER, OrderState.RECALLED}


@dataclass(frozen=True, slots=True)
class ReportResult:
    """What came of reporting some orders."""

    changed: tuple[int, ...]
    """Orders whose progress is another now, by number."""
    earlier: Mapping[int, Report]
    """What somebody had said before of those that had come as far already."""


def read_progress(context: Context, window: Window, patience: Patience) -> list[OrderProgress]:
    """Return the orders of a window that touch the actor's area or unit, recalled ones too.

    Those that lack a report come first, then those that run or are ahead by how far they are, then those that are over;
    alike by begin and number.

    Raises
    ------
    RefusedError
        If the actor's role may not read orders.
    """
    with context.look(Action.VIEW_ORDERS) as tx:
        scope = context.scope_in(tx)
        rows = tx.plans.read_orders_meant_for(iso(window.start), iso(window.end))
        orders = touching(scope, [order_from_row(row) for row in rows])
        reports, places = fetch_reports(tx, [order.id for order in orders]), _Places.of(tx, orders)
    found = [_progress_of(order, reports.get(order.id, ()), patience, places, scope) for order in orders]
    return by_urgency(found, context.clock())


def by_urgency(progress: Iterable[OrderProgress], now: datetime) -> list[OrderProgress]:
    """Return orders in the order of ``read_progress`` as it is at an instant."""
    return sorted(progress, key=lambda one: _rank(one, now))


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
    orders = fetch_orders_by_number(work.tx, order_ids)
    before = fetch_reports(work.tx, order_ids)
    known: dict[int, Report] = {}
    for order in orders:
        _require_say(work.scope, order, progress)
        if order.state(work.now) in {OrderState.OVER, OrderState.RECALLED}:
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
    orders = fetch_orders_by_number(work.tx, order_ids)
    before = fetch_reports(work.tx, order_ids)
    for order in orders:
        _require_say(work.scope, order, progress)
    held = {order.id: before[order.id][-1] for order in orders if before.get(order.id)}
    changed = [order for order in orders if order.id in held and held[order.id].progress is progress]
    _write(work, changed, OrderEvent.WITHDRAWN)
    work.note(undone="yes", progress=progress.value, numbers=_numbers(changed))
    kept = {number: report for number, report in held.items() if report.progress is not progress}
    return ReportResult(tuple(order.id for order in changed), kept)


def _require_say(scope: Scope, order: Order, progress: OrderStep) -> None:
    awaits = scope.holds(Layer.GRIDS, order.to_code)
    sends = scope.holds(Layer.TEAMS, order.team_code) or scope.holds(Layer.GRIDS, order.from_code)
    if not awaits and not (sends and progress is not OrderStep.ARRIVED):
        raise OutsideAreaError([f"#{order.id}"])


def _write(work: Work, orders: Sequence[Order], what: OrderEvent) -> None:
    for order in orders:
        tell(work, order.id, order.team_code, what)
    if orders:
        work.tx.touch(REPORTS)


def fetch_reports(tx: Transaction, order_ids: Collection[int]) -> Mapping[int, tuple[Report, ...]]:
    """Return the reports that hold of some orders, by number, the oldest first; inside a transaction."""
    events: dict[int, list[tuple[str, datetime, str]]] = defaultdict(list)
    for row in tx.plans.read_order_events(order_ids):
        events[row["order_id"]].append((row["what"], datetime.fromisoformat(row["at"]), row["actor"]))
    return {number: valid_reports(told) for number, told in events.items()}


@dataclass(frozen=True, slots=True)
class _Places:
    grids: Mapping[str, PlanZone]
    estates: Mapping[str, PlanZone]
    communities: Mapping[str, PlanZone]
    teams: Mapping[str, Team]
    units: Mapping[str, str]
    meeting_points: Mapping[Zone, MeetingPoint]

    @classmethod
    def of(cls, tx: Transaction, orders: Sequence[Order]) -> "_Places":
        grids = fetch_places(tx, Layer.GRIDS, {code for one in orders for code in (one.from_code, one.to_code)})
        teams = fetch_teams(tx, {one.team_code for one in orders})
        units = tx.plans.read_rows(Layer.UNITS, {team.unit_code for team in teams.values()})
        return cls(
            grids,
            fetch_places(tx, Layer.ESTATES, {one.estate_code for one in orders}),
            fetch_places(tx, Layer.COMMUNITIES, {grid.parent_code for grid in grids.values()}),
            teams,
            {code: row["name"] or code for code, row in units.items()},
            fetch_meeting_points(tx, {zone for one in orders for zone in zones_of(one)}, with_contact=False),
        )


def _name(places: Mapping[str, PlanZone], code: str) -> str:
    return places[code].name if code in places else code


def _rank(one: OrderProgress, now: datetime) -> tuple[int, int, datetime, int]:
    return (
        (0 if one.is_overdue(now) else 2 if one.is_over(now) else 1),
        one.progress.step,
        one.order.start,
        one.order.id,
    )


def _progress_of(
    order: Order, reports: tuple[Report, ...], patience: Patience, places: _Places, scope: Scope
) -> OrderProgress:
    grid, team = places.grids.get(order.to_code), places.teams.get(order.team_code)
    community, unit = grid.parent_code if grid else "", team.unit_code if team else ""
    progress = reports[-1].progress if reports else OrderStep.SENT
    due = overdue_since(progress, sent_at=order.sent_at, start=order.start, minutes=order.minutes, patience=patience)
    return OrderProgress(
        order=order,
        from_name=_name(places.grids, order.from_code),
        to_name=_name(places.grids, order.to_code),
        estate_name=_name(places.estates, order.estate_code),
        community_code=community,
        community_name=_name(places.communities, community),
        meeting_place=_meeting_place(order, places.meeting_points),
        unit_code=unit,
        unit_name=places.units.get(unit, unit),
        is_awaited_here=scope.holds(Layer.GRIDS, order.to_code),
        reports=reports,
        overdue_since=due if due is not None and due < order.until else None,
    )


def _meeting_place(order: Order, points: Mapping[Zone, MeetingPoint]) -> str | None:
    return meeting_point_of(order, points).place if any(zone in points for zone in zones_of(order)) else None


def _numbers(orders: Sequence[Order]) -> str:
    return " ".join(str(order.id) for order in orders)
