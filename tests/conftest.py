"""What every test may need: the third-party data, programs of the system, a Chinese command line."""

import base64
import os
import shutil
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import hypothesis
import pytest
import structlog
from argon2 import PasswordHasher

from services.accounts import password_hashes
from services.i18n import DEFAULT_LANGUAGE, use_language
from services.store import Store
from tests.postgres import find_binaries, running_cluster

os.environ.setdefault("GRIDMUSTER_KEY", base64.b64encode(bytes(range(32))).decode())
"""One key for every store of a test run, of either kind, also in processes that tests start; stores get copied."""
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")
IN_CI = os.environ.get("CI") == "true"
NOW = datetime(2026, 11, 20, 9)
"""The present of a test that does not choose its own."""
SHARED_DATA = Path(__file__).parents[1].parent / "shared" / "data"


def missing(what: str) -> None:
    """Skip a test for something that is not on this machine; in CI that is a failure."""
    if IN_CI:
        pytest.fail(f"{what} is missing, and in CI nothing may be")
    pytest.skip(f"{what} is missing")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of third-party data."""
    if not SHARED_DATA.is_dir():
        missing("../shared/data")
    return SHARED_DATA


@pytest.fixture(scope="session")
def program():
    """Return a function that finds a program of the system."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            missing(name)
        return path

    return find


@pytest.fixture(autouse=True)
def store_of_the_settings():
    """Put the address of the store back that a command may have set for its process."""
    before = os.environ.get("GRIDMUSTER_STORE")
    yield
    if before is None:
        os.environ.pop("GRIDMUSTER_STORE", None)
    else:
        os.environ["GRIDMUSTER_STORE"] = before


@pytest.fixture(autouse=True)
def log_of_the_process():
    """Let nothing go on writing to the output that a command had in another test, and that is closed by now."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session", autouse=True)
def time_of_contexts():
    """Let every context that is given no clock stand at one moment, whatever day the test runs on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("services.context.local_now", lambda: NOW)
        yield


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes():
    """Let a password cost next to nothing, here and where a server tries what was hashed here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(password_hashes, "PasswordHasher", lambda **_: PasswordHasher(1, 8, 1))
        password_hashes.hasher.cache_clear()
        yield
    password_hashes.hasher.cache_clear()


@pytest.fixture(autouse=True)
def language():
    """Let every test begin in Chinese, whatever the one before it spoke."""
    use_language(DEFAULT_LANGUAGE)


class StoreKind(StrEnum):
    """The two stores that everything is to work on."""

    FILE = "gpkg"
    DATABASE = "postgis"


@pytest.fixture(scope="session")
def cluster():
    """Return a running PostgreSQL with PostGIS that belongs to this test run alone."""
    binaries = find_binaries()
    if binaries is None:
        missing("PostgreSQL with PostGIS")
    with running_cluster(binaries) as running:
        yield running


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory) -> Path:
    """Return the file of a store that holds nothing, which tests copy: its tables are made once."""
    path = tmp_path_factory.mktemp("empty") / "store.gpkg"
    Store.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=StoreKind, ids=str)
def store_kind(request):
    """Return a kind of store: whatever asks for it runs once for each."""
    return request.param


@pytest.fixture
def store_url(request, store_kind, tmp_path):
    """Return the address of an empty store: each kind in turn."""
    if store_kind is StoreKind.FILE:
        yield f"sqlite:///{shutil.copy(request.getfixturevalue('empty_file'), tmp_path / 'store.gpkg')}"
        return
    with request.getfixturevalue("cluster").database() as url:
        yield url


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser tests last: Playwright keeps an event loop running that others would stumble over."""
    items.sort(key=lambda item: "/browser/" in item.path.as_posix())
