"""The coverage map as a picture for paper and slides: 1920 × 1080 pixels, Chinese labels, equal metres both ways."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pylopdf_fonts_zh_cn
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.textpath import TextPath

from geo.crs import project, projected_crs
from geo.schema import Layer
from services.briefing.model import MapPart
from services.export import canvas
from services.export.facts import SourceLines, facts_line
from services.i18n import text, translate
from services.rules.class_colours import HATCHES, NO_DATA, NO_NEED, class_colours
from services.rules.classes import UNITS, MapLayer, classify
from services.rules.layer_names import LAYER_NAMES
from services.rules.rounding import shown_text
from services.rules.windows import MODE_NAMES
from services.wording import full_window

SIZE_INCHES: Final = (16.0, 9.0)
_FOOT_POINTS: Final = 10.5
DOTS_PER_INCH: Final = 120
MOST_MARKS: Final = 8
"""Under-served mixed estates that are numbered on the map and named beside it."""
MOST_SMALL_MARKS: Final = 200
"""Where there are more, those without a number are counted and not drawn: they would hide the colours."""
MOST_NAMES: Final = 40
"""Where the narrowest of the wider levels has more zones, the next wider one is named."""
_MAP: Final = (0.02, 0.075, 0.70, 0.775)
"""Left, bottom, width, height of the map as shares of the page."""
_PANEL_LEFT: Final = 0.745
SIGN_WIDTH: Final = 0.18
"""Room of a swatch or sign before its label, as a share of the legend."""
_INK: Final = "#1f2937"
_FAINT: Final = "#5b6472"
_PAPER: Final = "#ffffff"


@dataclass(frozen=True, slots=True)
class LegendPlace:
    """Where a legend stands, in shares of its axes; ``size`` of letters in points."""

    top: float
    step: float
    """From row to row."""
    left: float
    right: float
    size: float


@dataclass(frozen=True)
class MapPicture:
    """A map with what stands around it on a page of its own."""

    part: MapPart
    """Marks are all under-served mixed estates in order of rank."""
    title: str
    """One sentence that says what the map shows, e.g. from ``conclusion``."""
    facts: SourceLines


def coverage_png(picture: MapPicture) -> bytes:
    """Return a picture of 1920 × 1080 pixels as PNG.

    Zones of no need and zones without data are hatched; the legend counts the zones of every class. Zones without
    outline are counted and not drawn.
    """
    figure = draw_figure(picture)
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def draw_figure(picture: MapPicture) -> Figure:
    """Return the figure that ``coverage_png`` renders."""
    figure = Figure(figsize=SIZE_INCHES, dpi=DOTS_PER_INCH, facecolor=_PAPER)
    digits = classify(picture.part.scale, picture.part.table).digits
    draw_map(figure.add_axes(_MAP), picture.part, digits)
    _write_title(figure, picture)
    panel = figure.add_axes((_PANEL_LEFT, 0.0, 1 - _PANEL_LEFT - 0.02, 1.0))
    heading = translate("Classes"), translate("zones")
    rows = class_rows(picture.part, digits)
    bottom = draw_legend(panel, rows, heading, LegendPlace(top=0.835, step=0.036, left=0.0, right=1.0, size=13))
    if picture.part.marks is not None and len(picture.part.marks):
        _list_marks(panel, picture.part.marks, bottom)
    line = facts_line(picture.facts)
    figure.text(0.02, 0.022, line, font=font(), fontsize=_foot_points(line), color=_FAINT, va="bottom")
    return figure


def _foot_points(line: str) -> float:
    """Return the size of letters at which a line fits between the margins of the page."""
    room = 0.93 * 72 * SIZE_INCHES[0]  # drawn in whole pixels, letters are a little wider than they are measured
    wide = TextPath((0, 0), line, size=_FOOT_POINTS, prop=font()).get_extents().width
    return float(_FOOT_POINTS * min(1.0, room / wide))


@cache
def font(path: Path | None = None) -> FontProperties:
    """Return Noto Sans SC from its package, or the system's Noto Sans CJK where the package lacks the file."""
    path = path or pylopdf_fonts_zh_cn.sans_path()
    if path.is_file():
        return FontProperties(fname=str(path))
    return FontProperties(fname=findfont(FontProperties(family=["Noto Sans CJK SC", "Noto Sans SC"])))


def class_rows(part: MapPart, digits: str) -> list[tuple[str, str, str, int]]:
    """Return digit, label, colour and number of zones of every class, the lowest first, then no need and no data."""
    labels = {str(k): translate(label) for k, label in enumerate(part.scale.labels)}
    labels |= {NO_NEED: part.words.no_need, NO_DATA: part.words.no_data}
    colours = class_colours(part.scale.colours)
    return [(digit, label, colours[digit], digits.count(digit)) for digit, label in labels.items()]


