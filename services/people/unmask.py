"""Seeing a person in clear: a permission, a reason for people of elsewhere, and a row in the audit trail every time."""

from dataclasses import dataclass

from geo.schema import Layer
from services.context import Context
from services.people.errors import ReasonMissingError
from services.people.find import is_inside
from services.rules.privacy import clean_reason
from services.rules.roles import Action


@dataclass(frozen=True, slots=True)
class Clear:
    """Somebody in clear; what is not known is empty."""

    code: str
    name: str
    phone: str
    address: str


def unmask(context: Context, code: str, *, reason: str = "") -> Clear:
    """Return name, telephone number and address of a person in clear; the audit trail keeps who asked, whom and why.

    Raises
    ------
    RefusedError
        If the actor may not see people in clear.
    UnknownPersonError
        If nobody has this code.
    ReasonMissingError
        If the person is not of the actor's area and no reason was given.
    """
    with context.act(Action.UNMASK, code) as work:
        is_own = is_inside(context.scope_in(work.tx), work.tx, code)
        if not is_own and not reason.strip():
            raise ReasonMissingError
        row = work.tx.plans.read_rows(Layer.MEMBERS, [code])[code]
        clear = Clear(code, row["name"] or "", work.tx.sealed.open(row["phone"]), row["address"] or "")
        work.note(outside=int(not is_own), reason=clean_reason(reason, known=known_values(clear)))
    return clear


def known_values(clear: Clear) -> dict[str, str]:
    """Return what a reason must not hold, each with the code to write instead."""
    return {value: clear.code for value in (clear.name, clear.address) if value}
