"""Zones as layers: codes, names, counts that add up from estate to grid to community, outlines without a gap."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.arrays import Geometries, Ints
from geo.schema import Layer
from services.demo.estates import EstatePopulation
from services.demo.land import Division
from services.demo.names import Texts, make_distinct, make_estates, make_places
from services.demo.sites import largest
from services.demo.sizes import DemoData
from services.demo.story import KNOWN_COMMUNITIES
from services.demo.terrain import Terrain, frame
from services.demo.warp import DECIMALS, to_degrees, to_ground

_CITY_CODE: Final = "4499"
"""No place has codes that begin with 4499."""
_H_CODE: Final = 8
_LETTERS: Final = "ABCDEFGHIJK"
_MAIN_SUBDISTRICT: Final = "云港街道"


def make_zones(
    division: Division, terrain: Terrain, population: EstatePopulation, rng: np.random.Generator
) -> DemoData:
    """Return the five levels of zones as layers."""
    district_of = np.array(division.district_of)
    subdistrict_of = np.array(division.subdistrict_of)
    community_of = np.array(division.community_of)
    many = int(district_of.max()) + 1
    numbers = [_H_CODE] if many == 1 else list(range(1, many + 1))
    districts = np.array([f"{_CITY_CODE}{n:02d}" for n in numbers], dtype=object)
    subdistricts = _number_within(districts, district_of, 3)
    communities = _number_within(subdistricts, subdistrict_of, 3)
    grids = _number_within(communities, community_of, 2)
    grid_subdistrict = subdistrict_of[community_of]
    grid_district = district_of[grid_subdistrict]
    community_names = _community_names(division, terrain, rng)
    within = np.arange(len(community_of)) - np.searchsorted(community_of, community_of)
    grid_names = [f"{community_names[c]}第{n + 1}网格" for c, n in zip(community_of, within, strict=True)]
    people = {
        "residents": population.grid_residents,
        "households": population.grid_households,
        "outsiders": population.grid_outsiders,
    }
    sums = {k: np.bincount(community_of, v).astype(np.int64) for k, v in people.items()}
    return {
        Layer.DISTRICTS: frame(
            list(districts),
            _outlines(terrain.grids, grid_district),
            name=[f"{_LETTERS[n - 1]}区" for n in numbers],
            parent_code=_nobody(many),
        ),
        Layer.SUBDISTRICTS: frame(
            list(subdistricts),
            _outlines(terrain.grids, grid_subdistrict),
            name=_subdistrict_names(division, terrain, rng),
            parent_code=districts[district_of],
        ),
        Layer.COMMUNITIES: frame(
            list(communities),
            _outlines(terrain.grids, community_of),
            name=community_names,
            parent_code=subdistricts[subdistrict_of],
            **sums,
        ),
        Layer.GRIDS: frame(
            list(grids), _multi(terrain.grids), name=grid_names, parent_code=communities[community_of], **people
        ),
        Layer.ESTATES: _estates(division, terrain, population, grids, community_names, rng),
    }


def _number_within(parents: Texts, owner: Ints, digits: int) -> Texts:
    """Return codes: the parent's, then a number that counts from 1 within each parent (owners ascending)."""
    within = np.arange(len(owner)) - np.searchsorted(owner, owner) + 1
    return np.array([f"{parents[o]}{n:0{digits}d}" for o, n in zip(owner, within, strict=True)], dtype=object)


def _outlines(grids: Geometries, owner: Ints) -> Geometries:
    """Return the union of each owner's grids (owners ascending); exact, since grids share their vertices."""
    starts = np.flatnonzero(np.append(True, np.diff(owner) > 0))
    return _multi(np.array([shapely.coverage_union_all(part) for part in np.split(grids, starts[1:])], dtype=object))


def _multi(shapes: Geometries) -> Geometries:
    single = shapely.get_type_id(shapes) == 3
    out = shapes.copy()
    out[single] = shapely.multipolygons(shapes[single], indices=np.arange(single.sum()))
    return out


