"""Two communities with a person or two in each, in a store of each kind; and people of several roles at work on it."""

import shutil
from contextlib import closing
from datetime import datetime

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.schema import Layer
from services.assignment import assign_members
from services.catalog.actions import Action, Role
from services.context import Context
from services.rules.areas import parse_area
from services.rules.roles import Actor
from services.store import Store
from tests.acting import act

NOW = datetime(2026, 11, 25, 9)
ZHANG, LI, WANG = "M1", "M2", "M3"
PHONE, OTHER = "13812345678", "13998765432"


def frame(rows, shapes=None):
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("code").astype(object)
    if shapes is None:
        return table
    return gpd.GeoDataFrame(table.assign(geom=shapes), geometry="geom", crs=4326)


def box(column):
    return shapely.MultiPolygon([shapely.box(113.2 + column / 100, 23.4, 113.21 + column / 100, 23.41)])


def fill(context):
    zones = {
        Layer.COMMUNITIES: {"C1": {"name": "雅瑶社区"}, "C2": {"name": "新村社区"}},
        Layer.GRIDS: {"G1": {"name": "一格", "parent_code": "C1"}, "G2": {"name": "二格", "parent_code": "C2"}},
        Layer.ESTATES: {
            "E1": {"name": "云港花园", "parent_code": "G1"},
            "E2": {"name": "东方雅苑", "parent_code": "G2"},
        },
    }
    members = {
        ZHANG: {
            "name": "张三丰",
            "community_code": "C1",
            "phone": PHONE,
            "address": "云港花园3栋502",
            "unit_code": "U1",
        },
        LI: {"name": "李四", "community_code": "C1", "phone": OTHER, "address": "云港花园5栋101", "unit_code": "U2"},
        WANG: {"name": "王五", "community_code": "C2", "phone": PHONE, "address": "东方雅苑2栋201", "unit_code": "U1"},
    }
    with act(context, Action.IMPORT) as work:
        for layer, rows in zones.items():
            work.tx.upsert(layer, frame(rows, [box(0), box(1)]))
        work.tx.upsert(Layer.UNITS, frame({"U1": {"name": "税务局", "contact": "李四", "phone": OTHER}}))
        work.tx.upsert(Layer.MEMBERS, frame(members))
    assign_members(context)


def fill_at(url):
    """Fill the empty store at an address."""
    with closing(Store.open(url)) as store:
        fill(Context(store, clock=lambda: NOW))


@pytest.fixture(scope="session")
def filled_file(tmp_path_factory, empty_file):
    """Return the file of a filled store, which tests copy."""
    path = shutil.copy(empty_file, tmp_path_factory.mktemp("people"))
    fill_at(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def filled_database(cluster):
    """Return the name of a filled database, which tests copy."""
    name = cluster.new_database()
    fill_at(cluster.url(name))
    return name


@pytest.fixture
def store_url(request, store_kind, tmp_path):
    """Return the address of a filled store that the test may change, of either kind in turn."""
    if store_kind == "gpkg":
        yield f"sqlite:///{shutil.copy(request.getfixturevalue('filled_file'), tmp_path)}"
        return
    with request.getfixturevalue("cluster").database(request.getfixturevalue("filled_database")) as url:
        yield url


@pytest.fixture
def office(store_url):
    """Return the context of whoever sits at the machine."""
    store = Store.open(store_url)
    yield Context(store, clock=lambda: NOW)
    store.close()


@pytest.fixture
def at_work(office):
    """Return a function that gives the context of somebody in a role for an area."""

    def give(role, area="all"):
        return Context(office._store, Actor("someone", Role(role), parse_area(area)), office.clock)

    return give


@pytest.fixture
def last_audit(office):
    """Return a function that reads the newest row of the audit trail as action, object and detail."""

    def read():
        with office.look(Action.VIEW_AUDIT) as tx:
            return tuple(tx.records.read_audit(1)[["action", "object", "detail"]].iloc[0])

    return read
