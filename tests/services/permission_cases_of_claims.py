"""How every use case of responsibility areas is called for one of two communities."""

from geo.schema import Layer
from services.catalog.actions import Action
from services.claims import ClaimDraft, HolderKind, add_claim, end_claim, read_claims


def seen(overview):
    """Return the codes and numbers that an overview tells."""
    return {
        *overview.communities,
        *(each for place in overview.places for each in (place.code, place.name)),
        *(f"claim:{claim.id}" for claim in overview.claims),
        *(claim.holder.code for claim in overview.claims),
    }


def draft(side):
    return ClaimDraft(Layer.ESTATES, side.estate, "3-5栋", 5, HolderKind.TEAM, side.team)


def claim_cases(refused, limited):
    """Return the cases, made by the functions of ``permission_cases``."""
    return {
        "claims.changes.add_claim": refused(Action.KEEP_CLAIMS, lambda c, s, w: add_claim(c, draft(s))),
        "claims.changes.end_claim": refused(Action.KEEP_CLAIMS, lambda c, s, w: end_claim(c, s.claim)),
        "claims.overview.read_claims": limited(Action.VIEW_CLAIMS, lambda c, s, w: read_claims(c), seen),
    }
