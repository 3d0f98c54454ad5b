"""The map of a briefing: classes of coverage by zone, with as few columns as drawing needs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isclose
from typing import Final

import geopandas as gpd
import pandas as pd

from geo.schema import STORED_CRS, WIDE_LAYERS, ZONE_LAYERS, Layer
from services.briefing.inputs import BriefingInputs, TeamMove
from services.briefing.model import Arc, MapPart, MapWords
from services.catalog.layers import BASE_LAYERS
from services.i18n import Text, translate
from services.rules.classes import (
    NO_DATA_LABEL,
    NO_NEED_LABEL,
    SELF_EXPLAINING,
    UNITS,
    MapLayer,
    Scale,
    make_scale,
)
from services.rules.rounding import round_table
from services.wording import people_text

MOST_MARKS: Final = 10
MOST_GRIDS: Final = 2_500
"""Grids that a map still shows one by one; of more only the wider zones can be told apart on a slide or a wall."""
MOST_WIDE: Final = 500
"""Wider zones that a map shows in their place."""
MAP_COLUMNS: Final = ("name", "status", "need", "met", "gap", "surplus", "share_met", "ratio")
"""Columns of a coverage table that the map of a briefing takes along."""
_DECIMALS: Final = 6
_BASE: Final = {False: BASE_LAYERS, True: (Layer.WATER,)}
"""What is drawn besides the zones, for grids and for wider zones: the roads of a city would hide its colours."""


def map_of(
    briefing_inputs: BriefingInputs,
    tables: Mapping[Layer, pd.DataFrame] | None = None,
    *,
    marks: gpd.GeoDataFrame | None = None,
    arcs: Sequence[Arc] = (),
) -> MapPart | None:
    """Return the map of coverage tables (by default the window's), at ``map_level``; None where no grids are stored."""
    tables = briefing_inputs.tables if tables is None else tables
    if tables[Layer.GRIDS].empty:
        return None
    level = map_level(tables)
    table, drawn = tables[level], _BASE[level in WIDE_LAYERS]
    return part_of(
        said_scale(make_scale(MapLayer.RATIO, table, level)),
        table[list(MAP_COLUMNS)].round(_DECIMALS),
        briefing_inputs.zones,
        {layer: frame for layer, frame in briefing_inputs.base.items() if len(frame) and layer in drawn},
        marks=marks,
        arcs=arcs,
    )


def part_of(
    scale: Scale,
    table: pd.DataFrame,
    zones: Mapping[Layer, gpd.GeoDataFrame],
    base: Mapping[Layer, gpd.GeoDataFrame],
    *,
    marks: gpd.GeoDataFrame | None = None,
    arcs: Sequence[Arc] = (),
) -> MapPart:
    """Return the map of a coverage table of the scale's level, with the borders of the levels above."""
    wider = (zones[layer] for layer in wider_layers(scale.level))
    borders = tuple(frame for frame in wider if len(frame))
    return MapPart(scale.level, scale, say_words(scale), table, zones[scale.level], borders, marks, base, tuple(arcs))


def map_level(tables: Mapping[Layer, pd.DataFrame]) -> Layer:
    """Return at which level a map shows some coverage tables: by grids up to ``MOST_GRIDS`` of them.

    Of more, the narrowest level of at most ``MOST_WIDE`` zones that holds all the need of the grids; where there is
    none, the grids.
    """
    grids = tables[Layer.GRIDS]
    if len(grids) <= MOST_GRIDS:
        return Layer.GRIDS
    need = grids["need"].sum()
    fitting = (
        layer
        for layer in reversed(WIDE_LAYERS)
        if 0 < len(tables[layer]) <= MOST_WIDE and isclose(tables[layer]["need"].sum(), need)
    )
    return next(fitting, Layer.GRIDS)


def wider_layers(level: Layer) -> tuple[Layer, ...]:
    """Return the levels whose borders a map of a level shows: the two next wider ones."""
    return ZONE_LAYERS[: ZONE_LAYERS.index(level)][-2:]


def marks_of(briefing_inputs: BriefingInputs, ranking: pd.DataFrame) -> gpd.GeoDataFrame | None:
    """Return the first ``MOST_MARKS`` of ``mixed_marks``; None where there are none or they are no estates."""
    estates = briefing_inputs.zones[Layer.ESTATES]
    marks = mixed_marks(ranking, estates).head(MOST_MARKS)
    return None if marks.empty or not marks.index.isin(estates.index).all() else marks


def mixed_marks(ranking: pd.DataFrame, estates: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the under-served mixed estates of a ranking in its order, gaps as they are shown: ``name gap geom``."""
    mixed = ranking[ranking["mixed"].to_numpy(dtype=bool)]
    marks = mixed[["name"]].assign(gap=round_table(mixed)["gap"], geom=estates.geometry.reindex(mixed.index))
    return gpd.GeoDataFrame(marks, geometry="geom", crs=STORED_CRS)


def arcs_of(briefing_inputs: BriefingInputs, sendings: Sequence[TeamMove]) -> list[Arc]:
    """Return the moves between grids that have an outline, one arc for each pair of grids, most people first."""
    together: dict[tuple[str, str], int] = {}
    for sending in sendings:
        key = sending.from_code, sending.to_code
        together[key] = together.get(key, 0) + sending.people
    middles = briefing_inputs.middles(code for pair in together for code in pair)
    arcs = []
    for (giver, receiver), count in sorted(together.items(), key=lambda item: (-item[1], item[0])):
        if giver in middles and receiver in middles and giver != receiver:
            label = translate("{people} people", people=people_text(count))
            arcs.append(Arc(middles[giver], middles[receiver], label))
    return arcs


def said_scale(scale: Scale) -> Scale:
    """Return a scale whose labels are said in the current language and stay so."""
    return replace(scale, labels=tuple(Text(translate(label)) for label in scale.labels))


def say_words(scale: Scale) -> MapWords:
    """Return what the legend of a scale says, in the current language."""
    return MapWords(
        title=translate(scale.title),
        unit="" if scale.layer in SELF_EXPLAINING else translate(UNITS[scale.layer]),
        no_need=translate(NO_NEED_LABEL),
        no_data=translate(NO_DATA_LABEL),
        mark=translate("Mixed estates that lack most"),
        move=translate("Move of a team"),
        count=translate("zones"),
    )
