"""From the plan to the ground: the grids as faces of one network, the roads and waters that run along its edges."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.schema import STORED_CRS
from services.demo.cutting import Curve
from services.demo.land import Division, Rank
from services.demo.names import make_roads
from services.demo.warp import WarpField, to_degrees, to_ground, warp

_SNAP_M: Final = 0.01
_RIVER_WIDTH: Final = 0.01
"""Width of a river as a part of the land's."""
_STREAM_WIDTH_M: Final = 9.0


@dataclass(frozen=True, slots=True)
class Terrain:
    """The land as it lies: grids in degrees and in metres (the same vertices), roads and waters."""

    grids: NDArray[np.object_]
    """Polygons, longitude and latitude, in the order of ``Division.grids``; together a valid coverage."""
    grids_m: NDArray[np.object_]
    roads: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    unbuilt_m: NDArray[np.object_]
    """Strips along waters and wide roads that nothing is built on, in metres."""


class NetworkError(RuntimeError):
    """The borders did not close to exactly one face per grid; another seed will do."""

    def __init__(self, faces: int, grids: int) -> None:
        super().__init__(f"the borders enclose {faces} faces where {grids} grids are wanted; try another seed")


def lay_out(division: Division, field: WarpField, rng: np.random.Generator) -> Terrain:
    """Move a division of the plan to the ground and add roads and waters.

    Raises
    ------
    NetworkError
        If the borders do not enclose one face per grid.
    """
    lines = np.array([b.line for b in division.borders], dtype=object)
    edges = shapely.get_parts(shapely.union_all([*lines, division.outline.boundary], grid_size=_SNAP_M))
    middles = shapely.line_interpolate_point(edges, 0.5, normalized=True)
    near, border = shapely.STRtree(lines).query_nearest(middles, max_distance=1, all_matches=False)
    edges = shapely.segmentize(edges, np.clip(shapely.length(edges) / 7, 14, 110))
    edges = to_degrees(warp(edges, field))
    grids = _match_faces(edges, division, field)
    owner = np.full(len(edges), -1)
    owner[near] = border
    grids_m = to_ground(grids)
    courses = [shapely.line_merge(shapely.multilinestrings(edges[rows])) for rows in _rows_by(owner, len(lines))]
    kinds = _kinds(division, shapely.length(lines), rng)
    through = _through_routes(division, field, rng)
    is_crossed = shapely.intersects(grids_m, shapely.union_all(to_ground(np.array(through))))
    water = _water(np.array(courses), kinds, grids_m, is_crossed, rng)
    roads = _roads(np.array(courses), kinds, through, rng)
    wide = to_ground(roads.geom[roads["kind"].isin(["motorway", "railway", "main"])].to_numpy())
    unbuilt = [*shapely.buffer(wide, 25), *shapely.buffer(to_ground(water.geom.to_numpy()), 18)]
    return Terrain(grids, grids_m, roads, water, np.array(unbuilt))


def frame(code: list[str], geom: NDArray[np.object_], **columns: object) -> gpd.GeoDataFrame:
    """Return a layer: indexed by code, geometry in ``geom``, EPSG:4326."""
    made = gpd.GeoDataFrame({**columns, "geom": geom}, geometry="geom", crs=STORED_CRS)
    return made.set_index(pd.Index(code, name="code", dtype=object))


def _rows_by(owner: NDArray[np.int64], count: int) -> list[NDArray[np.int64]]:
    """Return for each owner 0 … count-1 the rows it has."""
    order = np.argsort(owner, kind="stable")
    starts = np.searchsorted(owner[order], np.arange(count + 1))
    return [order[start:end] for start, end in pairwise(starts)]


def _match_faces(edges: NDArray[np.object_], division: Division, field: WarpField) -> NDArray[np.object_]:
    faces = shapely.get_parts(shapely.polygonize(edges))
    inside = to_degrees(warp(shapely.point_on_surface(np.array(division.grids)), field))
    point, face = shapely.STRtree(faces).query(inside, predicate="within")
    if len(faces) != len(inside) or len(np.unique(face)) != len(faces) or len(point) != len(inside):
        raise NetworkError(len(faces), len(inside))
    return np.asarray(shapely.normalize(faces[face[np.argsort(point)]]))


def _kinds(division: Division, lengths: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.str_]:
    """Return what runs along each border: a road of some kind, a stream, a river or nothing."""
    rank = np.array([b.rank for b in division.borders])
    depth = np.array([b.depth for b in division.borders])
    chance = rng.random(len(rank))
    country = lengths > 1_100
    return np.select(
        [
            np.array([b.is_river for b in division.borders]),
            (rank <= Rank.SUBDISTRICT) | ((rank == Rank.COMMUNITY) & (depth == 0)),
            (rank >= Rank.COMMUNITY) & country & (chance < 0.22),
            rank == Rank.COMMUNITY,
            country & (chance < 0.6),
            ~country & (chance < 0.9),
        ],
        ["river", "main", "stream", "secondary", "lane", "street"],
        default="",
    )


