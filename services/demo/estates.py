"""Who lives where: estates with and without property management, each kind with its own parts of the town."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from geo.arrays import Flags, Floats, Geometries, Ints
from services.demo.land import Division, share_out
from services.demo.sites import place_footprints
from services.demo.sizes import Counts
from services.demo.story import KnownCommunity
from services.demo.terrain import Terrain

_LAND_PER_RESIDENT_M2: Final = {"managed": 24.0, "mixed": 15.0, "village": 42.0}
_EMPTY_GRIDS: Final = 0.03
_RURAL_SHARE: Final = 0.22
_MIXED_RANKS: Final = (0.0, 0.62, 0.7, 0.78, 1.0)
_MIXED_CHANCES: Final = (0.03, 0.06, 0.4, 0.85, 0.96)
"""How likely an estate has no property management, by the rank of its grid among all in closeness to a cluster."""


@dataclass(frozen=True, slots=True)
class EstatePopulation:
    """Estates, sorted by grid, and the people of grids; arrays of one length per kind."""

    grid: Ints
    shapes: Geometries
    residents: Ints
    households: Ints
    outsiders: Ints
    blocks: Ints
    gates: Ints
    managed: Flags
    mixed_use: Flags
    village: Flags
    grid_residents: Ints
    grid_households: Ints
    grid_outsiders: Ints


@dataclass(slots=True)
class _Plan:
    """What is decided of each estate before it has a place."""

    grid: Ints
    residents: Ints
    managed: Flags
    village: Flags


def place_people(division: Division, terrain: Terrain, counts: Counts, rng: np.random.Generator) -> EstatePopulation:
    """Put estates on the ground and people into them; known communities get exactly their figures."""
    community = np.array(division.community_of)
    areas = shapely.area(terrain.grids_m)
    known_rows = np.isin(community, list(division.communities_known))
    rural = (areas > np.quantile(areas, 1 - _RURAL_SHARE)) & ~known_rows
    mixedness = _mixedness(terrain.grids_m, rng)
    per_grid, people = _grid_sizes(counts, rural, rng)
    known_flags: dict[int, Flags] = {}
    for number, known in division.communities_known.items():
        rows = np.flatnonzero(community == number)
        per_grid[rows] = 0
        people[rows] = 0
        known_flags |= _plan_known(known, rows, areas, per_grid, people, rng)
    grid = np.repeat(np.arange(len(areas)), per_grid)
    managed = (rng.random(len(grid)) > mixedness[grid]) & ~rural[grid]
    for row, flags in known_flags.items():
        managed[grid == row] = flags
    village = rural[grid]
    residents = _share_by_group(people, grid, rng.uniform(0.6, 1.5, len(grid)) * np.where(managed, 1.25, 1.0))
    plan = _Plan(grid, residents, managed, village)
    shapes = _shapes(plan, terrain, per_grid, rng)
    return _fill(plan, shapes, division, community, people, rng)


def _grid_sizes(counts: Counts, rural: Flags, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Return how many estates and residents each grid has; a few are fields or a park."""
    many = len(rural)
    people = counts.residents_per_grid * rng.lognormal(0, 0.28, many) * np.where(rural, 0.7, 1.0)
    estates = 1 + rng.poisson(np.where(rural, 0.3, 1.0) * max(counts.estates_per_grid - 1, 0.2), many)
    estates = np.minimum(estates, np.maximum(people // 45, 1)).astype(np.int64)
    empty = rng.random(many) < _EMPTY_GRIDS
    estates[empty] = 0
    people[empty] = rng.integers(0, 2, int(empty.sum())) * rng.integers(20, 90, int(empty.sum()))
    return estates, people.astype(np.int64)


def _plan_known(
    known: KnownCommunity, rows: Ints, areas: Floats, per_grid: Ints, people: Ints, rng: np.random.Generator
) -> dict[int, Flags]:
    """Share a known community's estates and people among its grids; return who manages, by grid."""
    estates = len(known.managed)
    homes = rows[np.argsort(-areas[rows], kind="stable")][: min(estates, len(rows))]
    homes = np.sort(homes)
    per_grid[homes] = share_out(estates, np.ones(len(homes)), 1)
    inside = round(known.residents * known.in_estates)
    rest = np.setdiff1d(rows, homes)
    if not len(rest):
        inside = known.residents
    people[homes] = share_out(inside, per_grid[homes] * rng.uniform(0.8, 1.25, len(homes)))
    if len(rest):
        people[rest] = share_out(known.residents - inside, rng.uniform(0.3, 1, len(rest)))
    flags = np.array(known.managed)
    starts = np.cumsum(per_grid[homes])[:-1]
    return dict(zip(homes.tolist(), np.split(flags, starts), strict=True))


def _mixedness(grids: Geometries, rng: np.random.Generator) -> Floats:
    """Return for each grid how likely an estate there has no property management: high in clusters of a few grids.

    The clusters are old streets and villages the town has swallowed; their size follows that of the grids there.
    """
    middles = shapely.get_coordinates(shapely.centroid(grids))
    centres = rng.choice(len(grids), max(len(grids) // 30, 2), replace=False)
    reach = np.sqrt(shapely.area(grids[centres])) * rng.uniform(0.9, 2.1, len(centres))
    tree = shapely.STRtree(np.asarray(shapely.points(middles)))
    cluster, row = tree.query(shapely.buffer(shapely.points(middles[centres]), 2.2 * reach), predicate="intersects")
    distance = np.hypot(*(middles[row] - middles[centres[cluster]]).T)
    closeness = np.zeros(len(grids))
    np.maximum.at(closeness, row, np.exp(-((distance / reach[cluster]) ** 2) / 2))
    rank = np.argsort(np.argsort(closeness + 1e-6 * rng.random(len(grids)))) / len(grids)
    return np.asarray(np.interp(rank, _MIXED_RANKS, _MIXED_CHANCES))


def _shapes(plan: _Plan, ground: Terrain, per_grid: Ints, rng: np.random.Generator) -> Geometries:
    land = np.where(plan.managed, _LAND_PER_RESIDENT_M2["managed"], _LAND_PER_RESIDENT_M2["mixed"])
    land = np.where(plan.village, _LAND_PER_RESIDENT_M2["village"], land)
    area = np.bincount(plan.grid, plan.residents * land, len(per_grid)) + per_grid * 900.0
    _, shapes = place_footprints(ground.grids_m, ground.unbuilt_m, per_grid, area, rng)
    return shapes


def _fill(
    plan: _Plan, shapes: Geometries, division: Division, community: Ints, people: Ints, rng: np.random.Generator
) -> EstatePopulation:
    many = len(plan.grid)
    household = np.where(plan.managed, rng.uniform(2.5, 3.1, many), rng.uniform(2.2, 2.9, many))
    from_elsewhere = np.where(plan.managed, rng.uniform(0.08, 0.36, many), rng.uniform(0.4, 0.8, many))
    from_elsewhere = np.where(plan.village, rng.uniform(0.04, 0.3, many), from_elsewhere)
    outside = np.setdiff1d(np.arange(len(people)), plan.grid)
    everyone = np.concatenate([plan.residents, people[outside]])
    owner = community[np.concatenate([plan.grid, outside])]
    households = np.round(everyone / np.concatenate([household, np.full(len(outside), 2.8)])).astype(np.int64)
    outsiders = np.round(everyone * np.concatenate([from_elsewhere, np.full(len(outside), 0.2)])).astype(np.int64)
    for number, known in division.communities_known.items():
        rows = owner == number
        households[rows] = share_out(known.households, everyone[rows].astype(float))
        outsiders[rows] = share_out(known.outsiders, outsiders[rows] + 0.01)
    gates = _gates(plan, households[:many], community, division, rng)
    blocks = np.where(plan.managed, households[:many] / 70, households[:many] / rng.uniform(18, 40, many))
    mixed_use = rng.random(many) < np.where(plan.managed, 0.05, np.where(plan.village, 0.12, 0.6))
    by_grid = np.concatenate([plan.grid, outside])
    totals = [
        np.bincount(by_grid, values, len(people)).astype(np.int64) for values in (everyone, households, outsiders)
    ]
    return EstatePopulation(
        plan.grid, shapes, plan.residents, households[:many], outsiders[:many],
        np.maximum(np.round(blocks), 1).astype(np.int64), gates, plan.managed, mixed_use, plan.village, *totals,
    )  # fmt: skip


def _gates(plan: _Plan, households: Ints, community: Ints, division: Division, rng: np.random.Generator) -> Ints:
    """Return the gates of each estate; estates without management are open on more sides for their size."""
    more = np.where(plan.managed, households // 500, (rng.random(len(plan.grid)) < 0.22).astype(np.int64))
    gates = 1 + np.where(plan.village, 0, more)
    for number, known in division.communities_known.items():
        if known.gates_per_estate is not None:
            gates[community[plan.grid] == number] = known.gates_per_estate
    return np.asarray(gates, dtype=np.int64)


def _share_by_group(totals: Ints, group: Ints, weights: Floats) -> Ints:
    """Share each group's total among its rows (rows sorted by group) in whole numbers that add up."""
    sums = np.bincount(group, weights, len(totals))
    ends = np.cumsum(weights) - (np.cumsum(sums) - sums)[group]
    upto = np.round(ends / sums[group] * totals[group]).astype(np.int64)
    first = np.append(True, np.diff(group) > 0)
    before = np.where(first, 0, np.append(0, upto[:-1]))
    return np.asarray(upto - before)
