"""Responsibility areas (责任区): who takes care of which buildings, claimed, ended and looked at (认领)."""

from services.claims.changes import add_claim, end_claim
from services.claims.errors import ManyHoldersError, UnknownClaimError, UnknownHolderError
from services.claims.model import HOLDER_NAMES, Claim, ClaimDraft, ClaimHolder, ClaimPlace, HolderKind
from services.claims.overview import ClaimOverview, read_claims
from services.claims.zones import CLAIM_LEVELS, claim_classes, sum_claims

__all__ = [
    "CLAIM_LEVELS",
    "HOLDER_NAMES",
    "Claim",
    "ClaimDraft",
    "ClaimHolder",
    "ClaimOverview",
    "ClaimPlace",
    "HolderKind",
    "ManyHoldersError",
    "UnknownClaimError",
    "UnknownHolderError",
    "add_claim",
    "claim_classes",
    "end_claim",
    "read_claims",
    "sum_claims",
]
