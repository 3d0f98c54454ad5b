"""Where people serve, for those who plan nothing: the orders of the own area or unit, and where its members live."""

from collections.abc import Mapping
from dataclasses import dataclass

from geo.schema import Layer
from services.assignment import people_inside
from services.catalog.actions import Action
from services.context import Context, Transaction
from services.planning.lookups import fetch_places
from services.planning.orders import Order, fetch_orders, touching
from services.rules.privacy import sees_small_counts
from services.rules.small_counts import count_by_grid, count_grouped
from services.rules.windows import Window


@dataclass(frozen=True, slots=True)
class ServiceOverview:
    """Orders of a window, and people by grid."""

    orders: tuple[Order, ...]
    """Those that come into, leave or send a team of the area, by number."""
    names: Mapping[str, str]
    """Of every grid that is named, by code."""
    members: Mapping[str, int]
    """How many members of the area or unit belong to each grid, by code; those without a grid are left out.

    As they count (``services.rules.small_counts``) for whoever neither looks after them nor is of their unit.
    """
    unplaced: int
    """Members without a grid, counted alike."""
    teams: int
    """Teams of the area or unit."""
    team_people: int
    """People in them."""


def read_service_overview(context: Context, window: Window) -> ServiceOverview:
    """Return where the people of the actor's area or unit serve in a window: counts and teams, no persons.

    Raises
    ------
    RefusedError
        If the actor's role may not read orders.
    """
    with context.look(Action.VIEW_ORDERS) as tx:
        orders = tuple(touching(context.scope_in(tx), fetch_orders(tx, window)))
        members, unplaced = _count_people(context, tx)
        sizes = context.scope_in(tx).limit(Layer.TEAMS, tx.read_layer(Layer.TEAMS, columns=["size"]))["size"].fillna(0)
        named = {code for order in orders for code in (order.from_code, order.to_code)} | set(members)
        places = fetch_places(tx, Layer.GRIDS, named)
    names = {code: place.name for code, place in places.items()}
    return ServiceOverview(orders, names, members, unplaced, len(sizes), int(sizes.sum()))


def _count_people(context: Context, tx: Transaction) -> tuple[dict[str, int], int]:
    """Return how many members of the area or unit belong to each grid, by code, and how many to none."""
    people = people_inside(context, tx)
    unplaced = people[people["grid_code"].isna()]
    exact = {str(code): int(count) for code, count in people["grid_code"].value_counts().sort_index().items()}
    if sees_small_counts(context.actor) or context.actor.area.layer is Layer.UNITS:
        return exact, len(unplaced)
    counted = count_by_grid(tx.plans.count_members())
    return {code: counted[code] for code in exact}, count_grouped(unplaced["community_code"].fillna(""))
