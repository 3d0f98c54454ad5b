"""Walking along streets: road lines made into one network, places put on it, and how long it takes between them.

A place stands on the nearest point of the network; the walk there is a straight line × ``DETOUR``. Where it is farther
than ``OFF_STREET_M``, or two places stand on parts that do not join, the straight line × ``DETOUR`` counts for the
pair.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from geo.arrays import Floats, Positions
from geo.road_network import link_crossings, pairs_along
from geo.travel import DETOUR, WALKING_M_PER_MINUTE, Pairs, pairs_within, walking_minutes

OFF_STREET_M: Final = 300.0
"""A place farther from every street than this is on none."""
_STEP_M: Final = 100.0
"""Streets have a point at least this often, where places may stand."""
_SNAP_M: Final = 1.0
"""Ends this near to each other meet; drawn lines rarely meet to the millimetre."""
_END_GAP_M: Final = 12.0
"""A dead end this near to another street meets it; farther ends, and streets side by side, stay apart."""
_LEAST_M: Final = 1000.0
"""Streets that join and are shorter together lead nowhere: they are left out."""


@dataclass(frozen=True, slots=True)
class Streets:
    """A network of ``k`` points along streets."""

    points: Floats
    """Easting and northing in metres, shape (k, 2)."""
    network: csr_array
    """Metres between neighbouring points, shape (k, k), each street once."""
    part: Positions
    """Points with the same number can be reached from each other, shape (k,)."""


@dataclass(frozen=True, slots=True)
class RoadPoints:
    """``n`` places on streets; ``put_on`` makes them."""

    points: Floats
    """Easting and northing in metres, shape (n, 2)."""
    node: Positions
    """The point of the network where each stands, -1 for none, shape (n,)."""
    access_m: Floats
    """The straight way there, 0 where it stands on none, shape (n,)."""
    part: Positions
    """Of the network, -1 for a place on none, shape (n,)."""


def lay_streets(lines: ArrayLike) -> Streets:
    """Return the network of road lines, joined wherever they meet or cross.

    Parameters
    ----------
    lines
        Lines in metres of one projected CRS, shape (roads,); null and empty ones are passed over. Roads nobody walks on
        and roads on another level (motorways, railways) are to be left out by the caller: lines that cross are joined.

    Examples
    --------
    Two roads that cross without a common point:

    >>> cross = lay_streets([shapely.LineString([(-900, 0), (900, 0)]), shapely.LineString([(0, -900), (0, 900)])])
    >>> int(cross.part.max()), float(cross.network.sum())
    (0, 3600.0)
    """
    given = np.asarray(lines, dtype=object).reshape(-1)
    given = given[~(shapely.is_missing(given) | shapely.is_empty(given))]
    joined = shapely.get_parts(shapely.union_all(given, grid_size=_SNAP_M)) if given.size else given
    xy, line = shapely.get_coordinates(shapely.segmentize(joined, _STEP_M), return_index=True)
    points, node = np.unique(np.round(xy, 3).reshape(-1, 2), axis=0, return_inverse=True)
    node = node.reshape(-1)
    follows = np.flatnonzero(np.diff(line, prepend=-1) == 0)
    start, end = node[follows - 1], node[follows]
    length = np.hypot(*(points[start] - points[end]).T)
    network = link_crossings(start, end, length, len(points))
    one, other, gap = _near_ends(points, network)
    network = link_crossings(
        np.concatenate([start, one]), np.concatenate([end, other]), np.concatenate([length, gap]), len(points)
    )
    return _without_stubs(points, network)


def put_on(streets: Streets, points: ArrayLike, *, within_m: float = OFF_STREET_M) -> RoadPoints:
    """Return places with where they stand; ``points`` in metres, shape (n, 2), a NaN stands on none."""
    where = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    node, access = np.full(len(where), -1, dtype=np.intp), np.zeros(len(where))
    known = np.flatnonzero(np.isfinite(where).all(axis=1))
    if known.size and len(streets.points):
        metres, nearest = cKDTree(streets.points).query(where[known])
        on = metres <= within_m
        node[known[on]], access[known[on]] = nearest[on], metres[on]
    part = np.full(len(where), -1, dtype=np.intp)
    part[node >= 0] = streets.part[node[node >= 0]]
    return RoadPoints(where, node, access, part)


def minutes_within(
    streets: Streets,
    places: RoadPoints,
    origin: ArrayLike,
    limit_minutes: float,
    *,
    report: Callable[[float], None] = lambda _: None,
) -> Pairs:
    """Return which places lie within so many minutes of some of them, on foot.

    Parameters
    ----------
    streets, places
        From ``lay_streets`` and ``put_on``.
    origin
        Positions of the places to start from, ascending.
    limit_minutes
        The limit included.
    report
        Told again and again which share of the origins is done, 0 to 1.

    Returns
    -------
    Positions of places, ordered by origin, then destination; minutes. Each place is 0 minutes from itself.
    """
    start = np.asarray(origin, dtype=np.intp)
    limit_m = limit_minutes * WALKING_M_PER_MINUTE
    along = _along_by_tile(streets, places, start, limit_m, report)
    one, other = start[along.origin], along.destination
    metres = np.where(one == other, 0.0, along.cost + (places.access_m[one] + places.access_m[other]) * DETOUR)
    near = metres <= limit_m
    straight = _straight_pairs(places, start, limit_m / DETOUR)
    one = np.concatenate([one[near], straight.origin])
    other = np.concatenate([other[near], straight.destination])
    cost = np.concatenate([metres[near] / WALKING_M_PER_MINUTE, walking_minutes(straight.cost)])
    order = np.lexsort((other, one))
    return Pairs(one[order], other[order], cost[order])


def minutes_from(streets: Streets, places: RoadPoints, origin: int) -> Floats:
    """Return the minutes on foot from one place to every place, shape (n,), NaN where a place has no coordinates."""
    minutes = walking_minutes(np.hypot(*(places.points - places.points[origin]).T))
    together = np.flatnonzero((places.part == places.part[origin]) & (places.part >= 0))
    if together.size:
        metres = dijkstra(streets.network, directed=False, indices=places.node[origin])[places.node[together]]
        metres += (places.access_m[together] + places.access_m[origin]) * DETOUR
        minutes[together] = metres / WALKING_M_PER_MINUTE
        minutes[origin] = 0.0
    return minutes


def _near_ends(points: Floats, network: csr_array) -> tuple[Positions, Positions, Floats]:
    """Return dead ends, a point of another part near each, and the metres between them."""
    if not len(points):
        return np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0)
    _, part = connected_components(network, directed=False)
    degree = np.diff(network.indptr) + np.bincount(network.indices, minlength=len(points))
    pairs = cKDTree(points).query_pairs(_END_GAP_M, output_type="ndarray")
    one, other = pairs[:, 0], pairs[:, 1]
    meets = (part[one] != part[other]) & ((degree[one] == 1) | (degree[other] == 1))
    one, other = one[meets], other[meets]
    return one, other, np.hypot(*(points[one] - points[other]).T)


def _without_stubs(points: Floats, network: csr_array) -> Streets:
    if not len(points):
        return Streets(points, network, np.empty(0, np.intp))
    count, part = connected_components(network, directed=False)
    length = np.bincount(part, weights=np.asarray(network.sum(axis=1)).reshape(-1), minlength=count)
    keep = np.flatnonzero(length[part] >= _LEAST_M)
    _, kept = np.unique(part[keep], return_inverse=True)
    return Streets(points[keep], csr_array(network[keep][:, keep]), kept.astype(np.intp))


def _along_by_tile(
    streets: Streets, places: RoadPoints, start: Positions, limit_m: float, report: Callable[[float], None]
) -> Pairs:
    """Return ``pairs_along``, tile by tile.

    No way within the limit leaves the square around a tile, so that the work does not grow with the whole network.
    """
    on = np.flatnonzero(places.node[start] >= 0)
    empty = np.empty(0, np.intp)
    if not on.size or limit_m <= 0:
        return Pairs(empty, empty, np.empty(0))
    square = np.floor(streets.points[places.node[start[on]]] / limit_m)
    tiles, tile = np.unique(square, axis=0, return_inverse=True)
    tile, found, done = tile.reshape(-1), [], 0
    for k, corner in enumerate(tiles * limit_m):
        inside = ((streets.points >= corner - limit_m) & (streets.points <= corner + 2 * limit_m)).all(axis=1)
        nodes = np.flatnonzero(inside)
        place = np.full(len(streets.points) + 1, -1, dtype=np.intp)
        place[nodes] = np.arange(nodes.size)
        who, there = on[tile == k], np.flatnonzero(place[places.node] >= 0)
        part = csr_array(streets.network[nodes][:, nodes])
        pairs = pairs_along(part, place[places.node[start[who]]], place[places.node[there]], limit_m)
        found.append(Pairs(who[pairs.origin], there[pairs.destination], pairs.cost))
        done += who.size
        report(done / on.size)
    return Pairs(*(np.concatenate([getattr(one, name) for one in found]) for name in ("origin", "destination", "cost")))


def _straight_pairs(places: RoadPoints, start: Positions, radius_m: float) -> Pairs:
    """Return the pairs within a straight line that no street joins; metres."""
    near = pairs_within(places.points, radius_m)
    starts = np.zeros(len(places.points), dtype=np.bool_)
    starts[start] = True
    one, other = near.origin, near.destination
    apart = (places.part[one] != places.part[other]) | (places.part[one] < 0)
    which = starts[one] & apart
    return Pairs(one[which], other[which], near.cost[which])
