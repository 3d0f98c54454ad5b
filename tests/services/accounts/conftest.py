"""A store with an administrator, a clock that can be turned, and a server that acts for whoever is at the door."""

import shutil
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from services import accounts
from services.catalog.actions import Role
from services.context import Context
from services.rules.areas import EVERYWHERE, Area
from services.rules.roles import Actor
from services.store import Store


@dataclass
class Clock:
    """A clock that stands still until it is turned."""

    now: datetime = datetime(2026, 11, 25, 9)

    def __call__(self):
        return self.now

    def turn(self, **by):
        self.now += timedelta(**by)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def server(empty_file, tmp_path, clock):
    """Return the context of the server itself."""
    store = Store.open(f"sqlite:///{shutil.copy(empty_file, tmp_path)}")
    yield Context(store, clock=clock)
    store.close()


@pytest.fixture
def admin(server):
    """Return the context of an administrator who has an account."""
    token = accounts.begin_setup(server)
    accounts.finish_setup(server, token, "guanli", "walnut bicycle harbour")
    return replace(server, actor=Actor("guanli", Role.ADMINISTRATOR, EVERYWHERE))


@pytest.fixture
def planner(admin, server):
    """Return the name and the password of a planner of a sub-district."""
    accounts.create_account(admin, "guihua", "规划")
    accounts.grant_role(admin, "guihua", Role.PLANNER, Area("subdistricts", "S1"))
    accounts.change_own_password(server, "guihua", "lantern teapot river")
    return "guihua", "lantern teapot river"
