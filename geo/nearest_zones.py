"""The zones that are nearest to points outside all of them, exactly, ties included."""

from typing import Final

import numpy as np
import shapely

from geo.arrays import Floats, Geometries, Ints

TIE_M: Final = 1e-6
"""Distances that differ by less are equal."""
_CELLS_PER_LIMIT: Final = 5
"""How many cells lie side by side within the limit; points of one cell are asked about together."""
_FEWEST_A_CELL: Final = 2
"""Points; with fewer on average each is asked about by itself."""
_MOST_CELLS: Final = 2**31
"""In a row: where places are farther apart, each is asked about by itself."""


def find_nearest(
    xy: Floats, polygons: Geometries, tree: shapely.STRtree, max_distance_m: float
) -> tuple[Ints, Ints, Floats]:
    """Return every pair of a point and a zone that is as near as the nearest, and that distance.

    Parameters
    ----------
    xy
        Places in metres, finite, outside every zone; shape (n, 2).
    polygons, tree
        The zones, in the same metres, and the index over them.
    max_distance_m
        What is farther has no zone; above 0.
    """
    size = max_distance_m / _CELLS_PER_LIMIT
    at = np.floor((xy - xy.min(axis=0)) / size) if len(xy) else xy
    if len(xy) and at.max() < _MOST_CELLS:
        cells, cell = np.unique(at[:, 0] * _MOST_CELLS + at[:, 1], return_inverse=True)
        if len(xy) >= _FEWEST_A_CELL * len(cells):
            first = np.zeros(len(cells), dtype=np.intp)
            first[cell] = np.arange(len(xy))
            return _by_cell(xy, cell, xy.min(axis=0) + (at[first] + 0.5) * size, size, polygons, tree, max_distance_m)
    return _one_by_one(xy, tree, max_distance_m)


def _one_by_one(xy: Floats, tree: shapely.STRtree, max_distance_m: float) -> tuple[Ints, Ints, Floats]:
    points = np.asarray(shapely.points(xy), dtype=object)
    row, distance_m = _distance(points, tree, max_distance_m)
    at, zone = tree.query(points[row], predicate="dwithin", distance=distance_m + TIE_M)
    return row[at], zone, distance_m[at]


def _distance(points: Geometries, tree: shapely.STRtree, max_distance_m: float) -> tuple[Ints, Floats]:
    """Return the points that have a zone near enough, and how far it is."""
    (row, _), distance_m = tree.query_nearest(
        points, max_distance=max_distance_m + TIE_M, return_distance=True, all_matches=False
    )
    near = distance_m <= max_distance_m
    return row[near], distance_m[near]


def _by_cell(
    xy: Floats, cell: Ints, middles: Floats, size: float, polygons: Geometries, tree: shapely.STRtree, limit_m: float
) -> tuple[Ints, Ints, Floats]:
    """Measure the points of a cell to the few zones that can be nearest to any of them.

    A point is at most half the diagonal h from the middle of its cell, so that its nearest zone, at most h farther
    than that of the middle, lies at most 2 h farther from the middle than the middle's own.
    """
    across = size * np.sqrt(2)
    centres = np.asarray(shapely.points(middles), dtype=object)
    known, distance_m = _distance(centres, tree, limit_m + across / 2 + TIE_M)
    at, zone = tree.query(centres[known], predicate="dwithin", distance=distance_m + across + TIE_M)
    order = np.argsort(known[at], kind="stable")
    of_cell, zone = known[at][order], zone[order]
    begin, end = np.searchsorted(of_cell, cell), np.searchsorted(of_cell, cell, side="right")
    count = end - begin
    row = np.repeat(np.arange(len(cell)), count)
    zone = zone[np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(begin, count)]
    return _keep_nearest(row, zone, shapely.distance(shapely.points(xy[row]), polygons[zone]), limit_m)


def _keep_nearest(row: Ints, zone: Ints, distance_m: Floats, limit_m: float) -> tuple[Ints, Ints, Floats]:
    """Return the pairs that are as near as the nearest of their point, with its distance; ``row`` ascending."""
    is_first = np.diff(row, prepend=-1) != 0
    least = np.minimum.reduceat(distance_m, np.flatnonzero(is_first)) if len(row) else distance_m
    nearest_m = least[np.cumsum(is_first) - 1]
    kept = (distance_m <= nearest_m + TIE_M) & (nearest_m <= limit_m)
    return row[kept], zone[kept], nearest_m[kept]
