"""Whether duties stand against a rule: checked where they are written, refused with whose duty it is."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NoReturn

import pandas as pd

from geo.schema import Layer
from services.context import Transaction, Work
from services.coverage import CoverageInputs
from services.coverage.posts import read_post_name
from services.rostering.drafts import DutyRow
from services.rostering.errors import DutyRefusedError, UnknownMemberError
from services.rostering.ground import DutyGround, read_ground, read_order_stays
from services.rostering.groups import group_breaches, require_groups
from services.rostering.model import Roster, duty_from_row, window_of_row
from services.rostering.package_rows import read_accepted, unit_name, unit_of_duty
from services.rules.areas import OutsideAreaError
from services.rules.planning import overlap
from services.rules.roster.clash import DutyBreach, DutyRule, Stay, overlap_breach
from services.rules.roster.duties import FILLING, LIVE, Shift, seats_taken
from services.rules.roster.package_check import check_unit
from services.rules.roster.packages import find_reserving
from services.rules.roster.posts import Post, PostKind
from services.rules.windows import Window

_NO_SEATS = -1
"""Seats taken for whoever takes none, so that a full shift does not stand against it."""


def ground_for(
    work: Work, roster: Roster, inputs: CoverageInputs, members: Collection[str], shifts: Iterable[Shift]
) -> DutyGround:
    """Return what duties of some people in some shifts are checked against, inside a transaction.

    Raises
    ------
    UnknownMemberError
        If one is not stored.
    OutsideAreaError
        If a post or a person lies outside the actor's area.
    """
    ground = read_ground(work.context, work.tx, roster, inputs, members, _span(shifts, roster))
    if unknown := sorted(set(members) - ground.people.keys()):
        raise UnknownMemberError(unknown[0])
    outside = _outside(work, set(members) - _named_by_units(work, ground))
    if outside:
        raise OutsideAreaError(outside)
    work.scope.require(
        Layer.COMMUNITIES,
        {post.community_code for shift in shifts if (post := ground.posts.get(shift.post_code))},
    )
    return ground


def breaches_of(
    ground: DutyGround,
    shift: Shift,
    member_code: str | None,
    filled_seats: int,
    heads: int = 1,
    *,
    without: Collection[int] = (),
    besides: Sequence[Stay] = (),
) -> list[DutyBreach]:
    """Return what it would break to put somebody into a shift in which so many seats are taken.

    Parameters
    ----------
    member_code
        None for people without a name: nothing but full seats stands against them here (``group_breaches``).
    heads
        How many seats they would take.
    without, besides
        Duties that are as if they were not there, and where they would stand besides.
    """
    code = shift.post_code
    post = ground.posts.get(code) or Post(code, code, PostKind.ROAMING, "")  # one no longer in use is nowhere
    found = list(ground.check(member_code, shift.window, post, without, besides)) if member_code else []
    if filled_seats >= shift.seats:
        found.append(DutyBreach(DutyRule.SEATS_FULL, {"seats": shift.seats}))
    elif filled_seats + heads > shift.seats:
        open_seats = shift.seats - filled_seats
        found.append(DutyBreach(DutyRule.FEW_SEATS, {"heads": heads, "open": open_seats, "seats": shift.seats}))
    return found


def check_duties(
    work: Work,
    ground: DutyGround,
    shifts: Mapping[int, Shift],
    rows: Sequence[DutyRow],
    *,
    without: Collection[int] = (),
    reason: str = "",
) -> None:
    """Do nothing if some duties may be written together: rows with ``shift_id member_code team_code heads state``.

    Parameters
    ----------
    without
        Duties that are as if they were not there.
    reason
        Sets aside what may be set aside.

    Raises
    ------
    UnknownGroupError, OutsideAreaError
        If a team or unit is not stored, or a team is of another area.
    DutyRefusedError
        If one breaks a rule that nobody sets aside, or any and there is no reason.
    """
    require_groups(work, rows)
    _refuse_heads(work, ground, shifts, rows)
    taken = _taken(work, shifts, without)
    given: dict[str, list[Stay]] = defaultdict(list)
    found: list[tuple[str, DutyBreach]] = []
    for row in rows:
        shift, member = shifts[row["shift_id"]], row["member_code"]
        heads = row["heads"] * (row["state"] in _FILLING)
        at = taken[shift.id] if heads else _NO_SEATS
        breaches = breaches_of(ground, shift, member, at, heads, without=without, besides=given[member])
        found += [(member or "", breach) for breach in breaches]
        given[member].append(Stay(shift.window, shift.post_code, ground.post_name(shift.post_code)))
        taken[shift.id] += heads
    found += group_breaches(work.tx, shifts, rows, without)
    hard = [(member, breach) for member, breach in found if not breach.may_be_overruled]
    if hard or (found and not reason.strip()):
        _refuse(hard or found, of_several=len(given) > 1)


def refuse_elsewhere(
    ground: DutyGround, shifts: Mapping[int, Shift], rows: Sequence[DutyRow], gone: Collection[int] = ()
) -> None:
    """Do nothing if nobody of some live duties has gone elsewhere.

    Parameters
    ----------
    gone
        Duties that are as if they were not there; without any, each is for itself alone, and whoever took a seat
        before a unit did keeps it.

    Raises
    ------
    DutyRefusedError
        If somebody has.
    """
    hard = [
        (row["member_code"], breach)
        for row in rows
        if row["member_code"]
        for breach in breaches_of(
            ground, shifts[row["shift_id"]], row["member_code"], _NO_SEATS, without=gone or {row["id"]}
        )
        if not breach.may_be_overruled and (gone or breach.rule is not DutyRule.PACKAGE)
    ]
    if hard:
        _refuse(hard, of_several=len(rows) > 1)


def _refuse_heads(work: Work, ground: DutyGround, shifts: Mapping[int, Shift], rows: Sequence[DutyRow]) -> None:
    """Do nothing if nobody without a name would take a seat of a unit that is not theirs.

    Raises
    ------
    DutyRefusedError
        If somebody would.
    """
    for row in rows:
        shift = shifts[row["shift_id"]]
        if row["member_code"] or ground.reserving(shift.post_code, shift.window) is None:
            continue
        if found := ground.check_heads(unit_of_duty(work.tx, row), shift.window, shift.post_code):
            raise DutyRefusedError(found)


def require_seats(work: Work, rows: Sequence[DutyRow]) -> None:
    """Do nothing if no seat of some duties is a unit's by now, of which the person is not.

    Raises
    ------
    DutyRefusedError
        If one is.
    """
    for row in rows:
        packages = read_accepted(work.tx, window_of_row(row))
        package = find_reserving(packages, row["post_code"], window_of_row(row).start, work.now)
        if package is not None and (unit := unit_of_duty(work.tx, row)) != package.unit_code:
            names = {package.unit_code: unit_name(work.tx, package.unit_code)}
            found = check_unit(package, names, unit, row["member_code"] or "", window_of_row(row))
            _refuse([(row["member_code"] or "", breach) for breach in found], of_several=len(rows) > 1)


def refuse_sent_teams(tx: Transaction, shifts: Mapping[int, Shift], rows: Sequence[DutyRow]) -> None:
    """Do nothing if no team of some live duties is sent at their time.

    Raises
    ------
    DutyRefusedError
        If one is, with the order.
    """
    found = group_breaches(tx, shifts, rows, {row["id"] for row in rows})
    hard = [(code, breach) for code, breach in found if not breach.may_be_overruled]
    if hard:
        _refuse(hard, of_several=len(rows) > 1)


def require_time(tx: Transaction, rows: Sequence[DutyRow]) -> None:
    """Do nothing if nobody is elsewhere at the time of a duty of theirs.

    Raises
    ------
    DutyRefusedError
        If somebody is.
    """
    for row in rows:
        others = tx.rosters.read_duties_of([row["member_code"]], row["start"], row["end"], sorted(_LIVE))
        if others:
            other = duty_from_row(others[0])
            stay = Stay(other.window, other.post_code, read_post_name(tx, other.post_code))
            _refuse([(row["member_code"], overlap_breach(stay))], of_several=len(rows) > 1)
        stays = read_order_stays(tx, [row["member_code"]], row["start"], row["end"]).get(row["member_code"], ())
        for stay in (each for each in stays if overlap(each.window, window_of_row(row))):
            _refuse([(row["member_code"], overlap_breach(stay, DutyRule.ORDERED))], of_several=len(rows) > 1)


def _refuse(found: Sequence[tuple[str, DutyBreach]], *, of_several: bool) -> NoReturn:
    raise DutyRefusedError([breach for _member, breach in found], found[0][0] if of_several else "")


def _taken(work: Work, shift_ids: Collection[int], without: Collection[int]) -> Counter[int]:
    rows = work.tx.rosters.read_duties_in(shift_ids)
    return Counter(seats_taken(duty_from_row(row) for row in rows if row["id"] not in without))


def _outside(work: Work, members: Collection[str]) -> list[str]:
    if work.scope.is_everything or not members:
        return []
    places = pd.DataFrame.from_dict(work.tx.people.read_places(members), orient="index")
    return [str(code) for code in places.index[~work.scope.people(places).to_numpy()]]


def _named_by_units(work: Work, ground: DutyGround) -> set[str]:
    """Return who was named for batches of packages of the actor's area, wherever they live."""
    own = (each for each in ground.packages if work.scope.holds(Layer.COMMUNITIES, each.community_code))
    return {member for package in own for batch in package.batches for member in batch.members}


def _span(shifts: Iterable[Shift], roster: Roster) -> Window:
    windows = [shift.window for shift in shifts]
    if not windows:
        return roster.period
    return Window(min(each.start for each in windows), max(each.end for each in windows))


_FILLING = frozenset(state.value for state in FILLING)
_LIVE = frozenset(state.value for state in LIVE)
