"""Faults of a call about rosters; each makes its own message."""

from collections.abc import Mapping, Sequence

from geo.schema import Layer
from services.errors import ServiceError
from services.i18n import Text, text
from services.rules.roster.clash import DutyBreach


class RosterError(ServiceError):
    """Base of what rosters refuse."""


class UnknownRosterError(RosterError, LookupError):
    """There is no such roster."""

    def __init__(self, roster_id: int) -> None:
        super().__init__(text("There is no roster with the number {number}.", number=roster_id))


class RosterClosedError(RosterError, RuntimeError):
    """A roster that is closed was to be changed."""

    def __init__(self, name: str) -> None:
        super().__init__(text("The roster “{name}” is closed and cannot be changed.", name=name))


class RosterEmptyError(RosterError, ValueError):
    """A roster without shifts was to be published or filled."""

    def __init__(self, name: str) -> None:
        super().__init__(text("The roster “{name}” has no shifts yet; generate them first.", name=name))


class PastPeriodError(RosterError, ValueError):
    """A period that is over was to be planned."""

    def __init__(self) -> None:
        super().__init__(text("This period is over; choose one that ends in the future."))


class UnknownShiftError(RosterError, LookupError):
    """There is no such shift in the roster."""

    def __init__(self, shift_id: int) -> None:
        super().__init__(text("There is no shift with the number {number} in this roster.", number=shift_id))


class UnknownDutyError(RosterError, LookupError):
    """There is no such duty in the roster."""

    def __init__(self, duty_id: int) -> None:
        super().__init__(text("There is no duty with the number {number} in this roster.", number=duty_id))


class UnknownMemberError(RosterError, LookupError):
    """There is no such member."""

    def __init__(self, code: str) -> None:
        super().__init__(text("There is no member with the code {code}.", code=code))


class UnknownGroupError(RosterError, LookupError):
    """There is no such team or unit."""

    def __init__(self, layer: Layer, code: str) -> None:
        super().__init__(
            text("There is no team with the code {code}.", code=code)
            if layer is Layer.TEAMS
            else text("There is no unit with the code {code}.", code=code)
        )


class GroupHeadsError(RosterError, ValueError):
    """A number of people that is no number of people."""

    def __init__(self) -> None:
        super().__init__(text("Of a team or unit at least one person stands in a shift; give how many."))


class ManyShiftsError(RosterError, ValueError):
    """More shifts were to be made than a roster holds."""

    def __init__(self, count: int, most: int) -> None:
        super().__init__(
            text(
                "This would make {count} shifts; a roster holds {most} at most. Choose fewer days, hours or posts.",
                count=count,
                most=most,
            )
        )


class NoPostsError(RosterError, ValueError):
    """Shifts were to be made where there are no posts."""

    def __init__(self) -> None:
        super().__init__(
            text("There are no posts in this area. Make them from need, or import a table of posts (layer posts).")
        )


class DoublePostError(RosterError, ValueError):
    """Two published rosters would hold the same post at the same time."""

    def __init__(self, other: str, post: str) -> None:
        super().__init__(
            text("The published roster “{other}” holds the post {post} at the same time.", other=other, post=post)
        )


class ChainCommunityError(RosterError, LookupError):
    """A chain is of one community of the roster, and it is not said which.

    Parameters
    ----------
    names
        What the communities of the roster are called, by code.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        communities = "、".join(f"{code} {name}" for code, name in names.items())
        super().__init__(text("A chain is of one community; give one of these: {communities}", communities=communities))


class ChainOutdatedError(RosterError, RuntimeError):
    """The shifts of a roster were made anew between the look at a chain and the writing of it."""

    def __init__(self) -> None:
        super().__init__(text("The shifts have changed since the chain was looked at. Please look at it again."))


class NoOpenSeatsError(RosterError, LookupError):
    """Open seats were asked for where there is none."""

    def __init__(self) -> None:
        super().__init__(text("No seat is open there; nobody has to sign up."))


class DutyRefusedError(RosterError, ValueError):
    """A duty breaks rules; those that may be set aside take a reason.

    Parameters
    ----------
    member_code
        Whose duty breaks the first of them, where several people are meant.
    """

    def __init__(self, breaches: Sequence[DutyBreach], member_code: str = "") -> None:
        said = _sentence(breaches)
        super().__init__(text("{member}: {said}", member=member_code, said=said) if member_code else said)
        self.breaches = tuple(breaches)

    @property
    def may_be_overruled(self) -> bool:
        """Whether all of them may be set aside with a reason."""
        return all(breach.may_be_overruled for breach in self.breaches)


def _sentence(breaches: Sequence[DutyBreach]) -> Text:
    first = breaches[0].text
    return first if len(breaches) == 1 else text("{first} (and {count} more)", first=first, count=len(breaches) - 1)
