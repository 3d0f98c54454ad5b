"""Single members and their grids: doubtful addresses, and what a clerk decides. No other member is read for one."""

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from geo.schema import ZONE_LAYERS, Layer, Method
from services.assignment import NOWHERE, address_book, people_inside
from services.catalog.actions import Action
from services.context import Context, Transaction, Work
from services.errors import ServiceError
from services.i18n import text
from services.rules.address import AddressBook, Candidate
from services.rules.areas import Scope
from services.use_cases import use_case


class UnknownPlaceError(ServiceError, LookupError):
    """A member, estate or grid that is not in the store."""

    def __init__(self, code: str) -> None:
        super().__init__(text("There is no member, estate or grid with the code {code}.", code=code))


@dataclass(frozen=True, slots=True)
class Doubt:
    """A member whom a clerk must place: what is known, and the estates it may mean."""

    member_code: str
    name: str
    address: str
    community_code: str
    candidates: tuple[Candidate, ...]


def read_doubts(context: Context, *, limit: int = 200) -> list[Doubt]:
    """Return the unlocated members of the actor's area who have an address, those with the best candidate first."""
    with context.look(Action.SETTLE_ADDRESS) as tx:
        members = people_inside(context, tx, ["name", "address"])
        located = tx.read_assignments(["method"]).query("method != 'unlocated'").index
        book = known_addresses(context, tx)
    open_ones = members[~members.index.isin(located) & members["address"].fillna("").str.strip().ne("")]
    open_ones = open_ones.assign(community_code=open_ones["community_code"].fillna(""))
    doubts = [
        Doubt(str(code), str(m["name"]), str(m["address"]), str(m["community_code"]), candidates)
        for code, m in open_ones.iterrows()
        for candidates in [book.candidates(str(m["address"]), str(m["community_code"]))]
    ]
    return sorted(doubts, key=lambda d: (-d.candidates[0].score if d.candidates else 0.0, d.member_code))[:limit]


@use_case(Action.SETTLE_ADDRESS, "{member_code}")
def assign_manually(work: Work, member_code: str, *, estate_code: str = "", grid_code: str = "") -> None:
    """Put a member into an estate (and so its grid) or a grid by hand; it stays so at the next import.

    Raises
    ------
    UnknownPlaceError
        If the estate or the grid does not exist, or the actor's area has no such member.
    OutsideAreaError
        If the place is outside the actor's area.
    """
    scope = work.scope
    grid = grid_code or _grid_of_estate(work.tx, estate_code)
    if not work.tx.plans.read_rows(Layer.GRIDS, [grid]):
        raise UnknownPlaceError(grid or estate_code)
    scope.require(Layer.GRIDS, [grid])
    _require_member(work.context, work.tx, member_code)
    place = {"grid_code": grid, "estate_code": estate_code or None}
    work.tx.put_assignment(
        member_code, **place, method=Method.MANUAL.value, distance_m=None, confidence=1.0, ambiguous=False
    )
    work.note(grid=grid, estate=estate_code)


@use_case(Action.SETTLE_ADDRESS, "{member_code}")
def unsettle(work: Work, member_code: str) -> None:
    """Take back what was settled by hand: the member is unlocated again until the next assignment.

    Raises
    ------
    UnknownPlaceError
        If the actor's area has no such member.
    """
    _require_member(work.context, work.tx, member_code)
    work.tx.put_assignment(member_code, **NOWHERE)
    work.note(undone="yes")


def known_addresses(context: Context, tx: Transaction) -> AddressBook:
    """Return ``address_book``, made once for a version of the zones; ask before the transaction writes any."""
    return context.once_a_version(tx, "addresses", ZONE_LAYERS, lambda: address_book(tx))


def place_by_address(tx: Transaction, member_code: str, book: AddressBook) -> None:
    """Put a member of whom no point is known where the address surely means, else nowhere; no other is read."""
    member = tx.plans.read_rows(Layer.MEMBERS, [member_code])[member_code]
    choice = book.find(member["address"] or "", member["community_code"] or "") if member["address"] else None
    estate = choice and tx.plans.read_rows(Layer.ESTATES, [choice.code]).get(choice.code)
    grids = tx.plans.read_rows(Layer.GRIDS, [estate["parent_code"]]) if estate and estate["parent_code"] else {}
    if choice is None or not grids:
        tx.put_assignment(member_code, **NOWHERE)
        return
    place = {"grid_code": next(iter(grids)), "estate_code": choice.code, "method": Method.ADDRESS.value}
    tx.put_assignment(member_code, **place, distance_m=None, confidence=choice.score, ambiguous=False)


def codes_inside(tx: Transaction, scope: Scope, codes: Collection[str]) -> list[str]:
    """Return those of some members' codes who are stored and belong to an area; only their rows are read."""
    places = tx.people.read_places(codes)
    if not places:
        return []
    columns = ["grid_code", "community_code", "unit_code"]
    frame = pd.DataFrame.from_dict(places, orient="index", columns=["code", *columns])[columns].astype(object)
    return [str(code) for code, is_inside in scope.people(frame).items() if is_inside]


def _require_member(context: Context, tx: Transaction, code: str) -> None:
    if not codes_inside(tx, context.scope_in(tx), [code]):
        raise UnknownPlaceError(code)


def _grid_of_estate(tx: Transaction, estate_code: str) -> str:
    estate = tx.plans.read_rows(Layer.ESTATES, [estate_code]).get(estate_code)
    if estate is None or not estate["parent_code"]:
        raise UnknownPlaceError(estate_code)
    return str(estate["parent_code"])
