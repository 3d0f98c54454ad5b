"""The map of a section as a sharp picture: classes, borders, moves, legend, scale bar."""

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch
from matplotlib.patheffects import withStroke

from geo.crs import project, projected_crs
from services.briefing.model import Arc, MapPart
from services.briefing.words import shorten
from services.export import canvas
from services.export.briefing.theme import FAINT, INK, PAPER, one_line, shorten_to, width_em
from services.export.figures import SIGN_WIDTH, LegendPlace, class_rows, draw_legend, draw_map, font
from services.i18n import translate
from services.rules.classes import classify
from services.rules.layer_names import LAYER_NAMES

MOST_ARC_LABELS: Final = 12
MANY_ARCS: Final = 60
"""With more moves than this, arrows are thin and go without labels, which would hide the map."""
_LEGEND_INCHES: Final = 2.45
_SIGN_POINTS: Final = 128.0
"""Room for what a sign means, in points."""
_ARC_COLOUR: Final = "#6a1b9a"
_ROW_INCHES: Final = 0.3
_LEFT: Final = 0.08
"""Of the legend."""
_LONGEST_NAME: Final = 12
"""Characters of a name on the map."""


def map_png(part: MapPart, width_inches: float, height_inches: float, dots_per_inch: int = 200) -> bytes:
    """Return the map with its legend at the right as PNG; lettering keeps its size on any size of sheet."""
    figure = Figure(figsize=(width_inches, height_inches), dpi=dots_per_inch, facecolor=PAPER)
    legend = min(_LEGEND_INCHES / width_inches, 0.4)
    digits = classify(part.scale, part.table).digits
    named = (frame.assign(name=frame["name"].fillna("").map(_brief)) for frame in part.borders)
    part = replace(part, borders=tuple(named))
    axes = figure.add_axes((0.0, 0.0, 1 - legend, 1.0))
    draw_map(axes, part, digits)
    if part.arcs and len(part.zones):
        _draw_arcs(axes, part)
    step, panel = _ROW_INCHES / height_inches, figure.add_axes((1 - legend, 0.0, legend, 1.0))
    place = LegendPlace(top=1 - step * 0.7, step=step, left=_LEFT, right=0.98, size=12)
    bottom = draw_legend(panel, class_rows(part, digits), (part.words.title, part.words.count), place)
    _add_signs(panel, part, bottom, step)
    file = io.BytesIO()
    figure.savefig(file, format="png", pil_kwargs={"compress_level": 4})
    return file.getvalue()


def _brief(name: str) -> str:
    """Return a name as a map has room for it."""
    return shorten(name, _LONGEST_NAME)


def describe_map(part: MapPart) -> str:
    """Return what a map shows in one sentence of the current language, for those who cannot see it."""
    rows = class_rows(part, classify(part.scale, part.table).digits)
    counts = ", ".join(f"{label} {count}" for _, label, _, count in rows if count)
    level = translate(LAYER_NAMES[part.level])
    return translate("Map of {level}: {counts}", level=level, counts=counts)


def _draw_arcs(axes: Axes, part: MapPart) -> None:
    """Draw every move as a bent arrow; labels stand in the middle of the first ones."""
    starts, ends = _project_ends(part.arcs, part.zones)
    is_thin = len(part.arcs) > MANY_ARCS
    width, head, halo = (0.7, (1.4, 2.8), 1.5) if is_thin else (1.7, (3, 6), 3.6)
    for k in range(len(part.arcs) - 1, -1, -1):
        start, end = starts[k], ends[k]
        arrow = FancyArrowPatch(
            (start[0], start[1]),
            (end[0], end[1]),
            connectionstyle="arc3,rad=0.22",
            arrowstyle=f"-|>,head_width={head[0]},head_length={head[1]}",
            linewidth=width,
            color=_ARC_COLOUR,
            shrinkA=1,
            shrinkB=2,
            path_effects=[withStroke(linewidth=halo, foreground="#ffffffd9")],
            zorder=8.5,
        )
        axes.add_patch(arrow)
        if k < MOST_ARC_LABELS and not is_thin:
            _label_arc(axes, start, end, part.arcs[k].label)


def _project_ends(
    arcs: Sequence[Arc], zones: gpd.GeoDataFrame
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    crs = projected_crs(zones)
    points = gpd.GeoSeries(shapely.points([arc.start for arc in arcs] + [arc.end for arc in arcs]), crs=4326)
    at = shapely.get_coordinates(project(points, crs).to_numpy())
    pairs = [(float(x), float(y)) for x, y in at]
    return pairs[: len(arcs)], pairs[len(arcs) :]


def _label_arc(axes: Axes, start: tuple[float, float], end: tuple[float, float], label: str) -> None:
    """Write a label beside the top of the bow (``arc3`` bends to the right by ``rad`` half lengths)."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    at = ((start[0] + end[0]) / 2 + dy * 0.11, (start[1] + end[1]) / 2 - dx * 0.11)
    style: dict[str, Any] = {
        "font": font(),
        "fontsize": 10.5,
        "color": PAPER,
        "bbox": {"boxstyle": "round,pad=0.25", "facecolor": _ARC_COLOUR, "edgecolor": PAPER, "linewidth": 0.8},
        "zorder": 9.8,
        "clip_on": True,
        "parse_math": False,
    }
    said = shorten_to(one_line(label), 14)
    if said and np.isfinite(at).all():
        axes.text(*at, said, ha="center", va="center", **style)


def _add_signs(axes: Axes, part: MapPart, y: float, step: float) -> None:
    """Say what diamonds and arrows mean, and the unit of the classes."""
    if part.words.unit:
        axes.text(_LEFT, y, part.words.unit, font=font(), fontsize=10.5, color=FAINT, va="center")
        y -= step
    if part.marks is not None and len(part.marks):
        canvas.draw_small_diamonds(axes, [0.145], [y], many=1)
        _write_sign(axes, y, part.words.mark)
        y -= step
    if part.arcs:
        axes.annotate(
            "",
            xy=(0.21, y),
            xytext=(_LEFT, y),
            arrowprops={"arrowstyle": "-|>,head_width=0.25,head_length=0.5", "color": _ARC_COLOUR, "lw": 1.7},
        )
        _write_sign(axes, y, part.words.move)


def _write_sign(axes: Axes, y: float, said: str) -> None:
    """Write what a sign means, smaller where it would not fit beside it."""
    size = min(12.0, _SIGN_POINTS / width_em(said))
    axes.text(_LEFT + SIGN_WIDTH, y, said, font=font(), fontsize=size, color=INK, va="center")
