"""What coverage is computed from and does not change with the window: made once for a version of the data."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from scipy.sparse import csr_array

from geo.access import gaussian_decay
from geo.arrays import Floats, Positions
from geo.coverage import density_per_1000, density_per_km2, sum_known
from geo.crs import project, projected_crs
from geo.errors import Problem
from geo.hotspots import adjacency
from geo.schema import PARENT_LAYER, ZONE_LAYERS, Layer
from geo.travel import Pairs, pairs_within
from services.catalog.actions import Action
from services.context import Context
from services.coverage.travel_times import TravelTimes, travel_times_between, walkable
from services.rules.areas import WiderAreaError
from services.rules.availability import fill_hours, read_hours, sum_by_zone
from services.rules.need import NEED_SOURCES, is_mixed, need_by_item, outsider_share, read_facts, sum_into_grids
from services.rules.norms import Norms, NormsError, day_factors, default_availability, parse_norms
from services.rules.roster.roster_supply import NO_ROSTERS, RosterSupply
from services.rules.small_counts import GroupMembers, count_members
from services.rules.windows import DayPart, Mode
from services.settings import read_settings

T = TypeVar("T")

NEIGHBOUR_GAP_M: Final = 25.0
"""Grids this near to each other are neighbours: outlines often leave the width of a road between them."""
_POPULATION: Final = ("residents", "households", "outsiders")
_MEMBER_COLUMNS: Final = tuple(f"available_{part}" for part in DayPart)

NOBODY: Final = GroupMembers(np.empty(0, dtype=np.intp), np.empty((0, len(DayPart))))


@dataclass(frozen=True, slots=True)
class LayerFrames:
    """The layers coverage is made from, as docs/conventions.md describes them (zones in EPSG:4326)."""

    zones: Mapping[Layer, gpd.GeoDataFrame]
    """One frame for each of ``ZONE_LAYERS``, indexed by ``code``; it may be empty."""
    members: pd.DataFrame
    """Indexed by ``code``, with ``available_…``; geometry is not used."""
    assignments: pd.DataFrame
    """Indexed by ``member_code``, with ``grid_code`` and ``estate_code``; members who are not in it are in
    no zone."""
    roads: gpd.GeoDataFrame | None = None
    """With ``kind``, in EPSG:4326; without it ways are straight lines."""


@dataclass(frozen=True)
class LevelInputs:
    """One level: ``n`` zones in the order of ``facts``."""

    facts: pd.DataFrame
    """Indexed by ``code``: the columns of the coverage table that stand before ``need``."""
    points: Floats
    """Centroids, easting and northing in metres, shape (n, 2)."""
    parent: Positions
    """Position of the zone's parent one level up, shape (n,), -1 where there is none."""
    persons: Floats
    """Persons who can come by part of the day, shape (n, 4): of members as they count, like ``facts``."""
    exact: pd.DataFrame
    """``members density_per_1000 density_per_km2`` as they are, indexed like ``facts``."""
    need: Mapping[Mode, Floats]
    """Persons needed by item where its day factor is 1, shape (n, items), NaN rows where nothing is known."""
    people: GroupMembers = NOBODY
    """Of estates and grids: each member as he counts, with the position of his zone; ``persons`` is their sum."""
    need_source: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Of estates and grids: what ``need`` follows from (``services.rules.need.read_facts``), as it is stored."""


@dataclass(frozen=True)
class CoverageInputs:
    """All levels, the norms, and what links zones to each other."""

    version: int
    norms: Norms
    levels: Mapping[Layer, LevelInputs]
    estates: pd.DataFrame
    """Indexed by ``code``: ``managed mixed_use`` (nullable), ``mixed`` and ``outsider_share``."""
    grid_shapes: NDArray[np.object_]
    """Outlines of the grids in metres."""
    roads: NDArray[np.object_] = field(default_factory=lambda: np.empty(0, dtype=object))
    """Roads people walk on, lines in metres."""
    whole: "CoverageInputs | None" = None
    """The inputs of everything, where this is the part of it inside an area (``services.coverage.area_view``)."""
    rosters: RosterSupply = NO_ROSTERS
    """Who stands where by published rosters (``services.coverage.roster_supply``)."""
    bare: "CoverageInputs | None" = None
    """The same without rosters, where there are some: what takes time and does not depend on them is kept there."""

    @cached_property
    def travel_times(self) -> TravelTimes:
        """Ways between the grids on foot; laid when first asked for."""
        if self.bare is not None:
            return self.bare.travel_times
        return travel_times_between(self.levels[Layer.GRIDS].points, self.roads)

    @cached_property
    def factors(self) -> Floats:
        """Day factors, shape (items, 4)."""
        return day_factors(self.norms)

    @cached_property
    def reach_pairs(self) -> Pairs:
        """Pairs of grids within the catchment, in metres between their centroids."""
        if self.bare is not None:
            return self.bare.reach_pairs
        return pairs_within(self.levels[Layer.GRIDS].points, self.norms.reach.catchment_m.value)

    @cached_property
    def reach_weight(self) -> Floats:
        """Decay of each of ``reach_pairs``."""
        return gaussian_decay(self.reach_pairs.cost, self.norms.reach.catchment_m.value)

    @cached_property
    def neighbours(self) -> csr_array:
        """Which grids are at most ``NEIGHBOUR_GAP_M`` apart."""
        if self.bare is not None:
            return self.bare.neighbours
        tree = shapely.STRtree(self.grid_shapes)
        one, other = tree.query(self.grid_shapes, predicate="dwithin", distance=NEIGHBOUR_GAP_M)
        return adjacency(one, other, len(self.grid_shapes))


@dataclass(frozen=True, slots=True)
class _People:
    """Members and need of the zones of one level."""

    exact: Floats
    """Members as they are, shape (n,)."""
    members: Floats
    """As they count (``services.rules.small_counts``), shape (n,)."""
    persons: Floats
    """Who of them can come by part of the day, shape (n, 4)."""
    need: Mapping[Mode, Floats]
    people: GroupMembers = NOBODY


def load_norms(path: Path | None = None) -> Norms:
    """Return the norms of a file (by default ``norms.toml`` of the data folder).

    Raises
    ------
    NormsError
        When the file is missing, is no TOML or states unusable norms; it names every fault.
    """
    return read_norms(path or read_settings().data_dir / "norms.toml", parse_norms)


def read_norms(path: Path, parse: Callable[[Mapping[str, object]], T]) -> T:
    """Return what ``parse`` makes of a TOML file of norms, once for a state of it.

    Raises
    ------
    NormsError
        When the file is missing, is no TOML or states unusable norms; it names every fault.
    """
    try:
        made: T = _parse(path.read_text(encoding="utf-8-sig"), parse)
    except OSError as error:
        raise NormsError((Problem(0, "", "no_file", path.name),)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NormsError((Problem(0, "", "syntax", str(error)),)) from error
    return made


@lru_cache(maxsize=8)
def _parse(content: str, parse: Callable[[Mapping[str, object]], Any]) -> Any:
    return parse(tomllib.loads(content))


def load_frames(context: Context) -> tuple[LayerFrames, int]:
    """Return the layers coverage needs and the version of the data they are of, read in one transaction.

    Raises
    ------
    WiderAreaError
        If the actor is in charge of a part only: coverage is made from everything.
    RefusedError
        If the actor's role does not allow it.
    """
    with context.look(Action.VIEW_COVERAGE) as tx:
        if not context.scope_in(tx).is_everything:
            raise WiderAreaError
        zones = {layer: tx.read_layer(layer) for layer in ZONE_LAYERS}
        members = tx.read_layer(Layer.MEMBERS, columns=_MEMBER_COLUMNS)
        roads = tx.read_layer(Layer.ROADS, columns=["kind", "geom"])
        return LayerFrames(zones, members, tx.read_assignments(["grid_code", "estate_code"]), roads), tx.data_version()


def prepare(frames: LayerFrames, norms: Norms, version: int = 0) -> CoverageInputs:
    """Return everything about coverage that no window changes.

    Estates count the members assigned to them, grids all members assigned to the grid, wider zones the sum of their
    grids; small groups count as ``services.rules.small_counts`` says, whoever looks. Where a zone's residents,
    households or outsiders are not stated, they are the sum of what its parts state.
    """
    shapes = _project_zones(frames.zones)
    counted = _count_estates_and_grids(frames, norms)
    levels: dict[Layer, LevelInputs] = {}
    parts: LevelInputs | None = None
    for layer in reversed(ZONE_LAYERS):
        zones = frames.zones[layer]
        people = counted[layer] if parts is None or layer in counted else _sum_people(parts, len(zones))
        population = _population(zones) if parts is None else _fill_from_parts(_population(zones), parts)
        levels[layer] = LevelInputs(
            facts=_facts(zones, population, shapes[layer], people.members),
            points=_middles(shapes[layer]),
            parent=_parents(frames.zones, layer),
            persons=people.persons,
            exact=_told_of(people.exact, population, _area_km2(shapes[layer])),
            need=people.need,
            people=people.people,
            need_source=_need_source(zones) if layer in counted else pd.DataFrame(index=zones.index),
        )
        parts = levels[layer]
    estates = _describe_estates(frames.zones[Layer.ESTATES], norms)
    return CoverageInputs(version, norms, levels, estates, shapes[Layer.GRIDS], _project_roads(frames))


def _crs_of(zones: Mapping[Layer, gpd.GeoDataFrame]) -> CRS | None:
    """Return the projected CRS of the zones, null where none has an outline."""
    bounds = np.array([frame.total_bounds for frame in zones.values() if len(frame)]).reshape(-1, 4)
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    return projected_crs([*bounds[:, :2].min(axis=0), *bounds[:, 2:].max(axis=0)]) if len(bounds) else None


def _project_roads(frames: LayerFrames) -> NDArray[np.object_]:
    crs = _crs_of(frames.zones)
    if crs is None or frames.roads is None or not len(frames.roads):
        return np.empty(0, dtype=object)
    kinds = frames.roads["kind"] if "kind" in frames.roads else [None] * len(frames.roads)
    return walkable(np.asarray(project(frames.roads.geometry, crs).values), list(kinds))


def _project_zones(zones: Mapping[Layer, gpd.GeoDataFrame]) -> dict[Layer, NDArray[np.object_]]:
    """Return the outlines of every level in one projected CRS; null and empty outlines stay as they are."""
    crs = _crs_of(zones)
    if crs is None:
        return {layer: np.asarray(frame.geometry.values) for layer, frame in zones.items()}
    return {layer: np.asarray(project(frame.geometry, crs).values) for layer, frame in zones.items()}


def _count_estates_and_grids(frames: LayerFrames, norms: Norms) -> dict[Layer, _People]:
    """Return the people of the two levels that have members and norms of their own."""
    assigned = frames.assignments
    if not assigned.index.equals(frames.members.index):
        assigned = assigned.reindex(frames.members.index)
    hours, usual = read_hours(frames.members), default_availability(norms)
    need = _need_of_estates_and_grids(frames.zones, norms)
    place = _parents(frames.zones, Layer.ESTATES)
    grid, estate = (
        frames.zones[layer].index.get_indexer(pd.Index(assigned[column], dtype=frames.zones[layer].index.dtype))
        for layer, column in ((Layer.GRIDS, "grid_code"), (Layer.ESTATES, "estate_code"))
    )
    is_at_home = (estate >= 0) & (grid >= 0) & (np.append(place, -1)[estate] == grid)
    at_home = count_members(np.where(is_at_home, estate, -1), hours)
    rest = count_members(np.where(is_at_home, -1, grid), hours)
    in_grids = GroupMembers(
        np.concatenate([place[at_home.group], rest.group]), np.concatenate([at_home.hours, rest.hours])
    )
    by_layer = {Layer.GRIDS: (grid, in_grids), Layer.ESTATES: (estate, count_members(estate, hours))}
    return {layer: _people_of(*people, need[layer], usual) for layer, people in by_layer.items()}


def _people_of(zone: Positions, people: GroupMembers, need: Mapping[Mode, Floats], usual: Floats) -> _People:
    """Return the people of zones: ``zone`` is the position of each member's zone, -1 for none."""
    count = len(need[Mode.ROUTINE])
    exact, members = (
        np.bincount(where[where >= 0], minlength=count).astype(np.float64) for where in (zone, people.group)
    )
    persons = sum_by_zone(fill_hours(people.hours, usual), people.group, count)
    return _People(exact, members, persons, need, people)


