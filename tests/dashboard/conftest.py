"""A store with the made-up sub-district for everything under this folder."""

from pathlib import Path

import pytest
import streamlit as st

from services.assignment import assign_members
from services.context import open_context
from services.demo import DemoSize, fill_store, make_district
from services.i18n import use_language


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


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """Make a store that holds nothing the store of the settings."""
    url = f"sqlite:///{Path(tmp_path) / 'empty.gpkg'}"
    monkeypatch.setenv("GRIDMUSTER_STORE", url)
    return url


@pytest.fixture(autouse=True)
def chinese():
    use_language("zh")
    yield
    use_language("zh")


@pytest.fixture(scope="session", autouse=True)
def no_stale_caches():
    yield
    st.cache_resource.clear()
