"""Cutting a piece of land in two, again and again, along bent lines: so streets, banks and borders come about.

A piece carries points that stand for what is built on it. A cut gives each side its share of the points, so that pieces
are small where much is built and large where little is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.arrays import Floats

Measure = Callable[[shapely.Polygon], float]
"""Gives the area of a polygon, in square metres of another plane than the polygon's."""

_TRIES: Final = 7
_PLUMP: Final = 0.038
"""Area ÷ perimeter² below which a piece is thought too thin (a square has 0.0625, a 1:4 strip 0.04)."""
_STEPS: Final = 14


class CutError(RuntimeError):
    """No line was found that cuts a piece in two; another seed will do."""

    def __init__(self) -> None:
        super().__init__("a piece of land could not be cut in two; try another seed")


@dataclass(frozen=True, slots=True)
class Piece:
    """A polygon (plan, metres) and the points (n, 2) in it that stand for what is built."""

    polygon: shapely.Polygon
    points: Floats


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a piece was cut: a line of the plan, and how many cuts of the same partition went before (0 the first)."""

    line: shapely.Geometry
    depth: int


@dataclass(frozen=True, slots=True)
class Curve:
    """A bent line across a piece: ``u = offset + bend(v)`` in axes turned by ``angle`` about ``centre``."""

    centre: Floats
    angle: float
    width: float
    harmonics: Floats
    """Rows of amplitude (m), waves per width, phase."""

    def height(self, points: Floats) -> Floats:
        """Return how far each point (n, 2) lies beyond the curve of offset 0, in metres."""
        along, across = (
            np.array([np.cos(self.angle), np.sin(self.angle)]),
            np.array([-np.sin(self.angle), np.cos(self.angle)]),
        )
        moved = points - self.centre
        return np.asarray(moved @ along - self._bend(moved @ across))

    def line(self, offset: float) -> shapely.LineString:
        """Return the curve at an offset, long enough to leave the piece on both sides."""
        v = np.linspace(-self.width, self.width, 2 * _STEPS + 1)
        u = offset + self._bend(v)
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        return shapely.LineString(np.column_stack([u * cos - v * sin, u * sin + v * cos]) + self.centre)

    def _bend(self, v: Floats) -> Floats:
        amplitude, waves, phase = self.harmonics.T
        return np.asarray((amplitude * np.sin(np.outer(v / self.width * 2 * np.pi, waves) + phase)).sum(axis=1))


def partition(
    piece: Piece, shares: Sequence[float], rng: np.random.Generator, *, bend: float, first_bend: float | None = None
) -> tuple[list[Piece], list[Cut]]:
    """Cut a piece into one piece for each share of its points, and return the pieces in that order and the cuts.

    Parameters
    ----------
    piece
        What is cut.
    shares
        Positive weights; piece ``i`` gets ``shares[i] / sum(shares)`` of the points.
    rng
        Where chance comes from.
    bend
        How crooked lines are: amplitude as a part of the width of what is cut, 0 for straight.
    first_bend
        The same for the first cut, where that is another (a river).
    """
    if len(shares) == 1:
        return [piece], []
    count = _fair_split(shares)
    share = sum(shares[:count]) / sum(shares)
    left, right, line = cut(piece, share, rng, bend=bend if first_bend is None else first_bend)
    first, first_cuts = partition(left, shares[:count], rng, bend=bend)
    second, second_cuts = partition(right, shares[count:], rng, bend=bend)
    deeper = [Cut(c.line, c.depth + 1) for c in first_cuts + second_cuts]
    return first + second, [Cut(line, 0), *deeper]


def cut(piece: Piece, share: float, rng: np.random.Generator, *, bend: float) -> tuple[Piece, Piece, shapely.Geometry]:
    """Cut a piece in two across its longer side; the left one gets ``share`` of the points.

    Several cuts are tried; the first that leaves two plump pieces is taken, else the one with the plumpest.

    Raises
    ------
    CutError
        If every line left one side in several parts.
    """
    best, best_plump = None, -1.0
    for attempt in range(_TRIES):
        curve = _curve(piece.polygon, rng, bend=bend * (1 - attempt / _TRIES), turn=0.1 + 0.1 * attempt)
        heights = curve.height(piece.points) if len(piece.points) else np.zeros(1)
        halves = _split(piece, curve, float(np.quantile(heights, share)))
        if halves is None:
            continue
        plump = min(h.polygon.area / h.polygon.length**2 for h in halves[:2])
        if plump > best_plump:
            best, best_plump = halves, plump
        if plump > _PLUMP:
            break
    if best is None:
        raise CutError
    return best


def carve(
    piece: Piece, area_m2: float, rng: np.random.Generator, *, bend: float, measure: Measure
) -> tuple[Piece, Piece, shapely.Geometry]:
    """Cut a part of a stated area off a piece, measured by ``measure`` (the area on the ground), to 0.3 %.

    Raises
    ------
    CutError
        If no line gives that area.
    """
    for attempt in range(4 * _TRIES):
        curve = _curve(piece.polygon, rng, bend=bend / (1 + attempt), turn=0.25)
        corners = curve.height(shapely.get_coordinates(piece.polygon))
        low, high = float(corners.min()), float(corners.max())
        halves = None
        for _ in range(30):
            middle = (low + high) / 2
            halves = _split(piece, curve, middle)
            found = measure(halves[0].polygon) if halves else (0.0 if middle < corners.mean() else np.inf)
            low, high = (middle, high) if found < area_m2 else (low, middle)
        if halves and abs(measure(halves[0].polygon) / area_m2 - 1) < 0.003:
            return halves
    raise CutError


def _fair_split(shares: Sequence[float]) -> int:
    """Return how many shares from the first on come nearest to half of their sum (at least one, not all)."""
    before = np.cumsum(shares)[:-1]
    return int(np.argmin(np.abs(before - sum(shares) / 2))) + 1


def _curve(polygon: shapely.Polygon, rng: np.random.Generator, *, bend: float, turn: float) -> Curve:
    """Return a curve that crosses the longer side of a polygon, turned by chance."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(polygon))
    sides = np.diff(corners[:3], axis=0)
    lengths = np.hypot(*sides.T)
    along = sides[int(np.argmax(lengths))]
    width = float(lengths.max())
    harmonics = np.column_stack(
        [
            bend * width * rng.uniform(0.4, 1, 3) / np.array([1.6, 3.2, 6.5]),
            np.array([0.45, 1.1, 2.3]) * rng.uniform(0.8, 1.25, 3),
            rng.uniform(0, 2 * np.pi, 3),
        ]
    )
    angle = float(np.arctan2(along[1], along[0]) + rng.normal(0, turn))
    return Curve(corners[:4].mean(axis=0), angle, width, harmonics)


