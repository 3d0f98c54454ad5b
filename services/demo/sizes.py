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
    member_rates: tuple[float, float, float]
    """Members for each resident of estates with property management, without, and of villages, as a proportion."""


COUNTS: Final[dict[DemoSize, Counts]] = {
    DemoSize.SUBDISTRICT: Counts(1, 3, 20, 200, 4_500, 60, 130, 3_500, 640, 3.4, (1, 0.12, 0.7)),
    DemoSize.DISTRICT: Counts(1, 10, 190, 2_000, 15_100, 600, 1_000, 11_500, 290, 1.45, (1, 0.12, 0.8)),
    DemoSize.CITY: Counts(11, 108, 1_900, 20_000, 1_000_000, 6_000, 10_000, 38_000, 950, 3.6, (1, 0.03, 0.2)),
}
