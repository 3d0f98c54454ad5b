"""A briefing as the JSON that the screen shows: the same words, at most seven figures and twelve rows."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import isnan
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from dashboard.map.folium_maps import HATCH_PAYLOAD, legend_payload
from geo.coverage import Status
from geo.schema import WIDE_LAYERS, Layer
from services.briefing import source_line
from services.briefing.model import BRIEFING_FORM, MAP_FORM, SECTION_FORM, Briefing, MapPart, Section, Table
from services.rules.classes import classify
from services.rules.rounding import percents_met, round_table, shown_text

MOST_FIGURES: Final = 7
MOST_ROWS: Final = 12
_DRAWN: Final = {"level", "zones", "borders", "base", "arcs"}

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
    head: dict[str, Any] = BRIEFING_FORM.dump_python(briefing, mode="json", exclude={"sections"})
    sections = [section_payload(section, put_shapes) for section in briefing.sections]
    return head | {"foot": source_line(briefing), "sections": sections}


def section_payload(section: Section, put_shapes: PutShapes) -> dict[str, Any]:
    """Return what the screen shows of a section; what is more than fits on a wall is counted, not shown."""
    shown = replace(section, figures=section.figures[:MOST_FIGURES], table=section.table and _cut(section.table))
    form: dict[str, Any] = SECTION_FORM.dump_python(shown, mode="json", exclude={"map"})
    return form | {"map": section.map and map_payload(section.map, put_shapes)}


def map_payload(part: MapPart, put_shapes: PutShapes) -> dict[str, Any]:
    """Return a map: tokens of its outlines, a class and the figures of each zone, marks and arcs."""
    table = part.table.reindex(part.zones.index)
    digits = classify(part.scale, table).digits
    return (
        ground_payload(part, put_shapes)
        | classes_payload(digits)
        | {
            "facts": _facts(table, part.level),
            "marks": _marks(part),
        }
    )


def ground_payload(part: MapPart, put_shapes: PutShapes) -> dict[str, Any]:
    """Return what of a map does not change with its figures: where it lies, its outlines, moves and legend."""

    def put(frame: gpd.GeoDataFrame) -> str | None:
        return put_shapes(frame) if len(frame) else None

    drawn: dict[str, Any] = MAP_FORM.dump_python(part, mode="json", include=_DRAWN, context=put)
    legend = {"hatches": HATCH_PAYLOAD, "markLabel": part.words.mark}
    return drawn | {"bounds": _bounds(part.zones)} | legend_payload(part.scale, part.words) | legend


def classes_payload(digits: str) -> dict[str, Any]:
    """Return the class of each zone, and how many zones each class has."""
    return {"classes": digits, "counts": {key: digits.count(key) for key in sorted(set(digits))}}


def _cut(table: Table) -> Table:
    """Return a table of at most ``MOST_ROWS`` rows."""
    return replace(table, rows=table.rows[:MOST_ROWS], left_out=table.left_out + max(len(table.rows) - MOST_ROWS, 0))


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
