"""What pages show of a picture, in words and digits: made once for each version, area, window and language.

The values are small and shared by everybody, read-only. What a person has chosen is put into them on every run.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from dashboard import cache
from dashboard.cache import CoverageView
from dashboard.cache.by_version import by_version
from dashboard.cache.store_versions import of_shown
from dashboard.kit.hour_timeline import Hour, timeline_data
from dashboard.kit.words import zone_name
from dashboard.kit.zone_tree import ancestors, count_above, inside, row_of, runs_inside
from dashboard.map import folium_maps
from dashboard.streamlit.state import View
from geo.schema import WIDE_LAYERS, Layer
from services import coverage
from services.catalog.actions import Action
from services.coverage import Headlines
from services.i18n import _
from services.rules.classes import SINGLE_ZONES, MapLayer, classify
from services.rules.windows import HOUR, Mode, Window
from services.wording import DAY_NAMES


def paint(mode: Mode, window: Window, view: View, choice: Mapping[str, Any]) -> str:
    """Return the script of what the map shows now (``maps.paint_script``)."""
    made = _paint(mode, window, MapLayer(view.layer))
    area = _area(mode, window, view.area_level, view.area_code) if view.area_level else None
    return folium_maps.fill_paint(made, level=view.level, choice=choice, area=area)


# About 60 KB each for 2,000 grids and their estates: 256 hold five layers of four windows for six areas in two
# languages in 15 MB.
@by_version(of_shown, most=256, within=Action.VIEW_COVERAGE, language=True)
def _paint(mode: Mode, window: Window, layer: MapLayer) -> str:
    there = cache.coverage_view(mode, window)
    tables = dict(there.tables)
    if layer is MapLayer.COLD:
        tables = {Layer.GRIDS: cache.cold_spots(mode, window)}
    elif layer is MapLayer.REACH:
        del tables[Layer.ESTATES]
    elif layer in SINGLE_ZONES:
        tables = {level: tables[level] for level in (Layer.GRIDS, Layer.ESTATES)}
    scales = cache.scales(layer, mode, window)
    levels = {level: classify(scales[level], table) for level, table in tables.items() if len(table)}
    return folium_maps.paint_to_fill(folium_maps.make_payload(levels, _marks(there), level="", choice={}))


# 1 KB each, where codes follow each other in an area.
@by_version(of_shown, most=256, within=Action.VIEW_COVERAGE)
def _area(mode: Mode, window: Window, level: Layer, code: str) -> folium_maps.RowRuns:
    return runs_inside(cache.coverage_view(mode, window).tables, level, code)


@by_version(of_shown, most=1_024, within=Action.VIEW_COVERAGE)
def headlines(mode: Mode, window: Window, level: Layer | None, code: str) -> Headlines:
    """Return the four figures at the top, of the grids inside a wide zone, or of all."""
    there = cache.coverage_view(mode, window)
    if level is None:
        return there.headlines
    grids = inside(there.tables, level, code, Layer.GRIDS)
    now, *compared = (
        table[table.index.isin(grids)]
        for table in (there.tables[Layer.GRIDS], *(each.grids for each in there.references))
    )
    return coverage.headline_figures(now, compared)


@by_version(of_shown, most=1_024, within=Action.VIEW_COVERAGE)
def roster_counts(mode: Mode, window: Window, level: Layer | None, code: str) -> tuple[int, int]:
    """Return of how many grids rosters hold some of a window, and of how many they hold nothing."""
    tables = cache.coverage_view(mode, window).tables
    held = tables[Layer.GRIDS]["covered"] > 0
    if level is not None:
        held = held[held.index.isin(inside(tables, level, code, Layer.GRIDS))]
    return int(held.sum()), int((~held).sum())


@by_version(of_shown, most=1_024, within=Action.VIEW_COVERAGE)
def total_range(mode: Mode, window: Window, level: Layer | None, code: str) -> tuple[float, float] | None:
    """Return between what the people missing in a wide zone, or everywhere, lie; None where it is not told at once."""
    norms, tables = cache.norm_range(mode, window), cache.coverage_view(mode, window).tables
    grids = tables[Layer.GRIDS]
    if norms is None or not grids["gap"].sum() > 0:
        return None
    return norms.total(grids if level is None else grids[grids.index.isin(inside(tables, level, code, Layer.GRIDS))])


def hours(mode: Mode, window: Window, now: datetime, level: Layer | None, code: str) -> dict[str, Any]:
    """Return what the strip of the next 72 hours draws, of a wide zone or of all. Shared: never change it."""
    return _hours(mode, window, now.replace(minute=0, second=0, microsecond=0), level, code)


# 40 KB each.
@by_version(of_shown, most=256, within=Action.VIEW_COVERAGE, language=True)
def _hours(mode: Mode, window: Window, hour: datetime, level: Layer | None, code: str) -> dict[str, Any]:
    weak = cache.weak_by_hour(mode, hour, f"{level.value}:{code}" if level else "")
    has_rosters = bool(weak["covered"].any())
    ahead = [
        Hour(
            row["start"].to_pydatetime(),
            int(row["weak"]),
            window.start < row["start"] + HOUR and row["start"] < window.end,
            int(row["estimated"]),
            float(row["covered"]) if has_rosters else None,
        )
        for row in weak.to_dict("records")
    ]
    tables = cache.coverage_view(mode, window).tables
    grids = inside(tables, level, code, Layer.GRIDS) if level else tables[Layer.GRIDS].index
    return timeline_data(ahead, len(grids), [_(name) for name in DAY_NAMES])


# Under 1 KB each.
@by_version(of_shown, most=4_096, within=Action.VIEW_COVERAGE)
def way(mode: Mode, window: Window, level: Layer, code: str) -> tuple[tuple[Layer, str, str], ...]:
    """Return a zone and what it lies in, the widest first: level, code, name."""
    tables = cache.coverage_view(mode, window).tables
    named = ((at, code, row_of(tables[at], code)) for at, code in ancestors(tables, level, code))
    return tuple((at, code, zone_name(row)) for at, code, row in named)


def _mixed(there: CoverageView) -> pd.DataFrame:
    return there.ranking[there.ranking["mixed"].astype(bool)]


def _marks(there: CoverageView) -> folium_maps.Marks:
    """Return the under-served mixed estates, and how many there are in each wide zone, or grid where there is none."""
    short = _mixed(there)
    positions = there.tables[Layer.ESTATES].index.get_indexer(short.index)
    gaps = np.asarray(short["gap"], dtype=float)
    counts = count_above(there.tables, short.index)
    wide = [level for level in WIDE_LAYERS if len(there.tables[level])] or [Layer.GRIDS]
    return folium_maps.Marks(
        list(zip(positions.tolist(), gaps.tolist(), strict=True)), {level: counts[level].tolist() for level in wide}
    )
