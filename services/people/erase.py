"""Erasing persons: every row that tells of them goes; the audit trail keeps their code and nothing else."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Transaction, Work
from services.i18n import text
from services.people.export import contacts_of
from services.people.unmask import read_clear, require_reason
from services.rules.claims import CLAIMS
from services.rules.matters.kinds import MATTERS
from services.rules.roster.duties import ROSTERS
from services.rules.roster.packages import PACKAGES
from services.rules.skills import SKILLS
from services.use_cases import Reason, use_case


@dataclass(frozen=True, slots=True)
class ErasureCounts:
    """How many rows went."""

    members: int = 0
    assignments: int = 0
    memberships: int = 0
    kept_rows: int = 0
    """What imports had replaced and kept for taking back."""
    skills: int = 0
    contacts: int = 0
    """Teams and units that named them as leader or contact."""
    header_maps: int = 0
    duties: int = 0
    """Of rosters, that named them."""
    claims: int = 0
    """Responsibility areas."""


@use_case(
    Action.ERASE_PERSON,
    "{code}",
    title=text("Erase the data"),
    note=text("Name, telephone, address, assignment and team membership go for good; the audit trail keeps the code."),
    question=text("Erase everything stored about {code}? This cannot be undone."),
    outcome=text("{code} was erased: {kept_rows} earlier versions and {contacts} mentions as contact as well"),
    example="person erase M0001 --reason 本人要求",
)
def erase_person(work: Work, code: Annotated[str, text("Code of the person")], *, reason: Reason) -> ErasureCounts:
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
    why = require_reason(reason, read_clear(work, code))
    erased = erase_rows(work.tx, [code], work.at)
    work.note(reason=why, kept_rows=erased.kept_rows, contacts=erased.contacts)
    work.is_to_fold = True
    return erased


def erase_rows(tx: Transaction, codes: Collection[str], at: str) -> ErasureCounts:
    """Delete everything stored about some members, and note that the data have changed.

    ``at`` (ISO 8601) parts the duties to come from those that were.
    """
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
    if gone["skills"]:
        tx.touch(SKILLS)
    duties = tx.rosters.forget_members(rows, at)
    claims = tx.claims.forget_members(rows)
    if claims:
        tx.touch(CLAIMS)
    if tx.packages.forget_members(rows):
        tx.touch(PACKAGES)
    if tx.matters.forget_members(rows):
        tx.touch(MATTERS)
    _forget_chains(tx, rows, values)
    if duties:
        tx.touch(ROSTERS)
    return ErasureCounts(**gone, contacts=contacts, header_maps=headers, duties=duties, claims=claims)


def _forget_chains(tx: Transaction, codes: Collection[str], values: Collection[str]) -> None:
    """Take some members out of chains, with every text of one that has a value of theirs in it."""
    tx.sign_ups.forget_members(codes)
    texts = ((number, tx.sealed.open(sealed)) for number, sealed in tx.sign_ups.read_texts())
    tx.sign_ups.forget_texts([number for number, words in texts if any(value in words for value in values)])
