"""How the land is divided: an outline, points where people build, and the tree of cuts down to the grids."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.arrays import Floats
from services.demo.cutting import Cut, Piece, carve, cut, partition
from services.demo.sizes import Counts
from services.demo.story import CARVED, CUT_BY_SHARE, KnownCommunity
from services.demo.warp import WarpField, warp

_POINTS_PER_GRID = 45
_MAIN_TOWN_SHARE, _TOWNS_SHARE = 0.42, 0.4
_BEND, _RIVER_BEND = 0.07, 0.2
"""How crooked streets and rivers are on the plan, before the ground bends them further."""
_STORY_AREA_M2, _STORY_GRIDS = 9e6, 70
"""What a subdistrict must have at least to hold the known communities."""
_H_DISTRICT = 7
"""Place of H among the letters, where there is more than one district."""


class Rank(IntEnum):
    """What a cut divides, from the widest."""

    DISTRICT = 0
    SUBDISTRICT = 1
    COMMUNITY = 2
    GRID = 3


@dataclass(frozen=True, slots=True)
class Border:
    """A cut as drawn on the plan and what it divides."""

    line: shapely.Geometry
    rank: Rank
    is_river: bool
    depth: int


@dataclass(slots=True)
class Division:
    """The plan as it is being divided: grids in order, whose they are, and every border."""

    outline: shapely.Polygon
    grids: list[shapely.Polygon] = field(default_factory=list)
    community_of: list[int] = field(default_factory=list)
    subdistrict_of: list[int] = field(default_factory=list)
    district_of: list[int] = field(default_factory=list)
    communities_known: dict[int, KnownCommunity] = field(default_factory=dict)
    """By number of the community."""
    borders: list[Border] = field(default_factory=list)

    def add_cuts(self, cuts: list[Cut], rank: Rank, *, river: bool = False) -> None:
        """Add cuts as borders; with ``river`` the first one is a river."""
        self.borders += [Border(c.line, rank, river and c.depth == 0, c.depth) for c in cuts]


def divide(counts: Counts, land_field: WarpField, rng: np.random.Generator) -> Division:
    """Divide a made-up land into districts, subdistricts, communities and grids as counted.

    Raises
    ------
    CutError
        If chance made a piece that no line cuts in two.
    """
    outline = _outline(counts.radius_m, rng)
    division = Division(outline)
    whole = Piece(outline, _built_points(outline, counts, rng))
    sizes = share_out(counts.grids, rng.uniform(0.8, 1.2, counts.districts), 1)
    districts, cuts = partition(whole, sizes.tolist(), rng, bend=_BEND, first_bend=_RIVER_BEND)
    division.add_cuts(cuts, Rank.DISTRICT, river=True)
    per_district = share_out(counts.subdistricts, sizes, 3)
    home = min(_H_DISTRICT, counts.districts - 1)
    for number, piece in enumerate(districts):
        _divide_district(
            division,
            piece,
            counts,
            (int(sizes[number]), int(per_district[number])),
            rng,
            story=land_field if number == home else None,
        )
    return division


def share_out(total: int, weights: NDArray[Any], minimum: int = 0) -> NDArray[np.int64]:
    """Share a total among weights in whole numbers, by largest remainder, each at least ``minimum``.

    Examples
    --------
    >>> share_out(10, np.array([1.0, 1.0, 4.0])).tolist()
    [2, 2, 6]
    """
    weights = np.asarray(weights, dtype=float)
    exact = weights / weights.sum() * (total - minimum * len(weights))
    whole = np.floor(exact).astype(np.int64)
    missing = total - minimum * len(weights) - int(whole.sum())
    order = np.argsort(whole - exact, kind="stable")
    whole[order[:missing]] += 1
    return np.asarray(whole + minimum)


def _outline(radius_m: float, rng: np.random.Generator) -> shapely.Polygon:
    """Return a closed line with bays and tongues, about ``radius_m`` from the origin."""
    turn = np.linspace(0, 2 * np.pi, 260, endpoint=False)
    waves = np.arange(2, 40)
    sizes = 0.36 / waves**1.25 * rng.uniform(0.3, 1, len(waves))
    phases = rng.uniform(0, 2 * np.pi, len(waves))
    distance = radius_m * (1 + (sizes * np.sin(np.outer(turn, waves) + phases)).sum(axis=1))
    stretched = np.column_stack([1.16 * distance * np.cos(turn), 0.86 * distance * np.sin(turn)])
    return shapely.Polygon(stretched)


def _built_points(outline: shapely.Polygon, counts: Counts, rng: np.random.Generator) -> Floats:
    """Return points dense in the main town, less so in the others, thin in the open country."""
    wanted = counts.grids * _POINTS_PER_GRID
    radius = counts.radius_m
    centres = _spread_points(outline, counts.subdistricts * 2, rng)
    spreads = radius / np.sqrt(len(centres)) * rng.uniform(0.16, 0.42, len(centres))
    towns = rng.integers(0, len(centres), int(wanted * _TOWNS_SHARE * 1.2))
    low, high = np.array(outline.bounds).reshape(2, 2)
    points = np.vstack(
        [
            rng.normal(0, radius * 0.19, (int(wanted * _MAIN_TOWN_SHARE), 2)),
            centres[towns] + rng.normal(0, 1, (len(towns), 2)) * spreads[towns, None],
            rng.uniform(low, high, (int(wanted * 0.3), 2)),
        ]
    )
    return points[shapely.contains_xy(outline, points)]


def _spread_points(outline: shapely.Polygon, count: int, rng: np.random.Generator) -> Floats:
    """Return points in a polygon that keep away from each other: each the farthest of ten tries."""
    low, high = np.array(outline.bounds).reshape(2, 2)
    chosen = np.zeros((1, 2))
    while len(chosen) <= count:
        tries = rng.uniform(low, high, (40, 2))
        tries = tries[shapely.contains_xy(outline, tries)][:10]
        gaps = np.hypot(*(tries[:, None] - chosen).transpose(2, 0, 1)).min(axis=1)
        chosen = np.vstack([chosen, tries[int(np.argmax(gaps))]])
    return chosen[1:]


def _divide_district(
    division: Division,
    piece: Piece,
    counts: Counts,
    sizes: tuple[int, int],
    rng: np.random.Generator,
    *,
    story: WarpField | None,
) -> None:
    grids, subdistricts = sizes
    shares = share_out(grids, rng.uniform(0.6, 1.4, subdistricts), 12)
    if subdistricts == 3:
        shares = share_out(grids, np.array([0.2, 0.56, 0.24]), 0)
    pieces, cuts = partition(piece, shares.tolist(), rng, bend=_BEND, first_bend=_RIVER_BEND)
    division.add_cuts(cuts, Rank.SUBDISTRICT, river=True)
    density = np.array([len(p.points) / p.polygon.area for p in pieces])
    is_roomy = np.array([p.polygon.area > _STORY_AREA_M2 for p in pieces]) & (shares >= _STORY_GRIDS)
    order = np.lexsort((density, is_roomy))[::-1]
    district = max(division.district_of, default=-1) + 1
    for place, number in enumerate(order):
        division.district_of.append(district)
        size = int(shares[number])
        communities = max(round(counts.communities * size / counts.grids), 1)
        field_of_story = story if place == 0 else None
        _divide_subdistrict(division, pieces[number], (size, communities), rng, story=field_of_story)


def _divide_subdistrict(
    division: Division, piece: Piece, sizes: tuple[int, int], rng: np.random.Generator, *, story: WarpField | None
) -> None:
    grids, communities = sizes
    if story is None:
        _divide_communities(division, piece, _community_sizes(grids, communities, rng), (), rng)
        return
    rest = [piece]
    carved = []
    for known in CARVED:
        found, rest, borders = _carve_known(rest, known, story, rng)
        division.borders += borders
        carved.append((known, found))
    for known, found in carved:
        _divide_communities(division, found, np.array([known.grids]), (known,), rng)
    fixed = sum(k.grids for k in CARVED)
    rest = sorted(rest, key=lambda p: _fitness(p, rest), reverse=True)
    masses = np.array([len(p.points) for p in rest], dtype=float)
    for number, (size, many) in enumerate(
        zip(share_out(grids - fixed, masses, 3), share_out(communities - len(CARVED), masses, 1), strict=True)
    ):
        known_here = CUT_BY_SHARE if number == 0 else ()
        first = [k.grids for k in known_here]
        others = _community_sizes(int(size) - sum(first), max(int(many) - len(first), 1), rng)
        _divide_communities(division, rest[number], np.array([*first, *others]), known_here, rng)


def _fitness(piece: Piece, pieces: list[Piece]) -> tuple[float, float]:
    """Return what makes a piece fit for the known communities: room for them, then being densely built."""
    part = len(piece.points) / sum(len(p.points) for p in pieces)
    return min(part, 0.3), len(piece.points) / piece.polygon.area


def _community_sizes(grids: int, communities: int, rng: np.random.Generator) -> NDArray[np.int64]:
    return share_out(grids, rng.uniform(0.6, 1.4, min(communities, grids)), min(3, grids // max(communities, 1)))


def _carve_known(
    rest: list[Piece], known: KnownCommunity, land_field: WarpField, rng: np.random.Generator
) -> tuple[Piece, list[Piece], list[Border]]:
    """Cut a community of stated area out of the largest piece that is left."""

    def measure(polygon: shapely.Polygon) -> float:
        return float(shapely.area(warp(shapely.segmentize(polygon, 30), land_field)))

    target = (known.area_km2 or 0) * 1e6
    piece = max(rest, key=lambda p: p.polygon.area)
    rest = [p for p in rest if p is not piece]
    borders = []
    while measure(piece.polygon) > 2.4 * target:
        left, right, line = cut(piece, 0.5, rng, bend=0.04)
        small, large = sorted((left, right), key=lambda p: measure(p.polygon))
        piece, other = (small, large) if measure(small.polygon) > 1.3 * target else (large, small)
        rest.append(other)
        borders.append(Border(line, Rank.COMMUNITY, is_river=False, depth=0))
    found, other, line = carve(piece, target, rng, bend=0.04, measure=measure)
    return found, [*rest, other], [*borders, Border(line, Rank.COMMUNITY, is_river=False, depth=1)]


def _divide_communities(
    division: Division,
    piece: Piece,
    sizes: NDArray[np.int64],
    known: tuple[KnownCommunity, ...],
    rng: np.random.Generator,
) -> None:
    """Cut a piece into communities of so many grids, the first of them known ones, and these into grids."""
    subdistrict = len(division.district_of) - 1
    pieces, cuts = partition(piece, sizes.tolist(), rng, bend=_BEND)
    division.add_cuts(cuts, Rank.COMMUNITY)
    for number, (size, part) in enumerate(zip(sizes, pieces, strict=True)):
        community = len(division.subdistrict_of)
        division.subdistrict_of.append(subdistrict)
        if number < len(known):
            division.communities_known[community] = known[number]
        grids, grid_cuts = partition(part, rng.uniform(0.7, 1.3, size).tolist(), rng, bend=_BEND)
        division.add_cuts(grid_cuts, Rank.GRID)
        division.grids += [g.polygon for g in grids]
        division.community_of += [community] * len(grids)
