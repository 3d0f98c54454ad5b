"""The maps that stay, made once."""

from functools import lru_cache

import folium
import streamlit as st

from dashboard.cache.layers import MAP_LAYERS, geometry_url, layer_frame, packed_of
from dashboard.cache.server_context import own_area
from dashboard.cache.store_versions import versions
from dashboard.map.bridge import StaticMap, render_map
from dashboard.map.folium_maps import PIXELS_WIDE, LevelSource, Tiles, first_zoom, make_map
from dashboard.map.team_layer import add_planning
from dashboard.streamlit import session
from geo.schema import ZONE_LAYERS, Datum, Layer
from services.catalog.actions import Action
from services.catalog.layers import BASE_LAYERS
from services.i18n import _, current_language


def tiles() -> Tiles:
    """Return the tile source of the settings."""
    settings = session.settings()
    return Tiles(settings.tiles, Datum(settings.tiles_datum))


def static_map() -> StaticMap:
    """Return the map that stays, in the current language."""
    return _static_map_for(Action.VIEW_COVERAGE)


def planning_map() -> StaticMap:
    """Return the map of the page that moves teams, in the current language."""
    return _static_map_for(Action.PLAN)


def _static_map_for(action: Action) -> StaticMap:
    parts = tuple(sorted(versions().items()))
    return _map_of(action, session.settings().store, own_area(action), parts, current_language(), tiles())


@lru_cache(maxsize=64)
def _map_of(
    action: Action, store: str, area: str, parts: tuple[tuple[str, int], ...], language: str, source: Tiles
) -> StaticMap:
    """Return the same; to find out the tokens of seven layers costs more than all that a page does with the map."""
    del area, parts  # they are the key
    return _static_map(action, store, _map_tokens(), language, source)


def _map_tokens() -> tuple[tuple[str, str], ...]:
    """Return the layers that hold something, each with the token of its geometry."""
    area, parts = own_area(Action.VIEW_COVERAGE), versions()
    there = ((layer, packed_of(layer, area, parts)) for layer in MAP_LAYERS)
    return tuple((layer.value, held.token) for layer, held in there if held.count)


@st.cache_resource(max_entries=16, show_spinner=False)
def _static_map(
    action: Action, store: str, tokens: tuple[tuple[str, str], ...], language: str, source: Tiles
) -> StaticMap:
    del store, language
    paper = _paper(tokens, source)
    return render_map(add_planning(paper) if action is Action.PLAN else paper)


def _paper(tokens: tuple[tuple[str, str], ...], source: Tiles) -> folium.Map:
    urls = {Layer(layer): geometry_url(layer, token) for layer, token in tokens}
    zones = [layer for layer in ZONE_LAYERS if layer in urls]
    zoom = 0.0
    levels: list[LevelSource] = []
    for layer in zones:
        pixels = PIXELS_WIDE.get(layer, 0.0)
        zoom = max(zoom, first_zoom(layer_frame(layer).bounds, pixels)) if levels else 0.0
        levels.append(LevelSource(layer, urls[layer], zoom))
    base: dict[Layer, str] = {layer: urls[layer] for layer in BASE_LAYERS if layer in urls}
    shown = Layer.GRIDS if Layer.GRIDS in zones else zones[-1]
    west, south, east, north = (float(edge) for edge in layer_frame(shown).total_bounds)
    label = _("Map of the zones. Arrow keys move it, plus and minus zoom, Enter chooses what lies under the cross.")
    return make_map(levels, base, (west, south, east, north), label, source)
