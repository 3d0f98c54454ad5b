"""Orders: teams that were sent, what they do to supply, recall and relief, and the history of every team."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, Transaction, Work
from services.coverage import SentPeople
from services.planning.drafts import fetch_plan_for
from services.planning.errors import (
    UnknownOrderError,
)
from services.planning.model import iso
from services.planning.team_membership import read_membership
from services.rules.areas import OutsideAreaError, Scope
from services.rules.roster.duties import ROSTERS
from services.rules.windows import Mode, Window

ORDERS = "orders"
"""The part of the data (``tx.versions()``) that grows with every order, recall and relief."""


REPORTS = "reports"
"""The part of the data that grows with every report, and with every word where people meet; no figures follow."""


class OrderState(StrEnum):
    """How an order stands at an instant."""

    AHEAD = "ahead"
    RUNNING = "running"
    OVER = "over"
    RECALLED = "recalled"
    """Ended before its time, or before it began."""


class OrderEvent(StrEnum):
    """What the history of a team tells."""

    SENT = "sent"
    RECALLED = "recalled"
    RELIEVED = "relieved"
    RECEIVED = "received"
    SET_OUT = "set_out"
    ARRIVED = "arrived"
    WITHDRAWN = "withdrawn"
    """The last report was taken back."""


@dataclass(frozen=True, slots=True)
class Order:
    """A team, or some of its people, sent from its home grid to a grid."""

    id: int
    plan_id: int
    team_code: str
    team_name: str
    people: int
    from_code: str
    """Home grid when it was sent; empty where it had none."""
    to_code: str
    estate_code: str
    start: datetime
    end: datetime
    """As ordered."""
    until: datetime
    """As it stands: earlier than ``end`` after recall or relief, ``start`` where it was recalled before it began."""
    mode: Mode
    purpose: str
    minutes: float | None
    """Walking minutes from home; None where one of the places is not known."""
    reason: str
    """Why rules were overruled; empty where none was."""
    relieves: int | None
    """The order whose team this one relieves."""
    sent_at: datetime
    sent_by: str
    bring: str = ""
    """What the people are to bring along."""
    counted_share: float = 1.0
    """The share of the people whom the home grid counts among its members now (``services.rules.home_loss``)."""

    @property
    def window(self) -> Window:
        """When it holds, after recall or relief; as it was sent where it was recalled before it began."""
        return Window(self.start, self.until if self.start < self.until else self.end)

    def state(self, now: datetime) -> OrderState:
        """Return how the order stands at an instant."""
        if self.until <= max(now, self.start):
            return OrderState.RECALLED if self.until < self.end else OrderState.OVER
        return OrderState.RUNNING if self.start <= now else OrderState.AHEAD


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened to a team."""

    at: datetime
    actor: str
    what: OrderEvent
    order: Order
    reason: str = ""


def orders_between(context: Context, window: Window) -> list[Order]:
    """Return the orders that hold at some time in a window and touch the actor's area, by number."""
    with context.look(Action.VIEW_COVERAGE) as tx:
        return touching(context.scope_in(tx), fetch_orders(tx, window))


def orders_of_plan(context: Context, plan_id: int) -> list[Order]:
    """Return the orders that a plan became, by number; none for a plan that is not there.

    Raises
    ------
    OutsideAreaError
        If it was made for a wider or another area than the actor's.
    """
    with context.look(Action.PLAN) as tx:
        if tx.plans.read_plan(plan_id) is None:
            return []
        fetch_plan_for(context, tx, plan_id)
        return orders_from_rows(tx, tx.plans.read_orders(plan_id=plan_id))


def orders_version(context: Context) -> int:
    """Return a number that grows with every order, recall and relief; 0 where there was none."""
    with context.look(Action.VIEW_COVERAGE) as tx:
        return tx.versions().get(ORDERS, 0)


def sent_during(context: Context, window: Window) -> SentPeople:
    """Return whom the committed orders bring to and take from the grids in a window; see ``people_sent``."""
    return people_sent(orders_between(context, window), window)


