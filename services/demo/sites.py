"""Where houses stand: built-up footprints inside grids, with lanes and greens between them."""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.arrays import Floats, Geometries, Ints

_STREET_M: Final = 9.0
_LANE_M: Final = 4.5
_CROWDED: Final = 0.3
_SPARE_PLOTS: Final = 0.25
"""Plots laid out beyond those that are built on, as a part of these: greens, shops, schools."""
_LOOSE: Final = 1.6
"""Land of a block of estates with its lanes and greens, as a multiple of the estates' own."""
_ROUNDS: Final = 14
_SHARE_STEPS: Final = 4


def place_footprints(
    grids: Geometries, unbuilt: Geometries, estates: Ints, area_m2: Floats, rng: np.random.Generator
) -> tuple[Ints, Geometries]:
    """Lay out so many footprints in each grid.

    Parameters
    ----------
    grids
        Polygons in metres, shape (n,).
    unbuilt
        Strips that are kept free where that leaves any room.
    estates
        How many footprints each grid gets, shape (n,).
    area_m2
        How much land they take together in each grid, where there is so much, shape (n,).
    rng
        Where chance comes from.

    Returns
    -------
    The row of the grid of each footprint, ascending, and the footprints: inside their grid, none touching another.
    """
    rows = np.flatnonzero(estates)
    sites = _crop(_free_land(grids[rows], unbuilt, area_m2[rows]), area_m2[rows], rng)
    plots = estates[rows] + np.maximum(
        np.ceil(estates[rows] * _SPARE_PLOTS * rng.uniform(0, 2, len(rows))).astype(int), 1
    )
    owner, parts = _split_evenly(sites, plots, rng)
    keep = _choose(owner, estates[rows], shapely.area(parts), rng)
    shapes = shapely.buffer(parts[keep], -_LANE_M, join_style="mitre")
    too_narrow = shapely.area(shapes) < 0.35 * shapely.area(parts[keep])
    shapes = largest(np.where(too_narrow, _shrink(parts[keep]), shapes))
    return rows[owner[keep]], shapes


