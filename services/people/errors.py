"""What can go wrong when one person's data are asked for or changed."""

from services.errors import ServiceError
from services.i18n import Text, text


class UnknownPersonError(ServiceError, LookupError):
    """Nobody with this code is stored."""

    def __init__(self, code: str) -> None:
        super().__init__(text("Nobody with the code {code} is stored.", code=code[:40]))


class ReasonMissingError(ServiceError, ValueError):
    """A reason is asked for and none was given."""

    def __init__(self) -> None:
        super().__init__(text("Say why; the reason is kept in the audit trail."))


class CorrectionError(ServiceError, ValueError):
    """A correction that cannot be written."""

    def __init__(self, why: Text) -> None:
        super().__init__(why)
