"""A community of four grids in a row, 100 m wide: one with people to spare, two weak ones, one without need."""

import itertools
import shutil
from datetime import datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.schema import Layer
from services.catalog.actions import Action, Role
from services.context import Context
from services.i18n import use_language
from services.planning import create_plan
from services.rules.roles import LOCAL_ACTOR, Actor
from services.rules.windows import DayPart, Mode, Window
from services.store import Store
from tests.acting import act

DATA = Path(__file__).parents[3] / "data"
NOW = datetime(2026, 11, 25, 12)
EVENING = Window(datetime(2026, 11, 25, 18), datetime(2026, 11, 25, 22))
WEST, SOUTH, METRE = 113.2, 23.4, 1e-5
PLANNER = Actor("乙", Role.LOCAL)


@pytest.fixture(autouse=True)
def chinese(monkeypatch):
    monkeypatch.setenv("GRIDMUSTER_DATA", str(DATA))
    use_language("zh")
    yield
    use_language("zh")


def square(x, y, side=100):
    corners = np.array([x, y, x + side, y + side]) * METRE + [WEST, SOUTH, WEST, SOUTH]
    return shapely.MultiPolygon([shapely.box(*corners)])


def frame(rows, geometry=None):
    """A frame as the store takes it, from rows by code."""
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("code")
    if geometry is None:
        return table
    return gpd.GeoDataFrame(table.assign(geom=geometry), geometry="geom", crs=4326)


def zone(name, parent, **stated):
    return {"name": name, "parent_code": parent, **stated}


def team(name, home, size, **stated):
    return {"name": name, "parent_code": home, "size": size, "kind": "突击队"} | stated


TEAMS = {
    "T1": team("一队", "G1", 12, leader="张三丰", leader_role="网格长", phone="13800001234", skills="医疗;驾驶"),
    "T2": team("二队", "G1", 6, leader="李四", phone="13900004321"),
    "T3": team("三队", "G3", 8),
    "T4": team("空队", "G1", None),
}


def fill(store):
    """Write the community, its teams and its members."""
    people = {f"M{k:03d}": {"name": f"党员{k}", **dict.fromkeys(f"available_{p}" for p in DayPart)} for k in range(90)}
    homes = ["G1"] * 80 + ["G2"] * 2 + ["G3"] * 6 + ["G4"] * 2
    assigned = pd.DataFrame({"grid_code": homes, "estate_code": None}, index=pd.Index(list(people), name="member_code"))
    grids = {
        "G1": zone("一格", "C1", residents=300, households=100),
        "G2": zone("二格", "C1", residents=3000, households=1000),
        "G3": zone("三格", "C1", residents=1500, households=500),
        "G4": zone("四格", "C1", residents=0, households=0),
    }
    with act(Context(store), Action.IMPORT) as work:
        tx = work.tx
        tx.upsert(Layer.DISTRICTS, frame({"D": zone("H 区", None)}, [square(0, 0, 400)]))
        tx.upsert(Layer.SUBDISTRICTS, frame({"S": zone("街道", "D")}, [square(0, 0, 400)]))
        tx.upsert(Layer.COMMUNITIES, frame({"C1": zone("雅瑶社区", "S")}, [square(0, 0, 400)]))
        tx.upsert(Layer.GRIDS, frame(grids, [square(100 * k, 0) for k in range(4)]))
        estates = {"E1": zone("云港花园", "G2", residents=9000, households=3000, gates=2, managed=False)}
        tx.upsert(Layer.ESTATES, frame(estates, [square(120, 20, 30)]))
        tx.upsert(Layer.TEAMS, frame(TEAMS))
        tx.upsert(Layer.MEMBERS, frame(people))
        tx.replace_assignments(assigned.assign(method="inside", distance_m=0.0, confidence=1.0, ambiguous=False))


@pytest.fixture
def now():
    """The instant at which everything happens; tests may set it."""
    return [NOW]


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    """Return the file of a filled store, which tests copy."""
    path = tmp_path_factory.mktemp("filled") / "store.gpkg"
    store = Store.open(f"sqlite:///{path}")
    fill(store)
    store.close()
    return path


@pytest.fixture(scope="session")
def filled_database(cluster):
    """Return the name of a filled database, which tests copy."""
    name = cluster.new_database()
    store = Store.open(cluster.url(name))
    fill(store)
    store.close()
    return name


@pytest.fixture
def file_store(tmp_path, filled):
    store = Store.open(f"sqlite:///{shutil.copy(filled, tmp_path)}")
    yield store
    store.close()


@pytest.fixture
def store(file_store):
    return file_store


@pytest.fixture
def either_store(request, store_kind):
    """Return a filled store, of either kind in turn. A file of tests runs on both by making this its ``store``."""
    if store_kind == "gpkg":
        yield request.getfixturevalue("file_store")
        return
    with request.getfixturevalue("cluster").database(request.getfixturevalue("filled_database")) as url:
        store = Store.open(url)
        yield store
        store.close()


@pytest.fixture
def office(store, now):
    """The first planner."""
    return Context(store, LOCAL_ACTOR, clock=lambda: now[0])


@pytest.fixture
def colleague(store, now):
    """The second planner."""
    return Context(store, PLANNER, clock=lambda: now[0])


@pytest.fixture
def event():
    """Return a function that makes an id no event had before."""
    numbers = itertools.count()
    return lambda: f"e{next(numbers)}"


@pytest.fixture
def plan(office, event):
    return create_plan(office, EVENING, Mode.EMERGENCY, event_id=event(), name="今晚")