def place_buildings(footprints: Geometries, counts: Ints, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Return so many points inside each footprint: the row of the footprint of each point, and the points (m, 2)."""
    owner = np.repeat(np.arange(len(footprints)), counts)
    low_x, low_y, high_x, high_y = shapely.bounds(footprints)[owner].T
    points = shapely.get_coordinates(shapely.point_on_surface(footprints))[owner]
    shapely.prepare(footprints)
    open_rows = np.arange(len(owner))
    for _ in range(_ROUNDS):
        tries = np.column_stack(
            [
                rng.uniform(low_x[open_rows], high_x[open_rows]),
                rng.uniform(low_y[open_rows], high_y[open_rows]),
            ]
        )
        hit = shapely.contains_xy(footprints[owner[open_rows]], tries)
        points[open_rows[hit]] = tries[hit]
        open_rows = open_rows[~hit]
    return owner, points


def _free_land(grids: Geometries, unbuilt: Geometries, area_m2: Floats) -> Geometries:
    """Return each grid without its streets and the strips along waters and wide roads, in one part.

    Where that leaves less than a part of what is wanted, people have built on the strips.
    """
    land = shapely.buffer(grids, -_STREET_M, join_style="mitre")
    row, strip = shapely.STRtree(unbuilt).query(land, predicate="intersects")
    order = np.argsort(row, kind="stable")
    row, strip = row[order], strip[order]
    hit, starts = np.unique(row, return_index=True)
    strips = np.array([shapely.union_all(part) for part in np.split(unbuilt[strip], starts[1:])], dtype=object)
    free = land.copy()
    free[hit] = shapely.difference(land[hit], strips)
    free = largest(free)
    return np.where(shapely.area(free) < np.minimum(area_m2, shapely.area(grids)) * _CROWDED, _shrink(grids), free)


def _crop(sites: Geometries, area_m2: Floats, rng: np.random.Generator) -> Geometries:
    """Return sites that are larger than what is wanted cut down to a block in one corner, along their longer side."""
    corners = shapely.get_coordinates(shapely.get_exterior_ring(shapely.oriented_envelope(sites))).reshape(-1, 5, 2)
    turn = rng.integers(0, 4, len(sites))
    rows = np.arange(len(sites))
    along = corners[rows, turn + 1] - corners[rows, turn]
    inside = shapely.get_coordinates(shapely.point_on_surface(sites))
    corner = inside + (corners[rows, turn] - inside) * rng.uniform(0.0, 0.4, len(sites))[:, None]
    long = np.sqrt(area_m2 * _LOOSE * rng.uniform(1, 1.7, len(sites)))
    angle = np.arctan2(along[:, 1], along[:, 0])
    blocks = [
        largest(shapely.intersection(sites, _rectangles(middle, angle, long / 2, area_m2 * _LOOSE / long / 2)))
        for middle in (corner, inside)
    ]
    cropped = np.where(shapely.area(blocks[0]) > 0.5 * area_m2, *blocks)
    return np.where(shapely.area(sites) > 1.6 * _LOOSE * area_m2, cropped, sites)


def _split_evenly(sites: Geometries, parts: Ints, rng: np.random.Generator) -> tuple[Ints, Geometries]:
    """Cut each site across its longer side, again and again, into so many parts; rows of sites ascending."""
    owner, shapes, left = np.arange(len(sites)), sites, parts
    while (left > 1).any():
        split = left > 1
        first = np.where(left[split] % 2, left[split] // 2 + rng.integers(0, 2, split.sum()), left[split] // 2)
        low, high = _halves(shapes[split], first / left[split], rng)
        owner = np.concatenate([owner[~split], owner[split], owner[split]])
        left = np.concatenate([left[~split], first, left[split] - first])
        shapes = np.concatenate([shapes[~split], low, high])
    order = np.argsort(owner, kind="stable")
    return owner[order], shapes[order]


def _halves(shapes: Geometries, share: Floats, rng: np.random.Generator) -> tuple[Geometries, Geometries]:
    corners = shapely.get_coordinates(shapely.get_exterior_ring(shapely.oriented_envelope(shapes))).reshape(-1, 5, 2)
    sides = np.diff(corners[:, :3], axis=1)
    lengths = np.hypot(sides[..., 0], sides[..., 1])
    longer = np.argmax(lengths, axis=1)
    rows = np.arange(len(shapes))
    along = sides[rows, longer] / lengths[rows, longer][:, None]
    length, across = lengths[rows, longer], lengths[rows, 1 - longer]
    middle = (corners[:, 0] + corners[:, 2]) / 2
    angle = np.arctan2(along[:, 1], along[:, 0]) + rng.normal(0, 0.05, len(shapes))
    turned = np.column_stack([np.cos(angle), np.sin(angle)])
    wanted, total = np.clip(share + rng.normal(0, 0.04, len(shapes)), 0.15, 0.85), shapely.area(shapes)
    place = wanted
    for _ in range(_SHARE_STEPS):
        centre = middle + turned * (length * (place - 1.5))[:, None]
        low = largest(shapely.intersection(shapes, _rectangles(centre, angle, length, across * 2)))
        place = np.clip(place + 0.8 * (wanted - shapely.area(low) / total), 0.02, 0.98)
    high = _rectangles(centre + turned * (2 * length)[:, None], angle, length, across * 2)
    return low, largest(shapely.intersection(shapes, high))


def _rectangles(centres: Floats, angles: Floats, half_long: Floats, half_short: Floats) -> Geometries:
    cos, sin = np.cos(angles), np.sin(angles)
    long = np.column_stack([cos, sin]) * half_long[:, None]
    short = np.column_stack([-sin, cos]) * half_short[:, None]
    rings = np.stack([centres + long + short, centres + long - short, centres - long - short, centres - long + short])
    return np.asarray(shapely.polygons(rings.transpose(1, 0, 2)))


def largest(shapes: Geometries) -> Geometries:
    """Return the largest polygon of each shape; an empty polygon where there is none."""
    parts, row = shapely.get_parts(shapes, return_index=True)
    parts, row = parts[order := shapely.get_dimensions(parts) == 2], row[order]
    best = np.lexsort((shapely.area(parts), row))
    last = np.append(np.diff(row[best]) > 0, True) if len(best) else np.zeros(0, bool)
    out = np.full(len(shapes), shapely.Polygon(), dtype=object)
    out[row[best][last]] = parts[best][last]
    return out


def _shrink(shapes: Geometries) -> Geometries:
    """Return shapes drawn in by a part of their width, so that something is always left."""
    width = 2 * shapely.area(shapes) / shapely.length(shapes)
    return largest(shapely.buffer(shapes, -0.15 * width))


def _choose(owner: Ints, wanted: Ints, area_m2: Floats, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Return which plots are built on: of each owner's as many as wanted, the larger ones rather than the slivers."""
    order = np.lexsort((-area_m2 * rng.uniform(0.5, 1, len(owner)), owner))
    starts = np.searchsorted(owner[order], np.arange(len(wanted)))
    place = np.arange(len(owner)) - starts[owner[order]]
    keep = np.zeros(len(owner), dtype=bool)
    keep[order] = place < wanted[owner[order]]
    return keep
