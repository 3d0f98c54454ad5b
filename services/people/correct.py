"""Correcting what is stored about one person; who has a new address is assigned anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Work
from services.i18n import text
from services.manual_assignment import known_addresses, place_by_address
from services.people.errors import CorrectionError
from services.people.find import require_inside
from services.rules.people import normal_phone
from services.rules.windows import DayPart
from services.use_cases import use_case


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be changed; None leaves it as it is, an empty text takes it away."""

    name: str | None = None
    phone: str | None = None
    address: str | None = None
    available: Mapping[DayPart, float | None] = field(default_factory=dict)
    """Share of the time (0 to 1) in which somebody is available, None for not stated; parts left out stay."""
    keep_until: str | None = None
    """The last day on which they are kept (2027-12-31); empty for the general rule."""


@use_case(Action.CORRECT_PERSON, "{code}")
def correct_person(work: Work, code: str, correction: Correction) -> tuple[str, ...]:
    """Change what is stored about a person and return the names of the columns that changed.

    A new address makes the point of the old one void: the person is placed by the address, or waits to be settled.

    Raises
    ------
    RefusedError
        If the actor may not correct people.
    UnknownPersonError
        If nobody of the actor's area has this code.
    CorrectionError
        If a value cannot be taken, or nothing is to be changed.
    """
    changed = _checked(correction)
    require_inside(work.context, work.tx, code)
    book = known_addresses(work.context, work.tx) if "address" in changed else None
    until = changed.pop("keep_until", None)
    if correction.keep_until is not None:
        work.tx.people.set_keep_until(code, until)
        work.tx.touch(Layer.MEMBERS.value)
    if changed:
        moved = {"geom": None} if "address" in changed else {}
        work.tx.change_row(Layer.MEMBERS, code, changed | moved)
    if book is not None:
        place_by_address(work.tx, code, book)
    columns = (*changed, *(["keep_until"] if correction.keep_until is not None else []))
    work.note(changed=" ".join(columns))
    return columns


def _checked(correction: Correction) -> dict[str, Any]:
    """Return the columns to write.

    Raises
    ------
    CorrectionError
        If a value cannot be taken, or there is none.
    """
    stated = {"name": correction.name, "phone": correction.phone, "address": correction.address}
    changed: dict[str, Any] = {name: " ".join(said.split()) for name, said in stated.items() if said is not None}
    if changed.get("name") == "":
        raise CorrectionError(text("A person needs a name."))
    if changed.get("phone"):
        changed["phone"] = normal_phone(changed["phone"])
        if changed["phone"] is None:
            raise CorrectionError(text("This is no telephone number."))
    changed |= {column: changed[column] or None for column in ("phone", "address") if column in changed}
    changed |= {f"available_{part.value}": _share(share) for part, share in correction.available.items()}
    if correction.keep_until is not None:
        changed["keep_until"] = _day(correction.keep_until)
    if not changed:
        raise CorrectionError(text("Nothing is to be changed."))
    return changed


def _share(share: float | None) -> float | None:
    if share is not None and not 0 <= share <= 1:
        raise CorrectionError(text("The share of time lies between 0 and 1."))
    return share


def _day(stated: str) -> str | None:
    try:
        return date.fromisoformat(stated.strip()).isoformat() if stated.strip() else None
    except ValueError:
        raise CorrectionError(text("Give the day as 2027-12-31.")) from None
