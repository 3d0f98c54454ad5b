"""Rosters as they stand."""

from collections.abc import Hashable
from datetime import date, datetime
from operator import itemgetter

from dashboard.cache.by_version import by_version
from dashboard.cache.coverage import coverage_inputs, inputs_of_area
from dashboard.cache.server_context import acting, context
from dashboard.cache.store_versions import data_version, of_changes, versions
from services import rostering
from services.catalog.actions import Action
from services.coverage import CoverageInputs
from services.rostering import (
    ChainReading,
    Handover,
    PackageView,
    PairingView,
    PastedChain,
    RankedPerson,
    Roster,
    RosterBoard,
)
from services.rules.areas import EVERYWHERE
from services.rules.roles import may
from services.rules.roster.duties import ROSTERS, Shift
from services.rules.roster.packages import PACKAGES
from services.rules.roster.sign_up.sign_ups import EntryDecision


def rosters() -> list[Roster]:
    """Return the rosters inside the area of whoever looks, drafts and published ones, the latest period first."""
    return rostering.list_rosters(context())


def packages() -> list[PackageView]:
    """Return the packages of the communities, or of the unit, of whoever looks, the latest first."""
    return _packages()


def seat_candidates(roster_id: int, shift_id: int, most: int) -> list[RankedPerson]:
    """Return who could take a seat of a shift, at most so many, the first to ask first."""
    return _candidates(roster_id, shift_id, most)


def chain_reading(roster_id: int, pasted: PastedChain) -> ChainReading:
    """Return what a pasted chain comes to."""
    decisions = tuple(sorted(pasted.decisions.items(), key=itemgetter(0)))
    return _chain(roster_id, pasted.words, pasted.posted, pasted.community, decisions)


def package_inputs() -> CoverageInputs:
    """Return what a unit's duties in its packages are checked against: zones and ways, of which no figure is shown."""
    acting(Action.ANSWER_PACKAGE)
    return inputs_of_area(EVERYWHERE)


def pairings() -> list[PairingView]:
    """Return the pairings of the communities, or of the unit, of whoever looks, those that have ended last."""
    return rostering.list_pairings(context())


def roster_board(roster_id: int) -> RosterBoard:
    """Return a roster with its shifts and people, once for every change of it."""
    return _board(roster_id)


def handover(minute: datetime) -> Handover:
    """Return who is at which post at a minute and soon, once for all who may see the same."""
    return _handover(minute.replace(second=0, microsecond=0))


def _of_published_rosters(_minute: datetime) -> Hashable:
    """Return the version of what is published, and whether whoever asks may see who is in it."""
    return versions().get(ROSTERS, 0), data_version(), may(context().actor, Action.VIEW_PEOPLE)


def _of_roster_and_viewer(roster_id: int) -> Hashable:
    """Return the version of a roster and of packages, and whether whoever asks may see who is in it."""
    sees_people = may(context().actor, Action.VIEW_PEOPLE)
    return rostering.mark_roster(context(), roster_id), data_version(), versions().get(PACKAGES, 0), sees_people


def _of_shifts(roster_id: int) -> Hashable:
    return rostering.mark_roster(context(), roster_id)[1]


# A week of a sub-district by 2 hours: 28,000 shifts, 8 MB.
@by_version(_of_shifts, most=8, within=Action.VIEW_ROSTER)
def _shifts(roster_id: int) -> tuple[Shift, ...]:
    return rostering.read_shifts(acting(Action.VIEW_ROSTER), roster_id)


@by_version(_of_roster_and_viewer, most=16, within=Action.VIEW_ROSTER)
def _board(roster_id: int) -> RosterBoard:
    return rostering.read_board(acting(Action.VIEW_ROSTER), roster_id, coverage_inputs(), _shifts(roster_id))


@by_version(_of_published_rosters, most=16, within=Action.VIEW_ROSTER)
def _handover(minute: datetime) -> Handover:
    return rostering.read_handover(acting(Action.VIEW_ROSTER), coverage_inputs(), minute)


# Offers, free times and drafts raise the version of no part of the data: whatever is written counts.
@by_version(of_changes, most=16, within=Action.VIEW_PACKAGES)
def _packages() -> list[PackageView]:
    return rostering.list_packages(acting(Action.VIEW_PACKAGES))


@by_version(of_changes, most=32, within=Action.KEEP_ROSTER)
def _candidates(roster_id: int, shift_id: int, most: int) -> list[RankedPerson]:
    return rostering.find_candidates(acting(Action.KEEP_ROSTER), roster_id, shift_id, coverage_inputs(), limit=most)


# With the register of its area: 4 MB for 4,400 people.
@by_version(of_changes, most=8, within=Action.KEEP_ROSTER)
def _chain(
    roster_id: int, words: str, posted: date, community: str, decisions: tuple[tuple[int, EntryDecision], ...]
) -> ChainReading:
    pasted = PastedChain(words, posted, community, dict(decisions))
    return rostering.read_chain(acting(Action.KEEP_ROSTER), roster_id, pasted, coverage_inputs())
