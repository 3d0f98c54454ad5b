"""Faults of a call about packages; each makes its own message."""

from collections.abc import Iterable

from services.i18n import text
from services.rostering.errors import RosterError
from services.rules.roster.packages import PACKAGE_STATE_NAMES, PackageState


class UnknownPackageError(RosterError, LookupError):
    """There is no such package."""

    def __init__(self, number: int) -> None:
        super().__init__(text("There is no package with the number {number}.", number=number))


class PackagedRosterError(RosterError, LookupError):
    """All seats of a roster are for people of units alone."""

    def __init__(self, name: str) -> None:
        super().__init__(text("Units have taken over every seat of the roster “{name}”.", name=name))


class UnknownUnitError(RosterError, LookupError):
    """There is no such unit."""

    def __init__(self, code: str) -> None:
        super().__init__(text("There is no unit with the code {code}.", code=code))


class PackagePostError(RosterError, ValueError):
    """A package names no post, one twice at the same hours, or one that is not in use in its community."""

    def __init__(self, codes: Iterable[str] = ()) -> None:
        named = "、".join(codes)
        super().__init__(
            text("Not in use in this community, or named twice: {codes}.", codes=named)
            if named
            else text("Choose at least one post and one day of the week.")
        )


class PackageStateError(RosterError, RuntimeError):
    """A package is no longer, or not yet, in a state in which something can be done to it."""

    def __init__(self, number: int, state: PackageState) -> None:
        name = PACKAGE_STATE_NAMES[state]
        super().__init__(text("Package {number} stands as “{state}”; this cannot be done.", number=number, state=name))


class PackageConflictError(RosterError, ValueError):
    """Two units would hold the same seats."""

    def __init__(self, unit: str, post: str, number: int) -> None:
        super().__init__(
            text("{unit} has taken over {post} then (package {number}).", unit=unit, post=post, number=number)
        )


class UnknownBatchError(RosterError, LookupError):
    """There is no such batch in a package."""

    def __init__(self, number: int) -> None:
        super().__init__(text("There is no batch {number}; make the batches first.", number=number))


class BatchNumberError(RosterError, ValueError):
    """So many people cannot come in so many batches."""

    def __init__(self, most: int) -> None:
        super().__init__(
            text("Give one batch at least, a person for each, and no more batches than days ({most}).", most=most)
        )


class BatchNamesError(RosterError, RuntimeError):
    """Batches were to be made anew in which people are named."""

    def __init__(self, people: int) -> None:
        super().__init__(
            text("{people} people are named in the batches; take them out before making them anew.", people=people)
        )


class UnknownNamesError(RosterError, LookupError):
    """Nobody of a unit has a name that was typed."""

    def __init__(self, unit: str, names: Iterable[str]) -> None:
        super().__init__(
            text(
                "Nobody in {unit} is called {names}. Write names as they stand in the register, or codes of members.",
                unit=unit,
                names="、".join(names),
            )
        )


class DoubleNameError(RosterError, ValueError):
    """Several people of a unit have a name that was typed."""

    def __init__(self, unit: str, name: str, people: int) -> None:
        super().__init__(
            text(
                "{people} people in {unit} are called {name}; write the code of the one who is meant.",
                unit=unit,
                name=name,
                people=people,
            )
        )


class DoubleBatchError(RosterError, ValueError):
    """Somebody would be in two batches at the same time."""

    def __init__(self, name: str, batch: int, package: int) -> None:
        super().__init__(
            text(
                "{name} is in batch {batch} of package {package} at that time; nobody is in two batches at once.",
                name=name,
                batch=batch,
                package=package,
            )
        )
