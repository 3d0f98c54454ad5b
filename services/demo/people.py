"""Members and the units they work for: where they live, how they can be reached, how their address was written down."""

from collections.abc import Callable
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.arrays import Floats, Geometries, Ints
from geo.schema import Layer
from services.demo.estates import EstatePopulation
from services.demo.land import Division, share_out
from services.demo.names import Texts, make_persons, make_phones, make_units
from services.demo.sites import place_buildings
from services.demo.sizes import Counts, DemoData
from services.demo.terrain import Terrain, frame
from services.demo.warp import to_degrees

SKILLS: Final = np.array(
    ["医疗", "驾驶", "公安", "心理疏导", "烹饪", "水电维修", "翻译", "消防", "信息技术", "法律", "教育", "手语"],
    dtype=object,
)
_LOCATED, _BY_ADDRESS, _NEITHER = 0.88, 0.10, 0.007
_WOBBLE, _AWAY = 0.012, 0.003
_PLAIN_ADDRESS: Final = 0.6
_AWAY_SAMPLE: Final = 20_000
_MOST_BUILDINGS: Final = 24


def make_units_layer(data: DemoData, counts: Counts, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Return units, each paired with one to three communities that lie near each other in the list."""
    communities = data[Layer.COMMUNITIES]
    codes, names = communities.index.to_numpy(), communities["name"].to_numpy()
    many = counts.units
    first = np.concatenate([rng.permutation(len(codes)), rng.integers(0, len(codes), many)])[:many]
    pairs = 1 + (rng.random(many) < 0.35) + (rng.random(many) < 0.1)
    paired = [";".join(codes[(f + np.arange(p)) % len(codes)]) for f, p in zip(first, pairs, strict=True)]
    points = shapely.point_on_surface(communities.geom.to_numpy()[first])
    points = shapely.transform(points, lambda xy: np.round(xy + rng.normal(0, 0.0012, xy.shape), 7))
    numbers = rng.integers(1, 200, many)
    return frame(
        [f"U{i:05d}" for i in range(1, many + 1)],
        keep(points, rng.random(many) < 0.94),
        name=make_units(many, rng),
        community_codes=paired,
        contact=make_persons(many, rng),
        phone=make_phones(90_000_000, many),
        address=[f"{names[f]}{n}号" for f, n in zip(first, numbers, strict=True)],
    )


def make_members_layer(
    data: DemoData,
    division: Division,
    terrain: Terrain,
    population: EstatePopulation,
    per_estate: Ints,
    rng: np.random.Generator,
) -> gpd.GeoDataFrame:
    """Return members, so many per estate, in the order of the estates.

    About 88 of 100 have coordinates, 10 only an address as people write it, 1 an address
    that leaves a doubt, 1 neither. All names are made up and all
    codes begin with D (demo); the telephone numbers are of a range nobody has.
    """
    estate = np.repeat(np.arange(len(population.grid)), per_estate)
    many = len(estate)
    community = np.array(division.community_of)[population.grid[estate]]
    points = _points(estate, terrain, population, rng)
    chance = rng.random(many)
    units = data[Layer.UNITS].index.to_numpy()
    weights = rng.pareto(1.6, len(units)) + 0.4
    unit = units[rng.choice(len(units), many, p=weights / weights.sum())]
    community_code = data[Layer.COMMUNITIES].index.to_numpy()[community]
    return frame(
        [f"D{i:07d}" for i in range(1, many + 1)],
        keep(to_degrees(shapely.points(points)), chance < _LOCATED),
        name=make_persons(many, rng),
        unit_code=keep(unit, rng.random(many) < 0.97),
        community_code=community_code,
        phone=make_phones(0, many),
        identity_hash=np.full(many, None, dtype=object),
        address=_addresses(data, estate, community, chance, rng),
        skills=_skills(many, 0.16, rng),
        **_availability(many, rng),
    )


def count_members(division: Division, population: EstatePopulation, counts: Counts, rng: np.random.Generator) -> Ints:
    """Return how many of all members live in each estate: many where there is property management, else few."""
    managed, mixed, village = counts.member_rates
    rate = np.where(population.village, village, np.where(population.managed, managed, mixed))
    weights = population.residents * rate * rng.lognormal(0, 0.35, len(rate))
    community = np.array(division.community_of)[population.grid]
    out = np.zeros(len(rate), dtype=np.int64)
    for number, known in division.communities_known.items():
        rows = np.flatnonzero(community == number)
        lived_in = rows[:1] if known.all_members_in_first_estate else rows
        out[lived_in] = share_out(known.members, weights[lived_in])
    others = ~np.isin(community, list(division.communities_known))
    out[others] = share_out(counts.members - int(out.sum()), weights[others])
    return out


def _points(estate: Ints, ground: Terrain, settled: EstatePopulation, rng: np.random.Generator) -> Floats:
    """Return the house of each member; a few beyond the edge of their grid, a few outside the land."""
    buildings = np.clip(settled.blocks, 1, _MOST_BUILDINGS)
    _, places = place_buildings(settled.shapes, buildings, rng)
    starts = np.cumsum(buildings) - buildings
    points = places[starts[estate] + rng.integers(0, buildings[estate])]
    wobbling = np.flatnonzero(rng.random(len(estate)) < _WOBBLE)
    edges = shapely.boundary(ground.grids_m[settled.grid[estate[wobbling]]])
    points[wobbling] = _beyond(points[wobbling], edges, rng.uniform(3, 25, len(wobbling)))
    return _move_some_away(points, ground.grids_m, max(round(_AWAY * len(points)), 6), rng)


def _beyond(points: Floats, edges: Geometries, distance: Floats) -> Floats:
    """Return points moved straight across the nearest edge, to so many metres behind it."""
    ends = shapely.get_coordinates(shapely.shortest_line(shapely.points(points), edges)).reshape(-1, 2, 2)
    way = ends[:, 1] - ends[:, 0]
    length = np.maximum(np.hypot(*way.T), 1e-9)
    return np.asarray(ends[:, 1] + way / length[:, None] * distance[:, None])


def _move_some_away(points: Floats, grids: Geometries, count: int, rng: np.random.Generator) -> Floats:
    """Put those who live nearest to the outer border outside it, up to about 450 m."""
    land = shapely.coverage_union_all(grids)
    sample = rng.choice(len(points), min(count * 30, len(points), max(_AWAY_SAMPLE, count)), replace=False)
    distance = shapely.distance(shapely.points(points[sample]), land.boundary)
    chosen = sample[np.argsort(distance, kind="stable")[:count]]
    moved = _beyond(points[chosen], np.full(len(chosen), land.boundary), rng.uniform(20, 450, len(chosen)))
    outside = ~shapely.contains_xy(land, moved)
    out = points.copy()
    out[chosen[outside]] = moved[outside]
    return out


def _skills(count: int, chance: float, rng: np.random.Generator) -> Texts:
    first, second = SKILLS[rng.integers(0, len(SKILLS), (2, count))]
    both = np.where((rng.random(count) < 0.2) & (first != second), first + ";" + second, first)
    return keep(both, rng.random(count) < chance)


def _availability(count: int, rng: np.random.Generator) -> dict[str, Floats]:
    """Return what one in eight has stated: on shifts, retired soon, at home in the evening, or never at night."""
    kinds = np.array([[0.5, 0.5, 0.5, 0.5], [0.8, 0.8, 0.9, 0.2], [0.0, 0.7, 0.8, 0.3], [0.0, 0.3, 0.5, 0.0]])
    stated = kinds[rng.integers(0, len(kinds), count)]
    stated[rng.random(count) >= 0.12] = np.nan
    names = ("available_workday", "available_evening", "available_weekend", "available_night")
    return {name: stated[:, i] for i, name in enumerate(names)}


def _addresses(data: DemoData, estate: Ints, community: Ints, chance: Floats, rng: np.random.Generator) -> Texts:
    """Return addresses: as on the certificate for many of those with coordinates, as people write for those without."""
    names = data[Layer.ESTATES]["name"].to_numpy()[estate]
    places = data[Layer.COMMUNITIES]["name"].to_numpy()[community]
    most = np.clip(data[Layer.ESTATES]["blocks"].to_numpy()[estate], 1, 60)
    block = rng.integers(1, most + 1)
    room = rng.integers(1, 19, len(estate)) * 100 + rng.integers(1, 7, len(estate))
    style = rng.integers(0, 6, len(estate))
    style[chance < _LOCATED] = np.where(rng.random(int((chance < _LOCATED).sum())) < _PLAIN_ADDRESS, 0, -1)
    careless = chance >= _LOCATED + _BY_ADDRESS
    style[careless] = np.where(chance[careless] < 1 - _NEITHER, _FIRST_CARELESS + block[careless] % 3, -1)
    rows = zip(style.tolist(), places, names, block.tolist(), room.tolist(), strict=True)
    return np.array([write_address(*row) for row in rows], dtype=object)


def keep(values: NDArray[Any], mask: NDArray[np.bool_]) -> NDArray[np.object_]:
    """Return values as objects, None where they are not kept."""
    out = values.astype(object)
    out[~mask] = None
    return out


def write_address(style: int, community: str, estate: str, block: int, room: int) -> str | None:
    """Return an address as people write it, three of the nine styles too carelessly to be sure; None below 0.

    Examples
    --------
    >>> write_address(2, "雅瑶社区", "云港花园", 3, 502)
    '港云花园三号楼'
    """
    return _STYLES[style](community, estate, block, room) if style >= 0 else None


_FULL_WIDTH: Final = str.maketrans("0123456789", "０１２３４５６７８９")
_STYLES: Final[tuple[Callable[[str, str, int, int], str], ...]] = (
    lambda community, estate, block, room: f"{community}{estate}{block}栋{room}",
    lambda _, estate, block, room: f"{estate} {block} 幢 {room}房",
    lambda _, estate, block, __: f"{estate[1::-1]}{estate[2:]}{numeral(block)}号楼",
    lambda community, estate, block, room: f"H区{community}{estate}{block}座{room}室",
    lambda _, estate, block, room: f"{estate}{block}栋{room}".translate(_FULL_WIDTH),
    lambda community, estate, block, room: f"{community} {estate}{block}-{room}",
    lambda _, estate, block, __: f"{estate[:2]}小区{block}栋",
    lambda community, estate, block, _: f"{community}{estate[0]}江{estate[2:]}{block}幢",
    lambda _, estate, __, room: f"{estate[-2:]}{estate[0]}区 {room}",
)
_FIRST_CARELESS: Final = 6


def numeral(number: int) -> str:
    """Return a number from 1 to 99 in Chinese.

    Examples
    --------
    >>> numeral(3), numeral(10), numeral(21)
    ('三', '十', '二十一')
    """
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else digits[tens] + "十"
    return head + (digits[ones] if ones else "")
