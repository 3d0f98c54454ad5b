"""Packages (承包): offered to a unit, answered by it or for it, split into batches, given back, withdrawn.

Whatever is said twice is done once: a state that is there already changes nothing.
"""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Final

from geo.schema import Layer
from services.catalog.actions import Action, Role
from services.context import Transaction, Work
from services.coverage.posts import read_post_name
from services.rostering.model import minute
from services.rostering.package_errors import (
    BatchNamesError,
    BatchNumberError,
    DoubleBatchError,
    DoubleNameError,
    PackageConflictError,
    PackagePostError,
    PackageStateError,
    UnknownBatchError,
    UnknownNamesError,
    UnknownUnitError,
)
from services.rostering.package_rows import batch_row, fetch_package_for, post_row, read_accepted, unit_name
from services.rostering.package_seats import open_seats_of
from services.rules.people import mask_name
from services.rules.privacy import hide_numbers
from services.rules.roster.packages import (
    PACKAGES,
    Batch,
    Package,
    PackagePost,
    PackageState,
    find_conflict,
    find_double,
    make_batches,
)
from services.rules.roster.pattern import period
from services.rules.windows import Window
from services.use_cases import use_case

MOST_NAME: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageOffer:
    """What a unit is asked to take over."""

    unit_code: str
    community_code: str
    start: date
    days: int
    posts: tuple[PackagePost, ...]
    name: str = ""


@use_case(Action.KEEP_PACKAGES, "package")
def offer_package(work: Work, offer: PackageOffer, *, event_id: str) -> Package:
    """Offer posts and hours of a community to a unit; nothing is reserved before it accepts.

    Raises
    ------
    WindowError
        If it has no day, or more than 31.
    OutsideAreaError
        If the community lies outside the actor's area.
    UnknownUnitError
        If there is no such unit.
    PackagePostError
        If no post is named, one twice, or one that is not in use in the community.
    """
    when = period(offer.start, offer.days)
    work.scope.require(Layer.COMMUNITIES, [offer.community_code])
    number = work.tx.packages.find_package(event_id)
    if number is None:
        _require_unit(work.tx, offer.unit_code)
        _require_posts(work.tx, offer)
        number = work.tx.packages.add_package(
            [post_row(post) for post in offer.posts],
            unit_code=offer.unit_code,
            community_code=offer.community_code,
            name=hide_numbers(offer.name.strip())[:MOST_NAME],
            start=minute(when.start),
            end=minute(when.end),
            state=PackageState.OFFERED.value,
            created_at=work.at,
            created_by=work.actor.name,
            changed_at=work.at,
            changed_by=work.actor.name,
            event_id=event_id,
        )
        work.tx.touch(PACKAGES)
    work.note(package=number, unit=offer.unit_code)
    return fetch_package_for(work.context, work.tx, number)


@use_case(Action.ANSWER_PACKAGE, "package:{number}")
def accept_package(work: Work, number: int, people: int | None = None) -> Package:
    """Accept a package: all seats of its posts and hours are for the unit from now on.

    Parameters
    ----------
    people
        How many the unit promises; None for all of its members.

    Raises
    ------
    UnknownPackageError, OutsideAreaError
        If there is no such package, or it is of others.
    PackageStateError
        If it was declined or withdrawn, or is over.
    PackageConflictError
        If another unit holds some of its seats.
    """
    package = fetch_package_for(work.context, work.tx, number)
    if package.state is not PackageState.ACCEPTED:
        _require_state(work, package, PackageState.OFFERED)
        _refuse_conflict(work.tx, package)
        _answer(work, number, PackageState.ACCEPTED, people_promised=people)
    return fetch_package_for(work.context, work.tx, number)


@use_case(Action.ANSWER_PACKAGE, "package:{number}")
def decline_package(work: Work, number: int) -> Package:
    """Decline a package that was offered.

    Raises
    ------
    UnknownPackageError, OutsideAreaError, PackageStateError
        As for ``accept_package``.
    """
    package = fetch_package_for(work.context, work.tx, number)
    if package.state is not PackageState.DECLINED:
        _require_state(work, package, PackageState.OFFERED)
        _answer(work, number, PackageState.DECLINED)
    return fetch_package_for(work.context, work.tx, number)


