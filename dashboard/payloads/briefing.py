"""A briefing as the JSON that the screen shows: the same words, at most seven figures and twelve rows."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from math import isnan
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from dashboard.map.folium_maps import legend_payload
from geo.coverage import Status
from geo.schema import WIDE_LAYERS, Layer
from services.briefing.model import Briefing, Chart, KeyFigure, MapPart, MapWords, Section, Table
from services.rules.class_colours import HATCHES
from services.rules.classes import Scale, classify
from services.rules.rounding import percents_met, round_table, shown_text

MOST_FIGURES: Final = 7
MOST_ROWS: Final = 12

PutShapes = Callable[[gpd.GeoDataFrame], str]
"""Takes the outlines of a frame and returns the token under which the screen fetches them."""


def briefing_payload(briefing: Briefing, put_shapes: PutShapes) -> dict[str, Any]:
    """Return what the screen shows of a briefing.

    Parameters
    ----------
    briefing
        What is said, word for word.
    put_shapes
        Keeps outlines for being fetched.
    """
    return {
        "language": briefing.language,
        "title": briefing.title,
        "madeAt": briefing.made_at.isoformat(timespec="seconds"),
        "dataVersion": briefing.data_version,
        "dataAt": briefing.data_at.isoformat(timespec="seconds") if briefing.data_at else None,
        "window": briefing.window,
        "mode": briefing.mode,
        "mark": briefing.mark,
        "source": briefing.source,
        "number": briefing.number,
        "sections": [section_payload(section, put_shapes) for section in briefing.sections],
    }


def section_payload(section: Section, put_shapes: PutShapes) -> dict[str, Any]:
    """Return what the screen shows of a section; what is more than fits on a wall is counted, not shown."""
    return {
        "name": section.name.value,
        "title": section.title,
        "lead": section.lead,
        "comment": section.comment,
        "figures": [figure_payload(figure) for figure in section.figures[:MOST_FIGURES]],
        "table": table_payload(section.table) if section.table else None,
        "chart": chart_payload(section.chart) if section.chart else None,
        "map": map_payload(section.map, put_shapes) if section.map else None,
    }


def figure_payload(figure: KeyFigure) -> dict[str, str]:
    """Return a figure."""
    return {"label": figure.label, "value": figure.value, "note": figure.note, "tone": figure.tone.value}


def table_payload(table: Table) -> dict[str, Any]:
    """Return a table of at most ``MOST_ROWS`` rows."""
    return {
        "columns": [{"name": column.name, "number": column.is_number} for column in table.columns],
        "rows": [list(row) for row in table.rows[:MOST_ROWS]],
        "leftOut": table.left_out + max(len(table.rows) - MOST_ROWS, 0),
    }


def chart_payload(chart: Chart) -> dict[str, Any]:
    """Return a chart; numbers that are not finite are not known."""
    return {
        "kind": chart.kind.value,
        "labels": list(chart.labels),
        "series": [{"name": one.name, "values": [_number(v) for v in one.values]} for one in chart.series],  # noqa: PD011 - no frame
        "unit": chart.unit,
        "marked": chart.marked,
        "markedText": chart.marked_text,
    }


def map_payload(part: MapPart, put_shapes: PutShapes) -> dict[str, Any]:
    """Return a map: tokens of its outlines, a class and the figures of each zone, marks and arcs."""
    table = part.table.reindex(part.zones.index)
    shown = classify(part.scale, table)
    outlines = outline_payload(part.level, part.zones, part.borders, put_shapes)
    return {
        **outlines,
        **scale_payload(part.scale, part.words),
        "base": {layer.value: put_shapes(frame) for layer, frame in part.base.items() if len(frame)},
        "classes": shown.digits,
        "counts": {key: shown.digits.count(key) for key in sorted(set(shown.digits))},
        "facts": _facts(table, part.level),
        "marks": _marks(part),
        "arcs": [{"from": list(arc.start), "to": list(arc.end), "label": arc.label} for arc in part.arcs],
    }


def outline_payload(
    level: Layer, zones: gpd.GeoDataFrame, borders: Sequence[gpd.GeoDataFrame], put_shapes: PutShapes
) -> dict[str, Any]:
    """Return where a map lies and the tokens of its outlines."""
    return {
        "level": level.value,
        "zones": put_shapes(zones) if len(zones) else None,
        "borders": [put_shapes(frame) for frame in borders if len(frame)],
        "bounds": _bounds(zones),
    }


def scale_payload(scale: Scale, words: MapWords) -> dict[str, Any]:
    """Return the classes of a map: title, colours and labels by class, in the order of the legend."""
    return {
        "title": words.title,
        "note": words.unit,
        "hatches": {digit: asdict(hatch) for digit, hatch in HATCHES.items()},
        **legend_payload(scale, no_need=words.no_need, no_data=words.no_data),
        "markLabel": words.mark,
    }


def _facts(table: pd.DataFrame, level: Layer) -> list[list[list[str]]]:
    """Return the figures of each zone with the names of their words (``dashboard.wall.page``); none where not known.

    A grid has its supply and supply by need; a wider zone what is met in its grids, which adds up to its gap.
    """
    share, supply = ("share_met", "met") if level in WIDE_LAYERS else ("ratio", "supply")
    table = table.reindex(columns=["status", share, "need", "met", "surplus"])
    percents = ["–" if isnan(percent) else f"{percent:.0f}%" for percent in percents_met(table[share]).tolist()]
    words = (share, "need", supply, "gap", "surplus")
    figures = round_table(table)[list(words[1:])].map(shown_text).to_numpy(dtype=str).tolist()
    rows = zip(table["status"].astype(str), percents, figures, strict=True)
    return [_fact(status, list(zip(words, (percent, *row), strict=True))) for status, percent, row in rows]


def _fact(status: str, pairs: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Return the pairs that are told of a zone: of its gap and its surplus, the one it has."""
    if status not in {Status.WEAK, Status.ENOUGH, Status.SPARE}:
        return []
    *facts, gap, surplus = pairs
    return [list(pair) for pair in (*facts, gap if status == Status.WEAK else surplus)]


def _marks(part: MapPart) -> dict[str, Any] | None:
    """Return the marked estates with what each is short of."""
    if part.marks is None or not len(part.marks):
        return None
    marks = part.marks
    gaps = marks["gap"].to_numpy(dtype=float, na_value=0.0)
    names = marks["name"].fillna("").astype(str)
    spots = marks.geometry.representative_point()
    return {
        "places": [[round(p.x, 6), round(p.y, 6)] for p in spots],
        "names": list(names),
        "gaps": [round(float(gap), 1) for gap in gaps],
        "said": [shown_text(float(gap)) for gap in gaps],
    }


def _bounds(frame: gpd.GeoDataFrame) -> list[float] | None:
    """Return west, south, east, north in degrees, or nothing where there is no outline."""
    if not len(frame):
        return None
    edges = [float(edge) for edge in frame.total_bounds]
    return edges if np.isfinite(edges).all() else None


def _number(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)
