"""Into which parts a wide zone is divided beside the map."""

import pandas as pd
import pytest

from dashboard.pages.situation.subdivision import level_of_parts
from geo.schema import ZONE_LAYERS, Layer

CITY = {
    Layer.DISTRICTS: {"A": None, "B": None},
    Layer.SUBDISTRICTS: {"A1": "A", "A2": "A", "B1": "B"},
    Layer.COMMUNITIES: {"A11": "A1", "A12": "A1", "A21": "A2", "B11": "B1"},
    Layer.GRIDS: {"A111": "A11", "A112": "A11"},
    Layer.ESTATES: {},
}
STREET = {layer: {} for layer in ZONE_LAYERS} | {
    Layer.SUBDISTRICTS: {"S": None},
    Layer.COMMUNITIES: {"C1": "S", "C2": "S"},
}


def tables(zones):
    return {layer: pd.DataFrame({"parent_code": pd.Series(parents, dtype="str")}) for layer, parents in zones.items()}


@pytest.mark.parametrize(
    ("zones", "level", "code", "shown", "parts"),
    [
        (CITY, None, "", "auto", Layer.SUBDISTRICTS),
        (CITY, None, "", "districts", Layer.DISTRICTS),
        (CITY, None, "", "communities", Layer.COMMUNITIES),
        (CITY, None, "", "grids", Layer.SUBDISTRICTS),
        (CITY, Layer.DISTRICTS, "A", "auto", Layer.SUBDISTRICTS),
        (CITY, Layer.DISTRICTS, "A", "districts", Layer.SUBDISTRICTS),
        (CITY, Layer.DISTRICTS, "B", "auto", None),
        (CITY, Layer.SUBDISTRICTS, "A1", "auto", Layer.COMMUNITIES),
        (CITY, Layer.SUBDISTRICTS, "A2", "auto", None),
        (CITY, Layer.COMMUNITIES, "A11", "auto", None),
        (CITY, Layer.GRIDS, "A111", "auto", None),
        (CITY, Layer.ESTATES, "none", "estates", None),
        (STREET, None, "", "auto", Layer.COMMUNITIES),
        (STREET, Layer.SUBDISTRICTS, "S", "subdistricts", Layer.COMMUNITIES),
    ],
)
def test_parts_are_those_the_map_shows_and_at_least_two(zones, level, code, shown, parts):
    assert level_of_parts(tables(zones), level, code, shown) is parts
