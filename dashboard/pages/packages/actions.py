"""What the page 承包 keeps between runs, and what its buttons do."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final
from uuid import uuid4

from dashboard import cache
from dashboard.kit.outcome import attempt
from dashboard.streamlit import state
from services import rostering
from services.i18n import text
from services.rostering import PackageOffer, PackageView
from services.rules.roster.packages import take_turns
from services.rules.windows import Window

NAME: Final = "packages"
BATCH: Final = "package-batch"
_OPEN: Final = "package-open"
WEEK_DAYS: Final = 7


def shown_package(views: Sequence[PackageView]) -> PackageView | None:
    """Return the package that is open: the one that was chosen, else the only one there is."""
    number = state.saved_value(_OPEN)
    chosen = next((view for view in views if view.package.id == number), None)
    return chosen or (views[0] if len(views) == 1 else None)


def open_package(word: str) -> None:
    """Open a package; chosen again it is closed."""
    state.keep(_OPEN, None if state.saved_value(_OPEN) == int(word) else int(word))
    state.forget(BATCH)


def is_chosen() -> bool:
    """Return whether somebody chose a package, so that it is to be brought into view."""
    return state.saved_value(_OPEN) is not None


def offer(unit_codes: Sequence[str], example: PackageOffer) -> None:
    """Offer posts and hours to a unit; to several for a week each, in turn."""
    turns = take_turns(unit_codes, example.start) if len(unit_codes) > 1 else ()
    offers = [_for_unit(example, unit, week.start.date(), WEEK_DAYS) for unit, week in turns] or [
        _for_unit(example, unit_codes[0], example.start, example.days)
    ]
    with attempt(NAME) as tell:
        made = [rostering.offer_package(cache.context(), each, event_id=uuid4().hex) for each in offers]
        state.keep(_OPEN, made[0].id)
        tell(text("{n} packages are offered; nothing is reserved before the unit accepts.", n=len(made)))


def _for_unit(example: PackageOffer, unit_code: str, start: date, days: int) -> PackageOffer:
    return PackageOffer(
        unit_code=unit_code,
        community_code=example.community_code,
        start=start,
        days=days,
        posts=example.posts,
        name=example.name,
    )


def accept(number: int, people: int) -> None:
    """Accept a package with so many people."""
    with attempt(NAME) as tell:
        rostering.accept_package(cache.context(), number, people)
        tell(text("Accepted: its seats are the unit's now."))


def decline(number: int) -> None:
    """Decline a package."""
    with attempt(NAME) as tell:
        rostering.decline_package(cache.context(), number)
        tell(text("Declined."))


def withdraw(number: int) -> None:
    """Withdraw a package."""
    with attempt(NAME) as tell:
        opened = rostering.withdraw_package(cache.context(), number)
        tell(text("Withdrawn: {n} person-shifts that its people had are open again.", n=opened))


def split(number: int, people: int, batches: int) -> None:
    """Make batches of a package."""
    with attempt(NAME) as tell:
        rostering.split_package(cache.context(), number, people, batches)
        tell(text("{n} batches are made; name who comes in each.", n=batches))


def name_people(number: int, batch_number: int, names: Collection[str]) -> None:
    """Name people for a batch, as they were typed."""
    with attempt(NAME) as tell:
        made = rostering.name_batch(cache.context(), number, batch_number, names)
        batch = next(each for each in made.batches if each.number == batch_number)
        tell(text("{n} people are named in batch {number}.", n=len(batch.members), number=batch_number))


def leave(word: str) -> None:
    """Take somebody out of a batch: ``package:batch:member``."""
    number, batch_number, member = word.split(":", 2)
    with attempt(NAME) as tell:
        rostering.leave_batch(cache.context(), int(number), int(batch_number), member)
        tell(text("Taken out of the batch."))


def release(number: int, window: Window, post_code: str) -> None:
    """Give seats back to the community."""
    with attempt(NAME) as tell:
        rostering.release_seats(cache.context(), number, window, post_code)
        tell(text("Given back: these seats are the community's again."))