@use_case(Action.ANSWER_PACKAGE, "package:{number}")
def withdraw_package(work: Work, number: int) -> int:
    """Withdraw an offer, or what was accepted: its seats are open to everybody, nothing is deleted.

    Returns how many duties to come of people of the unit were taken out; batches and duties that were stay.

    Raises
    ------
    UnknownPackageError, OutsideAreaError, PackageStateError
        As for ``accept_package``.
    """
    package = fetch_package_for(work.context, work.tx, number)
    if package.state is PackageState.WITHDRAWN:
        return 0
    _require_state(work, package, PackageState.OFFERED, PackageState.ACCEPTED, PackageState.RUNNING)
    opened = open_seats_of(work, package) if package.state is PackageState.ACCEPTED else 0
    _change(work, number, state=PackageState.WITHDRAWN.value)
    work.note(package_state=PackageState.WITHDRAWN.value, duties=opened)
    return opened


@use_case(Action.ANSWER_PACKAGE, "package:{number}")
def release_seats(work: Work, number: int, window: Window, post_code: str = "") -> Package:
    """Give seats back to the community: of shifts that begin in a window, at a post or at all of the package.

    Raises
    ------
    UnknownPackageError, OutsideAreaError
        If there is no such package, or it is of others.
    PackageStateError
        If it is not accepted, or is over.
    PackagePostError
        If the post is none of the package.
    """
    package = fetch_held(work, number)
    if post_code and post_code not in {post.post_code for post in package.posts}:
        raise PackagePostError([post_code])
    is_new = work.tx.packages.add_release(
        package_id=number,
        post_code=post_code,
        start=minute(window.start),
        end=minute(window.end),
        at=work.at,
        actor=work.actor.name,
    )
    if is_new:
        _change(work, number)
    return fetch_package_for(work.context, work.tx, number)


@use_case(Action.ANSWER_PACKAGE, "package:{number}")
def split_package(work: Work, number: int, people: int, batches: int) -> Package:
    """Make batches of a package end to end, of which the sizes differ by one at most.

    Raises
    ------
    UnknownPackageError, OutsideAreaError
        If there is no such package, or it is of others.
    PackageStateError
        If it is not accepted, or is over.
    BatchNumberError
        If there is none, more than people, or more than days.
    BatchNamesError
        If people are named in those that are there.
    """
    package = fetch_held(work, number)
    days = (package.period.end - package.period.start).days
    if not 1 <= batches <= min(people, days):
        raise BatchNumberError(days)
    if names := sum(len(batch.members) for batch in package.batches):
        raise BatchNamesError(names)
    work.tx.packages.put_batches(number, [batch_row(each) for each in make_batches(package.period, people, batches)])
    _change(work, number)
    work.note(batches=batches)
    return fetch_package_for(work.context, work.tx, number)


@use_case(Action.ANSWER_PACKAGE, "package:{number}")
def name_batch(work: Work, number: int, batch_number: int, names: Collection[str]) -> Package:
    """Name people of the unit for a batch, as they are typed: names in full, or codes of members.

    Raises
    ------
    UnknownPackageError, OutsideAreaError
        If there is no such package, or it is of others.
    PackageStateError
        If it is not accepted, or is over.
    UnknownBatchError
        If there is no such batch.
    UnknownNamesError, DoubleNameError
        If nobody of the unit is called so, or several are.
    DoubleBatchError
        If somebody is in another batch at that time.
    """
    package = fetch_held(work, number)
    batch = _batch(package, batch_number)
    codes = find_unit_members(work.tx, package.unit_code, names)
    more = replace(batch, members=batch.members | codes)
    _refuse_double(work.tx, package, more)
    if more.members != batch.members:
        work.tx.packages.put_members(number, batch_number, more.members)
        _change(work, number)
    work.note(batch_number=batch_number, people=len(codes))
    return fetch_package_for(work.context, work.tx, number)


