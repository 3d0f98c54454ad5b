"""A store of each kind, and a few grids to put in."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from services.store import Store


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
