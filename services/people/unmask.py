"""Seeing a person in clear: a permission, a reason in words, a limit by the hour, and a row in the audit trail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, Work
from services.people.errors import ReasonMissingError
from services.people.find import other_values, require_inside
from services.people.limits import refusal_kept, require_room
from services.rules.privacy import clean_reason, is_reason
from services.use_cases import use_case


@dataclass(frozen=True, slots=True)
class ClearPerson:
    """Somebody in clear; what is not known is empty."""

    code: str
    name: str
    phone: str
    address: str
    others: Mapping[str, Any] = field(default_factory=dict)
    """What else is stored, by field of the layer."""


def unmask(context: Context, code: str, *, reason: str = "") -> ClearPerson:
    """Return name, telephone number and address of a person in clear; the audit trail keeps who asked, whom and why.

    Raises
    ------
    RefusedError
        If the actor may not see people in clear.
    UnknownPersonError
        If nobody of the actor's area has this code.
    ReasonMissingError
        If no reason is given in words.
    LookLimitError
        If the actor has seen too many persons in clear within the hour.
    """
    with refusal_kept(context, Action.UNMASK):
        return _unmask(context, code, reason)


@use_case(Action.UNMASK, "{code}")
def _unmask(work: Work, code: str, reason: str) -> ClearPerson:
    require_room(work)
    clear = read_clear(work, code)
    work.note(reason=require_reason(reason, clear))
    return clear


def read_clear(work: Work, code: str) -> ClearPerson:
    """Return somebody of the actor's area in clear, for a use case that may know them.

    Raises
    ------
    UnknownPersonError
        If nobody of the area has this code.
    """
    require_inside(work.context, work.tx, code)
    row = work.tx.plans.read_rows(Layer.MEMBERS, [code])[code]
    phone = work.tx.sealed.open(row["phone"])
    return ClearPerson(code, row["name"] or "", phone, row["address"] or "", other_values(row))


def require_reason(reason: str, clear: ClearPerson) -> str:
    """Return a reason as the audit trail may keep it; the name of the person is none.

    Raises
    ------
    ReasonMissingError
        If it is no reason.
    """
    known = {value: clear.code for value in (clear.name, clear.address) if value}
    kept = clean_reason(reason, codes=known)
    if not is_reason(kept.replace(clear.code, " ")):
        raise ReasonMissingError
    return kept
