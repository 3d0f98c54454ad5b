"""Finding persons: by code, by telephone number, by a part of the name; what comes back is masked."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from geo.schema import Layer
from services.catalog.actions import Action
from services.catalog.layers import LAYERS
from services.context import Context, Transaction, Work
from services.manual_assignment import codes_inside
from services.people.errors import UnknownPersonError
from services.people.limits import is_counted, refusal_kept, require_room
from services.people.phones import masked_phones
from services.rules.areas import Scope
from services.rules.people import mask_name, normal_phone
from services.rules.privacy import MASKS, mask_address
from services.rules.skills import MemberSkill, skill_from_row
from services.use_cases import use_case

AT_ONCE: Final = 50
"""Rows of a page."""
_SEARCH: Final = "search"
_DIGITS: Final = 12
"""So much of the fingerprint of a search tells it from others; what was looked for cannot be told from it."""


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
    skills: tuple[MemberSkill, ...]
    keep_until: str
    """The last day on which they are kept, ISO 8601; empty where the general rule holds."""
    others: Mapping[str, Any] = field(default_factory=dict)
    """What else is stored, by field of the layer; masked as its kind is."""


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A page of persons, and how many there are in all."""

    people: tuple[Person, ...]
    count: int


def find_people(
    context: Context, query: str = "", *, community: str = "", limit: int = AT_ONCE, offset: int = 0
) -> PersonPage:
    """Return persons of the actor's area, masked: whoever has this code or telephone number, else by name.

    Somebody of elsewhere is not found, as if they were not there. Every search leaves an audit row, the same one once
    within the hour, and there is a limit to how many different ones somebody may make in that time.

    Parameters
    ----------
    context
        Who asks.
    query
        A code, a whole telephone number, or a part of a name; empty for everybody in the area.
    community
        Only those who registered with the community of this code.
    limit, offset
        Which part of a long answer, in the order of codes.

    Raises
    ------
    RefusedError
        If the actor may not see people.
    LookLimitError
        If the actor has made too many searches within the hour.
    """
    said = query.strip()
    if said:
        _count_search(context, said)
    with context.look(Action.VIEW_PEOPLE) as tx:
        scope = context.scope_in(tx)
        exact = _exactly(tx, scope, said)
        if exact:
            return PersonPage(_people(tx, exact), len(exact))
        within = tx.people.within(**area_bounds(scope))
        found = tx.people.search(within, name=said, community=community, limit=limit, offset=offset)
        codes = [row["code"] for row in found]
        return PersonPage(_people(tx, codes), tx.people.count(within, name=said, community=community))


def read_person(context: Context, code: str) -> Person | None:
    """Return a person of the actor's area, masked; None for somebody of elsewhere as for nobody.

    For the card of somebody who was found: it counts as no search.

    Raises
    ------
    RefusedError
        If the actor may not see people.
    """
    with context.look(Action.VIEW_PEOPLE) as tx:
        return next(iter(_people(tx, codes_inside(tx, context.scope_in(tx), [code]))), None)


def require_inside(context: Context, tx: Transaction, code: str) -> None:
    """Do nothing if a person is stored and belongs to the actor's area.

    Raises
    ------
    UnknownPersonError
        If nobody of the area has this code; of somebody who belongs elsewhere it is not told that they are there.
    """
    if not codes_inside(tx, context.scope_in(tx), [code]):
        raise UnknownPersonError(code)


def _count_search(context: Context, said: str) -> None:
    target = f"{_SEARCH}:{context.cipher.fingerprint(said)[:_DIGITS]}"
    with context.look(Action.VIEW_PEOPLE) as tx:
        is_repeated = is_counted(context, tx, Action.VIEW_PEOPLE, target)
    if not is_repeated:
        with refusal_kept(context, Action.VIEW_PEOPLE):
            _keep_search(context, target)


@use_case(Action.VIEW_PEOPLE, "{target}")
def _keep_search(work: Work, target: str) -> None:
    del target  # it is what the audit row is about
    require_room(work)


def area_bounds(scope: Scope) -> dict[str, frozenset[str]]:
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


def _exactly(tx: Transaction, scope: Scope, said: str) -> list[str]:
    """Return the codes inside an area of whoever has exactly this code, else this telephone number."""
    if not said:
        return []
    phone = normal_phone(said)
    by_code = codes_inside(tx, scope, [said])
    return by_code or (codes_inside(tx, scope, tx.sealed.find_members(phone)) if phone else [])


def _people(tx: Transaction, codes: Collection[str]) -> tuple[Person, ...]:
    rows, places = tx.plans.read_rows(Layer.MEMBERS, codes), tx.people.read_places(codes)
    phones, skills = masked_phones(tx, Layer.MEMBERS, codes), tx.skills.read(codes)
    return tuple(_person(rows[code], places[code], phones.get(code, ""), skills.get(code, ())) for code in sorted(rows))


def _person(row: Any, place: Any, phone: str, skills: Iterable[Mapping[str, Any]]) -> Person:
    return Person(
        code=row["code"],
        name=mask_name(row["name"] or ""),
        phone=phone,
        address=mask_address(row["address"] or ""),
        unit_code=row["unit_code"] or "",
        community_code=row["community_code"] or "",
        grid_code=place["grid_code"] or "",
        skills=tuple(map(skill_from_row, skills)),
        keep_until=row["keep_until"] or "",
        others=_masked(other_values(row)),
    )


def other_values(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stored of a member in fields that ``Person`` does not name, in clear and in their order."""
    named = {each.name for each in fields(Person)}
    others = (each.name for each in LAYERS[Layer.MEMBERS].fields if each.is_stored and each.is_read)
    return {name: row[name] for name in others if name not in named and row[name] not in {None, ""}}


def _masked(values: Mapping[str, Any]) -> dict[str, Any]:
    masks = MASKS[Layer.MEMBERS]
    return {name: masks[name](str(value)) if name in masks else value for name, value in values.items()}
