"""A store of each kind with a few rows and a trail, its backup, and places to put the backup back to."""

import shutil
from contextlib import closing
from datetime import datetime

import pytest

from services.catalog.actions import Action
from services.context import Context, make_backup
from services.store import Store
from tests.acting import act
from tests.postgres import TEMPLATE

NOW = datetime(2026, 11, 25, 2)


def fingerprints(store):
    with store.read() as tx:
        return {name: tx.whole.fingerprint(name) for name in tx.whole.names()}


@pytest.fixture(scope="session")
def made():
    """Keep what is made once for each kind of store: a file or a database with some rows and a trail, and a backup."""
    return {}


@pytest.fixture
def original(request, store_kind, made, tmp_path_factory):
    """Return the address of a closed store that nobody changes, and the backup of it."""
    if store_kind not in made:
        folder = tmp_path_factory.mktemp("original")
        cluster = None if store_kind == "gpkg" else request.getfixturevalue("cluster")
        url = cluster.url(cluster.new_database()) if cluster else f"sqlite:///{folder}/store.gpkg"
        store = Store.open(url)
        for k in range(4):
            with act(Context(store, clock=lambda: NOW), Action.MAINTAIN, f"thing:{k}") as work:
                work.tx.records.write_fact(f"fact {k}", "值" * 50)
        backup = make_backup(store, folder / "backups", NOW)[0]
        store.close()
        made[store_kind] = store, backup
    return made[store_kind]


@pytest.fixture
def office(request, store_kind, original, tmp_path):
    """Return a context on a copy of it."""
    store, _ = original
    if store_kind == "gpkg":
        copy = Store.open(f"sqlite:///{shutil.copy(store.file, tmp_path)}")
    else:
        cluster = request.getfixturevalue("cluster")
        copy = Store.open(cluster.url(cluster.new_database(template=store.name)))
    yield Context(copy, clock=lambda: NOW)
    copy.close()


@pytest.fixture
def backup(original, tmp_path):
    """Return a copy of the backup."""
    _, backup = original
    return shutil.copytree(backup.parent, tmp_path / "backups") / backup.name


def place(request, store_kind, tmp_path, template):
    if store_kind == "gpkg":
        (tmp_path / "clean").mkdir()
        return f"sqlite:///{tmp_path}/clean/store.gpkg"
    cluster = request.getfixturevalue("cluster")
    return cluster.url(cluster.new_database(template=template))


@pytest.fixture
def clean(request, store_kind, tmp_path):
    """Return the address of a place of the same kind in which there is nothing, not even PostGIS."""
    return place(request, store_kind, tmp_path, "template0")


@pytest.fixture
def elsewhere(request, store_kind, tmp_path):
    """Return the address of a store of the same kind in which nothing is."""
    return place(request, store_kind, tmp_path, TEMPLATE)


@pytest.fixture
def occupied(elsewhere):
    """Return the address of a store of the same kind with somebody's work in it."""
    with closing(Store.open(elsewhere)) as store, act(Context(store), Action.MAINTAIN, "my work"):
        pass
    return elsewhere
