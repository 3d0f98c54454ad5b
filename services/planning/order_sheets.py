"""What an order sheet says: an order with the names of its places and people, as far as the reader may see them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Transaction, Work
from services.planning.lookups import PlanZone, Team, fetch_places, fetch_teams
from services.planning.meeting_points import (
    NOT_STATED,
    MeetingPoint,
    fetch_meeting_points,
    meeting_point_of,
    zones_of,
)
from services.planning.orders import Order, OrderEvent, touching
from services.rules.people import mask_name, mask_phone
from services.rules.privacy import may_see_contact
from services.rules.windows import Window
from services.use_cases import use_case


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order for reading. Places that are no longer there go by their code; what nobody stated is empty."""

    order: Order
    window: Window
    """As it stands, after recall or relief; as it was sent where it was recalled before it began."""
    kind: str
    leader: str
    """Masked for whoever has nothing to do with the order (``services.rules.privacy.may_see_contact``)."""
    leader_role: str
    phone: str
    """Masked for whoever has nothing to do with the order (``services.rules.privacy.may_see_contact``)."""
    from_name: str
    to_name: str
    estate_name: str
    community_code: str
    """Of the receiving grid."""
    community_name: str
    meeting_point: MeetingPoint = NOT_STATED
    """Of the estate, where nothing is stated for it of the grid; without contact where leaders are masked."""
    ending: OrderEvent | None = None
    """``RECALLED`` or ``RELIEVED`` where it ended early."""
    ending_reason: str = ""
    relieved_by: str = ""
    """The team that took over."""

    @property
    def is_at_home(self) -> bool:
        """Whether the team is called out where it lives."""
        return self.order.from_code == self.order.to_code

    @property
    def is_held(self) -> bool:
        """Whether anybody is to be there at some time."""
        return self.order.start < self.order.until


@use_case(Action.VIEW_ORDERS, "orders")
def read_order_lines(work: Work, orders: Iterable[Order]) -> list[OrderLine]:
    """Return orders with names, by receiving community, grid, team, recalled and relieved ones too.

    Orders that do not touch the actor's area are left out. Whoever sends people or looks after them sees the leaders
    of teams that come from elsewhere too: the receiving side has to reach them. Reading leaves an audit row that names
    the teams whose leaders were shown.

    Raises
    ------
    RefusedError
        If the actor's role may not read orders.
    """
    tx = work.tx
    held = touching(work.scope, list(orders))
    teams = fetch_teams(tx, {order.team_code for order in held})
    grids = fetch_places(tx, Layer.GRIDS, {code for o in held for code in (o.from_code, o.to_code)})
    estates = fetch_places(tx, Layer.ESTATES, {order.estate_code for order in held})
    communities = fetch_places(tx, Layer.COMMUNITIES, {grid.parent_code for grid in grids.values()})
    phones = tx.sealed.open_phones(Layer.TEAMS, teams)
    named = {code: replace(team, phone=phones.get(code, "")) for code, team in teams.items()}
    is_clear = may_see_contact(work.actor)
    work.note(orders=len(held), **({"contacts": " ".join(sorted(phones))} if is_clear else {}))
    lines = [_line(order, named, grids, estates, communities) for order in held]
    lines = _with_endings(tx, _with_meeting_points(tx, lines, with_contact=is_clear))
    if not is_clear:
        lines = [replace(line, leader=mask_name(line.leader), phone=mask_phone(line.phone)) for line in lines]
    return sorted(lines, key=lambda k: (k.community_code, k.order.to_code, k.order.start, k.order.team_code))


def _with_meeting_points(tx: Transaction, lines: Sequence[OrderLine], *, with_contact: bool) -> list[OrderLine]:
    zones = {zone for line in lines for zone in zones_of(line.order)}
    stated = fetch_meeting_points(tx, zones, with_contact=with_contact)
    return [replace(line, meeting_point=meeting_point_of(line.order, stated)) for line in lines]


def _with_endings(tx: Transaction, lines: Sequence[OrderLine]) -> list[OrderLine]:
    ended = {line.order.id for line in lines if line.order.until < line.order.end}
    endings = {row["order_id"]: row for row in tx.plans.read_endings(ended)}
    relieved = [number for number, row in endings.items() if row["what"] == OrderEvent.RELIEVED]
    by = {row["relieves"]: row["team_name"] for row in tx.plans.read_orders(relieving=relieved)} if relieved else {}
    return [
        replace(
            line,
            ending=OrderEvent(endings[line.order.id]["what"]),
            ending_reason=json.loads(endings[line.order.id]["detail"])["reason"],
            relieved_by=by.get(line.order.id, ""),
        )
        if line.order.id in endings
        else line
        for line in lines
    ]


def _line(
    order: Order,
    teams: Mapping[str, Team],
    grids: Mapping[str, PlanZone],
    estates: Mapping[str, PlanZone],
    communities: Mapping[str, PlanZone],
) -> OrderLine:
    team, grid = teams.get(order.team_code), grids.get(order.to_code)
    community = grid.parent_code if grid else ""
    return OrderLine(
        order=order,
        window=order.window,
        kind=team.kind if team else "",
        leader=team.leader if team else "",
        leader_role=team.leader_role if team else "",
        phone=team.phone if team else "",
        from_name=_name(grids, order.from_code),
        to_name=_name(grids, order.to_code),
        estate_name=_name(estates, order.estate_code),
        community_code=community,
        community_name=_name(communities, community),
    )


def _name(places: Mapping[str, PlanZone], code: str) -> str:
    place = places.get(code)
    return place.name if place else code
