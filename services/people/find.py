"""Finding persons: by code, by telephone number, by a part of the name; what comes back is masked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from geo.schema import Layer
from services.context import Context, Transaction
from services.people.errors import UnknownPersonError
from services.people.phones import masked_phones
from services.rules.areas import OutsideAreaError, Scope
from services.rules.people import mask_name, normal_phone
from services.rules.privacy import mask_address
from services.rules.roles import Action

AT_ONCE: Final = 50
"""Rows of a page."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as they are shown to whoever need not know them. What is not known is empty."""

    code: str
    name: str
    """Masked."""
    phone: str
    """Masked."""
    address: str
    """Down to the estate."""
    unit_code: str
    community_code: str
    grid_code: str
    skills: tuple[str, ...]
    keep_until: str
    """The last day on which they are kept, ISO 8601; empty where the general rule holds."""
    is_inside: bool
    """Whether they belong to the area of whoever asks."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of persons, and how many there are in all."""

    people: tuple[Person, ...]
    count: int


def find_people(
    context: Context, wanted: str = "", *, community: str = "", limit: int = AT_ONCE, offset: int = 0
) -> Found:
    """Return persons, masked: whoever has this code or this telephone number, else those of one's area by name.

    Parameters
    ----------
    context
        Who asks.
    wanted
        A code, a whole telephone number, or a part of a name; empty for everybody in the area. By code and telephone
        number somebody outside the area is found too.
    community
        Only those who registered with the community of this code.
    limit, offset
        Which part of a long answer, in the order of codes.

    Raises
    ------
    RefusedError
        If the actor may not see people.
    """
    said = wanted.strip()
    with context.look(Action.VIEW_PEOPLE) as tx:
        scope = context.scope_in(tx)
        exact = _exactly(tx, said)
        if exact:
            return Found(_people(tx, scope, exact), len(exact))
        within = tx.people.within(**_bounds(scope))
        found = tx.people.search(within, name=said, community=community, limit=limit, offset=offset)
        codes = [row["code"] for row in found]
        return Found(_people(tx, scope, codes), tx.people.count(within, name=said, community=community))


def require_inside(context: Context, tx: Transaction, code: str) -> None:
    """Do nothing if a person is stored and belongs to the actor's area.

    Raises
    ------
    UnknownPersonError
        If nobody has this code.
    OutsideAreaError
        If they belong elsewhere.
    """
    if not is_inside(context.scope_in(tx), tx, code):
        raise OutsideAreaError([code])


def is_inside(scope: Scope, tx: Transaction, code: str) -> bool:
    """Return whether a person belongs to an area.

    Raises
    ------
    UnknownPersonError
        If nobody has this code.
    """
    places = tx.people.read_places([code])
    if code not in places:
        raise UnknownPersonError(code)
    return bool(_inside(scope, places)[code])


def _bounds(scope: Scope) -> dict[str, frozenset[str]]:
    """Return an area as the store looks for people in it."""
    if scope.is_everything:
        return {}
    if scope.area.layer is Layer.UNITS:
        return {"units": frozenset({scope.area.code})}
    nothing: frozenset[str] = frozenset()
    return {
        "grids": scope.codes.get(Layer.GRIDS, nothing),
        "communities": scope.codes.get(Layer.COMMUNITIES, nothing),
    }


def _exactly(tx: Transaction, said: str) -> list[str]:
    if not said:
        return []
    if tx.people.read_places([said]):
        return [said]
    phone = normal_phone(said)
    return tx.sealed.find_members(phone) if phone else []


def _inside(scope: Scope, places: dict[str, Any]) -> dict[str, bool]:
    columns = ["grid_code", "community_code", "unit_code"]
    frame = pd.DataFrame.from_dict(places, orient="index", columns=["code", *columns])[columns].astype(object)
    return {str(code): bool(inside) for code, inside in scope.people(frame).items()}


def _people(tx: Transaction, scope: Scope, codes: Collection[str]) -> tuple[Person, ...]:
    rows, places = tx.plans.read_rows(Layer.MEMBERS, codes), tx.people.read_places(codes)
    phones, inside = masked_phones(tx, Layer.MEMBERS, codes), _inside(scope, places)
    return tuple(_person(rows[code], places[code], phones.get(code, ""), inside[code]) for code in sorted(rows))


def _person(row: Any, place: Any, phone: str, is_here: bool) -> Person:  # noqa: FBT001 - a row's fact
    return Person(
        code=row["code"],
        name=mask_name(row["name"] or ""),
        phone=phone,
        address=mask_address(row["address"] or ""),
        unit_code=row["unit_code"] or "",
        community_code=row["community_code"] or "",
        grid_code=place["grid_code"] or "",
        skills=_skills(row["skills"]),
        keep_until=row["keep_until"] or "",
        is_inside=is_here,
    )


def _skills(stated: str | None) -> tuple[str, ...]:
    parts: Sequence[str] = (stated or "").split(";")
    return tuple(part for part in parts if part)
