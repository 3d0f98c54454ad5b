"""What every test may need: the third-party data, programs of the system, a Chinese command line."""

import os
import shutil
from pathlib import Path

import pytest

IN_CI = os.environ.get("CI") == "true"
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser tests last: Playwright keeps an event loop running that others would stumble over."""
    items.sort(key=lambda item: "/browser/" in item.path.as_posix())
