"""One call from a size and a seed to every layer of the demo."""

import numpy as np

from geo.schema import Layer
from services.demo.cutting import CutError
from services.demo.estates import place_people
from services.demo.land import Division, divide
from services.demo.people import count_members, make_members_layer, make_units_layer
from services.demo.posts import make_posts_layer
from services.demo.sizes import COUNTS, Counts, DemoData, DemoSize
from services.demo.teams import make_teams_layer
from services.demo.terrain import NetworkError, Terrain, lay_out
from services.demo.warp import make_field
from services.demo.zones import make_zones

_LANDS_TRIED = 8


def make_district(size: DemoSize, seed: int = 1) -> DemoData:
    """Return every layer of a made-up H district; the same size and seed give the same, whatever ran before.

    Grids tile their community, communities their subdistrict, subdistricts the district, without gap or overlap;
    residents, households and outsiders of a grid are the sums over its estates, where it has any, and those of a
    community the sums over its grids. All persons, organisations and telephone numbers are fictitious.

    Parameters
    ----------
    size
        How much is made. ``CITY`` has eleven districts, of which H is one.
    seed
        At least 0.

    Raises
    ------
    NetworkError, CutError
        If eight lands in a row could not be divided (no seed is known for which this happens).
    """
    counts = COUNTS[size]
    rng = np.random.default_rng([seed, counts.grids])
    division, ground = _make_land(counts, rng)
    settled = place_people(division, ground, counts, rng)
    data = make_zones(division, ground, settled, rng)
    data[Layer.UNITS] = make_units_layer(data, counts, rng)
    per_estate = count_members(division, settled, counts, rng)
    data[Layer.MEMBERS] = make_members_layer(data, division, ground, settled, per_estate, rng)
    per_grid = np.bincount(settled.grid, per_estate, counts.grids).astype(np.int64)
    data[Layer.TEAMS] = make_teams_layer(data, division, per_grid, counts, rng)
    data[Layer.POSTS] = make_posts_layer(data)
    data[Layer.ROADS], data[Layer.WATER] = ground.roads, ground.water
    return data


def _make_land(counts: Counts, rng: np.random.Generator) -> tuple[Division, Terrain]:
    for _ in range(_LANDS_TRIED - 1):
        try:
            return _make_one_land(counts, rng)
        except (CutError, NetworkError):
            continue
    return _make_one_land(counts, rng)


def _make_one_land(counts: Counts, rng: np.random.Generator) -> tuple[Division, Terrain]:
    field = make_field(rng)
    division = divide(counts, field, rng)
    return division, lay_out(division, field, rng)
