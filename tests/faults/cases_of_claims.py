"""Use cases that write responsibility areas."""

from typing import Final

from geo.schema import Layer
from services.claims import ClaimDraft, HolderKind, add_claim, end_claim
from services.context import Context

from .case import Case, nothing

DRAFT: Final = ClaimDraft(Layer.ESTATES, "E1", "3-5栋", 20, HolderKind.MEMBER, "M001")


def claim(office: Context) -> int:
    return add_claim(office, DRAFT)


CASES: Final = (
    Case("claim buildings", ("services.claims.changes.add_claim",), nothing, lambda o, _: claim(o)),
    Case("end a claim", ("services.claims.changes.end_claim",), claim, end_claim),
)
