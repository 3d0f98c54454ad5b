"""What is drawn on a map: areas, lines, names, marks, scale bar, north arrow. All in metres of one projected CRS."""

import math
from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import Collection, LineCollection, PathCollection, PolyCollection
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import Stroke, withStroke
from numpy.typing import ArrayLike, NDArray

from services.rules.class_colours import MARK_COLOUR, MARK_EDGE, Hatch, line_colour

WATER_COLOUR: Final = "#bcd9e8"
_MAIN_ROADS: Final = ("primary", "trunk", "motorway", "secondary", "main")
_BORDER: Final = "#374151"
_MARGIN: Final = 0.03
_NAME_GAP: Final = 1.25
"""Names are left out where they would come nearer to another than this many heights of a line."""
_NAME_SIZE: Final = 12.0
_AROUND: Final = (
    (0, 0),
    (0, 1.4),
    (0, -1.4),
    (2, 0),
    (-2, 0),
    (0, 2.6),
    (0, -2.6),
    (3, 1.4),
    (-3, 1.4),
    (3, -1.4),
    (-3, -1.4),
)
"""Where a name may stand, in heights of a line from the middle of its zone."""
_STEPS: Final = (1, 2, 5)
_HATCH_WIDTH: Final = 0.8
_EDGE_WIDTH: Final = 1.4


def fit(axes: Axes, bounds: Sequence[float]) -> None:
    """Show these bounds (west, south, east, north) with a margin around, a metre being as long both ways.

    Nothing is shown but an empty sheet where there are no bounds.
    """
    axes.set_axis_off()
    west, south, east, north = (float(edge) for edge in bounds)
    if not math.isfinite(west + south + east + north):
        return
    box = axes.get_window_extent()
    margin = max(east - west, north - south, 100.0) * _MARGIN
    metres_per_pixel = max((east - west + 2 * margin) / box.width, (north - south + 2 * margin) / box.height)
    half_width, half_height = box.width * metres_per_pixel / 2, box.height * metres_per_pixel / 2
    axes.set_xlim((west + east) / 2 - half_width, (west + east) / 2 + half_width)
    axes.set_ylim((south + north) / 2 - half_height, (south + north) / 2 + half_height)


def draw_zones(axes: Axes, shapes: gpd.GeoSeries, colour: str, *, many: int, hatch: Hatch | None = None) -> None:
    """Fill areas and dot points with one colour; ``many`` zones mean thin outlines, ``hatch`` goes over areas."""
    known = shapes[shapes.notna() & ~shapes.is_empty]
    is_point = known.geom_type.isin(["Point", "MultiPoint"])
    width = min(max(18 / math.sqrt(max(many, 1)), 0.1), 1.0)
    points = known[is_point].representative_point()
    axes.scatter(points.x, points.y, s=34, color=colour, edgecolor=_BORDER, linewidth=0.5, zorder=3)
    parts = shapely.get_parts(known[~is_point].to_numpy())
    for areas in _collections(parts):
        areas.set(facecolor=colour, edgecolor=line_colour(colour), linewidth=width, zorder=2)
        axes.add_collection(areas, autolim=False)
    if hatch:
        for areas in _collections(parts):
            areas.set(facecolor="none", edgecolor=hatch.colour, linewidth=0, hatch=_lines_of(hatch), zorder=2.1)
            areas.set_hatch_linewidth(_HATCH_WIDTH)
            axes.add_collection(areas, autolim=False)


def draw_water(axes: Axes, water: gpd.GeoDataFrame) -> None:
    """Draw water as areas and lines over the zones: where zones leave no gap it would not be seen under them."""
    parts = shapely.get_parts(water.geometry.dropna().to_numpy())
    is_line = shapely.get_dimensions(parts) == 1
    for areas in _collections(parts[~is_line]):
        areas.set(facecolor=WATER_COLOUR, edgecolor=WATER_COLOUR, linewidth=0.5, zorder=3)
        axes.add_collection(areas, autolim=False)
    axes.add_collection(
        LineCollection(_lines(parts[is_line]), colors=WATER_COLOUR, linewidths=2.4, zorder=3), autolim=False
    )


def draw_roads(axes: Axes, roads: gpd.GeoDataFrame) -> None:
    """Draw roads over the zones: light lines with a dark casing, main roads wider."""
    known = roads[roads.geometry.notna()]
    main = known["kind"].fillna("").isin(_MAIN_ROADS)
    for chosen, width in ((known[~main], 0.5), (known[main], 1.6)):
        lines = _lines(shapely.get_parts(chosen.geometry.to_numpy()))
        for colour, extra in (("#46505c61", 0.8), ("#ffffffe6", 0.0)):
            drawn = LineCollection(lines, colors=colour, linewidths=width + extra, capstyle="round", zorder=4)
            axes.add_collection(drawn, autolim=False)


