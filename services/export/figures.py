"""The coverage map as a picture for paper and slides: 1920 × 1080 pixels, Chinese labels, equal metres both ways."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

import geopandas as gpd
import pandas as pd
import pylopdf_fonts_zh_cn
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.textpath import TextPath

from geo.crs import project, projected_crs
from geo.schema import Layer
from services.export import canvas
from services.export.facts import SourceLines, facts_line
from services.i18n import text, translate
from services.rules.class_colours import HATCHES, NO_DATA, NO_NEED, class_colours
from services.rules.classes import NO_DATA_LABEL, NO_NEED_LABEL, UNITS, MapLayer, Scale, classify
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
_INK: Final = "#1f2937"
_FAINT: Final = "#5b6472"
_PAPER: Final = "#ffffff"


class MapDrawing(Protocol):
    """What a map needs, whatever stands around it: ``MapPicture`` and the map of a briefing."""

    @property
    def table(self) -> pd.DataFrame:
        """Coverage table of the level drawn."""
        ...

    @property
    def zones(self) -> gpd.GeoDataFrame:
        """The zones of the same level."""
        ...

    @property
    def scale(self) -> Scale:
        """The classes drawn."""
        ...

    @property
    def borders(self) -> Sequence[gpd.GeoDataFrame]:
        """Wider zones, the widest first."""
        ...

    @property
    def marks(self) -> gpd.GeoDataFrame | None:
        """Under-served mixed estates in order of rank."""
        ...

    @property
    def base(self) -> Mapping[Layer, gpd.GeoDataFrame]:
        """Roads and water."""
        ...


@dataclass(frozen=True)
class MapPicture:
    """What is drawn. Frames are indexed by ``code``; geometry in EPSG:4326."""

    table: pd.DataFrame
    """Coverage table of the level drawn."""
    zones: gpd.GeoDataFrame
    """The zones of the same level."""
    level: Layer
    facts: SourceLines
    scale: Scale
    """The classes drawn, from ``make_scale``."""
    title: str
    """One sentence that says what the map shows, e.g. from ``conclusion``."""
    borders: Sequence[gpd.GeoDataFrame] = ()
    """Wider zones that are outlined and named, the widest first."""
    marks: gpd.GeoDataFrame | None = None
    """Under-served mixed estates in order of rank: ``name gap`` (as shown) and their geometry."""
    base: Mapping[Layer, gpd.GeoDataFrame] = field(default_factory=dict)
    """Roads and water."""


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
    digits = classify(picture.scale, picture.table).digits
    draw_map(figure.add_axes(_MAP), picture, digits)
    _write_title(figure, picture)
    bottom = _draw_legend(figure, class_rows(picture.scale, digits))
    _list_marks(figure, picture, bottom)
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


def class_rows(scale: Scale, digits: str) -> list[tuple[str, str, str, int]]:
    """Return digit, label, colour and number of zones of every class, the lowest first, then no need and no data."""
    labels = {str(k): label for k, label in enumerate(scale.labels)}
    labels |= {NO_NEED: NO_NEED_LABEL, NO_DATA: NO_DATA_LABEL}
    colours = class_colours(scale.colours)
    return [(digit, translate(label), colours[digit], digits.count(digit)) for digit, label in labels.items()]


def draw_map(axes: Axes, picture: MapDrawing, digits: str) -> None:
    """Draw zones in the colours of ``digits`` (``classify``), base, borders, names, marks and scale bar."""
    crs = projected_crs(picture.zones) if len(picture.zones) else None
    if crs is None:
        axes.set_axis_off()
        return
    outlines = project(picture.zones.geometry.reindex(picture.table.index), crs)
    canvas.fit(axes, outlines.total_bounds)
    base = {layer: project(frame, crs) for layer, frame in picture.base.items() if len(frame)}
    if Layer.WATER in base:
        canvas.draw_water(axes, base[Layer.WATER])
    for digit, _label, colour, count in class_rows(picture.scale, digits):
        if count:
            chosen = outlines[[mark == digit for mark in digits]]
            canvas.draw_zones(axes, chosen, colour, many=len(outlines), hatch=HATCHES.get(digit))
    if Layer.ROADS in base:
        canvas.draw_roads(axes, base[Layer.ROADS])
    widths = (1.8, 0.9 if len(outlines) < 300 else 0.6)
    for width, frame in reversed([*zip(widths, picture.borders, strict=False)]):
        canvas.draw_borders(axes, project(frame.geometry, crs), width)
    marks = outlines.head(0) if picture.marks is None else project(picture.marks.geometry, crs)
    if picture.borders:
        named = next((zones for zones in reversed(picture.borders) if len(zones) <= MOST_NAMES), picture.borders[0])
        canvas.write_names(axes, project(named.geometry, crs), named["name"], marks, MOST_MARKS, font())
    canvas.draw_marks(axes, marks if _are_all_marked(marks) else marks.head(MOST_MARKS), font(), MOST_MARKS)
    canvas.draw_scale_bar(axes, font())
    canvas.draw_north(axes, font())


def _write_title(figure: Figure, picture: MapPicture) -> None:
    style: dict[str, Any] = {"font": font(), "fontsize": 25, "color": _INK, "va": "center", "parse_math": False}
    figure.text(0.02, 0.945, picture.title, **style, **canvas.bold(_INK))
    said = text("{layer} by {level}", layer=translate(picture.scale.title), level=translate(LAYER_NAMES[picture.level]))
    unit = UNITS[picture.scale.layer]
    parts = [translate(said), *([] if picture.scale.layer is MapLayer.RATIO else [translate(unit)])]
    subtitle = "  ·  ".join([*parts, full_window(picture.facts.window), translate(MODE_NAMES[picture.facts.mode])])
    figure.text(0.02, 0.885, subtitle, font=font(), fontsize=14, color=_FAINT, va="center")


def _draw_legend(figure: Figure, rows: Sequence[tuple[str, str, str, int]]) -> float:
    """Draw the legend at the top of the panel and return how far down it comes."""
    axes = figure.add_axes((_PANEL_LEFT, 0.0, 1 - _PANEL_LEFT - 0.02, 1.0))
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    top, step = 0.835, 0.036
    heading: dict[str, Any] = {"font": font(), "fontsize": 14, "color": _INK, "va": "center"}
    axes.text(0, top, translate("Classes"), **heading, **canvas.bold(_INK))
    axes.text(1, top, translate("zones"), **(heading | {"fontsize": 12, "color": _FAINT}), ha="right")
    for k, (digit, label, colour, count) in enumerate(rows):
        y = top - 0.042 - k * step
        canvas.draw_swatch(axes, (0, y - 0.011), (0.13, 0.022), colour, hatch=HATCHES.get(digit))
        ink = _INK if count else _FAINT
        axes.text(0.17, y, label, font=font(), fontsize=13, color=ink, va="center")
        axes.text(1, y, f"{count:,}", font=font(), fontsize=13, color=ink, va="center", ha="right")
    return float(top - 0.042 - len(rows) * step)


def _list_marks(figure: Figure, picture: MapPicture, top: float) -> None:
    if picture.marks is None or not len(picture.marks):
        return
    axes = figure.add_axes((_PANEL_LEFT, 0.0, 1 - _PANEL_LEFT - 0.02, 1.0))
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    more = len(picture.marks)
    y = top - 0.03
    title = translate(text("Mixed estates short of people: {count}", count=more))
    axes.text(0, y, title, font=font(), fontsize=14, color=_INK, va="center", **canvas.bold(_INK))
    for k, (_code, row) in enumerate(picture.marks.head(MOST_MARKS).iterrows(), start=1):
        y -= 0.040
        canvas.draw_numbered_diamond(axes, (0.045, y), k, font())
        name = shorten(row["name"], 13)
        axes.text(0.12, y, name, font=font(), fontsize=13, color=_INK, va="center", parse_math=False)
        short = translate(text("{count} short", count=shown_text(row["gap"])))
        axes.text(1, y, short, font=font(), fontsize=13, color=_INK, va="center", ha="right")
    if more > MOST_MARKS:
        said = text("and {count} more, marked on the map")
        if _are_all_marked(picture.marks):
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
