"""How large a demo can be, and what its frames are returned in."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import geopandas as gpd

from geo.schema import Layer

DemoData = dict[Layer, gpd.GeoDataFrame]
"""Each layer as a frame indexed by ``code``, geometry in ``geom`` (EPSG:4326), columns as in docs/conventions.md."""


class DemoSize(StrEnum):
    """How much of the fictitious city is made."""

    SUBDISTRICT = "subdistrict"
    DISTRICT = "district"
    CITY = "city"


@dataclass(frozen=True, slots=True)
class Counts:
    """What a demo of one size holds."""

    districts: int
    subdistricts: int
    communities: int
    grids: int
    members: int
    units: int
    teams: int
    radius_m: float
    """Half the width of the area, roughly."""
    residents_per_grid: float
    estates_per_grid: float


COUNTS: Final[dict[DemoSize, Counts]] = {
    DemoSize.SUBDISTRICT: Counts(1, 3, 20, 200, 4_500, 60, 130, 4_300, 600, 3.2),
    DemoSize.DISTRICT: Counts(1, 10, 190, 2_000, 15_100, 600, 1_000, 13_500, 330, 1.7),
    DemoSize.CITY: Counts(11, 108, 1_900, 20_000, 1_000_000, 6_000, 10_000, 41_000, 950, 3.6),
}
