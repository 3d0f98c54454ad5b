"""A small subdistrict whose numbers can be followed by hand: what its layers hold."""

from datetime import datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.schema import Layer
from services.coverage import LayerFrames, load_norms
from services.rules.windows import DayPart, Window

DATA = Path(__file__).parents[3] / "data"
NORMS = load_norms(DATA / "norms.toml")
WEST, SOUTH, METRE = 113.2, 23.4, 1e-5
WORKDAY = Window(datetime(2026, 11, 25, 9), datetime(2026, 11, 25, 10))
EVENING = Window(datetime(2026, 11, 25, 19), datetime(2026, 11, 25, 20))
PEOPLE = ("residents", "households", "outsiders")


def square(x, y, side=100):
    return shapely.box(*(np.array([x, y, x + side, y + side]) * METRE + [WEST, SOUTH, WEST, SOUTH]))


def point(x, y):
    return shapely.Point(WEST + x * METRE, SOUTH + y * METRE)


def layer(rows, columns):
    """A frame as the store gives it, from rows of code, name, parent_code, geometry and what is stated besides."""
    names = ["code", "name", "parent_code", "geom"]
    records = [dict(zip(names, row[:4], strict=True)) | row[4] for row in rows]
    frame = pd.DataFrame(records, columns=[*names, *columns])
    numbers = [name for name in columns if name not in {"managed", "mixed_use"}]
    flags = [name for name in columns if name in {"managed", "mixed_use"}]
    frame = frame.astype({"code": "str", "name": "str", "parent_code": "str"})
    frame = frame.astype(dict.fromkeys(numbers, float) | dict.fromkeys(flags, "boolean"))
    return gpd.GeoDataFrame(frame.set_index("code"), geometry="geom", crs=4326)


def small_frames():
    """Return two communities: two grids with an estate each; a grid of residents alone, an empty and an unknown one."""
    estate_columns = [*PEOPLE, "blocks", "gates", "managed", "mixed_use"]
    zones = {
        Layer.DISTRICTS: layer([("D", "H 区", None, square(0, 0, 500), {})], []),
        Layer.SUBDISTRICTS: layer([("S", "街道", "D", square(0, 0, 500), {})], []),
        Layer.COMMUNITIES: layer(
            [
                ("C1", "一社区", "S", square(0, 0, 200), {"residents": 5000}),
                ("C2", "二社区", "S", square(0, 200, 300), {}),
            ],
            PEOPLE,
        ),
        Layer.GRIDS: layer(
            [
                ("G1", "一格", "C1", square(0, 0), {}),
                ("G2", "二格", "C1", square(100, 0), {}),
                ("G3", "三格", "C2", square(0, 200), {"residents": 540, "households": 200}),
                ("G4", "四格", "C2", square(100, 200), {"residents": 0, "households": 0}),
                ("G5", "五格", "C2", square(200, 200), {}),
            ],
            PEOPLE,
        ),
        Layer.ESTATES: layer(
            [
                ("E1", "云港花园", "G1", square(20, 20, 40), {"households": 700, "gates": 2, "managed": True}),
                (
                    "E2",
                    "旧村大院",
                    "G2",
                    point(420, 40),
                    {"residents": 937, "households": 347, "outsiders": 581, "gates": 1, "managed": False},
                ),
                ("E3", "新楼", "G9", point(450, 450), {}),
            ],
            estate_columns,
        ),
    }
    homes = [("G1", "E1")] * 50 + [("G2", "E2")] * 2 + [("G3", None)] * 4
    homes += [("G4", None), ("G5", None), (None, None)]
    codes = [f"M{k:02d}" for k in range(len(homes))]
    members = pd.DataFrame({f"available_{part}": np.nan for part in DayPart}, index=pd.Index(codes, name="code"))
    assignments = pd.DataFrame(homes, columns=["grid_code", "estate_code"], index=pd.Index(codes, name="member_code"))
    return LayerFrames(zones, members, assignments.astype("str"))
