"""From the plan, where lines are drawn simply, to the ground, where nothing is straight.

Everything is drawn on a plan in metres, and every vertex of the plan is then moved by one smooth field. Neighbours that
share an edge on the plan share it on the ground, since the field moves the same vertex the same way.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from pyproj import Transformer

from geo.arrays import Floats
from geo.crs import CGCS2000_DEGREES

GROUND_CRS: Final = 4547
"""CGCS2000 / 3-degree Gauss-Krüger CM 114E, in metres."""
CENTRE: Final = (113.2063, 23.4012)
"""Longitude, latitude of the plan's origin: about where Huadu lies, but nothing there is like this."""
DECIMALS: Final = 7
_TO_GROUND: Final = Transformer.from_crs(CGCS2000_DEGREES, GROUND_CRS, always_xy=True)
_TO_DEGREES: Final = Transformer.from_crs(GROUND_CRS, CGCS2000_DEGREES, always_xy=True)
_ORIGIN: Final = np.array(_TO_GROUND.transform(*CENTRE))
_WAVES_PER_OCTAVE: Final = 7
_OCTAVES: Final = ((14_000.0, 900.0), (4_200.0, 190.0), (1_500.0, 58.0), (520.0, 13.0), (190.0, 2.6))
"""Wavelength and amplitude in metres; amplitude is far below wavelength / 2π, so that the field never folds."""


@dataclass(frozen=True, slots=True)
class WarpField:
    """A sum of plane waves that moves points: ``waves`` (k, 2) in 1/m, ``phases`` (k,), ``moves`` (k, 2) in metres."""

    waves: Floats
    phases: Floats
    moves: Floats

    def move(self, points: Floats) -> Floats:
        """Return plan points (n, 2) on the ground, metres from the origin."""
        shift = np.zeros_like(points)
        for wave, phase, move in zip(self.waves, self.phases, self.moves, strict=True):
            shift += np.sin(points @ wave + phase)[:, None] * move
        return points + shift


def make_field(rng: np.random.Generator) -> WarpField:
    """Return a field of waves in random directions, from bends of kilometres down to the wobble of a village lane."""
    lengths, sizes = (np.repeat([o[i] for o in _OCTAVES], _WAVES_PER_OCTAVE) for i in (0, 1))
    angles = rng.uniform(0, 2 * np.pi, len(lengths))
    lengths = lengths * rng.uniform(0.75, 1.3, len(lengths))
    waves = 2 * np.pi / lengths[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])
    turns = rng.uniform(0, 2 * np.pi, len(lengths))
    moves = sizes[:, None] / np.sqrt(_WAVES_PER_OCTAVE) * np.column_stack([np.cos(turns), np.sin(turns)])
    return WarpField(waves, rng.uniform(0, 2 * np.pi, len(lengths)), moves)


def warp(shapes: Any, field: WarpField) -> Any:
    """Return shapes of the plan on the ground in ``GROUND_CRS`` (their vertices moved, none added)."""
    return shapely.transform(shapes, lambda xy: field.move(xy) + _ORIGIN)


def to_degrees(shapes: Any) -> Any:
    """Return shapes in ``GROUND_CRS`` as longitude, latitude (EPSG:4326), rounded to ``DECIMALS``."""

    def convert(xy: Floats) -> Floats:
        return np.round(np.column_stack(_TO_DEGREES.transform(xy[:, 0], xy[:, 1])), DECIMALS)

    return shapely.transform(shapes, convert)


def to_ground(shapes: Any) -> Any:
    """Return shapes in longitude, latitude in ``GROUND_CRS``."""
    return shapely.transform(shapes, lambda xy: np.column_stack(_TO_GROUND.transform(xy[:, 0], xy[:, 1])))
