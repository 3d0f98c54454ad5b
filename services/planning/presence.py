"""Who was sent and who is there: counts of people, and what both do to supply when only what was reported counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.catalog.actions import Action
from services.context import Context, Transaction
from services.coverage import SentPeople
from services.planning.order_reports import OrderProgress, fetch_reports
from services.planning.orders import Order, fetch_orders, people_sent, touching
from services.rules.order_steps import OrderStep
from services.rules.windows import Window


class Presence(StrEnum):
    """Whose people count where they were sent to."""

    SENT = "sent"
    """Of every order, as if all went as ordered."""
    ARRIVED = "arrived"
    """Of orders reported there; who set out or is there is missing at home, everybody else is still at home."""


@dataclass(frozen=True, slots=True)
class OrderSteps:
    """Orders, and how far each is."""

    orders: tuple[Order, ...]
    steps: Mapping[int, OrderStep]
    """By number; orders that nobody answered are left out."""

    def reached(self, step: OrderStep) -> list[Order]:
        """Return the orders that have come at least as far."""
        return [order for order in self.orders if self.steps.get(order.id, OrderStep.SENT).step >= step.step]


@dataclass(frozen=True, slots=True)
class PeopleCounts:
    """Teams and people of some orders."""

    teams: int
    sent: int
    """People ordered."""
    arrived: int
    """Those of them whose orders are reported there."""


def read_order_steps(context: Context, window: Window) -> OrderSteps:
    """Return the orders that hold at some time in a window and touch the actor's area, and how far each is."""
    with context.look(Action.VIEW_COVERAGE) as tx:
        return fetch_order_steps(tx, touching(context.scope_in(tx), fetch_orders(tx, window)))


def fetch_order_steps(tx: Transaction, orders: Sequence[Order]) -> OrderSteps:
    """Return how far some orders are, inside a transaction."""
    reports = fetch_reports(tx, [order.id for order in orders])
    return OrderSteps(tuple(orders), {number: known[-1].progress for number, known in reports.items() if known})


def count_order_people(order_steps: OrderSteps) -> PeopleCounts:
    """Return how many people orders sent, and how many of them are there."""
    there = order_steps.reached(OrderStep.ARRIVED)
    teams = {order.team_code for order in order_steps.orders}
    return PeopleCounts(len(teams), _people(order_steps.orders), _people(there))


def count_progress_people(progress: Iterable[OrderProgress], window: Window) -> PeopleCounts:
    """Return the same of orders and their reports; recalled orders count while they hold in the window."""
    held = [each for each in progress if _holds(each.order, window)]
    return count_order_people(
        OrderSteps(tuple(each.order for each in held), {each.order.id: each.progress for each in held})
    )


def people_present(order_steps: OrderSteps, window: Window) -> SentPeople:
    """Return whom orders bring to and take from the grids in a window as far as it was reported (``Presence.ARRIVED``).

    People count as in ``people_sent``, but arrive only where they are reported there, and leave home only once they are
    reported to have set out: nobody counts twice, and whoever is on the way counts nowhere.
    """
    arrived = people_sent(order_steps.reached(OrderStep.ARRIVED), window)
    out = people_sent(order_steps.reached(OrderStep.SET_OUT), window)
    return SentPeople(arrived.arriving, out.leaving, arrived.at_estates)


def present_by_hour(order_steps: OrderSteps, windows: Iterable[Window]) -> list[SentPeople]:
    """Return ``people_present`` of several windows, for ``count_weak_by_hour``."""
    return [people_present(order_steps, window) for window in windows]


def _holds(order: Order, window: Window) -> bool:
    """Return whether an order holds at some time in a window, as ``fetch_orders`` reads them."""
    return order.start < window.end and order.until > window.start and order.until > order.start


def _people(orders: Sequence[Order]) -> int:
    return sum(order.people for order in orders)