def _valid(shapes: Geometries) -> Geometries:
    """Return shapes with the few repaired whose corners rounding has laid on an edge of their own."""
    broken = ~shapely.is_valid(shapes)
    out = shapes.copy()
    on_raster = shapely.set_precision(shapely.make_valid(shapes[broken]), 10.0**-DECIMALS)
    out[broken] = shapely.transform(largest(on_raster), lambda xy: np.round(xy, DECIMALS))
    return out


def _nobody(count: int) -> Texts:
    return np.full(count, None, dtype=object)


def _community_names(division: Division, ground: Terrain, rng: np.random.Generator) -> list[str]:
    """Return names; the fifth of the communities with the widest grids are villages."""
    known = {number: k.name for number, k in division.communities_known.items()}
    made = make_places(len(division.subdistrict_of), rng, used_names=tuple(k.name[:2] for k in KNOWN_COMMUNITIES))
    width = np.bincount(division.community_of, shapely.area(ground.grids_m)) / np.bincount(division.community_of)
    is_village = width > np.quantile(width, 0.8)
    return [known.get(i, f"{made[i]}{'村' if is_village[i] else '社区'}") for i in range(len(made))]


def _subdistrict_names(division: Division, ground: Terrain, rng: np.random.Generator) -> list[str]:
    count = len(division.district_of)
    home = division.subdistrict_of[next(iter(division.communities_known))]
    made = make_places(count, rng, used_names=(_MAIN_SUBDISTRICT[:2],))
    owner = np.array(division.subdistrict_of)[np.array(division.community_of)]
    crowded = np.bincount(owner) / np.bincount(owner, shapely.area(ground.grids_m))
    towns = crowded < np.median(crowded)
    return [_MAIN_SUBDISTRICT if i == home else f"{made[i]}{'镇' if towns[i] else '街道'}" for i in range(count)]


def _estates(
    division: Division,
    ground: Terrain,
    settled: EstatePopulation,
    grids: Texts,
    community_names: list[str],
    rng: np.random.Generator,
) -> gpd.GeoDataFrame:
    community = np.array(division.community_of)[settled.grid]
    managed = pd.array(settled.managed, dtype="boolean")
    mixed_use = pd.array(settled.mixed_use, dtype="boolean")
    mixed_use[(rng.random(len(community)) < 0.02) & ~np.isin(community, list(division.communities_known))] = pd.NA
    return frame(
        list(_number_within(grids, settled.grid, 2)),
        _valid(to_degrees(settled.shapes)),
        name=_estate_names(division, settled, community, rng),
        parent_code=grids[settled.grid],
        residents=settled.residents,
        households=settled.households,
        outsiders=settled.outsiders,
        blocks=settled.blocks,
        gates=settled.gates,
        managed=managed,
        mixed_use=mixed_use,
        address=_addresses(ground, settled, community, community_names, rng),
    )


def _estate_names(
    division: Division, settled: EstatePopulation, community: Ints, rng: np.random.Generator
) -> list[str]:
    names = make_estates(settled.managed, settled.village, rng)
    names = np.where(names == "云港花园", "云港雅苑", names)
    for number, known in division.communities_known.items():
        if known.first_estate:
            names[int(np.flatnonzero(community == number)[0])] = known.first_estate
    starts = np.flatnonzero(np.append(True, np.diff(community) > 0))
    return [name for part in np.split(names, starts[1:]) for name in make_distinct(list(part))]


def _addresses(
    ground: Terrain, settled: EstatePopulation, community: Ints, community_names: list[str], rng: np.random.Generator
) -> list[str]:
    """Return addresses on the nearest named street: 雅瑶社区云港路12号."""
    streets = ground.roads[~ground.roads["kind"].isin(["motorway", "railway"])]
    middles = shapely.centroid(settled.shapes)
    _, nearest = shapely.STRtree(to_ground(streets.geom.to_numpy())).query_nearest(middles, all_matches=False)
    road = streets["name"].to_numpy()[nearest]
    number = rng.integers(1, 180, len(road))
    return [f"{community_names[c]}{r}{n}号" for c, r, n in zip(community, road, number, strict=True)]
