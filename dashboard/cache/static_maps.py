"""The maps that stay, made once."""

from collections.abc import Hashable

import folium
import numpy as np

from dashboard.cache.by_version import by_version
from dashboard.cache.layers import MAP_LAYERS, geometry_url, layer_frame, layer_inside, packed_inside, packed_layer
from dashboard.cache.server_context import own_area
from dashboard.cache.store_versions import of_data
from dashboard.map.bridge import StaticMap, render_map
from dashboard.map.folium_maps import PIXELS_WIDE, LevelSource, Tiles, first_zoom, make_map
from dashboard.map.order_layer import make_orders_map
from dashboard.map.team_layer import add_planning
from dashboard.streamlit import session
from geo.arrays import Bounds
from geo.schema import ZONE_LAYERS, Datum, Layer
from services.catalog.actions import Action
from services.catalog.layers import BASE_LAYERS
from services.i18n import _
from services.rules.areas import EVERYWHERE, Area


def tiles() -> Tiles:
    """Return the tile source of the settings."""
    settings = session.settings()
    return Tiles(settings.tiles, Datum(settings.tiles_datum))


def static_map() -> StaticMap:
    """Return the map that stays, in the current language."""
    return _static_map(_map_tokens(own_area(Action.VIEW_COVERAGE)), tiles())


def communities_map() -> StaticMap:
    """Return the map that stays without what is narrower than communities, in the current language."""
    tokens = _map_tokens(own_area(Action.VIEW_COVERAGE))
    return _static_map(tuple(each for each in tokens if each[0] not in {Layer.GRIDS, Layer.ESTATES}), tiles())


def planning_map() -> StaticMap:
    """Return the map of the page that moves teams, in the current language."""
    return _planning_map(_map_tokens(own_area(Action.PLAN)), tiles())


def orders_map() -> StaticMap:
    """Return the map of the orders, in the current language; roads and water for whoever may fetch them."""
    own_area(Action.VIEW_ORDERS)
    return _orders_map(_base_tokens() if session.can(Action.VIEW_COVERAGE) else (), _bounds_of_grids())


@by_version(of_data)
def _bounds_of_grids() -> Bounds:
    bounds = layer_inside(Layer.GRIDS, EVERYWHERE).total_bounds
    west, south, east, north = (float(edge) for edge in (bounds if np.isfinite(bounds).all() else (113, 23, 114, 24)))
    return west, south, east, north


def _base_tokens() -> tuple[tuple[str, str], ...]:
    there = ((layer, packed_layer(layer)) for layer in BASE_LAYERS)
    return tuple((layer.value, held.token) for layer, held in there if held.count)


@by_version(of_data)
def _map_tokens(area: Area) -> tuple[tuple[str, str], ...]:
    """Return the layers that hold something, each with the token of its geometry."""
    there = ((layer, packed_inside(layer, area)) for layer in MAP_LAYERS)
    return tuple((layer.value, held.token) for layer, held in there if held.count)


def _of_tokens(*_arguments: object) -> Hashable:
    """Return nothing: a map of the same geometry is the same map, and browsers need not draw another."""
    return None


@by_version(_of_tokens, most=32, language=True)
def _static_map(tokens: tuple[tuple[str, str], ...], source: Tiles) -> StaticMap:
    return render_map(_paper(tokens, source))


@by_version(_of_tokens, most=32, language=True)
def _planning_map(tokens: tuple[tuple[str, str], ...], source: Tiles) -> StaticMap:
    return render_map(add_planning(_paper(tokens, source)))


@by_version(_of_tokens, most=32, language=True)
def _orders_map(base: tuple[tuple[str, str], ...], bounds: Bounds) -> StaticMap:
    return render_map(make_orders_map({layer: geometry_url(layer, token) for layer, token in base}, bounds))


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