def people_sent(orders: Iterable[Order], window: Window) -> SentPeople:
    """Return whom orders bring to and take from the grids in a window, for ``coverage_tables``.

    A team arrives in full; from its home go those whom the grid counts among its members. An order counts by the share
    of the window that it covers, as need and supply are means over the window: 6 people for the second half of it count
    3. Orders that do not touch the window count nothing; what arrives at a grid that is no longer there, or leaves one,
    is passed over by ``coverage_tables``.

    Examples
    --------
    >>> day = datetime(2026, 11, 27)
    >>> order = Order(1, 1, "T1", "", 6, "G1", "G2", "", day.replace(hour=10), day.replace(hour=12),
    ...               day.replace(hour=12), Mode.ROUTINE, "", None, "", None, day, "local")
    >>> people_sent([order], Window(day.replace(hour=8), day.replace(hour=12)))
    SentPeople(arriving={'G2': 3.0}, leaving={'G1': 3.0}, at_estates={})
    """
    arriving: dict[str, float] = defaultdict(float)
    leaving: dict[str, float] = defaultdict(float)
    at_estates: dict[str, float] = defaultdict(float)
    for order in orders:
        overlap = (min(order.until, window.end) - max(order.start, window.start)) / window.length
        if overlap > 0:
            arriving[order.to_code] += order.people * overlap
            at_estates[order.estate_code] += order.people * overlap
            leaving[order.from_code] += order.people * order.counted_share * overlap
    return SentPeople(dict(arriving), *({code: n for code, n in by.items() if code} for by in (leaving, at_estates)))


def sent_by_hour(orders: Sequence[Order], windows: Iterable[Window]) -> list[SentPeople]:
    """Return ``people_sent`` of several windows, for ``count_weak_by_hour``."""
    return [people_sent(orders, window) for window in windows]


def orders_by_team(orders: Iterable[Order]) -> dict[str, list[Order]]:
    """Return the orders of each team, in their order."""
    by_team: dict[str, list[Order]] = defaultdict(list)
    for order in orders:
        by_team[order.team_code].append(order)
    return dict(by_team)


def peak_people(orders: Iterable[Order], window: Window) -> int:
    """Return how many people of one team are out at the same time in a window, at most.

    Examples
    --------
    >>> peak_people([], Window(datetime(2026, 11, 27, 8), datetime(2026, 11, 27, 9)))
    0
    """
    held = [o for o in orders if o.start < o.until and o.start < window.end and o.until > window.start]
    starts = [max(o.start, window.start) for o in held]
    return max((sum(o.people for o in held if o.start <= at < o.until) for at in starts), default=0)


def team_history(context: Context, team_code: str) -> list[HistoryLine]:
    """Return what happened to a team, newest first; empty for a team that was never sent.

    Raises
    ------
    OutsideAreaError
        If the team is outside the actor's area and never came into it.
    """
    with context.look(Action.PLAN) as tx:
        scope = context.scope_in(tx)
        orders = {order.id: order for order in orders_from_rows(tx, tx.plans.read_orders(team_code=team_code))}
        events = tx.plans.read_team_events(team_code)
    seen = {order.id for order in touching(scope, list(orders.values()))}
    if not seen and not scope.holds(Layer.TEAMS, team_code):
        raise OutsideAreaError([team_code])
    return [_line(row, orders[row["order_id"]]) for row in events if row["order_id"] in seen]


def orders_here(context: Context, window: Window) -> list[Order]:
    """Return the orders of a window that come into, leave or are made up of the actor's area or unit, by number.

    Those that were recalled are there too: what was said stays to be seen.

    Raises
    ------
    RefusedError
        If the actor's role may not read orders.
    """
    with context.look(Action.VIEW_ORDERS) as tx:
        rows = tx.plans.read_orders_meant_for(iso(window.start), iso(window.end))
        return touching(context.scope_in(tx), orders_from_rows(tx, rows))