def _through_routes(division: Division, field: WarpField, rng: np.random.Generator) -> list[shapely.Geometry]:
    """Return an motorway and a railway that cross the land and keep off its middle."""
    low, high = np.array(division.outline.bounds).reshape(2, 2)
    radius = float((high - low).min() / 2)
    routes = []
    turn = rng.uniform(0.3, 0.7)
    for number, off in enumerate((0.42, -0.36)):
        angle = turn + number * rng.uniform(1.2, 1.7)
        centre = radius * off * np.array([np.cos(angle), np.sin(angle)])
        bends = np.array([[radius * 0.12, 0.4, rng.uniform(0, 6)], [radius * 0.04, 1.1, rng.uniform(0, 6)]])
        line = shapely.intersection(Curve(centre, angle, 3 * radius, bends).line(0), division.outline)
        routes.append(to_degrees(warp(shapely.segmentize(line, 120), field)))
    return routes


_ROAD_ENDS: Final = {
    "main": ("大道", "路"),
    "secondary": ("路", "路"),
    "street": ("街", "路", "二街", "横街"),
    "lane": ("村道", "乡道"),
}


def _roads(
    courses: NDArray[np.object_], kinds: NDArray[np.str_], through: list[shapely.Geometry], rng: np.random.Generator
) -> gpd.GeoDataFrame:
    rows = np.flatnonzero(np.isin(kinds, list(_ROAD_ENDS)))
    stems = make_roads(len(rows), rng)
    names = []
    for stem, kind in zip(stems, kinds[rows], strict=True):
        ends = _ROAD_ENDS[str(kind)]
        names.append(stem + ends[int(rng.integers(0, len(ends)))])
    names = ["H区北环高速", "云广铁路", *names]
    kind = ["motorway", "railway", *kinds[rows]]
    geom = np.array([*through, *courses[rows]], dtype=object)
    return frame([f"R{i:05d}" for i in range(1, len(names) + 1)], geom, name=names, kind=[str(k) for k in kind])


def _water(
    courses: NDArray[np.object_],
    kinds: NDArray[np.str_],
    grids_m: NDArray[np.object_],
    is_crossed: NDArray[np.bool_],
    rng: np.random.Generator,
) -> gpd.GeoDataFrame:
    """Return rivers and streams as strips along borders, a lake near the middle, a reservoir, ponds far out."""
    rivers, streams = (to_ground(courses[kinds == kind]) for kind in ("river", "stream"))
    land = shapely.coverage_union_all(grids_m)
    areas = shapely.area(grids_m)
    width = float(np.sqrt(areas.sum()))
    centre = shapely.centroid(shapely.multipoints(shapely.centroid(grids_m)))
    roomy = np.flatnonzero((areas > np.quantile(areas, 0.72)) & ~is_crossed)
    lake = roomy[int(np.argmin(shapely.distance(grids_m[roomy], centre)))]
    open_land = np.flatnonzero((areas > np.median(areas)) & ~is_crossed)
    ponds = rng.choice(open_land, max(len(open_land) // 5, 1), replace=False)
    wet = [
        *(("river", g) for g in shapely.intersection(shapely.buffer(rivers, width * _RIVER_WIDTH / 2), land)),
        *(("stream", g) for g in shapely.intersection(shapely.buffer(streams, _STREAM_WIDTH_M / 2), land)),
        ("lake", _blob(grids_m[lake], 0.36, rng)),
        ("reservoir", _blob(grids_m[int(np.argmax(np.where(is_crossed, 0, areas)))], 0.3, rng)),
        *(("pond", _blob(grids_m[g], 0.1, rng)) for g in ponds),
    ]
    wet = [(kind, shape) for kind, shape in wet if not shape.is_empty]
    ends = {"river": "河", "stream": "涌", "lake": "湖", "reservoir": "水库", "pond": "塘"}
    stems = make_roads(len(wet), rng)
    names = [stem.removesuffix(ends[kind]) + ends[kind] for stem, (kind, _) in zip(stems, wet, strict=True)]
    geom = to_degrees(np.array([shape for _, shape in wet], dtype=object))
    return frame([f"W{i:05d}" for i in range(1, len(wet) + 1)], geom, name=names, kind=[kind for kind, _ in wet])


def _blob(grid: shapely.Polygon, part: float, rng: np.random.Generator) -> shapely.Polygon:
    """Return a shape with a soft outline inside a grid, about ``part`` of its width across."""
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    wobble = 1 + 0.22 * np.sin(2 * turn + rng.uniform(0, 6)) + 0.1 * np.sin(3 * turn + rng.uniform(0, 6))
    radius = part * np.sqrt(grid.area) * wobble
    across = rng.uniform(0.55, 0.9)
    middle = shapely.get_coordinates(shapely.point_on_surface(grid))[0]
    shape = shapely.Polygon(np.column_stack([radius * np.cos(turn), radius * across * np.sin(turn)]) + middle)
    kept = shapely.intersection(shape, shapely.buffer(grid, -25))
    return max(shapely.get_parts(kept), key=shapely.area, default=shapely.Polygon())
