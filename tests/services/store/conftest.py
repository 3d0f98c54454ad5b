"""A store of each kind, and a few grids to put in."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from alembic import command

from services.store import Store, postgis
from services.store.versions import known_versions, migration_config

OLDEST = known_versions()[-1]


def square(west, south, side=0.01):
    return shapely.MultiPolygon([shapely.box(west, south, west + side, south + side)])


def grids(**names):
    frame = pd.DataFrame(
        {"name": names.values(), "parent_code": "C1", "residents": 300.0, "households": 100.0, "outsiders": None},
        index=pd.Index(list(names), name="code"),
    ).astype({"outsiders": float})
    geometry = [square(113.2 + i / 100, 23.4) for i in range(len(names))]
    return gpd.GeoDataFrame(frame.assign(geom=geometry), geometry="geom", crs=4326)


@pytest.fixture
def store(store_url):
    """Return an empty store of either kind."""
    store = Store.open(store_url)
    yield store
    store.close()


@pytest.fixture
def old_url(request, store_kind, tmp_path):
    """Return the address of a store of either kind as the oldest known program left it, with somebody in a team."""
    if store_kind == "gpkg":
        url = f"sqlite:///{tmp_path}/old.gpkg"
    else:
        cluster = request.getfixturevalue("cluster")
        name = cluster.new_database(template="template0")
        url = cluster.url(name)
    store = Store.open(url)
    with store.engine.connect().execution_options(write=True) as connection, connection.begin():
        if store_kind == "postgis":
            postgis.drop_views(connection)
        command.downgrade(migration_config(connection), OLDEST)
        connection.exec_driver_sql("INSERT INTO team_members VALUES ('T1', 'M1', 'leader')")
    store.close()
    yield url
    if store_kind == "postgis":
        cluster.drop(name)
