"""What the page 派单 keeps between runs, and what its buttons do."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dashboard import cache
from dashboard.kit.outcome import attempt
from dashboard.kit.pager import to_first_page
from dashboard.streamlit import session, state
from services import planning
from services.i18n import Text, text
from services.planning import OrderProgress, ReportResult
from services.rules.order_steps import ORDER_STEP_NAMES, OrderStep, Patience
from services.rules.windows import Window
from services.wording import short_time

NAME: Final = "orders"
COMMUNITY: Final = "orders-community"
UNIT: Final = "orders-unit"
FILTER: Final = "orders-filter"
CHOSEN: Final = "orders-chosen"
BEFORE: Final = timedelta(hours=24)
AHEAD: Final = timedelta(hours=72)
OVERDUE, OVER, ALL = "overdue", "over", "all"
"""Besides the steps, what the row of figures can be narrowed to."""


@dataclass(frozen=True, slots=True)
class OrderList:
    """The orders of the page, as they stand at an instant."""

    now: datetime
    orders: tuple[OrderProgress, ...]

    def group(self, one: OrderProgress) -> str:
        """Return under which figure an order is counted: its step, or ``OVER``."""
        return OVER if one.is_over(self.now) else one.progress.value

    def of(self, chosen: str) -> list[OrderProgress]:
        """Return the orders of a figure."""
        if chosen == OVERDUE:
            return [one for one in self.orders if one.is_overdue(self.now)]
        return [one for one in self.orders if chosen in {ALL, self.group(one)}]


def read_orders() -> OrderList:
    """Return the orders of the days around now."""
    context, settings = cache.context(), session.settings()
    patience = Patience(timedelta(minutes=settings.received_minutes), timedelta(minutes=settings.arrived_minutes))
    now = context.clock()
    found = planning.read_progress(context, Window(now - BEFORE, now + AHEAD), patience)
    return OrderList(now, tuple(found))


def narrowed(order_list: OrderList) -> OrderList:
    """Return the orders of the community and the unit that are picked."""
    community, unit = (str(state.widget_value(key) or "") for key in (COMMUNITY, UNIT))
    kept = [one for one in order_list.orders if community in {"", one.community_code} and unit in {"", one.unit_code}]
    return OrderList(order_list.now, tuple(kept))


def shown_group() -> str:
    """Return which figure the list is narrowed to."""
    return str(state.saved_value(FILTER) or ALL)


def show_group(group: str) -> None:
    """Narrow the list to a figure; once more, and it is whole again."""
    state.keep(FILTER, ALL if group == shown_group() else group)
    to_first_page(NAME)


def chosen_orders() -> frozenset[int]:
    """Return the numbers of the orders that are ticked."""
    return frozenset(state.saved_value(CHOSEN) or ())


def press(word: str) -> None:
    """Do what a button of the list says: tick an order, report its step, or take the last report back."""
    what, _colon, number = word.partition(":")
    if what == "choose":
        state.keep(CHOSEN, chosen_orders() ^ {int(number)})
    elif what == "undo":
        step, _colon, order = number.partition(":")
        withdraw([int(order)], OrderStep(step))
    else:
        report([int(number)], OrderStep(what))


def choose(numbers: Collection[int]) -> None:
    """Tick these orders and no others."""
    state.keep(CHOSEN, frozenset(numbers))


def report(numbers: Sequence[int], step: OrderStep) -> None:
    """Say of some orders that they are at a step."""
    with attempt(NAME) as tell:
        tell(_told(planning.report_orders(cache.context(), numbers, step), step))
        choose(chosen_orders() - set(numbers))


def withdraw(numbers: Sequence[int], step: OrderStep) -> None:
    """Take back that some orders are at a step."""
    with attempt(NAME) as tell:
        result = planning.withdraw_reports(cache.context(), numbers, step)
        if result.changed:
            tell(text("{count} reports “{step}” taken back.", count=len(result.changed), step=ORDER_STEP_NAMES[step]))
        elif result.earlier:
            tell(_told(result, step))


def _told(result: ReportResult, step: OrderStep) -> Text:
    """Return what came of a report; who reads it sees what somebody else had said before."""
    if not result.earlier:
        return text("{count} orders: {step}.", count=len(result.changed), step=ORDER_STEP_NAMES[step])
    first = next(iter(result.earlier.values()))
    return text(
        "{count} orders: {step}. Of {known} it was known: {said}, {actor}, {at}.",
        count=len(result.changed),
        step=ORDER_STEP_NAMES[step],
        known=len(result.earlier),
        said=ORDER_STEP_NAMES[first.progress],
        actor=first.actor,
        at=short_time(first.at),
    )