def _split(piece: Piece, curve: Curve, offset: float) -> tuple[Piece, Piece, shapely.Geometry] | None:
    """Return what lies below and above a curve, and the border between; None if either is not in one part."""
    network = shapely.union(piece.polygon.boundary, curve.line(offset))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    middles = shapely.get_coordinates(shapely.point_on_surface(faces))
    below = curve.height(middles) < offset
    if not below.any() or below.all():
        return None
    left, right = _join(faces, below)
    if not isinstance(left, shapely.Polygon) or not isinstance(right, shapely.Polygon):
        return None
    inside = shapely.contains_xy(left, piece.points) if len(faces) > 2 else curve.height(piece.points) < offset
    border = shapely.line_merge(shapely.intersection(left, right))
    return Piece(left, piece.points[inside]), Piece(right, piece.points[~inside]), border


def _join(faces: NDArray[np.object_], below: NDArray[np.bool_]) -> tuple[shapely.Geometry, shapely.Geometry]:
    """Return the largest face below and all others; a bent line may cut off bits that belong to the other side."""
    if len(faces) == 2:
        return faces[below][0], faces[~below][0]
    largest = int(np.argmax(np.where(below, shapely.area(faces), -1)))
    rest = np.delete(faces, largest)
    return faces[largest], shapely.coverage_union_all(rest)
