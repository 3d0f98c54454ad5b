"""Faults of calls about briefings."""

from services.context import RefusedError
from services.errors import ServiceError
from services.i18n import text


class BriefingError(ServiceError):
    """Base of what goes wrong with briefings."""


class UnknownBriefingError(BriefingError, LookupError):
    """There is no frozen briefing of this number."""

    def __init__(self, number: int) -> None:
        super().__init__(text("There is no briefing number {number}.", number=number))


class SnapshotVersionError(BriefingError, ValueError):
    """A frozen briefing was written by another version of the program, in a form this one does not read."""

    def __init__(self, number: int) -> None:
        super().__init__(
            text(
                "Briefing number {number} was kept by another version of the program and cannot be opened by this one.",
                number=number,
            )
        )


class SnapshotDamagedError(BriefingError, ValueError):
    """What was kept of a briefing is not what was written."""

    def __init__(self, number: int) -> None:
        super().__init__(
            text("Briefing number {number} is damaged; restore it from a backup or make a new one.", number=number)
        )


class OtherAreaError(BriefingError, ValueError):
    """A frozen briefing of another area was to be compared with."""

    def __init__(self, number: int) -> None:
        super().__init__(
            text("Briefing number {number} tells of another area: compare with one of your own area.", number=number)
        )


class NothingChosenError(BriefingError, ValueError):
    """A briefing without sections."""

    def __init__(self) -> None:
        super().__init__(text("Choose at least one section of the briefing."))


class SectionTwiceError(BriefingError, ValueError):
    """A section was chosen twice."""

    def __init__(self) -> None:
        super().__init__(text("A section of a briefing can be chosen only once."))


class CommentTooLongError(BriefingError, ValueError):
    """A comment that does not fit below its section."""

    def __init__(self, most: int) -> None:
        super().__init__(text("A comment has at most {most} characters.", most=most))


class TemplateNameError(BriefingError, ValueError):
    """A template without a usable name."""

    def __init__(self, most: int) -> None:
        super().__init__(text("Give the template a name of 1 to {most} characters.", most=most))


class FutureDayError(BriefingError, ValueError):
    """A replay of a day that has not begun."""

    def __init__(self, day: str) -> None:
        super().__init__(text("{day} has not begun yet; only past hours can be replayed.", day=day))


class UnsentPlanError(BriefingError, RefusedError):
    """A plan that was not sent was asked for by somebody who may not plan."""

    def __init__(self) -> None:
        ServiceError.__init__(
            self,
            text("A plan that was not sent is shown only to those who plan. They can freeze the briefing for others."),
        )


class UnknownTemplateError(BriefingError, LookupError):
    """There is no template of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(text("There is no template “{name}”.", name=name))


class TemplatesOfOneNameError(BriefingError, LookupError):
    """Several areas have a template of this name."""

    def __init__(self, name: str, count: int) -> None:
        super().__init__(
            text(
                "{count} areas have a template “{name}”: keep the one that is meant under a name of your own.",
                count=count,
                name=name,
            )
        )
