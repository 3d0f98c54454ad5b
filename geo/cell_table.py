"""A table of cells over zones: a point in a cell that no edge comes near is answered by looking it up.

Cells that are joined without an edge between them lie inside the same zones, so that one exact question answers all of
them. Only points in cells on an edge, and points in several zones, have to be asked about one by one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from geo.arrays import Flags, Floats, Geometries, Ints

ASK: Final = -2
"""Of a cell: its points have to be asked about one by one."""
NOBODY: Final = -1
"""Of a cell: it lies in no zone."""
_NEAR: Final = 1e-6
"""Cells. An edge this near touches a cell: far more than rounding, far less than anybody sees."""
_FEWEST: Final = 100_000
"""Points below which a table costs more than it saves."""
_PER_POINT: Final = 4
_MOST: Final = 16_000_000
"""Cells: 64 MB."""
_AREAS: Final = (3, 6)
"""Polygons and multipolygons, as shapely numbers types."""

Exact = Callable[[Floats], tuple[Ints, Ints]]
"""Of ``(n, 2)`` places: the position of the zone that holds each, and how many zones do, shape (n,) each."""


@dataclass(frozen=True, slots=True)
class CellTable:
    """Which zone each cell lies in."""

    west: float
    south: float
    size: float
    """Width and height of a cell, in units of the coordinates."""
    zone: NDArray[np.int32]
    """Position of the zone, ``NOBODY`` or ``ASK``; shape (rows, columns), from the south and the west."""

    def look_up(self, xy: Floats) -> Ints:
        """Return the position of the zone of each of ``(n, 2)`` places, ``NOBODY`` or ``ASK``; shape (n,).

        Places beyond the table, and those that are not finite, are in no zone.
        """
        rows, columns = self.zone.shape
        with np.errstate(invalid="ignore"):
            column, row = (xy[:, 0] - self.west) / self.size, (xy[:, 1] - self.south) / self.size
            is_on = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
            at = np.where(is_on, row, 0).astype(np.intp) * columns + np.where(is_on, column, 0).astype(np.intp)
        return np.where(is_on, self.zone.ravel()[at], NOBODY)


def cells_for(points: int) -> int:
    """Return how many cells a table for so many points should have; 0 where none is worth its making."""
    return 0 if points < _FEWEST else min(_PER_POINT * points, _MOST)


def make_table(polygons: Geometries, cells: int, exact: Exact) -> CellTable | None:
    """Return a table of about so many cells over polygons; None where there are none, or something else among them.

    Parameters
    ----------
    polygons
        Shape (n,), valid, not null.
    cells
        Along the box around all of them.
    exact
        Answers about the places of which the table has one for each connected part without an edge.
    """
    if not len(polygons) or not cells or not np.isin(shapely.get_type_id(polygons), _AREAS).all():
        return None
    west, south, east, north = shapely.total_bounds(polygons)
    size = float(np.sqrt((east - west) * (north - south) / cells))
    west, south = west - size, south - size
    shape = int((north - south) / size) + 3, int((east - west) / size) + 3
    edges = (_edges(polygons) - (west, south)) / size
    part, count = ndimage.label(~_touched(edges, shape))
    zone = np.full(count + 1, ASK, dtype=np.int32)
    if count:
        at = _first_of_each(part, count)
        middle = np.column_stack([at % shape[1], at // shape[1]]) + 0.5
        position, holders = exact(middle * size + (west, south))
        zone[1:] = np.where(holders == 0, NOBODY, np.where(holders == 1, position, ASK))
    return CellTable(float(west), float(south), size, zone[part])


def _edges(polygons: Geometries) -> Floats:
    """Return the edges of all rings, each from west to east; shape (edges, 2 ends, 2)."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(polygons)), return_index=True)
    edges = np.stack([xy[:-1], xy[1:]], axis=1)[ring[:-1] == ring[1:]]
    order = np.argsort(edges[:, :, 0], axis=1, kind="stable")
    return np.take_along_axis(edges, order[:, :, None], axis=1)


def _touched(edges: Floats, shape: tuple[int, int]) -> Flags:
    """Tell for each cell whether an edge passes through it or very near; ``edges`` in cells, each from west to east."""
    (west, south), (east, north) = edges[:, 0].T, edges[:, 1].T
    edge, column = _ranges(np.floor(west - _NEAR), np.floor(east + _NEAR))
    width = (east - west)[edge]
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(width > 2 * _NEAR, (north - south)[edge] / width, 0.0)
    ends = [np.clip(at, west[edge], east[edge]) for at in (column - _NEAR, column + 1 + _NEAR)]
    one, other = (south[edge] + slope * (at - west[edge]) for at in ends)
    is_steep = width <= 2 * _NEAR
    one, other = np.where(is_steep, south[edge], one), np.where(is_steep, north[edge], other)
    k, row = _ranges(np.floor(np.minimum(one, other) - _NEAR), np.floor(np.maximum(one, other) + _NEAR))
    touched = np.zeros(shape, dtype=np.bool_)
    touched[row, column[k]] = True
    return touched


def _ranges(first: Floats, last: Floats) -> tuple[Ints, Ints]:
    """Return all whole numbers from each first to its last, and of which pair each is."""
    begin, count = first.astype(np.intp), (last - first).astype(np.intp) + 1
    pair = np.repeat(np.arange(len(begin)), count)
    return pair, np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count) + begin[pair]


def _first_of_each(part: NDArray[np.int32], count: int) -> Ints:
    """Return where each part has its first cell; shape (count,)."""
    flat = part.ravel()
    found = np.zeros(count + 1, dtype=np.intp)
    found[flat[::-1]] = np.arange(flat.size - 1, -1, -1)
    return found[1:]
