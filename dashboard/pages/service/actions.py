"""What the page 服务 keeps between runs, and what its buttons do."""

from typing import Final

from dashboard import cache
from dashboard.kit.outcome import attempt
from dashboard.streamlit import state
from services.claims import Claim, ClaimDraft, ClaimOverview, add_claim, end_claim
from services.i18n import text

NAME: Final = "service"
COMMUNITY: Final = "service-community"
STATE: Final = "service-state"
_QUESTION: Final = "service-question"
_NEW: Final = "new"


def open_new() -> None:
    """Ask for a new claim when the page is drawn next."""
    state.keep(_QUESTION, _NEW)


def is_new_open() -> bool:
    """Return whether a new claim is asked for."""
    return bool(state.saved_value(_QUESTION) == _NEW)


def press(word: str) -> None:
    """Ask whether the claim of a button ends."""
    state.keep(_QUESTION, int(word))


def claim_to_end(overview: ClaimOverview) -> Claim | None:
    """Return the claim of which it is asked whether it ends; None for none, or where it has ended meanwhile."""
    number = state.saved_value(_QUESTION)
    return next((claim for claim in overview.claims if claim.id == number), None)


def close() -> None:
    """Ask nothing any more."""
    state.forget(_QUESTION)


def add(draft: ClaimDraft) -> None:
    """Make a claim, and ask nothing any more; what is refused stays asked.

    Raises
    ------
    ServiceError
        As ``add_claim`` refuses it.
    """
    number = add_claim(cache.context(), draft)
    close()
    with attempt(NAME) as tell:
        tell(text("Claim {number} is made.", number=number))


def end(claim_id: int) -> None:
    """Let a claim end."""
    close()
    with attempt(NAME) as tell:
        end_claim(cache.context(), claim_id)
        tell(text("Claim {claim_id} has ended.", claim_id=claim_id))
