"""A server of its own for the tests of the door, and people who come to it."""

from dataclasses import replace

import pytest

from services import accounts
from services.accounts import make_demo_accounts
from services.catalog.actions import Role
from services.clock import local_now
from services.context import open_context
from services.rules.areas import EVERYWHERE
from tests.dashboard.auth.knocking import NAME, Browser
from tests.places import add_places
from tests.serving import serving

PASSWORD = "seven quiet herons"


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    return f"sqlite:///{tmp_path_factory.mktemp('door') / 'door.gpkg'}"


@pytest.fixture(scope="session")
def office(store):
    """Return the store's own context, with the accounts of the demo; its clock is that of the server."""
    context = replace(open_context(store), clock=local_now)
    add_places(context)
    make_demo_accounts(context)
    with context._store.write() as tx:
        tx.records.write_fact("fictitious", "true")
    return context


@pytest.fixture(scope="session")
def running(office, store, tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    with serving(folder, "--store", store, GRIDMUSTER_HOSTS=f"{NAME}, 10.9.8.7") as running:
        yield running


@pytest.fixture(scope="session")
def address(running):
    return running.address


@pytest.fixture(scope="session")
def log(running):
    """Return the log of the server."""
    return running.log


@pytest.fixture
def stranger(address):
    return Browser(address)


@pytest.fixture
def planner(stranger):
    return stranger.sign_in("demo-planner")


@pytest.fixture
def newcomer(office, stranger):
    """Return a function that makes an account with a role and signs it in, and its name."""

    def come(name, role=Role.PLANNER):
        accounts.create_account(office, name)
        if role is not None:
            accounts.grant_role(office, name, role, EVERYWHERE)
        accounts.change_own_password(office, name, PASSWORD)
        return stranger.sign_in(name, PASSWORD)

    return come