def draw_borders(axes: Axes, shapes: gpd.GeoSeries, width: float) -> None:
    """Outline wider zones: a dark line with a light edge, seen on the darkest class and on the lightest."""
    rings = shapely.get_parts(shapely.boundary(shapes.dropna().to_numpy()))
    lines = _lines(rings)
    for colour, extra in (("#ffffffe6", _EDGE_WIDTH), (_BORDER, 0.0)):
        axes.add_collection(LineCollection(lines, colors=colour, linewidths=width + extra, zorder=5), autolim=False)


def write_names(
    axes: Axes,
    shapes: gpd.GeoSeries,
    names: "pd.Series[str]",
    marks: gpd.GeoSeries,
    numbered: int,
    font: FontProperties,
) -> None:
    """Write the name of each zone near its middle, larger zones first, where it covers the fewest marks.

    A name that would cover another, or one of the first ``numbered`` marks, is left out.
    """
    known = shapes[shapes.notna() & ~shapes.is_empty]
    line = float(axes.figure.dpi) / 72 * _NAME_SIZE
    places = marks[marks.notna() & ~marks.is_empty].representative_point()
    dots = axes.transData.transform(np.column_stack([places.x, places.y])) if len(places) else np.empty((0, 2))
    taken = np.empty((0, 4))
    halo = [withStroke(linewidth=3, foreground="#ffffffd9")]
    style: dict[str, Any] = {
        "font": font,
        "fontsize": _NAME_SIZE,
        "color": "#111827",
        "path_effects": halo,
        "zorder": 7,
        "parse_math": False,
    }
    for code in known.area.sort_values(ascending=False, kind="stable").index:
        name, middle = str(names[code]), known[code].representative_point()
        boxes = _name_boxes(axes.transData.transform((middle.x, middle.y)), len(name) * line * 0.5, line)
        free = [
            box
            for box in boxes
            if name and _is_within(box, np.asarray(axes.bbox.extents)) and not _overlaps(box, taken)
        ]
        if free:
            best = min(free, key=lambda box: _count_inside(box, dots))
            if _count_inside(best, dots[:numbered]):
                continue
            taken = np.vstack([taken, best])
            x, y = axes.transData.inverted().transform(((best[0] + best[2]) / 2, (best[1] + best[3]) / 2))
            axes.text(x, y, name, ha="center", va="center", clip_on=True, **style)


def draw_marks(axes: Axes, shapes: gpd.GeoSeries, font: FontProperties, numbered: int) -> None:
    """Mark places in order of rank: the first ones with a numbered diamond, the rest with a small one."""
    places = shapes[shapes.notna() & ~shapes.is_empty].representative_point()
    rest = places.iloc[numbered:]
    draw_small_diamonds(axes, rest.x, rest.y, many=len(rest))
    for rank in range(min(numbered, len(places)), 0, -1):
        draw_numbered_diamond(axes, (places.iloc[rank - 1].x, places.iloc[rank - 1].y), rank, font)


def draw_small_diamonds(axes: Axes, x: ArrayLike, y: ArrayLike, *, many: int) -> None:
    """Draw the symbol of under-served mixed estates without a number, smaller where there are many."""
    size = 26 if many <= 120 else max(26 * 120 / many, 7)
    axes.scatter(x, y, marker="D", s=size, color=MARK_COLOUR, edgecolor="#ffffff", linewidth=size / 32, zorder=8)


def draw_numbered_diamond(axes: Axes, at: tuple[float, float], number: int, font: FontProperties) -> None:
    """Draw the symbol of an under-served mixed estate with its rank."""
    for size, colour in ((330, "#ffffff"), (255, MARK_EDGE), (215, MARK_COLOUR)):
        axes.scatter(*at, marker="D", s=size * 0.8, color=colour, linewidth=0, zorder=9)
    style: dict[str, Any] = {"font": font, "fontsize": 10, "color": "#ffffff", "zorder": 9.5}
    axes.text(at[0], at[1], str(number), ha="center", va="center_baseline", **(style | bold("#ffffff", 0.5)))


def draw_swatch(
    axes: Axes, at: tuple[float, float], size: tuple[float, float], colour: str, *, hatch: Hatch | None = None
) -> None:
    """Draw the patch of a class in a legend."""
    axes.add_patch(Rectangle(at, *size, facecolor=colour, edgecolor="#9ca3af", linewidth=0.6))
    if hatch:
        lines = Rectangle(at, *size, facecolor="none", edgecolor=hatch.colour, linewidth=0, hatch=_lines_of(hatch))
        lines.set_hatch_linewidth(_HATCH_WIDTH)
        axes.add_patch(lines)


