"""What the page 派单 keeps between runs, and what its buttons do."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from dashboard import cache
from dashboard.kit.outcome import attempt
from dashboard.kit.pager import to_first_page
from dashboard.streamlit import state
from services import planning
from services.i18n import Text, text
from services.planning import OrderProgress, PeopleCounts, ReportResult
from services.rules.order_steps import ORDER_STEP_NAMES, OrderStep
from services.rules.windows import Window, WindowError, parse_window
from services.wording import short_time

NAME: Final = "orders"
COMMUNITY: Final = "orders-community"
UNIT: Final = "orders-unit"
FILTER: Final = "orders-filter"
CHOSEN: Final = "orders-chosen"
WINDOW: Final = "orders-window"
PLACE: Final = "orders-place"
BEFORE: Final = timedelta(hours=24)
AHEAD: Final = timedelta(hours=72)
OVERDUE, OVER, ALL = "overdue", "over", "all"
"""Besides the steps, what the row of figures can be narrowed to."""


@dataclass(frozen=True)
class OrderList:
    """The orders of the page, as they stand at an instant."""

    now: datetime
    window: Window
    orders: tuple[OrderProgress, ...]

    @property
    def people(self) -> PeopleCounts:
        """How many people the orders sent, and how many of them are there."""
        return planning.count_progress_people(self.orders, self.window)

    @cached_property
    def groups(self) -> Mapping[str, Sequence[OrderProgress]]:
        """The orders under each figure: by step or ``OVER``, and once more those that are ``OVERDUE``."""
        groups: dict[str, list[OrderProgress]] = defaultdict(list)
        for one in self.orders:
            groups[self.group(one)].append(one)
            if one.is_overdue(self.now):
                groups[OVERDUE].append(one)
        return groups

    def group(self, one: OrderProgress) -> str:
        """Return under which figure an order is counted: its step, or ``OVER``."""
        return OVER if one.is_over(self.now) else one.progress.value

    def of(self, chosen: str) -> Sequence[OrderProgress]:
        """Return the orders of a figure."""
        return self.orders if chosen == ALL else self.groups.get(chosen, ())


def read_orders() -> OrderList:
    """Return the orders of the window that is chosen, those that lack a report first."""
    now = cache.context().clock()
    window = shown_window(now)
    return OrderList(now, window, tuple(planning.by_urgency(cache.order_progress(window), now)))


def shown_window(now: datetime) -> Window:
    """Return the window that is chosen; the days around now where none is."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    word = str(state.widget_value(WINDOW) or "")
    try:
        return parse_window(word, now) if word else Window(hour - BEFORE, hour + AHEAD)
    except WindowError:
        return Window(hour - BEFORE, hour + AHEAD)


def narrowed(order_list: OrderList) -> OrderList:
    """Return the orders of the community, the unit and the place that are picked."""
    community, unit = (str(state.widget_value(key) or "") for key in (COMMUNITY, UNIT))
    kept = [
        one
        for one in order_list.orders
        if community in {"", one.community_code}
        and unit in {"", one.unit_code}
        and shown_place() in {"", one.order.to_code}
    ]
    return replace(order_list, orders=tuple(kept))


def shown_place() -> str:
    """Return the code of the grid to which the list is narrowed, empty for none."""
    return str(state.saved_value(PLACE) or "")


def show_place(code: str) -> None:
    """Narrow list and map to the orders to a grid; once more, and they are whole again."""
    state.keep(PLACE, "" if code == shown_place() else code)
    to_first_page(NAME)


def take_place(key: str) -> None:
    """Take the place that was clicked on the map ``key``."""
    code = state.map_report(key).get("place")
    if code:
        show_place(str(code))


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
    """Do what a button of the list says: show its place, tick it, report its step, or take the last report back."""
    what, _colon, number = word.partition(":")
    if what == "place":
        show_place(number)
    elif what == "choose":
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
