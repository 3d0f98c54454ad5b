"""Frames to folium: the map that stays, and the layer on it that changes. Pure; (lat, lon) appears only here."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import folium
import numpy as np
import pandas as pd
from jinja2.utils import htmlsafe_json_dumps

from dashboard.kit.words import LEVEL_NAMES
from dashboard.map.bridge import script_of
from dashboard.map.plugin import ChangingLayer, PaperMap, Plugin, controls
from geo.arrays import Bounds
from geo.datum import convert
from geo.schema import Datum, Layer
from services.briefing.mapping import say_words
from services.briefing.model import MapWords
from services.i18n import _
from services.rules.class_colours import HATCHES, NO_DATA, NO_NEED, class_colours, line_colour
from services.rules.classes import IN_PERCENT, MapLayer, Scale, ZoneClasses

PIXELS_WIDE: Final = {Layer.SUBDISTRICTS: 20.0, Layer.COMMUNITIES: 22.0, Layer.GRIDS: 14.0, Layer.ESTATES: 26.0}
"""A level shows from the zoom on at which its middle zone is this wide."""
_EQUATOR_M_PER_PIXEL: Final = 156_543.034
_M_PER_DEGREE: Final = 111_320.0
_LEVEL_SLOT: Final = "@level@"
_CHOICE_SLOT: Final = "@choice@"
_AREA_SLOT: Final = "@area@"
"""Nothing else in a payload is written by people."""
HATCH_PAYLOAD: Final = {digit: asdict(hatch) for digit, hatch in HATCHES.items()}
_OUTLINES: Final = (0.0, 1.2, 2.2, 3.2, 4.0)
"""Width of the outlines of wider levels, by how many levels wider."""


@dataclass(frozen=True, slots=True)
class LevelSource:
    """A level of zones on the map: where its geometry is, and from which zoom on it shows."""

    layer: Layer
    url: str
    min_zoom: float


def first_zoom(bounds: pd.DataFrame, pixels: float) -> float:
    """Return the zoom, in steps of a half, from which the middle one of some boxes is ``pixels`` wide.

    Parameters
    ----------
    bounds
        Columns ``minx miny maxx maxy`` in degrees.
    pixels
        How wide.
    """
    known = bounds.dropna()
    latitude = float(known[["miny", "maxy"]].to_numpy().mean()) if len(known) else 0.0
    shrink = np.cos(np.radians(latitude))
    width = (known["maxx"] - known["minx"]) * shrink * _M_PER_DEGREE
    height = (known["maxy"] - known["miny"]) * _M_PER_DEGREE
    middle = float(np.sqrt(width * height).median()) if len(known) else 0.0
    if middle <= 0:
        return 16.0
    zoom = np.log2(pixels * _EQUATOR_M_PER_PIXEL * shrink / middle)
    return float(np.clip(np.ceil(2 * zoom) / 2, 0, 18))


@dataclass(frozen=True, slots=True)
class Tiles:
    """A tile source inside the network: its address ({z}/{x}/{y}), empty for none, and the datum of its tiles."""

    url: str
    datum: Datum


NO_TILES: Final = Tiles("", Datum.WGS84)


def make_map(
    levels: Sequence[LevelSource], base: Mapping[Layer, str], bounds: Bounds, label: str, tiles: Tiles = NO_TILES
) -> folium.Map:
    """Return the map that stays: paper, water, zones, roads, names, legend. Its geometry is fetched by address."""
    west, south, east, north = bounds
    corners = [[south, west], [north, east]]
    sources = [{"name": s.layer.value, "url": s.url, "minZoom": s.min_zoom} for s in levels]
    paper = PaperMap()
    middle = np.array([[(west + east) / 2, (south + north) / 2]])
    shift_lon, shift_lat = (convert(middle, Datum.WGS84, tiles.datum) - middle)[0]
    plugins = (
        controls(),
        Plugin("tiles", options={"url": tiles.url, "shift": [float(shift_lat), float(shift_lon)]}),
        Plugin("zones", needs=("fills",), options={"levels": sources, "outlines": _OUTLINES, "bounds": corners}),
        Plugin("basemap", options={layer.value: url for layer, url in base.items()}),
        Plugin("marks", needs=("symbols",)),
        Plugin("labels"),
        Plugin("legend"),
        Plugin("keyboard", options={"label": label}),
        Plugin("place", options={"bounds": corners}),
    )
    for plugin in plugins:
        plugin.add_to(paper)
    return paper


@dataclass(frozen=True, slots=True)
class Marks:
    """The under-served mixed estates of a map."""

    places: Sequence[tuple[int, float]] = ()
    """Position among the estates and gap of each."""
    counts: Mapping[Layer, Sequence[int]] = field(default_factory=dict)
    """How many lie in each zone of wider levels, in the order of the level's geometry."""


