"""What can go wrong when one person's data are asked for or changed."""

from datetime import datetime

from services.errors import ServiceError
from services.i18n import Text, text


class UnknownPersonError(ServiceError, LookupError):
    """Nobody with this code is stored, or they belong to another area: it is not said which."""

    def __init__(self, code: str) -> None:
        super().__init__(text("There is nobody with the code {code} in your area.", code=code[:40]))


class ReasonMissingError(ServiceError, ValueError):
    """A reason is asked for, and none was given or what was given says nothing."""

    def __init__(self) -> None:
        super().__init__(
            text("Say why in words, such as “visit at home”; the reason is kept in the audit trail, without names.")
        )


class LookLimitError(ServiceError, PermissionError):
    """Too many persons were looked up or seen in clear within an hour."""

    def __init__(self, most: int, until: datetime) -> None:
        super().__init__(
            text(
                "You have looked at {most} persons within the hour, which is as many as may be; go on at {time}. "
                "The administrator is told, and can set another limit.",
                most=most,
                time=f"{until:%H:%M}",
            )
        )


class CorrectionError(ServiceError, ValueError):
    """A correction that cannot be written."""

    def __init__(self, why: Text) -> None:
        super().__init__(why)