def touching(scope: Scope, orders: Sequence[Order]) -> list[Order]:
    """Return the orders that come from, go to or send a team of an area."""
    return [
        order
        for order in orders
        if scope.holds(Layer.TEAMS, order.team_code)
        or scope.holds(Layer.GRIDS, order.from_code)
        or scope.holds(Layer.GRIDS, order.to_code)
    ]


def fetch_orders(tx: Transaction, window: Window) -> list[Order]:
    """Return the orders that hold at some time in a window, inside a transaction."""
    return fetch_orders_between(tx, window.start, window.end)


def fetch_orders_between(tx: Transaction, start: datetime, end: datetime) -> list[Order]:
    """Return the orders that hold at some time between two instants, however far apart, inside a transaction."""
    return orders_from_rows(tx, tx.plans.read_orders_between(iso(start), iso(end)))


def add_order(work: Work, values: Mapping[str, Any]) -> int:
    """Write an order with its line of history and return its number; the seats of its people are open then.

    Where all who are stored as standing in the team go, their duties of published rosters at that time are released.
    """
    order_id = work.tx.plans.add_order(**dict(values) | {"sent_at": work.at, "sent_by": work.actor.name})
    tell(work, order_id, values["team_code"], OrderEvent.SENT, values["reason"])
    work.tx.touch(ORDERS)
    start, end = (datetime.fromisoformat(values[name]).isoformat(timespec="minutes") for name in ("start", "until"))
    changed = {"order_id": order_id, "changed_at": work.at, "changed_by": work.actor.name}
    if work.tx.rosters.release_team(values["team_code"], values["people"], start, end, **changed):
        work.tx.touch(ROSTERS)
    return order_id


def count_released(tx: Transaction, orders: Collection[Order]) -> int:
    """Return how many duties some orders released."""
    return tx.rosters.count_released([order.id for order in orders])


def fetch_orders_by_number(tx: Transaction, order_ids: Collection[int]) -> list[Order]:
    """Return the orders of some numbers, by number, inside a transaction, as ``order_from_row`` makes them.

    Raises
    ------
    UnknownOrderError
        If there is none of one of the numbers.
    """
    orders = [order_from_row(row) for row in tx.plans.read_orders(order_ids=order_ids)]
    missing = set(order_ids) - {order.id for order in orders}
    if missing:
        raise UnknownOrderError(min(missing))
    return orders


def orders_from_rows(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> list[Order]:
    """Return orders from their rows; a team that has another home by now left the old one with everybody counted."""
    standing = read_membership(tx, {row["from_code"] for row in rows})
    share_at = {(code, standing.home[code]): share for code, share in standing.share.items()}
    return [order_from_row(row, share_at.get((row["team_code"], row["from_code"]), 1.0)) for row in rows]


def order_from_row(row: Mapping[str, Any], counted_share: float = 1.0) -> Order:
    """Return an order from its row; ``orders_from_rows`` also knows the share."""
    times = {name: datetime.fromisoformat(row[name]) for name in ("start", "end", "until", "sent_at")}
    fields = {name: row[name] for name in Order.__dataclass_fields__ if name in row and name not in times}
    return Order(**fields | times | {"mode": Mode(row["mode"]), "counted_share": counted_share})


def tell(work: Work, order_id: int, team_code: str, what: OrderEvent, reason: str = "") -> None:
    """Write a line of the history of an order and its team."""
    work.tx.plans.add_order_event(
        order_id=order_id,
        team_code=team_code,
        at=work.at,
        actor=work.actor.name,
        what=what.value,
        detail=json.dumps({"reason": reason}, ensure_ascii=False),
    )


def _line(row: Mapping[str, Any], order: Order) -> HistoryLine:
    at, what = datetime.fromisoformat(row["at"]), OrderEvent(row["what"])
    return HistoryLine(at, row["actor"], what, order, json.loads(row["detail"])["reason"])