def _need_of_estates_and_grids(
    zones: Mapping[Layer, gpd.GeoDataFrame], norms: Norms
) -> dict[Layer, Mapping[Mode, Floats]]:
    grid_facts, estate_facts = (read_facts(zones[layer], norms) for layer in (Layer.GRIDS, Layer.ESTATES))
    grid_of_estate = _parents(zones, Layer.ESTATES)
    of_estates = {mode: need_by_item(estate_facts, norms, mode) for mode in Mode}
    of_grids = {
        mode: sum_into_grids(need_by_item(grid_facts, norms, mode), of_estates[mode], grid_of_estate) for mode in Mode
    }
    return {Layer.GRIDS: of_grids, Layer.ESTATES: of_estates}


def _sum_people(parts: LevelInputs, count: int) -> _People:
    exact, members = (
        np.nan_to_num(sum_known(of_parts["members"], parts.parent, count)) for of_parts in (parts.exact, parts.facts)
    )
    persons = np.nan_to_num(_sum_columns(parts.persons, parts.parent, count))
    need = {mode: _sum_columns(of_parts, parts.parent, count) for mode, of_parts in parts.need.items()}
    return _People(exact, members, persons, need)


def _parents(zones: Mapping[Layer, gpd.GeoDataFrame], layer: Layer) -> Positions:
    if layer not in PARENT_LAYER:
        return np.full(len(zones[layer]), -1, dtype=np.intp)
    above = zones[PARENT_LAYER[layer]].index
    found: Positions = above.get_indexer(pd.Index(zones[layer]["parent_code"], dtype=above.dtype))
    return found


