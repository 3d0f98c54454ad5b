"""A filled town on a store of either kind, which a fault is then done to."""

import itertools
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from services.context import Context
from services.i18n import use_language
from services.store import Store
from tests.services.planning import conftest as planning
from tests.services.planning.conftest import DATA, NOW

from .children import run_command

filled = planning.filled
filled_database = planning.filled_database


@pytest.fixture(autouse=True)
def chinese(monkeypatch):
    monkeypatch.setenv("GRIDMUSTER_DATA", str(DATA))
    use_language("zh")
    yield
    use_language("zh")


@pytest.fixture(autouse=True)
def plain_main(monkeypatch):
    """Let children begin with nothing: Streamlit leaves its script behind as the main module, which they would run."""
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))


@pytest.fixture
def town_file(tmp_path, filled):
    """Return the file of a filled store that the test may spoil."""
    return Path(shutil.copy(filled, tmp_path / "town.gpkg"))


@pytest.fixture
def town_url(request, store_kind, tmp_path):
    """Return the address of a filled store, of either kind in turn."""
    if store_kind == "gpkg":
        yield f"sqlite:///{request.getfixturevalue('town_file')}"
        return
    with request.getfixturevalue("cluster").database(request.getfixturevalue("filled_database")) as url:
        yield url


@pytest.fixture
def town(town_url):
    """Return a filled store, of either kind in turn."""
    store = Store.open(town_url)
    yield store
    store.close()


@pytest.fixture
def office(town):
    return Context(town, clock=lambda: NOW)


@pytest.fixture
def event():
    """Return a function that makes an id no event had before."""
    numbers = itertools.count()
    return lambda: f"event{next(numbers)}"


@pytest.fixture
def gridmuster(tmp_path):
    """Return a function that runs the command line in a process of its own, in an empty folder."""
    return lambda *arguments, **options: run_command(tmp_path, *arguments, **options)
