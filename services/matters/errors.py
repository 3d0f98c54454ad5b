"""What is refused of a call about matters; what the rules refuse is in ``services.rules.matters``."""

from services.errors import ServiceError
from services.i18n import text


class UnknownMatterError(ServiceError, LookupError):
    """There is no such matter."""

    def __init__(self, number: int) -> None:
        super().__init__(text("There is no matter with the number {number}.", number=number))


class UnknownKindError(ServiceError, LookupError):
    """There is no such kind, or it is not what is needed here."""

    def __init__(self, code: str) -> None:
        super().__init__(text("There is no such kind of matter: {code}. See the list of kinds.", code=code))


class KindRestsError(ServiceError, ValueError):
    """A kind that is not in force now."""

    def __init__(self, title: str) -> None:
        super().__init__(text("“{kind}” is not in force in the present mode.", kind=title))


class SubjectError(ServiceError, ValueError):
    """What a matter is about is not there, or nothing that its kind is about."""

    def __init__(self, words: str) -> None:
        super().__init__(text("“{given}” is nothing that this kind of matter can be about.", given=words))


class OwnerError(ServiceError, ValueError):
    """Whom nobody can ask for such a thing."""

    def __init__(self, words: str) -> None:
        super().__init__(text("“{given}” cannot be asked for this; choose one of the list.", given=words))


class NobodyAboveError(ServiceError, ValueError):
    """There is no level above both sides."""

    def __init__(self) -> None:
        super().__init__(text("No level stands above both sides: answer it, or pass it on."))


class CauseError(ServiceError, ValueError):
    """A matter that needs a cause."""

    def __init__(self) -> None:
        super().__init__(text("Choose a cause."))


class TitleError(ServiceError, ValueError):
    """A matter without words."""

    def __init__(self) -> None:
        super().__init__(text("Say in a few words what it is about."))


class MatterReasonError(ServiceError, ValueError):
    """Something that needs a reason."""

    def __init__(self) -> None:
        super().__init__(text("Say why in a few words."))


class OwnAnswerError(ServiceError, PermissionError):
    """Somebody would confirm what they did themselves."""

    def __init__(self) -> None:
        super().__init__(text("You answered this yourself; somebody else confirms it."))


class RevisionError(ServiceError, RuntimeError):
    """Somebody else was quicker."""

    def __init__(self, actor: str, at: str) -> None:
        super().__init__(
            text(
                "{actor} has just changed this ({time}). It is shown as it stands now; look at it and save again.",
                actor=actor,
                time=at[5:16].replace("T", " "),
            )
        )


class FinalSheetError(ServiceError, ValueError):
    """A sheet that is signed."""

    def __init__(self) -> None:
        super().__init__(text("This sheet is signed. The level above can send it back; then it can be changed."))


class FutureSheetError(ServiceError, ValueError):
    """A sheet of a time to come."""

    def __init__(self, period: str) -> None:
        super().__init__(text("The period {period} has not begun.", period=period))


class NothingToSignError(ServiceError, ValueError):
    """No sheet below waits for being signed."""

    def __init__(self) -> None:
        super().__init__(text("No sheet waits for being signed."))
