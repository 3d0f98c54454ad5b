"""A small district: six grids in a row, one for each class, one without need, one without data."""

from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.schema import Layer
from services.accounts import Imprint
from services.coverage import load_norms, table_columns
from services.export.facts import SourceLines
from services.i18n import Text, use_language
from services.rules.windows import Mode, Window

RATIOS = [0.1, 0.3, 0.6, 0.9, 1.2, 2.0, np.nan, np.nan]
STATUSES = ["weak"] * 4 + ["spare"] * 2 + ["no_need", "no_data"]


@pytest.fixture(autouse=True)
def chinese():
    use_language("zh")
    yield
    use_language("zh")


@pytest.fixture
def facts() -> SourceLines:
    tonight = Window(datetime(2026, 11, 27, 20), datetime(2026, 11, 28))
    imprint = Imprint(Text("马桥街道"), Text("张主任"))
    return SourceLines(tonight, Mode.ROUTINE, "norms.toml 0badcafe", 17, datetime(2026, 11, 27, 18, 5), imprint)


@pytest.fixture
def table() -> pd.DataFrame:
    """Eight grids, a class each."""
    codes = pd.Index([f"00{k}" for k in range(8)], name="code")
    ratio = np.array(RATIOS)
    numbers = {name: np.arange(8.0) for name in table_columns(load_norms())}
    texts = {"name": [f"雅瑶{k}网格" for k in range(8)], "parent_code": "440114001", "cold": "", "status": STATUSES}
    frame = pd.DataFrame(numbers | texts, index=codes)[list(table_columns(load_norms()))]
    need = np.where(np.isnan(ratio), np.nan, 10.0)
    gap, surplus = np.maximum(need - need * ratio, 0), np.maximum(need * ratio - need, 0)
    told = {
        "ratio": ratio,
        "need": need,
        "met": need - gap,
        "gap": gap,
        "share_met": 1 - gap / need,
        "surplus": surplus,
    }
    return frame.assign(supply=np.nan_to_num(need * ratio), **told)


@pytest.fixture
def zones(table) -> gpd.GeoDataFrame:
    """Squares of 0.01°, west to east, the second with a hole."""
    squares = [shapely.box(113.2 + 0.01 * k, 23.4, 113.21 + 0.01 * k, 23.41) for k in range(8)]
    squares[1] = squares[1].difference(shapely.box(113.213, 23.403, 113.217, 23.407))
    geom = shapely.multipolygons(np.array(squares)[:, None])
    return gpd.GeoDataFrame(
        {"name": table["name"]}, geometry=gpd.GeoSeries(geom, index=table.index), crs=4326
    ).rename_geometry("geom")


@pytest.fixture
def tables(table) -> dict[Layer, pd.DataFrame]:
    return {Layer.GRIDS: table}
