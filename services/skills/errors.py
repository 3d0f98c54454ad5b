"""What is refused of a call about skills."""

from datetime import date

from services.errors import ServiceError
from services.i18n import text


class UnknownSkillError(ServiceError, LookupError):
    """The catalogue has no skill of this name; what was written is not repeated."""

    def __init__(self) -> None:
        super().__init__(
            text("The catalogue of skills has none of this name; “gridmuster skills list” names them all.")
        )


class ProofOverError(ServiceError, ValueError):
    """The last day of a proof lies behind."""

    def __init__(self, day: date) -> None:
        super().__init__(
            text("This proof was over on {day}; it can be noted only while it holds.", day=day.isoformat())
        )
