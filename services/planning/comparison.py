"""What a window is compared with: the same hours of earlier days, and itself without the orders sent last.

People, grids and estates are as they are now and the mode is the one asked for, in both: what differs is who was sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, Transaction
from services.coverage import CoverageInputs, SentPeople
from services.coverage.balances import grid_balance
from services.coverage.comparison import Comparison, ComparisonFrame, ComparisonKind
from services.planning.orders import Order, fetch_orders, people_sent, touching
from services.rules.areas import Scope
from services.rules.norms import Norms, working_calendar
from services.rules.windows import Mode, Window, same_hours_before, same_hours_week_before


@dataclass(frozen=True, slots=True)
class EarlierHours:
    """The same hours of an earlier day, and the orders that held in them."""

    against: ComparisonKind
    window: Window
    orders: tuple[Order, ...]


@dataclass(frozen=True, slots=True)
class Precedents:
    """What is known of earlier days and of the orders of a window."""

    window: Window
    orders: tuple[Order, ...]
    """Those that hold at some time in the window."""
    earlier: tuple[EarlierHours, ...]
    """Days of which nothing is known are left out."""


def read_precedents(context: Context, norms: Norms, window: Window) -> Precedents:
    """Return what a window can be compared with, inside the actor's area.

    Raises
    ------
    RefusedError
        If the actor's role does not allow it.
    """
    with context.look(Action.VIEW_COVERAGE) as tx:
        return fetch_past(tx, norms, window, context.scope_in(tx))


def fetch_past(tx: Transaction, norms: Norms, window: Window, scope: Scope) -> Precedents:
    """Return the same inside a transaction.

    A day counts as known when the store held something before its hours began, by the first row of its trail.
    """
    since, calendar = _known_since(tx), working_calendar(norms)
    days = {
        ComparisonKind.DAY: same_hours_before(window, calendar),
        ComparisonKind.WEEK: same_hours_week_before(window, calendar),
    }
    earlier: list[EarlierHours] = []
    for against, hours in days.items():
        is_known = hours is not None and since is not None and since <= hours.start
        if hours is None or not is_known or hours in [known.window for known in earlier]:
            continue
        earlier.append(EarlierHours(against, hours, tuple(touching(scope, fetch_orders(tx, hours)))))
    return Precedents(window, tuple(touching(scope, fetch_orders(tx, window))), tuple(earlier))


def references_of(
    coverage_inputs: CoverageInputs, mode: Mode, past: Precedents, codes: pd.Index | None = None
) -> tuple[ComparisonFrame, ...]:
    """Return the situations with which a window is compared: day before, week before, before the last orders.

    Parameters
    ----------
    coverage_inputs
        What coverage is computed from.
    mode
        By whose norms.
    past
        From ``read_precedents``.
    codes
        The grids that are looked at; None: all of the inputs. Orders that come from and go to other grids are not
        their last orders.
    """
    grids = coverage_inputs.levels[Layer.GRIDS].facts.index if codes is None else codes
    found = [
        ComparisonFrame(
            Comparison(hours.against, hours.window),
            _grids(coverage_inputs, mode, hours.window, people_sent(hours.orders, hours.window), grids),
        )
        for hours in past.earlier
    ]
    if last := last_orders(past.orders, frozenset(grids)):
        others = [order for order in past.orders if order.plan_id != last[0].plan_id]
        comparison = Comparison(ComparisonKind.ORDERS, past.window, last[0].sent_at)
        found.append(
            ComparisonFrame(
                comparison, _grids(coverage_inputs, mode, past.window, people_sent(others, past.window), grids)
            )
        )
    return tuple(found)


def last_orders(orders: Sequence[Order], grids: frozenset[str]) -> tuple[Order, ...]:
    """Return the orders of the plan that was sent last, of those that come from or go to some grids.

    Whoever relieves a team of the plan serves by an order of the same plan, so that the effect of the plan stays whole.
    """
    touched = [order for order in orders if order.from_code in grids or order.to_code in grids]
    if not touched:
        return ()
    first_sent: dict[int, datetime] = {}
    for order in touched:
        first_sent[order.plan_id] = min(first_sent.get(order.plan_id, order.sent_at), order.sent_at)
    last = max(first_sent, key=lambda plan: (first_sent[plan], plan))
    return tuple(order for order in touched if order.plan_id == last)


def _known_since(tx: Transaction) -> datetime | None:
    """Return when the trail begins, None where that cannot be read."""
    try:
        return datetime.fromisoformat(tx.trail.read_begin() or "")
    except ValueError:
        return None


def _grids(
    coverage_inputs: CoverageInputs, mode: Mode, window: Window, sent: SentPeople, codes: pd.Index
) -> pd.DataFrame:
    return grid_balance(coverage_inputs, mode, window, sent).loc[codes]
