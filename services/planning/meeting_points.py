"""Where people who are sent come together, and whom they report to: noted once for a grid or an estate."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, Transaction, Work
from services.planning.orders import REPORTS, Order
from services.rules.privacy import may_see_contact
from services.use_cases import use_case

Zone = tuple[Layer, str]
"""A grid or an estate, by its code."""


@dataclass(frozen=True, slots=True)
class MeetingPoint:
    """Where people come together, and whom they report to; what nobody stated is empty."""

    place: str = ""
    contact: str = ""
    """Name and telephone; empty for whoever has nothing to do with orders."""

    @property
    def is_stated(self) -> bool:
        """Whether anything is stated."""
        return bool(self.place.strip() or self.contact.strip())


NOT_STATED = MeetingPoint()


@use_case(Action.NOTE_MEETING_POINT, "orders")
def note_meeting_points(work: Work, points: Mapping[Zone, MeetingPoint]) -> int:
    """Note meeting points of grids and estates in place of what was stated before; return of how many.

    One that is empty is removed; the next text, list or sheet of an order has what is noted.

    Raises
    ------
    OutsideAreaError
        If one of them is outside the actor's area.
    """
    for layer in {layer for layer, _code in points}:
        work.scope.require(layer, [code for at, code in points if at is layer])
    for zone, point in points.items():
        _write(work, zone, point)
    stated = [code for (_layer, code), point in points.items() if point.is_stated]
    emptied = [code for (_layer, code), point in points.items() if not point.is_stated]
    told = {"zones": " ".join(stated), "meeting_points_removed": " ".join(emptied)}
    work.note(**{name: codes for name, codes in told.items() if codes})
    if points:
        work.tx.touch(REPORTS)
    return len(points)


def read_meeting_points(context: Context, zones: Collection[Zone]) -> dict[Zone, MeetingPoint]:
    """Return what is stated for some grids and estates; those of which nothing is known are left out."""
    with context.look(Action.VIEW_ORDERS) as tx:
        return fetch_meeting_points(tx, zones, with_contact=may_see_contact(context.actor))


def fetch_meeting_points(tx: Transaction, zones: Collection[Zone], *, with_contact: bool) -> dict[Zone, MeetingPoint]:
    """Return what is stated for some grids and estates inside a transaction; contacts only where they may be seen."""
    rows = tx.plans.read_meeting_points({code for _layer, code in zones})
    points = {
        (Layer(row["layer"]), row["code"]): MeetingPoint(
            row["place"], tx.sealed.open(row["contact"]) if with_contact else ""
        )
        for row in rows
    }
    return {zone: points[zone] for zone in zones if zone in points}


def meeting_point_of(order: Order, points: Mapping[Zone, MeetingPoint]) -> MeetingPoint:
    """Return where the people of an order meet: what is stated for the estate, else for the grid."""
    return next((points[zone] for zone in zones_of(order) if zone in points), NOT_STATED)


def zones_of(order: Order) -> tuple[Zone, ...]:
    """Return where an order leads, the estate before the grid."""
    grid = (Layer.GRIDS, order.to_code)
    return ((Layer.ESTATES, order.estate_code), grid) if order.estate_code else (grid,)


def _write(work: Work, zone: Zone, point: MeetingPoint) -> None:
    layer, code = zone
    if not point.is_stated:
        work.tx.plans.remove_meeting_point(layer.value, code)
        return
    contact = work.tx.sealed.seal(point.contact.strip()) if point.contact.strip() else ""
    facts = {"place": point.place.strip(), "contact": contact, "at": work.at, "actor": work.actor.name}
    work.tx.plans.put_meeting_point(layer.value, code, **facts)