def draw_scale_bar(axes: Axes, font: FontProperties) -> None:
    """Draw a bar of 1, 2 or 5 × 10ⁿ metres, about a seventh of the map wide, at its lower left."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    length = nice_length((east - west) / 6)
    x, y, tick = west + (east - west) * 0.012, south + (north - south) * 0.025, (north - south) * 0.008
    halo = [withStroke(linewidth=5, foreground="#ffffffd9")]
    axes.plot(
        [x, x, x + length, x + length], [y + tick, y, y, y + tick], color=_BORDER, lw=1.6, path_effects=halo, zorder=10
    )
    said = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    style: dict[str, Any] = {"font": font, "fontsize": 11, "color": _BORDER, "path_effects": halo, "zorder": 10}
    axes.text(x + length / 2, y + tick * 1.6, said, ha="center", va="bottom", **style)


def draw_north(axes: Axes, font: FontProperties) -> None:
    """Draw an arrow to grid north at the upper right."""
    x, y, half, height = 0.978, 0.925, 0.009, 0.05
    halves = ((-half, "#ffffff"), (half, _BORDER))
    for side, colour in halves:
        corners = [(x, y + height), (x + side, y), (x, y + height * 0.25)]
        arrow = Polygon(corners, facecolor=colour, edgecolor=_BORDER, linewidth=1, transform=axes.transAxes, zorder=10)
        axes.add_patch(arrow)
    style: dict[str, Any] = {"font": font, "fontsize": 12, "color": _BORDER, "transform": axes.transAxes, "zorder": 10}
    axes.text(x, y - 0.012, "N", ha="center", va="top", **style)


def nice_length(most: float) -> float:
    """Return the longest of 1, 2, 5 × 10ⁿ that is at most ``most`` (more than 0).

    Examples
    --------
    >>> nice_length(730), nice_length(5000), nice_length(0.3)
    (500.0, 5000.0, 0.2)
    """
    power = 10.0 ** math.floor(math.log10(most))
    return float(max(step * power for step in _STEPS if step * power <= most * (1 + 1e-9)))


def bold(colour: str, width: float = 0.7) -> dict[str, Any]:
    """Return what makes text bold: the package has the regular weight only, so its outline is drawn as well."""
    return {"path_effects": [Stroke(linewidth=width, foreground=colour), withStroke(linewidth=0, foreground=colour)]}


def _lines_of(hatch: Hatch) -> str:
    """Return what matplotlib calls the lines of a hatch."""
    return "////" if hatch.rises else "\\\\\\\\"


def _collections(parts: NDArray[np.object_]) -> list[Collection]:
    """Return areas without holes as one fast collection and those with holes as another."""
    areas = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    has_holes = shapely.get_num_interior_rings(areas) > 0
    found: list[Collection] = []
    if (~has_holes).any():
        found.append(PolyCollection(_lines(shapely.get_exterior_ring(areas[~has_holes]))))
    if has_holes.any():
        found.append(PathCollection([_compound(area) for area in areas[has_holes]]))
    return found


def _compound(area: shapely.Polygon) -> Path:
    """Return an area with holes as one path: holes run the other way round, so that they stay empty."""
    turned = shapely.orient_polygons(area)
    return Path.make_compound_path(*(Path(np.asarray(ring.coords), closed=True) for ring in shapely.get_rings(turned)))


def _lines(parts: NDArray[np.object_]) -> list[NDArray[np.float64]]:
    """Return the coordinates of each line."""
    known = parts[shapely.get_dimensions(parts) == 1] if len(parts) else parts
    ends = np.cumsum(shapely.get_num_coordinates(known))
    return np.split(shapely.get_coordinates(known), ends[:-1]) if len(known) else []


def _name_boxes(middle: NDArray[np.float64], half_width: float, line: float) -> list[NDArray[np.float64]]:
    """Return where a name may stand (left, bottom, right, top in pixels), the best place first."""
    half = np.array([half_width, line * _NAME_GAP / 2])
    around = [(dx * line, dy * line) for dx, dy in _AROUND]
    return [np.concatenate([middle + shift - half, middle + shift + half]) for shift in np.array(around)]


def _overlaps(box: NDArray[np.float64], others: NDArray[np.float64]) -> bool:
    apart = (others[:, :2] > box[2:]) | (others[:, 2:] < box[:2])
    return bool((~apart.any(axis=1)).any())


def _is_within(box: NDArray[np.float64], frame: NDArray[np.float64]) -> bool:
    return bool((box[:2] >= frame[:2]).all() and (box[2:] <= frame[2:]).all())


def _count_inside(box: NDArray[np.float64], points: NDArray[np.float64]) -> int:
    return int(((points > box[:2] - 10) & (points < box[2:] + 10)).all(axis=1).sum())
