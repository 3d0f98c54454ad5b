"""Erasing persons: every row that tells of them goes; the audit trail keeps their code and nothing else."""

from collections.abc import Collection
from dataclasses import dataclass

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, Transaction
from services.people.export import contacts_of
from services.people.find import require_inside
from services.people.unmask import ClearPerson, require_reason


@dataclass(frozen=True, slots=True)
class ErasureCounts:
    """How many rows went."""

    members: int = 0
    assignments: int = 0
    memberships: int = 0
    kept_rows: int = 0
    """What imports had replaced and kept for taking back."""
    contacts: int = 0
    """Teams and units that named them as leader or contact."""
    header_maps: int = 0


def erase_person(context: Context, code: str, *, reason: str) -> ErasureCounts:
    """Erase a person for good.

    Raises
    ------
    RefusedError
        If the actor may not erase people.
    ReasonMissingError
        If no reason is given in words.
    UnknownPersonError
        If nobody of the actor's area has this code.
    """
    with context.act(Action.ERASE_PERSON, code) as work:
        require_inside(context, work.tx, code)
        row = work.tx.plans.read_rows(Layer.MEMBERS, [code])[code]
        clear = ClearPerson(code, row["name"] or "", work.tx.sealed.open(row["phone"]), row["address"] or "")
        why = require_reason(reason, clear)
        erased = erase_rows(work.tx, [code])
        work.note(reason=why, kept_rows=erased.kept_rows, contacts=erased.contacts)
    context.fold()
    return erased


def erase_rows(tx: Transaction, codes: Collection[str]) -> ErasureCounts:
    """Delete everything stored about some members, and note that the data have changed."""
    rows = tx.plans.read_rows(Layer.MEMBERS, codes)
    values: set[str] = set()
    contacts = 0
    for row in rows.values():
        phone = tx.sealed.open(row["phone"])
        values |= {value for value in (row["name"], phone, row["address"]) if value and len(value) > 1}
        for layer, of in contacts_of(tx, row["name"] or "", phone):
            tx.people.forget_contact(layer, of)
            tx.touch(layer.value)
            contacts += 1
    headers = tx.people.forget_headers(values)
    gone = tx.people.erase(rows)
    if rows:
        tx.touch(Layer.MEMBERS.value)
        tx.touch("assignments")
    return ErasureCounts(**gone, contacts=contacts, header_maps=headers)
