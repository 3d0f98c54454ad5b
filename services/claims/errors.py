"""What is refused of a call about responsibility areas; faults of a claim itself are in ``services.rules.claims``."""

from collections.abc import Collection

from services.errors import ServiceError
from services.i18n import text


class UnknownClaimError(ServiceError, LookupError):
    """There is no such claim, or it has ended."""

    def __init__(self, claim_id: int) -> None:
        super().__init__(text("There is no live claim with the number {number}.", number=claim_id))


class UnknownHolderError(ServiceError, LookupError):
    """Nobody of the area has this code or name; what was written is not repeated."""

    def __init__(self) -> None:
        super().__init__(
            text("Nobody in your area has exactly this code or name. Give the code of a member, a team or a unit.")
        )


class ManyHoldersError(ServiceError, LookupError):
    """Several have this name."""

    def __init__(self, codes: Collection[str]) -> None:
        super().__init__(
            text("{count} have this name; give the code: {codes}", count=len(codes), codes="、".join(sorted(codes)))
        )