RowRuns = Mapping[Layer, Sequence[Sequence[int]]]
"""What of each level lies in the area a map tells of: runs of zones, each its first position and its length."""


def make_payload(
    levels: Mapping[Layer, ZoneClasses],
    marks: Marks,
    *,
    level: str,
    choice: Mapping[str, Any],
    area: RowRuns | None = None,
) -> dict[str, Any]:
    """Return what the map shows now.

    Parameters
    ----------
    levels
        Digits and figures of each level with its classes, in the order of the level's geometry (by code).
    marks
        The under-served mixed estates: one by one where few are in view, as a count for each wider zone where many are.
    level
        The level asked for, or ``auto``.
    choice
        ``name``, ``code``, ``go`` and ``key`` of what is chosen.
    area
        What is told of; None is everything.
    """
    return {
        "levels": {name.value: _level_payload(classified) for name, classified in levels.items()},
        "hatches": HATCH_PAYLOAD,
        "levelNames": {layer.value: _(LEVEL_NAMES[layer]) for layer in levels},
        "marks": [[int(position), round(float(gap), 1)] for position, gap in marks.places],
        "markLabel": _("Mixed estate short of people"),
        "markCounts": {name.value: _mark_counts(name, counts) for name, counts in marks.counts.items()},
        "level": level,
        "choice": dict(choice),
        "area": area_payload(area),
    }


def _level_payload(classified: ZoneClasses) -> dict[str, Any]:
    scale = classified.scale
    return legend_payload(scale, say_words(scale)) | {
        "cls": classified.digits,
        "figures": classified.figures,
        "unit": "%" if scale.layer in IN_PERCENT else "",
        "words": scale.layer is MapLayer.COLD,
    }


def legend_payload(scale: Scale, words: MapWords) -> dict[str, Any]:
    """Return the classes of a map: title, colours and labels by class, in the order of the legend."""
    labels, colours = {str(k): _(label) for k, label in enumerate(scale.labels)}, class_colours(scale.colours)
    return {
        "title": words.title,
        "note": words.unit,
        "colours": colours,
        "lines": {digit: line_colour(colour) for digit, colour in colours.items()},
        "labels": labels | {NO_NEED: words.no_need, NO_DATA: words.no_data},
        "order": [*labels, NO_NEED, NO_DATA],
    }


def area_payload(area: RowRuns | None) -> dict[str, Any] | None:
    """Return an area as the browser reads it."""
    return None if area is None else {level.value: [list(run) for run in runs] for level, runs in area.items()}


def _mark_counts(level: Layer, counts: Sequence[int]) -> dict[str, Any]:
    label = _("Mixed estates short of people, number by {level} (most first)", level=_(LEVEL_NAMES[level]))
    return {"label": label, "counts": [int(count) for count in counts]}


def paint_script(payload: Mapping[str, Any]) -> str:
    """Return the script of the layer that changes; the same view gives the same script, which changes nothing."""
    group = folium.FeatureGroup(name="now")
    group.add_child(ChangingLayer(dict(payload)))
    return script_of(group)


def paint_to_fill(payload: Mapping[str, Any]) -> str:
    """Return the same of ``make_payload`` with slots for ``level``, ``choice`` and ``area``, which people choose."""
    return paint_script({**payload, "level": _LEVEL_SLOT, "choice": _CHOICE_SLOT, "area": _AREA_SLOT})


def fill_paint(script: str, *, level: str, choice: Mapping[str, Any], area: RowRuns | None = None) -> str:
    """Return the script of ``paint_to_fill`` with its slots filled, each written as folium writes a payload."""
    # What people chose comes last: nothing in it is taken for a slot.
    for slot, value in ((_LEVEL_SLOT, level), (_AREA_SLOT, area_payload(area)), (_CHOICE_SLOT, dict(choice))):
        script = script.replace(f'"{slot}"', htmlsafe_json_dumps(value, sort_keys=True), 1)
    return script
