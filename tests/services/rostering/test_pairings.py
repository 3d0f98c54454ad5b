"""Pairings of units and communities: made, corrected, ended, begun anew; and what counts them."""

from dataclasses import replace
from datetime import date

import pytest

from geo.schema import Layer
from services import rostering
from services.catalog.actions import Action
from services.context import Context
from services.coverage import load_inputs
from services.rostering import Pairing
from services.rostering.package_errors import UnknownUnitError
from services.rostering.pairings import UnknownPairingError
from services.rules.areas import OutsideAreaError
from services.rules.roster.pairings import PairingDayError, PairingKind

from .package_world import LIAISON, NORTH, OFFER, SECRETARY, fill_units, make_roster, only, shift_of, versions

OWN = Pairing(unit_code="U2", community_code="C1", has_plaque=True, since=date(2024, 3, 1))
PAIRED, REPORTED = PairingKind.PAIRED, PairingKind.REPORTED


@pytest.fixture
def world(office):
    fill_units(office)
    return office


@pytest.fixture
def secretary(world):
    return Context(world._store, SECRETARY, world.clock)


def codes_of(context, unit):
    with context.look(Action.VIEW_ROSTER) as tx:
        return tx.read_layer(Layer.UNITS, columns=["community_codes"])["community_codes"][unit]


def told(context):
    return [view.pairing for view in rostering.list_pairings(context)]


def test_a_unit_is_paired_and_its_communities_are_joined(world, secretary):
    before = versions(world)
    rostering.pair_unit(secretary, OWN)
    assert OWN in told(secretary)
    assert codes_of(world, "U2") == "C1;C9"
    assert versions(world)["units"] > before["units"]


def test_the_same_pairing_said_again_corrects_it_and_makes_no_second(world, secretary):
    rostering.pair_unit(secretary, OWN)
    corrected = replace(OWN, since=date(2025, 5, 1), has_plaque=False)
    rostering.pair_unit(secretary, corrected)
    assert [each for each in told(secretary) if each.unit_code == "U2"] == [corrected]


def test_what_is_said_already_changes_nothing(world, secretary):
    rostering.pair_unit(secretary, OWN)
    before = versions(world)
    rostering.pair_unit(secretary, OWN)
    assert versions(world) == before


def test_a_pairing_that_has_ended_stays_and_counts_nowhere(world, secretary):
    roster, inputs = make_roster(world), load_inputs(world)
    rostering.offer_package(world, OFFER, event_id="offer")
    shift = shift_of(rostering.read_board(world, roster, inputs), NORTH, 0, 8)

    def units():
        return [each.code for each in rostering.find_groups(world, roster, shift, inputs) if each.layer is Layer.UNITS]

    assert only(world).is_paired
    assert units() == ["U1"]
    rostering.end_pairing(secretary, "U1", "C1", PAIRED, date(2026, 11, 20))
    assert not only(world).is_paired
    assert units() == []
    assert codes_of(world, "U1") == "C9"
    assert told(secretary) == [Pairing(unit_code="U1", community_code="C1", until=date(2026, 11, 20))]


def test_a_pairing_of_another_kind_goes_on_when_one_ends(world, secretary):
    rostering.pair_unit(secretary, Pairing(unit_code="U1", community_code="C1", kind=REPORTED))
    rostering.end_pairing(secretary, "U1", "C1", PAIRED, date(2026, 11, 20))
    assert codes_of(world, "U1") == "C1;C9"
    assert [(each.kind, each.until) for each in told(secretary)] == [
        (REPORTED, None),
        (PAIRED, date(2026, 11, 20)),
    ]


def test_a_pairing_that_has_ended_begins_anew(world, secretary):
    rostering.pair_unit(secretary, OWN)
    rostering.end_pairing(secretary, "U2", "C1", PAIRED, date(2026, 1, 1))
    anew = replace(OWN, since=date(2026, 11, 1))
    rostering.pair_unit(secretary, anew)
    assert anew in told(secretary)


def test_days_to_come_and_ends_before_the_beginning_are_refused(world, secretary):
    with pytest.raises(PairingDayError, match="up to today"):
        rostering.pair_unit(secretary, replace(OWN, since=date(2030, 1, 1)))
    rostering.pair_unit(secretary, OWN)
    with pytest.raises(PairingDayError, match="up to today"):
        rostering.end_pairing(secretary, "U2", "C1", PAIRED, date(2030, 1, 1))
    with pytest.raises(PairingDayError, match="2024-03-01"):
        rostering.end_pairing(secretary, "U2", "C1", PAIRED, date(2024, 2, 29))
    assert OWN in told(secretary)


def test_unknown_units_and_pairings_and_other_communities_are_refused(world, secretary):
    with pytest.raises(UnknownUnitError):
        rostering.pair_unit(secretary, replace(OWN, unit_code="U77"))
    with pytest.raises(OutsideAreaError):
        rostering.pair_unit(secretary, replace(OWN, community_code="C2"))
    with pytest.raises(UnknownPairingError):
        rostering.end_pairing(secretary, "U2", "C1", PAIRED, date(2026, 11, 1))
    rostering.end_pairing(secretary, "U1", "C1", PAIRED, date(2026, 11, 1))
    with pytest.raises(UnknownPairingError):
        rostering.end_pairing(secretary, "U1", "C1", PAIRED, date(2026, 11, 1))


def test_a_liaison_sees_the_pairings_of_the_own_unit_alone(world):
    liaison = Context(world._store, LIAISON, world.clock)
    assert [(each.unit_code, each.community_code) for each in told(liaison)] == [("U1", "C1"), ("U1", "C9")]