def _need_source(zones: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(zones[[name for name in NEED_SOURCES if name in zones]])


def _population(zones: pd.DataFrame) -> pd.DataFrame:
    known = zones.reindex(columns=list(_POPULATION))
    numbers: pd.DataFrame = known.apply(pd.to_numeric).astype("float64")
    return numbers


def _fill_from_parts(own: pd.DataFrame, parts: LevelInputs) -> pd.DataFrame:
    stated = parts.facts[list(_POPULATION)].to_numpy(dtype=np.float64)
    sums = _sum_columns(stated, parts.parent, len(own))
    return own.fillna(pd.DataFrame(sums, index=own.index, columns=own.columns))


def _sum_columns(values: Floats, parent: Positions, count: int) -> Floats:
    return np.column_stack([sum_known(column, parent, count) for column in values.T])


def _middles(shapes: NDArray[np.object_]) -> Floats:
    middle = shapely.centroid(shapes)
    return np.column_stack([shapely.get_x(middle), shapely.get_y(middle)])


def _facts(zones: pd.DataFrame, population: pd.DataFrame, shapes: NDArray[np.object_], members: Floats) -> pd.DataFrame:
    area_km2 = _area_km2(shapes)
    return pd.DataFrame(
        {
            "name": zones["name"],
            "parent_code": zones["parent_code"],
            **{name: population[name] for name in _POPULATION},
            "area_km2": area_km2,
            **_told_of(members, population, area_km2),
        },
        index=zones.index.rename("code"),
    )


def _area_km2(shapes: NDArray[np.object_]) -> Floats:
    area = shapely.area(shapes) / 1e6
    return np.where(area > 0, area, np.nan)


def _told_of(members: Floats, population: pd.DataFrame, area_km2: Floats) -> pd.DataFrame:
    """Return what is told of the members of zones, indexed by code."""
    return pd.DataFrame(
        {
            "members": members.astype(np.int64),
            "density_per_1000": density_per_1000(members, population["residents"]),
            "density_per_km2": density_per_km2(members, area_km2),
        },
        index=population.index.rename("code"),
    )


def _describe_estates(estates: pd.DataFrame, norms: Norms) -> pd.DataFrame:
    """Return what a rank says of an estate besides need and supply."""
    known = estates.reindex(columns=["managed", "mixed_use"]).astype("boolean")
    people = _population(estates)
    share = outsider_share(people["outsiders"].to_numpy(), people["residents"].to_numpy())
    return known.assign(mixed=is_mixed(estates, norms), outsider_share=share)
