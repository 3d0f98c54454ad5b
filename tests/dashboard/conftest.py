"""A store with the made-up sub-district for everything under this folder."""

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager

from dashboard.cache.by_version import forget_all
from dashboard.streamlit import session
from services.assignment import assign_members
from services.context import open_context
from services.demo import DemoSize, fill_store, make_district
from services.i18n import use_language
from services.rules.roles import LOCAL_ACTOR
from tests.dashboard.importing import fill_from_sample


@pytest.fixture(scope="session")
def demo_url(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('store') / 'demo.gpkg'}"
    context = open_context(url)
    fill_store(context, make_district(DemoSize.SUBDISTRICT))
    assign_members(context)
    return url


@pytest.fixture
def demo(demo_url, monkeypatch):
    """Make the demo the store of the settings."""
    monkeypatch.setenv("GRIDMUSTER_STORE", demo_url)
    return demo_url


@pytest.fixture(scope="session")
def sample_url(tmp_path_factory):
    """Return a store into which the committed sample files were imported, as a clerk would."""
    url = f"sqlite:///{tmp_path_factory.mktemp('sample') / 'sample.gpkg'}"
    fill_from_sample(open_context(url))
    return url


@pytest.fixture
def own_demo(sample_url, tmp_path, monkeypatch):
    """Make a copy of the sample, to be written into, the store of the settings."""
    path = tmp_path / "own.gpkg"
    source = sqlite3.connect(sample_url.removeprefix("sqlite:///"))
    with closing(source), closing(sqlite3.connect(path)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    monkeypatch.setenv("GRIDMUSTER_STORE", f"sqlite:///{path}")
    return f"sqlite:///{path}"


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """Make a store that holds nothing the store of the settings."""
    url = f"sqlite:///{Path(tmp_path) / 'empty.gpkg'}"
    monkeypatch.setenv("GRIDMUSTER_STORE", url)
    return url


@pytest.fixture(autouse=True)
def pages_come_from_the_navigation(monkeypatch):
    """Run pages as the server does: AppTest would take them for scripts of their own, seeing a folder pages/."""
    begin = PagesManager.__init__

    def begin_without_folder(manager, *arguments, **options):
        begin(manager, *arguments, **options)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", begin_without_folder)


@pytest.fixture(scope="session", autouse=True)
def packages_are_searched_once():
    """Let AppTest look for components in all installed packages once, not anew for every page that is opened."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def chinese():
    use_language("zh")
    yield
    use_language("zh")


@pytest.fixture(scope="session", autouse=True)
def no_stale_caches():
    yield
    forget_all()


@pytest.fixture(autouse=True)
def at_this_machine(monkeypatch):
    """Run pages as whoever sits at the machine; the door has tests of its own."""
    monkeypatch.setattr(session, "actor", lambda: LOCAL_ACTOR)