@use_case(Action.ANSWER_PACKAGE, "package:{number}")
def leave_batch(work: Work, number: int, batch_number: int, member_code: str) -> Package:
    """Take somebody out of a batch; duties that they have stay.

    Raises
    ------
    UnknownPackageError, OutsideAreaError, PackageStateError, UnknownBatchError
        As for ``name_batch``.
    """
    package = fetch_held(work, number)
    batch = _batch(package, batch_number)
    if member_code in batch.members:
        work.tx.packages.put_members(number, batch_number, batch.members - {member_code})
        _change(work, number)
    work.note(batch_number=batch_number)
    return fetch_package_for(work.context, work.tx, number)


def fetch_held(work: Work, number: int) -> Package:
    """Return a package that was accepted and is not over, if it is of the actor's area or unit."""
    package = fetch_package_for(work.context, work.tx, number)
    _require_state(work, package, PackageState.ACCEPTED, PackageState.RUNNING)
    return package


def _require_unit(tx: Transaction, code: str) -> None:
    if code not in tx.plans.read_rows(Layer.UNITS, [code]):
        raise UnknownUnitError(code)


def _require_posts(tx: Transaction, offer: PackageOffer) -> None:
    if not offer.posts or not all(post.weekdays for post in offer.posts):
        raise PackagePostError
    rows = tx.plans.read_rows(Layer.POSTS, {post.post_code for post in offer.posts})
    usable = {
        code
        for code, row in rows.items()
        if row["community_code"] == offer.community_code and row["active"] is not False
    }
    keys = [(post.post_code, post.from_time) for post in offer.posts]
    wrong = {post for post, hour in keys if post not in usable or keys.count((post, hour)) > 1}
    if wrong:
        raise PackagePostError(sorted(wrong))


def _require_state(work: Work, package: Package, *states: PackageState) -> None:
    now = package.state_at(work.now)
    is_over = package.period.end <= work.now
    if is_over or now not in states:
        raise PackageStateError(package.id, PackageState.OVER if is_over and now in states else now)


def _refuse_conflict(tx: Transaction, package: Package) -> None:
    found = find_conflict(package, read_accepted(tx, package.period))
    if found is not None:
        other, post = found
        raise PackageConflictError(unit_name(tx, other.unit_code), read_post_name(tx, post), other.id)


def _answer(work: Work, number: int, state: PackageState, **values: object) -> None:
    is_answered_for = work.actor.role is not Role.LIAISON
    _change(work, number, state=state.value, answered_by=work.actor.name, is_answered_for=is_answered_for, **values)
    work.note(package_state=state.value)
    if is_answered_for:
        work.note(answered_for=1)


def _change(work: Work, number: int, **values: object) -> None:
    work.tx.packages.set_package(number, changed_at=work.at, changed_by=work.actor.name, **values)
    work.tx.touch(PACKAGES)


def _batch(package: Package, number: int) -> Batch:
    found = next((batch for batch in package.batches if batch.number == number), None)
    if found is None:
        raise UnknownBatchError(number)
    return found


def find_unit_members(tx: Transaction, unit_code: str, names: Iterable[str]) -> frozenset[str]:
    """Return the codes of people of a unit by names or codes as they were typed.

    Raises
    ------
    UnknownNamesError
        If nobody of the unit is called so.
    DoubleNameError
        If several are.
    """
    typed = list(dict.fromkeys(filter(None, map(_plain, names))))
    rows = tx.packages.find_members(unit_code, typed)
    by_name = {name: [row["code"] for row in rows if name in {row["name"], row["code"]}] for name in typed}
    if unknown := [name for name, codes in by_name.items() if not codes]:
        raise UnknownNamesError(unit_name(tx, unit_code), unknown)
    if double := next((name for name, codes in by_name.items() if len(codes) > 1), None):
        raise DoubleNameError(unit_name(tx, unit_code), double, len(by_name[double]))
    return frozenset(chain.from_iterable(by_name.values()))


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split())


def _refuse_double(tx: Transaction, package: Package, batch: Batch) -> None:
    for other in read_accepted(tx, batch.period):
        beside: Sequence[Batch] = [
            each for each in other.batches if (other.id, each.number) != (package.id, batch.number)
        ]
        member = find_double(batch, beside)
        if member is not None:
            theirs = next(each for each in beside if find_double(batch, [each]) == member)
            name = tx.people.read([member])["name"].iloc[0]
            raise DoubleBatchError(mask_name(str(name)), theirs.number, other.id)
