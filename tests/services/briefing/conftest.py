"""A small town: three communities of grids in a row, 100 m wide, in the evening of an emergency."""

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
from services.briefing import BriefingRequest
from services.catalog.actions import Action, Role
from services.context import Context
from services.i18n import use_language
from services.planning import Move, commit_plan, create_plan, send
from services.rules.roles import LOCAL_ACTOR, Actor
from services.rules.windows import DayPart, Mode, Window
from services.store import Store
from tests.acting import act

DATA = Path(__file__).parents[3] / "data"
NOW = datetime(2026, 11, 25, 12)
EVENING = Window(datetime(2026, 11, 25, 20), datetime(2026, 11, 26))
WEST, SOUTH, METRE = 113.2, 23.4, 1e-5
SCREEN = Actor("screen", Role.SCREEN)

COMMUNITIES = {"C1": "雅瑶社区", "C2": "合和社区", "C3": "三向村"}
GRIDS = {"G1": ("C1", 300, 80), "G2": ("C1", 3000, 2), "G3": ("C2", 1500, 6), "G4": ("C2", 1500, 8), "G5": ("C3", 0, 0)}
"""Community, residents and members of each grid."""
SECRETS = ("卡纳里甲", "卡纳里乙", "卡纳里丙", "13900001111", "13900002222", "秘密路 7 号")
TEAMS = {
    "T1": {"name": "消防一队", "parent_code": "G1", "size": 12, "leader": SECRETS[0], "phone": SECRETS[3]},
    "T2": {"name": f"{SECRETS[1]}突击队", "parent_code": "G1", "size": 6, "leader": SECRETS[1], "phone": SECRETS[4]},
    "T3": {"name": "二人组", "parent_code": "G1", "size": 2, "leader": SECRETS[0], "phone": SECRETS[3]},
}


@pytest.fixture(autouse=True)
def chinese(monkeypatch):
    monkeypatch.setenv("GRIDMUSTER_DATA", str(DATA))
    use_language("zh")
    yield
    use_language("zh")


def square(x, side=100.0, y=0.0):
    corners = np.array([x, y, x + side, y + side]) * METRE + [WEST, SOUTH, WEST, SOUTH]
    return shapely.MultiPolygon([shapely.box(*corners)])


def frame(rows, geometry=None):
    """A frame as the store takes it, from rows by code."""
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("code")
    if geometry is None:
        return table
    return gpd.GeoDataFrame(table.assign(geom=geometry), geometry="geom", crs=4326)


def write_zones(tx, communities, grids):
    """Write a district with communities (name by code) and grids (community, residents, members by code)."""
    tx.upsert(Layer.DISTRICTS, frame({"D": {"name": "H 区", "parent_code": None}}, [square(0, 900)]))
    tx.upsert(Layer.SUBDISTRICTS, frame({"S": {"name": "街道", "parent_code": "D"}}, [square(0, 900)]))
    rows = {code: {"name": name, "parent_code": "S"} for code, name in communities.items()}
    if rows:
        tx.upsert(Layer.COMMUNITIES, frame(rows, [square(200 * k, 200) for k in range(len(rows))]))
    stated = {
        code: {
            "name": f"{code}网格",
            "parent_code": up,
            "residents": residents,
            "households": residents and residents // 3,
        }
        for code, (up, residents, _members) in grids.items()
    }
    tx.upsert(Layer.GRIDS, frame(stated, [square(100 * k) for k in range(len(stated))]))


def write_members(tx, grids):
    homes = [code for code, (_up, _residents, members) in grids.items() for _ in range(members)]
    people = {
        f"M{k:03d}": {"name": SECRETS[2], "phone": SECRETS[4], "address": SECRETS[5]}
        | {f"available_{part}": None for part in DayPart}
        for k in range(len(homes))
    }
    tx.upsert(Layer.MEMBERS, frame(people))
    assigned = pd.DataFrame({"grid_code": homes, "estate_code": None}, index=pd.Index(list(people), name="member_code"))
    tx.replace_assignments(assigned.assign(method="inside", distance_m=0.0, confidence=1.0, ambiguous=False))


def fill(store):
    with act(Context(store, clock=lambda: NOW), Action.IMPORT) as work:
        write_zones(work.tx, COMMUNITIES, GRIDS)
        estate = {"name": "云港花园", "parent_code": "G2", "residents": 900, "households": 300, "managed": False}
        estates = {"E1": estate | {"gates": 2, "address": SECRETS[5]}}
        work.tx.upsert(Layer.ESTATES, frame(estates, [square(120, 30)]))
        work.tx.upsert(Layer.TEAMS, frame({code: team | {"kind": "突击队"} for code, team in TEAMS.items()}))
        unit = {"name": "区某局", "contact": SECRETS[2], "phone": SECRETS[3], "address": SECRETS[5]}
        work.tx.upsert(Layer.UNITS, frame({"U1": unit}))
        write_members(work.tx, GRIDS)


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


def open_copy(path, folder):
    return Store.open(f"sqlite:///{shutil.copy(path, folder)}")


@pytest.fixture
def store(tmp_path, filled):
    store = open_copy(filled, tmp_path)
    yield store
    store.close()


@pytest.fixture
def office(store, now):
    return Context(store, LOCAL_ACTOR, clock=lambda: now[0])


@pytest.fixture
def screen(store, now):
    """The wall in the briefing room: it may look and nothing else."""
    return Context(store, SCREEN, clock=lambda: now[0])


@pytest.fixture
def empty_office(tmp_path, empty_file, now):
    store = open_copy(empty_file, tmp_path)
    yield Context(store, LOCAL_ACTOR, clock=lambda: now[0])
    store.close()


@pytest.fixture
def request_():
    return BriefingRequest(EVENING, Mode.EMERGENCY)


@pytest.fixture
def make_plan(office):
    """Return a function that makes a draft of moves (team, grid, people) for the evening."""
    numbers = itertools.count()

    def make(*moves, window=EVENING):
        plan = create_plan(office, window, Mode.EMERGENCY, event_id=f"e{next(numbers)}", name=SECRETS[0])
        for team, grid, people in moves:
            send(office, plan.id, Move(team, grid, people), event_id=f"e{next(numbers)}")
        return plan.id

    return make


@pytest.fixture
def commit(office, make_plan):
    """Return a function that makes orders of moves (team, grid, people) for the evening."""

    def make(*moves, window=EVENING):
        plan_id = make_plan(*moves, window=window)
        assert commit_plan(office, plan_id).is_sent
        return plan_id

    return make
