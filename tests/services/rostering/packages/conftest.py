"""A district whose units take over posts, on either store."""

import pytest

from services import rostering
from services.context import Context
from services.coverage import load_inputs
from tests.services.rostering.package_world import LIAISON, OFFER, SECRETARY, fill_units, make_roster


@pytest.fixture
def world(office):
    fill_units(office)
    return office


@pytest.fixture
def inputs(world):
    return load_inputs(world)


@pytest.fixture
def roster(world):
    return make_roster(world)


@pytest.fixture
def liaison(store, now):
    return Context(store, LIAISON, clock=lambda: now[0])


@pytest.fixture
def secretary(store, now):
    return Context(store, SECRETARY, clock=lambda: now[0])


@pytest.fixture
def package(world, liaison):
    made = rostering.offer_package(world, OFFER, event_id="offer")
    return rostering.accept_package(liaison, made.id).id


@pytest.fixture
def board(world, inputs, roster):
    return lambda: rostering.read_board(world, roster, inputs)
