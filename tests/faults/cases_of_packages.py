"""Use cases that write packages."""

from datetime import date, datetime
from typing import Any, Final

from services import rostering
from services.context import Context
from services.coverage import load_inputs
from services.rostering import Pairing
from services.rules.roster.pairings import PairingKind
from services.rules.windows import DAY, Window
from tests.services.rostering.package_world import OFFER, fill_units, make_roster

from .case import Case

PLACE: Final = "services.rostering.packages."
_DAY: Final = datetime(2026, 11, 30)


def with_unit(office: Context) -> None:
    """Put a unit and its posts there."""
    fill_units(office)


def offered(office: Context) -> int:
    """Return the number of an offer."""
    fill_units(office)
    return rostering.offer_package(office, OFFER, event_id="offer").id


def accepted(office: Context) -> int:
    """Return the number of a package that was accepted, with three batches."""
    number = offered(office)
    rostering.accept_package(office, number)
    rostering.split_package(office, number, 23, 3)
    return number


def named(office: Context) -> Any:
    """Return package, roster and inputs, with people in a batch and one of them in a seat."""
    number = accepted(office)
    roster, inputs = make_roster(office), load_inputs(office)
    rostering.name_batch(office, number, 1, ["党员1", "党员2"])
    rostering.seat_batches(office, roster, number, inputs, event_id="first")
    rostering.name_batch(office, number, 2, ["党员3", "党员4"])
    return number, roster, inputs


def _shift(office: Context, number: int) -> int:
    """Return the last shift of a package."""
    return rostering.read_package_seats(office, number).shifts[-1].shift.id


def _seat(office: Context, number: int) -> tuple[int, int]:
    """Return the first shift of a package in which somebody of the unit stands, and the number of the duty."""
    each = next(each for each in rostering.read_package_seats(office, number).shifts if each.own)
    return each.shift.id, each.own[0].id


CASES: Final = (
    Case(
        "offer a package",
        (f"{PLACE}offer_package",),
        with_unit,
        lambda o, _: rostering.offer_package(o, OFFER, event_id="n"),
    ),
    Case(
        "pair a unit",
        ("services.rostering.pairings.pair_unit",),
        with_unit,
        lambda o, _: rostering.pair_unit(o, Pairing(unit_code="U2", community_code="C1")),
    ),
    Case(
        "end a pairing",
        ("services.rostering.pairings.end_pairing",),
        with_unit,
        lambda o, _: rostering.end_pairing(o, "U1", "C1", PairingKind.PAIRED, date(2026, 11, 1)),
    ),
    Case("accept a package", (f"{PLACE}accept_package",), offered, lambda o, k: rostering.accept_package(o, k, 20)),
    Case("decline a package", (f"{PLACE}decline_package",), offered, rostering.decline_package),
    Case(
        "split a package",
        (f"{PLACE}split_package",),
        accepted,
        lambda o, k: rostering.split_package(o, k, 20, 4),
    ),
    Case(
        "name a batch", (f"{PLACE}name_batch",), accepted, lambda o, k: rostering.name_batch(o, k, 1, ["党员1", "M002"])
    ),
    Case("leave a batch", (f"{PLACE}leave_batch",), named, lambda o, at: rostering.leave_batch(o, at[0], 1, "M001")),
    Case(
        "give seats back",
        (f"{PLACE}release_seats",),
        accepted,
        lambda o, k: rostering.release_seats(o, k, Window(_DAY, _DAY + DAY), "P1"),
    ),
    Case(
        "withdraw a package", (f"{PLACE}withdraw_package",), named, lambda o, at: rostering.withdraw_package(o, at[0])
    ),
    Case(
        "seat people of a unit",
        ("services.rostering.package_duties.seat_unit_members",),
        named,
        lambda o, at: rostering.seat_unit_members(o, at[0], _shift(o, at[0]), ["M005"], at[2], event_id="n"),
    ),
    Case(
        "take people of a unit out",
        ("services.rostering.package_duties.take_out_unit_duty",),
        named,
        lambda o, at: rostering.take_out_unit_duty(o, at[0], *_seat(o, at[0]), event_id="n"),
    ),
    Case(
        "seat batches",
        ("services.rostering.drafts.change_roster_once",),
        named,
        lambda o, at: rostering.seat_batches(o, at[1], at[0], at[2], event_id="n"),
    ),
)
