"""Pairings (结对) of units and communities: told, made, ended. What has ended counts nowhere any more."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, Work
from services.i18n import text
from services.rostering.errors import RosterError
from services.rostering.package_errors import UnknownUnitError
from services.rostering.package_rows import is_of, name_in
from services.rules.roster.pairings import PairingKind, check_first_day, check_last_day
from services.use_cases import use_case


class UnknownPairingError(RosterError, LookupError):
    """A unit and a community are not paired so, or no longer."""

    def __init__(self, unit_code: str, community_code: str) -> None:
        super().__init__(
            text("{unit} and {community} are not paired in this way now.", unit=unit_code, community=community_code)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """A unit and a community that belong together."""

    unit_code: str
    community_code: str
    kind: PairingKind = PairingKind.PAIRED
    has_plaque: bool = False
    """Whether a plaque says so at the door (共建党组织牌)."""
    since: date | None = None
    """None where nobody knows."""
    until: date | None = None
    """From that day on it counts no longer; None while it is live."""


@dataclass(frozen=True, slots=True)
class PairingView:
    """A pairing as pages and commands show it."""

    pairing: Pairing
    unit: str
    community: str


def list_pairings(context: Context) -> list[PairingView]:
    """Return the pairings of the communities, or of the unit, of whoever looks: by community, ended ones last."""
    with context.look(Action.VIEW_PACKAGES) as tx:
        scope = context.scope_in(tx)
        every = map(_from_row, tx.pairings.read_pairings())
        own = [each for each in every if is_of(scope, each.community_code, each.unit_code)]
        units = tx.plans.read_rows(Layer.UNITS, {each.unit_code for each in own})
        communities = tx.plans.read_rows(Layer.COMMUNITIES, {each.community_code for each in own})
    views = [
        PairingView(each, name_in(units, each.unit_code), name_in(communities, each.community_code)) for each in own
    ]
    return sorted(views, key=_order)


@use_case(Action.KEEP_PACKAGES, "units:{pairing.unit_code}")
def pair_unit(work: Work, pairing: Pairing) -> None:
    """Let a unit and a community of the actor's area be paired.

    A pairing that has ended begins anew; of a live one the day and the plaque are corrected.

    Raises
    ------
    OutsideAreaError
        If the community lies outside the actor's area.
    UnknownUnitError
        If there is no such unit.
    PairingDayError
        If it would begin on a day that is to come.
    """
    work.scope.require(Layer.COMMUNITIES, [pairing.community_code])
    if pairing.unit_code not in work.tx.plans.read_rows(Layer.UNITS, [pairing.unit_code]):
        raise UnknownUnitError(pairing.unit_code)
    check_first_day(pairing.since, work.now.date())
    if _find(work, pairing) != pairing:
        _put(work, pairing)
    work.note(community=pairing.community_code, pairing=pairing.kind.value)


@use_case(Action.KEEP_PACKAGES, "units:{unit_code}")
def end_pairing(work: Work, unit_code: str, community_code: str, kind: PairingKind, until: date) -> None:
    """Let a pairing end; it is kept, and counts no longer.

    Raises
    ------
    OutsideAreaError
        If the community lies outside the actor's area.
    UnknownPairingError
        If the two are not paired so, or no longer.
    PairingDayError
        If it would end on a day that is to come, or before it began.
    """
    work.scope.require(Layer.COMMUNITIES, [community_code])
    there = _find(work, Pairing(unit_code=unit_code, community_code=community_code, kind=kind))
    if there is None or there.until is not None:
        raise UnknownPairingError(unit_code, community_code)
    check_last_day(until, there.since, work.now.date())
    _put(work, replace(there, until=until))
    work.note(community=community_code, pairing=kind.value, until=until.isoformat())


def _find(work: Work, pairing: Pairing) -> Pairing | None:
    """Return the stored pairing of the same unit, community and kind."""
    key = {"unit_code": pairing.unit_code, "community_code": pairing.community_code, "kind": pairing.kind.value}
    return next(map(_from_row, work.tx.pairings.read_pairings(**key)), None)


def _put(work: Work, pairing: Pairing) -> None:
    row = {
        "unit_code": pairing.unit_code,
        "community_code": pairing.community_code,
        "kind": pairing.kind.value,
        "plaque": pairing.has_plaque,
        "since": pairing.since and pairing.since.isoformat(),
        "until": pairing.until and pairing.until.isoformat(),
    }
    work.tx.pairings.put_pairings([row])
    work.tx.touch(Layer.UNITS.value)


def _order(view: PairingView) -> tuple[bool, str, str, str]:
    pairing = view.pairing
    return pairing.until is not None, pairing.community_code, pairing.unit_code, pairing.kind.value


def _from_row(row: Mapping[str, Any]) -> Pairing:
    return Pairing(
        unit_code=row["unit_code"],
        community_code=row["community_code"],
        kind=PairingKind(row["kind"]),
        has_plaque=bool(row["plaque"]),
        since=_day(row["since"]),
        until=_day(row["until"]),
    )


def _day(words: str | None) -> date | None:
    return date.fromisoformat(words) if words else None
