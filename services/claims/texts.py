"""Claims in words: blocks, who takes care of them, and how many of the households that leaves."""

from services.claims.model import Claim, ClaimHolder
from services.i18n import translate
from services.rules.claims import block_ranges
from services.wording import number


def block_words(claim: Claim) -> str:
    """Return the buildings of a claim, and whether they are shared."""
    blocks = block_ranges(claim.blocks)
    if claim.is_shared:
        return translate("blocks {blocks}, shared", blocks=blocks)
    return translate("blocks {blocks}", blocks=blocks)


def holder_words(holder: ClaimHolder) -> str:
    """Return name and code of who takes care of buildings; nothing of a member who is not told."""
    return " ".join(dict.fromkeys(each for each in (holder.name, holder.code) if each))


def share_words(claimed_households: int, households: int | None) -> str:
    """Return how many households are claimed, of how many where that is known: ``120 / 347 户``."""
    if not households:
        return translate("{count} households", count=number(claimed_households))
    return translate("{count} / {total} households", count=number(claimed_households), total=number(households))