def draw_map(axes: Axes, part: MapPart, digits: str) -> None:
    """Draw zones in the colours of ``digits`` (``classify``), base, borders, names, marks and scale bar."""
    crs = projected_crs(part.zones) if len(part.zones) else None
    if crs is None:
        axes.set_axis_off()
        return
    outlines = project(part.zones.geometry.reindex(part.table.index), crs)
    canvas.fit(axes, outlines.total_bounds)
    base = {layer: project(frame, crs) for layer, frame in part.base.items() if len(frame)}
    if Layer.WATER in base:
        canvas.draw_water(axes, base[Layer.WATER])
    for digit, _label, colour, count in class_rows(part, digits):
        if count:
            chosen = outlines[[mark == digit for mark in digits]]
            canvas.draw_zones(axes, chosen, colour, many=len(outlines), hatch=HATCHES.get(digit))
    if Layer.ROADS in base:
        canvas.draw_roads(axes, base[Layer.ROADS])
    widths = (1.8, 0.9 if len(outlines) < 300 else 0.6)
    for width, frame in reversed([*zip(widths, part.borders, strict=False)]):
        canvas.draw_borders(axes, project(frame.geometry, crs), width)
    marks = outlines.head(0) if part.marks is None else project(part.marks.geometry, crs)
    if part.borders:
        named = next((zones for zones in reversed(part.borders) if len(zones) <= MOST_NAMES), part.borders[0])
        canvas.write_names(axes, project(named.geometry, crs), named["name"], marks, MOST_MARKS, font())
    canvas.draw_marks(axes, marks if _are_all_marked(marks) else marks.head(MOST_MARKS), font(), MOST_MARKS)
    canvas.draw_scale_bar(axes, font())
    canvas.draw_north(axes, font())


def draw_legend(
    axes: Axes, rows: Sequence[tuple[str, str, str, int]], heading: tuple[str, str], place: LegendPlace
) -> float:
    """Draw the rows of ``class_rows`` below a title and what is counted; return where the next row would stand."""
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    title, counted = heading
    style: dict[str, Any] = {"font": font(), "va": "center"}
    axes.text(place.left, place.top, title, fontsize=place.size + 1, color=_INK, **style, **canvas.bold(_INK))
    axes.text(place.right, place.top, counted, fontsize=place.size - 1, color=_FAINT, ha="right", **style)
    y = place.top - place.step * 1.1
    for digit, label, colour, count in rows:
        size = (0.13, place.step * 0.6)
        canvas.draw_swatch(axes, (place.left, y - place.step * 0.3), size, colour, hatch=HATCHES.get(digit))
        style |= {"fontsize": place.size, "color": _INK if count else _FAINT}
        axes.text(place.left + SIGN_WIDTH, y, label, **style)
        axes.text(place.right, y, f"{count:,}", ha="right", **style)
        y -= place.step
    return y


def _write_title(figure: Figure, picture: MapPicture) -> None:
    style: dict[str, Any] = {"font": font(), "fontsize": 25, "color": _INK, "va": "center", "parse_math": False}
    figure.text(0.02, 0.945, picture.title, **style, **canvas.bold(_INK))
    scale, level = picture.part.scale, translate(LAYER_NAMES[picture.part.level])
    area = translate(picture.facts.imprint.area)
    parts = [*([area] if area else []), translate("{layer} by {level}", layer=picture.part.words.title, level=level)]
    parts += [] if scale.layer is MapLayer.RATIO else [translate(UNITS[scale.layer])]
    subtitle = "  ·  ".join([*parts, full_window(picture.facts.window), translate(MODE_NAMES[picture.facts.mode])])
    figure.text(0.02, 0.885, subtitle, font=font(), fontsize=14, color=_FAINT, va="center")


def _list_marks(axes: Axes, marks: gpd.GeoDataFrame, top: float) -> None:
    """List the marks that are numbered on the map below the legend, and how many more there are."""
    more = len(marks)
    y = top - 0.03
    title = translate(text("Mixed estates short of people: {count}", count=more))
    axes.text(0, y, title, font=font(), fontsize=14, color=_INK, va="center", **canvas.bold(_INK))
    for k, (_code, row) in enumerate(marks.head(MOST_MARKS).iterrows(), start=1):
        y -= 0.040
        canvas.draw_numbered_diamond(axes, (0.045, y), k, font())
        name = shorten(row["name"], 13)
        axes.text(0.12, y, name, font=font(), fontsize=13, color=_INK, va="center", parse_math=False)
        short = translate(text("{count} short", count=shown_text(row["gap"])))
        axes.text(1, y, short, font=font(), fontsize=13, color=_INK, va="center", ha="right")
    if more > MOST_MARKS:
        said = text("and {count} more, marked on the map")
        if _are_all_marked(marks):
            canvas.draw_small_diamonds(axes, [0.045], [y - 0.040], many=more - MOST_MARKS)
        else:
            said = text("and {count} more, too many to mark them on the map")
        rest = translate(said, count=more - MOST_MARKS)
        axes.text(0.12, y - 0.040, rest, font=font(), fontsize=12, color=_FAINT, va="center")


def _are_all_marked(marks: gpd.GeoSeries | gpd.GeoDataFrame) -> bool:
    return len(marks) <= MOST_MARKS + MOST_SMALL_MARKS


def shorten(name: str, most: int) -> str:
    """Return a name of at most that many characters."""
    return name if len(name) <= most else name[: most - 1] + "…"
